// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "gui/model/alert_store.hpp"
#include "gui/model/preferences.hpp"
#include "gui/model/session.hpp"
#include "gui/model/slot_store.hpp"
#include "gui/model/snapshot_store.hpp"
#include "gui/model/verifier.hpp"
#include "tests/gui/quick/stage.hpp"

#include <QAccessible>
#include <QApplication>
#include <QClipboard>
#include <QFile>
#include <QPointer>
#include <QRegularExpression>
#include <QtTest/QtTest>
#include <algorithm>

using namespace filfil::gui;
using namespace filfil::gui::test;

namespace {

const QStringList pages = {QStringLiteral("overview"), QStringLiteral("calendar"), QStringLiteral("snapshots"),
                           QStringLiteral("deals"),    QStringLiteral("payouts"),  QStringLiteral("verifier"),
                           QStringLiteral("devices"),  QStringLiteral("log"),      QStringLiteral("settings")};

QString shown(const Stage& stage) { return const_cast<Stage&>(stage).window().property("page").toString(); }

QString describe(QQuickItem* item) {
    QString path;
    for (QQuickItem* above = item; above != nullptr && path.size() < 200; above = above->parentItem())
        path = QString::fromLatin1(above->metaObject()->className()).section(QStringLiteral("_QML"), 0, 0) +
               QStringLiteral("/") + path;
    return path + QStringLiteral(" \"") + Stage::name(item) + QStringLiteral("\"");
}

/// All texts that can be read below an item.
QStringList texts(QQuickItem* root) {
    QStringList all;
    for (QQuickItem* item : Stage::items(root)) {
        const QVariant text = item->property("text");
        if (text.isValid() && item->inherits("QQuickText") && !text.toString().isEmpty()) all << text.toString();
    }
    return all;
}

bool says(QQuickItem* root, const QString& part) {
    for (const QString& text : texts(root))
        if (text.contains(part, Qt::CaseInsensitive)) return true;
    return false;
}

}    // namespace

class PagesTest : public QObject {
    Q_OBJECT

private slots:
    void init();
    void everyPageIsBuiltWithoutAWarning();
    void everyPageOpensByItsKey();
    void everyConditionOfEveryPage_data();
    void everyConditionOfEveryPage();
    void everyControlHasANameARoleAndAKey_data();
    void everyControlHasANameARoleAndAKey();
    void theKeyboardReachesEveryControl_data();
    void theKeyboardReachesEveryControl();
    void nothingStandsOutsideATinyWindow();
    void rightToLeftMirrorsTheSidebar();
    void aNoteOverARowGoesWithTheRow();
    void aLostDaemonIsABannerThatGoesWhenItIsBack();
    void anAlertCanBeMuted();
    void aSnapshotIsTakenWithWhatWasChosen();
    void aSnapshotIsForgottenAfterAsking();
    void theTableIsSortedFilteredAndCopied();
    void aDealIsOpenedAndTriedAgain();
    void preflightTellsWhatToFix();
    void aClaimIsShownBeforeItIsSent();
    void theSlotPolicyIsSetInTheCalendar();
    void aDroppedFileIsVerified();
    void aWrongCidIsToldWhileTyping();
    void devicesAreTimed();
    void theLogIsFiltered();
    void whereNoContractIsSetTheWayLeadsToItsSetting();
    void theMemoryOfTheDaemonIsToldInItsColour();
    void aSettingOfTheDaemonIsSetAndARefusalShown();
    void theThemeIsKept();
    void anotherTimeZoneReachesPagesThatAreNotShown();
    void notificationsCanBeSwitched();
    void theWizardConnectsToWhatItFinds();
    void withoutADaemonPagesSayWhatToDo();
};

/// QML tells of broken bindings as warnings.
void PagesTest::init() { QTest::failOnWarning(QRegularExpression(QStringLiteral("qrc:/qt/qml/FilFil/"))); }

void PagesTest::everyPageIsBuiltWithoutAWarning() {
    Stage stage(Mood::Full);
    QVERIFY(stage.good());
    for (const QString& page : pages) QVERIFY2(stage.open(page) != nullptr, qPrintable(page));
}

