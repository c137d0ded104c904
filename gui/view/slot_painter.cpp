// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "gui/view/slot_painter.hpp"

#include "gui/view/slot_glyphs.hpp"
#include "gui/view/slot_words.hpp"

#include <QCoreApplication>
#include <QFontMetricsF>

#include <algorithm>
#include <cmath>

namespace filfil::gui {

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(SlotCalendar)
};

void fine(QPainter& painter, const QColor& colour, double x1, double y1, double x2, double y2, double dpr) {
    painter.fillRect(QRectF(x1, y1, std::max(x2 - x1, 1 / dpr), std::max(y2 - y1, 1 / dpr)), colour);
}

}    // namespace

SlotPainter::SlotPainter(const SlotPalette& palette, const QFont& font) : m_palette(palette), m_font(font) {
    if (m_font.pixelSize() <= 0) m_font.setPixelSize(13);
    m_unit = m_font.pixelSize() / 13.0;
}

QFont SlotPainter::sized(double part, QFont::Weight weight) const {
    QFont font = m_font;
    font.setPixelSize(std::max(7, static_cast<int>(std::lround(m_font.pixelSize() * part))));
    font.setWeight(weight);
    return font;
}

void SlotPainter::paint(QPainter& painter, const SlotLayout& layout, const SlotPaintState& state) const {
    const SlotLayoutOptions& options = layout.options();
    painter.save();
    painter.setLayoutDirection(options.rightToLeft ? Qt::RightToLeft : Qt::LeftToRight);
    painter.setClipRect(QRectF(QPointF(0, 0), options.size), Qt::IntersectClip);
    background(painter, layout);
    if (options.view == SlotView::Month) {
        axis(painter, layout);
        month(painter, layout, state);
    } else {
        rows(painter, layout);
        axis(painter, layout);
        cells(painter, layout, state);
    }
    strip(painter, layout, state);
    if (state.nowLine) nowLine(painter, layout, options.now);
    if (state.ring) outline(painter, QRectF(QPointF(0, 0), options.size).adjusted(1, 1, -1, -1), m_palette.focus, 0);
    painter.restore();
}

void SlotPainter::background(QPainter& painter, const SlotLayout& layout) const {
    painter.fillRect(QRectF(QPointF(0, 0), layout.options().size), m_palette.canvas);
}

