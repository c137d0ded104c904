// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "slot_painter_test.hpp"

#include "gui/view/slot_export.hpp"
#include "gui/view/slot_words.hpp"
#include "pictures.hpp"
#include "sample_slots.hpp"

#include <QElapsedTimer>
#include <QFontDatabase>
#include <QPainter>
#include <QTranslator>

using namespace filfil::gui;
using namespace filfil::gui::test;

namespace {

SlotLayoutOptions optionsOf(SlotView view, QSizeF size, double dpr = 1) {
    SlotLayoutOptions options;
    options.view = view;
    options.size = size;
    options.now = sampleNow;
    options.day = QDate(2026, 11, 20);
    options.locale = QLocale(QLocale::English, QLocale::UnitedKingdom);
    options.dpr = dpr;
    return options;
}

QFont testFont() {
    QFont font(QStringLiteral("DejaVu Sans"));
    font.setPixelSize(13);
    return font;
}

QImage drawn(const SlotSet& set, const SlotLayoutOptions& options, const SlotPalette& palette,
             const SlotPaintState& state = {}) {
    QImage image((options.size * options.dpr).toSize(), QImage::Format_ARGB32_Premultiplied);
    image.setDevicePixelRatio(options.dpr);
    image.fill(Qt::magenta);
    QPainter painter(&image);
    SlotPainter(palette, testFont()).paint(painter, SlotLayout(set, options), state);
    return image;
}

/// Takes down how many windows are said to be ahead.
class AheadListener : public QTranslator {
public:
    [[nodiscard]] bool isEmpty() const override { return false; }
    [[nodiscard]] QString translate(const char*, const char* source, const char*, int n) const override {
        if (QLatin1String(source) == QLatin1String("%n ahead")) m_told << n;
        return {};
    }
    [[nodiscard]] QList<int> told() const { return m_told; }

private:
    mutable QList<int> m_told;
};

}    // namespace

void SlotPainterTest::looksAsItDid_data() {
    QTest::addColumn<int>("view");
    QTest::addColumn<bool>("dark");
    for (const bool dark : {true, false}) {
        const char* tone = dark ? "dark" : "light";
        QTest::addRow("day-%s", tone) << 0 << dark;
        QTest::addRow("week-%s", tone) << 1 << dark;
        QTest::addRow("month-%s", tone) << 2 << dark;
    }
}

void SlotPainterTest::looksAsItDid() {
    QFETCH(int, view);
    QFETCH(bool, dark);
    const SlotSet set(sampleEntries());
    SlotPaintState state;
    state.selected = set.find(65536 + 20 * 24 + 12, u"f01234");
    state.focus = true;
    state.selectedDay = QDate(2026, 11, 18);
    state.nowLine = true;
    const SlotPalette palette = dark ? SlotPalette::dark() : SlotPalette::light();
    const QString name = QString::fromLatin1(QTest::currentDataTag());
    QVERIFY2(looksLike(drawn(set, optionsOf(static_cast<SlotView>(view), {960, 460}), palette, state), name),
             "see the pictures that are named above");

    // Larger ones, for people.
    keepPicture(drawn(set, optionsOf(static_cast<SlotView>(view), {1040, 520}), palette, state),
                name + QStringLiteral("-1280"));
    keepPicture(drawn(set, optionsOf(static_cast<SlotView>(view), {1640, 860}, 2), palette, state),
                name + QStringLiteral("-4k"));
}

void SlotPainterTest::aChangedPictureIsSeen() {
    const SlotSet set(sampleEntries());
    const QImage before = drawn(set, optionsOf(SlotView::Day, {960, 460}), SlotPalette::dark());
    auto entries = sampleEntries();
    entries[20 * 24].state = SlotState::Missed;    // it is paid in the other picture
    const SlotSet other(entries);
    QVERIFY(difference(before, before) < 0.0001);
    QVERIFY(difference(before, drawn(other, optionsOf(SlotView::Day, {960, 460}), SlotPalette::dark())) >
            pictureTolerance / 4);
    QVERIFY(difference(before, drawn(set, optionsOf(SlotView::Day, {960, 460}), SlotPalette::light())) >
            pictureTolerance * 10);
}

