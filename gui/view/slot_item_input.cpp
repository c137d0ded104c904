// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "gui/view/slot_item.hpp"

#include <QGuiApplication>
#include <QStyleHints>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

// What SlotCalendarItem does when it is told to: properties, keys, mouse.

namespace filfil::gui {

namespace {

constexpr double leastSpan = 60;
constexpr double mostSpan = 14 * daySeconds;
constexpr double dragPixels = 6;
constexpr double latest = 253370764800;    // the year 9999

}    // namespace

void SlotCalendarItem::setView(View view) {
    if (view == m_view) return;
    m_view = view;
    m_from = m_to = 0;
    setHovered(-1, {});
    if (view == View::MonthView && !m_selectedDay.isValid()) m_selectedDay = shownDay();
    emit viewChanged();
    relayout();
    show();
    emit selectedChanged();
}

void SlotCalendarItem::setDay(const QString& day) {
    const QDate next = QDate::fromString(day, Qt::ISODate);
    if (next == m_day && !zoomed()) return;
    m_day = next;
    m_from = m_to = 0;
    relayout();
    show();
    emit rangeChanged();
    emit selectedChanged();
}

void SlotCalendarItem::setUtc(bool utc) {
    if (utc == m_utc) return;
    m_utc = utc;
    relayout();
    show();
    emit rangeChanged();
}

void SlotCalendarItem::setTimeZone(const QString& name) {
    if (name.toLatin1() == m_zone) return;
    m_zone = name.toLatin1();
    relayout();
    show();
    emit rangeChanged();
}

void SlotCalendarItem::setShowStrip(bool strip) {
    if (strip == m_strip) return;
    m_strip = strip;
    relayout();
    emit rangeChanged();
}

void SlotCalendarItem::setFixedNow(double now) {
    if (now == m_fixedNow) return;
    m_fixedNow = now;
    runClock();
    relayout();
    show();
    emit rangeChanged();
}

void SlotCalendarItem::setScroll(double pixels) {
    pixels = std::clamp(pixels, 0.0, m_layout.mostScroll());
    if (pixels == m_layout.options().scroll) return;
    m_scroll = pixels;
    relayout();
    emit selectedChanged();
}

void SlotCalendarItem::today() {
    setDay(QString());
    m_selectedDay = shownDay();
    const bool lost = m_selected >= 0 && rectOf(m_selected).isEmpty();
    if (lost) setSelected(-1);
    update();
    emit selectedChanged();
}

void SlotCalendarItem::goForward() { go(1); }
void SlotCalendarItem::goBack() { go(-1); }

void SlotCalendarItem::go(int by) {
    if (zoomed() && m_view == View::DayView) {
        const double span = m_to - m_from;
        zoomTo(m_from + by * span, m_to + by * span);
        return;
    }
    const QDate day = shownDay();
    switch (m_view) {
        case View::DayView: setDay(day.addDays(by).toString(Qt::ISODate)); break;
        case View::WeekView: setDay(day.addDays(7 * by).toString(Qt::ISODate)); break;
        case View::MonthView:
            setDay(QDate(day.year(), day.month(), 1).addMonths(by).toString(Qt::ISODate));
            if (m_selectedDay.month() != m_day.month()) m_selectedDay = m_day;
            emit selectedChanged();
            break;
    }
}

void SlotCalendarItem::zoomTo(double from, double to) {
    if (!std::isfinite(from) || !std::isfinite(to) || to <= from || from < 0 || from > latest) return;
    m_from = from;
    m_to = from + std::clamp(to - from, leastSpan, mostSpan);
    const bool present = now() >= m_from && now() < m_to;
    m_day = present ? QDate() : dayOf(std::midpoint(m_from, m_to), zone());
    if (m_view != View::DayView) {
        m_view = View::DayView;
        emit viewChanged();
    }
    relayout();
    show();
    emit rangeChanged();
    emit selectedChanged();
}

void SlotCalendarItem::zoomBy(double factor) {
    if (m_view != View::DayView || !(factor > 0)) return;
    const double span = std::clamp((to() - from()) / factor, leastSpan, mostSpan);
    const double middle = showsToday() && m_selected < 0 ? now()
                          : m_selected >= 0              ? m_set.entry(m_selected).open
                                                         : std::midpoint(from(), to());
    const double part = std::clamp((middle - from()) / (to() - from()), 0.0, 1.0);
    zoomTo(middle - span * part, middle + span * (1 - part));
}

void SlotCalendarItem::zoomOut() {
    if (!zoomed()) return;
    m_from = m_to = 0;
    relayout();
    show();
    emit rangeChanged();
    emit selectedChanged();
}

void SlotCalendarItem::openDay(const QString& day) {
    setDay(day);
    setView(View::DayView);
}

bool SlotCalendarItem::select(double slot, const QString& provider) {
    if (m_rebuild.isActive()) rebuild();
    const int entry = m_set.find(static_cast<qint64>(std::clamp(slot, -1.0, 9e15)), provider);
    if (entry < 0) return false;
    setSelected(entry);
    reveal(entry);
    return true;
}

void SlotCalendarItem::clearSelection() { setSelected(-1); }

void SlotCalendarItem::setSelected(int entry) {
    if (entry == m_selected) return;
    m_selected = entry;
    emit selectedChanged();
    show();
}

void SlotCalendarItem::setHovered(int entry, QDate day) {
    if (entry == m_hovered && day == m_hoveredDay) return;
    m_hovered = entry;
    m_hoveredDay = day;
    update();
    emit hoveredChanged();
    emit slotHovered(hovered(), hoveredRect());
}

/// Shows the day or week of the entry, and scrolls to its lane.
void SlotCalendarItem::reveal(int entry) {
    if (entry < 0) return;
    const SlotEntry& one = m_set.entry(entry);
    if (m_view == View::MonthView) {
        m_selectedDay = dayOf(one.open, zone());
        if (m_selectedDay.month() != shownDay().month() || m_selectedDay.year() != shownDay().year())
            setDay(m_selectedDay.toString(Qt::ISODate));
        return;
    }
    if (one.close <= from() || one.open >= to()) {
        if (zoomed()) {
            const double span = to() - from();
            zoomTo(one.open - span / 3, one.open + span * 2 / 3);
        } else {
            setDay(dayOf(one.open, zone()).toString(Qt::ISODate));
        }
    }
    if (m_view != View::DayView || m_layout.mostScroll() <= 0) return;
    const double lane = std::max(1.0, m_layout.rows().empty() ? 1.0 : m_layout.rows().front().rect.height());
    const double top = lane * m_set.laneOf(entry);    // without scrolling, from the plot's top
    const double pinned = m_layout.scrolled().top() - m_layout.plot().top();
    if (top < pinned - 0.5) return;
    const double scroll = std::clamp(m_layout.options().scroll, top + lane - m_layout.plot().height(), top - pinned);
    setScroll(scroll);
}

void SlotCalendarItem::move(SlotStep step) {
    const int entry = m_layout.next(m_selected, step);
    if (entry < 0) return;
    setSelected(entry);
    reveal(entry);
}

void SlotCalendarItem::moveDay(SlotStep step) {
    QDate day = m_selectedDay.isValid() ? m_selectedDay : shownDay();
    if (step == SlotStep::First)
        day = QDate(day.year(), day.month(), 1);
    else if (step == SlotStep::Last)
        day = QDate(day.year(), day.month(), day.daysInMonth());
    else
        day = SlotLayout::nextDay(day, step, mirrored());
    m_selectedDay = day;
    if (day.month() != shownDay().month() || day.year() != shownDay().year()) setDay(day.toString(Qt::ISODate));
    emit selectedChanged();
    show();
}

void SlotCalendarItem::activate() {
    if (m_view == View::MonthView) {
        if (!m_selectedDay.isValid()) return;
        const QString day = m_selectedDay.toString(Qt::ISODate);
        openDay(day);
        emit dayActivated(day);
        return;
    }
    if (m_selected >= 0) emit slotActivated(selected());
}

void SlotCalendarItem::keyPressEvent(QKeyEvent* event) {
    if ((event->modifiers() & ~(Qt::KeypadModifier | Qt::ShiftModifier)) != Qt::NoModifier) return event->ignore();
    if (!std::exchange(m_keyboard, true)) update();
    const bool month = m_view == View::MonthView;
    const auto step = [&](SlotStep one) { month ? moveDay(one) : move(one); };
    switch (event->key()) {
        case Qt::Key_Left: step(SlotStep::Earlier); break;
        case Qt::Key_Right: step(SlotStep::Later); break;
        case Qt::Key_Up: step(SlotStep::Up); break;
        case Qt::Key_Down: step(SlotStep::Down); break;
        case Qt::Key_Home: step(SlotStep::First); break;
        case Qt::Key_End: step(SlotStep::Last); break;
        case Qt::Key_PageUp: goBack(); break;
        case Qt::Key_PageDown: goForward(); break;
        case Qt::Key_T: today(); break;
        case Qt::Key_Plus:
        case Qt::Key_Equal: zoomBy(2); break;
        case Qt::Key_Minus: zoomBy(0.5); break;
        case Qt::Key_Return:
        case Qt::Key_Enter:
        case Qt::Key_Space: activate(); break;
        case Qt::Key_Menu:
            if (m_selected >= 0) emit slotMenu(selected(), selectedRect().center());
            break;
        case Qt::Key_Escape:
            if (zoomed())
                zoomOut();
            else if (m_selected >= 0)
                clearSelection();
            else
                return event->ignore();
            break;
        default: return event->ignore();
    }
    event->accept();
}

void SlotCalendarItem::focusInEvent(QFocusEvent* event) {
    PaintedItem::focusInEvent(event);
    // Whoever comes by Tab is shown where the arrows begin.
    const bool keyboard = event->reason() == Qt::TabFocusReason || event->reason() == Qt::BacktabFocusReason;
    m_keyboard = keyboard;
    if (keyboard && m_view == View::MonthView && !m_selectedDay.isValid()) m_selectedDay = shownDay();
    if (keyboard && m_view != View::MonthView && m_selected < 0) setSelected(m_layout.next(-1, SlotStep::Later));
    show();
}

void SlotCalendarItem::focusOutEvent(QFocusEvent* event) {
    PaintedItem::focusOutEvent(event);
    show();
}

void SlotCalendarItem::hoverMoveEvent(QHoverEvent* event) {
    const SlotHit hit = m_layout.at(event->position());
    const bool day = hit.what == SlotHit::What::Day;
    setHovered(hit.entry, day ? m_layout.days()[static_cast<std::size_t>(hit.row)].day : QDate());
    const bool hand = hit.what == SlotHit::What::Slot || day || hit.what == SlotHit::What::Strip;
    setCursor(hit.what == SlotHit::What::Strip ? Qt::CrossCursor : hand ? Qt::PointingHandCursor : Qt::ArrowCursor);
}

void SlotCalendarItem::hoverLeaveEvent(QHoverEvent*) { setHovered(-1, {}); }

void SlotCalendarItem::mousePressEvent(QMouseEvent* event) {
    forceActiveFocus(Qt::MouseFocusReason);
    m_keyboard = false;
    const SlotHit hit = m_layout.at(event->position());
    if (event->button() == Qt::RightButton) {
        if (hit.entry >= 0) {
            setSelected(hit.entry);
            emit slotMenu(selected(), event->position());
        }
        return;
    }
    switch (hit.what) {
        case SlotHit::What::Strip:
            m_brushFrom = hit.time;
            m_brushTo.reset();
            break;
        case SlotHit::What::Day:
            m_selectedDay = m_layout.days()[static_cast<std::size_t>(hit.row)].day;
            emit selectedChanged();
            show();
            break;
        default: setSelected(hit.entry); break;
    }
}

void SlotCalendarItem::mouseMoveEvent(QMouseEvent* event) {
    if (!m_brushFrom) return;
    const double time = m_layout.stripTimeAt(event->position().x());
    const double pixels = std::abs(time - *m_brushFrom) / std::max(1.0, m_layout.stripTo() - m_layout.stripFrom()) *
                          m_layout.strip().width();
    if (!m_brushTo && pixels < dragPixels) return;
    m_brushTo = time;
    update();
}

void SlotCalendarItem::mouseReleaseEvent(QMouseEvent*) {
    if (!m_brushFrom) return;
    const double from = *m_brushFrom;
    const std::optional<double> to = m_brushTo;
    m_brushFrom.reset();
    m_brushTo.reset();
    if (to)
        zoomTo(std::min(from, *to), std::max(from, *to));
    else
        setDay(dayOf(from, zone()).toString(Qt::ISODate));
    update();
}

void SlotCalendarItem::mouseUngrabEvent() {
    m_brushFrom.reset();
    m_brushTo.reset();
    update();
}

void SlotCalendarItem::mouseDoubleClickEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton) return;
    const SlotHit hit = m_layout.at(event->position());
    if (hit.what == SlotHit::What::Day || hit.entry >= 0) return activate();
    if (m_view == View::WeekView && hit.what == SlotHit::What::Lane) {
        const QString day = m_layout.rows()[static_cast<std::size_t>(hit.row)].day.toString(Qt::ISODate);
        openDay(day);
        emit dayActivated(day);
    } else if (zoomed()) {
        zoomOut();
    }
}

void SlotCalendarItem::wheelEvent(QWheelEvent* event) {
    const QPointF turned = QPointF(event->angleDelta()) / 120;
    if (m_view == View::DayView && event->modifiers().testFlag(Qt::ControlModifier)) {
        const double at = std::clamp(m_layout.timeAt(event->position().x()), from(), to());
        const double span = std::clamp((to() - from()) * std::pow(1.25, -turned.y()), leastSpan, mostSpan);
        const double part = (at - from()) / (to() - from());
        zoomTo(at - span * part, at + span * (1 - part));
    } else if (zoomed() && (turned.x() != 0 || event->modifiers().testFlag(Qt::ShiftModifier))) {
        const double by = (turned.x() != 0 ? turned.x() : turned.y()) * (to() - from()) / -8 * (mirrored() ? -1 : 1);
        zoomTo(m_from + by, m_to + by);
    } else if (m_layout.mostScroll() > 0) {
        setScroll(m_layout.options().scroll - turned.y() * 48);
    } else {
        return event->ignore();
    }
    event->accept();
}

}    // namespace filfil::gui
