// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "gui/view/slot_cell_painter.hpp"

#include "gui/view/slot_glyphs.hpp"
#include "gui/view/slot_words.hpp"

#include <QFontMetricsF>
#include <QPainterPath>

#include <algorithm>
#include <cmath>

namespace filfil::gui {

namespace {

/// What stands behind a word is not even in these, so the word gets a plate.
bool needsPlate(SlotState state) {
    return state == SlotState::Missed || state == SlotState::Disputed || state == SlotState::Reassigned;
}

void hatch(QPainter& painter, const QRectF& rect, const QColor& ink, double unit) {
    QList<QLineF> lines;
    const double step = 6 * unit;
    // Begins on a grid of its own, so that neighbours' lines go on in one another.
    const double first = std::floor((rect.left() + rect.top()) / step) * step;
    for (double at = first; at < rect.right() + rect.bottom(); at += step)
        lines.emplace_back(at - rect.top(), rect.top(), at - rect.bottom(), rect.bottom());
    painter.setPen(QPen(ink, 1.5 * unit));
    painter.drawLines(lines);
}

}    // namespace

SlotCellPainter::SlotCellPainter(const SlotPalette& palette, const QFont& font, double dpr)
    : m_palette(palette), m_small(font), m_dpr(dpr) {
    const double size = font.pixelSize() > 0 ? font.pixelSize() : 13;
    m_unit = size / 13;
    m_small.setPixelSize(std::max(7, static_cast<int>(std::lround(size * 0.82))));
    m_small.setWeight(QFont::DemiBold);
}

void SlotCellPainter::box(QPainter& painter, const QRectF& rect, const Look& look, bool rightToLeft) const {
    const QColor ink = m_palette.ink(look.state);
    const QColor fill = m_palette.fill(look.state);
    const double border = look.own ? 2 : 1;
    if (rect.width() < 7 || rect.height() < 10) {
        painter.setRenderHint(QPainter::Antialiasing, false);
        painter.fillRect(rect, ink);
        if (rect.width() > 4 && rect.height() > 4) {
            const double edge = std::max(1.0, std::min(border, rect.width() / 5));
            painter.fillRect(rect.adjusted(edge, edge, -edge, -edge), fill);
        }
        return;
    }
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setClipRect(rect, Qt::IntersectClip);
    // An edge beyond what is shown is not drawn.
    const QRectF whole = rect.adjusted(look.opensLeft ? -12 : 0, 0, look.opensRight ? 12 : 0, 0);
    const QRectF line = whole.adjusted(border / 2, border / 2, -border / 2, -border / 2);
    const double radius = std::min({5 * m_unit, whole.width() / 4, whole.height() / 4});
    QPainterPath shape;
    shape.addRoundedRect(line, radius, radius);
    painter.fillPath(shape, fill);

    painter.save();
    painter.setClipPath(shape, Qt::IntersectClip);
    if (look.state == SlotState::Missed) hatch(painter, rect, mixed(fill, ink, 0.45), m_unit);
    if (look.progress >= 0) {
        QRectF done = rect;
        done.setWidth(rect.width() * std::min(1.0, look.progress));
        if (rightToLeft) done.moveRight(rect.right());
        painter.fillRect(done, m_palette.progress(look.state));
    }
    if (look.left >= 0) {
        const double high = std::max(3.0, std::round(4 * m_unit));
        QRectF bar(rect.left(), rect.bottom() - high - border, rect.width() * std::min(1.0, look.left), high);
        if (rightToLeft) bar.moveRight(rect.right());
        painter.fillRect(QRectF(rect.left(), bar.top(), rect.width(), high), mixed(m_palette.canvas, ink, 0.30));
        painter.fillRect(bar, ink);
    }
    if (look.state == SlotState::Disputed || look.state == SlotState::Reassigned) {
        painter.setPen(QPen(mixed(fill, ink, 0.7), 1.5 * m_unit));
        painter.drawLine(rect.bottomLeft(), rect.topRight());
    }
    painter.restore();

    QPen pen(ink, border);
    if (look.state == SlotState::Future || look.state == SlotState::Skipped) {
        const double thin = look.own ? 1.5 : 1;
        pen = QPen(look.own ? ink : mixed(m_palette.canvas, ink, 0.75), thin);
        pen.setCapStyle(Qt::FlatCap);
        pen.setDashPattern(look.state == SlotState::Future ? QList<qreal>{4 / thin, 3 / thin}
                                                           : QList<qreal>{1 / thin, 3 / thin});
    }
    painter.setBrush(Qt::NoBrush);
    painter.setPen(pen);
    painter.drawRoundedRect(line, radius, radius);
    painter.restore();
}

void SlotCellPainter::words(QPainter& painter, const QRectF& rect, const Look& look, const QString& word,
                            const QString& more) const {
    const double glyph = std::min(std::round(12 * m_unit), rect.width() - 4);
    if (glyph < 6 || rect.height() < glyph + 2) return;
    // Where the word does not fit it is set narrower, before it is left out.
    QFont small = m_small;
    const double most = rect.width() - 2.5 * m_unit;
    for (const int stretch : {87, 75}) {
        if (QFontMetricsF(small).horizontalAdvance(word) <= most) break;
        small.setPixelSize(std::max(8, static_cast<int>(std::lround((stretch > 80 ? 10 : 9.5) * m_unit))));
        small.setStretch(stretch);
        small.setLetterSpacing(QFont::AbsoluteSpacing, -0.3 * m_unit);
    }
    const QFontMetricsF metrics(small);
    const double wordWidth = metrics.horizontalAdvance(word);
    const double high = metrics.ascent() + metrics.descent();
    const double moreWidth = more.isEmpty() ? 0 : metrics.horizontalAdvance(more) + 8 * m_unit;
    const double inner = rect.width() - 8 * m_unit;
    QRectF area = rect;
    if (look.left >= 0) area.setBottom(area.bottom() - 5 * m_unit);
    const bool plate = needsPlate(look.state);
    const QColor ink = m_palette.ink(look.state);

    const bool beside = glyph + 5 * m_unit + wordWidth <= inner;
    const bool below = !beside && wordWidth <= most && glyph + high <= area.height() - 3 * m_unit;
    const bool third = beside && moreWidth > 0 && glyph + 5 * m_unit + wordWidth + moreWidth <= inner;
    const double width = beside  ? glyph + 5 * m_unit + wordWidth + (third ? moreWidth : 0)
                         : below ? std::max(wordWidth, glyph)
                                 : glyph;
    const double height = beside ? std::max(glyph, high) : below ? glyph + high : glyph;
    QRectF block(0, 0, width, height);
    block.moveCenter(area.center());
    block.moveTopLeft(QPointF(std::round(block.left() * m_dpr) / m_dpr, std::round(block.top() * m_dpr) / m_dpr));

    painter.setRenderHint(QPainter::Antialiasing);
    if (plate) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(m_palette.plate(look.state));
        const double around = std::clamp((rect.width() - width) / 2 - 2, 0.0, 4 * m_unit);
        painter.drawRoundedRect(block.adjusted(-around, -1.5 * m_unit, around, 1.5 * m_unit), 3 * m_unit, 3 * m_unit);
    }
    painter.setFont(small);
    painter.setPen(ink);
    if (beside) {
        paintGlyph(painter, look.state, {block.left(), block.center().y() - glyph / 2, glyph, glyph}, ink);
        painter.drawText(QRectF(block.left() + glyph + 5 * m_unit, block.top(), wordWidth + 2, height),
                         Qt::AlignLeft | Qt::AlignVCenter, word);
        if (third) {
            QFont plain = m_small;
            plain.setWeight(QFont::Normal);
            painter.setFont(plain);
            painter.drawText(
                QRectF(block.left() + glyph + 5 * m_unit + wordWidth + 8 * m_unit, block.top(), moreWidth, height),
                Qt::AlignLeft | Qt::AlignVCenter, more);
        }
    } else {
        paintGlyph(painter, look.state, {block.center().x() - glyph / 2, block.top(), glyph, glyph}, ink);
        if (below)
            painter.drawText(QRectF(block.center().x() - wordWidth / 2 - 1, block.top() + glyph, wordWidth + 2, high),
                             Qt::AlignCenter, word);
    }
}