void PagesTest::everyPageOpensByItsKey() {
    Stage stage(Mood::Full);
    for (int i = 0; i < pages.size(); ++i) {
        QTest::keyClick(&stage.window(), static_cast<Qt::Key>(Qt::Key_1 + i), Qt::ControlModifier);
        QCOMPARE(shown(stage), pages[i]);
    }
    QTest::keyClick(&stage.window(), Qt::Key_K, Qt::ControlModifier);
    Stage::run(50);
    for (const char letter : {'s', 'l', 'o', 't'}) QTest::keyClick(&stage.window(), letter);
    QTest::keyClick(&stage.window(), Qt::Key_Return);
    Stage::run(50);
    QCOMPARE(shown(stage), QStringLiteral("calendar"));
    QTest::keyClick(&stage.window(), Qt::Key_F1);
    QVERIFY(Stage::until([&] { return stage.named(QStringLiteral("Close")) != nullptr; }));
    QTest::keyClick(&stage.window(), Qt::Key_Escape);
    QVERIFY(Stage::until([&] { return stage.named(QStringLiteral("Close")) == nullptr; }));
}

void PagesTest::everyConditionOfEveryPage_data() {
    QTest::addColumn<int>("mood");
    QTest::addColumn<QString>("condition");
    QTest::newRow("full") << static_cast<int>(Mood::Full) << QStringLiteral("full");
    QTest::newRow("empty") << static_cast<int>(Mood::Empty) << QStringLiteral("empty");
    QTest::newRow("loading") << static_cast<int>(Mood::Loading) << QStringLiteral("loading");
    QTest::newRow("error") << static_cast<int>(Mood::Broken) << QStringLiteral("error");
    QTest::newRow("unset") << static_cast<int>(Mood::Unset) << QStringLiteral("unsupported");
}

void PagesTest::everyConditionOfEveryPage() {
    QFETCH(int, mood);
    QFETCH(QString, condition);
    Stage stage(static_cast<Mood>(mood));
    QVERIFY(stage.app().session()->online());
    Stage::run(150);
    QStringList these = {QStringLiteral("calendar"), QStringLiteral("payouts")};
    if (condition != QLatin1String("unsupported")) these << QStringLiteral("snapshots") << QStringLiteral("deals");
    if (condition == QLatin1String("error") || condition == QLatin1String("loading") ||
        condition == QLatin1String("full"))
        these << QStringLiteral("devices");
    for (const QString& name : these) {
        QQuickItem* page = stage.open(name);
        QVERIFY2(page != nullptr, qPrintable(name));
        QTRY_COMPARE(page->property("condition").toString(), condition);
        if (condition == QLatin1String("error")) {
            QVERIFY2(says(page, QStringLiteral("the journal could not be read")), qPrintable(name));
            QVERIFY2(says(page, QStringLiteral("look at the disk")), qPrintable(name));
            QVERIFY(stage.named(QStringLiteral("Try again")) != nullptr);
        }
        if (condition == QLatin1String("unsupported"))
            QVERIFY2(says(page, QStringLiteral("set incentive.contract")), qPrintable(name));
        if (condition == QLatin1String("empty"))
            QVERIFY2(Stage::find(page, [](QQuickItem* item) { return item->property("command").isValid(); }) != nullptr,
                     qPrintable(name));
    }
}

void PagesTest::everyControlHasANameARoleAndAKey_data() {
    QTest::addColumn<QString>("page");
    for (const QString& page : pages) QTest::newRow(qPrintable(page)) << page;
}

void PagesTest::everyControlHasANameARoleAndAKey() {
    QFETCH(QString, page);
    for (const Mood mood : {Mood::Full, Mood::Empty, Mood::Broken}) {
        Stage stage(mood);
        QQuickItem* item = stage.open(page);
        QVERIFY(item != nullptr);
        Stage::run(200);
        int looked = 0;
        for (int tab = 0; tab < (page == QLatin1String("settings") ? 4 : 1); ++tab) {
            if (page == QLatin1String("settings")) {
                item->setProperty("tab", tab);
                Stage::run(50);
            }
            for (QQuickItem* control : Stage::items(stage.window().contentItem())) {
                const bool isControl = control->activeFocusOnTab() || control->inherits("QQuickAbstractButton") ||
                                       control->inherits("QQuickTextField") || control->inherits("QQuickComboBox");
                if (!isControl || control->inherits("QQuickScrollBar")) continue;
                ++looked;
                QAccessibleInterface* told = QAccessible::queryAccessibleInterface(control);
                QVERIFY2(told != nullptr, qPrintable(QStringLiteral("tells a reader nothing: ") + describe(control)));
                QVERIFY2(!told->text(QAccessible::Name).trimmed().isEmpty(),
                         qPrintable(QStringLiteral("has no name: ") + describe(control)));
                QVERIFY2(told->role() != QAccessible::NoRole && told->role() != QAccessible::Client &&
                             told->role() != QAccessible::Grouping,
                         qPrintable(QStringLiteral("has no role: ") + describe(control)));
            }
        }
        QVERIFY2(looked > 10, "hardly anything was looked at");
    }
}

