// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "gui/view/tree_heat_map.hpp"

#include "gui/view/chart_words.hpp"

#include <QAccessible>
#include <QFontMetricsF>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace filfil::gui {

namespace {

constexpr double leastRow = 9;    // pixels
constexpr int mostRows = 12;
constexpr double leastCell = 4;

}    // namespace

void TreeHeatMap::setLevels(int levels) {
    levels = std::clamp(levels, 0, 40);
    if (levels == m_levels) return;
    m_levels = levels;
    emit changed();
    show();
}

void TreeHeatMap::setProgress(double progress) {
    progress = std::isfinite(progress) ? std::clamp(progress, 0.0, 1.0) : 0;
    if (progress == m_progress) return;
    m_progress = progress;
    emit changed();
    show();
}

void TreeHeatMap::setParts(const QVariantList& parts) {
    m_partList = parts;
    m_parts = numbersOf(parts);
    for (double& part : m_parts) part = std::isnan(part) ? 0 : std::clamp(part, 0.0, 1.0);
    emit changed();
    show();
}

void TreeHeatMap::setRates(const QVariantList& rates) {
    m_rateList = rates;
    m_rates = numbersOf(rates);
    emit changed();
    show();
}

void TreeHeatMap::setFailed(bool failed) {
    if (failed == m_failed) return;
    m_failed = failed;
    emit changed();
    show();
}

double TreeHeatMap::done(double from, double to) const {
    if (!(to > from)) return 0;
    if (m_parts.empty()) return std::clamp((m_progress - from) / (to - from), 0.0, 1.0);
    const auto count = static_cast<double>(m_parts.size());
    double sum = 0;
    const auto last = std::min(m_parts.size() - 1, static_cast<std::size_t>(std::max(0.0, std::ceil(to * count) - 1)));
    for (auto i = static_cast<std::size_t>(std::max(0.0, std::floor(from * count))); i <= last; ++i) {
        const double a = std::max(from, static_cast<double>(i) / count);
        const double b = std::min(to, static_cast<double>(i + 1) / count);
        sum += std::max(0.0, b - a) * m_parts[i];
    }
    return std::clamp(sum / (to - from), 0.0, 1.0);
}

double TreeHeatMap::labelWidth() const {
    if (width() < 260) return 0;
    QFont small = font();
    small.setPixelSize(std::max(7, static_cast<int>(std::lround(small.pixelSize() * 0.78))));
    return QFontMetricsF(small).horizontalAdvance(tr("leaves")) + 12;
}

int TreeHeatMap::rows() const {
    return std::max(1, std::min({m_levels + 1, mostRows, static_cast<int>(height() / leastRow)}));
}

QRectF TreeHeatMap::treeRect() const {
    const double beside = labelWidth();
    return {mirrored() ? 0 : beside, 0, std::max(0.0, width() - beside), height()};
}

/// From the theme's blue through violet to amber: slow to fast.
QColor TreeHeatMap::heat(double at) const {
    const SlotPalette& palette = colours();
    const double reached = std::max(1e-9, total());
    if (m_rates.size() < 2 || at > reached) return palette.blue;
    double low = 0;
    double high = 0;
    bool first = true;
    for (const double rate : m_rates) {
        if (std::isnan(rate)) continue;
        low = first ? rate : std::min(low, rate);
        high = first ? rate : std::max(high, rate);
        first = false;
    }
    const auto i =
        std::min(m_rates.size() - 1, static_cast<std::size_t>(at / reached * static_cast<double>(m_rates.size())));
    if (std::isnan(m_rates[i]) || high <= low * 1.02) return palette.blue;
    const double warm = (m_rates[i] - low) / (high - low);
    return warm < 0.5 ? mixed(palette.blue, palette.violet, warm * 2)
                      : mixed(palette.violet, palette.amber, warm * 2 - 1);
}

void TreeHeatMap::paint(QPainter* painter) {
    const SlotPalette& palette = colours();
    const QRectF area = treeRect();
    const int count = rows();
    if (area.width() < 4 || area.height() < 4) return;
    const double high = area.height() / count;
    const double pixel = 1 / dpr();
    const auto snap = [&](double at) { return std::round(at / pixel) * pixel; };
    QFont small = font();
    small.setPixelSize(std::max(7, static_cast<int>(std::lround(std::min(small.pixelSize() * 0.78, high)))));
    painter->setFont(small);
    painter->setRenderHint(QPainter::Antialiasing, false);
    const QColor empty = mixed(palette.canvas, palette.grey, 0.16);
    const double all = total();

    for (int row = 0; row < count; ++row) {
        // The first row is the root, the last the leaves; between them levels are left out where there are too many.
        const double depth = count == 1 ? 0 : static_cast<double>(row) * m_levels / (count - 1);
        const double most = std::max(1.0, std::floor(area.width() / leastCell));
        const double cells = std::min(std::exp2(std::round(depth)), std::exp2(std::floor(std::log2(most))));
        const double top = snap(area.top() + row * high);
        const double bottom = snap(area.top() + (row + 1) * high) - std::max(pixel, std::min(2.0, high / 6));
        const double space = area.width() / cells > 8 ? 2 : area.width() / cells > 5 ? 1 : 0;
        for (int i = 0; i < static_cast<int>(cells); ++i) {
            const double from = i / cells;
            const double to = (i + 1) / cells;
            double left = snap(area.left() + from * area.width());
            double right = snap(area.left() + to * area.width()) - space;
            if (mirrored()) {
                const double moved = area.left() + area.right() - right;
                right = area.left() + area.right() - left;
                left = moved;
            }
            const double part = done(from, to);
            const QRectF cell(left, top, std::max(pixel, right - left), std::max(pixel, bottom - top));
            if (row == 0 && part >= 1) {
                painter->fillRect(cell, m_failed ? palette.red : palette.green);
            } else if (part >= 1) {
                // Higher levels are paler: there is less to hash in them.
                painter->fillRect(cell, mixed(empty, heat(from), 0.45 + 0.55 * row / std::max(1, count - 1)));
            } else {
                painter->fillRect(cell, empty);
                if (part <= 0) continue;
                QRectF filled = cell;
                filled.setWidth(cell.width() * part);
                if (mirrored()) filled.moveRight(cell.right());
                painter->fillRect(filled, mixed(empty, heat(std::min(from, all)), 0.35));
            }
        }
        if (labelWidth() <= 0 || (high < 11 && row != 0 && row + 1 != count)) continue;
        painter->setPen(palette.muted);
        const QString text = row == 0           ? tr("root")
                             : row + 1 == count ? tr("leaves")
                                                : QString::number(static_cast<int>(std::lround(m_levels - depth)));
        const QRectF label(mirrored() ? area.right() + 8 : 0, top, labelWidth() - 8, bottom - top);
        painter->drawText(
            label, int(mirrored() ? Qt::AlignLeft : Qt::AlignRight) | int(Qt::AlignVCenter) | int(Qt::TextDontClip),
            text);
    }
}

QString TreeHeatMap::summary() const {
    const double all = total();
    if (all <= 0) return tr("a tree of %1 levels, nothing hashed yet").arg(m_levels);
    if (all < 1) return tr("a tree of %1 levels, %2 percent hashed").arg(m_levels).arg(static_cast<int>(all * 100));
    return m_failed ? tr("a tree of %1 levels, hashed, with another root than expected").arg(m_levels)
                    : tr("a tree of %1 levels, all hashed").arg(m_levels);
}

int TreeHeatMap::role() const { return QAccessible::ProgressBar; }

}    // namespace filfil::gui
