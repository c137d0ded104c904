// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "slot_item_test.hpp"

#include "gui/view/slot_model_reader.hpp"
#include "pictures.hpp"
#include "sample_calendar.hpp"

#include <QAccessible>
#include <QSignalSpy>

#include <random>

using namespace filfil::gui;
using namespace filfil::gui::test;

void SlotItemTest::readsModelsByTheNamesOfTheirRoles() {
    for (const bool snakes : {true, false}) {
        auto entries = sampleEntries();
        entries[3].close = 0;
        const Rows rows(entries, snakes);
        const auto read = SlotModelReader(rows).all();
        QCOMPARE(read.size(), entries.size());
        QCOMPARE(read[5].provider, entries[5].provider);
        QCOMPARE(read[5].open, entries[5].open);
        QCOMPARE(read[5].state, entries[5].state);
        QCOMPARE(read[5].openEpoch, entries[5].openEpoch);
        QCOMPARE(read[5].closeEpoch, qint64(-1));
        QCOMPARE(read[3].close, 0.0);
        QCOMPARE(read[0].progress, -1.0);
    }
    QStandardItemModel foreign;
    foreign.appendRow(new QStandardItem(QStringLiteral("x")));
    const auto read = SlotModelReader(foreign).all();
    QCOMPARE(read.size(), std::size_t(1));
    QCOMPARE(read[0].state, SlotState::Unknown);
    QCOMPARE(SlotSet(read).size(), 0);
}

void SlotItemTest::showsWhatTheModelHas() {
    Calendar calendar;
    QVERIFY(calendar.begin());
    QCOMPARE(calendar.item->rangeTitle(), QStringLiteral("Fri 20 Nov 2026"));
    QCOMPARE(calendar.item->layout().cells().size(), std::size_t(24));
    QVERIFY(calendar.item->showsToday());
    const QImage picture = calendar.scene.picture();
    keepPicture(picture, QStringLiteral("item-day"));
    const int paid = calendar.entryAt(0);
    const QRectF rect = calendar.item->layout().cellOf(paid)->rect;
    const auto pixel = [&](double x, double y) {
        return picture.pixelColor((QPointF(x, y) * picture.width() / calendar.scene.window().width()).toPoint());
    };
    QCOMPARE(pixel(rect.center().x(), rect.top()), SlotPalette::dark().green);
    const QRectF line = calendar.item->nowLine();
    QCOMPARE(pixel(line.center().x(), line.bottom() - 8), SlotPalette::dark().now);
    // What is told to QML.
    const QVariantMap slot = calendar.item->slotAt(rect.center().x(), rect.center().y());
    QCOMPARE(slot.value(QStringLiteral("provider")).toString(), QStringLiteral("f01234"));
    QCOMPARE(slot.value(QStringLiteral("state")).toString(), QStringLiteral("paid"));
    QVERIFY(slot.value(QStringLiteral("dealId")).isNull());
    QVERIFY(calendar.item->slotAt(2, 2).isEmpty());
}

void SlotItemTest::followsTheModel() {
    Calendar calendar;
    QVERIFY(calendar.begin());
    const int before = calendar.item->windows();
    calendar.rows.change(20 * 24, SlotState::Missed);
    QTRY_COMPARE(calendar.item->layout().cellOf(calendar.entryAt(0))->state, SlotState::Missed);
    SlotEntry more = sampleEntries().back();
    more.open = sampleDay + 1800;
    more.close = more.open + 3600;
    more.provider = QStringLiteral("f0777");
    calendar.rows.insert(more);
    QTRY_COMPARE(calendar.item->windows(), before + 1);
    QCOMPARE(calendar.item->layout().rows().size(), std::size_t(7));
    calendar.rows.remove(0, 10);
    QTRY_COMPARE(calendar.item->windows(), before - 9);
    calendar.rows.reset({});
    QTRY_COMPARE(calendar.item->windows(), 0);
    QVERIFY(!calendar.scene.picture().isNull());
}

