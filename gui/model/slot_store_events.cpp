// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "gui/model/format.hpp"
#include "gui/model/json_fields.hpp"
#include "gui/model/slot_store.hpp"

#include <QJsonArray>
#include <QSet>

namespace filfil::gui {
namespace {

constexpr int event_page = 500;
constexpr qsizetype most_events = 20'000;
constexpr double judged_seconds = 30 * 86'400.0;

}    // namespace

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
