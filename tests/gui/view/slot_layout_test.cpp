// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "slot_layout_test.hpp"

#include "gui/view/slot_words.hpp"
#include "sample_slots.hpp"

#include <cmath>
#include <limits>

using namespace filfil::gui;
using namespace filfil::gui::test;

void SlotLayoutTest::ownLanesComeFirstAndOthersInTheirTurn() {
    const SlotSet set({sampleEntry(10, 20, QStringLiteral("f09")), sampleEntry(20, 30, QStringLiteral("f0100"), true),
                       sampleEntry(30, 40, QStringLiteral("f05")), sampleEntry(40, 50, QStringLiteral("f020"), true),
                       sampleEntry(50, 60, QStringLiteral("f09"))});
    QStringList names;
    for (const auto& lane : set.lanes()) names << lane.provider;
    QCOMPARE(names.join(QLatin1Char(' ')), QStringLiteral("f020 f0100 f09 f05"));
    QCOMPARE(set.ownLanes(), 2);
    QCOMPARE(set.lanes()[2].entries, (std::vector<int>{0, 4}));
    for (int i = 0; i < set.size(); ++i)
        QCOMPARE(set.lanes()[static_cast<std::size_t>(set.laneOf(i))].provider, set.entry(i).provider);
    QCOMPARE(set.find(1, u"f05"), 2);
    QCOMPARE(set.find(2, u"f05"), -1);
}

void SlotLayoutTest::entriesWithoutASoundTimeAreLeftOut() {
    constexpr double nan = std::numeric_limits<double>::quiet_NaN();
    constexpr double infinite = std::numeric_limits<double>::infinity();
    const SlotSet set({sampleEntry(nan, 20, QStringLiteral("f01")), sampleEntry(infinite, 20, QStringLiteral("f01")),
                       sampleEntry(0, 20, QStringLiteral("f01")), sampleEntry(-5, 20, QStringLiteral("f01")),
                       sampleEntry(1e18, 2e18, QStringLiteral("f01")), sampleEntry(5000, 4000, QStringLiteral("f01")),
                       sampleEntry(6000, nan, QStringLiteral("f01"))});
    QCOMPARE(set.size(), 2);
    QCOMPARE(set.entry(0).close, 5000 + 3600.0);
    QCOMPARE(set.entry(1).close, 6000 + 3600.0);
}

void SlotLayoutTest::dayViewPutsTimeOnX() {
    const SlotSet set(sampleEntries());
    const SlotLayout layout(set, sampleOptions());
    QCOMPARE(layout.from(), sampleDay);
    QCOMPARE(layout.to(), sampleDay + 86400);
    QCOMPARE(layout.xOf(sampleDay), layout.plot().left());
    QCOMPARE(layout.xOf(sampleDay + 43200), layout.plot().center().x());
    QCOMPARE(layout.xOf(sampleDay + 86400), layout.plot().right());
    for (const double time : {sampleDay, sampleNow, sampleDay + 80000})
        QVERIFY(std::abs(layout.timeAt(layout.xOf(time)) - time) < 0.01);
    QCOMPARE(layout.lineOf(sampleNow).left(), layout.xOf(sampleNow));
    QVERIFY(layout.lineOf(sampleDay - 1).isEmpty());
    QCOMPARE(layout.lineOf(sampleDay + 86400).height(), 0.0);
}

void SlotLayoutTest::cellsStandInTheirLanes() {
    const SlotSet set(sampleEntries());
    const SlotLayout layout(set, sampleOptions());
    QCOMPARE(layout.cells().size(), std::size_t(24));
    QCOMPARE(layout.rows().size(), std::size_t(6));
    QVERIFY(layout.rows()[0].own);
    for (const SlotCell& cell : layout.cells()) {
        const SlotRow& row = layout.rows()[static_cast<std::size_t>(set.laneOf(cell.entry))];
        QVERIFY(row.track.contains(cell.rect));
        QVERIFY(std::abs(cell.rect.left() - layout.xOf(set.entry(cell.entry).open)) <= 2);
        QVERIFY(std::abs(cell.rect.right() - layout.xOf(set.entry(cell.entry).close)) <= 2);
    }
    for (const SlotRow& row : layout.rows()) QVERIFY(!row.label.intersects(row.track));
}