void SlotItemTest::aModelThatGoesIsForgotten() {
    QuickScene scene(calendarQml);
    QVERIFY(scene.good());
    auto* item = scene.find<SlotCalendarItem>();
    auto rows = std::make_unique<Rows>(sampleEntries());
    item->setModel(rows.get());
    QTRY_VERIFY(item->windows() > 0);
    rows.reset();
    QTRY_COMPARE(item->windows(), 0);
    QVERIFY(item->model() == nullptr);
    QVERIFY(!scene.picture().isNull());
}

void SlotItemTest::keysMoveTheSelection() {
    Calendar calendar;
    QVERIFY(calendar.begin());
    QSignalSpy activated(calendar.item, &SlotCalendarItem::slotActivated);
    calendar.key(Qt::Key_Return);
    QCOMPARE(activated.count(), 0);
    calendar.key(Qt::Key_Right);
    QCOMPARE(calendar.item->selected().value(QStringLiteral("openTime")).toDouble(), sampleDay + 18 * 3600);
    calendar.key(Qt::Key_Left);
    QCOMPARE(calendar.item->selected().value(QStringLiteral("state")).toString(), QStringLiteral("building"));
    calendar.key(Qt::Key_Down);
    QCOMPARE(calendar.item->selected().value(QStringLiteral("state")).toString(), QStringLiteral("open"));
    calendar.key(Qt::Key_Return);
    QCOMPARE(activated.count(), 1);
    QCOMPARE(activated[0][0].toMap().value(QStringLiteral("provider")).toString(), QStringLiteral("f02620"));
    // Beyond the day the calendar goes along.
    for (int i = 0; i < 3; ++i) calendar.key(Qt::Key_Right);
    QCOMPARE(calendar.item->day(), QStringLiteral("2026-11-21"));
    QVERIFY(!calendar.item->selectedRect().isEmpty());
    calendar.key(Qt::Key_T);
    QCOMPARE(calendar.item->day(), QString());
    QVERIFY(calendar.item->selected().isEmpty());
    calendar.key(Qt::Key_PageUp);
    QCOMPARE(calendar.item->day(), QStringLiteral("2026-11-19"));
    calendar.key(Qt::Key_PageDown);
    QCOMPARE(calendar.item->day(), QStringLiteral("2026-11-20"));
    calendar.key(Qt::Key_Plus);
    QVERIFY(calendar.item->zoomed());
    calendar.key(Qt::Key_Escape);
    QVERIFY(!calendar.item->zoomed());
    QSignalSpy menu(calendar.item, &SlotCalendarItem::slotMenu);
    calendar.key(Qt::Key_Home);
    calendar.key(Qt::Key_Menu);
    QCOMPARE(menu.count(), 1);
    calendar.key(Qt::Key_Escape);
    QVERIFY(calendar.item->selected().isEmpty());
}

void SlotItemTest::keysOfTheMonth() {
    Calendar calendar;
    QVERIFY(calendar.begin());
    calendar.item->setView(SlotCalendarItem::View::MonthView);
    QCOMPARE(calendar.item->rangeTitle(), QStringLiteral("November 2026"));
    QCOMPARE(calendar.item->selectedDay(), QStringLiteral("2026-11-20"));
    calendar.key(Qt::Key_Right);
    calendar.key(Qt::Key_Down);
    QCOMPARE(calendar.item->selectedDay(), QStringLiteral("2026-11-28"));
    calendar.key(Qt::Key_Down);
    QCOMPARE(calendar.item->selectedDay(), QStringLiteral("2026-12-05"));
    QCOMPARE(calendar.item->rangeTitle(), QStringLiteral("December 2026"));
    calendar.key(Qt::Key_PageUp);
    QCOMPARE(calendar.item->rangeTitle(), QStringLiteral("November 2026"));
    QSignalSpy activated(calendar.item, &SlotCalendarItem::dayActivated);
    calendar.key(Qt::Key_Return);
    QCOMPARE(activated.count(), 1);
    QCOMPARE(calendar.item->view(), SlotCalendarItem::View::DayView);
    QCOMPARE(calendar.item->day(), activated[0][0].toString());
}