void SlotCellPainter::cell(QPainter& painter, const SlotCell& cell, const SlotEntry& entry, double now) const {
    Look look{cell.state, cell.own};
    look.opensLeft = cell.beginsBefore;
    look.opensRight = cell.endsAfter;
    const bool mirror = painter.layoutDirection() == Qt::RightToLeft;
    if (mirror) std::swap(look.opensLeft, look.opensRight);
    QString word = stateWord(cell.state);
    QString more;
    if (cell.state == SlotState::Building && entry.progress >= 0) {
        look.progress = std::clamp(entry.progress, 0.0, 1.0);
        word = QString::number(static_cast<int>(look.progress * 100)) + QLatin1Char('%');
    }
    if (cell.state == SlotState::Open)
        look.left = std::clamp((entry.close - now) / (entry.close - entry.open), 0.0, 1.0);
    if (cell.rect.width() > 120 * m_unit) {
        if (cell.state == SlotState::Open || cell.state == SlotState::Building) {
            if (now < entry.close) more = shortDuration(entry.close - now);
        } else if (cell.state == SlotState::Future) {
            if (now < entry.open) more = shortDuration(entry.open - now);
        } else {
            more = entry.reward;
        }
    }
    box(painter, cell.rect, look, mirror);
    words(painter, cell.rect, look, word, more);
}