void SlotLayoutTest::windowsOverMidnightAreCutAndSaySo() {
    const SlotSet set({sampleEntry(sampleDay - 7200, sampleDay + 7200, QStringLiteral("f01"), true),
                       sampleEntry(sampleDay + 79200, sampleDay + 3 * 86400, QStringLiteral("f02"))});
    const SlotLayout layout(set, sampleOptions());
    QCOMPARE(layout.cells().size(), std::size_t(2));
    QVERIFY(layout.cells()[0].beginsBefore && !layout.cells()[0].endsAfter);
    QVERIFY(!layout.cells()[1].beginsBefore && layout.cells()[1].endsAfter);
    for (const SlotCell& cell : layout.cells()) QVERIFY(layout.plot().contains(cell.rect));
    // In the week it is on both days.
    const SlotLayout week(set, sampleOptions(SlotView::Week));
    QCOMPARE(std::ranges::count(week.cells(), 0, &SlotCell::entry), 2);
}

void SlotLayoutTest::overlappingWindowsStandBelowOneAnother() {
    std::vector<SlotEntry> entries;
    for (int i = 0; i < 3; ++i)
        entries.push_back(sampleEntry(sampleDay + 3600 * i, sampleDay + 3600 * (i + 4), QStringLiteral("f01"), true,
                                      SlotState::Paid, i));
    entries.push_back(
        sampleEntry(sampleDay + 36000, sampleDay + 40000, QStringLiteral("f01"), true, SlotState::Paid, 9));
    const SlotSet set(entries);
    const SlotLayout layout(set, sampleOptions());
    QCOMPARE(layout.cells().size(), std::size_t(4));
    for (std::size_t i = 0; i < 4; ++i)
        for (std::size_t j = i + 1; j < 4; ++j) QVERIFY(!layout.cells()[i].rect.intersects(layout.cells()[j].rect));
    QCOMPARE(layout.cells()[3].rect.top(), layout.cells()[0].rect.top());
}

void SlotLayoutTest::daysHaveTheHoursOfTheirZone_data() {
    QTest::addColumn<QByteArray>("zone");
    QTest::addColumn<QDate>("day");
    QTest::addColumn<double>("hours");
    QTest::addColumn<QString>("begins");    // in UTC
    QTest::newRow("UTC") << QByteArray("UTC") << QDate(2026, 3, 29) << 24.0 << QStringLiteral("2026-03-29T00:00:00Z");
    QTest::newRow("forward") << QByteArray("Europe/Berlin") << QDate(2026, 3, 29) << 23.0
                             << QStringLiteral("2026-03-28T23:00:00Z");
    QTest::newRow("back") << QByteArray("Europe/Berlin") << QDate(2026, 10, 25) << 25.0
                          << QStringLiteral("2026-10-24T22:00:00Z");
    QTest::newRow("half an hour") << QByteArray("Australia/Lord_Howe") << QDate(2026, 4, 5) << 24.5
                                  << QStringLiteral("2026-04-04T13:00:00Z");
    QTest::newRow("half an hour beside") << QByteArray("Asia/Kolkata") << QDate(2026, 11, 20) << 24.0
                                         << QStringLiteral("2026-11-19T18:30:00Z");
    QTest::newRow("no midnight") << QByteArray("Africa/Cairo") << QDate(2024, 4, 26) << 23.0
                                 << QStringLiteral("2024-04-25T22:00:00Z");
}