void SlotItemTest::theSelectionSurvivesNewData() {
    Calendar calendar;
    QVERIFY(calendar.begin());
    QVERIFY(calendar.item->select(65536 + 20 * 24, QStringLiteral("f01234")));
    calendar.rows.remove(0, 24);
    QTRY_COMPARE(calendar.item->windows(), 22 * 24);
    QCOMPARE(calendar.item->selected().value(QStringLiteral("slot")).toDouble(), 65536.0 + 20 * 24);
    QVERIFY(!calendar.item->select(1, QStringLiteral("f01234")));
    calendar.rows.reset({});
    QTRY_VERIFY(calendar.item->selected().isEmpty());
}

void SlotItemTest::mouseSelectsHoversAndActivates() {
    Calendar calendar;
    QVERIFY(calendar.begin());
    QSignalSpy hovered(calendar.item, &SlotCalendarItem::slotHovered);
    const int entry = calendar.entryAt(6);
    QTest::mouseMove(&calendar.scene.window(), calendar.centre(entry) + QPoint(80, 0));
    QTest::mouseMove(&calendar.scene.window(), calendar.centre(entry));
    QTRY_VERIFY(!hovered.isEmpty());
    QCOMPARE(calendar.item->hovered().value(QStringLiteral("state")).toString(), QStringLiteral("missed"));
    QVERIFY(calendar.item->hoveredRect().contains(calendar.centre(entry)));
    QTest::mouseClick(&calendar.scene.window(), Qt::LeftButton, {}, calendar.centre(entry));
    QCOMPARE(calendar.item->selected().value(QStringLiteral("state")).toString(), QStringLiteral("missed"));
    QSignalSpy activated(calendar.item, &SlotCalendarItem::slotActivated);
    QTest::mouseDClick(&calendar.scene.window(), Qt::LeftButton, {}, calendar.centre(entry));
    QCOMPARE(activated.count(), 1);
    QSignalSpy menu(calendar.item, &SlotCalendarItem::slotMenu);
    QTest::mouseClick(&calendar.scene.window(), Qt::RightButton, {}, calendar.centre(calendar.entryAt(12)));
    QCOMPARE(menu.count(), 1);
    QTest::mouseClick(&calendar.scene.window(), Qt::LeftButton, {},
                      {300, calendar.item->layout().rows()[3].rect.center().toPoint().y()});
    QTest::mouseMove(&calendar.scene.window(), {5, 5});
    QTRY_VERIFY(calendar.item->hovered().isEmpty());
}

void SlotItemTest::theStripZooms() {
    Calendar calendar;
    QVERIFY(calendar.begin());
    const QRectF strip = calendar.item->layout().strip();
    const auto at = [&](double part) {
        return QPoint(static_cast<int>(strip.left() + part * strip.width()), static_cast<int>(strip.center().y()));
    };
    QTest::mouseClick(&calendar.scene.window(), Qt::LeftButton, {}, at(0.5 / 14));
    QCOMPARE(calendar.item->day(), QStringLiteral("2026-11-07"));
    calendar.item->today();
    QTest::mousePress(&calendar.scene.window(), Qt::LeftButton, {}, at(4.0 / 14));
    QTest::mouseMove(&calendar.scene.window(), at(5.0 / 14));
    QTest::mouseMove(&calendar.scene.window(), at(6.0 / 14));
    keepPicture(calendar.scene.picture(), QStringLiteral("item-brush"));
    QTest::mouseRelease(&calendar.scene.window(), Qt::LeftButton, {}, at(6.0 / 14));
    QVERIFY(calendar.item->zoomed());
    QVERIFY(std::abs(calendar.item->to() - calendar.item->from() - 2 * 86400) < 7200);
    QVERIFY(std::abs(calendar.item->from() - (sampleDay - 9 * 86400)) < 7200);
}

