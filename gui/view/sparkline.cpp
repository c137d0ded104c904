// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "gui/view/sparkline.hpp"

#include "gui/view/chart_words.hpp"

#include <QFontMetricsF>
#include <QLinearGradient>
#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <cmath>

namespace filfil::gui {

namespace {

/// Of each column of a pixel the numbers in it, thinned: the lowest and highest, in their order. More cannot be seen.
std::vector<std::pair<double, double>> thinned(const std::vector<double>& values, double columns) {
    std::vector<std::pair<double, double>> out;
    const auto count = values.size();
    const auto most = static_cast<std::size_t>(std::max(2.0, columns)) * 2;
    if (count <= most) {
        for (std::size_t i = 0; i < count; ++i) out.emplace_back(static_cast<double>(i), values[i]);
        return out;
    }
    const std::size_t each = (count + most / 2 - 1) / (most / 2);
    for (std::size_t begin = 0; begin < count; begin += each) {
        const std::size_t end = std::min(count, begin + each);
        std::size_t low = begin;
        std::size_t high = begin;
        for (std::size_t i = begin; i < end; ++i) {
            if (values[i] < values[low] || std::isnan(values[low])) low = i;
            if (values[i] > values[high] || std::isnan(values[high])) high = i;
        }
        for (const std::size_t i : {std::min(low, high), std::max(low, high)})
            out.emplace_back(static_cast<double>(i), values[i]);
    }
    return out;
}

}    // namespace

void Sparkline::setValues(const QVariantList& values) {
    m_list = values;
    m_values = numbersOf(values);
    emit valuesChanged();
    show();
}

void Sparkline::setUnit(const QString& unit) {
    if (unit == m_unit) return;
    m_unit = unit;
    emit lookChanged();
    show();
}

void Sparkline::setColor(const QColor& color) {
    if (color == m_color) return;
    m_color = color;
    emit lookChanged();
    update();
}

void Sparkline::setMost(double most) {
    if (most == m_most) return;
    m_most = most;
    emit lookChanged();
    update();
}

void Sparkline::setAxis(bool axis) {
    if (axis == m_axis) return;
    m_axis = axis;
    emit lookChanged();
    update();
}

void Sparkline::paint(QPainter* painter) {
    const SlotPalette& palette = colours();
    const QColor ink = m_color.isValid() ? m_color : palette.accent;
    QFont small = font();
    const double unit = small.pixelSize() / 13.0;
    small.setPixelSize(std::max(7, static_cast<int>(std::lround(small.pixelSize() * 0.82))));
    const QFontMetricsF metrics(small);
    double top = m_most;
    for (const double value : m_values)
        if (value > top) top = value;
    top = m_most > 0 && top <= m_most ? m_most : roundUp(top, m_unit);

    const QString most = withUnit(top, m_unit);
    const double beside = m_axis ? metrics.horizontalAdvance(most) + 10 * unit : 0;
    QRectF plot(0, 0, width(), height());
    plot.adjust(mirrored() ? 6 * unit : beside, m_axis ? metrics.height() / 2 : 5 * unit,
                mirrored() ? -beside : -6 * unit, m_axis ? -metrics.height() / 2 : -3 * unit);
    if (plot.width() < 2 || plot.height() < 2) return;

    painter->setFont(small);
    for (const double part : m_axis ? std::initializer_list<double>{0, 0.5, 1} : std::initializer_list<double>{0}) {
        const double y = std::round((plot.bottom() - part * plot.height()) * dpr()) / dpr();
        painter->fillRect(QRectF(plot.left(), y, plot.width(), 1 / dpr()), part == 0 ? palette.border : palette.grid);
        if (!m_axis) continue;
        painter->setPen(palette.muted);
        const QRectF text(mirrored() ? plot.right() + 8 * unit : 0, y - metrics.height() / 2, beside - 8 * unit,
                          metrics.height());
        painter->drawText(text, int(mirrored() ? Qt::AlignLeft : Qt::AlignRight) | int(Qt::AlignVCenter),
                          part == 0 ? QStringLiteral("0") : withUnit(top * part, m_unit));
    }
    if (m_values.empty()) return;

    const double last = std::max(1.0, static_cast<double>(m_values.size() - 1));
    const auto point = [&](double at, double value) {
        const double part = m_values.size() == 1 ? 1 : at / last;
        const double x = mirrored() ? plot.right() - part * plot.width() : plot.left() + part * plot.width();
        return QPointF(x, plot.bottom() - std::clamp(value / top, 0.0, 1.0) * plot.height());
    };
    painter->setRenderHint(QPainter::Antialiasing);
    QColor shade = ink;
    QLinearGradient under(0, plot.top(), 0, plot.bottom());
    shade.setAlphaF(0.32F);
    under.setColorAt(0, shade);
    shade.setAlphaF(0.02F);
    under.setColorAt(1, shade);

    QPainterPath line;
    QPainterPath area;
    QPointF before;
    bool open = false;
    const auto close = [&] {
        if (open) area.lineTo(before.x(), plot.bottom());
        open = false;
    };
    for (const auto& [at, value] : thinned(m_values, plot.width())) {
        if (std::isnan(value)) {
            close();
            continue;
        }
        const QPointF here = point(at, value);
        if (open) {
            line.lineTo(here);
            area.lineTo(here);
        } else {
            line.moveTo(here);
            area.moveTo(here.x(), plot.bottom());
            area.lineTo(here);
        }
        before = here;
        open = true;
    }
    close();
    painter->fillPath(area, under);
    painter->setPen(QPen(ink, 1.8 * unit, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter->setBrush(Qt::NoBrush);
    painter->drawPath(line);
    if (std::isnan(m_values.back())) return;
    painter->setPen(QPen(palette.panel, 1.5 * unit));
    painter->setBrush(ink);
    painter->drawEllipse(point(last, m_values.back()), 3.5 * unit, 3.5 * unit);
}

QString Sparkline::summary() const {
    double low = 0;
    double high = 0;
    double sum = 0;
    int count = 0;
    for (const double value : m_values) {
        if (std::isnan(value)) continue;
        low = count == 0 ? value : std::min(low, value);
        high = count == 0 ? value : std::max(high, value);
        sum += value;
        ++count;
    }
    if (count == 0) return tr("no values yet");
    const QString last = std::isnan(m_values.back()) ? tr("not known") : withUnit(m_values.back(), m_unit);
    return tr("now %1, mean %2, lowest %3, highest %4")
        .arg(last, withUnit(sum / count, m_unit), withUnit(low, m_unit), withUnit(high, m_unit));
}

}    // namespace filfil::gui