void SlotLayoutTest::daysHaveTheHoursOfTheirZone() {
    QFETCH(QByteArray, zone);
    QFETCH(QDate, day);
    QFETCH(double, hours);
    QFETCH(QString, begins);
    const QTimeZone there(zone);
    if (!there.isValid()) QSKIP("this machine does not know the zone");
    SlotLayoutOptions options = sampleOptions();
    options.zone = there;
    options.day = day;
    const SlotSet none;
    const SlotLayout layout(none, options);
    QCOMPARE(QDateTime::fromSecsSinceEpoch(static_cast<qint64>(layout.from()), Qt::UTC).toString(Qt::ISODate), begins);
    QCOMPARE((layout.to() - layout.from()) / 3600, hours);
    // The same in the row of a week, whose windows are in proportion to their own day.
    options.view = SlotView::Week;
    const SlotSet one({sampleEntry(layout.from() + 3600, layout.from() + 7200, QStringLiteral("f01"), true)});
    const SlotLayout week(one, options);
    const auto row = std::ranges::find(week.rows(), day, &SlotRow::day);
    QVERIFY(row != week.rows().end());
    QCOMPARE((row->to - row->from) / 3600, hours);
    const SlotCell* cell = week.cellOf(0);
    QVERIFY(cell != nullptr);
    QVERIFY(std::abs(cell->rect.left() - (row->track.left() + row->track.width() / hours)) <= 2);
}

void SlotLayoutTest::weekHasSevenDaysFromTheLocalesFirst() {
    const SlotSet set(sampleEntries());
    const SlotLayout british(set, sampleOptions(SlotView::Week));
    QCOMPARE(british.rows().size(), std::size_t(7));
    QCOMPARE(british.rows()[0].day, QDate(2026, 11, 16));
    QVERIFY(british.rows()[4].today);
    // Own windows alone have boxes; the others are lines at the foot.
    for (const SlotCell& cell : british.cells()) QCOMPARE(cell.tick, !cell.own);
    SlotLayoutOptions options = sampleOptions(SlotView::Week);
    options.locale = QLocale(QLocale::English, QLocale::UnitedStates);
    QCOMPARE(SlotLayout(set, options).rows()[0].day, QDate(2026, 11, 15));
    const QRectF line = british.lineOf(sampleNow);
    QVERIFY(british.rows()[4].track.contains(line.center()));
}

void SlotLayoutTest::monthCountsHitsByDay() {
    std::vector<SlotEntry> entries;
    const double day = at("2026-11-03T00:00:00Z");
    for (const SlotState state : {SlotState::Paid, SlotState::Stored, SlotState::Missed, SlotState::Disputed})
        entries.push_back(sampleEntry(day + 3600 * static_cast<double>(entries.size()),
                                      day + 3600 * static_cast<double>(entries.size() + 1), QStringLiteral("f01"), true,
                                      state));
    entries.push_back(sampleEntry(day, day + 3600, QStringLiteral("f02"), false, SlotState::Missed));
    const SlotSet set(entries);
    const SlotLayout layout(set, sampleOptions(SlotView::Month));
    QCOMPARE(layout.days().size() % 7, std::size_t(0));
    QCOMPARE(layout.days().front().day, QDate(2026, 10, 26));
    QCOMPARE(std::ranges::count_if(layout.days(), &SlotDay::inMonth), 30);
    const auto third = std::ranges::find(layout.days(), QDate(2026, 11, 3), &SlotDay::day);
    QCOMPARE(third->own.total, 4);
    QCOMPARE(third->own.hits, 2);
    QCOMPARE(third->own.judged, 3);
    QCOMPARE(std::ranges::count_if(layout.days(), [](const SlotDay& one) { return one.own.total > 0; }), 1);
    // Nothing stands on anything else, and all is in sight.
    for (std::size_t i = 0; i < layout.days().size(); ++i) {
        QVERIFY(layout.plot().adjusted(-1, -1, 1, 1).contains(layout.days()[i].rect));
        for (std::size_t j = i + 1; j < layout.days().size(); ++j)
            QVERIFY(!layout.days()[i].rect.intersects(layout.days()[j].rect));
    }
}