void SlotItemTest::zoomHasLimits() {
    Calendar calendar;
    QVERIFY(calendar.begin());
    calendar.item->zoomTo(sampleNow, sampleNow + 0.001);
    QCOMPARE(std::round(calendar.item->to() - calendar.item->from()), 60.0);
    calendar.item->zoomTo(sampleNow, sampleNow + 1e12);
    QCOMPARE(calendar.item->to() - calendar.item->from(), 14 * 86400.0);
    const double from = calendar.item->from();
    QCOMPARE(from, sampleNow);
    calendar.item->zoomTo(std::nan(""), 5);
    calendar.item->zoomTo(10, 5);
    calendar.item->zoomBy(-3);
    calendar.item->zoomTo(1e18, 2e18);
    calendar.item->zoomTo(-50, 50);
    QCOMPARE(calendar.item->from(), from);
    calendar.item->zoomOut();
    calendar.item->zoomBy(4);
    QCOMPARE(calendar.item->to() - calendar.item->from(), 6 * 3600.0);
    QVERIFY(calendar.item->showsToday());
    QCOMPARE(calendar.item->day(), QString());
    calendar.item->goForward();
    QVERIFY(!calendar.item->showsToday());
    QCOMPARE(calendar.item->to() - calendar.item->from(), 6 * 3600.0);
}

void SlotItemTest::theLineOfThePresentMovesAlone() {
    // An hour fills the width: a second is a good part of a pixel.
    QuickScene scene(R"(SlotCalendar { objectName: "it"; width: 1000; height: 520; theme: PaintTheme {} })");
    QVERIFY(scene.good());
    auto* item = scene.find<SlotCalendarItem>();
    const double now = static_cast<double>(QDateTime::currentSecsSinceEpoch());
    Rows rows({SlotEntry{1, -1, -1, QStringLiteral("f01"), now - 40 * 86400, now - 39 * 86400}});
    item->setModel(&rows);
    item->zoomTo(now - 60, now + 60);
    QTRY_VERIFY(item->nowLine().height() > 0);
    const double before = item->nowLine().left();
    QSignalSpy painted(item, &SlotCalendarItem::rangeChanged);
    QTRY_VERIFY_WITH_TIMEOUT(item->nowLine().left() > before + 3, 20000);
    QCOMPARE(painted.count(), 0);
    item->setFixedNow(now - 1e6);
    QVERIFY(item->nowLine().isEmpty());
}

void SlotItemTest::timeZonesChangeTheDay() {
    Calendar calendar;
    QVERIFY(calendar.begin());
    if (!QTimeZone("Asia/Tokyo").isValid()) QSKIP("this machine does not know the zone");
    calendar.item->setTimeZone(QStringLiteral("Asia/Tokyo"));
    calendar.item->setUtc(false);
    QCOMPARE(calendar.item->from(), sampleDay - 9 * 3600);
    calendar.item->setTimeZone(QStringLiteral("No/Where"));
    QVERIFY(calendar.item->to() > calendar.item->from());
    calendar.item->setUtc(true);
    QCOMPARE(calendar.item->from(), sampleDay);
}

void SlotItemTest::tellsAScreenReader() {
    Calendar calendar;
    QVERIFY(calendar.begin());
    QAccessible::setActive(true);
    QAccessibleInterface* face = QAccessible::queryAccessibleInterface(calendar.item);
    QVERIFY(face != nullptr);
    QCOMPARE(face->role(), QAccessible::Chart);
    QCOMPARE(face->text(QAccessible::Name), QStringLiteral("Slot calendar, Fri 20 Nov 2026, 24 windows, 4 of them "
                                                           "yours, your next window opens in 4 hours 35 minutes"));
    calendar.key(Qt::Key_Right);
    QCOMPARE(face->text(QAccessible::Name),
             QStringLiteral("Slot 66034, f01234, yours, 18:00 to 19:00, future, in 4 hours 35 minutes"));
    QCOMPARE(calendar.item->accessibleText(), face->text(QAccessible::Name));
    calendar.item->clearSelection();
    calendar.item->setTitle(QStringLiteral("Slot calendar"));
    QVERIFY(face->text(QAccessible::Name).startsWith(QStringLiteral("Slot calendar: Fri 20 Nov 2026, 24 windows")));
    calendar.item->setTitle({});
    calendar.item->setView(SlotCalendarItem::View::MonthView);
    calendar.key(Qt::Key_Up);
    calendar.key(Qt::Key_Right);
    QCOMPARE(face->text(QAccessible::Name), QStringLiteral("Saturday, 14 November 2026, 4 windows, 3 of 4 stored"));
}

