// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "fake_daemon.hpp"
#include "gui/model/app.hpp"
#include "tests.hpp"

#include <QAbstractItemModelTester>
#include <QElapsedTimer>
#include <QJsonDocument>
#include <QSignalSpy>
#include <QTest>

namespace filfil::gui::test {
namespace {

constexpr int patience = 30'000;

/// Values of every type and of shapes that nobody expects.
QList<QJsonValue> oddValues() {
    QJsonValue deep = QJsonObject();
    for (int i = 0; i < 200; ++i) deep = QJsonArray{QJsonObject{{QStringLiteral("deals"), deep}}};
    return {QJsonValue(),
            true,
            -1,
            1e308,
            QString(),
            QString(10'000, u'x'),
            QJsonArray(),
            QJsonArray{QJsonValue(), 5, QStringLiteral("x"), QJsonArray{QJsonArray()}, QJsonObject()},
            QJsonObject(),
            QJsonObject{{QStringLiteral("id"), QJsonObject()}, {QStringLiteral("key"), 5}},
            deep};
}

/// The same value with every field of it, at every depth, replaced by `odd` where `which` counts to it.
QJsonValue bent(const QJsonValue& value, const QJsonValue& odd, int& which) {
    if (which-- == 0) return odd;
    if (value.isObject()) {
        QJsonObject out = value.toObject();
        for (const QString& key : value.toObject().keys()) out[key] = bent(out.value(key), odd, which);
        return out;
    }
    if (value.isArray()) {
        QJsonArray out;
        for (const QJsonValue& one : value.toArray()) out << bent(one, odd, which);
        return out;
    }
    return value;
}

int fieldsOf(const QJsonValue& value) {
    int out = 1;
    if (value.isObject())
        for (const QJsonValue& one : value.toObject()) out += fieldsOf(one);
    if (value.isArray())
        for (const QJsonValue& one : value.toArray()) out += fieldsOf(one);
    return out;
}

}    // namespace

/// A daemon that says what no daemon says. Nothing may break, and what is right is shown all the same.
class HostileTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    std::unique_ptr<FakeDaemon> m_daemon;
    std::unique_ptr<App> m_app;

    /// @param testers they look at every row at every change: not for ten thousand of them
    void start(bool testers = true) {
        m_app = std::make_unique<App>(
            App::Options{m_folder.filePath(QStringLiteral("desktop.ini")), m_folder.path(), QStringLiteral("test")});
        m_app->session()->setBackoff(20, 100);
        if (testers)
            for (QAbstractItemModel* model : m_app->findChildren<QAbstractItemModel*>())
                new QAbstractItemModelTester(model, QAbstractItemModelTester::FailureReportingMode::QtTest, model);
        m_app->session()->connectToAddress(m_daemon->place());
        QTRY_COMPARE_WITH_TIMEOUT(m_app->session()->state(), Session::Online, patience);
    }

    /// Whether it still answers, and is shown, after all that.
    void standsUp() {
        QJsonObject deal = FakeDaemon::page()
                               .value(QStringLiteral("FilFil.Deals"))
                               .value(QLatin1String("deals"))
                               .toArray()
                               .first()
                               .toObject();
        static int id = 1000;
        deal.insert(QStringLiteral("id"), ++id);
        m_daemon->publish(QStringLiteral("deal"), deal);
        QTRY_VERIFY_WITH_TIMEOUT(m_app->deals()->model()->contains(QString::number(id)), patience);
        QCOMPARE(m_app->session()->state(), Session::Online);
    }

    /// Looks at all that views look at.
    void lookAtEverything() {
        for (QAbstractItemModel* model : m_app->findChildren<QAbstractItemModel*>())
            for (int row = 0; row < std::min(model->rowCount(), 5); ++row)
                for (int column = 0; column < model->columnCount(); ++column)
                    for (const int role : model->roleNames().keys()) (void)model->index(row, column).data(role);
        for (QObject* store : m_app->findChildren<Store*>())
            for (int i = 0; i < store->metaObject()->propertyCount(); ++i)
                (void)store->metaObject()->property(i).read(store);
    }

private slots:
    void init() { m_daemon = std::make_unique<FakeDaemon>(); }
    void cleanup() {
        m_app.reset();
        m_daemon.reset();
    }

