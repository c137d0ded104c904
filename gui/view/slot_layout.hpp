// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "gui/view/slot_set.hpp"
#include "gui/view/slot_time.hpp"

#include <QLocale>
#include <QPointF>
#include <QRectF>
#include <QSizeF>

#include <array>
#include <vector>

namespace filfil::gui {

enum class SlotView : quint8 { Day, Week, Month };

struct SlotLayoutOptions {
    SlotView view = SlotView::Day;
    QSizeF size{};      ///< of the whole calendar in logical pixels
    QDate day{};        ///< the day, or one of the week or month; today where it is not valid
    double from = 0;    ///< day view: [from, to) instead of the whole day, where to > from
    double to = 0;
    QTimeZone zone = QTimeZone::utc();
    double now = 0;       ///< seconds since 1970
    QLocale locale{};     ///< which day a week begins with
    double scroll = 0;    ///< day view: pixels by which the lanes of others are moved up
    bool strip = true;    ///< the 14 days below
    bool rightToLeft = false;
    double text = 13;    ///< height of the letters' size in pixels: everything grows with it
    double dpr = 1;      ///< device pixels per logical one: edges are put on whole ones
};

/// A window, or the part of it that one row shows.
struct SlotCell {
    int entry = 0;
    QRectF rect{};
    SlotState state = SlotState::Unknown;    ///< as shown at the layout's time
    bool own = false;
    bool beginsBefore = false;    ///< it began before what is shown
    bool endsAfter = false;
    bool tick = false;    ///< of another provider in the week view, or too narrow for more than a line
};

/// A lane of a provider, or a day of the week.
struct SlotRow {
    QRectF rect{};    ///< with its label
    QRectF label{};
    QRectF track{};    ///< where its windows are
    int lane = -1;     ///< day view: index in SlotSet::lanes
    QDate day{};       ///< week view
    double from = 0;
    double to = 0;
    bool own = false;
    bool today = false;
    std::vector<TimeMark> marks{};    ///< week view: its own hours
};

struct DaySummary {
    std::array<int, slotStates> count{};
    int total = 0;
    int hits = 0;
    int judged = 0;    ///< hits and misses
};

/// A day of the month view.
struct SlotDay {
    QDate day{};
    QRectF rect{};
    bool inMonth = false;
    bool today = false;
    DaySummary own{};    ///< of own windows, or of all where none are own
};

struct StripTick {
    QRectF rect{};
    SlotState state = SlotState::Unknown;
    bool own = false;
};

/// What is at a point.
struct SlotHit {
    enum class What : quint8 { Nothing, Slot, Lane, Day, Axis, Strip };
    What what = What::Nothing;
    int entry = -1;     ///< of Slot
    int row = -1;       ///< of Slot, Lane and Day
    double time = 0;    ///< of all that stand on a time
};

enum class SlotStep : quint8 { Earlier, Later, Up, Down, First, Last };

/// Where everything of the calendar stands. Knows no painter: made anew at each change of size, time or data, which
/// takes a millisecond for 10,000 windows. The set has to outlive it.
class SlotLayout {
public:
    SlotLayout() = default;
    SlotLayout(const SlotSet& set, SlotLayoutOptions options);

    [[nodiscard]] const SlotLayoutOptions& options() const { return m_options; }
    [[nodiscard]] const SlotSet& set() const { return *m_set; }

    /// What is shown: [from, to).
    [[nodiscard]] double from() const { return m_from; }
    [[nodiscard]] double to() const { return m_to; }

    [[nodiscard]] const QRectF& axis() const { return m_axis; }        ///< the row with the hours, or the days' names
    [[nodiscard]] const QRectF& plot() const { return m_plot; }        ///< where time is, without labels
    [[nodiscard]] const QRectF& labels() const { return m_labels; }    ///< beside the plot
    [[nodiscard]] const QRectF& strip() const { return m_strip; }      ///< of the 14 days; empty without one
    [[nodiscard]] const QRectF& stripLabel() const { return m_stripLabel; }
    [[nodiscard]] const QRectF& stripShown() const {
        return m_stripShown;
    }    ///< the part of the strip that is shown above
    [[nodiscard]] double stripFrom() const { return m_stripFrom; }
    [[nodiscard]] double stripTo() const { return m_stripTo; }

    [[nodiscard]] const std::vector<TimeMark>& marks() const { return m_marks; }
    [[nodiscard]] const std::vector<TimeMark>& stripMarks() const { return m_stripMarks; }
    [[nodiscard]] const std::vector<SlotRow>& rows() const { return m_rows; }
    [[nodiscard]] const std::vector<SlotCell>& cells() const { return m_cells; }
    [[nodiscard]] const std::vector<SlotDay>& days() const { return m_days; }
    [[nodiscard]] const std::vector<StripTick>& ticks() const { return m_ticks; }

    /// Own lanes stay where they are when the others are scrolled; all others are clipped to this.
    [[nodiscard]] const QRectF& scrolled() const { return m_scrolled; }
    /// How much of the height is used.
    [[nodiscard]] double contentHeight() const { return m_contentHeight; }
    [[nodiscard]] double mostScroll() const { return m_mostScroll; }

    /// Of the day view, also beyond its ends.
    [[nodiscard]] double xOf(double time) const;
    [[nodiscard]] double timeAt(double x) const;
    [[nodiscard]] double stripTimeAt(double x) const;

    /// Where the line of `time` stands: in the plot of the day view, in the row of its day in the week view; empty
    /// where it is not in sight.
    [[nodiscard]] QRectF lineOf(double time) const;

    [[nodiscard]] SlotHit at(QPointF point) const;
    /// The first part of the entry that is shown. @return nullptr where none is
    [[nodiscard]] const SlotCell* cellOf(int entry) const;

    /// The window that an arrow leads to, which may not be in sight: earlier and later within a lane (in the week view
    /// among the own ones), up and down to the window of the next lane (or day) that is nearest in time. @return
    /// `entry` where it leads nowhere; from −1 the one at or after `now`, or the last
    [[nodiscard]] int next(int entry, SlotStep step) const;

    /// Of the month view. @return an invalid date for steps to First and Last
    [[nodiscard]] static QDate nextDay(QDate day, SlotStep step, bool rightToLeft);

private:
    void frame(double labelWidth, double axisHeight);
    void layDay();
    void layWeek();
    void layMonth();
    void layStrip();
    void layRow(SlotRow& row, const std::vector<int>& entries, double above, double below, double gap);
    [[nodiscard]] double place(const QRectF& track, double from, double to, double time) const;
    [[nodiscard]] double snap(double at) const;
    [[nodiscard]] QRectF snapped(double left, double top, double right, double bottom) const;
    [[nodiscard]] QRectF mirrored(const QRectF& rect) const;
    [[nodiscard]] double unit() const { return m_options.text / 13.0; }
    [[nodiscard]] bool main(const SlotEntry& entry) const { return entry.own || !m_set->hasOwn(); }
    [[nodiscard]] int nearest(const std::vector<int>& entries, double time) const;

    const SlotSet* m_set = nullptr;
    SlotLayoutOptions m_options;
    double m_from = 0, m_to = 0, m_stripFrom = 0, m_stripTo = 0, m_mostScroll = 0, m_contentHeight = 0;
    QRectF m_axis, m_plot, m_labels, m_strip, m_stripLabel, m_stripShown, m_scrolled;
    std::vector<TimeMark> m_marks, m_stripMarks;
    std::vector<SlotRow> m_rows;
    std::vector<SlotCell> m_cells;
    std::vector<SlotDay> m_days;
    std::vector<StripTick> m_ticks;
};

}    // namespace filfil::gui