void SlotLayoutTest::stripHoldsWhatIsShown() {
    const SlotSet set(sampleEntries());
    for (const SlotView view : {SlotView::Day, SlotView::Week})
        for (const int days : {0, 1, 5, -3, -40, 400}) {
            SlotLayoutOptions options = sampleOptions(view);
            options.day = QDate(2026, 11, 20).addDays(days);
            const SlotLayout layout(set, options);
            QCOMPARE(layout.stripTo() - layout.stripFrom(), 14 * 86400.0);
            QVERIFY2(layout.from() >= layout.stripFrom() && layout.to() <= layout.stripTo(),
                     qPrintable(QString::number(days)));
            QVERIFY(layout.strip().adjusted(-1, -4, 1, 4).contains(layout.stripShown()));
            QCOMPARE(layout.stripMarks().size(), std::size_t(14));
        }
    const SlotLayout layout(set, sampleOptions());
    QCOMPARE(layout.ticks().size(), std::size_t(14 * 24));
    QVERIFY(std::abs(layout.stripTimeAt(layout.strip().left()) - layout.stripFrom()) < 1);
    QVERIFY(std::abs(layout.stripTimeAt(layout.strip().right() + 50) - layout.stripTo()) < 1);
    SlotLayoutOptions without = sampleOptions();
    without.strip = false;
    QVERIFY(SlotLayout(set, without).strip().isEmpty());
    QVERIFY(SlotLayout(set, without).ticks().empty());
}

void SlotLayoutTest::rightToLeftIsMirrored() {
    const SlotSet set(sampleEntries());
    for (const SlotView view : {SlotView::Day, SlotView::Week, SlotView::Month}) {
        SlotLayoutOptions options = sampleOptions(view);
        const SlotLayout left(set, options);
        options.rightToLeft = true;
        const SlotLayout right(set, options);
        const auto mirror = [&](const QRectF& rect) {
            return QRectF(options.size.width() - rect.right(), rect.top(), rect.width(), rect.height());
        };
        QCOMPARE(right.plot(), mirror(left.plot()));
        QCOMPARE(right.strip(), mirror(left.strip()));
        QCOMPARE(left.cells().size(), right.cells().size());
        for (std::size_t i = 0; i < left.cells().size(); ++i)
            QVERIFY(std::abs(right.cells()[i].rect.left() - mirror(left.cells()[i].rect).left()) <= 1.01);
        for (std::size_t i = 0; i < left.days().size(); ++i)
            QCOMPARE(right.days()[i].rect, mirror(left.days()[i].rect));
    }
    SlotLayoutOptions options = sampleOptions();
    options.rightToLeft = true;
    const SlotLayout layout(set, options);
    QVERIFY(layout.xOf(sampleDay) > layout.xOf(sampleNow));
    QVERIFY(std::abs(layout.timeAt(layout.xOf(sampleNow)) - sampleNow) < 0.01);
    const int entry = layout.next(-1, SlotStep::Later);
    // The right arrow goes right, which is earlier.
    QVERIFY(set.entry(layout.next(entry, SlotStep::Later)).open < set.entry(entry).open);
    QCOMPARE(SlotLayout::nextDay(QDate(2026, 11, 20), SlotStep::Later, true), QDate(2026, 11, 19));
}

void SlotLayoutTest::hitTestFindsWhatIsThere() {
    const SlotSet set(sampleEntries());
    const SlotLayout layout(set, sampleOptions());
    const SlotCell& cell = layout.cells()[3];
    const SlotHit hit = layout.at(cell.rect.center());
    QCOMPARE(hit.what, SlotHit::What::Slot);
    QCOMPARE(hit.entry, cell.entry);
    QVERIFY(std::abs(hit.time - (set.entry(cell.entry).open + 1800)) < 120);
    const SlotHit lane = layout.at({layout.rows()[2].label.center()});
    QCOMPARE(lane.what, SlotHit::What::Lane);
    QCOMPARE(lane.row, 2);
    QCOMPARE(lane.entry, -1);
    QCOMPARE(layout.at(layout.axis().center()).what, SlotHit::What::Axis);
    QCOMPARE(layout.at(layout.strip().center()).what, SlotHit::What::Strip);
    QCOMPARE(layout.at({-5, -5}).what, SlotHit::What::Nothing);
    QCOMPARE(layout.at({1e9, 1e9}).what, SlotHit::What::Nothing);
    QCOMPARE(SlotLayout().at({1, 1}).what, SlotHit::What::Nothing);
    const SlotLayout month(set, sampleOptions(SlotView::Month));
    const SlotHit day = month.at(month.days()[10].rect.center());
    QCOMPARE(day.what, SlotHit::What::Day);
    QCOMPARE(day.row, 10);
}