void SlotPainter::axis(QPainter& painter, const SlotLayout& layout) const {
    const QRectF& area = layout.axis();
    if (area.height() <= 0) return;
    const SlotLayoutOptions& options = layout.options();
    const double dpr = options.dpr;
    painter.setRenderHint(QPainter::Antialiasing, false);
    fine(painter, m_palette.border, 0, area.bottom() - 1 / dpr, options.size.width(), area.bottom(), dpr);

    if (options.view == SlotView::Month) {
        painter.setFont(sized(0.85, QFont::Medium));
        painter.setPen(m_palette.muted);
        for (std::size_t i = 0; i < 7 && i < layout.days().size(); ++i) {
            const SlotDay& day = layout.days()[i];
            const bool wide = day.rect.width() > 90 * m_unit;
            painter.drawText(
                QRectF(day.rect.left(), area.top(), day.rect.width(), area.height()), Qt::AlignCenter,
                options.locale.dayName(day.day.dayOfWeek(), wide ? QLocale::LongFormat : QLocale::NarrowFormat));
        }
        return;
    }

    const QFont plain = sized(0.88);
    const QFont bold = sized(0.88, QFont::DemiBold);
    const QFont tiny = sized(0.78);
    const double line = std::round(area.height() / 2);
    const bool epochs =
        options.view == SlotView::Day && layout.to() - layout.from() <= 6 * 3600 && layout.set().epochs();
    double free = -1e9;    // until where text stands
    std::vector<TimeMark> marks = layout.marks();
    if (options.rightToLeft) std::ranges::reverse(marks);
    for (TimeMark& mark : marks) {
        if (mark.text.isEmpty()) continue;
        if (options.view == SlotView::Week) mark.text = clockText(mark.time, options.zone);
        const double x =
            options.view == SlotView::Day
                ? layout.xOf(mark.time)
                : (options.rightToLeft
                       ? layout.plot().right() - (mark.time - layout.from()) / daySeconds * layout.plot().width()
                       : layout.plot().left() + (mark.time - layout.from()) / daySeconds * layout.plot().width());
        const bool strong =
            mark.dayBegins && options.view == SlotView::Day && layout.to() - layout.from() > daySeconds + 7200;
        painter.setFont(strong ? bold : plain);
        painter.setPen(strong ? m_palette.text : m_palette.muted);
        const double width = QFontMetricsF(painter.font()).horizontalAdvance(mark.text) + 2;
        const double left = std::clamp(x - width / 2, layout.plot().left(),
                                       std::max(layout.plot().left(), layout.plot().right() - width));
        if (left < free + 6 * m_unit) continue;
        free = left + width;
        painter.drawText(QRectF(left, area.top() + line - 1, width, line), Qt::AlignCenter, mark.text);
        if (!epochs) continue;
        painter.setFont(tiny);
        painter.setPen(m_palette.muted);
        const QString epoch =
            epochText(static_cast<qint64>(std::floor(layout.set().epochs()->epochAt(mark.time) + 1e-6)));
        painter.drawText(QRectF(x - 40 * m_unit, area.top(), 80 * m_unit, line), Qt::AlignCenter, epoch);
    }
    if (layout.labels().width() <= 0) return;
    const QRectF corner(layout.labels().left() + 12 * m_unit, area.top() + line - 1,
                        layout.labels().width() - 16 * m_unit, line);
    painter.setFont(sized(0.82));
    painter.setPen(m_palette.muted);
    painter.drawText(corner, Qt::AlignVCenter | Qt::AlignLeft, zoneText(options.zone, layout.from()));
    if (epochs) painter.drawText(corner.translated(0, -line), Qt::AlignVCenter | Qt::AlignLeft, Words::tr("epoch"));
}

void SlotPainter::rows(QPainter& painter, const SlotLayout& layout) const {
    const SlotLayoutOptions& options = layout.options();
    const double dpr = options.dpr;
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing, false);

    // Pinned ones last: they cover what is scrolled below them.
    std::vector<const SlotRow*> order;
    for (const bool pinned : {false, true})
        for (const SlotRow& row : layout.rows())
            if ((row.rect.bottom() <= layout.scrolled().top() + 0.5) == pinned) order.push_back(&row);
    for (const SlotRow* row : order) {
        const bool pinned = row->rect.bottom() <= layout.scrolled().top() + 0.5;
        painter.save();
        const QRectF seen = pinned ? layout.plot().united(layout.labels()) : layout.scrolled();
        painter.setClipRect(seen, Qt::IntersectClip);
        const bool lit = row->own || row->today;
        painter.fillRect(row->rect, lit ? m_palette.panel : m_palette.canvas);
        const std::vector<TimeMark>& marks = options.view == SlotView::Day ? layout.marks() : row->marks;
        for (const TimeMark& mark : marks) {
            const double part = (mark.time - row->from) / (row->to - row->from);
            const double x = options.rightToLeft ? row->track.right() - part * row->track.width()
                                                 : row->track.left() + part * row->track.width();
            const double at = std::round(x * dpr) / dpr;
            const QColor colour = mark.dayBegins        ? m_palette.border
                                  : mark.text.isEmpty() ? mixed(m_palette.canvas, m_palette.grid, 0.6)
                                                        : m_palette.grid;
            fine(painter, colour, at, row->track.top(), at, row->track.bottom(), dpr);
        }
        fine(painter, m_palette.grid, row->rect.left(), row->rect.bottom() - 1 / dpr, row->rect.right(),
             row->rect.bottom(), dpr);
        if (lit) {
            const double wide = std::round(3 * m_unit);
            fine(painter, m_palette.accent, options.rightToLeft ? row->rect.right() - wide : row->rect.left(),
                 row->rect.top(), options.rightToLeft ? row->rect.right() : row->rect.left() + wide,
                 row->rect.bottom() - 1 / dpr, dpr);
        }
        if (options.view == SlotView::Day)
            laneLabel(painter, layout, *row);
        else
            dayLabel(painter, layout, *row);
        painter.restore();
    }
    if (layout.scrolled().top() > layout.plot().top())
        fine(painter, m_palette.border, 0, layout.scrolled().top() - 1 / dpr, options.size.width(),
             layout.scrolled().top(), dpr);
    painter.restore();

    if (!layout.rows().empty() && !(options.view == SlotView::Week && layout.cells().empty())) return;
    // A calendar without windows says so, above its grid.
    const QString text =
        options.view == SlotView::Day ? Words::tr("No windows are known") : Words::tr("No windows in this week");
    painter.setFont(sized(1.05));
    const QFontMetricsF metrics(painter.font());
    QRectF plate(0, 0, metrics.horizontalAdvance(text) + 32 * m_unit, metrics.height() + 16 * m_unit);
    plate.moveCenter(layout.plot().center());
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setBrush(m_palette.panel);
    painter.setPen(QPen(m_palette.border, 1));
    painter.drawRoundedRect(plate, 6 * m_unit, 6 * m_unit);
    painter.setPen(m_palette.muted);
    painter.drawText(plate, Qt::AlignCenter, text);
}

