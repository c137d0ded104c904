// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "gui/view/slot_glyphs.hpp"
#include "gui/view/slot_painter.hpp"
#include "gui/view/slot_words.hpp"

#include <QCoreApplication>
#include <QFontMetricsF>

#include <algorithm>
#include <cmath>

// SlotPainter's month, strip of days, and legend.

namespace filfil::gui {

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(SlotCalendar)
};

/// The order in which a day's bar is stacked: from good to bad to what is to come.
constexpr SlotState barOrder[] = {SlotState::Paid,    SlotState::Stored, SlotState::Published, SlotState::Building,
                                  SlotState::Open,    SlotState::Missed, SlotState::Disputed,  SlotState::Reassigned,
                                  SlotState::Skipped, SlotState::Ended,  SlotState::Unknown,   SlotState::Future};

}    // namespace

void SlotPainter::month(QPainter& painter, const SlotLayout& layout, const SlotPaintState& state) const {
    painter.save();
    painter.setClipRect(layout.plot().united(layout.axis()), Qt::IntersectClip);
    for (const SlotDay& day : layout.days()) monthDay(painter, layout, day, state);
    painter.setRenderHint(QPainter::Antialiasing, false);
    const double thin = 1 / layout.options().dpr;
    for (const SlotDay& day : layout.days()) {
        painter.fillRect(QRectF(day.rect.left(), day.rect.bottom() - thin, day.rect.width(), thin), m_palette.grid);
        painter.fillRect(QRectF(day.rect.right() - thin, day.rect.top(), thin, day.rect.height()), m_palette.grid);
    }
    for (const SlotDay& day : layout.days()) {
        if (day.day == state.hoveredDay && day.day != state.selectedDay)
            outline(painter, day.rect.adjusted(2, 2, -3, -3), mixed(m_palette.canvas, m_palette.text, 0.35), 0);
        if (day.day == state.selectedDay)
            outline(painter, day.rect.adjusted(2, 2, -3, -3), state.focus ? m_palette.focus : m_palette.muted, 0);
    }
    painter.restore();
}