void PagesTest::theKeyboardReachesEveryControl_data() { everyControlHasANameARoleAndAKey_data(); }

void PagesTest::theKeyboardReachesEveryControl() {
    QFETCH(QString, page);
    Stage stage(Mood::Full);
    QQuickItem* item = stage.open(page);
    QVERIFY(item != nullptr);
    stage.window().resize(1280, 1600);
    Stage::run(250);
    stage.window().requestActivate();
    QVERIFY(QTest::qWaitForWindowActive(&stage.window()));
    QSet<QQuickItem*> reached;
    for (int i = 0; i < 400; ++i) {
        QTest::keyClick(&stage.window(), Qt::Key_Tab);
        QQuickItem* now = stage.window().activeFocusItem();
        if (now == nullptr) continue;
        // A list hands the keyboard on to its current row.
        for (QQuickItem* above = now->parentItem(); above != nullptr; above = above->parentItem())
            if (above->isFocusScope() && above->activeFocusOnTab()) reached << above;
        if (reached.contains(now) && i > 60 && reached.size() < i / 2) break;
        reached << now;
    }
    for (QQuickItem* control : Stage::items(item)) {
        const bool isControl = control->inherits("QQuickAbstractButton") || control->inherits("QQuickTextField") ||
                               control->inherits("QQuickComboBox") || control->activeFocusOnTab();
        if (!isControl || !control->isEnabled() || control->inherits("QQuickScrollBar")) continue;
        // What stands in a row of a table is reached by the row: its keys open and copy it.
        bool inTable = false;
        for (QQuickItem* above = control->parentItem(); above != nullptr; above = above->parentItem())
            inTable = inTable || above->inherits("QQuickTableView");
        if (inTable) continue;
        QVERIFY2(reached.contains(control), qPrintable(QStringLiteral("Tab does not come to ") + describe(control)));
    }
}

void PagesTest::nothingStandsOutsideATinyWindow() {
    Stage stage(Mood::Full);
    for (const QSize size : {QSize(360, 320), QSize(640, 400), QSize(900, 500)}) {
        stage.window().resize(size);
        for (const QString& page : pages) {
            QQuickItem* item = stage.open(page);
            Stage::run(60);
            QVERIFY(item != nullptr);
            QVERIFY2(item->width() >= size.width() - 240 && item->height() > 100, qPrintable(page));
            for (QQuickItem* control : Stage::items(item)) {
                if (!control->inherits("QQuickAbstractButton")) continue;
                bool scrolls = false;
                for (QQuickItem* above = control->parentItem(); above != nullptr; above = above->parentItem())
                    scrolls = scrolls || above->inherits("QQuickFlickable") || above->clip();
                if (scrolls) continue;
                const QPointF place = control->mapToScene(QPointF(0, 0));
                QVERIFY2(place.x() >= -1 && place.x() + control->width() <= size.width() + 1,
                         qPrintable(QStringLiteral("%1 at %2: %3 .. %4: %5")
                                        .arg(page)
                                        .arg(size.width())
                                        .arg(place.x())
                                        .arg(place.x() + control->width())
                                        .arg(describe(control))));
            }
        }
    }
}

void PagesTest::rightToLeftMirrorsTheSidebar() {
    QGuiApplication::setLayoutDirection(Qt::RightToLeft);
    {
        Stage stage(Mood::Full);
        for (const QString& page : pages) {
            QVERIFY(stage.open(page) != nullptr);
            Stage::run(20);
        }
        QQuickItem* overview = stage.named(QStringLiteral("Overview"));
        QVERIFY(overview != nullptr);
        QVERIFY(overview->mapToScene(QPointF(0, 0)).x() > stage.window().width() / 2.0);
    }
    QGuiApplication::setLayoutDirection(Qt::LeftToRight);
}

