// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "chart_test.hpp"

#include "gui/view/bar_chart.hpp"
#include "gui/view/chart_words.hpp"
#include "gui/view/sparkline.hpp"
#include "gui/view/tree_heat_map.hpp"
#include "gui/view/usage_bar.hpp"
#include "pictures.hpp"
#include "quick_scene.hpp"

#include <QAccessible>
#include <QSignalSpy>

#include <cmath>

using namespace filfil::gui;
using namespace filfil::gui::test;

namespace {

QByteArray one(const QByteArray& type, const QByteArray& more, int width = 600, int height = 120) {
    return type + " { objectName: 'it'; width: " + QByteArray::number(width) +
           "; height: " + QByteArray::number(height) + "; theme: PaintTheme {} \n" + more + "}";
}

QString nameOf(QObject* item) {
    QAccessible::setActive(true);
    QAccessibleInterface* face = QAccessible::queryAccessibleInterface(item);
    return face != nullptr ? face->text(QAccessible::Name) : QString();
}

bool has(const QImage& picture, const QColor& colour) {
    for (int y = 0; y < picture.height(); ++y)
        for (int x = 0; x < picture.width(); ++x)
            if (picture.pixelColor(x, y) == colour) return true;
    return false;
}

}    // namespace

void ChartTest::figuresAndUnits() {
    QCOMPARE(figure(0), QStringLiteral("0"));
    QCOMPARE(figure(12.4), QStringLiteral("12.4"));
    QCOMPARE(figure(0.25), QStringLiteral("0.25"));
    QCOMPARE(figure(123.7), QStringLiteral("124"));
    QCOMPARE(figure(std::nan("")), QStringLiteral("–"));
    const QChar space(0xA0);
    QCOMPARE(bytesText(81264640), QString(QStringLiteral("77.5") + space + QStringLiteral("MiB")));
    QCOMPARE(bytesText(0), QString(QStringLiteral("0") + space + QStringLiteral("B")));
    QCOMPARE(withUnit(1073741824, QStringLiteral("bytes/s")),
             QString(QStringLiteral("1") + space + QStringLiteral("GiB/s")));
    QCOMPARE(withUnit(3, QStringLiteral("FIL")), QString(QStringLiteral("3") + space + QStringLiteral("FIL")));
    QVERIFY(std::isnan(numbersOf({QVariant(), 2})[0]));
    QVERIFY(std::isnan(numbersOf({QStringLiteral("x")})[0]));
}

void ChartTest::axesEndAtRoundNumbers() {
    QCOMPARE(roundUp(0), 1.0);
    QCOMPARE(roundUp(-4), 1.0);
    QCOMPARE(roundUp(7), 10.0);
    QCOMPARE(roundUp(10), 10.0);
    QCOMPARE(roundUp(210), 250.0);
    QCOMPARE(roundUp(0.013), 0.02);
    QCOMPARE(roundUp(std::nan("")), 1.0);
    QCOMPARE(roundUp(1.86 * 1073741824, QStringLiteral("bytes/s")), 2.0 * 1073741824);
    QCOMPARE(roundUp(1010.0 * 1048576, QStringLiteral("bytes")), 1073741824.0);
    QCOMPARE(roundUp(7, QStringLiteral("FIL")), 10.0);
}

void ChartTest::sparklineTellsAndDraws() {
    QuickScene scene(one("Sparkline", "title: 'Throughput'; unit: 'MB/s'; axis: true; values: [10, 20, null, 40, 30]"));
    QVERIFY(scene.good());
    QCOMPARE(nameOf(scene.item()),
             QStringLiteral("Throughput: now 30 MB/s, mean 25 MB/s, lowest 10 MB/s, highest 40 MB/s")
                 .replace(QStringLiteral(" MB"), QString(QChar(0xA0) + QStringLiteral("MB"))));
    QVERIFY(has(scene.picture(), SlotPalette::dark().accent));
    auto* line = scene.find<Sparkline>();
    line->setValues({});
    QCOMPARE(line->accessibleText(), QStringLiteral("Throughput: no values yet"));
    QVERIFY(!has(scene.picture(), SlotPalette::dark().accent));
    // More than there are pixels: a single peak is still seen.
    QVariantList many;
    for (int i = 0; i < 50'000; ++i) many << (i == 31'234 ? 100.0 : 1.0);
    line->setValues(many);
    const QImage picture = scene.picture();
    bool peak = false;
    for (int x = 60; x < 590; ++x) peak = peak || picture.pixelColor(x, 22).blue() > 150;
    QVERIFY(peak);
}