void SlotPainter::monthDay(QPainter& painter, const SlotLayout& layout, const SlotDay& day,
                           const SlotPaintState&) const {
    const DaySummary& sum = day.own;
    const double pad = std::round(std::min({10 * m_unit, day.rect.width() / 8, day.rect.height() / 7}));
    QRectF inside = day.rect.adjusted(pad, pad * 0.8, -pad, -pad);
    const QColor ground = day.today ? m_palette.panel : m_palette.canvas;
    painter.setRenderHint(QPainter::Antialiasing);
    painter.fillRect(day.rect, ground);

    painter.setFont(sized(1, day.today ? QFont::Bold : QFont::Normal));
    const QFontMetricsF metrics(painter.font());
    const double high = std::round(metrics.height() + 4 * m_unit);
    const QString number = QString::number(day.day.day());
    QRectF place(inside.left(), inside.top(), std::max(high, metrics.horizontalAdvance(number) + 8 * m_unit), high);
    if (layout.options().rightToLeft) place.moveRight(inside.right());
    if (day.today) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(m_palette.accent);
        painter.drawRoundedRect(place, high / 2, high / 2);
        painter.setPen(inkOn(m_palette.accent));
    } else {
        painter.setPen(day.inMonth ? m_palette.text : mixed(m_palette.canvas, m_palette.muted, 0.75));
    }
    painter.drawText(place, Qt::AlignCenter, number);
    if (sum.total == 0) return;

    // The number of hits stands beside the day, where it is told once for all states.
    const int ahead =
        sum.count[static_cast<std::size_t>(SlotState::Future)] + sum.count[static_cast<std::size_t>(SlotState::Open)];
    const QString told = sum.judged > 0 ? Words::tr("%1/%2", "hits of windows").arg(sum.hits).arg(sum.judged)
                         : ahead > 0    ? Words::tr("%n ahead", nullptr, ahead)
                                        : QString::number(sum.total);
    painter.setFont(sized(0.85, QFont::DemiBold));
    const double wide = QFontMetricsF(painter.font()).horizontalAdvance(told);
    const double room = inside.width() - place.width() - 4 * m_unit;
    if (wide <= room) {
        painter.setPen(sum.judged == 0 ? m_palette.muted : sum.hits == sum.judged ? m_palette.green : m_palette.red);
        QRectF right(inside.left(), place.top(), inside.width(), high);
        painter.drawText(right, Qt::AlignRight | Qt::AlignVCenter, told);
        const double glyph = 11 * m_unit;
        if (sum.judged > 0 && wide + glyph + 4 * m_unit <= room) {
            const double x = layout.options().rightToLeft ? inside.left() + wide + 5 * m_unit
                                                          : inside.right() - wide - 5 * m_unit - glyph;
            paintGlyph(painter, sum.hits == sum.judged ? SlotState::Paid : SlotState::Missed,
                       {x, place.center().y() - glyph / 2, glyph, glyph}, painter.pen().color());
        }
    }

    const double barHigh = std::max(3.0, std::min(std::round(7 * m_unit), std::round(day.rect.height() / 9)));
    const QRectF bar(inside.left(), inside.bottom() - barHigh, inside.width(), barHigh);
    if (bar.top() < place.center().y() + 4 * m_unit) return;
    double from = 0;
    painter.setRenderHint(QPainter::Antialiasing, false);
    const double gap = sum.total <= bar.width() / 6 ? 1 : 0;
    for (const SlotState state : barOrder) {
        const int count = sum.count[static_cast<std::size_t>(state)];
        for (int i = 0; i < (gap > 0 ? count : std::min(count, 1)); ++i) {
            const double part = (gap > 0 ? 1.0 : count) / sum.total * bar.width();
            QRectF piece(bar.left() + from, bar.top(), std::max(1.0, part - gap), bar.height());
            if (layout.options().rightToLeft) piece.moveRight(bar.right() - from);
            from += part;
            const QColor ink = m_palette.ink(state);
            if (state == SlotState::Future || state == SlotState::Skipped) {
                painter.fillRect(piece, mixed(ground, ink, 0.55));
                if (piece.width() > 3) painter.fillRect(piece.adjusted(1, 1, -1, -1), ground);
            } else {
                painter.fillRect(piece, ink);
                if (state == SlotState::Missed && piece.width() > 3)
                    painter.fillRect(piece.adjusted(0, barHigh * 0.36, 0, -barHigh * 0.36), ground);
            }
        }
    }

    // What there is room for between: a line for each state.
    const QFont small = sized(0.82);
    painter.setFont(small);
    const double line = std::round(QFontMetricsF(small).height() + 3 * m_unit);
    double y = place.bottom() + 5 * m_unit;
    for (const SlotState state : barOrder) {
        const int count = sum.count[static_cast<std::size_t>(state)];
        if (count == 0) continue;
        if (y + line > bar.top() - 2 * m_unit || inside.width() < 84 * m_unit) break;
        const double glyph = std::round(11 * m_unit);
        const double x = layout.options().rightToLeft ? inside.right() - glyph : inside.left() + 2 * m_unit;
        paintGlyph(painter, state, {x, y + (line - glyph) / 2, glyph, glyph}, m_palette.ink(state));
        painter.setPen(m_palette.muted);
        const QString text =
            Words::tr("%1 %2", "a number and a state: 3 paid").arg(count).arg(stateName(state).toLower());
        QRectF words(inside.left() + glyph + 8 * m_unit, y, inside.width() - glyph - 8 * m_unit, line);
        if (layout.options().rightToLeft) words.moveLeft(inside.left());
        painter.drawText(words, Qt::AlignVCenter | Qt::AlignLeft,
                         QFontMetricsF(small).elidedText(text, Qt::ElideRight, words.width()));
        y += line;
    }
}