/// A row that is scrolled out of sight is put aside, and deleted in the midst of the layout when the window gets
/// another size, which may be before the pointer is looked at again. Which rows are put aside and which are used again
/// is the table's affair: each is tried until there was one of the first.
void PagesTest::aNoteOverARowGoesWithTheRow() {
    Stage stage(Mood::Full);
    QQuickItem* page = stage.open(QStringLiteral("snapshots"));
    QTRY_COMPARE(page->property("condition").toString(), QStringLiteral("full"));
    QTRY_VERIFY(stage.named(QStringLiteral("Copy CID")) != nullptr);
    QQuickItem* table = stage.named(QStringLiteral("Copy CID"));
    while (table != nullptr && !table->inherits("QQuickTableView")) table = table->parentItem();
    QVERIFY(table != nullptr);
    const auto notes = [&] {
        int count = 0;
        for (QQuickItem* item : Stage::items(stage.root()))
            if (item->inherits("QQuickPopupItem") && item->isVisible()) ++count;
        return count;
    };
    const auto middle = [](QQuickItem* item) {
        return item->mapToScene(QPointF(item->width() / 2, item->height() / 2)).toPoint();
    };
    int deleted = 0;
    for (int row = 0; row < 12; ++row) {
        stage.window().resize(1280, 420);
        table->setProperty("contentY", 0);
        QTest::mouseMove(&stage.window(), QPoint(2, 2));
        QVERIFY(!stage.window().grabWindow().isNull());
        QTRY_COMPARE(notes(), 0);
        QList<QQuickItem*> buttons;
        const QRectF seen = table->mapRectToScene(QRectF(0, 0, table->width(), table->height()));
        for (QQuickItem* item : Stage::items(table))
            if (item->activeFocusOnTab() && Stage::name(item) == QLatin1String("Copy CID") &&
                seen.contains(middle(item)))
                buttons << item;
        std::sort(buttons.begin(), buttons.end(),
                  [&](QQuickItem* a, QQuickItem* b) { return middle(a).y() < middle(b).y(); });
        if (row >= buttons.size()) break;
        const QPointer<QQuickItem> button = buttons[row];
        QTest::mouseMove(&stage.window(), middle(button) - QPoint(60, 0));
        QTest::mouseMove(&stage.window(), middle(button));
        QTRY_VERIFY(notes() > 0);
        const double most = table->property("contentHeight").toDouble() - table->height();
        table->setProperty("contentY", most);
        QVERIFY(!stage.window().grabWindow().isNull());
        const bool aside = button != nullptr && notes() > 0;
        stage.window().resize(1280, 700);
        QTRY_COMPARE(notes(), 0);
        if (aside && button == nullptr) ++deleted;
    }
    QVERIFY2(deleted > 0, "no row was put aside and deleted");
}

void PagesTest::aLostDaemonIsABannerThatGoesWhenItIsBack() {
    Stage stage(Mood::Full);
    stage.app().session()->setBackoff(30, 60);
    stage.open(QStringLiteral("deals"));
    QQuickItem* root = stage.window().contentItem();
    QTRY_VERIFY(says(root, QStringLiteral("being fetched")));
    stage.daemon().stop();
    QTRY_COMPARE(stage.app().session()->state(), Session::Lost);
    QTRY_VERIFY(says(root, stage.app().session()->sentence()));
    QVERIFY2(says(root, QStringLiteral("being fetched")), "what was known stays in sight");
    QCOMPARE(shown(stage), QStringLiteral("deals"));
    QVERIFY(stage.daemon().start());
    QTRY_VERIFY_WITH_TIMEOUT(stage.app().session()->online(), 8000);
    QVERIFY(stage.named(QStringLiteral("Try now")) == nullptr || !says(root, QStringLiteral("Another daemon…")));
    QCOMPARE(shown(stage), QStringLiteral("deals"));
}

void PagesTest::anAlertCanBeMuted() {
    Stage stage(Mood::Full);
    stage.open(QStringLiteral("deals"));
    QTRY_COMPARE(stage.app().alerts()->count(), 2);
    QTRY_VERIFY(says(stage.window().contentItem(), QStringLiteral("is not allowed in Curio")));
    stage.press(stage.named(QStringLiteral("Mute")));
    QTRY_COMPARE(stage.app().alerts()->count(), 1);
    QTRY_VERIFY(!says(stage.window().contentItem(), QStringLiteral("is not allowed in Curio")));
}

void PagesTest::aSnapshotIsTakenWithWhatWasChosen() {
    Stage stage(Mood::Full);
    QQuickItem* page = stage.open(QStringLiteral("snapshots"));
    QTRY_COMPARE(page->property("condition").toString(), QStringLiteral("full"));
    stage.press(stage.named(QStringLiteral("Take a snapshot…")));
    QTRY_VERIFY(stage.named(QStringLiteral("Take it")) != nullptr);
    Stage::run(50);
    stage.press(stage.named(QStringLiteral("Also the SHA-256 of the whole CAR")));
    stage.press(stage.named(QStringLiteral("Take it")));
    QTRY_COMPARE(stage.daemon().calls(QStringLiteral("FilFil.TakeSnapshot")), 1);
    const QJsonObject params = stage.daemon().lastParams(QStringLiteral("FilFil.TakeSnapshot"));
    QCOMPARE(params.value(QLatin1String("target")).toString(), QStringLiteral("file"));
    QCOMPARE(params.value(QLatin1String("sha256")).toBool(), true);
    QVERIFY(!params.contains(QLatin1String("epoch")));
}

