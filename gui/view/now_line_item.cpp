// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "gui/view/now_line_item.hpp"

#include <QFontMetricsF>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace filfil::gui {

namespace {

constexpr double lineWide = 2;

QFont tagFont(QFont font) {
    font.setPixelSize(std::max(7, static_cast<int>(std::lround(font.pixelSize() * 0.85))));
    font.setWeight(QFont::DemiBold);
    return font;
}

}    // namespace

NowLineItem::NowLineItem(QQuickItem* parent) : QQuickPaintedItem(parent) {
    setAntialiasing(true);
    setVisible(false);
    setZ(1);
}

void NowLineItem::setLook(const SlotPalette& palette, const QFont& font) {
    if (palette == m_palette && font == m_font) return;
    m_palette = palette;
    m_font = font;
    update();
}

void NowLineItem::place(const SlotLayout& layout, double now) {
    const QRectF line = layout.lineOf(now);
    if (line.height() <= 0) {
        m_line = {};
        setVisible(false);
        return;
    }
    const SlotLayoutOptions& options = layout.options();
    const double unit = options.text / 13;
    const QString text = clockText(std::floor(now / 60) * 60, options.zone);
    const double tag = QFontMetricsF(tagFont(m_font)).horizontalAdvance(text) + 14 * unit;
    const double wide = std::ceil(tag) * 2;
    const bool day = options.view == SlotView::Day;
    const double top = day ? layout.axis().top() : line.top() - 2;
    const double x = std::round(line.left() * options.dpr) / options.dpr;
    // At the ends the tag stays within the calendar and the line goes on.
    const double left = std::clamp(x - tag / 2, 0.0, std::max(0.0, options.size.width() - tag));
    const double tagLeft = left - (x - wide / 2);
    if (text != m_text || std::abs(tagLeft - m_tagLeft) > 0.4 / options.dpr || m_lineTop != (day ? 18 * unit : 0)) {
        m_text = text;
        m_tagLeft = tagLeft;
        m_lineTop = day ? 18 * unit : 0;
        update();
    }
    m_line = QRectF(x - lineWide / 2, line.top(), lineWide, line.height());
    setPosition({x - wide / 2, top});
    setSize({wide, line.bottom() - top});
    setVisible(true);
}

void NowLineItem::paint(QPainter* painter) {
    const QFont font = tagFont(m_font);
    const double unit = m_font.pixelSize() / 13.0;
    const double tag = QFontMetricsF(font).horizontalAdvance(m_text) + 14 * unit;
    painter->setRenderHint(QPainter::Antialiasing);
    painter->fillRect(QRectF(width() / 2 - lineWide / 2, m_lineTop, lineWide, height() - m_lineTop), m_palette.now);
    painter->setPen(Qt::NoPen);
    painter->setBrush(m_palette.now);
    const QRectF plate(m_tagLeft, 0, tag, 18 * unit);
    painter->drawRoundedRect(plate, 4 * unit, 4 * unit);
    painter->setPen(m_palette.onNow);
    painter->setFont(font);
    painter->drawText(plate, Qt::AlignCenter, m_text);
}

}    // namespace filfil::gui