void ChartTest::barsTellAndDraw() {
    QuickScene scene(one("BarChart",
                         "title: 'Payouts'; unit: 'FIL'; bars: [{label: 'Sep', value: 4}, {label: 'Oct', value: 10, "
                         "pending: 2}, {label: 'Nov', value: 0}]",
                         600, 200));
    QVERIFY(scene.good());
    const QString name = nameOf(scene.item()).replace(QChar(0xA0), QLatin1Char(' '));
    QCOMPARE(name,
             QStringLiteral("Payouts: 14 FIL in all; most in Oct with 10 FIL and 2 FIL pending; last Nov with 0 FIL"));
    QVERIFY(has(scene.picture(), SlotPalette::dark().green));
    auto* bars = scene.find<BarChart>();
    QSignalSpy lit(bars, &BarChart::highlightedChanged);
    QTest::mouseMove(&scene.window(), {20, 20});
    QTest::mouseMove(&scene.window(), {340, 100});
    QTRY_COMPARE(bars->highlighted(), 1);
    QVERIFY(bars->highlightedText().startsWith(QStringLiteral("Oct: 10")));
    bars->setBars({});
    QCOMPARE(bars->highlighted(), -1);
    QVERIFY(bars->accessibleText().endsWith(QStringLiteral("nothing yet")));
}

void ChartTest::treeKnowsWhatIsDone() {
    TreeHeatMap tree;
    tree.setProgress(0.375);
    QCOMPARE(tree.done(0, 0.25), 1.0);
    QCOMPARE(tree.done(0.25, 0.5), 0.5);
    QCOMPARE(tree.done(0.5, 1), 0.0);
    QCOMPARE(tree.done(0, 1), 0.375);
    QCOMPARE(tree.done(0.5, 0.5), 0.0);
    // Out of order, as a GPU does it.
    tree.setParts({1, 0, 0.5, 0});
    QCOMPARE(tree.done(0, 0.25), 1.0);
    QCOMPARE(tree.done(0.25, 0.5), 0.0);
    QCOMPARE(tree.done(0.5, 1), 0.25);
    QCOMPARE(tree.done(0, 1), 0.375);
    QCOMPARE(tree.done(0.125, 0.375), 0.5);
    tree.setParts({QStringLiteral("x"), 7, -2});
    QVERIFY(std::abs(tree.done(0, 1) - 1.0 / 3) < 1e-9);
}

void ChartTest::treeTellsAndDraws() {
    QuickScene scene(one("TreeHeatMap", "title: 'commP'; levels: 30; progress: 0.5", 600, 160));
    QVERIFY(scene.good());
    auto* tree = scene.find<TreeHeatMap>();
    QCOMPARE(tree->accessibleText(), QStringLiteral("commP: a tree of 30 levels, 50 percent hashed"));
    QCOMPARE(tree->rows(), 12);
    const QImage half = scene.picture();
    const QRectF area = tree->treeRect();
    const int foot = 150;
    QCOMPARE(half.pixelColor(static_cast<int>(area.left() + area.width() * 0.25), foot), SlotPalette::dark().blue);
    QVERIFY(half.pixelColor(static_cast<int>(area.left() + area.width() * 0.75), foot) != SlotPalette::dark().blue);
    QVERIFY(!has(half, SlotPalette::dark().green));
    tree->setProgress(1);
    QVERIFY(has(scene.picture(), SlotPalette::dark().green));
    tree->setFailed(true);
    QVERIFY(has(scene.picture(), SlotPalette::dark().red));
    QVERIFY(tree->accessibleText().contains(QStringLiteral("another root")));
    tree->setLevels(0);
    QCOMPARE(tree->rows(), 1);
    tree->setLevels(99);
    QCOMPARE(tree->levels(), 40);
}

void ChartTest::usageTellsAndDraws() {
    QuickScene scene(
        one("UsageBar", "title: 'Memory'; used: 6442450944; limit: 8589934592; forecast: 8000000000", 600, 60));
    QVERIFY(scene.good());
    auto* bar = scene.find<UsageBar>();
    QCOMPARE(nameOf(bar).replace(QChar(0xA0), QLatin1Char(' ')),
             QStringLiteral("Memory: 6 GiB of 8 GiB used, 75 percent, expected to grow to 7.45 GiB"));
    QCOMPARE(scene.picture().pixelColor(100, 6), SlotPalette::dark().green);
    bar->setUsed(7.2e9);
    QCOMPARE(scene.picture().pixelColor(100, 6), SlotPalette::dark().amber);
    bar->setUsed(9e9);
    QCOMPARE(scene.picture().pixelColor(100, 6), SlotPalette::dark().red);
    bar->setLimit(0);
    QVERIFY(bar->accessibleText().endsWith(QStringLiteral("used, expected to grow to 7.45") + QChar(0xA0) +
                                           QStringLiteral("GiB")) ||
            bar->accessibleText().endsWith(QStringLiteral("used")));
}

