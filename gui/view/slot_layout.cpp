// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "gui/view/slot_layout.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace filfil::gui {

namespace {

constexpr double narrow = 4;    // pixels: nothing but a line can be seen of a window
constexpr double leastLane = 30;
constexpr double mostLane = 60;
constexpr int stripDays = 14;

QDate weekBegin(QDate day, const QLocale& locale) {
    const int back = (day.dayOfWeek() - static_cast<int>(locale.firstDayOfWeek()) + 7) % 7;
    return day.addDays(-back);
}

}    // namespace

SlotLayout::SlotLayout(const SlotSet& set, SlotLayoutOptions options) : m_set(&set), m_options(std::move(options)) {
    if (!m_options.zone.isValid()) m_options.zone = QTimeZone::utc();
    if (!m_options.day.isValid()) m_options.day = dayOf(m_options.now, m_options.zone);
    m_options.text = std::clamp(m_options.text, 6.0, 64.0);
    m_options.dpr = std::max(0.5, m_options.dpr);
    m_options.size = m_options.size.expandedTo(QSizeF(0, 0));
    const QDate day = m_options.day;
    switch (m_options.view) {
        case SlotView::Day:
            m_from = m_options.to > m_options.from ? m_options.from : dayStart(day, m_options.zone);
            m_to = m_options.to > m_options.from ? m_options.to : dayStart(day.addDays(1), m_options.zone);
            layDay();
            break;
        case SlotView::Week: {
            const QDate first = weekBegin(day, m_options.locale);
            m_from = dayStart(first, m_options.zone);
            m_to = dayStart(first.addDays(7), m_options.zone);
            layWeek();
            break;
        }
        case SlotView::Month: {
            const QDate first(day.year(), day.month(), 1);
            m_from = dayStart(first, m_options.zone);
            m_to = dayStart(first.addMonths(1), m_options.zone);
            layMonth();
            break;
        }
    }
    layStrip();
    m_contentHeight = m_strip.isEmpty() ? m_plot.bottom() : m_strip.bottom() + std::round(20 * unit());
}

double SlotLayout::snap(double at) const { return std::round(at * m_options.dpr) / m_options.dpr; }

QRectF SlotLayout::snapped(double left, double top, double right, double bottom) const {
    const double x = snap(left);
    const double y = snap(top);
    return {x, y, std::max(0.0, snap(right) - x), std::max(0.0, snap(bottom) - y)};
}

QRectF SlotLayout::mirrored(const QRectF& rect) const {
    if (!m_options.rightToLeft) return rect;
    return {m_options.size.width() - rect.right(), rect.top(), rect.width(), rect.height()};
}

void SlotLayout::frame(double labelWidth, double axisHeight) {
    const double width = m_options.size.width();
    const double height = m_options.size.height();
    // What is too small for labels shows the windows alone.
    const double beside = width < 360 * unit() ? 0 : std::round(std::min(labelWidth * unit(), width * 0.28));
    const double above = height < 120 * unit() ? 0 : std::round(axisHeight * unit());
    const double below = m_options.strip && height >= 200 * unit() ? std::round(58 * unit()) : 0;
    const double bottom = std::max(above, height - below);
    m_axis = mirrored(snapped(beside, 0, width, above));
    m_plot = mirrored(snapped(beside, above, width, bottom));
    m_labels = mirrored(snapped(0, above, beside, bottom));
    if (below > 0) {
        m_strip = mirrored(snapped(beside, bottom + 16 * unit(), width, bottom + 38 * unit()));
        m_stripLabel = mirrored(snapped(0, bottom + 16 * unit(), beside, bottom + 38 * unit()));
    }
}

double SlotLayout::place(const QRectF& track, double from, double to, double time) const {
    const double part = to > from ? (time - from) / (to - from) : 0;
    return m_options.rightToLeft ? track.right() - part * track.width() : track.left() + part * track.width();
}

double SlotLayout::xOf(double time) const { return place(m_plot, m_from, m_to, time); }

