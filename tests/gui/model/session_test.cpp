// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "fake_daemon.hpp"
#include "gui/model/app.hpp"
#include "gui/model/rpc_wire.hpp"
#include "tests.hpp"

#include <QFile>
#include <QSignalSpy>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>
#include <QWebSocketServer>

#include <algorithm>
#include <csignal>

#include <sys/types.h>

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

    /// A program that takes the words of fil-fil's `devnet` and `daemon`, and goes on until it is ended.
    QString makeProgram() {
        QFile file(m_folder.filePath(QStringLiteral("fil-fil")));
        if (!file.open(QIODevice::WriteOnly)) qFatal("no program can be made");
        file.write(
            "#!/bin/sh\n"
            "trap 'exit 0' TERM\n"
            "echo '{\"url\":\"ws://127.0.0.1:1\",\"api\":\"ws://127.0.0.1:1\"}'\n"
            "[ \"$1\" = devnet ] && mkdir -p \"$7\"\n"
            "while :; do sleep 0.1; done\n");
        file.close();
        file.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
        return file.fileName();
    }

    /// The processes that have these words in their command line.
    static QList<pid_t> running(const QStringList& words) {
        QList<pid_t> out;
        for (const QString& name : QDir(QStringLiteral("/proc")).entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
            QFile file(QStringLiteral("/proc/%1/cmdline").arg(name));
            if (name.toInt() <= 0 || !file.open(QIODevice::ReadOnly)) continue;
            const QStringList all = QString::fromUtf8(file.readAll()).split(QChar(0));
            if (std::all_of(words.begin(), words.end(), [&](const QString& one) { return all.contains(one); }))
                out << name.toInt();
        }
        return out;
    }

