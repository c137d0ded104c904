// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "gui/model/app.hpp"
#include "tests.hpp"

#include <QAbstractItemModelTester>
#include <QJsonArray>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

namespace filfil::gui::test {
namespace {

constexpr int patience = 120'000;

}    // namespace

/// The stores over the real daemon and a devnet, which the starter starts as the wizard does.
class LiveTest : public QObject {
    Q_OBJECT

public:
    explicit LiveTest(QString program) : m_program(std::move(program)) {}

private:
    QString m_program;
    QTemporaryDir m_folder;
    std::unique_ptr<App> m_app;

private slots:
    void initTestCase() {
        m_app = std::make_unique<App>(
            App::Options{m_folder.filePath(QStringLiteral("desktop.ini")), m_folder.path(), QStringLiteral("test")});
        m_app->session()->setBackoff(50, 500);
        m_app->starter()->setProgram(m_program);
        for (QAbstractItemModel* model : m_app->findChildren<QAbstractItemModel*>())
            new QAbstractItemModelTester(model, QAbstractItemModelTester::FailureReportingMode::QtTest, model);
        m_app->starter()->startDevnet({{QStringLiteral("folder"), m_folder.filePath(QStringLiteral("demo"))},
                                       {QStringLiteral("state"), QStringLiteral("1MiB")},
                                       {QStringLiteral("tipset"), QStringLiteral("16KiB")},
                                       {QStringLiteral("period"), QStringLiteral("1s")}});
        QTRY_VERIFY_WITH_TIMEOUT(
            m_app->starter()->state() == DaemonStarter::Running || m_app->starter()->state() == DaemonStarter::Failed,
            patience);
        QVERIFY2(m_app->starter()->state() == DaemonStarter::Running,
                 qPrintable(QString(m_app->starter()->sentence() + m_app->starter()->output())));
        QTRY_COMPARE_WITH_TIMEOUT(m_app->session()->state(), Session::Online, patience);
        QCOMPARE(m_app->preferences()->daemons().size(), 1);
    }

    void everyStoreShowsTheDaemonsState() {
        QTRY_COMPARE_WITH_TIMEOUT(m_app->status()->state(), QStringLiteral("synced"), patience);
        m_app->refresh();
        for (Store* store : m_app->findChildren<Store*>()) QTRY_VERIFY_WITH_TIMEOUT(!store->loading(), patience);
        for (Store* store : m_app->findChildren<Store*>())
            QVERIFY2(store->loaded() && store->supported(),
                     qPrintable(QString::fromLatin1(store->metaObject()->className()) + u' ' + store->error()));
        // The devnet plays the contract, with a provider of one's own and a past.
        QTRY_VERIFY_WITH_TIMEOUT(m_app->slotStore()->model()->count() > 0, patience);
        QVERIFY(m_app->slotStore()->providers()->count() > 0);
        QVERIFY(m_app->slotStore()->reputation()->count() > 0);
        // The devnet's genesis is nobody's: when epochs are is learned from its heads.
        QTRY_VERIFY_WITH_TIMEOUT(!m_app->slotStore()->next().isEmpty(), patience);
        QVERIFY(!m_app->slotStore()->nextText().isEmpty());
        QVERIFY(!m_app->slotStore()->contract().isEmpty());
        QVERIFY(m_app->payouts()->providers()->count() > 0);
        QVERIFY(!m_app->payouts()->wallet().isEmpty());
        QTRY_VERIFY_WITH_TIMEOUT(m_app->slotStore()->events()->count() > 0, patience);
        QVERIFY(m_app->status()->headEpoch() > 0);
        QVERIFY(m_app->status()->rss() > 0);
        QCOMPARE(m_app->session()->network(), QStringLiteral("devnet"));
        QVERIFY(!m_app->devices()->selected().isEmpty());
        QVERIFY(m_app->settings()->model()->count() > 20);
        QVERIFY(m_app->settings()->groups().contains(QStringLiteral("log")));
        QVERIFY(std::abs(m_app->session()->clockSkew()) < 10);
    }

    void theHeadMoves() {
        const double before = m_app->status()->headEpoch();
        QTRY_VERIFY_WITH_TIMEOUT(m_app->status()->headEpoch() >= before + 3, patience);
    }

