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

/// Longest that anything takes which is waited for, milliseconds.
constexpr int soon = 60'000;

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
    void whatFailsIsToldInItsSheetAndOnEveryPage();
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
    void theWizardWritesWhatWasChangedAlone();
    void theWizardForgetsTheDaemonBefore();
    void aTokenThatCannotBeKeptStaysInItsDialog();
    void aDaemonIsTakenFromTheListAfterAsking();
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
    QTRY_VERIFY_WITH_TIMEOUT(stage.app().session()->online(), soon);
    Stage::run(150);
    QStringList these = {QStringLiteral("calendar"), QStringLiteral("payouts")};
    if (condition != QLatin1String("unsupported")) these << QStringLiteral("snapshots") << QStringLiteral("deals");
    if (condition == QLatin1String("error") || condition == QLatin1String("loading") ||
        condition == QLatin1String("full"))
        these << QStringLiteral("devices");
    for (const QString& name : these) {
        QQuickItem* page = stage.open(name);
        QVERIFY2(page != nullptr, qPrintable(name));
        QTRY_COMPARE_WITH_TIMEOUT(page->property("condition").toString(), condition, soon);
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
    QTRY_COMPARE_WITH_TIMEOUT(page->property("condition").toString(), QStringLiteral("full"), soon);
    QTRY_VERIFY_WITH_TIMEOUT(stage.named(QStringLiteral("Copy CID")) != nullptr, soon);
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
        QTRY_COMPARE_WITH_TIMEOUT(notes(), 0, soon);
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
        QTRY_VERIFY_WITH_TIMEOUT(notes() > 0, soon);
        const double most = table->property("contentHeight").toDouble() - table->height();
        table->setProperty("contentY", most);
        QVERIFY(!stage.window().grabWindow().isNull());
        const bool aside = button != nullptr && notes() > 0;
        stage.window().resize(1280, 700);
        QTRY_COMPARE_WITH_TIMEOUT(notes(), 0, soon);
        if (aside && button == nullptr) ++deleted;
    }
    QVERIFY2(deleted > 0, "no row was put aside and deleted");
}

void PagesTest::aLostDaemonIsABannerThatGoesWhenItIsBack() {
    Stage stage(Mood::Full);
    stage.app().session()->setBackoff(30, 60);
    stage.open(QStringLiteral("deals"));
    QQuickItem* root = stage.window().contentItem();
    QTRY_VERIFY_WITH_TIMEOUT(says(root, QStringLiteral("being fetched")), soon);
    stage.daemon().stop();
    QTRY_COMPARE_WITH_TIMEOUT(stage.app().session()->state(), Session::Lost, soon);
    QTRY_VERIFY_WITH_TIMEOUT(says(root, stage.app().session()->sentence()), soon);
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
    QTRY_COMPARE_WITH_TIMEOUT(stage.app().alerts()->count(), 2, soon);
    QTRY_VERIFY_WITH_TIMEOUT(says(stage.window().contentItem(), QStringLiteral("is not allowed in Curio")), soon);
    stage.press(stage.named(QStringLiteral("Mute")));
    QTRY_COMPARE_WITH_TIMEOUT(stage.app().alerts()->count(), 1, soon);
    QTRY_VERIFY_WITH_TIMEOUT(!says(stage.window().contentItem(), QStringLiteral("is not allowed in Curio")), soon);
}

void PagesTest::aSnapshotIsTakenWithWhatWasChosen() {
    Stage stage(Mood::Full);
    QQuickItem* page = stage.open(QStringLiteral("snapshots"));
    QTRY_COMPARE_WITH_TIMEOUT(page->property("condition").toString(), QStringLiteral("full"), soon);
    stage.press(stage.named(QStringLiteral("Take a snapshot…")));
    QTRY_VERIFY_WITH_TIMEOUT(stage.named(QStringLiteral("Take it")) != nullptr, soon);
    Stage::run(50);
    stage.press(stage.named(QStringLiteral("Also the SHA-256 of the whole CAR")));
    stage.press(stage.named(QStringLiteral("Take it")));
    QTRY_COMPARE_WITH_TIMEOUT(stage.daemon().calls(QStringLiteral("FilFil.TakeSnapshot")), 1, soon);
    const QJsonObject params = stage.daemon().lastParams(QStringLiteral("FilFil.TakeSnapshot"));
    QCOMPARE(params.value(QLatin1String("target")).toString(), QStringLiteral("file"));
    QCOMPARE(params.value(QLatin1String("sha256")).toBool(), true);
    QVERIFY(!params.contains(QLatin1String("epoch")));
}