void PagesTest::aSnapshotIsForgottenAfterAsking() {
    Stage stage(Mood::Full);
    QQuickItem* page = stage.open(QStringLiteral("snapshots"));
    QTRY_COMPARE(stage.app().snapshots()->model()->count(), 12);
    QMetaObject::invokeMethod(page, "openDetail", Q_ARG(QString, QStringLiteral("12")));
    QTRY_VERIFY(stage.named(QStringLiteral("Forget…")) != nullptr);
    Stage::run(50);
    stage.press(stage.named(QStringLiteral("Forget…")));
    QTRY_VERIFY(stage.named(QStringLiteral("Forget")) != nullptr);
    QCOMPARE(stage.daemon().calls(QStringLiteral("FilFil.ForgetSnapshot")), 0);
    Stage::run(50);
    stage.press(stage.named(QStringLiteral("Forget")));
    QTRY_COMPARE(stage.daemon().calls(QStringLiteral("FilFil.ForgetSnapshot")), 1);
}

void PagesTest::theTableIsSortedFilteredAndCopied() {
    Stage stage(Mood::Full);
    QQuickItem* page = stage.open(QStringLiteral("snapshots"));
    QQuickItem* table = nullptr;
    QTRY_VERIFY((table = Stage::find(page, [](QQuickItem* item) {
                     return item->property("currentRow").isValid() && item->property("proxy").isValid();
                 })) != nullptr);
    QTRY_COMPARE(table->property("rows").toInt(), 12);
    stage.press(stage.named(QStringLiteral("Epoch")));
    QQuickItem* view = Stage::find(table, [](QQuickItem* item) { return item->inherits("QQuickTableView"); });
    QVERIFY(view != nullptr);
    view->forceActiveFocus();
    QTest::keyClick(&stage.window(), Qt::Key_Home);
    const QString first = table->property("currentKey").toString();
    QTest::keyClick(&stage.window(), Qt::Key_End);
    QVERIFY(first != table->property("currentKey").toString());
    QCOMPARE(table->property("currentRow").toInt(), 11);
    QTest::keyClick(&stage.window(), Qt::Key_C, Qt::ControlModifier);
    QVERIFY(QGuiApplication::clipboard()->text().contains(u'\t'));
    QTest::keyClick(&stage.window(), Qt::Key_F, Qt::ControlModifier);
    for (const char letter : {'c', 'u', 'd', 'a'}) QTest::keyClick(&stage.window(), letter);
    QTRY_COMPARE(table->property("rows").toInt(), 6);
}

void PagesTest::aDealIsOpenedAndTriedAgain() {
    Stage stage(Mood::Full);
    QQuickItem* page = stage.open(QStringLiteral("deals"));
    QTRY_COMPARE(page->property("condition").toString(), QStringLiteral("full"));
    QMetaObject::invokeMethod(page, "openDetail", Q_ARG(QString, QStringLiteral("14")));
    QTRY_VERIFY(says(stage.window().contentItem()->parentItem() ? stage.window().contentItem()->parentItem()
                                                                : stage.window().contentItem(),
                     QStringLiteral("its commitment is another one")));
    Stage::run(50);
    stage.press(stage.named(QStringLiteral("Try again")));
    QTRY_COMPARE(stage.daemon().calls(QStringLiteral("FilFil.RetryDeal")), 1);
    QCOMPARE(stage.daemon().lastParams(QStringLiteral("FilFil.RetryDeal")).value(QLatin1String("id")).toInt(), 14);
}

void PagesTest::preflightTellsWhatToFix() {
    Stage stage(Mood::Full);
    QQuickItem* page = stage.open(QStringLiteral("deals"));
    QTRY_COMPARE(page->property("condition").toString(), QStringLiteral("full"));
    stage.press(stage.named(QStringLiteral("Is all ready?")));
    QQuickItem* root = stage.window().contentItem()->parentItem() ? stage.window().contentItem()->parentItem()
                                                                  : stage.window().contentItem();
    QTRY_VERIFY(says(root, QStringLiteral("add 0x5FbDB2315678afecb367f032d93F642f64180aa3 to DDO Contracts")));
}

