// SPDX-License-Identifier: Apache-2.0 OR MIT

// Ten thousand rows in a table, ten thousand windows in the calendar, a million lines of log: shown, scrolled to the
// end, filtered. What keeps a window quick is that only what is in sight is made, so what is made is counted.

#include "gui/model/deal_store.hpp"
#include "gui/model/log_store.hpp"
#include "gui/model/payout_store.hpp"
#include "gui/model/record_proxy.hpp"
#include "gui/model/session.hpp"
#include "gui/model/slot_store.hpp"
#include "gui/model/snapshot_store.hpp"
#include "tests/gui/quick/stage.hpp"

#include <QAccessible>
#include <QApplication>
#include <QRegularExpression>
#include <QtTest/QtTest>

using namespace filfil::gui;
using namespace filfil::gui::test;

namespace {

constexpr int many = 10'000;
constexpr int lines_in_all = 1'000'000;
constexpr int patience = 60'000;    // milliseconds

/// Counts the rows and cells that a view makes.
class Made {
public:
    explicit Made(QQuickItem* view) : m_content(view->property("contentItem").value<QQuickItem*>()) {
        m_connection = QObject::connect(m_content, &QQuickItem::childrenChanged, m_content, [this] { count(); });
        count();
    }
    ~Made() { QObject::disconnect(m_connection); }
    Made(const Made&) = delete;
    Made& operator=(const Made&) = delete;

    [[nodiscard]] int inAll() const { return m_all; }
    [[nodiscard]] int atOnce() const { return m_most; }

private:
    void count() {
        const QList<QQuickItem*> children = m_content->childItems();
        m_most = std::max(m_most, static_cast<int>(children.size()));
        for (QQuickItem* child : children) {
            if (child->property("countedByTest").toBool()) continue;
            child->setProperty("countedByTest", true);
            ++m_all;
        }
    }

    QQuickItem* m_content;
    QMetaObject::Connection m_connection;
    int m_all = 0;
    int m_most = 0;
};

QQuickItem* viewOf(QQuickItem* page, const char* type) {
    return Stage::find(page, [type](QQuickItem* item) { return item->inherits(type); });
}

QQuickItem* tableOf(QQuickItem* view) {
    QQuickItem* table = view;
    while (table != nullptr && !table->property("proxy").isValid()) table = table->parentItem();
    return table;
}

double contentY(const QQuickItem* view) { return view->property("contentY").toDouble(); }

double farthest(const QQuickItem* view) {
    return view->property("contentHeight").toDouble() - view->height() + view->property("originY").toDouble();
}

void type(Stage& stage, const QString& text) {
    for (const QChar letter : text) QTest::keyClick(&stage.window(), letter.toLatin1());
}

/// So many of what a store has, with other numbers.
QList<QJsonObject> multiplied(const QList<QJsonObject>& some, const QString& key) {
    QList<QJsonObject> all;
    for (int i = 1; i <= many; ++i) {
        QJsonObject one = some[i % some.size()];
        one.insert(key, i);
        all << one;
    }
    return all;
}

std::vector<LogModel::Line> someLines(int from, int count) {
    std::vector<LogModel::Line> lines;
    lines.reserve(static_cast<std::size_t>(count));
    for (int i = from; i < from + count; ++i)
        lines.push_back({i, 1.7e9 + i, i % 4, i % 3 == 0 ? QStringLiteral("node") : QStringLiteral("market"),
                         i % 1000 == 0 ? QStringLiteral("a needle, number %1").arg(i) : QStringLiteral("hay")});
    return lines;
}

}    // namespace

class StressTest : public QObject {
    Q_OBJECT

private slots:
    /// QML tells of broken bindings as warnings.
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral("qrc:/qt/qml/FilFil/"))); }
    void tenThousandRows_data();
    void tenThousandRows();
    void tenThousandWindows();
    void aMillionLinesGoThroughTheLog();
    void aMillionLinesAreKeptAndShown();
};

void StressTest::tenThousandRows_data() {
    QTest::addColumn<QString>("page");
    QTest::addColumn<QString>("key");
    QTest::addColumn<QString>("filter");
    QTest::newRow("snapshots") << QStringLiteral("snapshots") << QStringLiteral("id") << QString();
    QTest::newRow("deals") << QStringLiteral("deals") << QStringLiteral("id") << QString();
    QTest::newRow("payouts") << QStringLiteral("payouts") << QStringLiteral("slot") << QStringLiteral("4711");
}