/// No state is told by its colour alone: with all inks the same, every two of them still differ by line, area or sign.
void SlotPainterTest::everyStateDiffersInGrey() {
    SlotPalette grey = SlotPalette::dark();
    for (QColor SlotPalette::* ink :
         {&SlotPalette::amber, &SlotPalette::blue, &SlotPalette::violet, &SlotPalette::green, &SlotPalette::red})
        grey.*ink = grey.grey;
    std::vector<QImage> pictures;
    for (const SlotState state : allSlotStates) {
        QImage image(26, 26, QImage::Format_ARGB32_Premultiplied);
        image.fill(grey.canvas);
        QPainter painter(&image);
        SlotCellPainter(grey, testFont(), 1).sample(painter, QRectF(0, 0, 26, 26), state);
        pictures.push_back(image);
    }
    for (std::size_t i = 0; i < pictures.size(); ++i)
        for (std::size_t j = i + 1; j < pictures.size(); ++j)
            QVERIFY2(pictures[i] != pictures[j],
                     qPrintable(stateName(allSlotStates[i]) + QStringLiteral(" and ") + stateName(allSlotStates[j])));
}

void SlotPainterTest::wordsCanBeRead_data() {
    QTest::addColumn<bool>("dark");
    QTest::newRow("dark") << true;
    QTest::newRow("light") << false;
}

void SlotPainterTest::wordsCanBeRead() {
    QFETCH(bool, dark);
    const SlotPalette palette = dark ? SlotPalette::dark() : SlotPalette::light();
    const auto readable = [](const QColor& ink, const QColor& ground, double least, const QString& what) {
        QVERIFY2(contrast(ink, ground) >= least,
                 qPrintable(QStringLiteral("%1: %2").arg(what).arg(contrast(ink, ground))));
    };
    for (const SlotState state : allSlotStates) {
        readable(palette.ink(state), palette.fill(state), 4.5, stateName(state) + QStringLiteral(" on its area"));
        readable(palette.ink(state), palette.plate(state), 4.5, stateName(state) + QStringLiteral(" on its plate"));
        if (state == SlotState::Building)
            readable(palette.ink(state), palette.progress(state), 4.5, QStringLiteral("a percentage on what is done"));
        readable(palette.ink(state), palette.canvas, 3, stateName(state) + QStringLiteral("'s border"));
    }
    readable(palette.text, palette.canvas, 7, QStringLiteral("text"));
    readable(palette.muted, palette.canvas, 4.5, QStringLiteral("muted text"));
    readable(palette.muted, palette.panel, 4.5, QStringLiteral("muted text on a panel"));
    readable(palette.onNow, palette.now, 4.5, QStringLiteral("the time of the present"));
    readable(palette.now, palette.canvas, 3, QStringLiteral("the line of the present"));
    readable(palette.focus, palette.canvas, 3, QStringLiteral("the focus"));
    for (const QColor& ground :
         {palette.grey, palette.amber, palette.blue, palette.violet, palette.green, palette.red, palette.accent})
        readable(inkOn(ground), ground, 4.5, QStringLiteral("numbers in a bar"));
}