private slots:
    void cleanup() {
        for (const pid_t pid : running({m_folder.filePath(QStringLiteral("fil-fil"))})) ::kill(pid, SIGKILL);
    }

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

    void aTokenGoesNowhereWithoutTls_data() {
        QTest::addColumn<QString>("url");
        QTest::addColumn<QString>("called");
        QTest::newRow("an address elsewhere")
            << QStringLiteral("192.0.2.7:5346") << QStringLiteral("wss://192.0.2.7:5346/rpc/v1");
        QTest::newRow("a name") << QStringLiteral("sp.invalid:5346") << QStringLiteral("wss://sp.invalid:5346/rpc/v1");
        QTest::newRow("over TLS") << QStringLiteral("wss://sp.invalid:1")
                                  << QStringLiteral("wss://sp.invalid:1/rpc/v1");
        QTest::newRow("this machine") << QStringLiteral("127.0.0.1:1") << QStringLiteral("ws://127.0.0.1:1/rpc/v1");
        QTest::newRow("this machine's name")
            << QStringLiteral("localhost:1") << QStringLiteral("ws://localhost:1/rpc/v1");
        QTest::newRow("of six") << QStringLiteral("[::1]:1") << QStringLiteral("ws://[::1]:1/rpc/v1");
        QTest::newRow("a tunnel") << QStringLiteral("ws://127.0.0.2:1") << QStringLiteral("ws://127.0.0.2:1/rpc/v1");
        for (const char* refused : {"ws://192.0.2.7:1", "ws://127.evil.invalid:1", "ws://localhost.evil.invalid",
                                    "ws://sp.invalid:1/rpc/v1", "http://sp.invalid:1", "http://127.0.0.1:1"})
            QTest::newRow(refused) << QString::fromLatin1(refused) << QString();
    }

    void aTokenGoesNowhereWithoutTls() {
        QFETCH(QString, url);
        QFETCH(QString, called);
        const auto app = make();
        app->session()->connectToAddress(
            {{QStringLiteral("url"), url}, {QStringLiteral("token"), QStringLiteral("secret")}});
        if (called.isEmpty()) {
            QCOMPARE(app->session()->state(), Session::Lost);
            QVERIFY(!app->session()->sentence().isEmpty());
            QVERIFY(!app->session()->remedy().isEmpty());
        } else {
            QCOMPARE(app->session()->state(), Session::Connecting);
            QCOMPARE(app->session()->url(), called);
        }
        QCOMPARE(Session::addressProblem(url).isEmpty(), !called.isEmpty());
        QSignalSpy tested(app->session(), &Session::tested);
        app->session()->test({{QStringLiteral("url"), url}, {QStringLiteral("token"), QStringLiteral("secret")}});
        QCOMPARE(tested.count(), called.isEmpty() ? 1 : 0);
    }

    void theListIsFollowed() {
        FakeDaemon first;
        FakeDaemon second;
        const auto app = make();
        app->preferences()->reset();
        const auto named = [](QVariantMap place, const QString& name) {
            place.insert(QStringLiteral("name"), name);
            return place;
        };
        app->preferences()->addDaemon(named(first.place(), QStringLiteral("A")));
        app->preferences()->addDaemon(named(second.place(), QStringLiteral("B")));
        app->session()->connectTo(1);
        QTRY_VERIFY_WITH_TIMEOUT(app->session()->online() && app->deals()->loaded(), patience);
        QSignalSpy changed(app->session(), &Session::changed);
        app->preferences()->removeDaemon(0);
        QCOMPARE(app->session()->current(), 0);
        QCOMPARE(changed.count(), 1);
        QVERIFY(app->session()->online());
        // Another name is no other daemon.
        app->preferences()->updateDaemon(0, named(second.place(), QStringLiteral("C")));
        QCOMPARE(app->session()->current(), 0);
        QVERIFY(app->session()->online());
        // Another address is of use from the next connection on, whatever becomes of the rest of the list until then.
        app->preferences()->updateDaemon(0, {{QStringLiteral("name"), QStringLiteral("C")},
                                             {QStringLiteral("url"), QStringLiteral("wss://c.example:5346")}});
        app->preferences()->addDaemon(named(first.place(), QStringLiteral("A")));
        QVERIFY(app->session()->online());
        app->preferences()->updateDaemon(0, named(second.place(), QStringLiteral("C")));

        app->preferences()->addDaemon(named(first.place(), QStringLiteral("A")));
        app->preferences()->removeDaemon(0);
        QCOMPARE(app->session()->current(), -1);
        QCOMPARE(app->session()->state(), Session::Offline);
        QVERIFY(!app->deals()->loaded());
        QTRY_COMPARE_WITH_TIMEOUT(second.connections(), 0, patience);

        app->session()->connectTo(0);
        QTRY_VERIFY_WITH_TIMEOUT(app->session()->online(), patience);
        app->preferences()->reset();
        QCOMPARE(app->session()->current(), -1);
        QCOMPARE(app->session()->state(), Session::Offline);
        QTRY_COMPARE_WITH_TIMEOUT(first.connections(), 0, patience);

        // One that was in no list stays.
        app->session()->connectToAddress(first.place());
        QTRY_VERIFY_WITH_TIMEOUT(app->session()->online(), patience);
        const int place = app->preferences()->addDaemon(second.place());
        app->preferences()->removeDaemon(place);
        QVERIFY(app->session()->online());
    }

    void aDemoMakesRoomForADaemonAndEndsWithTheWindow() {
        const QString program = makeProgram();
        qputenv("XDG_DATA_HOME", m_folder.filePath(QStringLiteral("share")).toUtf8());
        const QString demo = m_folder.filePath(QStringLiteral("demo"));
        const QString inDemo = demo + QStringLiteral("/data");
        const QString real = m_folder.filePath(QStringLiteral("real"));
        {
            DaemonStarter starter;
            starter.setProgram(program);
            starter.startDevnet({{QStringLiteral("folder"), demo}});
            QTRY_COMPARE_WITH_TIMEOUT(starter.state(), DaemonStarter::Running, patience);
            QVERIFY(starter.demo());
            QCOMPARE(running({inDemo}).size(), 2);
            starter.startDaemon({{QStringLiteral("folder"), real}});
            QVERIFY(starter.state() == DaemonStarter::Starting && !starter.sentence().isEmpty());
            QTRY_COMPARE_WITH_TIMEOUT(starter.state(), DaemonStarter::Running, patience);
            QCOMPARE(running({inDemo}).size(), 0);
            QCOMPARE(starter.folder(), real);
            QVERIFY(!starter.demo());

            QSignalSpy failed(&starter, &DaemonStarter::failed);
            starter.startDaemon({{QStringLiteral("folder"), real}});
            QCOMPARE(failed.count(), 1);
            QVERIFY(!failed[0][0].toString().isEmpty() && !failed[0][1].toString().isEmpty());
            QCOMPARE(running({QStringLiteral("daemon"), real}).size(), 1);

            // What the operator started is no demo's to end.
            starter.startDevnet({{QStringLiteral("folder"), demo}});
            QTRY_VERIFY_WITH_TIMEOUT(starter.state() == DaemonStarter::Running && starter.demo(), patience);
            QCOMPARE(running({QStringLiteral("daemon"), real}).size(), 1);
        }
        QTRY_COMPARE_WITH_TIMEOUT(running({inDemo}).size(), 0, patience);
        QCOMPARE(running({QStringLiteral("daemon"), real}).size(), 1);
        {
            DaemonStarter starter;
            starter.setProgram(program);
            starter.startDaemon({{QStringLiteral("folder"), m_folder.filePath(QStringLiteral("other"))}});
            QTRY_COMPARE_WITH_TIMEOUT(starter.state(), DaemonStarter::Running, patience);
        }
        const QStringList started = {QStringLiteral("daemon"), m_folder.filePath(QStringLiteral("other"))};
        QCOMPARE(running(started).size(), 1);
    }

    void aDemoThatWasLeftIsEndedBeforeItsFolderIsEmptied() {
        const QString program = makeProgram();
        const QString demo = m_folder.filePath(QStringLiteral("left"));
        const QString data = demo + QStringLiteral("/data");
        // As a window that crashed leaves it.
        QDir().mkpath(data);
        for (const QString& mark : {QStringLiteral("made-for-a-look"), QStringLiteral("data/journal")}) {
            QFile file(QDir(demo).filePath(mark));
            QVERIFY(file.open(QIODevice::WriteOnly));
        }
        QProcess devnet;
        devnet.start(program, {QStringLiteral("devnet"), QStringLiteral("--json"), QStringLiteral("--port"),
                               QStringLiteral("0"), QStringLiteral("--contract"), QStringLiteral("--daemon"), data});
        QProcess daemon;
        daemon.start(program, {QStringLiteral("daemon"), QStringLiteral("--json"), QStringLiteral("--data"), data,
                               QStringLiteral("--api"), QStringLiteral("127.0.0.1:0")});
        // Somebody's own, which names the same folder.
        QProcess other;
        other.start(program, {QStringLiteral("windows"), QStringLiteral("--data"), data});
        QVERIFY(devnet.waitForReadyRead(patience) && daemon.waitForReadyRead(patience) &&
                other.waitForReadyRead(patience));

        DaemonStarter starter;
        starter.setProgram(program);
        starter.startDevnet({{QStringLiteral("folder"), demo}});
        QCOMPARE(starter.state(), DaemonStarter::Starting);
        QVERIFY(QFile::exists(data + QStringLiteral("/journal")));
        QTRY_COMPARE_WITH_TIMEOUT(starter.state(), DaemonStarter::Running, patience);
        QVERIFY(!QFile::exists(data + QStringLiteral("/journal")));
        QTRY_COMPARE_WITH_TIMEOUT(devnet.state(), QProcess::NotRunning, patience);
        QTRY_COMPARE_WITH_TIMEOUT(daemon.state(), QProcess::NotRunning, patience);
        QCOMPARE(other.state(), QProcess::Running);
        QCOMPARE(running({QStringLiteral("devnet"), data}).size(), 1);
        QCOMPARE(running({QStringLiteral("daemon"), data}).size(), 1);
        QVERIFY(!DaemonStarter::isEndedDemo(data));
        other.terminate();
        QVERIFY(other.waitForFinished(patience));
        starter.stop();
        QTRY_COMPARE_WITH_TIMEOUT(starter.state(), DaemonStarter::Stopped, patience);
        QVERIFY(DaemonStarter::isEndedDemo(data));
    }

    void aDemoThatHasEndedIsNotComeBackTo() {
        FakeDaemon daemon;
        const auto app = make();
        const QString demo = m_folder.filePath(QStringLiteral("ended"));
        QVERIFY(QDir().mkpath(demo + QStringLiteral("/data")));
        QFile mark(demo + QStringLiteral("/made-for-a-look"));
        QVERIFY(mark.open(QIODevice::WriteOnly));
        app->preferences()->addDaemon(daemon.place());
        app->preferences()->setDaemon(
            app->preferences()->addDaemon({{QStringLiteral("name"), QStringLiteral("Show me")},
                                           {QStringLiteral("folder"), QString(demo + QStringLiteral("/data"))}}));
        app->begin();
        QCOMPARE(app->preferences()->daemons().size(), 1);
        QTRY_COMPARE_WITH_TIMEOUT(app->session()->state(), Session::Online, patience);
        QCOMPARE(app->session()->name(), QStringLiteral("fake"));
    }
};

std::unique_ptr<QObject> sessionTest() { return std::make_unique<SessionTest>(); }

}    // namespace filfil::gui::test

#include "session_test.moc"