void PagesTest::aSnapshotIsForgottenAfterAsking() {
    Stage stage(Mood::Full);
    QQuickItem* page = stage.open(QStringLiteral("snapshots"));
    QTRY_COMPARE_WITH_TIMEOUT(stage.app().snapshots()->model()->count(), 12, soon);
    QMetaObject::invokeMethod(page, "openDetail", Q_ARG(QString, QStringLiteral("12")));
    QTRY_VERIFY_WITH_TIMEOUT(stage.named(QStringLiteral("Forget…")) != nullptr, soon);
    Stage::run(50);
    stage.press(stage.named(QStringLiteral("Forget…")));
    QTRY_VERIFY_WITH_TIMEOUT(stage.named(QStringLiteral("Forget")) != nullptr, soon);
    QCOMPARE(stage.daemon().calls(QStringLiteral("FilFil.ForgetSnapshot")), 0);
    Stage::run(50);
    stage.press(stage.named(QStringLiteral("Forget")));
    QTRY_COMPARE_WITH_TIMEOUT(stage.daemon().calls(QStringLiteral("FilFil.ForgetSnapshot")), 1, soon);
}

void PagesTest::theTableIsSortedFilteredAndCopied() {
    Stage stage(Mood::Full);
    QQuickItem* page = stage.open(QStringLiteral("snapshots"));
    QQuickItem* table = nullptr;
    QTRY_VERIFY_WITH_TIMEOUT((table = Stage::find(page,
                                                  [](QQuickItem* item) {
                                                      return item->property("currentRow").isValid() &&
                                                             item->property("proxy").isValid();
                                                  })) != nullptr,
                             soon);
    QTRY_COMPARE_WITH_TIMEOUT(table->property("rows").toInt(), 12, soon);
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
    QTRY_COMPARE_WITH_TIMEOUT(table->property("rows").toInt(), 6, soon);
}

void PagesTest::aDealIsOpenedAndTriedAgain() {
    Stage stage(Mood::Full);
    QQuickItem* page = stage.open(QStringLiteral("deals"));
    QTRY_COMPARE_WITH_TIMEOUT(page->property("condition").toString(), QStringLiteral("full"), soon);
    QMetaObject::invokeMethod(page, "openDetail", Q_ARG(QString, QStringLiteral("14")));
    QTRY_VERIFY_WITH_TIMEOUT(
        says(stage.window().contentItem()->parentItem() ? stage.window().contentItem()->parentItem()
                                                        : stage.window().contentItem(),
             QStringLiteral("its commitment is another one")),
        soon);
    Stage::run(50);
    stage.press(stage.named(QStringLiteral("Try again")));
    QTRY_COMPARE_WITH_TIMEOUT(stage.daemon().calls(QStringLiteral("FilFil.RetryDeal")), 1, soon);
    QCOMPARE(stage.daemon().lastParams(QStringLiteral("FilFil.RetryDeal")).value(QLatin1String("id")).toInt(), 14);
}

void PagesTest::preflightTellsWhatToFix() {
    Stage stage(Mood::Full);
    QQuickItem* page = stage.open(QStringLiteral("deals"));
    QTRY_COMPARE_WITH_TIMEOUT(page->property("condition").toString(), QStringLiteral("full"), soon);
    stage.press(stage.named(QStringLiteral("Is all ready?")));
    QQuickItem* root = stage.window().contentItem()->parentItem() ? stage.window().contentItem()->parentItem()
                                                                  : stage.window().contentItem();
    QTRY_VERIFY_WITH_TIMEOUT(
        says(root, QStringLiteral("add 0x5FbDB2315678afecb367f032d93F642f64180aa3 to DDO Contracts")), soon);
}