void SlotItemTest::theFocusCanBeSeen() {
    Calendar calendar;
    QVERIFY(calendar.begin());
    calendar.rows.reset({});
    QTRY_COMPARE(calendar.item->windows(), 0);
    const QColor focus = SlotPalette::dark().focus;
    QVERIFY(calendar.scene.picture().pixelColor(500, 1) != focus);
    calendar.key(Qt::Key_Right);    // leads nowhere
    QCOMPARE(calendar.scene.picture().pixelColor(500, 1), focus);
    QTest::mouseClick(&calendar.scene.window(), Qt::LeftButton, {}, {500, 200});
    QVERIFY(calendar.scene.picture().pixelColor(500, 1) != focus);
    // By Tab the window that comes next is chosen.
    calendar.rows.reset(sampleEntries());
    QTRY_VERIFY(calendar.item->windows() > 0);
    calendar.item->setFocus(false);
    calendar.item->setFocus(true, Qt::TabFocusReason);
    QCOMPARE(calendar.item->selected().value(QStringLiteral("openTime")).toDouble(), sampleDay + 18 * 3600);
}

void SlotItemTest::exportsAndSaysSo() {
    Calendar calendar;
    QVERIFY(calendar.begin());
    QTemporaryDir folder;
    QSignalSpy exported(calendar.item, &SlotCalendarItem::exported);
    QSignalSpy failed(calendar.item, &SlotCalendarItem::exportFailed);
    QVERIFY(calendar.item->exportPng(QUrl::fromLocalFile(folder.filePath(QStringLiteral("a b.png")))));
    QVERIFY(calendar.item->exportPdf(QUrl::fromLocalFile(folder.filePath(QStringLiteral("a.pdf")))));
    QCOMPARE(exported.count(), 2);
    QVERIFY(!QImage(folder.filePath(QStringLiteral("a b.png"))).isNull());
    keepPicture(QImage(folder.filePath(QStringLiteral("a b.png"))), QStringLiteral("item-export"));
    QVERIFY(!calendar.item->exportPng(QUrl::fromLocalFile(QStringLiteral("/no/such/folder/a.png"))));
    QCOMPARE(failed.count(), 1);
    QVERIFY(failed[0][0].toString().contains(QStringLiteral("/no/such/folder/a.png")));
    QVERIFY(!failed[0][1].toString().isEmpty());
}

void SlotItemTest::scrollsLanesByWheelAndSelection() {
    Calendar calendar;
    QVERIFY(calendar.begin());
    calendar.rows.reset(manyEntries(480, 60, sampleDay, 180));
    QTRY_VERIFY(calendar.item->mostScroll() > 0);
    QPoint middle(500, 250);
    QWheelEvent down(middle, middle, {}, {0, -240}, Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase, false);
    QCoreApplication::sendEvent(&calendar.scene.window(), &down);
    QTRY_VERIFY(calendar.item->scroll() > 0);
    calendar.item->setScroll(0);
    QVERIFY(calendar.item->select(59, QStringLiteral("f01059")));
    QVERIFY(calendar.item->scroll() > 0);
    QVERIFY(calendar.item->layout().scrolled().contains(calendar.item->selectedRect().center()));
    keepPicture(calendar.scene.picture(), QStringLiteral("item-scrolled"));
    calendar.item->setScroll(1e9);
    QCOMPARE(calendar.item->scroll(), calendar.item->mostScroll());
}

void SlotItemTest::themeAndMirroring() {
    Calendar calendar;
    QVERIFY(calendar.begin());
    auto* theme = calendar.item->theme();
    QVERIFY(theme != nullptr);
    const QImage dark = calendar.scene.picture();
    QCOMPARE(dark.pixelColor(4, 510), SlotPalette::dark().canvas);
    theme->setDark(false);
    QCOMPARE(calendar.scene.picture().pixelColor(4, 510), SlotPalette::light().canvas);
    theme->setCanvas(QColor(1, 2, 3));
    QCOMPARE(calendar.scene.picture().pixelColor(4, 510), QColor(1, 2, 3));
    theme->setDark(true);
    QCOMPARE(theme->canvas(), QColor(1, 2, 3));
    theme->resetCanvas();
    QCOMPARE(theme->canvas(), SlotPalette::dark().canvas);
    const double left = calendar.item->layout().plot().left();
    calendar.item->setMirrored(true);
    QVERIFY(calendar.item->layout().plot().left() < left);
    theme->setFontSize(26);
    QVERIFY(calendar.item->layout().axis().height() > 70);
    calendar.item->setTheme(nullptr);
    QVERIFY(!calendar.scene.picture().isNull());
}

