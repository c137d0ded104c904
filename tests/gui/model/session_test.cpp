// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "fake_daemon.hpp"
#include "gui/model/app.hpp"
#include "gui/model/rpc_wire.hpp"
#include "tests.hpp"

#include <QSignalSpy>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>
#include <QWebSocketServer>

namespace filfil::gui::test {
namespace {

constexpr int patience = 20'000;

QJsonObject deal(int id, const QString& stage) {
    QJsonObject out = FakeDaemon::page()
                          .value(QStringLiteral("FilFil.Deals"))
                          .value(QLatin1String("deals"))
                          .toArray()
                          .first()
                          .toObject();
    out.insert(QStringLiteral("id"), id);
    out.insert(QStringLiteral("stage"), stage);
    return out;
}

}    // namespace

class SessionTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;

    std::unique_ptr<App> make() {
        auto app = std::make_unique<App>(
            App::Options{m_folder.filePath(QStringLiteral("desktop.ini")), m_folder.path(), QStringLiteral("test")});
        app->session()->setBackoff(20, 100);
        return app;
    }

private slots:
    void itConnectsAndSaysWhatItFound() {
        FakeDaemon daemon;
        const auto app = make();
        app->session()->connectToAddress(daemon.place());
        QTRY_COMPARE_WITH_TIMEOUT(app->session()->state(), Session::Online, patience);
        QCOMPARE(app->session()->version(), QStringLiteral("0.1.0"));
        QCOMPARE(app->session()->network(), QStringLiteral("devnet"));
        QCOMPARE(app->session()->name(), QStringLiteral("fake"));
        QVERIFY(!app->session()->readOnly());
        QVERIFY(!app->session()->url().contains(QLatin1String("secret")));
    }

    void nobodyThereIsToldAndTriedAgain() {
        FakeDaemon daemon;
        daemon.kill();
        const auto app = make();
        app->session()->connectToAddress(daemon.place());
        QTRY_COMPARE_WITH_TIMEOUT(app->session()->state(), Session::Lost, patience);
        QVERIFY(!app->session()->sentence().isEmpty());
        QVERIFY(!app->session()->remedy().isEmpty());
        daemon.startAgain();
        QTRY_COMPARE_WITH_TIMEOUT(app->session()->state(), Session::Online, patience);
    }

    void noFolderIsToldInWords() {
        const auto app = make();
        app->session()->connectToAddress(
            {{QStringLiteral("folder"), m_folder.filePath(QStringLiteral("nothing here"))}});
        QCOMPARE(app->session()->state(), Session::Lost);
        QVERIFY(app->session()->sentence().contains(QLatin1String("nothing here")));
        app->session()->connectToAddress(
            {{QStringLiteral("url"), QStringLiteral("http://x y")}, {QStringLiteral("token"), QStringLiteral("t")}});
        QVERIFY(app->session()->state() == Session::Lost || app->session()->state() == Session::WrongToken);
        QVERIFY(!app->session()->sentence().isEmpty());
        app->session()->connectToAddress({{QStringLiteral("url"), QStringLiteral("127.0.0.1:1")}});
        QCOMPARE(app->session()->state(), Session::WrongToken);
        app->session()->disconnect();
        QCOMPARE(app->session()->state(), Session::Offline);
    }

    void aWrongTokenIsToldApart() {
        QTcpServer server;
        QVERIFY(server.listen(QHostAddress::LocalHost));
        QByteArray asked;
        connect(&server, &QTcpServer::newConnection, this, [&] {
            QTcpSocket* socket = server.nextPendingConnection();
            connect(socket, &QTcpSocket::readyRead, socket, [&, socket] {
                asked += socket->readAll();
                if (!asked.contains("\r\n\r\n")) return;
                socket->write("HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Bearer\r\nContent-Length: 0\r\n\r\n");
                socket->disconnectFromHost();
            });
        });
        const auto app = make();
        app->session()->connectToAddress(
            {{QStringLiteral("url"), QStringLiteral("127.0.0.1:%1").arg(server.serverPort())},
             {QStringLiteral("token"), QStringLiteral("mine")}});
        QTRY_COMPARE_WITH_TIMEOUT(app->session()->state(), Session::WrongToken, patience);
        QVERIFY(asked.contains("Authorization: Bearer mine"));
        QVERIFY(app->session()->remedy().contains(QLatin1String("token")));
    }