void SlotCellPainter::sample(QPainter& painter, const QRectF& rect, SlotState state) const {
    Look look{state};
    if (state == SlotState::Open) look.left = 0.6;
    if (state == SlotState::Building) look.progress = 0.5;
    box(painter, rect, look, painter.layoutDirection() == Qt::RightToLeft);
    if (needsPlate(state)) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(m_palette.plate(state));
        painter.drawRoundedRect(rect.adjusted(4 * m_unit, 3 * m_unit, -4 * m_unit, -3 * m_unit), 2, 2);
    }
    const double size = std::min(12 * m_unit, rect.height() - 6);
    QRectF glyph(0, 0, size, size);
    glyph.moveCenter(rect.center() - QPointF(0, look.left >= 0 ? 1.5 * m_unit : 0));
    if (look.left >= 0) glyph.adjust(1.5, 1.5, -1.5, -1.5);
    paintGlyph(painter, state, glyph, m_palette.ink(state));
}

void SlotCellPainter::ticks(QPainter& painter, const std::vector<StripTick>& ticks, bool thinOthers) const {
    std::array<QList<QRectF>, slotStates> own;
    std::array<QList<QRectF>, slotStates> others;
    for (const StripTick& tick : ticks) {
        QRectF rect = tick.rect;
        auto& list = (tick.own || !thinOthers ? own : others)[static_cast<std::size_t>(tick.state)];
        switch (tick.state) {
            case SlotState::Future:
            case SlotState::Skipped:
            case SlotState::Ended:
            case SlotState::Unknown: rect.setTop(rect.bottom() - std::max(2.0, rect.height() * 0.25)); break;
            case SlotState::Open:
            case SlotState::Building:
            case SlotState::Published: rect.setTop(rect.bottom() - rect.height() * 0.7); break;
            case SlotState::Missed: {
                QRectF upper = rect;
                upper.setBottom(rect.top() + rect.height() * 0.3);
                list.push_back(upper);
                rect.setTop(rect.top() + rect.height() * 0.7);
                break;
            }
            default: break;
        }
        list.push_back(rect);
    }
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.setPen(Qt::NoPen);
    for (const SlotState state : allSlotStates) {
        const auto i = static_cast<std::size_t>(state);
        painter.setBrush(mixed(m_palette.panel, m_palette.ink(state), 0.55));
        painter.drawRects(others[i]);
        painter.setBrush(m_palette.ink(state));
        painter.drawRects(own[i]);
    }
}

}    // namespace filfil::gui
