// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "gui/model/format.hpp"
#include "gui/model/json_fields.hpp"
#include "gui/model/slot_store.hpp"

#include <QJsonArray>
#include <QSet>

#include <algorithm>
#include <utility>

namespace filfil::gui {
namespace {

constexpr int event_page = 500;
constexpr qsizetype most_events = 20'000;
constexpr double judged_seconds = 30 * 86'400.0;

/// Whether the windows or what is staged for them are others after such an event, or without it.
bool movesSlots(const QString& name) {
    return name == QLatin1String("SnapshotStaged") || name == QLatin1String("StagingCancelled") ||
           name == QLatin1String("RoundOpened") || name == QLatin1String("Registered") ||
           name == QLatin1String("Disputed");
}

/// What is staged beside a slot's first snapshot leaves the slot staged when it goes.
bool stagesFirst(const QJsonObject& event) {
    return text(event, "name") == QLatin1String("SnapshotStaged") &&
           number(event.value(QLatin1String("fields")).toObject(), "alternative") == 0;
}

bool isSame(const QJsonObject& row, const QJsonObject& event) {
    for (const auto name : {"epoch", "index", "name", "slot", "miner", "fields"})
        if (row.value(QLatin1String(name)) != event.value(QLatin1String(name))) return false;
    return true;
}

}    // namespace

void SlotStore::onContract(const QJsonObject& data) {
    bool moved = false;
    if (const QJsonValue from = data.value(QLatin1String("removed_from_epoch")); from.isDouble()) {
        QList<QJsonObject> kept;
        for (const QJsonObject& event : m_events->all()) {
            if (number(event, "epoch") < from.toDouble()) {
                kept << event;
                continue;
            }
            moved = moved || movesSlots(text(event, "name"));
            if (stagesFirst(event)) unstage(event);
        }
        m_events->setRecords(std::move(kept));
        if (m_fresh)
            m_fresh->removeIf([&](const QJsonObject& event) { return number(event, "epoch") >= from.toDouble(); });
    }
    if (data.value(QLatin1String("more")).toBool()) {
        m_events->settle();
        noteHole();
        return moved ? refresh() : loadEvents();
    }
    for (const QJsonObject& event : objectsOf(data.value(QLatin1String("added")))) {
        const QJsonObject row = eventRow(event);
        m_events->upsert(row);
        if (m_fresh) m_fresh->prepend(row);
        if (text(event, "name") == QLatin1String("StagingCancelled")) unstage(event);
        moved = moved || movesSlots(text(event, "name"));
    }
    reckonHits();
    scheduleRebuild();
    if (moved) refresh();
}

/// From now on events may be missing above what is known.
void SlotStore::noteHole() {
    if (m_solid) return;
    for (const QJsonObject& event : m_events->all()) m_solid = std::max(m_solid, EventPlace::of(event));
}

void SlotStore::loadEvents() {
    m_fresh.reset();
    fetch(QStringLiteral("FilFil.ContractEvents"), {{QStringLiteral("limit"), event_page}},
          [this, reading = ++m_reading](const QJsonObject& answer) {
              if (reading == m_reading) takeNewestEvents(objectsOf(answer.value(QLatin1String("events"))));
          });
}

/// Events are shown without a hole: pages are kept aside until one reaches down to what is known.
void SlotStore::takeNewestEvents(const QList<QJsonObject>& page) {
    const auto last = page.size() < event_page ? std::nullopt : EventPlace::of(page.last());
    if (!m_fresh) m_fresh.emplace();
    for (const QJsonObject& event : page) *m_fresh << eventRow(event);
    if (last) {
        m_events->settle();
        const bool joins = (!m_solid || *last <= *m_solid) && isSame(m_events->record(last->key()), page.last());
        if (!joins && m_events->count() > 0 && m_fresh->size() < most_events && !isFarEnough(page.last()))
            return askEventsBefore(*last, [this](const QList<QJsonObject>& older) { takeNewestEvents(older); });
        if (joins)
            for (const QJsonObject& event : m_events->all())
                if (EventPlace::of(event) < last) *m_fresh << event;
    }
    m_solid.reset();
    m_events->setRecords(*std::exchange(m_fresh, {}));
    if (last)
        loadOlderEvents();
    else
        m_eventsRead = true;
}

void SlotStore::loadOlderEvents() {
    if (m_events->settling()) {
        connect(
            m_events, &RecordModel::settled, this,
            [this, reading = m_reading] {
                if (reading == m_reading) loadOlderEvents();
            },
            Qt::SingleShotConnection);
        return;
    }
    QJsonObject last;
    std::optional<EventPlace> lowest;
    for (const QJsonObject& event : m_events->all())
        if (const auto place = EventPlace::of(event); place && (!lowest || *place < *lowest)) {
            lowest = place;
            last = event;
        }
    readOlderEvents(last);
}

/// @param last the oldest that is known
void SlotStore::readOlderEvents(const QJsonObject& last) {
    const auto place = EventPlace::of(last);
    if (!place || m_events->count() >= most_events || isFarEnough(last)) return endReading();
    askEventsBefore(*place, [this](const QList<QJsonObject>& events) {
        for (const QJsonObject& event : events) m_events->upsert(eventRow(event));
        if (events.size() >= event_page) return readOlderEvents(events.last());
        endReading();
    });
}

/// All was read that is wanted, or can be had now.
void SlotStore::endReading() {
    m_eventsRead = true;
    reckonHits();
    scheduleRebuild();
}

/// As far back as hits are counted, and no further.
bool SlotStore::isFarEnough(const QJsonObject& event) const {
    const double time = number(event, "time");
    return time > 0 && time < format().now() - judged_seconds;
}

void SlotStore::askEventsBefore(EventPlace place, std::function<void(const QList<QJsonObject>&)> good) {
    QJsonObject params = {{QStringLiteral("limit"), event_page}};
    place.askBefore(params);
    session().call(QStringLiteral("FilFil.ContractEvents"), params, this,
                   [this, place, reading = m_reading, good = std::move(good)](const Reply& reply) {
                       if (reading != m_reading) return;
                       // It is asked for again with the next look.
                       if (!reply.ok() || !reply.value().isObject()) return endReading();
                       QList<QJsonObject> events = objectsOf(reply.object().value(QLatin1String("events")));
                       // A page that does not lead further back would be asked for again and again.
                       if (!events.isEmpty())
                           if (const auto low = EventPlace::of(events.last()); !low || *low >= place) events.clear();
                       good(events);
                   });
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

double SlotStore::timeOf(const QJsonObject& event) const {
    const double time = number(event, "time");
    return time > 0 || !m_clock.known() ? time : m_clock.at(number(event, "epoch"));
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

}    // namespace filfil::gui
