// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "gui/view/slot_layout.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

// Where points and arrows lead in a SlotLayout.

namespace filfil::gui {

QRectF SlotLayout::lineOf(double time) const {
    if (m_set == nullptr || time < m_from || time >= m_to) return {};
    if (m_options.view == SlotView::Day) return {xOf(time), m_plot.top(), 0, m_plot.height()};
    if (m_options.view == SlotView::Week)
        for (const SlotRow& row : m_rows)
            if (time >= row.from && time < row.to)
                return {place(row.track, row.from, row.to, time), row.track.top(), 0, row.track.height()};
    return {};
}

SlotHit SlotLayout::at(QPointF point) const {
    using What = SlotHit::What;
    if (m_set == nullptr) return {};
    if (m_strip.adjusted(0, -6, 0, 6).contains(point)) return {What::Strip, -1, -1, stripTimeAt(point.x())};
    if (m_axis.contains(point))
        return {What::Axis, -1, -1, m_options.view == SlotView::Day ? timeAt(point.x()) : m_from};
    for (std::size_t i = 0; i < m_days.size(); ++i)
        if (m_days[i].rect.contains(point))
            return {What::Day, -1, static_cast<int>(i), dayStart(m_days[i].day, m_options.zone)};

    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        const SlotRow& row = m_rows[i];
        const bool pinned = row.rect.bottom() <= m_scrolled.top() + 0.5;
        if (!row.rect.contains(point) || (!pinned && !m_scrolled.contains(point))) continue;
        double time = row.from;
        if (row.track.contains(point)) {
            // A window that is too narrow to be met is met beside it.
            const SlotCell* best = nullptr;
            double nearest = 3;
            for (const SlotCell& cell : m_cells) {
                if (cell.rect.bottom() < row.track.top() || cell.rect.top() > row.track.bottom()) continue;
                if (point.y() < cell.rect.top() - 4 || point.y() > cell.rect.bottom() + 4) continue;
                const double off = std::max({0.0, cell.rect.left() - point.x(), point.x() - cell.rect.right()}) +
                                   std::max({0.0, cell.rect.top() - point.y(), point.y() - cell.rect.bottom()}) / 4;
                if (off < nearest) {
                    nearest = off;
                    best = &cell;
                }
            }
            const double part = (m_options.rightToLeft ? row.track.right() - point.x() : point.x() - row.track.left()) /
                                row.track.width();
            time = row.from + part * (row.to - row.from);
            if (best != nullptr) return {What::Slot, best->entry, static_cast<int>(i), time};
            return {What::Lane, -1, static_cast<int>(i), time};
        }
        return {What::Lane, -1, static_cast<int>(i), time};
    }
    return {};
}

const SlotCell* SlotLayout::cellOf(int entry) const {
    const auto found = std::ranges::find(m_cells, entry, &SlotCell::entry);
    return found == m_cells.end() ? nullptr : &*found;
}

int SlotLayout::nearest(const std::vector<int>& entries, double time) const {
    int best = -1;
    double off = 0;
    for (const int i : entries) {
        const SlotEntry& entry = m_set->entry(i);
        const double away = std::max({0.0, entry.open - time, time - entry.close});
        if (best >= 0 && away >= off) continue;
        best = i;
        off = away;
    }
    return best;
}

int SlotLayout::next(int entry, SlotStep step) const {
    if (m_set == nullptr || m_set->size() == 0) return -1;
    const auto& lanes = m_set->lanes();

    // All that left and right go through, by time.
    std::vector<int> own;
    const std::vector<int>* way = &own;
    const bool known = entry >= 0 && entry < m_set->size();
    if (m_options.view == SlotView::Day) {
        way = &lanes[static_cast<std::size_t>(known ? m_set->laneOf(entry) : 0)].entries;
    } else {
        const bool mine = !known || main(m_set->entry(entry));
        for (int i = 0; i < m_set->size(); ++i)
            if (main(m_set->entry(i)) == mine) own.push_back(i);
    }
    if (!known) {
        const double from = m_options.now >= m_from && m_options.now < m_to ? m_options.now : m_from;
        const auto ahead = std::ranges::find_if(*way, [&](int i) { return m_set->entry(i).close > from; });
        return ahead == way->end() ? way->back() : *ahead;
    }

    const auto here = std::ranges::find(*way, entry);
    const SlotEntry& from = m_set->entry(entry);
    const double middle = std::midpoint(from.open, from.close);
    const bool backwards = m_options.rightToLeft;
    if (backwards && (step == SlotStep::Earlier || step == SlotStep::Later))
        step = step == SlotStep::Earlier ? SlotStep::Later : SlotStep::Earlier;
    switch (step) {
        case SlotStep::Earlier: return here == way->begin() ? entry : *std::prev(here);
        case SlotStep::Later: return std::next(here) == way->end() ? entry : *std::next(here);
        case SlotStep::First: return way->front();
        case SlotStep::Last: return way->back();
        case SlotStep::Up:
        case SlotStep::Down: break;
    }
    const int towards = step == SlotStep::Up ? -1 : 1;
    if (m_options.view != SlotView::Day) {
        const int there = nearest(*way, middle + towards * daySeconds);
        const bool further = towards > 0 ? m_set->entry(there).open > from.open : m_set->entry(there).open < from.open;
        return further ? there : entry;
    }
    const int lane = m_set->laneOf(entry) + towards;
    if (lane < 0 || lane >= static_cast<int>(lanes.size())) return entry;
    return nearest(lanes[static_cast<std::size_t>(lane)].entries, middle);
}

QDate SlotLayout::nextDay(QDate day, SlotStep step, bool rightToLeft) {
    const int forward = rightToLeft ? -1 : 1;
    switch (step) {
        case SlotStep::Earlier: return day.addDays(-forward);
        case SlotStep::Later: return day.addDays(forward);
        case SlotStep::Up: return day.addDays(-7);
        case SlotStep::Down: return day.addDays(7);
        case SlotStep::First:
        case SlotStep::Last: break;
    }
    return {};
}

}    // namespace filfil::gui