    void answersOfAnyShape_data() {
        QTest::addColumn<int>("which");
        for (int i = 0; i < oddValues().size(); ++i) QTest::newRow(qPrintable(QString::number(i))) << i;
    }
    void answersOfAnyShape() {
        QFETCH(int, which);
        const QJsonValue odd = oddValues()[which];
        start();
        for (const QString& method : FakeDaemon::page().keys())
            if (method != QLatin1String("FilFil.Version") && method != QLatin1String("FilFil.Subscribe") &&
                method != QLatin1String("FilFil.State"))
                m_daemon->answer(method, odd);
        m_app->refresh();
        m_app->log()->setActive(true);
        m_app->deals()->show(7);
        m_app->deals()->runPreflight({});
        m_app->snapshots()->show(12);
        m_app->snapshots()->take({});
        m_app->payouts()->claim(true);
        m_app->devices()->benchmark();
        for (Store* store : m_app->findChildren<Store*>()) QTRY_VERIFY_WITH_TIMEOUT(!store->loading(), patience);
        QTRY_VERIFY_WITH_TIMEOUT(!m_app->deals()->preflightRunning(), patience);
        QTRY_VERIFY_WITH_TIMEOUT(!m_app->payouts()->claiming() && !m_app->devices()->benchmarking(), patience);
        lookAtEverything();
        standsUp();
    }

    void answersWithOneFieldBent() {
        start();
        const QList<QJsonValue> odd = oddValues();
        int turn = 0;
        for (const auto method :
             {"FilFil.Deals", "FilFil.NextWindow", "FilFil.Windows", "FilFil.Payouts", "FilFil.Status",
              "FilFil.ContractEvents", "FilFil.Snapshots", "FilFil.Config", "FilFil.Slots"}) {
            const QJsonValue page = FakeDaemon::page().value(QLatin1String(method));
            const int fields = fieldsOf(page);
            for (int field = 0; field < fields; field += 3) {
                int which = field;
                m_daemon->answer(QLatin1String(method), bent(page, odd[++turn % odd.size()], which));
                const int before = m_daemon->calls(QLatin1String(method));
                m_app->refresh();
                QTRY_VERIFY_WITH_TIMEOUT(m_daemon->calls(QLatin1String(method)) > before, patience);
            }
            lookAtEverything();
        }
        standsUp();
    }

    void eventsOfAnyShape() {
        start();
        QSignalSpy nonsense(m_app->session(), &Session::nonsense);
        for (const auto type : {"head", "status", "job", "snapshot", "snapshot_forgotten", "hold", "hold_released",
                                "schedule", "schedule_removed", "slot_policy", "transaction", "deal", "alert",
                                "alert_over", "config", "contract", "of tomorrow"})
            for (const QJsonValue& odd : oddValues()) {
                m_daemon->publish(QLatin1String(type), odd.toObject());
                m_daemon->publish(QLatin1String(type), {{QStringLiteral("id"), odd},
                                                        {QStringLiteral("state"), odd},
                                                        {QStringLiteral("stage"), odd},
                                                        {QStringLiteral("code"), odd},
                                                        {QStringLiteral("key"), odd},
                                                        {QStringLiteral("number"), odd},
                                                        {QStringLiteral("miner"), odd},
                                                        {QStringLiteral("added"), odd},
                                                        {QStringLiteral("removed_from_epoch"), odd},
                                                        {QStringLiteral("alerts"), odd},
                                                        {QStringLiteral("changes"), odd}});
            }
        m_daemon->sendRaw(QStringLiteral("{\"jsonrpc\":\"2.0\",\"method\":\"FilFil.Event\",\"params\":[]}"));
        m_daemon->sendRaw(
            QStringLiteral("{\"jsonrpc\":\"2.0\",\"method\":\"FilFil.Event\",\"params\":{\"seq\":\"x\",\"type\":5}}"));
        m_daemon->sendRaw(QStringLiteral("{\"jsonrpc\":\"2.0\",\"method\":5}"));
        standsUp();
        QVERIFY(nonsense.count() >= 2);
        lookAtEverything();
    }