void PagesTest::aClaimIsShownBeforeItIsSent() {
    Stage stage(Mood::Full);
    QQuickItem* page = stage.open(QStringLiteral("payouts"));
    QTRY_COMPARE_WITH_TIMEOUT(page->property("condition").toString(), QStringLiteral("full"), soon);
    stage.press(stage.named(QStringLiteral("Claim…")));
    QTRY_COMPARE_WITH_TIMEOUT(stage.daemon().calls(QStringLiteral("FilFil.Claim")), 1, soon);
    QCOMPARE(stage.daemon().lastParams(QStringLiteral("FilFil.Claim")).value(QLatin1String("dry_run")).toBool(), true);
    QTRY_VERIFY_WITH_TIMEOUT(
        stage.named(QStringLiteral("Send it")) != nullptr && stage.named(QStringLiteral("Send it"))->isEnabled(), soon);
    Stage::run(50);
    stage.press(stage.named(QStringLiteral("Send it")));
    QTRY_VERIFY_WITH_TIMEOUT(stage.named(QStringLiteral("Send")) != nullptr, soon);
    QCOMPARE(stage.daemon().calls(QStringLiteral("FilFil.Claim")), 1);
    Stage::run(50);
    stage.press(stage.named(QStringLiteral("Send")));
    QTRY_COMPARE_WITH_TIMEOUT(stage.daemon().calls(QStringLiteral("FilFil.Claim")), 2, soon);
    QVERIFY(!stage.daemon().lastParams(QStringLiteral("FilFil.Claim")).value(QLatin1String("dry_run")).toBool());
}

void PagesTest::theSlotPolicyIsSetInTheCalendar() {
    Stage stage(Mood::Full);
    QQuickItem* page = stage.open(QStringLiteral("calendar"));
    QTRY_COMPARE_WITH_TIMEOUT(page->property("condition").toString(), QStringLiteral("full"), soon);
    QQuickItem* choice = nullptr;
    QTRY_VERIFY_WITH_TIMEOUT((choice = stage.named(QStringLiteral("What is done for f01234's windows"))) != nullptr,
                             soon);
    QCOMPARE(choice->property("currentIndex").toInt(), 1);
    choice->forceActiveFocus();
    QTest::keyClick(&stage.window(), Qt::Key_Down);
    QTRY_COMPARE_WITH_TIMEOUT(stage.daemon().calls(QStringLiteral("FilFil.SetSlotPolicy")), 1, soon);
    QCOMPARE(
        stage.daemon().lastParams(QStringLiteral("FilFil.SetSlotPolicy")).value(QLatin1String("policy")).toString(),
        QStringLiteral("skip"));
}

void PagesTest::whatFailsIsToldInItsSheetAndOnEveryPage() {
    Stage stage(Mood::Full);
    const QString sentence = QStringLiteral("no window wants epoch 4998720");
    stage.daemon().setFate([&](const QString& method, const QJsonObject& reply) {
        QJsonObject answer = reply;
        if (method == QLatin1String("FilFil.Store")) {
            answer.remove(QStringLiteral("result"));
            answer.insert(
                QStringLiteral("error"),
                QJsonObject{{QStringLiteral("code"), -32004},
                            {QStringLiteral("message"), sentence},
                            {QStringLiteral("data"),
                             QJsonObject{{QStringLiteral("code"), QStringLiteral("not_found")},
                                         {QStringLiteral("remedy"), QStringLiteral("the next is 5001600")}}}});
        }
        return QList<std::pair<int, QString>>{
            {0, QString::fromUtf8(QJsonDocument(answer).toJson(QJsonDocument::Compact))}};
    });
    QQuickItem* page = stage.open(QStringLiteral("calendar"));
    QTRY_COMPARE_WITH_TIMEOUT(page->property("condition").toString(), QStringLiteral("full"), soon);
    const QVariantMap slot = {{QStringLiteral("slot"), 3},
                              {QStringLiteral("provider"), QStringLiteral("f01234")},
                              {QStringLiteral("own"), true},
                              {QStringLiteral("targetEpoch"), 4998720}};
    QMetaObject::invokeMethod(page, "openSlot", Q_ARG(QVariant, slot));
    QTRY_VERIFY_WITH_TIMEOUT(stage.named(QStringLiteral("Store it")) != nullptr, soon);
    Stage::run(300);
    stage.press(stage.named(QStringLiteral("Store it")));
    QTRY_COMPARE_WITH_TIMEOUT(stage.daemon().calls(QStringLiteral("FilFil.Store")), 1, soon);
    const auto told = [&] {
        int count = 0;
        for (const QString& text : texts(stage.root())) count += text.contains(sentence, Qt::CaseInsensitive) ? 1 : 0;
        return count;
    };
    QTRY_COMPARE_WITH_TIMEOUT(told(), 2, soon);
    // On another page, and without the sheet, it stands until it is put away.
    QTest::keyClick(&stage.window(), Qt::Key_Escape);
    QTRY_VERIFY_WITH_TIMEOUT(stage.named(QStringLiteral("Store it")) == nullptr, soon);
    stage.open(QStringLiteral("deals"));
    QTRY_COMPARE_WITH_TIMEOUT(told(), 1, soon);
    QVERIFY(says(stage.root(), QStringLiteral("the next is 5001600")));
    stage.press(stage.named(QStringLiteral("Put away")));
    QTRY_COMPARE_WITH_TIMEOUT(told(), 0, soon);
    QVERIFY(stage.app().failure().isEmpty());
    // What is put away in the sheet is so on the page.
    stage.open(QStringLiteral("calendar"));
    QMetaObject::invokeMethod(page, "openSlot", Q_ARG(QVariant, slot));
    QTRY_VERIFY_WITH_TIMEOUT(stage.named(QStringLiteral("Store it")) != nullptr, soon);
    Stage::run(300);
    stage.press(stage.named(QStringLiteral("Store it")));
    QTRY_COMPARE_WITH_TIMEOUT(told(), 2, soon);
    stage.press(stage.named(QStringLiteral("Put away")));
    QTRY_COMPARE_WITH_TIMEOUT(told(), 0, soon);
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
    QTRY_COMPARE_WITH_TIMEOUT(stage.app().verifier()->state(), Verifier::Done, soon);
    const QString cid = stage.app().verifier()->result().value(QLatin1String("piece_cid")).toString();
    QVERIFY(cid.startsWith(QLatin1String("baga")));
    QTRY_VERIFY_WITH_TIMEOUT(says(stage.window().contentItem(), QStringLiteral("Again")), soon);

    stage.app().verifier()->setExpected(cid);
    stage.app().verifier()->again();
    QTRY_COMPARE_WITH_TIMEOUT(stage.app().verifier()->state(), Verifier::Done, soon);
    QTRY_VERIFY_WITH_TIMEOUT(says(stage.window().contentItem(), QStringLiteral("It is that piece")), soon);

    // A folder, and a file that is not there, are said to be so.
    stage.app().verifier()->startPath(folder.path());
    QTRY_COMPARE_WITH_TIMEOUT(stage.app().verifier()->state(), Verifier::Failed, soon);
    QTRY_VERIFY_WITH_TIMEOUT(says(stage.window().contentItem(), stage.app().verifier()->error()), soon);
}