    void whatIsNoDaemonIsToldApart() {
        QTcpServer server;
        QVERIFY(server.listen(QHostAddress::LocalHost));
        connect(&server, &QTcpServer::newConnection, this, [&] {
            QTcpSocket* socket = server.nextPendingConnection();
            connect(socket, &QTcpSocket::readyRead, socket, [socket] {
                socket->readAll();
                socket->write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
                socket->disconnectFromHost();
            });
        });
        const auto app = make();
        app->session()->connectToAddress(
            {{QStringLiteral("url"), QStringLiteral("127.0.0.1:%1").arg(server.serverPort())},
             {QStringLiteral("token"), QStringLiteral("t")}});
        QTRY_VERIFY_WITH_TIMEOUT(
            app->session()->state() == Session::OtherVersion || app->session()->state() == Session::Lost, patience);
        QVERIFY(!app->session()->sentence().isEmpty());
    }

    void anotherVersionOfTheApiIsRefusedUntilItIsReplaced() {
        FakeDaemon daemon;
        daemon.answer(QStringLiteral("FilFil.Version"),
                      QJsonObject{{QStringLiteral("version"), QStringLiteral("9.0.0")},
                                  {QStringLiteral("api"), 2},
                                  {QStringLiteral("network"), QStringLiteral("devnet")}});
        const auto app = make();
        app->session()->connectToAddress(daemon.place());
        QTRY_COMPARE_WITH_TIMEOUT(app->session()->state(), Session::OtherVersion, patience);
        QVERIFY(app->session()->sentence().contains(QLatin1String("9.0.0")));
        QVERIFY(app->session()->remedy().contains(QLatin1String("this program")));
        QCOMPARE(daemon.calls(QStringLiteral("FilFil.State")), 0);
        daemon.answer(QStringLiteral("FilFil.Version"), FakeDaemon::page().value(QStringLiteral("FilFil.Version")));
        QTRY_COMPARE_WITH_TIMEOUT(app->session()->state(), Session::Online, patience);
    }

    void aGapInTheEventsIsMendedFromTheState() {
        FakeDaemon daemon;
        const auto app = make();
        app->session()->connectToAddress(daemon.place());
        QTRY_COMPARE_WITH_TIMEOUT(app->session()->state(), Session::Online, patience);
        QSignalSpy resynced(app->session(), &Session::resynced);
        QSignalSpy told(app->session(), &Session::told);
        daemon.publish(QStringLiteral("deal"), deal(70, QStringLiteral("sealing")));
        QTRY_COMPARE_WITH_TIMEOUT(told.count(), 1, patience);
        QCOMPARE(resynced.count(), 0);
        const int states = daemon.calls(QStringLiteral("FilFil.State"));
        daemon.loseEvent();
        daemon.publish(QStringLiteral("deal"), deal(71, QStringLiteral("sealing")));
        QTRY_COMPARE_WITH_TIMEOUT(resynced.count(), 1, patience);
        QCOMPARE(daemon.calls(QStringLiteral("FilFil.State")), states + 1);
        // What comes behind is told in order again.
        daemon.publish(QStringLiteral("deal"), deal(72, QStringLiteral("sealing")));
        QTRY_VERIFY_WITH_TIMEOUT(app->deals()->model()->contains(QStringLiteral("72")), patience);
        QCOMPARE(resynced.count(), 1);
    }

    void anEventThatCameTwiceIsToldOnce() {
        FakeDaemon daemon;
        const auto app = make();
        app->session()->connectToAddress(daemon.place());
        QTRY_COMPARE_WITH_TIMEOUT(app->session()->state(), Session::Online, patience);
        QSignalSpy told(app->session(), &Session::told);
        daemon.publish(QStringLiteral("deal"), deal(80, QStringLiteral("sealing")));
        QTRY_COMPARE_WITH_TIMEOUT(told.count(), 1, patience);
        const QString again = QStringLiteral(
                                  "{\"jsonrpc\":\"2.0\",\"method\":\"FilFil.Event\",\"params\":{\"seq\":%1,\"type\":"
                                  "\"deal\",\"time\":1,\"data\":{}}}")
                                  .arg(app->session()->lastSequence());
        daemon.sendRaw(again);
        daemon.publish(QStringLiteral("deal"), deal(81, QStringLiteral("sealing")));
        QTRY_VERIFY_WITH_TIMEOUT(app->deals()->model()->contains(QStringLiteral("81")), patience);
        QCOMPARE(told.count(), 2);
    }