double SlotLayout::timeAt(double x) const {
    if (m_plot.width() <= 0) return m_from;
    const double part = (m_options.rightToLeft ? m_plot.right() - x : x - m_plot.left()) / m_plot.width();
    return m_from + part * (m_to - m_from);
}

double SlotLayout::stripTimeAt(double x) const {
    if (m_strip.width() <= 0) return m_stripFrom;
    const double part = (m_options.rightToLeft ? m_strip.right() - x : x - m_strip.left()) / m_strip.width();
    return m_stripFrom + std::clamp(part, 0.0, 1.0) * (m_stripTo - m_stripFrom);
}

/// Puts the entries that overlap the row's time into its track. What overlaps in time stands below one another.
void SlotLayout::layRow(SlotRow& row, const std::vector<int>& entries, double above, double below, double gap) {
    constexpr std::size_t mostFloors = 4;
    std::vector<double> floorEnds;
    const std::size_t firstCell = m_cells.size();
    std::vector<std::size_t> floors;
    for (const int i : entries) {
        const SlotEntry& entry = m_set->entry(i);
        if (entry.close <= row.from || entry.open >= row.to) continue;
        std::size_t level = 0;
        while (level < floorEnds.size() && floorEnds[level] > entry.open) ++level;
        if (level == floorEnds.size() && level < mostFloors) floorEnds.push_back(0);
        level = std::min(level, mostFloors - 1);
        floorEnds[level] = std::max(floorEnds[level], entry.close);
        floors.push_back(level);
        SlotCell cell;
        cell.entry = i;
        cell.state = shownState(entry, m_options.now);
        cell.own = entry.own;
        cell.beginsBefore = entry.open < row.from;
        cell.endsAfter = entry.close > row.to;
        m_cells.push_back(cell);
    }
    const double top = row.track.top() + above;
    const double each = std::max(0.0, row.track.height() - above - below) /
                        static_cast<double>(std::max<std::size_t>(1, floorEnds.size()));
    for (std::size_t i = 0; i < floors.size(); ++i) {
        SlotCell& cell = m_cells[firstCell + i];
        const SlotEntry& entry = m_set->entry(cell.entry);
        double left = place(row.track, row.from, row.to, std::max(entry.open, row.from));
        double right = place(row.track, row.from, row.to, std::min(entry.close, row.to));
        if (left > right) std::swap(left, right);
        const double y = top + static_cast<double>(floors[i]) * each;
        cell.tick = right - left < narrow;
        const double space = cell.tick || right - left < 3 * narrow ? 0 : gap;
        cell.rect = snapped(left + space, y + gap, right - space, y + each - gap);
        if (cell.rect.width() < 1 / m_options.dpr) cell.rect.setWidth(1 / m_options.dpr);
    }
}

void SlotLayout::layDay() {
    frame(148, 40);
    m_marks = timeMarks(m_from, m_to, m_plot.width(), 64 * unit(), m_options.zone);
    const auto& lanes = m_set->lanes();
    const auto count = static_cast<double>(lanes.size());
    m_scrolled = m_plot.united(m_labels);
    if (lanes.empty()) return;

    const double least = leastLane * unit();
    const double height = std::floor(std::clamp(m_plot.height() / count, least, mostLane * unit()));
    // What the lanes do not need is left below the strip.
    const double spare = std::max(0.0, m_plot.height() - count * height);
    for (QRectF* area : {&m_plot, &m_labels}) area->setBottom(area->bottom() - spare);
    for (QRectF* area : {&m_strip, &m_stripLabel})
        if (!area->isEmpty()) area->translate(0, -spare);
    m_scrolled = m_plot.united(m_labels);
    const double own = std::min(m_set->ownLanes() * height, std::max(0.0, m_plot.height() - height));
    m_scrolled.setTop(m_plot.top() + own);
    m_mostScroll = std::max(0.0, count * height - m_plot.height());
    const double scroll = std::clamp(m_options.scroll, 0.0, m_mostScroll);
    m_options.scroll = scroll;

    for (std::size_t i = 0; i < lanes.size(); ++i) {
        SlotRow row;
        row.lane = static_cast<int>(i);
        row.own = lanes[i].own;
        row.from = m_from;
        row.to = m_to;
        const bool pinned = row.own && static_cast<double>(i + 1) * height <= own + 0.5;
        const double y = m_plot.top() + static_cast<double>(i) * height - (pinned ? 0 : scroll);
        if (y > m_plot.bottom() || (!pinned && y + height < m_scrolled.top())) continue;
        row.track = snapped(m_plot.left(), y, m_plot.right(), y + height);
        row.label = snapped(m_labels.left(), y, m_labels.right(), y + height);
        row.rect = m_labels.isEmpty() ? row.track : row.track.united(row.label);
        layRow(row, lanes[i].entries, 4 * unit(), 4 * unit(), 1);
        m_rows.push_back(std::move(row));
    }
}

