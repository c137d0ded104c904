// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "gui/view/slot_cell_painter.hpp"

#include <optional>

namespace filfil::gui {

/// What the user has chosen.
struct SlotPaintState {
    int selected = -1;    ///< entry
    int hovered = -1;
    QDate selectedDay{};    ///< month view
    QDate hoveredDay{};
    bool focus = false;                                  ///< the selection has the keyboard
    bool ring = false;                                   ///< the calendar has the keyboard, and nothing is selected
    bool nowLine = false;                                ///< paint it here: on paper, where nothing moves
    std::optional<std::pair<double, double>> brush{};    ///< of the strip: from, to
};

/// Paints a SlotLayout with QPainter, on any device. Not thread-safe; one painter may be used in any one thread.
class SlotPainter {
public:
    SlotPainter(const SlotPalette& palette, const QFont& font);

    /// Fills the layout's size.
    void paint(QPainter& painter, const SlotLayout& layout, const SlotPaintState& state = {}) const;

    /// All states with their names, in lines that fit `width`. @return its height in pixels; with no painter nothing is
    /// painted
    double legend(QPainter* painter, const QRectF& area, bool rightToLeft) const;

    /// The width at which the legend has one line.
    [[nodiscard]] double legendWidth() const;

    /// The line of the present with its time, as it stands over a calendar.
    void nowLine(QPainter& painter, const SlotLayout& layout, double now) const;

private:
    void background(QPainter& painter, const SlotLayout& layout) const;
    void axis(QPainter& painter, const SlotLayout& layout) const;
    void rows(QPainter& painter, const SlotLayout& layout) const;
    void dayLabel(QPainter& painter, const SlotLayout& layout, const SlotRow& row) const;
    void laneLabel(QPainter& painter, const SlotLayout& layout, const SlotRow& row) const;
    void cells(QPainter& painter, const SlotLayout& layout, const SlotPaintState& state) const;
    void month(QPainter& painter, const SlotLayout& layout, const SlotPaintState& state) const;
    void monthDay(QPainter& painter, const SlotLayout& layout, const SlotDay& day, const SlotPaintState& state) const;
    void strip(QPainter& painter, const SlotLayout& layout, const SlotPaintState& state) const;
    void outline(QPainter& painter, const QRectF& rect, const QColor& colour, double away) const;
    [[nodiscard]] QFont sized(double part, QFont::Weight weight = QFont::Normal) const;

    SlotPalette m_palette;
    QFont m_font;
    double m_unit = 1;
};

}    // namespace filfil::gui