    void aLostDaemonComesBackAndNothingLosesItsPlace() {
        FakeDaemon daemon;
        const auto app = make();
        app->session()->connectToAddress(daemon.place());
        QTRY_VERIFY_WITH_TIMEOUT(
            app->deals()->loaded() && app->snapshots()->loaded() && app->slotStore()->model()->count() > 0, patience);
        const QPersistentModelIndex dealRow = app->deals()->model()->index(0, 0);
        const QPersistentModelIndex slotRow = app->slotStore()->model()->index(0, 0);
        QSignalSpy resets(app->deals()->model(), &QAbstractItemModel::modelReset);
        QSignalSpy removed(app->deals()->model(), &QAbstractItemModel::rowsRemoved);
        QSignalSpy offline(app->session(), &Session::wentOffline);
        daemon.kill();
        QTRY_COMPARE_WITH_TIMEOUT(app->session()->state(), Session::Lost, patience);
        QCOMPARE(offline.count(), 1);
        QVERIFY(app->deals()->stale());
        QVERIFY(app->deals()->model()->count() > 0);
        QVERIFY(app->session()->retryIn() >= 0);
        daemon.startAgain();
        QTRY_COMPARE_WITH_TIMEOUT(app->session()->state(), Session::Online, patience);
        QTRY_VERIFY_WITH_TIMEOUT(!app->deals()->loading() && !app->slotStore()->loading(), patience);
        QVERIFY(!app->deals()->stale());
        QVERIFY(dealRow.isValid());
        QVERIFY(slotRow.isValid());
        QCOMPARE(resets.count(), 0);
        QCOMPARE(removed.count(), 0);
    }

    void whatCameWhileItWasAwayIsToldAfterwards() {
        FakeDaemon daemon;
        const auto app = make();
        app->session()->connectToAddress(daemon.place());
        QTRY_COMPARE_WITH_TIMEOUT(app->session()->state(), Session::Online, patience);
        daemon.publish(QStringLiteral("deal"), deal(90, QStringLiteral("sealing")));
        QTRY_VERIFY_WITH_TIMEOUT(app->deals()->model()->contains(QStringLiteral("90")), patience);
        const qint64 last = app->session()->lastSequence();
        app->session()->disconnect();
        QTRY_COMPARE_WITH_TIMEOUT(daemon.connections(), 0, patience);
        daemon.publish(QStringLiteral("slot_policy"), {{QStringLiteral("miner"), QStringLiteral("f01000")},
                                                       {QStringLiteral("policy"), QStringLiteral("skip")}});
        QSignalSpy resynced(app->session(), &Session::resynced);
        app->session()->connectToAddress(daemon.place());
        QTRY_COMPARE_WITH_TIMEOUT(app->session()->state(), Session::Online, patience);
        QCOMPARE(daemon.lastParams(QStringLiteral("FilFil.Subscribe")).value(QLatin1String("after_seq")).toInteger(),
                 last);
        QTRY_COMPARE_WITH_TIMEOUT(app->session()->lastSequence(), last + 1, patience);
        QCOMPARE(resynced.count(), 0);
    }

    void anotherDaemonLeavesNothingOfTheOneBefore() {
        FakeDaemon first;
        FakeDaemon second;
        second.answer(QStringLiteral("FilFil.Deals"), QJsonObject{{QStringLiteral("deals"), QJsonArray()}});
        second.refuse(QStringLiteral("FilFil.Windows"), QStringLiteral("unsupported"),
                      QStringLiteral("no contract is set"), QStringLiteral("set incentive.contract"));
        const auto app = make();
        app->session()->connectToAddress(first.place());
        QTRY_VERIFY_WITH_TIMEOUT(app->deals()->loaded() && app->deals()->model()->count() == 1, patience);
        app->session()->connectToAddress(second.place());
        QCOMPARE(app->deals()->model()->count(), 0);
        QVERIFY(!app->deals()->loaded());
        QTRY_VERIFY_WITH_TIMEOUT(app->deals()->loaded(), patience);
        QCOMPARE(app->deals()->model()->count(), 0);
        QTRY_VERIFY_WITH_TIMEOUT(!app->slotStore()->supported(), patience);
        QCOMPARE(app->slotStore()->error(), QStringLiteral("no contract is set"));
        QCOMPARE(app->slotStore()->remedy(), QStringLiteral("set incentive.contract"));
    }