void SlotLayoutTest::everyCellIsHitInItsMiddle() {
    const SlotSet set(sampleEntries());
    for (const SlotView view : {SlotView::Day, SlotView::Week})
        for (const double scale : {1.0, 1.5, 2.0}) {
            SlotLayoutOptions options = sampleOptions(view, {1000 * scale, 480 * scale});
            options.dpr = scale;
            const SlotLayout layout(set, options);
            for (const SlotCell& cell : layout.cells()) QCOMPARE(layout.at(cell.rect.center()).entry, cell.entry);
        }
}

void SlotLayoutTest::arrowsGoThroughLanesAndDays() {
    const SlotSet set(sampleEntries());
    const SlotLayout day(set, sampleOptions());
    const int first = day.next(-1, SlotStep::Later);
    QVERIFY(set.entry(first).own);
    QCOMPARE(set.entry(first).open, sampleDay + 18 * 3600);    // the own one that comes next
    const int later = day.next(first, SlotStep::Later);
    QCOMPARE(set.laneOf(later), set.laneOf(first));
    QCOMPARE(set.entry(later).open, set.entry(first).open + 6 * 3600);
    QCOMPARE(day.next(later, SlotStep::Earlier), first);
    const int below = day.next(first, SlotStep::Down);
    QCOMPARE(set.laneOf(below), 1);
    QCOMPARE(set.entry(below).open, set.entry(first).open + 3600);
    QCOMPARE(day.next(below, SlotStep::Up), first);

    const SlotLayout week(set, sampleOptions(SlotView::Week));
    const int nextDay = week.next(first, SlotStep::Down);
    QCOMPARE(set.entry(nextDay).open, set.entry(first).open + 86400);
    QVERIFY(set.entry(nextDay).own);
    QCOMPARE(week.next(nextDay, SlotStep::Up), first);
    QCOMPARE(SlotLayout::nextDay(QDate(2026, 2, 28), SlotStep::Later, false), QDate(2026, 3, 1));
    QCOMPARE(SlotLayout::nextDay(QDate(2026, 3, 3), SlotStep::Up, false), QDate(2026, 2, 24));
}

void SlotLayoutTest::arrowsEndAtTheEnds() {
    const SlotSet set(sampleEntries());
    const SlotLayout day(set, sampleOptions());
    const int first = day.next(day.next(-1, SlotStep::Later), SlotStep::First);
    QCOMPARE(day.next(first, SlotStep::Earlier), first);
    QCOMPARE(day.next(first, SlotStep::Up), first);
    const int last = day.next(first, SlotStep::Last);
    QCOMPARE(day.next(last, SlotStep::Later), last);
    int bottom = first;
    for (int i = 0; i < 20; ++i) bottom = day.next(bottom, SlotStep::Down);
    QCOMPARE(set.laneOf(bottom), 5);
    const SlotSet none;
    QCOMPARE(SlotLayout(none, sampleOptions()).next(-1, SlotStep::Later), -1);
    QCOMPARE(SlotLayout(none, sampleOptions()).next(7, SlotStep::Down), -1);
    QCOMPARE(SlotLayout().next(0, SlotStep::Down), -1);
    // All are over: the last one.
    SlotLayoutOptions late = sampleOptions();
    late.now = sampleNow + 1e8;
    late.day = {};
    const SlotLayout after(set, late);
    QCOMPARE(set.entry(after.next(-1, SlotStep::Later)).open, set.entry(last).open);
}

