// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "gui/view/slot_item.hpp"

#include "gui/view/slot_model_reader.hpp"
#include "gui/view/slot_words.hpp"

#include <QDateTime>
#include <QUrl>

#include <algorithm>
#include <cmath>

namespace filfil::gui {

namespace {

QVariant known(qint64 number) { return number < 0 ? QVariant() : QVariant(static_cast<double>(number)); }

const char* nameOf(SlotState state) {
    switch (state) {
        case SlotState::Future: return "future";
        case SlotState::Open: return "open";
        case SlotState::Building: return "building";
        case SlotState::Published: return "published";
        case SlotState::Stored: return "stored";
        case SlotState::Paid: return "paid";
        case SlotState::Missed: return "missed";
        case SlotState::Disputed: return "disputed";
        case SlotState::Reassigned: return "reassigned";
        case SlotState::Skipped: return "skipped";
        case SlotState::Ended: return "ended";
        case SlotState::Unknown: break;
    }
    return "unknown";
}

}    // namespace

SlotCalendarItem::SlotCalendarItem(QQuickItem* parent) : PaintedItem(parent), m_line(new NowLineItem(this)) {
    setAcceptHoverEvents(true);
    setAcceptedMouseButtons(Qt::LeftButton | Qt::RightButton);
    setActiveFocusOnTab(true);
    setFlag(ItemClipsChildrenToShape, false);
    m_clock.setInterval(1000);
    connect(&m_clock, &QTimer::timeout, this, &SlotCalendarItem::tick);
    m_rebuild.setSingleShot(true);
    connect(&m_rebuild, &QTimer::timeout, this, &SlotCalendarItem::rebuild);
}

double SlotCalendarItem::now() const {
    return m_fixedNow > 0 ? m_fixedNow : static_cast<double>(QDateTime::currentMSecsSinceEpoch()) / 1000;
}

QTimeZone SlotCalendarItem::zone() const {
    if (m_utc) return QTimeZone::utc();
    const QTimeZone named(m_zone);
    return !m_zone.isEmpty() && named.isValid() ? named : QTimeZone::systemTimeZone();
}

QDate SlotCalendarItem::shownDay() const { return m_day.isValid() ? m_day : dayOf(now(), zone()); }

QString SlotCalendarItem::day() const { return m_day.isValid() ? m_day.toString(Qt::ISODate) : QString(); }

void SlotCalendarItem::setModel(QAbstractItemModel* model) {
    if (model == m_model) return;
    if (m_model) m_model->disconnect(this);
    m_model = model;
    if (model != nullptr) {
        connect(model, &QAbstractItemModel::modelReset, this, &SlotCalendarItem::readAll);
        connect(model, &QAbstractItemModel::layoutChanged, this, &SlotCalendarItem::readAll);
        connect(model, &QAbstractItemModel::rowsMoved, this, &SlotCalendarItem::readAll);
        connect(model, &QAbstractItemModel::rowsInserted, this, [this](const QModelIndex&, int first, int last) {
            m_rows.insert(m_rows.begin() + first, static_cast<std::size_t>(last - first + 1), SlotEntry());
            readRows(first, last);
        });
        connect(model, &QAbstractItemModel::rowsRemoved, this, [this](const QModelIndex&, int first, int last) {
            m_rows.erase(m_rows.begin() + first, m_rows.begin() + last + 1);
            rebuildLater();
        });
        connect(model, &QAbstractItemModel::dataChanged, this,
                [this](const QModelIndex& first, const QModelIndex& last) { readRows(first.row(), last.row()); });
        connect(model, &QObject::destroyed, this, [this] {
            m_rows.clear();
            rebuildLater();
        });
    }
    readAll();
    emit modelChanged();
}

void SlotCalendarItem::readAll() {
    m_rows = m_model ? SlotModelReader(*m_model).all() : std::vector<SlotEntry>();
    rebuildLater();
}

void SlotCalendarItem::readRows(int first, int last) {
    const SlotModelReader reader(*m_model);
    const int end = std::min(last, static_cast<int>(m_rows.size()) - 1);
    for (int i = std::max(0, first); i <= end; ++i) m_rows[static_cast<std::size_t>(i)] = reader.row(i);
    rebuildLater();
}

void SlotCalendarItem::rebuildLater() {
    // Many changes come at once: one look at the end of them does.
    if (isComponentComplete() && !m_rebuild.isActive()) m_rebuild.start(0);
}

void SlotCalendarItem::rebuild() {
    const auto key = [this](int entry) {
        return entry >= 0 && entry < m_set.size() ? std::pair(m_set.entry(entry).slot, m_set.entry(entry).provider)
                                                  : std::pair(qint64(-1), QString());
    };
    const auto selected = key(m_selected);
    const auto hovered = key(m_hovered);
    const int before = m_set.size();
    m_set = SlotSet(m_rows);
    m_selected = selected.first >= 0 ? m_set.find(selected.first, selected.second) : -1;
    m_hovered = hovered.first >= 0 ? m_set.find(hovered.first, hovered.second) : -1;
    relayout();
    show();
    if (before != m_set.size()) emit windowsChanged();
    emit selectedChanged();
    emit hoveredChanged();
}

SlotLayoutOptions SlotCalendarItem::layoutOptions() const {
    SlotLayoutOptions options;
    options.view = static_cast<SlotView>(m_view);
    options.size = size();
    options.zone = zone();
    options.now = now();
    options.day = m_day;
    options.from = m_view == View::DayView ? m_from : 0;
    options.to = m_view == View::DayView ? m_to : 0;
    options.scroll = m_scroll;
    options.strip = m_strip;
    options.rightToLeft = mirrored();
    options.text = font().pixelSize();
    options.dpr = dpr();
    return options;
}

void SlotCalendarItem::relayout() {
    if (!isComponentComplete()) return;
    const double scrolled = m_layout.options().scroll;
    const std::pair sizes(m_layout.mostScroll(), m_layout.contentHeight());
    m_layout = SlotLayout(m_set, layoutOptions());

    // When the picture itself has to be painted again: a window opens or ends, a bar drains by a pixel, a minute is
    // over.
    const double at = m_layout.options().now;
    m_nextPaint = at + 300;
    for (const SlotCell& cell : m_layout.cells()) {
        const SlotEntry& entry = m_set.entry(cell.entry);
        if (entry.open > at) m_nextPaint = std::min(m_nextPaint, entry.open);
        if (entry.close > at) m_nextPaint = std::min(m_nextPaint, entry.close);
        if (cell.state == SlotState::Open)
            m_nextPaint = std::min(
                m_nextPaint,
                at + std::clamp((entry.close - entry.open) / std::max(1.0, cell.rect.width() * dpr()), 1.0, 60.0));
        else if (cell.rect.width() > 100 && entry.close > at)
            m_nextPaint = std::min(m_nextPaint, at + 60);
    }

    m_line->setLook(colours(), font());
    m_line->place(m_layout, at);
    emit nowLineChanged();
    if (scrolled != m_layout.options().scroll || sizes != std::pair(m_layout.mostScroll(), m_layout.contentHeight()))
        emit scrollChanged();
    const QString title = filfil::gui::rangeTitle(m_layout);
    if (title != m_titleShown || m_shown != std::pair(from(), to())) {
        m_titleShown = title;
        m_shown = {from(), to()};
        emit rangeChanged();
    }
    update();
}

void SlotCalendarItem::componentComplete() {
    PaintedItem::componentComplete();
    rebuild();
    runClock();
}

void SlotCalendarItem::itemChange(ItemChange change, const ItemChangeData& data) {
    PaintedItem::itemChange(change, data);
    if (change == ItemVisibleHasChanged || change == ItemSceneChange) runClock();
}

void SlotCalendarItem::runClock() {
    if (isComponentComplete() && isVisible() && m_fixedNow <= 0) {
        if (m_clock.isActive()) return;
        m_clock.start();
        tick();
    } else {
        m_clock.stop();
    }
}

void SlotCalendarItem::tick() {
    const double at = now();
    // The clock may have been set: back, or far ahead.
    const bool over = at >= m_nextPaint || at < m_layout.options().now - 1;
    const bool nextDay = !m_day.isValid() && dayOf(at, zone()) != dayOf(m_layout.options().now, zone());
    if (over || nextDay) {
        relayout();
        show();
        return;
    }
    const QRectF before = m_line->line();
    m_line->place(m_layout, at);
    if (before != m_line->line()) emit nowLineChanged();
}

void SlotCalendarItem::paint(QPainter* painter) {
    SlotPaintState state;
    state.selected = m_selected;
    state.hovered = m_hovered;
    state.selectedDay = m_view == View::MonthView ? m_selectedDay : QDate();
    state.hoveredDay = m_hoveredDay;
    state.focus = hasActiveFocus();
    state.ring = state.focus && m_keyboard && m_selected < 0 && m_view != View::MonthView;
    if (m_brushFrom && m_brushTo)
        state.brush = std::pair(std::min(*m_brushFrom, *m_brushTo), std::max(*m_brushFrom, *m_brushTo));
    if (m_layout.options().size.isEmpty()) return;
    SlotPainter(colours(), font()).paint(*painter, m_layout, state);
}

QString SlotCalendarItem::summary() const {
    if (m_view == View::MonthView && m_selectedDay.isValid() && hasActiveFocus())
        return accessibleDay(m_layout, m_selectedDay);
    if (m_selected >= 0 && m_selected < m_set.size()) return accessibleSentence(m_set.entry(m_selected), now(), zone());
    const QString what = accessibleSummary(m_layout);
    return title().isEmpty() ? QString(tr("Slot calendar") + QStringLiteral(", ") + what) : what;
}

QVariantMap SlotCalendarItem::mapOf(int entry) const {
    if (entry < 0 || entry >= m_set.size()) return {};
    const SlotEntry& one = m_set.entry(entry);
    const SlotState state = shownState(one, now());
    return {{QStringLiteral("slot"), known(one.slot)},
            {QStringLiteral("round"), known(one.round)},
            {QStringLiteral("index"), known(one.index)},
            {QStringLiteral("provider"), one.provider},
            {QStringLiteral("openTime"), one.open},
            {QStringLiteral("closeTime"), one.close},
            {QStringLiteral("openEpoch"), known(one.openEpoch)},
            {QStringLiteral("closeEpoch"), known(one.closeEpoch)},
            {QStringLiteral("targetEpoch"), known(one.targetEpoch)},
            {QStringLiteral("state"), QString::fromLatin1(nameOf(state))},
            {QStringLiteral("stateName"), stateName(state)},
            {QStringLiteral("own"), one.own},
            {QStringLiteral("progress"), one.progress < 0 ? QVariant() : QVariant(one.progress)},
            {QStringLiteral("reward"), one.reward},
            {QStringLiteral("detail"), one.detail},
            {QStringLiteral("dealId"), known(one.dealId)},
            {QStringLiteral("sentence"), accessibleSentence(one, now(), zone())}};
}

QRectF SlotCalendarItem::rectOf(int entry) const {
    if (entry < 0) return {};
    const SlotCell* cell = m_layout.cellOf(entry);
    return cell != nullptr ? cell->rect : QRectF();
}

QVariantMap SlotCalendarItem::slotAt(double x, double y) const { return mapOf(m_layout.at({x, y}).entry); }

QRectF SlotCalendarItem::rectOfSlot(double slot, const QString& provider) const {
    return rectOf(m_set.find(static_cast<qint64>(std::clamp(slot, -1.0, 9e15)), provider));
}

QString SlotCalendarItem::rangeTitle() const { return m_titleShown; }

bool SlotCalendarItem::showsToday() const { return now() >= from() && now() < to(); }

SlotSheet SlotCalendarItem::sheet() const {
    SlotSheet sheet;
    sheet.set = &m_set;
    sheet.options = layoutOptions();
    sheet.options.scroll = 0;
    // All lanes belong on the paper, however small the window is.
    const double lanes = static_cast<double>(m_set.lanes().size()) * 36 + 120;
    sheet.options.size =
        QSizeF(std::max(1120.0, width()),
               std::clamp(m_view == View::DayView ? lanes : 0.0, std::max(480.0, std::min(height(), 760.0)), 4000.0));
    sheet.palette = SlotPalette::light();
    sheet.font = font();
    sheet.font.setPixelSize(13);
    sheet.options.text = 13;
    return sheet;
}

bool SlotCalendarItem::finish(const Result<void>& written, const QString& path) {
    if (written.ok())
        emit exported(path);
    else
        emit exportFailed(QString::fromStdString(written.error().message),
                          QString::fromStdString(written.error().remedy));
    return written.ok();
}

bool SlotCalendarItem::exportPng(const QUrl& place, double scale) {
    const QString path = place.isLocalFile() ? place.toLocalFile() : place.toString();
    SlotSheet page = sheet();
    page.palette = colours();
    return finish(filfil::gui::exportPng(page, path, scale), path);
}

bool SlotCalendarItem::exportPdf(const QUrl& place) {
    const QString path = place.isLocalFile() ? place.toLocalFile() : place.toString();
    return finish(filfil::gui::exportPdf(sheet(), path), path);
}

}    // namespace filfil::gui
