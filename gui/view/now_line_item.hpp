// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "gui/view/slot_layout.hpp"
#include "gui/view/slot_palette.hpp"

#include <QFont>
#include <QQuickPaintedItem>

namespace filfil::gui {

/// The line of the present over a calendar, with its time: an item of its own, so that it moves and nothing is painted
/// anew.
class NowLineItem : public QQuickPaintedItem {
    Q_OBJECT
    QML_ANONYMOUS

public:
    explicit NowLineItem(QQuickItem* parent);

    /// Stands at `now` (seconds since 1970), or is hidden where that is not in sight. Moves by whole device pixels.
    void place(const SlotLayout& layout, double now);
    void setLook(const SlotPalette& palette, const QFont& font);

    /// The line alone, in the calendar's coordinates; empty while it is hidden.
    [[nodiscard]] const QRectF& line() const { return m_line; }

    void paint(QPainter* painter) override;

private:
    SlotPalette m_palette = SlotPalette::dark();
    QFont m_font;
    QString m_text;
    QRectF m_line;
    double m_tagLeft = 0;    ///< in the item
    double m_lineTop = 0;
};

}    // namespace filfil::gui