void PagesTest::aWrongCidIsToldWhileTyping() {
    Stage stage(Mood::Full);
    stage.open(QStringLiteral("verifier"));
    QQuickItem* field = stage.named(QStringLiteral("Expected piece CID, if there is one"));
    QVERIFY(field != nullptr);
    field->forceActiveFocus();
    for (const char letter : {'b', 'a', 'g', 'a', '!'}) QTest::keyClick(&stage.window(), letter);
    QTRY_VERIFY_WITH_TIMEOUT(!stage.app().verifier()->expectedValid(), soon);
    QTRY_VERIFY_WITH_TIMEOUT(says(stage.window().contentItem(), stage.app().verifier()->expectedProblem()), soon);
}

void PagesTest::devicesAreTimed() {
    Stage stage(Mood::Full);
    QQuickItem* page = stage.open(QStringLiteral("devices"));
    QTRY_COMPARE_WITH_TIMEOUT(page->property("condition").toString(), QStringLiteral("full"), soon);
    QVERIFY(says(page, QStringLiteral("not timed yet")));
    stage.press(stage.named(QStringLiteral("Test and time all")));
    QTRY_VERIFY_WITH_TIMEOUT(says(page, QStringLiteral("1.93 GiB/s")), soon);
    QVERIFY(says(page, QStringLiteral("cudaErrorInsufficientDriver")));
}

void PagesTest::theLogIsFiltered() {
    Stage stage(Mood::Full);
    QQuickItem* page = stage.open(QStringLiteral("log"));
    QTRY_VERIFY_WITH_TIMEOUT(says(page, QStringLiteral("ChainNotify")) || says(page, QStringLiteral("Curio refused")),
                             soon);
    QTest::keyClick(&stage.window(), Qt::Key_F, Qt::ControlModifier);
    for (const char letter : {'c', 'u', 'r', 'i', 'o'}) QTest::keyClick(&stage.window(), letter);
    QTRY_VERIFY_WITH_TIMEOUT(says(page, QStringLiteral("Curio refused")) && !says(page, QStringLiteral("ChainNotify")),
                             soon);
}

