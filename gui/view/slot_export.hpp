// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/result.hpp"
#include "gui/view/slot_painter.hpp"

#include <QImage>

namespace filfil::gui {

/// A calendar on paper: a title, the calendar with the line of the present, the legend.
struct SlotSheet {
    const SlotSet* set = nullptr;    ///< not null
    SlotLayoutOptions options{};     ///< `size` is that of the calendar alone
    SlotPalette palette = SlotPalette::light();
    QFont font{};
};

/// @param scale device pixels per logical one, 1 to 4
QImage sheetImage(const SlotSheet& sheet, double scale);

/// Writes a PNG under its name when it is whole. @return Error::io with the file and why
Result<void> exportPng(const SlotSheet& sheet, const QString& path, double scale);

/// Writes a page of A4 on its side, as lines and letters and not as pixels. @return as exportPng
Result<void> exportPdf(const SlotSheet& sheet, const QString& path);

}    // namespace filfil::gui
