// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "gui/model/slot_states.hpp"
#include "tests.hpp"

#include <QTest>

namespace filfil::gui::test {
namespace {

const QString miner = QStringLiteral("f01000");

QJsonObject window(qint64 slot, double opens, double closes) {
    return {{QStringLiteral("miner"), miner},
            {QStringLiteral("slot"), slot},
            {QStringLiteral("open_time"), opens},
            {QStringLiteral("close_time"), closes}};
}

QJsonObject eventOf(const QString& name, qint64 slot, const QString& of = miner) {
    return {{QStringLiteral("name"), name}, {QStringLiteral("slot"), slot}, {QStringLiteral("miner"), of}};
}

QString stateOf(const SlotKnowledge& known, const QString& key) {
    for (const QJsonObject& row : pictureOf(known).rows)
        if (row.value(QLatin1String("key")).toString() == key) return row.value(QLatin1String("state")).toString();
    return QStringLiteral("no row");
}

SlotKnowledge knowing(double opens, double closes) {
    SlotKnowledge known;
    known.now = 1000;
    known.windows = {window(7, opens, closes)};
    known.policies.insert(miner, QStringLiteral("ask"));
    return known;
}

}    // namespace

class SlotStatesTest : public QObject {
    Q_OBJECT

private slots:
    void aWindowAloneGoesByTheClock() {
        QCOMPARE(stateOf(knowing(2000, 3000), slotKey(miner, 7)), QStringLiteral("future"));
        QCOMPARE(stateOf(knowing(500, 3000), slotKey(miner, 7)), QStringLiteral("open"));
        // Nobody has judged it yet: nothing is claimed.
        QCOMPARE(stateOf(knowing(500, 900), slotKey(miner, 7)), QStringLiteral("unknown"));
        SlotKnowledge skipped = knowing(500, 3000);
        skipped.policies[miner] = QStringLiteral("skip");
        QCOMPARE(stateOf(skipped, slotKey(miner, 7)), QStringLiteral("skipped"));
    }

    void anotherProvidersWindowGoesByTheClockUntilTheContractHasSpoken() {
        const QString other = QStringLiteral("f02000");
        SlotKnowledge known = knowing(2000, 3000);
        QJsonObject theirs = window(8, 3000, 4000);
        theirs.insert(QStringLiteral("miner"), other);
        known.otherWindows = {theirs};
        QCOMPARE(stateOf(known, slotKey(other, 8)), QStringLiteral("future"));
        QCOMPARE(pictureOf(known).rows.last().value(QLatin1String("own")).toBool(), false);
        // Of the own one nothing is told twice, whoever asked.
        QCOMPARE(pictureOf(known).rows.size(), 2);
        known.now = 3500;
        QCOMPARE(stateOf(known, slotKey(other, 8)), QStringLiteral("open"));
        known.now = 5000;
        QCOMPARE(stateOf(known, slotKey(other, 8)), QStringLiteral("unknown"));
        known.events = {eventOf(QStringLiteral("SlotCompleted"), 8, other)};
        QCOMPARE(stateOf(known, slotKey(other, 8)), QStringLiteral("paid"));
        QVERIFY(!pictureOf(known).ownStates.contains(slotKey(other, 8)));
    }

    void aDealSaysHowFarItIs_data() {
        QTest::addColumn<QString>("stage");
        QTest::addColumn<QString>("state");
        for (const auto stage : {"planned", "snapshot", "commp", "proposing"})
            QTest::newRow(stage) << stage << "building";
        for (const auto stage : {"proposed", "fetching", "publishing", "sealing", "proven"})
            QTest::newRow(stage) << stage << "published";
        QTest::newRow("notified") << "notified" << "stored";
        QTest::newRow("paid") << "paid" << "paid";
        // While the window is open another deal can be made.
        QTest::newRow("failed") << "failed" << "open";
        QTest::newRow("of tomorrow") << "shredded" << "open";
    }
    void aDealSaysHowFarItIs() {
        QFETCH(QString, stage);
        QFETCH(QString, state);
        SlotKnowledge known = knowing(500, 3000);
        QJsonObject deal = window(7, 500, 3000);
        deal.insert(QStringLiteral("stage"), stage);
        deal.insert(QStringLiteral("id"), 3);
        deal.insert(QStringLiteral("progress"), 0.5);
        known.deals = {deal};
        QCOMPARE(stateOf(known, slotKey(miner, 7)), state);
        const QJsonObject row = pictureOf(known).rows.first();
        QCOMPARE(row.value(QLatin1String("dealId")).toInt(), 3);
        QCOMPARE(row.value(QLatin1String("progress")).isDouble(), state == QLatin1String("building"));
    }