void SlotLayout::layWeek() {
    frame(148, 40);
    m_marks = timeMarks(m_from, m_from + daySeconds, m_plot.width(), 64 * unit(), m_options.zone);
    const auto [begin, end] = m_set->between(m_from, m_to);
    const QDate first = dayOf(m_from, m_options.zone);
    const double height = std::floor(std::min(m_plot.height() / 7, 84 * unit()) * m_options.dpr) / m_options.dpr;
    const QDate today = dayOf(m_options.now, m_options.zone);

    std::vector<int> own;
    std::vector<int> others;
    for (int i = begin; i < end; ++i) (main(m_set->entry(i)) ? own : others).push_back(i);

    for (int i = 0; i < 7; ++i) {
        SlotRow row;
        row.day = first.addDays(i);
        row.today = row.day == today;
        row.from = dayStart(row.day, m_options.zone);
        row.to = dayStart(row.day.addDays(1), m_options.zone);
        const double y = m_plot.top() + i * height;
        row.track = snapped(m_plot.left(), y, m_plot.right(), y + height);
        row.label = snapped(m_labels.left(), y, m_labels.right(), y + height);
        row.rect = m_labels.isEmpty() ? row.track : row.track.united(row.label);
        row.marks = timeMarks(row.from, row.to, row.track.width(), 64 * unit(), m_options.zone);
        const double ticks = others.empty() ? 0 : std::min(8 * unit(), height / 4);
        layRow(row, own, 3 * unit(), 3 * unit() + ticks, 1);
        for (const int entry : others) {
            const SlotEntry& one = m_set->entry(entry);
            if (one.close <= row.from || one.open >= row.to) continue;
            double left = place(row.track, row.from, row.to, std::max(one.open, row.from));
            double right = place(row.track, row.from, row.to, std::min(one.close, row.to));
            if (left > right) std::swap(left, right);
            const double space = right - left > narrow ? 1 : 0;
            SlotCell cell{entry, snapped(left + space, row.track.bottom() - ticks, right - space,
                                         row.track.bottom() - 3 * unit())};
            cell.rect.setWidth(std::max(cell.rect.width(), 1 / m_options.dpr));
            cell.state = shownState(one, m_options.now);
            cell.beginsBefore = one.open < row.from;
            cell.endsAfter = one.close > row.to;
            cell.tick = true;
            m_cells.push_back(cell);
        }
        m_rows.push_back(std::move(row));
    }
    m_scrolled = m_plot.united(m_labels);
}

