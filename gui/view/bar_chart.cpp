// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "gui/view/bar_chart.hpp"

#include "gui/view/chart_words.hpp"

#include <QFontMetricsF>
#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <cmath>

namespace filfil::gui {

namespace {

double numberOf(const QVariantMap& map, const QString& key) {
    bool good = false;
    const double number = map.value(key).toDouble(&good);
    return good && std::isfinite(number) ? std::max(0.0, number) : 0;
}

}    // namespace

BarChart::BarChart(QQuickItem* parent) : PaintedItem(parent) { setAcceptHoverEvents(true); }

void BarChart::setBars(const QVariantList& bars) {
    m_list = bars;
    m_bars.clear();
    for (const QVariant& one : bars) {
        const QVariantMap map = one.toMap();
        m_bars.push_back({map.value(QStringLiteral("label")).toString(), numberOf(map, QStringLiteral("value")),
                          numberOf(map, QStringLiteral("pending")), map.value(QStringLiteral("text")).toString()});
    }
    highlight(-1);
    emit barsChanged();
    show();
}

void BarChart::setUnit(const QString& unit) {
    if (unit == m_unit) return;
    m_unit = unit;
    emit lookChanged();
    show();
}

void BarChart::setColor(const QColor& color) {
    if (color == m_color) return;
    m_color = color;
    emit lookChanged();
    update();
}

QFont BarChart::smallFont() const {
    QFont small = font();
    small.setPixelSize(std::max(7, static_cast<int>(std::lround(small.pixelSize() * 0.85))));
    return small;
}

double BarChart::top() const {
    double most = 0;
    for (const Bar& bar : m_bars) most = std::max(most, bar.value + bar.pending);
    return roundUp(most, m_unit);
}

QRectF BarChart::plot() const {
    const QFontMetricsF metrics(smallFont());
    const double beside = std::max(metrics.horizontalAdvance(withUnit(top(), m_unit)),
                                   metrics.horizontalAdvance(withUnit(top() / 2, m_unit))) +
                          10;
    const QRectF all(0, 0, width(), height());
    return all.adjusted(mirrored() ? 0 : beside, metrics.height() / 2 + 2, mirrored() ? -beside : 0,
                        -metrics.height() - 8);
}

QString BarChart::textOf(const Bar& bar) const {
    const QString value = bar.text.isEmpty() ? withUnit(bar.value, m_unit) : bar.text;
    return bar.pending > 0 ? tr("%1 and %2 pending").arg(value, withUnit(bar.pending, m_unit)) : value;
}

QString BarChart::highlightedText() const {
    if (m_highlighted < 0) return {};
    const Bar& bar = m_bars[static_cast<std::size_t>(m_highlighted)];
    return QString(bar.label + QStringLiteral(": ") + textOf(bar));
}

void BarChart::paint(QPainter* painter) {
    const SlotPalette& palette = colours();
    const QColor ink = m_color.isValid() ? m_color : palette.green;
    const QFont small = smallFont();
    const QFontMetricsF metrics(small);
    const QRectF area = plot();
    const double most = top();
    const double pixel = 1 / dpr();
    if (area.width() < 4 || area.height() < 8) return;
    painter->setFont(small);
    for (const double part : {0.0, 0.5, 1.0}) {
        const double y = std::round((area.bottom() - part * area.height()) * dpr()) / dpr();
        painter->fillRect(QRectF(area.left(), y, area.width(), pixel), part == 0 ? palette.border : palette.grid);
        painter->setPen(palette.muted);
        const QRectF text(mirrored() ? area.right() + 8 : 0, y - metrics.height() / 2,
                          mirrored() ? width() - area.right() - 8 : area.left() - 8, metrics.height());
        painter->drawText(text, int(mirrored() ? Qt::AlignLeft : Qt::AlignRight) | int(Qt::AlignVCenter),
                          part == 0 ? QStringLiteral("0") : withUnit(most * part, m_unit));
    }
    if (m_bars.empty()) {
        painter->setPen(palette.muted);
        painter->drawText(area, Qt::AlignCenter, tr("Nothing yet"));
        return;
    }

    const double each = area.width() / static_cast<double>(m_bars.size());
    const double wide = std::max(pixel, std::min(each * 0.62, 44.0));
    double labelWide = 0;
    for (const Bar& bar : m_bars) labelWide = std::max(labelWide, metrics.horizontalAdvance(bar.label));
    const auto every = static_cast<std::size_t>(std::max(1.0, std::ceil((labelWide + 8) / each)));
    painter->setRenderHint(QPainter::Antialiasing);
    for (std::size_t i = 0; i < m_bars.size(); ++i) {
        const Bar& bar = m_bars[i];
        const double middle = mirrored() ? area.right() - (static_cast<double>(i) + 0.5) * each
                                         : area.left() + (static_cast<double>(i) + 0.5) * each;
        const double left = std::round((middle - wide / 2) * dpr()) / dpr();
        const double high = std::round(bar.value / most * area.height() * dpr()) / dpr();
        const double above = std::round(bar.pending / most * area.height() * dpr()) / dpr();
        const bool lit = static_cast<int>(i) == m_highlighted;
        if (lit)
            painter->fillRect(QRectF(middle - each / 2, area.top(), each, area.height()),
                              mixed(palette.canvas, palette.text, 0.06));
        if (high > 0) {
            QPainterPath shape;
            const double radius = std::min({4.0, wide / 4, high});
            shape.setFillRule(Qt::WindingFill);
            shape.addRoundedRect(QRectF(left, area.bottom() - high, wide, high), radius, radius);
            if (high > radius)
                shape.addRect(QRectF(left, area.bottom() - high + (above > 0 ? 0 : radius), wide,
                                     high - (above > 0 ? 0 : radius)));
            painter->fillPath(shape, lit ? mixed(ink, palette.text, 0.2) : ink);
        } else {
            painter->fillRect(QRectF(left, area.bottom() - 2 * pixel, wide, 2 * pixel), palette.muted);
        }
        if (above > 1) {
            painter->setBrush(mixed(palette.canvas, ink, 0.16));
            painter->setPen(QPen(ink, 1, Qt::DashLine));
            painter->drawRoundedRect(QRectF(left + 0.5, area.bottom() - high - above + 0.5, wide - 1, above - 1), 3, 3);
        }
        // The last one is the one that is looked for.
        if ((m_bars.size() - 1 - i) % every != 0) continue;
        painter->setPen(lit ? palette.text : palette.muted);
        painter->drawText(QRectF(middle - labelWide / 2 - 4, area.bottom() + 6, labelWide + 8, metrics.height()),
                          Qt::AlignCenter, bar.label);
        const QString value = bar.text.isEmpty() ? figure(bar.value) : bar.text;
        if (metrics.horizontalAdvance(value) > each - 4 ||
            high + above + metrics.height() + 3 > area.height() + metrics.height() / 2)
            continue;
        if (bar.value <= 0) continue;
        painter->setPen(palette.text);
        painter->drawText(
            QRectF(middle - each / 2, area.bottom() - high - above - metrics.height() - 3, each, metrics.height()),
            Qt::AlignCenter, value);
    }
}

QString BarChart::summary() const {
    if (m_bars.empty()) return tr("nothing yet");
    double sum = 0;
    const Bar* best = &m_bars.front();
    for (const Bar& bar : m_bars) {
        sum += bar.value;
        if (bar.value > best->value) best = &bar;
    }
    return tr("%1 in all; most in %2 with %3; last %4 with %5")
        .arg(withUnit(sum, m_unit), best->label, textOf(*best), m_bars.back().label, textOf(m_bars.back()));
}

void BarChart::highlight(int bar) {
    if (bar == m_highlighted) return;
    m_highlighted = bar;
    emit highlightedChanged();
    update();
}

void BarChart::hoverMoveEvent(QHoverEvent* event) {
    const QRectF area = plot();
    if (m_bars.empty() || event->position().x() < area.left() || event->position().x() >= area.right())
        return highlight(-1);
    const double part =
        (mirrored() ? area.right() - event->position().x() : event->position().x() - area.left()) / area.width();
    highlight(std::clamp(static_cast<int>(part * static_cast<double>(m_bars.size())), 0,
                         static_cast<int>(m_bars.size()) - 1));
}

void BarChart::hoverLeaveEvent(QHoverEvent*) { highlight(-1); }

}    // namespace filfil::gui