    void aClockThatIsWrongIsToldAndReckonedWith() {
        FakeDaemon daemon;
        daemon.clockAhead = 7200;
        const auto app = make();
        app->session()->connectToAddress(daemon.place());
        QTRY_COMPARE_WITH_TIMEOUT(app->session()->state(), Session::Online, patience);
        QVERIFY(std::abs(app->session()->clockSkew() - 7200) < 60);
        QTRY_VERIFY_WITH_TIMEOUT(app->alerts()->model()->contains(QStringLiteral("desktop_clock_skew")), patience);
        QVERIFY(app->alerts()
                    ->model()
                    ->record(QStringLiteral("desktop_clock_skew"))
                    .value(QLatin1String("message"))
                    .toString()
                    .contains(QLatin1String("ahead")));
        QVERIFY(std::abs(app->format()->now() - static_cast<double>(QDateTime::currentSecsSinceEpoch()) - 7200) < 60);
        QTRY_VERIFY_WITH_TIMEOUT(app->alerts()->loaded(), patience);
        QVERIFY(app->alerts()->model()->contains(QStringLiteral("desktop_clock_skew")));
    }

    void aTokenThatOnlyLooksIsNoticed() {
        FakeDaemon daemon;
        daemon.refuse(QStringLiteral("FilFil.Checkpoint"), QStringLiteral("denied"),
                      QStringLiteral("the token may only look"), QStringLiteral("use token.admin"), -32001);
        const auto app = make();
        app->session()->connectToAddress(daemon.place());
        QTRY_COMPARE_WITH_TIMEOUT(app->session()->state(), Session::Online, patience);
        QSignalSpy failed(app.get(), &App::failed);
        app->status()->checkpoint();
        QTRY_COMPARE_WITH_TIMEOUT(failed.count(), 1, patience);
        QCOMPARE(failed[0][0].toString(), QStringLiteral("the token may only look"));
        QVERIFY(app->session()->readOnly());
    }

    void aConnectionThatGoesWithItsThreadSaysNothing() {
        QWebSocketServer server(QStringLiteral("fake"), QWebSocketServer::NonSecureMode);
        QVERIFY(server.listen(QHostAddress::LocalHost));
        auto wire = std::make_unique<RpcWire>();
        QSignalSpy opened(wire.get(), &RpcWire::opened);
        QSignalSpy ended(wire.get(), &RpcWire::ended);
        wire->open(1, {server.serverUrl(), QStringLiteral("t"), {}});
        QTRY_COMPARE_WITH_TIMEOUT(opened.count(), 1, patience);
        wire.reset();
        QCOMPARE(ended.count(), 0);
    }

    void anAddressIsTriedWithoutLeavingTheOneInUse() {
        FakeDaemon daemon;
        FakeDaemon other;
        const auto app = make();
        app->session()->connectToAddress(daemon.place());
        QTRY_COMPARE_WITH_TIMEOUT(app->session()->state(), Session::Online, patience);
        QSignalSpy tested(app->session(), &Session::tested);
        app->session()->test(other.place());
        QTRY_COMPARE_WITH_TIMEOUT(tested.count(), 1, patience);
        QVERIFY(tested[0][0].toBool());
        other.kill();
        app->session()->test(other.place());
        QTRY_COMPARE_WITH_TIMEOUT(tested.count(), 2, patience);
        QVERIFY(!tested[1][0].toBool());
        QCOMPARE(app->session()->state(), Session::Online);
    }
};

std::unique_ptr<QObject> sessionTest() { return std::make_unique<SessionTest>(); }

}    // namespace filfil::gui::test

#include "session_test.moc"