void SlotLayoutTest::manyLanesScrollBelowOwnOnes() {
    const SlotSet set(manyEntries(480, 60, sampleDay, 180));
    SlotLayoutOptions options = sampleOptions();
    const SlotLayout top(set, options);
    QVERIFY(top.mostScroll() > 0);
    QVERIFY(top.rows().size() < 60);
    options.scroll = 1e9;
    const SlotLayout bottom(set, options);
    QCOMPARE(bottom.options().scroll, top.mostScroll());
    QVERIFY(bottom.rows().front().own);
    QCOMPARE(bottom.rows().front().rect.top(), top.rows().front().rect.top());
    QCOMPARE(bottom.rows().back().lane, 59);
    QVERIFY(std::abs(bottom.rows().back().rect.bottom() - bottom.plot().bottom()) <= 1);
    // What is scrolled under the own lane is not hit there.
    const QPointF own = bottom.rows().front().label.center();
    QCOMPARE(bottom.at(own).row, 0);
}

void SlotLayoutTest::emptyAndTinySizesAreHarmless() {
    const SlotSet set(sampleEntries());
    const SlotSet none;
    for (const SlotView view : {SlotView::Day, SlotView::Week, SlotView::Month})
        for (const SlotSet* one : {&set, &none})
            for (const QSizeF size :
                 {QSizeF(0, 0), QSizeF(-5, 3), QSizeF(1, 1), QSizeF(3, 400), QSizeF(400, 3), QSizeF(100000, 50000)}) {
                const SlotLayout layout(*one, sampleOptions(view, size));
                for (const SlotCell& cell : layout.cells())
                    QVERIFY(std::isfinite(cell.rect.left()) && cell.rect.width() >= 0 && cell.rect.height() >= 0);
                static_cast<void>(layout.at({1, 1}));
                QVERIFY(std::isfinite(layout.timeAt(5)));
            }
    SlotLayoutOptions odd = sampleOptions();
    odd.zone = QTimeZone();
    odd.day = QDate();
    odd.text = 0;
    odd.dpr = 0;
    odd.from = 50;
    odd.to = 20;
    QCOMPARE(SlotLayout(set, odd).from(), sampleDay);
}

void SlotLayoutTest::edgesAreOnWholeDevicePixels() {
    const SlotSet set(sampleEntries());
    for (const double dpr : {1.0, 1.25, 1.5, 2.0, 3.0}) {
        SlotLayoutOptions options = sampleOptions(SlotView::Day, {997, 463});
        options.dpr = dpr;
        const SlotLayout layout(set, options);
        for (const SlotCell& cell : layout.cells())
            for (const double edge : {cell.rect.left(), cell.rect.top(), cell.rect.right(), cell.rect.bottom()})
                QVERIFY(std::abs(edge * dpr - std::round(edge * dpr)) < 1e-6);
    }
}

void SlotLayoutTest::tenThousandAreLaidOut() {
    const SlotSet many(manyEntries(10'000, 60, sampleDay, 8.64));
    const SlotSet few(manyEntries(1'000, 60, sampleDay, 86.4));
    for (const SlotView view : {SlotView::Day, SlotView::Week, SlotView::Month}) {
        const auto time = [&](const SlotSet& set) {
            QElapsedTimer clock;
            clock.start();
            for (int i = 0; i < 20; ++i)
                static_cast<void>(SlotLayout(set, sampleOptions(view, {1000, 2200})).contentHeight());
            return static_cast<double>(clock.nsecsElapsed()) / 20e6;
        };
        const double base = time(few);
        const double whole = time(many);
        qInfo("10,000 windows, view %d: laid out in %.2f ms, %.1f times what 1,000 take", static_cast<int>(view), whole,
              whole / base);
    }
    const SlotLayout layout(many, sampleOptions(SlotView::Day, {1000, 2200}));
    QCOMPARE(layout.cells().size(), std::size_t(10'000));
    QVERIFY(std::ranges::all_of(layout.cells(), [](const SlotCell& cell) { return cell.rect.width() >= 1; }));
}