void PagesTest::aClaimIsShownBeforeItIsSent() {
    Stage stage(Mood::Full);
    QQuickItem* page = stage.open(QStringLiteral("payouts"));
    QTRY_COMPARE(page->property("condition").toString(), QStringLiteral("full"));
    stage.press(stage.named(QStringLiteral("Claim…")));
    QTRY_COMPARE(stage.daemon().calls(QStringLiteral("FilFil.Claim")), 1);
    QCOMPARE(stage.daemon().lastParams(QStringLiteral("FilFil.Claim")).value(QLatin1String("dry_run")).toBool(), true);
    QTRY_VERIFY(stage.named(QStringLiteral("Send it")) != nullptr &&
                stage.named(QStringLiteral("Send it"))->isEnabled());
    Stage::run(50);
    stage.press(stage.named(QStringLiteral("Send it")));
    QTRY_VERIFY(stage.named(QStringLiteral("Send")) != nullptr);
    QCOMPARE(stage.daemon().calls(QStringLiteral("FilFil.Claim")), 1);
    Stage::run(50);
    stage.press(stage.named(QStringLiteral("Send")));
    QTRY_COMPARE(stage.daemon().calls(QStringLiteral("FilFil.Claim")), 2);
    QVERIFY(!stage.daemon().lastParams(QStringLiteral("FilFil.Claim")).value(QLatin1String("dry_run")).toBool());
}

void PagesTest::theSlotPolicyIsSetInTheCalendar() {
    Stage stage(Mood::Full);
    QQuickItem* page = stage.open(QStringLiteral("calendar"));
    QTRY_COMPARE(page->property("condition").toString(), QStringLiteral("full"));
    QQuickItem* choice = nullptr;
    QTRY_VERIFY((choice = stage.named(QStringLiteral("What is done for f01234's windows"))) != nullptr);
    QCOMPARE(choice->property("currentIndex").toInt(), 1);
    choice->forceActiveFocus();
    QTest::keyClick(&stage.window(), Qt::Key_Down);
    QTRY_COMPARE(stage.daemon().calls(QStringLiteral("FilFil.SetSlotPolicy")), 1);
    QCOMPARE(
        stage.daemon().lastParams(QStringLiteral("FilFil.SetSlotPolicy")).value(QLatin1String("policy")).toString(),
        QStringLiteral("skip"));
}