    void messagesThatAreNone() {
        start();
        QSignalSpy nonsense(m_app->session(), &Session::nonsense);
        m_daemon->sendRaw(QStringLiteral("no JSON"));
        m_daemon->sendRaw(QStringLiteral("{\"jsonrpc\":\"2.0\",\"id\":1"));
        m_daemon->sendRaw(QStringLiteral("[1,[2],null]"));
        m_daemon->sendRaw(QStringLiteral("{\"id\":null,\"error\":{}}"));
        m_daemon->sendRaw(QStringLiteral("{\"id\":999999,\"result\":{}}"));
        m_daemon->sendRaw(QString(20'000, u'['));
        m_daemon->sendRaw(QByteArray("\x00\xff\x00", 3));
        standsUp();
        QTRY_VERIFY_WITH_TIMEOUT(nonsense.count() >= 5, patience);
    }

    void aHugeAnswerIsReadElsewhere() {
        start(false);
        QJsonArray deals;
        const QJsonObject one = FakeDaemon::page()
                                    .value(QStringLiteral("FilFil.Deals"))
                                    .value(QLatin1String("deals"))
                                    .toArray()
                                    .first()
                                    .toObject();
        for (int i = 0; i < 10'000; ++i) {
            QJsonObject deal = one;
            deal.insert(QStringLiteral("id"), i);
            deal.insert(QStringLiteral("slot"), 196615 + i);
            deals << deal;
        }
        m_daemon->answer(QStringLiteral("FilFil.Deals"), QJsonObject{{QStringLiteral("deals"), deals}});
        m_app->deals()->refresh();
        QTRY_COMPARE_WITH_TIMEOUT(m_app->deals()->model()->count(), 10'000, patience);
        QTRY_COMPARE_WITH_TIMEOUT(m_app->slotStore()->model()->count(), 10'000, patience);
        m_daemon->answer(QStringLiteral("FilFil.Deals"), FakeDaemon::page().value(QStringLiteral("FilFil.Deals")));
        m_app->deals()->refresh();
        QTRY_COMPARE_WITH_TIMEOUT(m_app->deals()->model()->count(), 1, patience);
        standsUp();
    }

    void aMessageThatIsTooLargeEndsTheConnectionAndNotTheProgram() {
        start();
        QSignalSpy offline(m_app->session(), &Session::wentOffline);
        m_daemon->sendRaw(QString(70 << 20, u' '));
        QTRY_VERIFY_WITH_TIMEOUT(offline.count() > 0, patience);
        QTRY_COMPARE_WITH_TIMEOUT(m_app->session()->state(), Session::Online, patience);
        standsUp();
    }

    void tenThousandSlotsInShortTurns() {
        QJsonArray windows;
        const double now = static_cast<double>(QDateTime::currentSecsSinceEpoch());
        for (int miner = 0; miner < 160; ++miner)
            for (int slot = 0; slot < 64; ++slot)
                windows << QJsonObject{{QStringLiteral("miner"), QStringLiteral("f0%1").arg(1000 + miner)},
                                       {QStringLiteral("slot"), slot * 200 + miner},
                                       {QStringLiteral("round"), 1},
                                       {QStringLiteral("index"), slot},
                                       {QStringLiteral("open_time"), now + slot * 3600.0},
                                       {QStringLiteral("close_time"), now + slot * 3600.0 + 3600},
                                       {QStringLiteral("open_epoch"), 100 + slot},
                                       {QStringLiteral("close_epoch"), 220 + slot},
                                       {QStringLiteral("state"), QStringLiteral("ahead")},
                                       {QStringLiteral("staged"), false}};
        m_daemon->answer(QStringLiteral("FilFil.Windows"), QJsonObject{{QStringLiteral("windows"), windows}});
        start(false);
        QTRY_VERIFY_WITH_TIMEOUT(m_app->slotStore()->model()->count() >= 10'240, patience);
        QTRY_VERIFY_WITH_TIMEOUT(!m_app->slotStore()->model()->settling(), patience);
        standsUp();
    }

    void anAnswerThatNeverComesIsGivenUp() {
        m_daemon->ignore(QStringLiteral("FilFil.Devices"));
        start();
        bool told = false;
        m_app->session()->call(
            QStringLiteral("FilFil.Devices"), {}, this,
            [&](const Reply& reply) {
                told = true;
                QVERIFY(!reply.ok());
                QCOMPARE(reply.error().name, QStringLiteral("no_answer"));
            },
            300);
        QTRY_VERIFY_WITH_TIMEOUT(told, patience);
        QTRY_VERIFY_WITH_TIMEOUT(m_app->deals()->loaded(), patience);
        QVERIFY(!m_app->devices()->loaded());
        standsUp();
    }
};

std::unique_ptr<QObject> hostileTest() { return std::make_unique<HostileTest>(); }

}    // namespace filfil::gui::test

#include "hostile_test.moc"
