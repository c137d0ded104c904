// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "gui/view/slot_glyphs.hpp"

#include <QPainterPath>

#include <algorithm>

namespace filfil::gui {

namespace {

/// On a grid of 12 × 12.
QPainterPath lines(SlotState state) {
    QPainterPath p;
    const auto line = [&p](std::initializer_list<QPointF> points) {
        p.moveTo(*points.begin());
        for (const QPointF& point : points) p.lineTo(point);
    };
    switch (state) {
        case SlotState::Future:    // a clock
            p.addEllipse(QPointF(6, 6), 4.6, 4.6);
            line({{6, 3.4}, {6, 6}, {7.8, 7.2}});
            break;
        case SlotState::Open:    // an hourglass
            line({{2.8, 1.4}, {9.2, 1.4}});
            line({{2.8, 10.6}, {9.2, 10.6}});
            line({{3.6, 1.6}, {3.6, 3.2}, {8.4, 8.8}, {8.4, 10.4}});
            line({{8.4, 1.6}, {8.4, 3.2}, {3.6, 8.8}, {3.6, 10.4}});
            break;
        case SlotState::Building:    // blocks
            p.addRect(QRectF(1.4, 6.4, 4.2, 4.2));
            p.addRect(QRectF(6.4, 6.4, 4.2, 4.2));
            p.addRect(QRectF(3.9, 1.4, 4.2, 4.2));
            break;
        case SlotState::Published:    // upwards
            line({{6, 8}, {6, 1.6}});
            line({{3.2, 4.2}, {6, 1.4}, {8.8, 4.2}});
            line({{1.8, 8.4}, {1.8, 10.4}, {10.2, 10.4}, {10.2, 8.4}});
            break;
        case SlotState::Stored:    // a chest
            p.addRect(QRectF(1.2, 1.8, 9.6, 2.8));
            line({{2.2, 4.8}, {2.2, 10.4}, {9.8, 10.4}, {9.8, 4.8}});
            line({{4.8, 7}, {7.2, 7}});
            break;
        case SlotState::Paid: line({{1.8, 6.6}, {4.8, 9.6}, {10.4, 2.8}}); break;
        case SlotState::Missed:
            line({{2.4, 2.4}, {9.6, 9.6}});
            line({{9.6, 2.4}, {2.4, 9.6}});
            break;
        case SlotState::Disputed:    // a warning
            line({{6, 1.4}, {11, 10.4}, {1, 10.4}, {6, 1.4}});
            line({{6, 4.6}, {6, 7}});
            line({{6, 8.7}, {6, 8.8}});
            break;
        case SlotState::Reassigned:    // to and fro
            line({{1.4, 4}, {10.2, 4}});
            line({{8, 1.8}, {10.4, 4}, {8, 6.2}});
            line({{10.6, 8.4}, {1.8, 8.4}});
            line({{4, 6.4}, {1.6, 8.4}, {4, 10.6}});
            break;
        case SlotState::Skipped:    // over and past
            line({{2, 2.4}, {5.6, 6}, {2, 9.6}});
            line({{5.6, 2.4}, {9.2, 6}, {5.6, 9.6}});
            break;
        case SlotState::Ended:
            p.addEllipse(QPointF(6, 6), 4.6, 4.6);
            line({{3.8, 6}, {8.2, 6}});
            break;
        case SlotState::Unknown:
            p.moveTo(3.6, 4);
            p.cubicTo(3.6, 0.2, 8.6, 0.4, 8.6, 3.8);
            p.cubicTo(8.6, 5.6, 6, 5.6, 6, 7.8);
            line({{6, 10.2}, {6, 10.3}});
            break;
    }
    return p;
}

}    // namespace

void paintGlyph(QPainter& painter, SlotState state, const QRectF& box, const QColor& ink) {
    const double size = std::min(box.width(), box.height());
    if (size < 3) return;
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.translate(box.center() - QPointF(size / 2, size / 2));
    painter.scale(size / 12, size / 12);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(ink, state == SlotState::Paid || state == SlotState::Missed ? 1.9 : 1.4, Qt::SolidLine,
                        Qt::RoundCap, Qt::RoundJoin));
    painter.drawPath(lines(state));
    painter.restore();
}

}    // namespace filfil::gui