void PagesTest::whereNoContractIsSetTheWayLeadsToItsSetting() {
    Stage stage(Mood::Unset);
    for (const QString& from : {QStringLiteral("payouts"), QStringLiteral("calendar")}) {
        QQuickItem* page = stage.open(from);
        QTRY_COMPARE_WITH_TIMEOUT(page->property("condition").toString(), QStringLiteral("unsupported"), soon);
        QQuickItem* button = nullptr;
        QTRY_VERIFY_WITH_TIMEOUT((button = stage.named(QStringLiteral("Open the settings"))) != nullptr, soon);
        stage.press(button);
        QTRY_COMPARE_WITH_TIMEOUT(shown(stage), QStringLiteral("settings"), soon);
        QTRY_VERIFY_WITH_TIMEOUT(stage.named(QStringLiteral("incentive.contract")) != nullptr ||
                                     stage.named(QStringLiteral("api.listen")) != nullptr,
                                 soon);
        // The second time the page is there already, with another tab.
        stage.open(QStringLiteral("settings"))->setProperty("tab", 0);
        QTRY_VERIFY_WITH_TIMEOUT(stage.named(QStringLiteral("api.listen")) == nullptr, soon);
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
        QTRY_VERIFY_WITH_TIMEOUT(sentence() != nullptr, soon);
        QTRY_VERIFY_WITH_TIMEOUT(!colours.contains(sentence()->property("color").value<QColor>()), soon);
        colours << sentence()->property("color").value<QColor>();
    }
}

void PagesTest::aSettingOfTheDaemonIsSetAndARefusalShown() {
    Stage stage(Mood::Full);
    QQuickItem* page = stage.open(QStringLiteral("settings"));
    page->setProperty("tab", 3);
    QTRY_VERIFY_WITH_TIMEOUT(stage.app().settings()->loaded(), soon);
    QTRY_COMPARE_WITH_TIMEOUT(page->property("condition").toString(), QStringLiteral("full"), soon);
    QTRY_VERIFY_WITH_TIMEOUT(stage.named(QStringLiteral("api.listen")) != nullptr, soon);
    QTest::keyClick(&stage.window(), Qt::Key_F, Qt::ControlModifier);
    for (const char letter : {'p', 'o', 'l', 'l'}) QTest::keyClick(&stage.window(), letter);
    // Only rows that are seen are there, and the list lays them out anew for every letter: what was made before the
    // others are gone may be made again.
    QPointer<QQuickItem> field;
    QTRY_VERIFY_WITH_TIMEOUT(stage.named(QStringLiteral("api.listen")) == nullptr &&
                                 (field = stage.named(QStringLiteral("deals.poll"))) != nullptr,
                             soon);
    field->forceActiveFocus();
    QTRY_VERIFY_WITH_TIMEOUT(field->hasActiveFocus(), soon);
    QTest::keyClick(&stage.window(), Qt::Key_A, Qt::ControlModifier);
    for (const char letter : {'n', 'o', 'n', 's', 'e', 'n', 's', 'e'}) QTest::keyClick(&stage.window(), letter);
    QVERIFY(field != nullptr);
    QCOMPARE(field->property("text").toString(), QStringLiteral("nonsense"));
    QTest::keyClick(&stage.window(), Qt::Key_Return);
    QTRY_COMPARE_WITH_TIMEOUT(stage.daemon().calls(QStringLiteral("FilFil.SetConfig")), 1, soon);
    QTRY_VERIFY_WITH_TIMEOUT(says(page, QStringLiteral("is no duration")), soon);
    QTest::keyClick(&stage.window(), Qt::Key_A, Qt::ControlModifier);
    for (const char letter : {'4', '5', 's'}) QTest::keyClick(&stage.window(), letter);
    QTest::keyClick(&stage.window(), Qt::Key_Return);
    QTRY_COMPARE_WITH_TIMEOUT(stage.daemon().calls(QStringLiteral("FilFil.SetConfig")), 2, soon);
    QTRY_VERIFY_WITH_TIMEOUT(!says(page, QStringLiteral("is no duration")), soon);
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
    QTRY_VERIFY_WITH_TIMEOUT(stage.named(QStringLiteral("A daemon runs somewhere else")) != nullptr, soon);
    Stage::run(50);
    QVERIFY(!stage.named(QStringLiteral("Next"))->isEnabled());
    stage.press(stage.named(QStringLiteral("A daemon runs somewhere else")));
    QQuickItem* address = nullptr;
    QTRY_VERIFY_WITH_TIMEOUT((address = stage.named(QStringLiteral("Address"))) != nullptr, soon);
    address->forceActiveFocus();
    for (const QChar letter : stage.daemon().url()) QTest::keyClick(&stage.window(), letter.toLatin1());
    QQuickItem* token = stage.named(QStringLiteral("Token"));
    QVERIFY(token != nullptr);
    token->forceActiveFocus();
    QTest::keyClick(&stage.window(), 't');
    stage.press(stage.named(QStringLiteral("Connect")));
    QTRY_VERIFY_WITH_TIMEOUT(stage.app().session()->online(), soon);
    for (int step = 0; step < 5; ++step) {
        QTRY_VERIFY_WITH_TIMEOUT(stage.named(QStringLiteral("Next"))->isEnabled(), soon);
        stage.press(stage.named(QStringLiteral("Next")));
    }
    QTRY_VERIFY_WITH_TIMEOUT(stage.named(QStringLiteral("Done")) != nullptr, soon);
    stage.app().preferences()->setWizardDone(false);
    stage.press(stage.named(QStringLiteral("Done")));
    QTRY_VERIFY_WITH_TIMEOUT(stage.app().preferences()->wizardDone(), soon);
}