void SlotPainter::strip(QPainter& painter, const SlotLayout& layout, const SlotPaintState& state) const {
    const QRectF& area = layout.strip();
    if (area.isEmpty()) return;
    const SlotLayoutOptions& options = layout.options();
    const double dpr = options.dpr;
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.fillRect(area, m_palette.panel);
    const auto xOf = [&](double time) {
        const double part = (time - layout.stripFrom()) / (layout.stripTo() - layout.stripFrom());
        return options.rightToLeft ? area.right() - part * area.width() : area.left() + part * area.width();
    };
    SlotCellPainter(m_palette, m_font, dpr).ticks(painter, layout.ticks(), layout.set().hasOwn());

    painter.setFont(sized(0.78));
    const double each = area.width() / 14;
    const int every = each >= 52 * m_unit ? 1 : each >= 26 * m_unit ? 2 : 7;
    for (std::size_t i = 0; i < layout.stripMarks().size(); ++i) {
        const double x = std::round(xOf(layout.stripMarks()[i].time) * dpr) / dpr;
        if (i > 0)
            painter.fillRect(QRectF(x - (options.rightToLeft ? 0 : 1 / dpr), area.top(), 1 / dpr, area.height()),
                             m_palette.canvas);
        if (static_cast<int>(layout.stripMarks().size() - 1 - i) % every != 0) continue;
        const QRectF text(options.rightToLeft ? x - each * every : x, area.bottom() + 3 * m_unit, each * every,
                          16 * m_unit);
        painter.setPen(m_palette.muted);
        const double wide = QFontMetricsF(painter.font()).horizontalAdvance(layout.stripMarks()[i].text) + 2;
        const double middle = options.rightToLeft ? text.right() - each / 2 : text.left() + each / 2;
        const double left = std::clamp(middle - wide / 2, area.left(), std::max(area.left(), area.right() - wide));
        painter.drawText(QRectF(left, text.top(), wide, text.height()), Qt::AlignCenter | Qt::TextDontClip,
                         layout.stripMarks()[i].text);
    }
    if (options.now >= layout.stripFrom() && options.now < layout.stripTo()) {
        const double x = std::round(xOf(options.now) * dpr) / dpr;
        painter.fillRect(QRectF(x - 1, area.top() - 2, 2, area.height() + 4), m_palette.now);
    }
    const auto frame = [&](const QRectF& rect, const QColor& colour) {
        painter.setRenderHint(QPainter::Antialiasing);
        QColor veil = colour;
        veil.setAlphaF(0.12F);
        painter.setBrush(veil);
        painter.setPen(QPen(colour, 1.5 * m_unit));
        painter.drawRoundedRect(rect, 4 * m_unit, 4 * m_unit);
        painter.setRenderHint(QPainter::Antialiasing, false);
    };
    if (layout.stripShown().width() > 0 && layout.stripShown().width() < area.width() - 1)
        frame(layout.stripShown(), m_palette.accent);
    if (state.brush) {
        const double a = xOf(state.brush->first);
        const double b = xOf(state.brush->second);
        frame(QRectF(std::min(a, b), area.top() - 2, std::abs(b - a), area.height() + 4), m_palette.focus);
    }
    if (layout.stripLabel().width() > 0) {
        painter.setFont(sized(0.88));
        painter.setPen(m_palette.muted);
        painter.drawText(layout.stripLabel().adjusted(12 * m_unit, 0, -8 * m_unit, 0), Qt::AlignVCenter | Qt::AlignLeft,
                         Words::tr("14 days"));
    }
    painter.restore();
}

namespace {

/// Two states say that something is not known; the words in the calendar do.
bool inLegend(SlotState state) { return state != SlotState::Unknown && state != SlotState::Ended; }

}    // namespace

double SlotPainter::legendWidth() const {
    const QFontMetricsF metrics(sized(0.92));
    double wide = 0;
    for (const SlotState state : allSlotStates)
        if (inLegend(state))
            wide += std::round(22 * m_unit) + 27 * m_unit + metrics.horizontalAdvance(stateName(state)) + 2;
    return std::ceil(wide);
}

double SlotPainter::legend(QPainter* painter, const QRectF& area, bool rightToLeft) const {
    const QFont font = sized(0.92);
    const QFontMetricsF metrics(font);
    const double box = std::round(22 * m_unit);
    const double line = std::round(28 * m_unit);
    double x = 0;
    double y = 0;
    if (painter != nullptr) {
        painter->save();
        painter->setLayoutDirection(rightToLeft ? Qt::RightToLeft : Qt::LeftToRight);
    }
    const SlotCellPainter cells(m_palette, m_font, painter != nullptr ? painter->device()->devicePixelRatioF() : 1);
    for (const SlotState state : allSlotStates) {
        if (!inLegend(state)) continue;
        const QString name = stateName(state);
        const double wide = box + 7 * m_unit + metrics.horizontalAdvance(name) + 2;
        if (x > 0 && x + wide > area.width()) {
            x = 0;
            y += line;
        }
        if (painter != nullptr) {
            const double left = rightToLeft ? area.right() - x - box : area.left() + x;
            cells.sample(*painter, {left, std::round(area.top() + y + (line - box) / 2), box, box}, state);
            painter->setFont(font);
            painter->setPen(m_palette.muted);
            const QRectF text(rightToLeft ? left - (wide - box) : left + box + 7 * m_unit, area.top() + y,
                              wide - box - 7 * m_unit, line);
            painter->drawText(text, Qt::AlignVCenter | Qt::AlignLeft | Qt::TextDontClip, name);
        }
        x += wide + 20 * m_unit;
    }
    if (painter != nullptr) painter->restore();
    return y + line;
}

}    // namespace filfil::gui
