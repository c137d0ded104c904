// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "gui/model/slot_states.hpp"

#include "gui/model/deal_store.hpp"
#include "gui/model/json_fields.hpp"

#include <algorithm>

namespace filfil::gui {
namespace {

/// The calendar's word for a deal's stage.
QString stateOfStage(const QString& stage) {
    static const QHash<QString, QString> words = {{QStringLiteral("planned"), QStringLiteral("building")},
                                                  {QStringLiteral("snapshot"), QStringLiteral("building")},
                                                  {QStringLiteral("commp"), QStringLiteral("building")},
                                                  {QStringLiteral("proposing"), QStringLiteral("building")},
                                                  {QStringLiteral("proposed"), QStringLiteral("published")},
                                                  {QStringLiteral("fetching"), QStringLiteral("published")},
                                                  {QStringLiteral("publishing"), QStringLiteral("published")},
                                                  {QStringLiteral("sealing"), QStringLiteral("published")},
                                                  {QStringLiteral("proven"), QStringLiteral("published")},
                                                  {QStringLiteral("notified"), QStringLiteral("stored")},
                                                  {QStringLiteral("paid"), QStringLiteral("paid")},
                                                  {QStringLiteral("missed"), QStringLiteral("missed")},
                                                  {QStringLiteral("failed"), QStringLiteral("missed")}};
    return words.value(stage);
}

QString stateOfHolding(const QJsonObject& holding) {
    const QString state = text(holding, "state");
    if (state == QLatin1String("published")) return QStringLiteral("published");
    if (state == QLatin1String("active"))
        return text(holding, "paid") == QLatin1String("0") ? QStringLiteral("stored") : QStringLiteral("paid");
    if (state == QLatin1String("done")) return QStringLiteral("paid");
    return state == QLatin1String("dead") ? QStringLiteral("missed") : QString();
}

/// What the contract's events say of one provider's slot.
struct Told {
    bool completed = false;
    bool missed = false;
    bool published = false;
    bool activated = false;
    bool dead = false;
};

/// Later ones go before earlier ones: a slot that was paid is not open.
QString stateOfEvents(const Told& told) {
    if (told.dead || told.missed) return QStringLiteral("missed");
    if (told.completed) return QStringLiteral("paid");
    if (told.activated) return QStringLiteral("stored");
    return told.published ? QStringLiteral("published") : QString();
}

void addTimes(QJsonObject& row, const QJsonObject& from) {
    for (const auto name : {"slot", "round", "index", "open_epoch", "open_time", "close_epoch", "close_time",
                            "target_epoch", "target_time"})
        if (const QJsonValue value = from.value(QLatin1String(name)); !value.isUndefined() && !value.isNull())
            row.insert(QLatin1String(name), value);
}

QString ownState(const QJsonObject& row, const QJsonObject& deal, const QJsonObject& holding, const Told& told,
                 bool disputed, const QString& policy, double now) {
    const double opens = number(row, "open_time");
    const double closes = number(row, "close_time");
    if (disputed) return QStringLiteral("disputed");
    for (const QString& state : {stateOfHolding(holding), stateOfEvents(told)})
        if (!state.isEmpty() && (state != QLatin1String("published") || deal.isEmpty())) return state;
    if (const QString state = stateOfStage(text(deal, "stage")); !state.isEmpty()) {
        // A deal that failed while its window is open can be made again.
        const bool canStill = state == QLatin1String("missed") && closes > now;
        if (!canStill) return state == QLatin1String("building") && opens > now ? QStringLiteral("future") : state;
    }
    if (opens > now || opens == 0)
        return policy == QLatin1String("skip") ? QStringLiteral("skipped") : QStringLiteral("future");
    if (closes > now) return policy == QLatin1String("skip") ? QStringLiteral("skipped") : QStringLiteral("open");
    // The contract judges some time after the end, and until then nobody knows.
    return QStringLiteral("unknown");
}

/// Of another provider only what everybody can see.
QString otherState(const QJsonObject& row, const Told& told, double now) {
    if (const QString state = stateOfEvents(told); !state.isEmpty()) return state;
    const double opens = number(row, "open_time");
    if (opens == 0) return QStringLiteral("unknown");
    if (opens > now) return QStringLiteral("future");
    return number(row, "close_time") > now ? QStringLiteral("open") : QStringLiteral("unknown");
}

/// The deal that a slot is shown by: of one piece's the newest attempt, of several pieces the least far.
QHash<QString, QJsonObject> dealsBySlot(const QList<QJsonObject>& deals) {
    QHash<QString, QJsonObject> out;
    const QStringList stages = DealStore::stageNames();
    for (const QJsonObject& deal : deals) {
        if (deal.value(QLatin1String("alternative")).toBool() || text(deal, "stage") == QLatin1String("cancelled"))
            continue;
        if (text(deal, "miner").isEmpty() || !deal.value(QLatin1String("slot")).isDouble()) continue;
        const QString key = slotKey(text(deal, "miner"), deal.value(QLatin1String("slot")).toInteger());
        const auto before = out.constFind(key);
        const bool takes = before == out.constEnd() ||
                           (before->value(QLatin1String("piece")) == deal.value(QLatin1String("piece"))
                                ? number(*before, "id") < number(deal, "id")
                                : stages.indexOf(text(deal, "stage")) < stages.indexOf(text(*before, "stage")));
        if (takes) out.insert(key, deal);
    }
    return out;
}

QString keyOf(const QJsonObject& object) {
    const QString miner = text(object, "miner");
    const QJsonValue slot = object.value(QLatin1String("slot"));
    return miner.isEmpty() || !slot.isDouble() ? QString() : slotKey(miner, slot.toInteger());
}

/// The holding that a slot is shown by: it is as far as its least far piece.
QHash<QString, QJsonObject> holdingsBySlot(const QList<QJsonObject>& holdings) {
    static const QStringList order = {QStringLiteral("done"), QStringLiteral("active"), QStringLiteral("published"),
                                      QStringLiteral("dead")};
    QHash<QString, QJsonObject> out;
    for (const QJsonObject& holding : holdings) {
        const QString key = keyOf(holding);
        if (key.isEmpty()) continue;
        const auto before = out.constFind(key);
        if (before == out.constEnd() || order.indexOf(text(holding, "state")) > order.indexOf(text(*before, "state")))
            out.insert(key, holding);
    }
    return out;
}

}    // namespace

void EpochClock::fill(QJsonObject& object) const {
    if (!known()) return;
    for (const auto name : {"open", "close", "target", "until"}) {
        const QJsonValue of = object.value(QLatin1String(name) + QLatin1String("_epoch"));
        const QString key = QLatin1String(name) + QStringLiteral("_time");
        if (of.isDouble() && !object.value(key).isDouble()) object.insert(key, at(of.toDouble()));
    }
}

QString slotKey(const QString& miner, qint64 slot) { return miner + u'/' + QString::number(slot); }

SlotPicture pictureOf(const SlotKnowledge& known) {
    QHash<QString, Told> told;
    QHash<QString, QJsonObject> firstEvent;
    for (const QJsonObject& event : known.events) {
        const QString miner = text(event, "miner");
        const QJsonValue slot = event.value(QLatin1String("slot"));
        if (miner.isEmpty() || !slot.isDouble()) continue;
        const QString key = slotKey(miner, slot.toInteger());
        const QString name = text(event, "name");
        Told& one = told[key];
        one.completed |= name == QLatin1String("SlotCompleted");
        one.missed |= name == QLatin1String("Missed");
        one.published |= name == QLatin1String("DealPublished");
        one.activated |= name == QLatin1String("PieceActivated");
        one.dead |= name == QLatin1String("Dead");
        firstEvent.insert(key, event);
    }

    const QHash<QString, QJsonObject> deals = dealsBySlot(known.deals);
    const QHash<QString, QJsonObject> holdings = holdingsBySlot(known.holdings);
    QHash<QString, QJsonObject> windows;
    for (const QJsonValue& window : known.windows)
        if (const QString key = keyOf(window.toObject()); !key.isEmpty()) windows.insert(key, window.toObject());
    for (const QJsonObject& window : known.nextWindows)
        if (const QString key = keyOf(window); !key.isEmpty() && !windows.contains(key)) windows.insert(key, window);
    QHash<QString, QJsonObject> rows;
    const auto rowOf = [&](const QString& key, const QString& miner, bool own, const QJsonObject& times) {
        QJsonObject& row = rows[key];
        row.insert(QStringLiteral("key"), key);
        row.insert(QStringLiteral("miner"), miner);
        row.insert(QStringLiteral("own"), own || row.value(QLatin1String("own")).toBool());
        addTimes(row, times);
    };
    for (const QHash<QString, QJsonObject>* source :
         std::initializer_list<const QHash<QString, QJsonObject>*>{&holdings, &deals, &windows})
        for (auto entry = source->begin(); entry != source->end(); ++entry)
            rowOf(entry.key(), text(entry.value(), "miner"), true, entry.value());
    for (auto entry = firstEvent.begin(); entry != firstEvent.end(); ++entry) {
        const QJsonObject staged =
            known.staged.value(QString::number(entry.value().value(QLatin1String("slot")).toInteger()));
        const bool own = rows.contains(entry.key()) || known.policies.contains(text(entry.value(), "miner"));
        // Without the slot's own times there is no place for it in a calendar.
        if (!own && staged.isEmpty()) continue;
        rowOf(entry.key(), text(entry.value(), "miner"), own, staged);
    }

    for (const QJsonValue& window : known.otherWindows) {
        const QJsonObject other = window.toObject();
        const QString key = keyOf(other);
        if (key.isEmpty() || known.policies.contains(text(other, "miner"))) continue;
        rowOf(key, text(other, "miner"), false, other);
        windows.insert(key, other);
    }

    SlotPicture picture;
    QList<QJsonObject>& out = picture.rows;
    out.reserve(rows.size());
    for (auto entry = rows.begin(); entry != rows.end(); ++entry) {
        QJsonObject& row = entry.value();
        const QJsonObject staged = known.staged.value(QString::number(row.value(QLatin1String("slot")).toInteger()));
        addTimes(row, staged);
        known.clock.fill(row);
        if (!row.contains(QLatin1String("open_time"))) row.insert(QStringLiteral("open_time"), QJsonValue());
        const QJsonObject deal = deals.value(entry.key());
        const QJsonObject holding = holdings.value(entry.key());
        const QJsonObject window = windows.value(entry.key());
        const bool disputed = staged.value(QLatin1String("disputed")).toBool();
        const bool own = row.value(QLatin1String("own")).toBool();
        const QString state = own ? ownState(row, deal, holding, told.value(entry.key()), disputed,
                                             known.policies.value(text(row, "miner")), known.now)
                                  : otherState(row, told.value(entry.key()), known.now);
        row.insert(QStringLiteral("state"), state);
        row.insert(QStringLiteral("staged"), !staged.isEmpty() || window.value(QLatin1String("staged")).toBool());
        row.insert(QStringLiteral("reward_atto"), staged.value(QLatin1String("reward")));
        row.insert(QStringLiteral("progress"),
                   state == QLatin1String("building") ? deal.value(QLatin1String("progress")) : QJsonValue());
        row.insert(QStringLiteral("dealId"), deal.isEmpty() ? QJsonValue() : deal.value(QLatin1String("id")));
        row.insert(QStringLiteral("snapshot"), deal.isEmpty() ? QJsonValue() : deal.value(QLatin1String("snapshot")));
        row.insert(QStringLiteral("stage"), deal.isEmpty() ? QJsonValue() : deal.value(QLatin1String("stage")));
        row.insert(QStringLiteral("detail"), text(deal, "problem"));
        row.insert(QStringLiteral("paid"), holding.isEmpty() ? QJsonValue() : holding.value(QLatin1String("paid")));
        out << row;
        if (!own) continue;
        picture.ownStates.insert(entry.key(), state);
        if (known.ownStates.value(entry.key(), state) != state) picture.changed << row;
    }
    std::sort(out.begin(), out.end(), [](const QJsonObject& a, const QJsonObject& b) {
        const double left = number(a, "open_time");
        const double right = number(b, "open_time");
        return left != right ? left < right : text(a, "key") < text(b, "key");
    });
    return picture;
}

}    // namespace filfil::gui