/// Opened before anything is known of the daemon, as at the first start.
void PagesTest::theWizardWritesWhatWasChangedAlone() {
    Stage stage(Mood::Full, false);
    stage.daemon().setFate([](const QString&, const QJsonObject& reply) {
        // The made daemon has no such setting.
        const QString text = QString::fromUtf8(QJsonDocument(reply).toJson(QJsonDocument::Compact));
        return QList<std::pair<int, QString>>{
            {0, QString(text).replace(QStringLiteral("chain.finality"), QStringLiteral("chain.eth_url"))}};
    });
    QMetaObject::invokeMethod(&stage.window(), "openWizard");
    QTRY_VERIFY_WITH_TIMEOUT(stage.named(QStringLiteral("Next")) != nullptr, soon);
    stage.connectTo(stage.daemon(), QStringLiteral("sp-01"));
    QTRY_VERIFY_WITH_TIMEOUT(stage.app().session()->online() && stage.app().settings()->loaded(), soon);
    const auto text = [&](const QString& field) {
        QQuickItem* item = stage.named(field);
        return item == nullptr ? QStringLiteral("(none)") : item->property("text").toString();
    };
    const auto next = [&] { stage.press(stage.named(QStringLiteral("Next"))); };
    QTRY_VERIFY_WITH_TIMEOUT(stage.named(QStringLiteral("Next"))->isEnabled(), soon);
    next();
    QTRY_COMPARE_WITH_TIMEOUT(text(QStringLiteral("Where the contract is read")), QStringLiteral("auto"), soon);
    next();
    QTRY_COMPARE_WITH_TIMEOUT(text(QStringLiteral("Contract")),
                              QStringLiteral("0x5FbDB2315678afecb367f032d93F642f64180aa3"), soon);
    QCOMPARE(text(QStringLiteral("Own providers")), QStringLiteral("f01234"));
    QQuickItem* wallet = stage.named(QStringLiteral("Wallet that signs"));
    QVERIFY(wallet != nullptr);
    wallet->forceActiveFocus();
    QTest::keyClick(&stage.window(), Qt::Key_A, Qt::ControlModifier);
    for (const char letter : {'f', '1', 'a'}) QTest::keyClick(&stage.window(), letter);
    // What is asked for again meanwhile does not take it back.
    const int asked = stage.daemon().calls(QStringLiteral("FilFil.Config"));
    stage.app().settings()->refresh();
    QTRY_VERIFY_WITH_TIMEOUT(
        stage.daemon().calls(QStringLiteral("FilFil.Config")) > asked && !stage.app().settings()->loading(), soon);
    QCOMPARE(text(QStringLiteral("Wallet that signs")), QStringLiteral("f1a"));
    next();
    QTRY_COMPARE_WITH_TIMEOUT(text(QStringLiteral("Folder for snapshots, on the daemon's machine")),
                              QStringLiteral("/srv/snapshots"), soon);
    next();
    next();
    QTRY_VERIFY_WITH_TIMEOUT(stage.named(QStringLiteral("Done")) != nullptr, soon);
    QTRY_VERIFY_WITH_TIMEOUT(says(stage.root(), QStringLiteral("f01234")), soon);
    QCOMPARE(stage.daemon().calls(QStringLiteral("FilFil.SetConfig")), 1);
    QCOMPARE(stage.daemon().lastParams(QStringLiteral("FilFil.SetConfig")).value(QLatin1String("key")).toString(),
             QStringLiteral("incentive.wallet"));
    QCOMPARE(stage.daemon().lastParams(QStringLiteral("FilFil.SetConfig")).value(QLatin1String("value")).toString(),
             QStringLiteral("f1a"));

    // It opens at its beginning again.
    stage.press(stage.named(QStringLiteral("Done")));
    QTRY_VERIFY_WITH_TIMEOUT(stage.named(QStringLiteral("Done")) == nullptr, soon);
    QMetaObject::invokeMethod(&stage.window(), "openWizard");
    QTRY_VERIFY_WITH_TIMEOUT(stage.named(QStringLiteral("Not now")) != nullptr, soon);
}

