// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "gui/model/slot_store.hpp"

#include "gui/model/deal_store.hpp"
#include "gui/model/format.hpp"
#include "gui/model/slot_states.hpp"

#include <QJsonArray>

#include <algorithm>
#include <cmath>
#include <utility>

namespace filfil::gui {
namespace {

constexpr int event_page = 500;
constexpr qsizetype most_heads = 30;
constexpr qsizetype most_events = 20'000;
constexpr double soon_seconds = 600;
constexpr double judged_seconds = 30 * 86'400.0;

/// Windows move with the chain and no event tells of it.
constexpr int refresh_milliseconds = 60'000;

QString text(const QJsonObject& object, const char* name) { return object.value(QLatin1String(name)).toString(); }

double number(const QJsonObject& object, const char* name, double missing = 0) {
    return object.value(QLatin1String(name)).toDouble(missing);
}

QString eventKey(const QJsonObject& event) {
    const QJsonValue epoch = event.value(QLatin1String("epoch"));
    const QJsonValue index = event.value(QLatin1String("index"));
    if (!epoch.isDouble() || !index.isDouble()) return {};
    return QString::number(epoch.toInteger()) + u'/' + QString::number(index.toInteger());
}

}    // namespace

SlotStore::SlotStore(Session& session, Format& format, JobStore& jobs, DealStore& deals, QObject* parent)
    : Store(session, format, parent), m_jobs(jobs), m_deals(deals) {
    setModel(
        new RecordModel(RecordModel::field(QStringLiteral("key")),
                        {{QStringLiteral("miner"), tr("Provider"), ColumnKind::Text, 100},
                         {QStringLiteral("slot"), tr("Slot"), ColumnKind::Number, 90},
                         {QStringLiteral("state"), tr("State"), ColumnKind::State, 110},
                         {QStringLiteral("open_time"), tr("Opens"), ColumnKind::Time, 150},
                         {QStringLiteral("close_time"), tr("Closes"), ColumnKind::Time, 150},
                         {QStringLiteral("target_epoch"), tr("Snapshot of"), ColumnKind::Epoch, 110},
                         {QStringLiteral("staged"), tr("Staged"), ColumnKind::Text, 70},
                         {QStringLiteral("reward_atto"), tr("Reward"), ColumnKind::Fil, 100},
                         {QStringLiteral("detail"), tr("Trouble"), ColumnKind::Text, 260}},
                        {QStringLiteral("key"), QStringLiteral("round"), QStringLiteral("index"), QStringLiteral("own"),
                         QStringLiteral("open_epoch"), QStringLiteral("close_epoch"), QStringLiteral("target_time"),
                         QStringLiteral("reward"), QStringLiteral("progress"), QStringLiteral("dealId"),
                         QStringLiteral("snapshot"), QStringLiteral("stage"), QStringLiteral("paid")},
                        &format, this));
    m_providers = new RecordModel(
        RecordModel::field(QStringLiteral("miner")),
        {{QStringLiteral("miner"), tr("Provider"), ColumnKind::Text, 110},
         {QStringLiteral("standing"), tr("Standing"), ColumnKind::State, 100},
         {QStringLiteral("misses"), tr("Misses in a row"), ColumnKind::Number, 110},
         {QStringLiteral("policy"), tr("Policy"), ColumnKind::State, 110},
         {QStringLiteral("state"), tr("Window"), ColumnKind::State, 100},
         {QStringLiteral("open_time"), tr("Opens"), ColumnKind::Time, 150},
         {QStringLiteral("close_time"), tr("Closes"), ColumnKind::Time, 150}},
        {QStringLiteral("slot"), QStringLiteral("round"), QStringLiteral("index"), QStringLiteral("target_epoch"),
         QStringLiteral("target_time"), QStringLiteral("open_epoch"), QStringLiteral("close_epoch")},
        &format, this);
    m_reputation = new RecordModel(RecordModel::field(QStringLiteral("miner")),
                                   {{QStringLiteral("miner"), tr("Provider"), ColumnKind::Text, 110},
                                    {QStringLiteral("standing"), tr("Standing"), ColumnKind::State, 100},
                                    {QStringLiteral("windows"), tr("Windows"), ColumnKind::Number, 80},
                                    {QStringLiteral("success_rate"), tr("Success"), ColumnKind::Percent, 90},
                                    {QStringLiteral("median_seconds"), tr("Median time"), ColumnKind::Duration, 110},
                                    {QStringLiteral("live_replicas"), tr("Live snapshots"), ColumnKind::Number, 110},
                                    {QStringLiteral("lost_pieces"), tr("Lost pieces"), ColumnKind::Number, 100},
                                    {QStringLiteral("earned"), tr("Earned"), ColumnKind::Fil, 110},
                                    {QStringLiteral("slashed"), tr("Slashed"), ColumnKind::Fil, 110},
                                    {QStringLiteral("region"), tr("Region"), ColumnKind::Text, 100},
                                    {QStringLiteral("endpoint"), tr("Serves at"), ColumnKind::Text, 240}},
                                   {QStringLiteral("completed"), QStringLiteral("missed")}, &format, this);
    m_operatorSlots =
        new RecordModel(RecordModel::field(QStringLiteral("slot")),
                        {{QStringLiteral("slot"), tr("Slot"), ColumnKind::Number, 90},
                         {QStringLiteral("target_epoch"), tr("Snapshot of"), ColumnKind::Epoch, 110},
                         {QStringLiteral("state"), tr("State"), ColumnKind::State, 100},
                         {QStringLiteral("open_time"), tr("Opens"), ColumnKind::Time, 150},
                         {QStringLiteral("close_time"), tr("Closes"), ColumnKind::Time, 150},
                         {QStringLiteral("staged"), tr("Staged"), ColumnKind::Text, 80},
                         {QStringLiteral("reward"), tr("Reward"), ColumnKind::Fil, 110},
                         {QStringLiteral("disputed"), tr("Disputed"), ColumnKind::Text, 90}},
                        {QStringLiteral("round"), QStringLiteral("index"), QStringLiteral("tipset")}, &format, this);
    m_events = new RecordModel(eventKey,
                               {{QStringLiteral("epoch"), tr("Epoch"), ColumnKind::Epoch, 100},
                                {QStringLiteral("time"), tr("Time"), ColumnKind::Time, 150},
                                {QStringLiteral("name"), tr("Event"), ColumnKind::Text, 130},
                                {QStringLiteral("miner"), tr("Provider"), ColumnKind::Text, 100},
                                {QStringLiteral("slot"), tr("Slot"), ColumnKind::Number, 90},
                                {QStringLiteral("sentence"), tr("What happened"), ColumnKind::Text, 360}},
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
        scheduleRebuild();
    });
    fetch(QStringLiteral("FilFil.Windows"), {{QStringLiteral("days"), m_days}}, [this](const QJsonObject& answer) {
        m_windows = answer.value(QLatin1String("windows")).toArray();
        scheduleRebuild();
    });
    fetch(QStringLiteral("FilFil.Slots"), {{QStringLiteral("limit"), 64}}, [this](const QJsonObject& answer) {
        for (const QJsonObject& slot : objectsOf(answer.value(QLatin1String("slots")))) {
            m_staged.insert(RecordModel::field(QStringLiteral("slot"))(slot), slot);
            learnTimes(slot);
        }
        scheduleRebuild();
    });
    fetch(QStringLiteral("FilFil.Contract"), {}, [this](const QJsonObject& answer) {
        m_contract = answer;
        emit slotsChanged();
    });
    fetch(QStringLiteral("FilFil.Reputation"), {}, [this](const QJsonObject& answer) {
        m_reputation->setRecords(objectsOf(answer.value(QLatin1String("providers"))));
    });
    fetch(QStringLiteral("FilFil.Operator"), {{QStringLiteral("limit"), 50}}, [this](const QJsonObject& answer) {
        QList<QJsonObject> rows = objectsOf(answer.value(QLatin1String("slots")));
        for (QJsonObject& row : rows) m_clock.fill(row);
        m_operatorSlots->setRecords(std::move(rows));
    });
    loadEvents();
}

