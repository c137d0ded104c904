// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "gui/view/slot_legend.hpp"

#include "gui/view/slot_painter.hpp"
#include "gui/view/slot_words.hpp"

#include <QAccessible>

namespace filfil::gui {

void SlotLegend::paint(QPainter* painter) {
    SlotPainter(colours(), font()).legend(painter, QRectF(0, 0, width(), height()), mirrored());
}

void SlotLegend::relayout() {
    const SlotPainter painter(colours(), font());
    setImplicitWidth(painter.legendWidth());
    setImplicitHeight(painter.legend(nullptr, QRectF(0, 0, width() > 0 ? width() : implicitWidth(), 0), mirrored()));
}

QString SlotLegend::summary() const {
    QStringList names;
    for (const SlotState state : allSlotStates)
        if (state != SlotState::Unknown && state != SlotState::Ended) names << stateName(state);
    return tr("Legend: %1").arg(names.join(QStringLiteral(", ")));
}

int SlotLegend::role() const { return QAccessible::StaticText; }

}    // namespace filfil::gui