void PagesTest::theWizardForgetsTheDaemonBefore() {
    FakeDaemon other(Mood::Full);
    const QString contract = QStringLiteral("0x5FbDB2315678afecb367f032d93F642f64180aa3");
    const QString theirs = QStringLiteral("0x00000000000000000000000000000000000000b0");
    other.setFate([&](const QString&, const QJsonObject& reply) {
        const QString text = QString::fromUtf8(QJsonDocument(reply).toJson(QJsonDocument::Compact));
        return QList<std::pair<int, QString>>{{0, QString(text).replace(contract, theirs)}};
    });
    Stage stage(Mood::Full);
    QTRY_VERIFY_WITH_TIMEOUT(stage.app().settings()->loaded(), soon);
    QMetaObject::invokeMethod(&stage.window(), "openWizard");
    const auto next = [&] { stage.press(stage.named(QStringLiteral("Next"))); };
    QTRY_VERIFY_WITH_TIMEOUT(
        stage.named(QStringLiteral("Next")) != nullptr && stage.named(QStringLiteral("Next"))->isEnabled(), soon);
    next();
    next();
    QQuickItem* field = nullptr;
    QTRY_VERIFY_WITH_TIMEOUT((field = stage.named(QStringLiteral("Contract"))) != nullptr, soon);
    QTRY_COMPARE_WITH_TIMEOUT(field->property("text").toString(), contract, soon);
    field->forceActiveFocus();
    QTest::keyClick(&stage.window(), Qt::Key_A, Qt::ControlModifier);
    QTest::keyClick(&stage.window(), 'x');
    QCOMPARE(field->property("text").toString(), QStringLiteral("x"));
    stage.connectTo(other, QStringLiteral("sp-02"));
    QTRY_COMPARE_WITH_TIMEOUT(field->property("text").toString(), theirs, soon);
    QTRY_VERIFY_WITH_TIMEOUT(stage.app().session()->online() && stage.named(QStringLiteral("Next"))->isEnabled(), soon);
    for (int step = 2; step < 5; ++step) next();
    QTRY_VERIFY_WITH_TIMEOUT(says(stage.root(), theirs), soon);
    QCOMPARE(other.calls(QStringLiteral("FilFil.SetConfig")), 0);
    QCOMPARE(stage.daemon().calls(QStringLiteral("FilFil.SetConfig")), 0);
}