void SlotLayout::layMonth() {
    frame(0, 30);
    const QDate month = dayOf(m_from, m_options.zone);
    const QDate first = weekBegin(month, m_options.locale);
    const auto days = static_cast<int>(first.daysTo(month.addMonths(1)));
    const int weeks = (days + 6) / 7;
    const QDate afterLast = first.addDays(static_cast<qint64>(weeks) * 7);
    const QDate today = dayOf(m_options.now, m_options.zone);
    for (int i = 0; i < weeks * 7; ++i) {
        SlotDay day;
        day.day = first.addDays(i);
        day.inMonth = day.day.month() == month.month() && day.day.year() == month.year();
        day.today = day.day == today;
        const int column = i % 7;
        const int line = i / 7;
        day.rect = mirrored(snapped(column * m_options.size.width() / 7, m_plot.top() + line * m_plot.height() / weeks,
                                    (column + 1) * m_options.size.width() / 7,
                                    m_plot.top() + (line + 1) * m_plot.height() / weeks));
        m_days.push_back(day);
    }
    // Every window counts for the day on which it opens.
    const auto [begin, end] = m_set->between(dayStart(first, m_options.zone), dayStart(afterLast, m_options.zone));
    for (int i = begin; i < end; ++i) {
        const SlotEntry& entry = m_set->entry(i);
        if (!main(entry)) continue;
        const qint64 at = first.daysTo(dayOf(entry.open, m_options.zone));
        if (at < 0 || at >= static_cast<qint64>(m_days.size())) continue;
        DaySummary& sum = m_days[static_cast<std::size_t>(at)].own;
        const SlotState state = shownState(entry, m_options.now);
        ++sum.count[static_cast<std::size_t>(state)];
        ++sum.total;
        sum.hits += isHit(state);
        sum.judged += isHit(state) || isMiss(state);
    }
    m_scrolled = m_plot;
}

void SlotLayout::layStrip() {
    if (m_strip.isEmpty()) return;
    const QTimeZone& zone = m_options.zone;
    // Two weeks that end with today, where what is shown is among them; else with the last day that is shown.
    const QDate shownFirst = dayOf(m_from, zone);
    const QDate shownLast = dayOf(std::max(m_from, m_to - 1), zone);
    const QDate today = dayOf(m_options.now, zone);
    QDate last = std::max(today, shownLast);
    if (shownFirst < last.addDays(1 - stripDays)) last = std::min(shownLast, shownFirst.addDays(stripDays - 1));
    if (m_options.view == SlotView::Month) last = std::clamp(today, shownFirst.addDays(stripDays - 1), shownLast);
    m_stripFrom = dayStart(last.addDays(1 - stripDays), zone);
    m_stripTo = dayStart(last.addDays(1), zone);
    for (int i = 0; i < stripDays; ++i) {
        const QDate day = last.addDays(1 - stripDays + i);
        m_stripMarks.push_back({dayStart(day, zone), m_options.locale.toString(day, QStringLiteral("d MMM")), true});
    }

    const double left = place(m_strip, m_stripFrom, m_stripTo, std::clamp(m_from, m_stripFrom, m_stripTo));
    const double right = place(m_strip, m_stripFrom, m_stripTo, std::clamp(m_to, m_stripFrom, m_stripTo));
    m_stripShown = snapped(std::min(left, right), m_strip.top() - 3 * unit(), std::max(left, right),
                           m_strip.bottom() + 3 * unit());

    const auto [begin, end] = m_set->between(m_stripFrom, m_stripTo);
    m_ticks.reserve(static_cast<std::size_t>(std::max(0, end - begin)));
    const double least = 1 / m_options.dpr;
    for (const bool own : {false, true})
        for (int i = begin; i < end; ++i) {
            const SlotEntry& entry = m_set->entry(i);
            if (main(entry) != own || entry.close <= m_stripFrom) continue;
            double x = place(m_strip, m_stripFrom, m_stripTo, std::max(entry.open, m_stripFrom));
            double until = place(m_strip, m_stripFrom, m_stripTo, std::min(entry.close, m_stripTo));
            if (x > until) std::swap(x, until);
            // Others' are low, own ones high: a look tells how often one's turn was.
            const double top = own ? m_strip.top() : m_strip.top() + m_strip.height() * 0.45;
            QRectF rect = snapped(x, top, until, m_strip.bottom());
            if (rect.width() > 2 * least) rect.setRight(rect.right() - least);
            rect.setWidth(std::max(rect.width(), least));
            m_ticks.push_back({rect, shownState(entry, m_options.now), entry.own});
        }
}

}    // namespace filfil::gui
