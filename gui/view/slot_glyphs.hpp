// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "gui/view/slot_entry.hpp"

#include <QColor>
#include <QPainter>
#include <QRectF>

namespace filfil::gui {

/// The state's sign, drawn by lines and so the same with every font, in the middle of `box`.
void paintGlyph(QPainter& painter, SlotState state, const QRectF& box, const QColor& ink);

}    // namespace filfil::gui