    void aSnapshotIsTakenAndItsFileVerified() {
        QSignalSpy done(m_app.get(), &App::done);
        QSignalSpy failed(m_app.get(), &App::failed);
        const int before = m_app->snapshots()->model()->count();
        m_app->snapshots()->take({});
        QTRY_VERIFY2_WITH_TIMEOUT(done.count() == 1 || failed.count() == 1, "no word of the snapshot", patience);
        QVERIFY2(failed.isEmpty(), qPrintable(failed.isEmpty() ? QString() : failed[0][0].toString()));
        QTRY_VERIFY_WITH_TIMEOUT(m_app->snapshots()->model()->count() > before, patience);
        const QJsonObject snapshot = m_app->snapshots()->model()->recordAt(m_app->snapshots()->model()->count() - 1);
        QCOMPARE(snapshot.value(QLatin1String("state")).toString(), QStringLiteral("file"));
        m_app->snapshots()->verify(snapshot.value(QLatin1String("id")).toDouble());
        QTRY_VERIFY2_WITH_TIMEOUT(done.count() == 2 || failed.count() == 1, "no word of the verification", patience);
        QVERIFY2(failed.isEmpty(), qPrintable(failed.isEmpty() ? QString() : failed[0][0].toString()));
        // The desktop's own verifier comes to the same.
        m_app->verifier()->setExpected(snapshot.value(QLatin1String("piece_cid")).toString());
        QSignalSpy finished(m_app->verifier(), &Verifier::finished);
        m_app->verifier()->startPath(snapshot.value(QLatin1String("path")).toString());
        QTRY_COMPARE_WITH_TIMEOUT(finished.count(), 1, patience);
        QVERIFY2(m_app->verifier()->result().value(QLatin1String("match")).toBool(),
                 qPrintable(m_app->verifier()->error()));
    }

    void theLogComes() {
        m_app->log()->setActive(true);
        QTRY_VERIFY_WITH_TIMEOUT(m_app->log()->lines()->total() > 0, patience);
        QVERIFY(!m_app->log()->modules().isEmpty());
    }

    void aSettingIsSetAndRefused() {
        QSignalSpy accepted(m_app->settings(), &DaemonSettings::accepted);
        QSignalSpy rejected(m_app->settings(), &DaemonSettings::rejected);
        m_app->settings()->set(QStringLiteral("log.level"), QStringLiteral("debug"));
        QTRY_COMPARE_WITH_TIMEOUT(accepted.count(), 1, patience);
        QTRY_COMPARE_WITH_TIMEOUT(m_app->settings()->value(QStringLiteral("log.level")), QStringLiteral("debug"),
                                  patience);
        m_app->settings()->set(QStringLiteral("log.level"), QStringLiteral("loud"));
        QTRY_COMPARE_WITH_TIMEOUT(rejected.count(), 1, patience);
        QVERIFY(!rejected[0][1].toString().isEmpty());
    }

    void benchmarksAreMeasured() {
        m_app->devices()->benchmark();
        QTRY_VERIFY_WITH_TIMEOUT(!m_app->devices()->benchmarking(), patience);
        QVERIFY(m_app->devices()->history()->count() > 0);
    }

    void aWrongTokenIsRefusedByTheRealDaemon() {
        QSignalSpy tested(m_app->session(), &Session::tested);
        m_app->session()->test(
            {{QStringLiteral("url"), m_app->session()->url()}, {QStringLiteral("token"), QStringLiteral("wrong")}});
        QTRY_COMPARE_WITH_TIMEOUT(tested.count(), 1, patience);
        QVERIFY(!tested[0][0].toBool());
        QVERIFY2(tested[0][1].toString().contains(QLatin1String("token")), qPrintable(tested[0][1].toString()));
    }

    void theDaemonGoesAndIsMissed() {
        const int snapshots = m_app->snapshots()->model()->count();
        QSignalSpy told(m_app.get(), &App::notify);
        // As the real programs are called.
        QVERIFY(!DaemonStarter::isEndedDemo(m_app->starter()->folder()));
        m_app->starter()->stop();
        QTRY_COMPARE_WITH_TIMEOUT(m_app->session()->state(), Session::Lost, patience);
        QCOMPARE(m_app->snapshots()->model()->count(), snapshots);
        QVERIFY(m_app->snapshots()->stale());
        QVERIFY(!told.isEmpty());
        QCOMPARE(told.last()[0].toString(), QStringLiteral("daemonLost"));
        QTRY_COMPARE_WITH_TIMEOUT(m_app->starter()->state(), DaemonStarter::Stopped, patience);
        QVERIFY(DaemonStarter::isEndedDemo(m_app->starter()->folder()));
    }

    void cleanupTestCase() { m_app.reset(); }
};

std::unique_ptr<QObject> liveTest(const QString& program) { return std::make_unique<LiveTest>(program); }

}    // namespace filfil::gui::test

#include "live_test.moc"