void SlotStore::loadEvents() {
    fetch(QStringLiteral("FilFil.ContractEvents"), {{QStringLiteral("limit"), event_page}},
          [this](const QJsonObject& answer) {
              QList<QJsonObject> events = objectsOf(answer.value(QLatin1String("events")));
              const bool more = events.size() >= event_page;
              for (QJsonObject& event : events) event = eventRow(std::move(event));
              if (more) {
                  // What was paged in before is older than this page, or is in it.
                  const double oldest = number(events.last(), "epoch");
                  for (const QJsonObject& event : m_events->all())
                      if (number(event, "epoch") < oldest) events << event;
              }
              m_events->setRecords(std::move(events));
              if (more) loadOlderEvents();
              m_knowsAll = true;
          });
}

void SlotStore::loadOlderEvents() {
    if (m_events->settling()) {
        connect(m_events, &RecordModel::settled, this, &SlotStore::loadOlderEvents, Qt::SingleShotConnection);
        return;
    }
    QJsonObject last;
    for (const QJsonObject& event : m_events->all())
        if (last.isEmpty() || number(event, "epoch") < number(last, "epoch") ||
            (number(event, "epoch") == number(last, "epoch") && number(event, "index") < number(last, "index")))
            last = event;
    if (last.isEmpty() || m_events->count() >= most_events) return;
    // As far back as hits are counted, and no further.
    if (const double time = number(last, "time"); time > 0 && time < format().now() - judged_seconds) return;
    session().call(QStringLiteral("FilFil.ContractEvents"),
                   {{QStringLiteral("limit"), event_page},
                    {QStringLiteral("before_epoch"), last.value(QLatin1String("epoch"))},
                    {QStringLiteral("before_index"), last.value(QLatin1String("index"))}},
                   this, [this](const Reply& reply) {
                       if (!reply.ok()) return;
                       const QList<QJsonObject> events = objectsOf(reply.object().value(QLatin1String("events")));
                       for (const QJsonObject& event : events) m_events->upsert(eventRow(event));
                       reckonHits();
                       scheduleRebuild();
                       if (events.size() >= event_page) loadOlderEvents();
                   });
}