void SlotPainter::laneLabel(QPainter& painter, const SlotLayout& layout, const SlotRow& row) const {
    if (row.label.width() <= 0) return;
    const SlotSet::Lane& lane = layout.set().lanes()[static_cast<std::size_t>(row.lane)];
    const QRectF text = row.label.adjusted(12 * m_unit, 0, -8 * m_unit, 0);
    painter.setFont(sized(1, lane.own ? QFont::DemiBold : QFont::Normal));
    painter.setPen(lane.own ? m_palette.text : m_palette.muted);
    const QFontMetricsF metrics(painter.font());
    const QString name = lane.provider.isEmpty() ? Words::tr("unknown provider") : lane.provider;
    const QString you = Words::tr("you", "beside the number of an own storage provider");
    const QFont small = sized(0.78, QFont::DemiBold);
    const double chip = lane.own ? QFontMetricsF(small).horizontalAdvance(you) + 12 * m_unit : 0;
    const QString shown = metrics.elidedText(name, Qt::ElideMiddle, text.width() - (chip > 0 ? chip + 8 * m_unit : 0));
    painter.drawText(text, Qt::AlignVCenter | Qt::AlignLeft, shown);
    if (chip <= 0) return;
    const double wide = metrics.horizontalAdvance(shown) + 8 * m_unit;
    QRectF box(layout.options().rightToLeft ? text.right() - wide - chip : text.left() + wide, 0, chip, 17 * m_unit);
    box.moveTop(text.center().y() - box.height() / 2);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(m_palette.accent, 1));
    painter.setBrush(mixed(m_palette.panel, m_palette.accent, 0.12));
    painter.drawRoundedRect(box, box.height() / 2, box.height() / 2);
    painter.setFont(small);
    painter.drawText(box, Qt::AlignCenter, you);
    painter.setRenderHint(QPainter::Antialiasing, false);
}

