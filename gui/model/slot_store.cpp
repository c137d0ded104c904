// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "gui/model/slot_store.hpp"

#include "gui/model/deal_store.hpp"
#include "gui/model/format.hpp"
#include "gui/model/json_fields.hpp"
#include "gui/model/slot_states.hpp"

#include <QJsonArray>

#include <algorithm>
#include <limits>
#include <utility>

namespace filfil::gui {
namespace {

/// Windows move with the chain and no event tells of it.
constexpr int refresh_milliseconds = 60'000;

/// The most that FilFil.Slots tells.
constexpr int staged_page = 64;

QString slotOf(const QJsonObject& object) {
    static const RecordModel::KeyOf key = RecordModel::field(QStringLiteral("slot"));
    return key(object);
}

QString eventKey(const QJsonObject& event) {
    const auto place = EventPlace::of(event);
    return place ? place->key() : QString();
}

}    // namespace

SlotStore::SlotStore(Session& session, Format& format, JobStore& jobs, DealStore& deals, QObject* parent)
    : Store(session, format, parent), m_jobs(jobs), m_deals(deals) {
    setModel(
        new RecordModel(RecordModel::field(QStringLiteral("key")),
                        {{QStringLiteral("miner"), QT_TR_NOOP("Provider"), ColumnKind::Text, 100},
                         {QStringLiteral("slot"), QT_TR_NOOP("Slot"), ColumnKind::Number, 90},
                         {QStringLiteral("state"), QT_TR_NOOP("State"), ColumnKind::State, 110},
                         {QStringLiteral("open_time"), QT_TR_NOOP("Opens"), ColumnKind::Time, 150},
                         {QStringLiteral("close_time"), QT_TR_NOOP("Closes"), ColumnKind::Time, 150},
                         {QStringLiteral("target_epoch"), QT_TR_NOOP("Snapshot of"), ColumnKind::Epoch, 110},
                         {QStringLiteral("staged"), QT_TR_NOOP("Staged"), ColumnKind::Text, 70},
                         {QStringLiteral("reward_atto"), QT_TR_NOOP("Reward"), ColumnKind::Fil, 100},
                         {QStringLiteral("detail"), QT_TR_NOOP("Trouble"), ColumnKind::Text, 260}},
                        {QStringLiteral("key"), QStringLiteral("round"), QStringLiteral("index"), QStringLiteral("own"),
                         QStringLiteral("open_epoch"), QStringLiteral("close_epoch"), QStringLiteral("target_time"),
                         QStringLiteral("reward"), QStringLiteral("progress"), QStringLiteral("dealId"),
                         QStringLiteral("snapshot"), QStringLiteral("stage"), QStringLiteral("paid")},
                        &format, this));
    m_providers = new RecordModel(
        RecordModel::field(QStringLiteral("miner")),
        {{QStringLiteral("miner"), QT_TR_NOOP("Provider"), ColumnKind::Text, 110},
         {QStringLiteral("standing"), QT_TR_NOOP("Standing"), ColumnKind::State, 100},
         {QStringLiteral("misses"), QT_TR_NOOP("Misses in a row"), ColumnKind::Number, 110},
         {QStringLiteral("policy"), QT_TR_NOOP("Policy"), ColumnKind::State, 110},
         {QStringLiteral("state"), QT_TR_NOOP("Window"), ColumnKind::State, 100},
         {QStringLiteral("open_time"), QT_TR_NOOP("Opens"), ColumnKind::Time, 150},
         {QStringLiteral("close_time"), QT_TR_NOOP("Closes"), ColumnKind::Time, 150}},
        {QStringLiteral("slot"), QStringLiteral("round"), QStringLiteral("index"), QStringLiteral("target_epoch"),
         QStringLiteral("target_time"), QStringLiteral("open_epoch"), QStringLiteral("close_epoch")},
        &format, this);
    m_reputation =
        new RecordModel(RecordModel::field(QStringLiteral("miner")),
                        {{QStringLiteral("miner"), QT_TR_NOOP("Provider"), ColumnKind::Text, 110},
                         {QStringLiteral("standing"), QT_TR_NOOP("Standing"), ColumnKind::State, 100},
                         {QStringLiteral("windows"), QT_TR_NOOP("Windows"), ColumnKind::Number, 80},
                         {QStringLiteral("success_rate"), QT_TR_NOOP("Success"), ColumnKind::Percent, 90},
                         {QStringLiteral("median_seconds"), QT_TR_NOOP("Median time"), ColumnKind::Duration, 110},
                         {QStringLiteral("live_replicas"), QT_TR_NOOP("Live snapshots"), ColumnKind::Number, 110},
                         {QStringLiteral("lost_pieces"), QT_TR_NOOP("Lost pieces"), ColumnKind::Number, 100},
                         {QStringLiteral("earned"), QT_TR_NOOP("Earned"), ColumnKind::Fil, 110},
                         {QStringLiteral("slashed"), QT_TR_NOOP("Slashed"), ColumnKind::Fil, 110},
                         {QStringLiteral("region"), QT_TR_NOOP("Region"), ColumnKind::Text, 100},
                         {QStringLiteral("endpoint"), QT_TR_NOOP("Serves at"), ColumnKind::Text, 240}},
                        {QStringLiteral("completed"), QStringLiteral("missed")}, &format, this);
    m_operatorSlots =
        new RecordModel(RecordModel::field(QStringLiteral("slot")),
                        {{QStringLiteral("slot"), QT_TR_NOOP("Slot"), ColumnKind::Number, 90},
                         {QStringLiteral("target_epoch"), QT_TR_NOOP("Snapshot of"), ColumnKind::Epoch, 110},
                         {QStringLiteral("state"), QT_TR_NOOP("State"), ColumnKind::State, 100},
                         {QStringLiteral("open_time"), QT_TR_NOOP("Opens"), ColumnKind::Time, 150},
                         {QStringLiteral("close_time"), QT_TR_NOOP("Closes"), ColumnKind::Time, 150},
                         {QStringLiteral("staged"), QT_TR_NOOP("Staged"), ColumnKind::Text, 80},
                         {QStringLiteral("reward"), QT_TR_NOOP("Reward"), ColumnKind::Fil, 110},
                         {QStringLiteral("disputed"), QT_TR_NOOP("Disputed"), ColumnKind::Text, 90}},
                        {QStringLiteral("round"), QStringLiteral("index"), QStringLiteral("tipset")}, &format, this);
    m_events = new RecordModel(eventKey,
                               {{QStringLiteral("epoch"), QT_TR_NOOP("Epoch"), ColumnKind::Epoch, 100},
                                {QStringLiteral("time"), QT_TR_NOOP("Time"), ColumnKind::Time, 150},
                                {QStringLiteral("name"), QT_TR_NOOP("Event"), ColumnKind::Text, 130},
                                {QStringLiteral("miner"), QT_TR_NOOP("Provider"), ColumnKind::Text, 100},
                                {QStringLiteral("slot"), QT_TR_NOOP("Slot"), ColumnKind::Number, 90},
                                {QStringLiteral("sentence"), QT_TR_NOOP("What happened"), ColumnKind::Text, 360}},
                               {QStringLiteral("index"), QStringLiteral("fields")}, &format, this);
    connect(m_events, &RecordModel::settled, this, [this] {
        reckonHits();
        scheduleRebuild();
    });
    connect(deals.model(), &QAbstractItemModel::dataChanged, this, &SlotStore::scheduleRebuild);
    connect(deals.model(), &RecordModel::countChanged, this, &SlotStore::scheduleRebuild);
    m_pool.setMaxThreadCount(1);
    m_rebuild.setSingleShot(true);
    m_rebuild.setInterval(100);
    connect(&m_rebuild, &QTimer::timeout, this, &SlotStore::rebuild);
    m_tick.setInterval(1000);
    connect(&m_tick, &QTimer::timeout, this, &SlotStore::tick);
    m_tick.start();
    m_refresh.setInterval(refresh_milliseconds);
    connect(&m_refresh, &QTimer::timeout, this, [this] {
        if (this->session().online() && supported()) refresh();
    });
    m_refresh.start();
}

SlotStore::~SlotStore() { m_pool.waitForDone(); }

void SlotStore::load() {
    fetch(QStringLiteral("FilFil.NextWindow"), {}, [this](const QJsonObject& answer) {
        QList<QJsonObject> rows = objectsOf(answer.value(QLatin1String("windows")));
        for (QJsonObject& row : rows) m_clock.fill(row);
        m_providers->setRecords(rows);
        m_providers->settle();
        for (const QJsonObject& row : std::as_const(rows)) learnTimes(row);
        chooseNext();
        planOpenings();
        scheduleRebuild();
    });
    fetch(QStringLiteral("FilFil.Windows"), {{QStringLiteral("days"), m_days}}, [this](const QJsonObject& answer) {
        m_windows = answer.value(QLatin1String("windows")).toArray();
        planOpenings();
        scheduleRebuild();
    });
    fetch(QStringLiteral("FilFil.Slots"), {{QStringLiteral("limit"), staged_page}},
          [this](const QJsonObject& answer) { takeStaged(objectsOf(answer.value(QLatin1String("slots")))); });
    fetch(QStringLiteral("FilFil.Contract"), {}, [this](const QJsonObject& answer) {
        m_contract = answer;
        emit slotsChanged();
    });
    fetch(QStringLiteral("FilFil.Reputation"), {}, [this](const QJsonObject& answer) {
        m_reputation->setRecords(objectsOf(answer.value(QLatin1String("providers"))));
        m_reputation->settle();
        loadOtherWindows();
    });
    fetch(QStringLiteral("FilFil.Operator"), {{QStringLiteral("limit"), 50}}, [this](const QJsonObject& answer) {
        QList<QJsonObject> rows = objectsOf(answer.value(QLatin1String("slots")));
        for (QJsonObject& row : rows) m_clock.fill(row);
        m_operatorSlots->setRecords(std::move(rows));
    });
    loadEvents();
}

/// What was staged is told last first, and what was taken back is not told: only what is older than all that a full
/// answer tells may still be staged.
void SlotStore::takeStaged(const QList<QJsonObject>& answer) {
    QHash<QString, QJsonObject> staged;
    double oldest = std::numeric_limits<double>::infinity();
    for (const QJsonObject& slot : answer) {
        staged.insert(slotOf(slot), slot);
        oldest = std::min(oldest, number(slot, "staged_epoch", oldest));
        learnTimes(slot);
    }
    if (answer.size() >= staged_page)
        for (auto kept = m_staged.constBegin(); kept != m_staged.constEnd(); ++kept)
            if (!staged.contains(kept.key()) && number(*kept, "staged_epoch") <= oldest)
                staged.insert(kept.key(), *kept);
    m_staged = std::move(staged);
    scheduleRebuild();
}

/// Nothing is staged for that event's slot any more.
void SlotStore::unstage(const QJsonObject& event) {
    const QString slot = slotOf(event);
    m_staged.remove(slot);
    const auto clear = [&slot](QJsonArray& windows) {
        for (qsizetype i = 0; i < windows.size(); ++i) {
            QJsonObject window = windows[i].toObject();
            if (slotOf(window) != slot || !window.value(QLatin1String("staged")).toBool()) continue;
            window.insert(QStringLiteral("staged"), false);
            windows[i] = window;
        }
    };
    clear(m_windows);
    for (QJsonArray& windows : m_otherWindows) clear(windows);
}

/// Others' windows change with a round and with who takes part; each costs the node some reads, so they are asked for
/// no oftener.
void SlotStore::loadOtherWindows() {
    QStringList others;
    for (const QJsonObject& provider : m_reputation->all()) {
        const QString miner = text(provider, "miner");
        const QString standing = text(provider, "standing");
        if (!m_providers->record(miner).isEmpty()) continue;
        if (standing == QLatin1String("active") || standing == QLatin1String("leaving")) others << miner;
    }
    others.sort();
    const double round = number(m_contract.value(QLatin1String("round")).toObject(), "number");
    const QString asked = QStringLiteral("%1/%2/%3").arg(round).arg(m_days).arg(others.join(u','));
    if (asked == m_othersAsked) return;
    m_othersAsked = asked;
    for (auto kept = m_otherWindows.begin(); kept != m_otherWindows.end();)
        kept = others.contains(kept.key()) ? std::next(kept) : m_otherWindows.erase(kept);
    for (const QString& miner : std::as_const(others))
        session().call(QStringLiteral("FilFil.Windows"),
                       {{QStringLiteral("miner"), miner}, {QStringLiteral("days"), m_days}}, this,
                       [this, miner, asked](const Reply& reply) {
                           if (asked != m_othersAsked) return;
                           // What could not be had is asked for once more with the next look.
                           if (!reply.ok()) return m_othersAsked.clear();
                           m_otherWindows.insert(miner, reply.object().value(QLatin1String("windows")).toArray());
                           scheduleRebuild();
                       });
}

void SlotStore::forget() {
    ++m_reading;
    m_fresh.reset();
    m_solid.reset();
    m_openings.clear();
    m_eventsRead = false;
    Store::forget();
    m_providers->clear();
    m_reputation->clear();
    m_operatorSlots->clear();
    m_events->clear();
    m_contract = {};
    m_next = {};
    m_windows = {};
    m_otherWindows.clear();
    m_othersAsked.clear();
    m_holdings.clear();
    m_staged.clear();
    m_ownStates.clear();
    m_clock = {};
    m_heads.clear();
    m_soon.clear();
    m_knowsAll = false;
    ++m_round;
    format().forgetAnchor();
    reckonHits();
    emit slotsChanged();
    emit ticked();
}

void SlotStore::onState(const QJsonObject& /*state*/) { noteHole(); }

void SlotStore::onEvent(const QString& type, const QJsonObject& data, double time) {
    if (type == QLatin1String("head")) return learnHead(number(data, "head_epoch", -1), time);
    if (type == QLatin1String("slot_policy")) {
        m_providers->patch(text(data, "miner"), {{QStringLiteral("policy"), data.value(QLatin1String("policy"))}});
        scheduleRebuild();
    } else if (type == QLatin1String("contract")) {
        onContract(data);
    }
}

void SlotStore::setDays(int days) {
    days = std::clamp(days, 1, 366);
    if (days == m_days) return;
    m_days = days;
    emit slotsChanged();
    refresh();
}

void SlotStore::setHoldings(const QList<QJsonObject>& holdings) {
    m_holdings = holdings;
    scheduleRebuild();
}

void SlotStore::scheduleRebuild() {
    if (!m_rebuild.isActive()) m_rebuild.start();
}

void SlotStore::rebuild() {
    if (m_building) {
        m_again = true;
        return;
    }
    SlotKnowledge known;
    known.clock = m_clock;
    known.windows = m_windows;
    for (const QJsonArray& windows : std::as_const(m_otherWindows))
        for (const QJsonValue& window : windows) known.otherWindows.append(window);
    known.nextWindows = m_providers->all();
    known.ownStates = m_ownStates;
    known.holdings = m_holdings;
    known.staged = m_staged;
    known.events = m_events->all();
    known.now = format().now();
    known.deals = m_deals.model()->all();
    for (const QJsonObject& provider : m_providers->all())
        known.policies.insert(text(provider, "miner"), text(provider, "policy"));
    m_building = true;
    const bool whole = m_eventsRead && !m_events->settling();
    m_pool.start([this, round = m_round, whole, known = std::move(known)] {
        SlotPicture picture = pictureOf(known);
        QMetaObject::invokeMethod(this, [this, round, whole, picture = std::move(picture)]() mutable {
            takePicture(round, whole, std::move(picture));
        });
    });
}

void SlotStore::takePicture(quint64 round, bool whole, SlotPicture picture) {
    m_building = false;
    if (std::exchange(m_again, false)) scheduleRebuild();
    if (round != m_round) return scheduleRebuild();
    m_ownStates = std::move(picture.ownStates);
    model()->setRecords(std::move(picture.rows));
    // Before all that there was has come, a change is none.
    if (m_knowsAll)
        for (const QJsonObject& row : std::as_const(picture.changed)) {
            const QString state = text(row, "state");
            if (state == QLatin1String("open")) emit hasOpened(row);
            if (state == QLatin1String("missed")) emit wasMissed(row);
        }
    m_knowsAll = m_knowsAll || whole;
    emit slotsChanged();
}

}    // namespace filfil::gui
