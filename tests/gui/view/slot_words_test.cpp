// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "slot_words_test.hpp"

#include "gui/view/slot_words.hpp"
#include "sample_slots.hpp"

#include <cmath>
#include <limits>

using namespace filfil::gui;
using namespace filfil::gui::test;

void SlotWordsTest::wordsOfTheDaemonAreStates_data() {
    QTest::addColumn<QString>("word");
    QTest::addColumn<SlotState>("state");
    const auto row = [](const char* word, SlotState state) {
        QTest::newRow(word) << QString::fromLatin1(word) << state;
    };
    row("future", SlotState::Future);
    row("ahead", SlotState::Future);
    row("OPEN", SlotState::Open);
    row("commp", SlotState::Building);
    row("sealing", SlotState::Published);
    row("active", SlotState::Stored);
    row("claimed", SlotState::Stored);
    row("paid", SlotState::Paid);
    row("failed", SlotState::Missed);
    row("disputed", SlotState::Disputed);
    row("cancelled", SlotState::Reassigned);
    row("skipped", SlotState::Skipped);
    row("", SlotState::Unknown);
    row("a word of tomorrow", SlotState::Unknown);
}

void SlotWordsTest::wordsOfTheDaemonAreStates() {
    QFETCH(QString, word);
    QTEST(slotStateOf(word), "state");
}

void SlotWordsTest::windowsOpenAndEndByThemselves() {
    const SlotEntry one = sampleEntry(100, 200, QStringLiteral("f01"));
    QCOMPARE(shownState(one, 99), SlotState::Future);
    QCOMPARE(shownState(one, 100), SlotState::Open);
    QCOMPARE(shownState(one, 199.9), SlotState::Open);
    QCOMPARE(shownState(one, 200), SlotState::Ended);
    SlotEntry paid = one;
    paid.state = SlotState::Paid;
    QCOMPARE(shownState(paid, 1000), SlotState::Paid);
}

void SlotWordsTest::marksStandAtRoundLocalTimes() {
    const QTimeZone berlin("Europe/Berlin");
    const double begin = dayStart(QDate(2026, 10, 25), berlin);
    const auto marks = timeMarks(begin, begin + 25 * 3600, 2000, 60, berlin);
    QStringList texts;
    for (const TimeMark& mark : marks)
        if (!mark.text.isEmpty()) texts << mark.text;
    QCOMPARE(texts.count(QStringLiteral("02:00")), 2);    // that hour comes twice
    QVERIFY(texts.contains(QStringLiteral("23:00")));
    QVERIFY(std::ranges::all_of(texts, [](const QString& text) { return text.endsWith(QStringLiteral(":00")); }));

    const QTimeZone kolkata("Asia/Kolkata");
    for (const TimeMark& mark : timeMarks(sampleDay, sampleDay + 6 * 3600, 800, 64, kolkata))
        if (!mark.text.isEmpty())
            QVERIFY2(mark.text.endsWith(QStringLiteral(":00")) || mark.text.endsWith(QStringLiteral(":30")),
                     qPrintable(mark.text));

    for (const double span : {1.0, 60.0, 3600.0, 86400.0, 14 * 86400.0, 60 * 86400.0}) {
        const auto some = timeMarks(sampleNow, sampleNow + span, 1000, 64, QTimeZone::utc());
        QVERIFY(some.size() < 400);
        double before = -1e9;
        for (const TimeMark& mark : some) {
            QVERIFY(mark.time >= sampleNow && mark.time <= sampleNow + span);
            if (mark.text.isEmpty()) continue;
            QVERIFY((mark.time - before) / span * 1000 >= 63);
            before = mark.time;
        }
    }
    QVERIFY(timeMarks(5, 5, 100, 60, QTimeZone::utc()).empty());
    QVERIFY(timeMarks(5, 50, 0, 60, QTimeZone::utc()).empty());
    QVERIFY(timeMarks(1, 1e9, 100, 60, QTimeZone::utc()).empty());
}

