// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "gui/view/painted_item.hpp"

namespace filfil::gui {

/// All states of a window with their names, in the theme's colours. Its implicitHeight is what its width needs.
class SlotLegend : public filfil::gui::PaintedItem {
    Q_OBJECT
    QML_ELEMENT

public:
    using PaintedItem::PaintedItem;

    void paint(QPainter* painter) override;

protected:
    void relayout() override;
    [[nodiscard]] QString summary() const override;
    [[nodiscard]] int role() const override;
};

}    // namespace filfil::gui