void SlotPainterTest::tenThousandWindowsAreOneFrame() {
    // A day of windows of nine seconds of 60 providers; the same in a week and a month.
    const SlotSet many(manyEntries(10'000, 60, sampleDay, 8.64));
    const SlotSet few(manyEntries(100, 60, sampleDay, 864));
    const auto milliseconds = [](const SlotSet& set, const SlotLayoutOptions& options) {
        std::vector<double> all;
        for (int i = 0; i < 9; ++i) {
            QElapsedTimer clock;
            clock.start();
            const QImage image = drawn(set, options, SlotPalette::dark());
            all.push_back(static_cast<double>(clock.nsecsElapsed()) / 1e6);
        }
        std::ranges::nth_element(all, all.begin() + 4);
        return all[4];
    };
    for (const SlotView view : {SlotView::Day, SlotView::Week, SlotView::Month}) {
        const SlotLayoutOptions options = optionsOf(view, {1280, 800});
        const SlotLayout layout(many, options);
        if (view != SlotView::Month) QVERIFY(layout.cells().size() > 4000);
        const double whole = milliseconds(many, options);
        const double base = milliseconds(few, options);
        qInfo("10,000 windows, view %d: %.1f ms laid out and painted, %.2f times what 100 take", static_cast<int>(view),
              whole, whole / base);
    }
    const QImage image = drawn(many, optionsOf(SlotView::Day, {1280, 800}), SlotPalette::dark());
    keepPicture(image, QStringLiteral("day-10000"));
    // They can be seen: of the pixels of the plot a good part is lit.
    int lit = 0;
    for (int y = 60; y < 700; y += 3)
        for (int x = 160; x < 1270; x += 3) lit += image.pixelColor(x, y).lightness() > 70;
    QVERIFY(lit > 500);
}

void SlotPainterTest::rightToLeftIsTheMirrorImage() {
    // Boxes alone: letters are not mirrored.
    const SlotSet set(sampleEntries());
    SlotLayoutOptions options = optionsOf(SlotView::Day, {960, 460});
    const SlotLayout left(set, options);
    options.rightToLeft = true;
    const SlotLayout right(set, options);
    const QImage one = drawn(set, left.options(), SlotPalette::dark());
    const QImage two = drawn(set, right.options(), SlotPalette::dark());
    QCOMPARE(left.cells().size(), right.cells().size());
    for (std::size_t i = 0; i < left.cells().size(); ++i) {
        const QRectF a = left.cells()[i].rect;
        const QRectF b = right.cells()[i].rect;
        QVERIFY(std::abs(a.left() - (960 - b.right())) <= 1.01);
        // The corner's border has the same colour.
        if (a.width() < 12) continue;
        QCOMPARE(two.pixelColor(QPointF(b.center().x(), b.top()).toPoint()),
                 one.pixelColor(QPointF(a.center().x(), a.top()).toPoint()));
    }
    keepPicture(two, QStringLiteral("day-rtl"));
}

void SlotPainterTest::paintsNothingBeyondItsSize() {
    const SlotSet set(sampleEntries());
    QImage image(700, 500, QImage::Format_ARGB32_Premultiplied);
    for (const SlotView view : {SlotView::Day, SlotView::Week, SlotView::Month}) {
        image.fill(Qt::magenta);
        QPainter painter(&image);
        SlotPaintState state;
        state.nowLine = true;
        SlotPainter(SlotPalette::dark(), testFont())
            .paint(painter, SlotLayout(set, optionsOf(view, {600, 400})), state);
        painter.end();
        for (int x = 0; x < 700; x += 2) QCOMPARE(image.pixelColor(x, 401), QColor(Qt::magenta));
        for (int y = 0; y < 500; y += 2) QCOMPARE(image.pixelColor(601, y), QColor(Qt::magenta));
        QVERIFY(image.pixelColor(300, 200) != QColor(Qt::magenta));
    }
}

void SlotPainterTest::emptyAndTinyCalendarsArePainted() {
    const SlotSet set(sampleEntries());
    const SlotSet none;
    for (const SlotView view : {SlotView::Day, SlotView::Week, SlotView::Month}) {
        for (const QSizeF size : {QSizeF(1, 1), QSizeF(20, 12), QSizeF(160, 90), QSizeF(320, 4000), QSizeF(4000, 40)}) {
            QVERIFY(!drawn(set, optionsOf(view, size), SlotPalette::dark()).isNull());
            QVERIFY(!drawn(none, optionsOf(view, size), SlotPalette::light()).isNull());
        }
        keepPicture(drawn(none, optionsOf(view, {960, 460}), SlotPalette::dark()),
                    QStringLiteral("empty-%1").arg(static_cast<int>(view)));
        keepPicture(drawn(set, optionsOf(view, {420, 320}), SlotPalette::light()),
                    QStringLiteral("small-%1").arg(static_cast<int>(view)));
    }
    SlotLayoutOptions zoomed = optionsOf(SlotView::Day, {1040, 460});
    zoomed.from = sampleNow - 3 * 3600;
    zoomed.to = sampleNow + 3 * 3600;
    SlotPaintState state;
    state.nowLine = true;
    keepPicture(drawn(set, zoomed, SlotPalette::dark(), state), QStringLiteral("day-zoomed"));
    zoomed.zone = QTimeZone("Asia/Kolkata");
    keepPicture(drawn(set, zoomed, SlotPalette::light(), state), QStringLiteral("day-kolkata"));
}

namespace {

SlotSheet sheetOf(const SlotSet& set) {
    SlotSheet sheet;
    sheet.set = &set;
    sheet.options = optionsOf(SlotView::Week, {1120, 620});
    sheet.font = testFont();
    return sheet;
}

}    // namespace

void SlotPainterTest::exportsPng() {
    const SlotSet set(sampleEntries());
    QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("week.png"));
    QVERIFY(exportPng(sheetOf(set), path, 2).ok());
    const QImage image(path);
    QCOMPARE(image.width(), (1120 + 48) * 2);
    QVERIFY(image.height() > 1400);
    keepPicture(image, QStringLiteral("export"));
    QCOMPARE(QDir(folder.path()).entryList(QDir::Files).size(), 1);
}

void SlotPainterTest::exportsPdfAsLines() {
    const SlotSet set(sampleEntries());
    QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("week.pdf"));
    QVERIFY(exportPdf(sheetOf(set), path).ok());
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray bytes = file.readAll();
    QVERIFY(bytes.startsWith("%PDF-"));
    QVERIFY(bytes.size() > 2000 && bytes.size() < 2'000'000);
    QCOMPARE(bytes.count("/Type /Page\n"), 1);
    QVERIFY2(!bytes.contains("/Subtype /Image"), "the page is made of pixels");
    QVERIFY(bytes.contains("/Type /Font"));
}