void StressTest::tenThousandRows() {
    QFETCH(QString, page);
    QFETCH(QString, key);
    QFETCH(QString, filter);
    Stage stage(Mood::Full);
    QQuickItem* shown = stage.open(page);
    QTRY_COMPARE_WITH_TIMEOUT(shown->property("condition").toString(), QStringLiteral("full"), patience);
    QQuickItem* view = viewOf(shown, "QQuickTableView");
    QVERIFY(view != nullptr);
    QQuickItem* table = tableOf(view);
    QVERIFY(table != nullptr);
    auto* proxy = table->property("proxy").value<RecordProxy*>();
    RecordModel* model = proxy->records();
    const Made made(view);
    model->setRecords(multiplied(model->all(), key));
    model->settle();
    QTRY_COMPARE_WITH_TIMEOUT(table->property("rows").toInt(), many, patience);

    view->forceActiveFocus();
    QTest::keyClick(&stage.window(), Qt::Key_End);
    QCOMPARE(table->property("currentRow").toInt(), many - 1);
    QTRY_VERIFY_WITH_TIMEOUT(contentY(view) >= farthest(view) - 1 && contentY(view) > many, patience);
    const auto isLast = [](QQuickItem* item) { return item->property("row") == many - 1 && item->isVisible(); };
    QTRY_VERIFY_WITH_TIMEOUT(Stage::find(view, isLast) != nullptr, patience);
    QTest::keyClick(&stage.window(), Qt::Key_Home);
    QTRY_COMPARE_WITH_TIMEOUT(contentY(view), 0.0, patience);
    for (int step = 1; step <= 40; ++step) {
        view->setProperty("contentY", farthest(view) * step / 40);
        Stage::run(1);
    }

    // Some of the rows have the first one's piece.
    if (filter.isEmpty()) filter = model->recordAt(0).value(QLatin1String("piece_cid")).toString().right(10);
    QVERIFY(!filter.isEmpty());
    int fitting = 0;
    for (int row = 0; row < model->rowCount(); ++row) fitting += model->matches(row, filter) ? 1 : 0;
    QVERIFY(fitting > 0 && fitting < many);
    QTest::keyClick(&stage.window(), Qt::Key_F, Qt::ControlModifier);
    type(stage, filter);
    QTRY_COMPARE_WITH_TIMEOUT(table->property("rows").toInt(), fitting, patience);

    const int cells_in_sight = (static_cast<int>(view->height()) / 32 + 2) * model->columnCount();
    QVERIFY2(made.inAll() >= model->columnCount(), "nothing was counted");
    QVERIFY2(made.atOnce() <= 3 * cells_in_sight, qPrintable(QString::number(made.atOnce())));
    QVERIFY2(made.inAll() <= 6 * cells_in_sight, qPrintable(QString::number(made.inAll())));
}

void StressTest::tenThousandWindows() {
    Stage stage(Mood::Full, false);
    stage.daemon().world().more_windows = many;
    stage.connectTo(stage.daemon(), QStringLiteral("sp-01"));
    QTRY_VERIFY_WITH_TIMEOUT(stage.app().session()->online(), patience);
    QQuickItem* shown = stage.open(QStringLiteral("calendar"));
    QTRY_COMPARE_WITH_TIMEOUT(shown->property("condition").toString(), QStringLiteral("full"), patience);
    auto* calendar = shown->property("calendar").value<QQuickItem*>();
    QVERIFY(calendar != nullptr);
    QTRY_VERIFY_WITH_TIMEOUT(calendar->property("windows").toInt() >= many, patience);
    calendar->forceActiveFocus();
    const int day = 0;
    const int month = 2;
    for (int view = day; view <= month; ++view) {
        QVERIFY(calendar->setProperty("view", view));
        for (const auto key : {Qt::Key_Home, Qt::Key_End, Qt::Key_PageUp, Qt::Key_PageDown, Qt::Key_Right, Qt::Key_T})
            QTest::keyClick(&stage.window(), key);
        QVERIFY(!stage.window().grabWindow().isNull());
        QVERIFY(calendar->property("windows").toInt() >= many);
        QVERIFY2(Stage::items(calendar).size() < 20, "windows are painted, none is an item of its own");
    }
    QVERIFY(calendar->setProperty("view", day));
    QTest::keyClick(&stage.window(), Qt::Key_Home);
    QVERIFY2(!calendar->property("selected").toMap().isEmpty(), "the first window of the lane was gone to");
    const double first = calendar->property("from").toDouble();
    QTest::keyClick(&stage.window(), Qt::Key_End);
    QVERIFY2(calendar->property("from").toDouble() > first, "from one end of the windows to the other");
}