void PagesTest::aTokenThatCannotBeKeptStaysInItsDialog() {
    Stage stage(Mood::Full, false);
    const auto type = [&](const QString& name, const QString& text) {
        QQuickItem* field = stage.named(name);
        if (field == nullptr) return false;
        field->forceActiveFocus();
        QTest::keyClick(&stage.window(), Qt::Key_A, Qt::ControlModifier);
        for (const QChar letter : text) QTest::keyClick(&stage.window(), letter.toLatin1());
        return true;
    };
    QFile inTheWay(stage.app().preferences()->folder() + QStringLiteral("/tokens"));
    QVERIFY(inTheWay.open(QIODevice::WriteOnly));
    QMetaObject::invokeMethod(&stage.window(), "openWizard");
    QTRY_VERIFY_WITH_TIMEOUT(stage.named(QStringLiteral("A daemon runs somewhere else")) != nullptr, soon);
    Stage::run(50);
    stage.press(stage.named(QStringLiteral("A daemon runs somewhere else")));
    QTRY_VERIFY_WITH_TIMEOUT(type(QStringLiteral("Address"), QStringLiteral("ws://127.evil.invalid:1")), soon);
    QTRY_VERIFY_WITH_TIMEOUT(says(stage.root(), QStringLiteral("without TLS")), soon);
    QVERIFY(!stage.named(QStringLiteral("Connect"))->isEnabled());
    QVERIFY(type(QStringLiteral("Address"), stage.daemon().url()));
    QTRY_VERIFY_WITH_TIMEOUT(stage.named(QStringLiteral("Connect"))->isEnabled(), soon);
    QVERIFY(type(QStringLiteral("Token"), QStringLiteral("t")));
    stage.press(stage.named(QStringLiteral("Connect")));
    QTRY_VERIFY_WITH_TIMEOUT(says(stage.root(), inTheWay.fileName()), soon);
    QVERIFY(stage.app().preferences()->daemons().isEmpty());
    QTest::keyClick(&stage.window(), Qt::Key_Escape);
    QTRY_VERIFY_WITH_TIMEOUT(stage.named(QStringLiteral("Not now")) == nullptr, soon);

    stage.open(QStringLiteral("settings"))->setProperty("tab", 2);
    QTRY_VERIFY_WITH_TIMEOUT(stage.named(QStringLiteral("Add one…")) != nullptr, soon);
    stage.press(stage.named(QStringLiteral("Add one…")));
    QTRY_VERIFY_WITH_TIMEOUT(stage.named(QStringLiteral("Where it is")) != nullptr, soon);
    Stage::run(50);
    stage.named(QStringLiteral("Where it is"))->forceActiveFocus();
    QTest::keyClick(&stage.window(), Qt::Key_Right);
    QTRY_VERIFY_WITH_TIMEOUT(type(QStringLiteral("Address"), stage.daemon().url()), soon);
    QVERIFY(type(QStringLiteral("Token"), QStringLiteral("t")));
    stage.press(stage.named(QStringLiteral("Save and connect")));
    QTRY_VERIFY_WITH_TIMEOUT(says(stage.root(), inTheWay.fileName()), soon);
    QVERIFY(stage.app().preferences()->daemons().isEmpty());
    // Where it can be kept again, the same press does it.
    QVERIFY(inTheWay.remove());
    stage.press(stage.named(QStringLiteral("Save and connect")));
    QTRY_VERIFY_WITH_TIMEOUT(stage.app().session()->online(), soon);
    QTRY_VERIFY_WITH_TIMEOUT(stage.named(QStringLiteral("Save and connect")) == nullptr, soon);
}

void PagesTest::aDaemonIsTakenFromTheListAfterAsking() {
    FakeDaemon other(Mood::Full);
    Stage stage(Mood::Full);
    stage.app().preferences()->addDaemon(
        {{QStringLiteral("name"), QStringLiteral("sp-02")}, {QStringLiteral("url"), other.url()}});
    const auto token = [&](int place) {
        return stage.app().preferences()->daemons()[place].toMap().value(QStringLiteral("tokenFile")).toString();
    };
    const QString file = token(0);
    QVERIFY(QFile::exists(file));
    stage.open(QStringLiteral("settings"))->setProperty("tab", 2);
    const QString bin = QStringLiteral("Remove sp-01 from the list");
    QTRY_VERIFY_WITH_TIMEOUT(stage.named(bin) != nullptr, soon);
    stage.press(stage.named(bin));
    QTRY_VERIFY_WITH_TIMEOUT(stage.named(QStringLiteral("Remove")) != nullptr, soon);
    QCOMPARE(stage.app().preferences()->daemons().size(), 2);
    QVERIFY(says(stage.root(), QStringLiteral("connected to it")));
    Stage::run(50);
    stage.press(stage.named(QStringLiteral("Cancel")));
    QTRY_VERIFY_WITH_TIMEOUT(stage.named(QStringLiteral("Remove")) == nullptr, soon);
    QVERIFY(stage.app().session()->online());
    QVERIFY(QFile::exists(file));

    QVERIFY(stage.named(bin) != nullptr);
    stage.press(stage.named(bin));
    QTRY_VERIFY_WITH_TIMEOUT(stage.named(QStringLiteral("Remove")) != nullptr, soon);
    Stage::run(50);
    stage.press(stage.named(QStringLiteral("Remove")));
    QTRY_COMPARE_WITH_TIMEOUT(stage.app().preferences()->daemons().size(), 1, soon);
    QVERIFY(!QFile::exists(file));
    QCOMPARE(stage.app().session()->state(), Session::Offline);
    QCOMPARE(stage.app().session()->current(), -1);
    QTRY_VERIFY_WITH_TIMEOUT(stage.named(QStringLiteral("Connect")) != nullptr, soon);
}

void PagesTest::withoutADaemonPagesSayWhatToDo() {
    Stage stage(Mood::Full, false);
    for (const QString& page : {QStringLiteral("overview"), QStringLiteral("deals"), QStringLiteral("log")}) {
        QQuickItem* item = stage.open(page);
        QTRY_COMPARE_WITH_TIMEOUT(item->property("condition").toString(), QStringLiteral("offline"), soon);
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