void SlotWordsTest::sentencesForScreenReaders() {
    SlotEntry one = sampleEntry(at("2026-11-20T18:00:00Z"), at("2026-11-20T19:00:00Z"), QStringLiteral("f01234"));
    one.slot = 12;
    QCOMPARE(accessibleSentence(one, sampleNow, QTimeZone::utc()),
             QStringLiteral("Slot 12, f01234, 18:00 to 19:00, future, in 4 hours 35 minutes"));
    one.own = true;
    one.state = SlotState::Building;
    one.progress = 0.62;
    const double open = at("2026-11-20T18:25:00Z");
    QCOMPARE(accessibleSentence(one, open, QTimeZone::utc()),
             QStringLiteral("Slot 12, f01234, yours, 18:00 to 19:00, building, 62 percent, 35 minutes left"));
    one.state = SlotState::Missed;
    one.detail = QStringLiteral("no deal was published");
    QCOMPARE(accessibleSentence(one, at("2026-11-20T20:00:00Z"), QTimeZone::utc()),
             QStringLiteral("Slot 12, f01234, yours, 18:00 to 19:00, missed, ended 1 hour ago, no deal was published"));
    QVERIFY(accessibleSentence(one, at("2026-11-23T20:00:00Z"), QTimeZone::utc())
                .contains(QStringLiteral("20 November 2026")));

    const SlotSet set(sampleEntries());
    QCOMPARE(accessibleSummary(SlotLayout(set, sampleOptions())),
             QStringLiteral("Fri 20 Nov 2026, 24 windows, 4 of them yours, your next window opens in 4 "
                            "hours 35 minutes"));
    const SlotSet none;
    QVERIFY(accessibleSummary(SlotLayout(none, sampleOptions())).contains(QStringLiteral("0 windows")));
}

void SlotWordsTest::durationsAreShort() {
    QCOMPARE(durationText(0), QStringLiteral("0 seconds"));
    QCOMPARE(durationText(1), QStringLiteral("1 second"));
    QCOMPARE(durationText(60), QStringLiteral("1 minute"));
    QCOMPARE(durationText(-3600), QStringLiteral("1 hour"));
    QCOMPARE(durationText(16500), QStringLiteral("4 hours 35 minutes"));
    QCOMPARE(durationText(90000), QStringLiteral("1 day 1 hour"));
    QCOMPARE(shortDuration(16500), QStringLiteral("4 h 35 min"));
    QCOMPARE(shortDuration(200000), QStringLiteral("2 d 7 h"));
    QVERIFY(!durationText(1e300).isEmpty());
    QCOMPARE(epochText(4322540), QStringLiteral("4 322 540").replace(QLatin1Char(' '), QChar(0x202F)));
    QCOMPARE(epochText(7), QStringLiteral("7"));
}

void SlotWordsTest::titlesTellTheRange() {
    const SlotSet none;
    QCOMPARE(rangeTitle(SlotLayout(none, sampleOptions(SlotView::Day))), QStringLiteral("Fri 20 Nov 2026"));
    QCOMPARE(rangeTitle(SlotLayout(none, sampleOptions(SlotView::Week))), QStringLiteral("16 – 22 Nov 2026"));
    QCOMPARE(rangeTitle(SlotLayout(none, sampleOptions(SlotView::Month))), QStringLiteral("November 2026"));
    SlotLayoutOptions zoomed = sampleOptions();
    zoomed.from = sampleNow;
    zoomed.to = sampleNow + 3600;
    QCOMPARE(rangeTitle(SlotLayout(none, zoomed)), QStringLiteral("Fri 20 Nov 2026, 13:25 to 14:25"));
    QCOMPARE(zoneText(QTimeZone::utc(), sampleNow), QStringLiteral("UTC"));
    QVERIFY(zoneText(QTimeZone("Asia/Kolkata"), sampleNow).contains(QStringLiteral("UTC+05:30")));
}