void SlotPainterTest::exportSaysWhatIsWrong() {
    const SlotSet set(sampleEntries());
    QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("no/such/folder/week.png"));
    const auto png = exportPng(sheetOf(set), path, 1);
    QVERIFY(!png.ok());
    QCOMPARE(png.error().code, filfil::ErrorCode::io);
    QVERIFY(QString::fromStdString(png.error().message).contains(path));
    QVERIFY(!png.error().remedy.empty());
    QVERIFY(!exportPdf(sheetOf(set), path).ok());
}

void SlotPainterTest::legendNamesAllStates() {
    const SlotPainter painter(SlotPalette::dark(), testFont());
    const double one = painter.legend(nullptr, QRectF(0, 0, 2000, 0), false);
    QCOMPARE(painter.legend(nullptr, QRectF(0, 0, painter.legendWidth() + 1, 0), false), one);
    QVERIFY(painter.legend(nullptr, QRectF(0, 0, 300, 0), false) >= one * 3);
    for (const bool dark : {true, false}) {
        const SlotPalette palette = dark ? SlotPalette::dark() : SlotPalette::light();
        QImage image(1100, 40, QImage::Format_ARGB32_Premultiplied);
        image.fill(palette.canvas);
        QPainter on(&image);
        SlotPainter(palette, testFont()).legend(&on, QRectF(6, 6, 1090, 30), false);
        on.end();
        keepPicture(image, dark ? QStringLiteral("legend-dark") : QStringLiteral("legend-light"));
        // The states' own colours are in it.
        for (const SlotState state :
             {SlotState::Open, SlotState::Published, SlotState::Stored, SlotState::Paid, SlotState::Missed}) {
            bool found = false;
            for (int x = 0; x < image.width() && !found; ++x)
                for (int y = 0; y < image.height() && !found; ++y) found = image.pixelColor(x, y) == palette.ink(state);
            QVERIFY2(found, qPrintable(stateName(state)));
        }
    }
}

void SlotPainterTest::aDayCountsWhatIsAheadOfItAlone_data() {
    QTest::addColumn<QList<SlotState>>("states");
    QTest::addColumn<QList<int>>("ahead");
    using enum SlotState;
    for (const SlotState state : {Building, Published, Disputed, Reassigned, Skipped, Unknown})
        QTest::newRow(qPrintable(stateName(state))) << QList<SlotState>{state} << QList<int>();
    QTest::newRow("future") << QList<SlotState>{Future, Future} << QList<int>{2};
    QTest::newRow("open") << QList<SlotState>{Open} << QList<int>{1};
    QTest::newRow("some") << QList<SlotState>{Unknown, Skipped, Future, Building} << QList<int>{1};
    QTest::newRow("judged") << QList<SlotState>{Paid, Future} << QList<int>();
}

void SlotPainterTest::aDayCountsWhatIsAheadOfItAlone() {
    QFETCH(QList<SlotState>, states);
    QFETCH(QList<int>, ahead);
    std::vector<SlotEntry> entries;
    for (int i = 0; i < states.size(); ++i) {
        // What is to come opens later today; the rest is of today as well.
        const double open = states[i] == SlotState::Future ? sampleNow + 60 : sampleNow - 60;
        entries.push_back(
            sampleEntry(open, sampleNow + 3600, QStringLiteral("f0%1").arg(1000 + i), true, states[i], i));
    }
    AheadListener listener;
    QCoreApplication::installTranslator(&listener);
    drawn(SlotSet(entries), optionsOf(SlotView::Month, {960, 460}), SlotPalette::dark());
    QCoreApplication::removeTranslator(&listener);
    QCOMPARE(listener.told(), ahead);
}