void SlotStore::forget() {
    Store::forget();
    m_providers->clear();
    m_reputation->clear();
    m_operatorSlots->clear();
    m_events->clear();
    m_contract = {};
    m_next = {};
    m_windows = {};
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

void SlotStore::onEvent(const QString& type, const QJsonObject& data, double time) {
    if (type == QLatin1String("head")) return learnHead(number(data, "head_epoch", -1), time);
    if (type == QLatin1String("slot_policy")) {
        m_providers->patch(text(data, "miner"), {{QStringLiteral("policy"), data.value(QLatin1String("policy"))}});
        scheduleRebuild();
    } else if (type == QLatin1String("contract")) {
        if (data.value(QLatin1String("more")).toBool()) return loadEvents();
        if (const QJsonValue from = data.value(QLatin1String("removed_from_epoch")); from.isDouble()) {
            QList<QJsonObject> kept;
            for (const QJsonObject& event : m_events->all())
                if (number(event, "epoch") < from.toDouble()) kept << event;
            m_events->setRecords(std::move(kept));
        }
        bool slotsMoved = false;
        for (const QJsonObject& event : objectsOf(data.value(QLatin1String("added")))) {
            m_events->upsert(eventRow(event));
            const QString name = text(event, "name");
            slotsMoved = slotsMoved || name == QLatin1String("SnapshotStaged") ||
                         name == QLatin1String("StagingCancelled") || name == QLatin1String("RoundOpened") ||
                         name == QLatin1String("Registered") || name == QLatin1String("Disputed");
        }
        reckonHits();
        scheduleRebuild();
        if (slotsMoved) refresh();
    }
}

QJsonObject SlotStore::eventRow(QJsonObject event) const {
    const QString name = text(event, "name");
    const QJsonObject fields = event.value(QLatin1String("fields")).toObject();
    const QString miner = text(event, "miner");
    const QString slot = format().number(number(event, "slot"));
    const QString amount = format().fil(text(fields, "amount"));
    QString sentence;
    if (name == QLatin1String("SnapshotStaged"))
        sentence = tr("The operator staged the snapshot of epoch %1").arg(format().epoch(number(fields, "epoch", -1)));
    else if (name == QLatin1String("StagingCancelled"))
        sentence = tr("The operator took back what was staged for slot %1").arg(slot);
    else if (name == QLatin1String("DealPublished"))
        sentence = tr("%1 published a deal").arg(miner);
    else if (name == QLatin1String("PieceActivated"))
        sentence = tr("%1 proved a piece, for %2").arg(miner, format().fil(text(fields, "upfront")));
    else if (name == QLatin1String("SlotCompleted"))
        sentence = tr("%1 stored the whole snapshot").arg(miner);
    else if (name == QLatin1String("Missed"))
        sentence = tr("%1 missed its window").arg(miner);
    else if (name == QLatin1String("Settled"))
        sentence = tr("%1 was credited %2").arg(miner, amount);
    else if (name == QLatin1String("Withdrawn"))
        sentence = tr("%1 was paid out %2").arg(miner, amount);
    else if (name == QLatin1String("Slashed"))
        sentence = tr("%1 was slashed by %2").arg(miner, amount);
    else if (name == QLatin1String("Dead"))
        sentence = tr("%1 lost a piece").arg(miner);
    else if (name == QLatin1String("Registered"))
        sentence = tr("%1 joined").arg(miner);
    else if (name == QLatin1String("ExitQueued"))
        sentence = tr("%1 leaves after this round").arg(miner);
    else if (name == QLatin1String("Removed"))
        sentence = tr("%1 was removed").arg(miner);
    else if (name == QLatin1String("RoundOpened"))
        sentence = tr("Round %1 opened").arg(format().number(number(fields, "round")));
    else if (name == QLatin1String("Funded"))
        sentence = tr("%1 were given to the pool").arg(amount);
    else if (name == QLatin1String("Disputed"))
        sentence = tr("Slot %1 is disputed").arg(slot);
    else if (name == QLatin1String("EndpointSet"))
        sentence = tr("%1 serves at %2").arg(miner, text(fields, "url"));
    else
        sentence = name;
    event.insert(QStringLiteral("sentence"), sentence);
    return event;
}

void SlotStore::learnTimes(const QJsonObject& slot) {
    const double open = number(slot, "open_epoch", -1);
    const double openTime = number(slot, "open_time");
    const double close = number(slot, "close_epoch", -1);
    const double closeTime = number(slot, "close_time");
    if (open < 0 || openTime <= 0) return;
    const double seconds = close > open && closeTime > openTime ? (closeTime - openTime) / (close - open) : 30;
    format().setAnchor(open, openTime, seconds);
}

void SlotStore::learnHead(double epoch, double time) {
    if (epoch < 0 || time <= 0) return;
    // Heads that come in one go after a pause say nothing of how long an epoch is.
    if (!m_heads.isEmpty() && (epoch <= m_heads.last().first || time <= m_heads.last().second)) return;
    m_heads << std::pair(epoch, time);
    while (m_heads.size() > most_heads) m_heads.removeFirst();
    if (m_heads.size() < 3) return;
    const double seconds = (time - m_heads.first().second) / (epoch - m_heads.first().first);
    // It is moved seldom, since all that is shown moves with it.
    if (m_clock.known() && std::abs(m_clock.at(epoch) - time) < std::max(3.0, 2 * seconds)) return;
    m_clock = {epoch, time, seconds};
    if (!m_next.isEmpty() || m_providers->count() > 0) {
        bool changed = false;
        for (RecordModel* model : {m_providers, m_operatorSlots})
            for (int row = 0; row < model->count(); ++row) {
                QJsonObject record = model->recordAt(row);
                const QJsonObject before = record;
                m_clock.fill(record);
                if (record == before) continue;
                changed = true;
                model->patch(model->keyAt(row), record);
                learnTimes(record);
            }
        if (changed) chooseNext();
    }
    reckonHits();
    scheduleRebuild();
}

double SlotStore::timeOf(const QJsonObject& event) const {
    const double time = number(event, "time");
    return time > 0 || !m_clock.known() ? time : m_clock.at(number(event, "epoch"));
}

void SlotStore::chooseNext() {
    QJsonObject next;
    for (const QJsonObject& row : m_providers->all()) {
        if (!row.value(QLatin1String("open_time")).isDouble() || number(row, "close_time") < format().now()) continue;
        if (next.isEmpty() || number(row, "open_time") < number(next, "open_time")) next = row;
    }
    if (next == m_next) return;
    m_next = next;
    emit slotsChanged();
    emit ticked();
}

double SlotStore::secondsToNext() const {
    return m_next.isEmpty() ? -1 : std::max(0.0, number(m_next, "open_time") - format().now());
}

QString SlotStore::nextText() const {
    if (m_next.isEmpty()) return {};
    const double left = secondsToNext();
    if (left > 0) return tr("opens in %1").arg(format().duration(std::max(1.0, left)));
    return tr("closes in %1").arg(format().duration(std::max(0.0, number(m_next, "close_time") - format().now())));
}

double SlotStore::hitRate() const {
    return m_hits + m_misses == 0 ? -1 : static_cast<double>(m_hits) / static_cast<double>(m_hits + m_misses);
}

void SlotStore::reckonHits() {
    const double since = format().now() - judged_seconds;
    QSet<QString> completed;
    QSet<QString> missed;
    for (const QJsonObject& event : m_events->all()) {
        const QString name = text(event, "name");
        const bool hit = name == QLatin1String("SlotCompleted");
        if ((!hit && name != QLatin1String("Missed")) || timeOf(event) < since) continue;
        const QString miner = text(event, "miner");
        if (!m_providers->contains(miner)) continue;
        (hit ? completed : missed).insert(slotKey(miner, event.value(QLatin1String("slot")).toInteger()));
    }
    completed.subtract(missed);
    const auto hits = static_cast<int>(completed.size());
    const auto misses = static_cast<int>(missed.size());
    if (hits == m_hits && misses == m_misses) return;
    m_hits = hits;
    m_misses = misses;
    emit slotsChanged();
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
    m_pool.start([this, round = m_round, known = std::move(known)] {
        SlotPicture picture = pictureOf(known);
        QMetaObject::invokeMethod(
            this, [this, round, picture = std::move(picture)]() mutable { takePicture(round, std::move(picture)); });
    });
}

void SlotStore::takePicture(quint64 round, SlotPicture picture) {
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
    emit slotsChanged();
}

void SlotStore::tick() {
    if (m_next.isEmpty()) return;
    emit ticked();
    const double left = number(m_next, "open_time") - format().now();
    const QString key = slotKey(text(m_next, "miner"), m_next.value(QLatin1String("slot")).toInteger());
    if (left > 0 && left <= soon_seconds && !m_soon.contains(key)) {
        m_soon.insert(key);
        emit opensSoon(m_next);
    }
    // It opens, or closes, right now.
    if ((left <= 0 && left > -1) || number(m_next, "close_time") < format().now()) {
        chooseNext();
        scheduleRebuild();
    }
}

QJsonObject SlotStore::findStaged(const QStringList& roots) const {
    for (const QJsonObject& event : m_events->all()) {
        if (text(event, "name") != QLatin1String("SnapshotStaged")) continue;
        const QJsonObject fields = event.value(QLatin1String("fields")).toObject();
        const QJsonArray pieces = fields.value(QLatin1String("pieces")).toArray();
        for (qsizetype i = 0; i < pieces.size(); ++i) {
            // A piece is [root, bytes of payload, log2 of the padded size].
            const QString root = pieces[i].toArray().first().toString().mid(2).toLower();
            if (root.isEmpty() || !roots.contains(root)) continue;
            const QString epoch = format().epoch(number(fields, "epoch", -1));
            return {
                {QStringLiteral("slot"), event.value(QLatin1String("slot"))},
                {QStringLiteral("epoch"), fields.value(QLatin1String("epoch"))},
                {QStringLiteral("piece"), i},
                {QStringLiteral("sentence"),
                 pieces.size() == 1 ? tr("It is the snapshot of epoch %1 that the operator staged").arg(epoch)
                                    : tr("It is piece %1 of %2 of the snapshot of epoch %3 that the operator staged")
                                          .arg(QString::number(i + 1), QString::number(pieces.size()), epoch)}};
        }
    }
    return {};
}

void SlotStore::setPolicy(const QString& miner, const QString& policy) {
    QJsonObject params = {{QStringLiteral("miner"), miner}};
    if (!policy.isEmpty()) params.insert(QStringLiteral("policy"), policy);
    act(QStringLiteral("FilFil.SetSlotPolicy"), params, [this](const QJsonObject& answer) {
        m_providers->patch(text(answer, "miner"), {{QStringLiteral("policy"), answer.value(QLatin1String("policy"))}});
        scheduleRebuild();
        emit done(tr("%1: %2").arg(text(answer, "miner"), format().state(text(answer, "policy"))));
    });
}

void SlotStore::registerProvider(const QString& miner) {
    actByJob(m_jobs, QStringLiteral("FilFil.Register"), {{QStringLiteral("miner"), miner}},
             [this](const QJsonObject& result) {
                 emit done(tr("%1 is registered with a bond of %2")
                               .arg(text(result, "miner"), format().fil(text(result, "bond"))));
                 refresh();
             });
}

void SlotStore::exitProvider(const QString& miner) {
    actByJob(m_jobs, QStringLiteral("FilFil.Exit"), {{QStringLiteral("miner"), miner}},
             [this](const QJsonObject& result) {
                 emit done(tr("%1 leaves after this round").arg(text(result, "miner")));
                 refresh();
             });
}

void SlotStore::incentivize(double epoch, const QString& reward) {
    QJsonObject params = {{QStringLiteral("epoch"), epoch}};
    if (!reward.isEmpty()) params.insert(QStringLiteral("reward"), reward);
    actByJob(m_jobs, QStringLiteral("FilFil.Incentivize"), params, [this](const QJsonObject& result) {
        const QString epochText = format().epoch(number(result, "epoch", -1));
        emit done(result.value(QLatin1String("already_staged")).toBool()
                      ? tr("The snapshot of epoch %1 was staged already").arg(epochText)
                      : tr("The snapshot of epoch %1 is staged").arg(epochText));
        refresh();
    });
}

void SlotStore::cancelStaging(double slot) {
    actByJob(m_jobs, QStringLiteral("FilFil.CancelStaging"), {{QStringLiteral("slot"), slot}},
             [this](const QJsonObject&) {
                 emit done(tr("What was staged was taken back"));
                 refresh();
             });
}

}    // namespace filfil::gui