void StressTest::aMillionLinesGoThroughTheLog() {
    Stage stage(Mood::Full);
    QQuickItem* shown = stage.open(QStringLiteral("log"));
    QQuickItem* list = nullptr;
    QTRY_VERIFY_WITH_TIMEOUT((list = viewOf(shown, "QQuickListView")) != nullptr, patience);
    LogModel* lines = stage.app().log()->lines();
    QTRY_VERIFY_WITH_TIMEOUT(lines->total() > 0, patience);
    const Made made(list);
    const int batch = 10'000;
    for (int from = 0; from < lines_in_all; from += batch) {
        lines->append(someLines(1000 + from, batch));
        QCoreApplication::processEvents();
    }
    QTRY_VERIFY_WITH_TIMEOUT(!lines->filtering(), patience);
    QVERIFY2(lines->total() <= 110'000 && lines->total() > 50'000, "the oldest are forgotten");
    QCOMPARE(list->property("count").toInt(), lines->total());
    QTRY_VERIFY2(list->property("atYEnd").toBool(), "it follows");
    QTest::keyClick(&stage.window(), Qt::Key_F, Qt::ControlModifier);
    type(stage, QStringLiteral("needle"));
    QTRY_VERIFY_WITH_TIMEOUT(!lines->filtering() && lines->count() == lines->total() / 1000, patience);
    QVERIFY2(made.atOnce() < 200, qPrintable(QString::number(made.atOnce())));
}

void StressTest::aMillionLinesAreKeptAndShown() {
    Stage stage(Mood::Full);
    QQuickItem* shown = stage.open(QStringLiteral("log"));
    QQuickItem* list = nullptr;
    QTRY_VERIFY_WITH_TIMEOUT((list = viewOf(shown, "QQuickListView")) != nullptr, patience);
    LogModel lines(stage.app().format(), 2 * lines_in_all, nullptr);
    lines.append(someLines(0, lines_in_all));
    lines.settle();
    const Made made(list);
    list->setProperty("model", QVariant::fromValue<QObject*>(&lines));
    QTRY_COMPARE_WITH_TIMEOUT(list->property("count").toInt(), lines_in_all, patience);
    list->forceActiveFocus();
    const auto isRow = [](int row) {
        return [row](QQuickItem* item) { return item->property("index") == row && item->isVisible(); };
    };
    QTest::keyClick(&stage.window(), Qt::Key_Home);
    QTRY_VERIFY_WITH_TIMEOUT(Stage::find(list, isRow(0)) != nullptr, patience);
    QTest::keyClick(&stage.window(), Qt::Key_End);
    QCOMPARE(list->property("currentIndex").toInt(), lines_in_all - 1);
    QTRY_VERIFY_WITH_TIMEOUT(Stage::find(list, isRow(lines_in_all - 1)) != nullptr, patience);
    for (int step = 0; step < 40; ++step) {
        QMetaObject::invokeMethod(list, "positionViewAtIndex", Q_ARG(int, lines_in_all / 40 * step), Q_ARG(int, 0));
        Stage::run(1);
    }
    lines.setFilter(0, QString(), QStringLiteral("needle"));
    QTRY_VERIFY_WITH_TIMEOUT(!lines.filtering(), patience);
    QCOMPARE(list->property("count").toInt(), lines_in_all / 1000);
    QVERIFY2(made.inAll() > 5, "nothing was counted");
    QVERIFY2(made.atOnce() < 200, qPrintable(QString::number(made.atOnce())));
    QVERIFY2(made.inAll() < 2000, qPrintable(QString::number(made.inAll())));
    list->setProperty("model", QVariant());
}

int main(int argc, char** argv) {
    QApplication application(argc, argv);
    QAccessible::setActive(true);
    StressTest test;
    return QTest::qExec(&test, argc, argv);
}

#include "stress_test.moc"
