// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "gui/view/slot_entry.hpp"

#include <QColor>

namespace filfil::gui {

/// The colours of everything that is painted here: the theme's tokens. Text has a contrast of 4.5 or more on what it
/// stands on (WCAG 2 AA), which a test holds for both.
struct SlotPalette {
    QColor canvas, panel, border, grid, text, muted, accent, focus, now, onNow;
    QColor grey, amber, blue, violet, green, red;

    static SlotPalette dark();
    static SlotPalette light();

    /// Of a state's border, words and glyph.
    [[nodiscard]] QColor ink(SlotState state) const;
    /// Of its area: the ink, thinned over the canvas. Solid.
    [[nodiscard]] QColor fill(SlotState state) const;
    /// Of the part of an area that is done. Solid.
    [[nodiscard]] QColor progress(SlotState state) const;
    /// Where a word stands on what is not even (hatching). Solid.
    [[nodiscard]] QColor plate(SlotState state) const;

    bool operator==(const SlotPalette&) const = default;
};

/// `part` of `over` on `under`, both solid.
QColor mixed(const QColor& under, const QColor& over, double part);

/// WCAG 2's contrast of two solid colours: 1 to 21.
double contrast(const QColor& a, const QColor& b);

/// Black or white, whichever can be read on `ground`.
QColor inkOn(const QColor& ground);

}    // namespace filfil::gui