void ChartTest::oddValuesAreHarmless_data() {
    QTest::addColumn<QByteArray>("qml");
    const auto row = [](const char* name, const QByteArray& type, const QByteArray& more) {
        for (const auto& [width, height] :
             {std::pair(0, 0), std::pair(1, 1), std::pair(7, 300), std::pair(500, 5), std::pair(500, 200)})
            QTest::addRow("%s %dx%d", name, width, height) << one(type, more, width, height);
    };
    row("sparkline of nothing", "Sparkline", "axis: true");
    row("sparkline of one", "Sparkline", "values: [5]");
    row("sparkline of odd ones", "Sparkline", "axis: true; values: [NaN, Infinity, -5, 'x', null, undefined, 1e300]");
    row("bars", "BarChart", "bars: [{}, {label: 5, value: 'x'}, {value: -3}, {value: 1e300, pending: NaN}, 7]");
    row("tree", "TreeHeatMap", "levels: -3; progress: NaN; rates: [NaN, 1, 1e300]; parts: [NaN, 1]");
    row("usage", "UsageBar",
        "used: NaN; limit: -1; forecast: Infinity; parts: [{value: -1}, {value: NaN}, {}]; warnAt: 5");
    row("calendar", "SlotCalendar", "model: ListModel { ListElement { slot: 'x'; openTime: 'y' } }");
    row("calendar of little", "SlotCalendar", "model: ListModel { ListElement { slot: 1; openTime: 1795181100 } }");
    row("calendar of numbers", "SlotCalendar", "view: SlotCalendar.MonthView; day: 'never'; timeZone: 'x'; utc: false");
}

void ChartTest::oddValuesAreHarmless() {
    QFETCH(QByteArray, qml);
    QuickScene scene(qml, {520, 320});
    QVERIFY(scene.good());
    QVERIFY(!scene.picture().isNull());
}

void ChartTest::looksWell() {
    for (const bool dark : {true, false}) {
        const QByteArray theme = dark ? "true" : "false";
        QuickScene scene("Rectangle { width: 1000; height: 460; color: paint.canvas\n PaintTheme { id: paint; dark: " +
                             theme + R"(; fontFamily: 'DejaVu Sans' }
            Column { x: 24; y: 24; spacing: 24
                Row { spacing: 24
                    Sparkline { theme: paint; width: 464; height: 130; axis: true; unit: 'bytes/s'; values: { const v = []; for (let i = 0; i < 90; ++i) v.push(i === 40 ? null : 1.4e9 + 5e8 * Math.sin(i / 7) + 9e7 * Math.sin(i * 2.3)); return v } }
                    BarChart { theme: paint; width: 464; height: 130; unit: 'FIL'; bars: [{label: 'Jun', value: 8.2}, {label: 'Jul', value: 11}, {label: 'Aug', value: 10.4}, {label: 'Sep', value: 0}, {label: 'Oct', value: 14.1}, {label: 'Nov', value: 6.3, pending: 5.2}] }
                }
                TreeHeatMap { theme: paint; width: 952; height: 150; levels: 30; progress: 0.618; rates: { const v = []; for (let i = 0; i < 60; ++i) v.push(10 + 4 * Math.sin(i / 5) + i / 12); return v } }
                Row { spacing: 24
                    UsageBar { theme: paint; width: 464; height: 64; limit: 34359738368; used: 22e9; parts: [{label: 'blocks', value: 14e9, tone: 'blue'}, {label: 'layouts', value: 3e9, tone: 'violet'}] ; forecast: 27e9 }
                    UsageBar { theme: paint; width: 464; height: 44; limit: 8589934592; used: 7.4e9; forecast: 8.2e9 }
                }
            } })",
                         {1000, 460});
        QVERIFY(scene.good());
        const QImage picture = scene.picture();
        keepPicture(picture, dark ? QStringLiteral("charts-dark") : QStringLiteral("charts-light"));
        QVERIFY2(looksLike(picture, dark ? QStringLiteral("charts-dark") : QStringLiteral("charts-light")),
                 "see the pictures that are named above");
    }
}