void SlotItemTest::tenThousandRows() {
    Calendar calendar;
    QVERIFY(calendar.begin());
    calendar.rows.reset(manyEntries(10'000, 60, sampleDay, 8.64));
    QElapsedTimer clock;
    clock.start();
    QTRY_COMPARE(calendar.item->windows(), 10'000);
    qInfo("10,000 rows taken in %lld ms", static_cast<long long>(clock.elapsed()));
    clock.restart();
    QVERIFY(!calendar.scene.picture().isNull());
    qInfo("and drawn in a frame of %lld ms", static_cast<long long>(clock.elapsed()));
    // One that changes is read alone.
    calendar.rows.change(7, SlotState::Paid);
    QTRY_COMPARE(calendar.item->layout().set().entry(7).state, SlotState::Paid);
}

/// Keys, wheel, drags, other views, sizes and data in any order. Under a sanitizer it says more.
void SlotItemTest::survivesAMonkey() {
    Calendar calendar;
    QVERIFY(calendar.begin());
    std::mt19937 random(20261120);
    const auto upTo = [&random](int most) { return static_cast<int>(random() % static_cast<unsigned>(most)); };
    constexpr Qt::Key keys[] = {Qt::Key_Left,  Qt::Key_Right,  Qt::Key_Up,   Qt::Key_Down,     Qt::Key_Home,
                                Qt::Key_End,   Qt::Key_PageUp, Qt::Key_T,    Qt::Key_PageDown, Qt::Key_Plus,
                                Qt::Key_Minus, Qt::Key_Return, Qt::Key_Menu, Qt::Key_Escape};
    QQuickWindow& window = calendar.scene.window();
    for (int i = 0; i < 1500; ++i) {
        const QPoint at(upTo(1000), upTo(520));
        switch (upTo(10)) {
            case 0: QTest::mouseMove(&window, at); break;
            case 1: QTest::mouseClick(&window, upTo(2) == 0 ? Qt::LeftButton : Qt::RightButton, {}, at); break;
            case 2: {
                QTest::mousePress(&window, Qt::LeftButton, {}, at);
                QTest::mouseMove(&window, {upTo(1000), at.y()});
                QTest::mouseRelease(&window, Qt::LeftButton, {}, {upTo(1000), upTo(520)});
                break;
            }
            case 3: {
                QWheelEvent wheel(at, at, {}, {upTo(3) * 120 - 120, upTo(5) * 120 - 240}, Qt::NoButton,
                                  upTo(2) == 0 ? Qt::ControlModifier : Qt::ShiftModifier, Qt::NoScrollPhase, false);
                QCoreApplication::sendEvent(&window, &wheel);
                break;
            }
            case 4: calendar.item->setView(static_cast<SlotCalendarItem::View>(upTo(3))); break;
            case 5: calendar.item->setSize({static_cast<double>(upTo(1200)), static_cast<double>(upTo(700))}); break;
            case 6:
                if (upTo(4) == 0)
                    calendar.rows.reset(upTo(2) == 0
                                            ? sampleEntries()
                                            : manyEntries(upTo(400), 1 + upTo(70), sampleDay, 1.0 + upTo(9000)));
                else if (calendar.rows.rowCount() > 3)
                    calendar.rows.remove(upTo(calendar.rows.rowCount() - 3), 1 + upTo(3));
                break;
            case 7: calendar.item->setMirrored(upTo(2) == 0); break;
            case 8:
                if (calendar.rows.rowCount() > 0)
                    calendar.rows.change(upTo(calendar.rows.rowCount()),
                                         allSlotStates[static_cast<std::size_t>(upTo(slotStates))]);
                break;
            default: calendar.item->forceActiveFocus(); break;
        }
        calendar.key(keys[upTo(static_cast<int>(std::size(keys)))]);
        if (i % 25 == 0) QVERIFY(!calendar.scene.picture().isNull());
        QVERIFY(calendar.item->to() > calendar.item->from());
    }
}
