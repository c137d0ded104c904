// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "gui/view/slot_layout.hpp"
#include "gui/view/slot_palette.hpp"

#include <QFont>
#include <QPainter>

#include <vector>

namespace filfil::gui {

/// Paints windows: by border, fill, word and glyph, so that no state is told by its colour alone.
class SlotCellPainter {
public:
    /// @param font of the calendar's text; its pixel size sets that of everything else
    /// @param dpr device pixels per logical one
    SlotCellPainter(const SlotPalette& palette, const QFont& font, double dpr);

    /// @param now seconds since 1970, for the bar that drains
    void cell(QPainter& painter, const SlotCell& cell, const SlotEntry& entry, double now) const;

    /// The box of a state, as the legend shows it.
    void sample(QPainter& painter, const QRectF& box, SlotState state) const;

    /// Lines of windows that are too narrow for more. A miss is broken, what is to come is low.
    void ticks(QPainter& painter, const std::vector<StripTick>& ticks, bool thinOthers) const;

private:
    struct Look {
        SlotState state = SlotState::Unknown;
        bool own = false;
        double progress = -1;    ///< of the area that is filled more, from the side where time begins
        double left = -1;        ///< of the bar that drains
        bool opensLeft = false;
        bool opensRight = false;
    };

    void box(QPainter& painter, const QRectF& rect, const Look& look, bool rightToLeft) const;
    void words(QPainter& painter, const QRectF& rect, const Look& look, const QString& word, const QString& more) const;

    const SlotPalette& m_palette;
    QFont m_small;
    double m_unit = 1;
    double m_dpr = 1;
};

}    // namespace filfil::gui