void SlotPainter::dayLabel(QPainter& painter, const SlotLayout& layout, const SlotRow& row) const {
    if (row.label.width() <= 0) return;
    const QLocale& locale = layout.options().locale;
    const QRectF text = row.label.adjusted(12 * m_unit, 0, -8 * m_unit, 0);
    painter.setFont(sized(1, row.today ? QFont::DemiBold : QFont::Normal));
    painter.setPen(row.today ? m_palette.text : m_palette.muted);
    const QString name = locale.toString(row.day, QStringLiteral("ddd d MMM"));
    const double used = QFontMetricsF(painter.font()).horizontalAdvance(name) + 8 * m_unit;
    painter.drawText(text, Qt::AlignVCenter | Qt::AlignLeft, name);
    const double hours = (row.to - row.from) / 3600;
    QString note;
    if (row.today) note = Words::tr("today");
    if (std::abs(hours - 24) > 0.01)
        note = Words::tr("%1 h", "a day on which the clocks change").arg(locale.toString(hours, 'g', 3));
    painter.setFont(sized(0.82));
    painter.setPen(row.today ? m_palette.accent : m_palette.muted);
    if (used + QFontMetricsF(painter.font()).horizontalAdvance(note) > text.width()) return;
    painter.drawText(text, Qt::AlignVCenter | Qt::AlignRight, note);
}

void SlotPainter::outline(QPainter& painter, const QRectF& rect, const QColor& colour, double away) const {
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(colour, 2));
    const QRectF around = rect.adjusted(-away, -away, away, away);
    painter.drawRoundedRect(around, 6 * m_unit, 6 * m_unit);
}

void SlotPainter::cells(QPainter& painter, const SlotLayout& layout, const SlotPaintState& state) const {
    const SlotCellPainter one(m_palette, m_font, layout.options().dpr);
    const double now = layout.options().now;
    const QRectF all = layout.plot().united(layout.labels());
    const auto pinned = [&](const SlotCell& cell) { return cell.rect.bottom() <= layout.scrolled().top() + 0.5; };
    for (const bool own : {false, true}) {
        painter.save();
        painter.setClipRect(own ? all : layout.scrolled(), Qt::IntersectClip);
        std::vector<StripTick> ticks;
        for (const SlotCell& cell : layout.cells())
            if (pinned(cell) == own && cell.tick) ticks.push_back({cell.rect, cell.state, cell.own});
        one.ticks(painter, ticks, layout.options().view == SlotView::Week && layout.set().hasOwn());
        for (const SlotCell& cell : layout.cells())
            if (pinned(cell) == own && !cell.tick) one.cell(painter, cell, layout.set().entry(cell.entry), now);
        for (const SlotCell& cell : layout.cells()) {
            if (pinned(cell) != own) continue;
            if (cell.entry == state.hovered && cell.entry != state.selected)
                outline(painter, cell.rect, mixed(m_palette.canvas, m_palette.text, 0.5), 1.5);
            if (cell.entry == state.selected)
                outline(painter, cell.rect, state.focus ? m_palette.focus : m_palette.muted, 2.5);
        }
        painter.restore();
    }
}

void SlotPainter::nowLine(QPainter& painter, const SlotLayout& layout, double now) const {
    const QRectF line = layout.lineOf(now);
    if (line.height() <= 0) return;
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(m_palette.now, 2 * m_unit));
    painter.drawLine(line.topLeft(), line.bottomLeft());
    const QString text = clockText(std::floor(now / 60) * 60, layout.options().zone);
    painter.setFont(sized(0.85, QFont::DemiBold));
    const double wide = QFontMetricsF(painter.font()).horizontalAdvance(text) + 14 * m_unit;
    QRectF tag(0, 0, wide, 18 * m_unit);
    tag.moveCenter(line.topLeft());
    tag.moveTop(layout.options().view == SlotView::Day ? std::max(0.0, layout.axis().top()) : line.top() - 2);
    tag.moveLeft(std::clamp(tag.left(), 0.0, std::max(0.0, layout.options().size.width() - wide)));
    if (layout.options().view == SlotView::Day)
        painter.drawLine(QPointF(line.left(), tag.bottom() - 1), line.topLeft());
    painter.setPen(Qt::NoPen);
    painter.setBrush(m_palette.now);
    painter.drawRoundedRect(tag, 4 * m_unit, 4 * m_unit);
    painter.setPen(m_palette.onNow);
    painter.drawText(tag, Qt::AlignCenter, text);
    painter.restore();
}

}    // namespace filfil::gui