void PagesTest::aDroppedFileIsVerified() {
    Stage stage(Mood::Full);
    QTemporaryDir folder;
    QFile file(folder.filePath(QStringLiteral("some.car")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(QByteArray(200'000, 'x'));
    file.close();
    QMetaObject::invokeMethod(&stage.window(), "verify",
                              Q_ARG(QString, QUrl::fromLocalFile(file.fileName()).toString()));
    QCOMPARE(shown(stage), QStringLiteral("verifier"));
    QTRY_COMPARE(stage.app().verifier()->state(), Verifier::Done);
    const QString cid = stage.app().verifier()->result().value(QLatin1String("piece_cid")).toString();
    QVERIFY(cid.startsWith(QLatin1String("baga")));
    QTRY_VERIFY(says(stage.window().contentItem(), QStringLiteral("Again")));

    stage.app().verifier()->setExpected(cid);
    stage.app().verifier()->again();
    QTRY_COMPARE(stage.app().verifier()->state(), Verifier::Done);
    QTRY_VERIFY(says(stage.window().contentItem(), QStringLiteral("It is that piece")));

    // A folder, and a file that is not there, are said to be so.
    stage.app().verifier()->startPath(folder.path());
    QTRY_COMPARE(stage.app().verifier()->state(), Verifier::Failed);
    QTRY_VERIFY(says(stage.window().contentItem(), stage.app().verifier()->error()));
}

void PagesTest::aWrongCidIsToldWhileTyping() {
    Stage stage(Mood::Full);
    stage.open(QStringLiteral("verifier"));
    QQuickItem* field = stage.named(QStringLiteral("Expected piece CID, if there is one"));
    QVERIFY(field != nullptr);
    field->forceActiveFocus();
    for (const char letter : {'b', 'a', 'g', 'a', '!'}) QTest::keyClick(&stage.window(), letter);
    QTRY_VERIFY(!stage.app().verifier()->expectedValid());
    QTRY_VERIFY(says(stage.window().contentItem(), stage.app().verifier()->expectedProblem()));
}

void PagesTest::devicesAreTimed() {
    Stage stage(Mood::Full);
    QQuickItem* page = stage.open(QStringLiteral("devices"));
    QTRY_COMPARE(page->property("condition").toString(), QStringLiteral("full"));
    QVERIFY(says(page, QStringLiteral("not timed yet")));
    stage.press(stage.named(QStringLiteral("Test and time all")));
    QTRY_VERIFY(says(page, QStringLiteral("1.93 GiB/s")));
    QVERIFY(says(page, QStringLiteral("cudaErrorInsufficientDriver")));
}

void PagesTest::theLogIsFiltered() {
    Stage stage(Mood::Full);
    QQuickItem* page = stage.open(QStringLiteral("log"));
    QTRY_VERIFY(says(page, QStringLiteral("ChainNotify")) || says(page, QStringLiteral("Curio refused")));
    QTest::keyClick(&stage.window(), Qt::Key_F, Qt::ControlModifier);
    for (const char letter : {'c', 'u', 'r', 'i', 'o'}) QTest::keyClick(&stage.window(), letter);
    QTRY_VERIFY(says(page, QStringLiteral("Curio refused")) && !says(page, QStringLiteral("ChainNotify")));
}

void PagesTest::whereNoContractIsSetTheWayLeadsToItsSetting() {
    Stage stage(Mood::Unset);
    for (const QString& from : {QStringLiteral("payouts"), QStringLiteral("calendar")}) {
        QQuickItem* page = stage.open(from);
        QTRY_COMPARE(page->property("condition").toString(), QStringLiteral("unsupported"));
        QQuickItem* button = nullptr;
        QTRY_VERIFY((button = stage.named(QStringLiteral("Open the settings"))) != nullptr);
        stage.press(button);
        QTRY_COMPARE(shown(stage), QStringLiteral("settings"));
        QTRY_VERIFY(stage.named(QStringLiteral("incentive.contract")) != nullptr ||
                    stage.named(QStringLiteral("api.listen")) != nullptr);
        // The second time the page is there already, with another tab.
        stage.open(QStringLiteral("settings"))->setProperty("tab", 0);
        QTRY_VERIFY(stage.named(QStringLiteral("api.listen")) == nullptr);
    }
}

void PagesTest::theMemoryOfTheDaemonIsToldInItsColour() {
    Stage stage(Mood::Full);
    QQuickItem* page = stage.open(QStringLiteral("overview"));
    const auto sentence = [&] {
        return Stage::find(page, [](QQuickItem* item) {
            return item->inherits("QQuickText") &&
                   item->property("text").toString().contains(QStringLiteral("memory runs out"));
        });
    };
    QVERIFY(sentence() == nullptr);
    QList<QColor> colours;
    for (const QString& state : {QStringLiteral("ok"), QStringLiteral("low"), QStringLiteral("over")}) {
        stage.daemon().setMemory(state, QStringLiteral("100 GiB of 128 GiB are in use: memory runs out"));
        stage.app().status()->refresh();
        QTRY_VERIFY(sentence() != nullptr);
        QTRY_VERIFY(!colours.contains(sentence()->property("color").value<QColor>()));
        colours << sentence()->property("color").value<QColor>();
    }
}

void PagesTest::aSettingOfTheDaemonIsSetAndARefusalShown() {
    Stage stage(Mood::Full);
    QQuickItem* page = stage.open(QStringLiteral("settings"));
    page->setProperty("tab", 3);
    QTRY_VERIFY(stage.app().settings()->loaded());
    QTRY_COMPARE(page->property("condition").toString(), QStringLiteral("full"));
    QTRY_VERIFY(stage.named(QStringLiteral("api.listen")) != nullptr);
    QTest::keyClick(&stage.window(), Qt::Key_F, Qt::ControlModifier);
    for (const char letter : {'p', 'o', 'l', 'l'}) QTest::keyClick(&stage.window(), letter);
    // Only rows that are seen are there, and the list lays them out anew for every letter: what was made before the
    // others are gone may be made again.
    QPointer<QQuickItem> field;
    QTRY_VERIFY(stage.named(QStringLiteral("api.listen")) == nullptr &&
                (field = stage.named(QStringLiteral("deals.poll"))) != nullptr);
    field->forceActiveFocus();
    QTRY_VERIFY(field->hasActiveFocus());
    QTest::keyClick(&stage.window(), Qt::Key_A, Qt::ControlModifier);
    for (const char letter : {'n', 'o', 'n', 's', 'e', 'n', 's', 'e'}) QTest::keyClick(&stage.window(), letter);
    QVERIFY(field != nullptr);
    QCOMPARE(field->property("text").toString(), QStringLiteral("nonsense"));
    QTest::keyClick(&stage.window(), Qt::Key_Return);
    QTRY_COMPARE(stage.daemon().calls(QStringLiteral("FilFil.SetConfig")), 1);
    QTRY_VERIFY(says(page, QStringLiteral("is no duration")));
    QTest::keyClick(&stage.window(), Qt::Key_A, Qt::ControlModifier);
    for (const char letter : {'4', '5', 's'}) QTest::keyClick(&stage.window(), letter);
    QTest::keyClick(&stage.window(), Qt::Key_Return);
    QTRY_COMPARE(stage.daemon().calls(QStringLiteral("FilFil.SetConfig")), 2);
    QTRY_VERIFY(!says(page, QStringLiteral("is no duration")));
}

void PagesTest::theThemeIsKept() {
    Stage stage(Mood::Full);
    stage.open(QStringLiteral("settings"));
    stage.app().preferences()->setTheme(QStringLiteral("light"));
    Stage::run(20);
    const QColor light = stage.window().color();
    stage.app().preferences()->setTheme(QStringLiteral("dark"));
    Stage::run(20);
    QVERIFY(light.lightnessF() > 0.8 && stage.window().color().lightnessF() < 0.2);
}

void PagesTest::anotherTimeZoneReachesPagesThatAreNotShown() {
    Stage stage(Mood::Full);
    const QPointer<QQuickItem> before = stage.open(QStringLiteral("payouts"));
    const QPointer<QQuickItem> settings = stage.open(QStringLiteral("settings"));
    QVERIFY(before != nullptr && settings != nullptr);
    stage.app().preferences()->setUtc(false);
    // What is put away is deleted by an event loop alone.
    QVERIFY(Stage::until([&] {
        Stage::run(1);
        return before.isNull();
    }));
    QVERIFY(!settings.isNull());
    QVERIFY(stage.open(QStringLiteral("payouts")) != nullptr);
}

void PagesTest::notificationsCanBeSwitched() {
    Stage stage(Mood::Full);
    QQuickItem* page = stage.open(QStringLiteral("settings"));
    page->setProperty("tab", 1);
    Stage::run(50);
    QVERIFY(stage.app().preferences()->notification(QStringLiteral("missed")));
    stage.press(stage.named(QStringLiteral("A window was missed")));
    QVERIFY(!stage.app().preferences()->notification(QStringLiteral("missed")));
}

void PagesTest::theWizardConnectsToWhatItFinds() {
    Stage stage(Mood::Full, false);
    QMetaObject::invokeMethod(&stage.window(), "openWizard");
    QTRY_VERIFY(stage.named(QStringLiteral("A daemon runs somewhere else")) != nullptr);
    Stage::run(50);
    QVERIFY(!stage.named(QStringLiteral("Next"))->isEnabled());
    stage.press(stage.named(QStringLiteral("A daemon runs somewhere else")));
    QQuickItem* address = nullptr;
    QTRY_VERIFY((address = stage.named(QStringLiteral("Address"))) != nullptr);
    address->forceActiveFocus();
    for (const QChar letter : stage.daemon().url()) QTest::keyClick(&stage.window(), letter.toLatin1());
    QQuickItem* token = stage.named(QStringLiteral("Token"));
    QVERIFY(token != nullptr);
    token->forceActiveFocus();
    QTest::keyClick(&stage.window(), 't');
    stage.press(stage.named(QStringLiteral("Connect")));
    QTRY_VERIFY(stage.app().session()->online());
    for (int step = 0; step < 5; ++step) {
        QTRY_VERIFY(stage.named(QStringLiteral("Next"))->isEnabled());
        stage.press(stage.named(QStringLiteral("Next")));
    }
    QTRY_VERIFY(stage.named(QStringLiteral("Done")) != nullptr);
    stage.app().preferences()->setWizardDone(false);
    stage.press(stage.named(QStringLiteral("Done")));
    QTRY_VERIFY(stage.app().preferences()->wizardDone());
}

void PagesTest::withoutADaemonPagesSayWhatToDo() {
    Stage stage(Mood::Full, false);
    for (const QString& page : {QStringLiteral("overview"), QStringLiteral("deals"), QStringLiteral("log")}) {
        QQuickItem* item = stage.open(page);
        QTRY_COMPARE(item->property("condition").toString(), QStringLiteral("offline"));
        QVERIFY(stage.named(QStringLiteral("Find or start one…")) != nullptr);
    }
    // The verifier needs none.
    QQuickItem* verifier = stage.open(QStringLiteral("verifier"));
    QVERIFY(verifier->property("condition").toString() != QLatin1String("offline"));
}

int main(int argc, char** argv) {
    QApplication application(argc, argv);
    QAccessible::setActive(true);
    PagesTest test;
    return QTest::qExec(&test, argc, argv);
}

#include "pages_test.moc"
