// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "gui/view/usage_bar.hpp"

#include "gui/view/chart_words.hpp"

#include <QAccessible>
#include <QFontMetricsF>
#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <array>
#include <cmath>

namespace filfil::gui {
namespace {

/// The theme's colour of a tone's name; not valid for others.
QColor toneOf(const SlotPalette& palette, QStringView tone) {
    if (tone == QStringLiteral("grey")) return palette.grey;
    if (tone == QStringLiteral("amber")) return palette.amber;
    if (tone == QStringLiteral("blue")) return palette.blue;
    if (tone == QStringLiteral("violet")) return palette.violet;
    if (tone == QStringLiteral("green")) return palette.green;
    if (tone == QStringLiteral("red")) return palette.red;
    return {};
}

}    // namespace

void UsageBar::set(double& member, double value) {
    if (!std::isfinite(value)) value = 0;
    if (value == member) return;
    member = value;
    emit valuesChanged();
    show();
}

void UsageBar::setParts(const QVariantList& parts) {
    m_list = parts;
    m_parts.clear();
    for (const QVariant& one : parts) {
        const QVariantMap map = one.toMap();
        bool good = false;
        const double value = map.value(QStringLiteral("value")).toDouble(&good);
        m_parts.push_back({map.value(QStringLiteral("label")).toString(),
                           good && std::isfinite(value) ? std::max(0.0, value) : 0,
                           map.value(QStringLiteral("tone")).toString()});
    }
    emit valuesChanged();
    show();
}

void UsageBar::setUnit(const QString& unit) {
    if (unit == m_unit) return;
    m_unit = unit;
    emit valuesChanged();
    show();
}

double UsageBar::sum() const {
    double all = 0;
    for (const Part& part : m_parts) all += part.value;
    return std::max(all, m_used);
}

void UsageBar::paint(QPainter* painter) {
    const SlotPalette& palette = colours();
    const double all = sum();
    const double end = m_limit > 0 ? std::max(m_limit, all) : std::max({all, m_forecast, 1.0});
    const double high = height() < 30 ? height() : std::min(16.0, height() * 0.4);
    painter->setRenderHint(QPainter::Antialiasing);
    QPainterPath frame;
    frame.addRoundedRect(QRectF(0, 0, width(), high), std::min(6.0, high / 2), std::min(6.0, high / 2));
    painter->fillPath(frame, mixed(palette.canvas, palette.grey, 0.18));
    painter->save();
    painter->setClipPath(frame);
    const auto bar = [&](double from, double to, const QColor& colour) {
        const double a = from / end * width();
        const double b = to / end * width();
        painter->fillRect(QRectF(mirrored() ? width() - b : a, 0, std::max(0.0, b - a), high), colour);
    };
    const double part = m_limit > 0 ? all / m_limit : 0;
    const QColor state = part >= m_failAt ? palette.red : part >= m_warnAt ? palette.amber : palette.green;
    if (m_forecast > all) bar(all, std::min(m_forecast, end), mixed(palette.canvas, state, 0.35));
    const std::array turn = {palette.blue, palette.violet, palette.green, palette.amber, palette.grey};
    double from = 0;
    for (std::size_t i = 0; i < m_parts.size(); ++i) {
        const QColor tone = toneOf(palette, m_parts[i].tone);
        bar(from, from + m_parts[i].value, tone.isValid() ? tone : turn[i % turn.size()]);
        from += m_parts[i].value;
    }
    if (m_parts.empty())
        bar(0, all, state);
    else if (all > from)
        bar(from, all, palette.grey);
    if (m_limit > 0)
        for (const double mark : {m_warnAt, m_failAt}) {
            if (mark <= 0 || mark >= 1) continue;
            const double x = std::round((mirrored() ? 1 - mark * m_limit / end : mark * m_limit / end) * width());
            painter->fillRect(QRectF(x - 1, 0, 2, high), palette.canvas);
        }
    painter->restore();
    if (height() < 30) return;

    QFont small = font();
    small.setPixelSize(std::max(7, static_cast<int>(std::lround(small.pixelSize() * 0.88))));
    const QFontMetricsF metrics(small);
    painter->setFont(small);
    painter->setLayoutDirection(mirrored() ? Qt::RightToLeft : Qt::LeftToRight);
    const QRectF line(0, high + 5, width(), metrics.height() + 2);
    const QString told =
        m_limit > 0 ? tr("%1 of %2").arg(withUnit(all, m_unit), withUnit(m_limit, m_unit)) : withUnit(all, m_unit);
    painter->setPen(palette.text);
    painter->drawText(line, Qt::AlignLeft | Qt::AlignVCenter, told);
    QString side;
    if (m_limit > 0) side = tr("%1 %", "percent").arg(static_cast<int>(std::lround(part * 100)));
    if (part >= m_failAt && m_limit > 0)
        side = tr("almost full: %1").arg(side);
    else if (part >= m_warnAt && m_limit > 0)
        side = tr("filling up: %1").arg(side);
    painter->setPen(part >= m_warnAt && m_limit > 0 ? state : palette.muted);
    if (metrics.horizontalAdvance(told) + metrics.horizontalAdvance(side) + 16 < width())
        painter->drawText(line, Qt::AlignRight | Qt::AlignVCenter, side);

    double x = 0;
    const double y = line.bottom() + 3;
    if (y + metrics.height() > height() + 3) return;
    for (std::size_t i = 0; i < m_parts.size(); ++i) {
        const QString text = QString(m_parts[i].label + QStringLiteral("  ") + withUnit(m_parts[i].value, m_unit));
        const double wide = 15 + metrics.horizontalAdvance(text);
        if (x + wide > width()) break;
        const QColor tone = toneOf(palette, m_parts[i].tone);
        const double left = mirrored() ? width() - x - wide : x;
        painter->setPen(Qt::NoPen);
        painter->setBrush(tone.isValid() ? tone : turn[i % turn.size()]);
        painter->drawRoundedRect(QRectF(mirrored() ? left + wide - 9 : left, y + (metrics.height() - 9) / 2, 9, 9), 2.5,
                                 2.5);
        painter->setPen(palette.muted);
        painter->drawText(QRectF(mirrored() ? left : left + 15, y, wide - 14, metrics.height()),
                          Qt::AlignLeft | Qt::AlignVCenter, text);
        x += wide + 16;
    }
}

QString UsageBar::summary() const {
    const double all = sum();
    QStringList parts;
    parts << (m_limit > 0 ? tr("%1 of %2 used, %3 percent")
                                .arg(withUnit(all, m_unit), withUnit(m_limit, m_unit))
                                .arg(static_cast<int>(std::lround(all / m_limit * 100)))
                          : tr("%1 used").arg(withUnit(all, m_unit)));
    for (const Part& part : m_parts) parts << QString(part.label + QLatin1Char(' ') + withUnit(part.value, m_unit));
    if (m_forecast > all) parts << tr("expected to grow to %1").arg(withUnit(m_forecast, m_unit));
    return parts.join(QStringLiteral(", "));
}

int UsageBar::role() const { return QAccessible::ProgressBar; }

}    // namespace filfil::gui