    void whatTheContractToldGoesBeforeADeal() {
        SlotKnowledge known = knowing(500, 900);
        QJsonObject deal = window(7, 500, 900);
        deal.insert(QStringLiteral("stage"), QStringLiteral("sealing"));
        known.deals = {deal};
        known.events << eventOf(QStringLiteral("Missed"), 7);
        QCOMPARE(stateOf(known, slotKey(miner, 7)), QStringLiteral("missed"));
        known.events = {eventOf(QStringLiteral("PieceActivated"), 7), eventOf(QStringLiteral("SlotCompleted"), 7)};
        QCOMPARE(stateOf(known, slotKey(miner, 7)), QStringLiteral("paid"));
    }

    void holdingsAreShownAfterTheirEventsAreForgotten() {
        SlotKnowledge known;
        known.now = 1000;
        QJsonObject holding = {{QStringLiteral("miner"), miner},
                               {QStringLiteral("slot"), 9},
                               {QStringLiteral("state"), QStringLiteral("active")},
                               {QStringLiteral("paid"), QStringLiteral("5")}};
        known.holdings = {holding};
        QCOMPARE(stateOf(known, slotKey(miner, 9)), QStringLiteral("paid"));
        holding.insert(QStringLiteral("state"), QStringLiteral("dead"));
        known.holdings = {holding};
        QCOMPARE(stateOf(known, slotKey(miner, 9)), QStringLiteral("missed"));
    }

    void timesThatAreNotKnownComeFromTheHeadsPace() {
        SlotKnowledge known;
        known.now = 1000;
        known.clock = {100, 1000, 2};
        known.windows = {QJsonObject{{QStringLiteral("miner"), miner},
                                     {QStringLiteral("slot"), 7},
                                     {QStringLiteral("open_epoch"), 150},
                                     {QStringLiteral("close_epoch"), 200},
                                     {QStringLiteral("open_time"), QJsonValue()},
                                     {QStringLiteral("close_time"), 1300}}};
        const QJsonObject row = pictureOf(known).rows.first();
        QCOMPARE(row.value(QLatin1String("open_time")).toDouble(), 1100.0);
        QCOMPARE(row.value(QLatin1String("close_time")).toDouble(), 1300.0);
        QCOMPARE(row.value(QLatin1String("state")).toString(), QStringLiteral("future"));
    }

    void aChangeIsToldOnceAndTheFirstLookIsNone() {
        SlotKnowledge known = knowing(500, 3000);
        SlotPicture first = pictureOf(known);
        QVERIFY(first.changed.isEmpty());
        known.ownStates = first.ownStates;
        known.events << eventOf(QStringLiteral("Missed"), 7);
        SlotPicture second = pictureOf(known);
        QCOMPARE(second.changed.size(), 1);
        known.ownStates = second.ownStates;
        QVERIFY(pictureOf(known).changed.isEmpty());
    }

    void othersHaveTheirTimesFromWhatIsStaged() {
        SlotKnowledge known;
        known.now = 1000;
        known.events << eventOf(QStringLiteral("SlotCompleted"), 11, QStringLiteral("f02000"));
        QVERIFY(pictureOf(known).rows.isEmpty());
        known.staged.insert(QStringLiteral("11"), {{QStringLiteral("slot"), 11},
                                                   {QStringLiteral("open_time"), 100},
                                                   {QStringLiteral("close_time"), 200},
                                                   {QStringLiteral("reward"), QStringLiteral("7")}});
        const QList<QJsonObject> rows = pictureOf(known).rows;
        QCOMPARE(rows.size(), 1);
        QCOMPARE(rows[0].value(QLatin1String("own")).toBool(), false);
        QCOMPARE(rows[0].value(QLatin1String("open_time")).toDouble(), 100.0);
        QCOMPARE(rows[0].value(QLatin1String("reward_atto")).toString(), QStringLiteral("7"));
        known.staged[QStringLiteral("11")].insert(QStringLiteral("disputed"), true);
        known.policies.insert(QStringLiteral("f02000"), QStringLiteral("ask"));
        QCOMPARE(stateOf(known, slotKey(QStringLiteral("f02000"), 11)), QStringLiteral("disputed"));
    }
};

std::unique_ptr<QObject> slotStatesTest() { return std::make_unique<SlotStatesTest>(); }

}    // namespace filfil::gui::test

#include "slot_states_test.moc"
