// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "fake_daemon.hpp"
#include "gui/model/app.hpp"
#include "gui/model/record_proxy.hpp"
#include "tests.hpp"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

namespace filfil::gui::test {
namespace {

constexpr int patience = 20'000;

QJsonObject job(int id, const QString& kind, const QString& state, const QJsonObject& result = {}) {
    QJsonObject out = FakeDaemon::page().value(QStringLiteral("FilFil.Job"));
    out.insert(QStringLiteral("id"), id);
    out.insert(QStringLiteral("kind"), kind);
    out.insert(QStringLiteral("state"), state);
    if (state == QLatin1String("done")) out.insert(QStringLiteral("result"), result);
    if (state == QLatin1String("failed"))
        out.insert(QStringLiteral("error"), QJsonObject{{QStringLiteral("code"), QStringLiteral("io")},
                                                        {QStringLiteral("message"), QStringLiteral("the disk is full")},
                                                        {QStringLiteral("remedy"), QStringLiteral("make room")}});
    return out;
}

}    // namespace

/// Each store over a daemon that says what docs/api.md says.
class StoresTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    std::unique_ptr<FakeDaemon> m_daemon;
    std::unique_ptr<App> m_app;

    /// An app with testers on every model there is, all of it loaded.
    void start() {
        m_app = std::make_unique<App>(
            App::Options{m_folder.filePath(QStringLiteral("desktop.ini")), m_folder.path(), QStringLiteral("test")});
        m_app->session()->setBackoff(20, 100);
        for (QAbstractItemModel* model : m_app->findChildren<QAbstractItemModel*>())
            new QAbstractItemModelTester(model, QAbstractItemModelTester::FailureReportingMode::QtTest, model);
        m_app->session()->connectToAddress(m_daemon->place());
        for (Store* store : m_app->findChildren<Store*>())
            QTRY_VERIFY2_WITH_TIMEOUT(
                store->loaded(),
                qPrintable(QString::fromLatin1(store->metaObject()->className()) + u' ' + store->error()), patience);
    }

    /// Job 4 is a snapshot that is being taken.
    void takeOneThatGoesOn() {
        m_daemon->answer(QStringLiteral("FilFil.Job"), job(4, QStringLiteral("snapshot"), QStringLiteral("running")));
        m_app->snapshots()->take({});
        QTRY_COMPARE_WITH_TIMEOUT(m_app->jobs()->running(), 1, patience);
    }

private slots:
    void init() { m_daemon = std::make_unique<FakeDaemon>(); }
    void cleanup() {
        m_app.reset();
        m_daemon.reset();
    }

    void everyMethodThatIsAskedIsOnThePage() {
        start();
        for (const auto method :
             {"FilFil.Status", "FilFil.State", "FilFil.Snapshots", "FilFil.Holds", "FilFil.Schedules", "FilFil.Deals",
              "FilFil.NextWindow", "FilFil.Windows", "FilFil.Slots", "FilFil.Contract", "FilFil.Reputation",
              "FilFil.Operator", "FilFil.ContractEvents", "FilFil.Payouts", "FilFil.Transactions", "FilFil.Devices",
              "FilFil.Jobs", "FilFil.Config", "FilFil.Log"}) {
            QVERIFY2(FakeDaemon::page().contains(QLatin1String(method)), method);
            QVERIFY2(m_daemon->calls(QLatin1String(method)) > 0, method);
        }
    }

    void theStatusIsThatOfTheDaemon() {
        start();
        StatusStore* status = m_app->status();
        QCOMPARE(status->state(), QStringLiteral("synced"));
        QCOMPARE(status->headEpoch(), 5001.0);
        QCOMPARE(status->finalizedEpoch(), 4996.0);
        QCOMPARE(status->finalityLag(), 5.0);
        QCOMPARE(status->memoryLimit(), 8589934592.0);
        QVERIFY(!status->rssHistory().isEmpty());
        m_daemon->publish(
            QStringLiteral("head"),
            {{QStringLiteral("synced_epoch"), 5002},
             {QStringLiteral("head_epoch"), 5003},
             {QStringLiteral("lag"), 1},
             {QStringLiteral("changes"), QJsonArray{QJsonObject{{QStringLiteral("type"), QStringLiteral("revert")}}}}});
        QTRY_COMPARE_WITH_TIMEOUT(status->headEpoch(), 5003.0, patience);
        QCOMPARE(status->lag(), 1.0);
        QVERIFY(status->model()->count() > 0);
    }

    void snapshotsHoldsAndSchedulesFollowTheirEvents() {
        start();
        SnapshotStore* snapshots = m_app->snapshots();
        QCOMPARE(snapshots->model()->count(), 1);
        QSignalSpy taken(snapshots, &SnapshotStore::taken);
        const QJsonObject whole = {
            {QStringLiteral("id"), 13},
            {QStringLiteral("epoch"), 5010},
            {QStringLiteral("car_bytes"), 81264640},
            {QStringLiteral("blocks"), 70211},
            {QStringLiteral("path"), QStringLiteral("/s/a.car")},
            {QStringLiteral("hold"), QJsonValue()},
            {QStringLiteral("emit_seconds"), 0.5},
            {QStringLiteral("layout_seconds"), 0.25},
            {QStringLiteral("pieces"), QJsonArray{QJsonObject{{QStringLiteral("path"), QJsonValue()},
                                                              {QStringLiteral("piece_cid"), QStringLiteral("baga")}}}}};
        m_daemon->publish(QStringLiteral("snapshot"), whole);
        QTRY_COMPARE_WITH_TIMEOUT(taken.count(), 1, patience);
        const QJsonObject row = snapshots->model()->record(QStringLiteral("13"));
        QCOMPARE(row.value(QLatin1String("state")).toString(), QStringLiteral("file"));
        QCOMPARE(row.value(QLatin1String("piece_cid")).toString(), QStringLiteral("baga"));
        QCOMPARE(row.value(QLatin1String("seconds")).toDouble(), 0.75);
        QCOMPARE(snapshots->difference(13, 12).value(QLatin1String("epochs")).toInt(), 10);
        m_daemon->publish(QStringLiteral("snapshot_forgotten"),
                          {{QStringLiteral("id"), 13}, {QStringLiteral("bytes_freed"), 5}});
        QTRY_VERIFY_WITH_TIMEOUT(!snapshots->model()->contains(QStringLiteral("13")), patience);
        QCOMPARE(snapshots->holds()->count(), 1);
        m_daemon->publish(QStringLiteral("hold_released"), {{QStringLiteral("number"), 3}});
        QTRY_COMPARE_WITH_TIMEOUT(snapshots->holds()->count(), 0, patience);
        QCOMPARE(snapshots->schedules()->count(), 1);
        m_daemon->publish(QStringLiteral("schedule_removed"),
                          {{QStringLiteral("id"), snapshots->schedules()->keyAt(0)}});
        QTRY_COMPARE_WITH_TIMEOUT(snapshots->schedules()->count(), 0, patience);
        snapshots->show(12);
        QTRY_COMPARE_WITH_TIMEOUT(snapshots->detail().value(QLatin1String("epoch")).toInt(), 5000, patience);
    }

    void takingASnapshotEndsInAWord() {
        start();
        QSignalSpy done(m_app.get(), &App::done);
        QSignalSpy failed(m_app.get(), &App::failed);
        m_daemon->answer(QStringLiteral("FilFil.Job"), job(4, QStringLiteral("snapshot"), QStringLiteral("running")));
        m_app->snapshots()->take({{QStringLiteral("epoch"), 5000},
                                  {QStringLiteral("target"), QStringLiteral("none")},
                                  {QStringLiteral("folder"), QString()}});
        QTRY_COMPARE_WITH_TIMEOUT(m_app->jobs()->running(), 1, patience);
        const QJsonObject asked = m_daemon->lastParams(QStringLiteral("FilFil.TakeSnapshot"));
        QCOMPARE(asked,
                 (QJsonObject{{QStringLiteral("epoch"), 5000}, {QStringLiteral("target"), QStringLiteral("none")}}));
        QCOMPARE(m_app->jobs()->snapshotJob().value(QLatin1String("id")).toInt(), 4);
        m_daemon->publish(QStringLiteral("job"),
                          job(4, QStringLiteral("snapshot"), QStringLiteral("done"),
                              {{QStringLiteral("epoch"), 5000}, {QStringLiteral("reused"), true}}));
        QTRY_COMPARE_WITH_TIMEOUT(done.count(), 1, patience);
        QVERIFY(done[0][0].toString().contains(QLatin1String("already")));
        QCOMPARE(m_app->jobs()->running(), 0);
        m_app->snapshots()->take({});
        QTRY_COMPARE_WITH_TIMEOUT(m_daemon->calls(QStringLiteral("FilFil.TakeSnapshot")), 2, patience);
        m_daemon->publish(QStringLiteral("job"), job(4, QStringLiteral("snapshot"), QStringLiteral("running")));
        m_daemon->answer(QStringLiteral("FilFil.Job"), job(4, QStringLiteral("snapshot"), QStringLiteral("failed")));
        m_daemon->publish(QStringLiteral("job"), job(4, QStringLiteral("snapshot"), QStringLiteral("failed")));
        QTRY_COMPARE_WITH_TIMEOUT(failed.count(), 1, patience);
        QCOMPARE(failed[0][0].toString(), QStringLiteral("the disk is full"));
        QCOMPARE(failed[0][1].toString(), QStringLiteral("make room"));
    }

    void aJobThatItsDaemonTookAlongIsToldAsLost() {
        start();
        QSignalSpy failed(m_app.get(), &App::failed);
        takeOneThatGoesOn();
        m_daemon->startAgain();
        QTRY_COMPARE_WITH_TIMEOUT(failed.count(), 1, patience);
        QVERIFY(failed[0][0].toString().contains(QLatin1String("started anew")));
    }

    void aJobOfTheSameNumberAfterAnotherStartIsAnotherJob() {
        start();
        QSignalSpy done(m_app.get(), &App::done);
        QSignalSpy failed(m_app.get(), &App::failed);
        takeOneThatGoesOn();
        const QJsonObject other = job(4, QStringLiteral("checkpoint"), QStringLiteral("done"), {});
        m_daemon->answer(QStringLiteral("FilFil.Job"), other);
        m_daemon->answer(QStringLiteral("FilFil.Jobs"), QJsonObject{{QStringLiteral("jobs"), QJsonArray{other}}});
        m_daemon->stateJobs = {other};
        m_daemon->startAgain();
        QTRY_COMPARE_WITH_TIMEOUT(failed.count(), 1, patience);
        QVERIFY(failed[0][0].toString().contains(QLatin1String("started anew")));
        QTRY_COMPARE_WITH_TIMEOUT(
            m_app->jobs()->model()->record(QStringLiteral("4")).value(QLatin1String("kind")).toString(),
            QStringLiteral("checkpoint"), patience);
        QCOMPARE(done.count(), 0);
    }

    void aJobIsFollowedOverALostConnection() {
        start();
        QSignalSpy done(m_app.get(), &App::done);
        QSignalSpy failed(m_app.get(), &App::failed);
        takeOneThatGoesOn();
        const QJsonObject ended =
            job(4, QStringLiteral("snapshot"), QStringLiteral("done"), {{QStringLiteral("epoch"), 5000}});
        m_daemon->answer(QStringLiteral("FilFil.Jobs"), QJsonObject{{QStringLiteral("jobs"), QJsonArray{ended}}});
        m_daemon->stateJobs = {ended};
        m_daemon->kill();
        QTRY_VERIFY_WITH_TIMEOUT(!m_app->session()->online(), patience);
        m_daemon->comeBack();
        QTRY_COMPARE_WITH_TIMEOUT(done.count(), 1, patience);
        QCOMPARE(failed.count(), 0);
    }

    void theChainIsToldOfOnlyWhenItIsAnother() {
        start();
        const auto lines = [&] {
            int count = 0;
            for (const QJsonObject& line : m_app->status()->model()->all())
                if (line.value(QLatin1String("kind")).toString() == QLatin1String("Chain")) ++count;
            return count;
        };
        const auto say = [&](const QString& state, int finalized) {
            QJsonObject status = FakeDaemon::page().value(QStringLiteral("FilFil.Status"));
            status.insert(QStringLiteral("state"), state);
            status.insert(QStringLiteral("finalized_epoch"), finalized);
            m_daemon->publish(QStringLiteral("status"), status);
        };
        // Each epoch that is final brings one.
        for (int epoch = 4997; epoch < 5000; ++epoch) say(QStringLiteral("synced"), epoch);
        QTRY_COMPARE_WITH_TIMEOUT(m_app->status()->finalizedEpoch(), 4999.0, patience);
        QCOMPARE(lines(), 1);
        say(QStringLiteral("node_lost"), 4999);
        say(QStringLiteral("node_lost"), 5000);
        say(QStringLiteral("synced"), 5001);
        QTRY_COMPARE_WITH_TIMEOUT(m_app->status()->finalizedEpoch(), 5001.0, patience);
        QCOMPARE(lines(), 3);
    }

    void whatACheckFoundIsOfTheSnapshotThatWasChecked() {
        start();
        SnapshotStore* snapshots = m_app->snapshots();
        QSignalSpy done(m_app.get(), &App::done);
        const auto ends = [&](const QString& kind, const QJsonObject& result) {
            m_daemon->answer(QStringLiteral("FilFil.Job"), job(33, kind, QStringLiteral("done"), result));
        };
        ends(QStringLiteral("compare_pieces"), {{QStringLiteral("same"), true}, {QStringLiteral("snapshot"), 7}});
        m_daemon->answer(QStringLiteral("FilFil.ComparePieces"), QJsonObject{{QStringLiteral("job"), 33}});
        snapshots->compare(5000, {});
        QTRY_COMPARE_WITH_TIMEOUT(done.count(), 1, patience);
        QCOMPARE(snapshots->checked().value(QLatin1String("id")).toInt(), 7);
        QCOMPARE(snapshots->checked().value(QLatin1String("sentence")).toString(), done[0][0].toString());
        ends(QStringLiteral("verify"),
             {{QStringLiteral("match"), true}, {QStringLiteral("path"), QStringLiteral("/s/a.car")}});
        m_daemon->answer(QStringLiteral("FilFil.VerifyFile"), QJsonObject{{QStringLiteral("job"), 33}});
        QJsonObject one = snapshots->model()->record(QStringLiteral("12"));
        one.insert(QStringLiteral("path"), QStringLiteral("/s/a.car"));
        snapshots->model()->upsert(one);
        snapshots->verify(12);
        QTRY_COMPARE_WITH_TIMEOUT(done.count(), 2, patience);
        QCOMPARE(snapshots->checked().value(QLatin1String("id")).toInt(), 12);
    }

    void whatFailedStandsUntilItIsPutAway() {
        start();
        QVERIFY(m_app->failure().isEmpty());
        m_daemon->refuse(QStringLiteral("FilFil.Store"), QStringLiteral("not_found"),
                         QStringLiteral("no window wants epoch 5000"), QStringLiteral("the next is 5880"));
        m_app->deals()->store(5000, QStringLiteral("f01000"));
        QTRY_COMPARE_WITH_TIMEOUT(m_app->failure(), QStringLiteral("no window wants epoch 5000"), patience);
        QCOMPARE(m_app->failureRemedy(), QStringLiteral("the next is 5880"));
        m_app->putFailureAway();
        QVERIFY(m_app->failure().isEmpty() && m_app->failureRemedy().isEmpty());
        m_app->deals()->store(5000, QStringLiteral("f01000"));
        QTRY_VERIFY_WITH_TIMEOUT(!m_app->failure().isEmpty(), patience);
        FakeDaemon another;
        m_app->session()->connectToAddress(another.place());
        QVERIFY(m_app->failure().isEmpty());
    }

    void dealsCountTheirStages() {
        start();
        DealStore* deals = m_app->deals();
        QCOMPARE(deals->model()->count(), 1);
        QCOMPARE(deals->openCount(), 1);
        QSignalSpy stages(deals, &DealStore::stageChanged);
        QJsonObject deal = deals->model()->record(QStringLiteral("7"));
        deal.insert(QStringLiteral("stage"), QStringLiteral("failed"));
        deal.insert(QStringLiteral("open"), false);
        deal.insert(QStringLiteral("error"), QJsonObject{{QStringLiteral("code"), QStringLiteral("io")},
                                                         {QStringLiteral("message"), QStringLiteral("gone")},
                                                         {QStringLiteral("remedy"), QStringLiteral("retry")}});
        deals->show(7);
        QTRY_VERIFY_WITH_TIMEOUT(deals->detail().contains(QLatin1String("steps")), patience);
        m_daemon->publish(QStringLiteral("deal"), deal);
        QTRY_COMPARE_WITH_TIMEOUT(stages.count(), 1, patience);
        QCOMPARE(stages[0][1].toString(), QStringLiteral("sealing"));
        QCOMPARE(deals->openCount(), 0);
        QCOMPARE(deals->failedCount(), 1);
        QCOMPARE(deals->model()->record(QStringLiteral("7")).value(QLatin1String("problem")).toString(),
                 QStringLiteral("gone"));
        QCOMPARE(deals->stages().size(), 11);
        const QString file = m_folder.filePath(QStringLiteral("evidence.json"));
        QSignalSpy done(m_app.get(), &App::done);
        deals->exportEvidence(7, QUrl::fromLocalFile(file));
        QTRY_COMPARE_WITH_TIMEOUT(done.count(), 1, patience);
        QVERIFY(QFile::exists(file));
        QSignalSpy failed(m_app.get(), &App::failed);
        deals->exportEvidence(7, QUrl::fromLocalFile(QStringLiteral("/not/there/evidence.json")));
        QTRY_COMPARE_WITH_TIMEOUT(failed.count(), 1, patience);
        deals->runPreflight({});
        QTRY_VERIFY_WITH_TIMEOUT(!deals->preflightRunning(), patience);
        QCOMPARE(deals->preflight().value(QLatin1String("ready")).toBool(true), false);
    }

    void slotsArePutTogether() {
        start();
        SlotStore* slotStore = m_app->slotStore();
        QTRY_VERIFY_WITH_TIMEOUT(slotStore->model()->contains(QStringLiteral("f01000/196615")), patience);
        QCOMPARE(slotStore->providers()->count(), 1);
        QCOMPARE(slotStore->contract().value(QLatin1String("network")).toString(), QStringLiteral("devnet"));
        QVERIFY(slotStore->model()->record(QStringLiteral("f01000/196615")).value(QLatin1String("own")).toBool());
        QCOMPARE(m_app->format()->epochTime(5001795).size(), 16);
        m_daemon->publish(QStringLiteral("slot_policy"), {{QStringLiteral("miner"), QStringLiteral("f01000")},
                                                          {QStringLiteral("policy"), QStringLiteral("automatic")}});
        QTRY_COMPARE_WITH_TIMEOUT(
            slotStore->providers()->record(QStringLiteral("f01000")).value(QLatin1String("policy")).toString(),
            QStringLiteral("automatic"), patience);
        // A reorganisation takes events back.
        const int events = slotStore->events()->count();
        QVERIFY(events > 0);
        m_daemon->publish(QStringLiteral("contract"), {{QStringLiteral("removed"), 1},
                                                       {QStringLiteral("removed_from_epoch"), 5003310},
                                                       {QStringLiteral("added"), QJsonArray()},
                                                       {QStringLiteral("more"), false}});
        QTRY_COMPARE_WITH_TIMEOUT(slotStore->events()->count(), 0, patience);
    }

    void hitsAreCountedOverThirtyDays() {
        const double now = static_cast<double>(QDateTime::currentSecsSinceEpoch());
        const auto event = [](int index, const QString& name, int slot, double time) {
            return QJsonObject{
                {QStringLiteral("epoch"), 5003310},       {QStringLiteral("index"), index},
                {QStringLiteral("time"), time},           {QStringLiteral("name"), name},
                {QStringLiteral("slot"), slot},           {QStringLiteral("miner"), QStringLiteral("f01000")},
                {QStringLiteral("fields"), QJsonObject()}};
        };
        m_daemon->answer(QStringLiteral("FilFil.ContractEvents"),
                         QJsonObject{{QStringLiteral("events"),
                                      QJsonArray{event(1, QStringLiteral("SlotCompleted"), 1, now - 100),
                                                 event(2, QStringLiteral("SlotCompleted"), 2, now - 100),
                                                 event(3, QStringLiteral("SlotCompleted"), 3, now - 100),
                                                 event(4, QStringLiteral("Missed"), 4, now - 100),
                                                 event(5, QStringLiteral("Missed"), 5, now - 40 * 86'400.0)}}});
        start();
        QTRY_COMPARE_WITH_TIMEOUT(m_app->slotStore()->hits(), 3, patience);
        QCOMPARE(m_app->slotStore()->misses(), 1);
        QCOMPARE(m_app->slotStore()->hitRate(), 0.75);
    }

    void moneyIsSummedExactly() {
        start();
        PayoutStore* payouts = m_app->payouts();
        QTRY_COMPARE_WITH_TIMEOUT(payouts->earned(), QStringLiteral("120000000000000000"), patience);
        QCOMPARE(payouts->pending(), QStringLiteral("280000000000000000"));
        QCOMPARE(payouts->unclaimed(), QStringLiteral("120000000000000000"));
        QCOMPARE(payouts->atRisk(), QStringLiteral("0"));
        QCOMPARE(payouts->months().size(), 12);
        QCOMPARE(payouts->transactions()->count(), 1);
        QVERIFY(payouts->wallet().startsWith(QLatin1String("f410")));
        const QString file = m_folder.filePath(QStringLiteral("payouts.csv"));
        QSignalSpy done(m_app.get(), &App::done);
        payouts->exportCsv(QUrl::fromLocalFile(file));
        QCOMPARE(done.count(), 1);
        QFile csv(file);
        QVERIFY(csv.open(QIODevice::ReadOnly));
        QVERIFY(csv.readAll().contains("400000000000000000"));
    }

    void aDryClaimShowsWhatItWouldDo() {
        start();
        m_daemon->answer(QStringLiteral("FilFil.Job"),
                         job(12, QStringLiteral("transaction"), QStringLiteral("done"),
                             {{QStringLiteral("dry_run"), true}, {QStringLiteral("withdrawn"), QStringLiteral("5")}}));
        m_app->payouts()->claim(true, {QStringLiteral("f01000")});
        QVERIFY(m_app->payouts()->claiming());
        QTRY_VERIFY_WITH_TIMEOUT(!m_app->payouts()->claiming(), patience);
        QCOMPARE(m_app->payouts()->claimResult().value(QLatin1String("withdrawn")).toString(), QStringLiteral("5"));
        QCOMPARE(m_daemon->lastParams(QStringLiteral("FilFil.Claim")).value(QLatin1String("dry_run")).toBool(), true);
    }

    void benchmarksAreKept() {
        start();
        QCOMPARE(m_app->devices()->selected(), QStringLiteral("cpu:avx512"));
        m_daemon->answer(QStringLiteral("FilFil.Job"),
                         job(6, QStringLiteral("devices"), QStringLiteral("done"),
                             {{QStringLiteral("devices"),
                               QJsonArray{QJsonObject{{QStringLiteral("name"), QStringLiteral("cpu:avx512")},
                                                      {QStringLiteral("supported"), true},
                                                      {QStringLiteral("self_test"), true},
                                                      {QStringLiteral("gib_per_s"), 1.9}}}}}));
        const int before = m_app->devices()->history()->count();
        m_app->devices()->benchmark();
        QTRY_VERIFY_WITH_TIMEOUT(!m_app->devices()->benchmarking(), patience);
        QCOMPARE(m_app->devices()->history()->count(), before + 1);
        QCOMPARE(m_app->devices()
                     ->model()
                     ->record(QStringLiteral("cpu:avx512"))
                     .value(QLatin1String("gib_per_s"))
                     .toDouble(),
                 1.9);
        // Looking again does not forget what was measured.
        m_app->devices()->refresh();
        QTRY_VERIFY_WITH_TIMEOUT(!m_app->devices()->loading(), patience);
        QCOMPARE(m_app->devices()
                     ->model()
                     ->record(QStringLiteral("cpu:avx512"))
                     .value(QLatin1String("gib_per_s"))
                     .toDouble(),
                 1.9);
    }

    void theLogIsFollowedWhileSomebodyLooks() {
        start();
        QCOMPARE(m_app->log()->lines()->total(), 0);
        qint64 seq = 0;
        m_daemon->answer(QStringLiteral("FilFil.Log"), [&seq](const QJsonObject& params) {
            QJsonArray records;
            for (int i = 0; i < std::min(params.value(QLatin1String("limit")).toInt(), 1000) && seq < 2500; ++i)
                records << QJsonObject{{QStringLiteral("seq"), ++seq},
                                       {QStringLiteral("time"), 1767225690.25},
                                       {QStringLiteral("level"), QStringLiteral("warning")},
                                       {QStringLiteral("module"), QStringLiteral("service")},
                                       {QStringLiteral("message"), QStringLiteral("line %1").arg(seq)}};
            return QJsonObject{{QStringLiteral("records"), records}, {QStringLiteral("last"), seq}};
        });
        m_app->log()->setActive(true);
        QTRY_COMPARE_WITH_TIMEOUT(m_app->log()->lines()->total(), 2500, patience);
        QCOMPARE(m_app->log()->modules(), QStringList{QStringLiteral("service")});
        m_app->log()->setText(QStringLiteral("line 2500"));
        m_app->log()->lines()->settle();
        QCOMPARE(m_app->log()->lines()->count(), 1);
        m_app->log()->setActive(false);
    }

    void diagnosticsHaveNoSecrets() {
        const QJsonObject in = {
            {QStringLiteral("token"), QStringLiteral("abc")},
            {QStringLiteral("settings"),
             QJsonArray{QJsonObject{{QStringLiteral("key"), QStringLiteral("chain.node_token")},
                                    {QStringLiteral("value"), QStringLiteral("xyz")}},
                        QJsonObject{{QStringLiteral("key"), QStringLiteral("log.level")},
                                    {QStringLiteral("value"), QStringLiteral("info")}}}},
            {QStringLiteral("message"), QStringLiteral("wss://me:pw@node/rpc?token=t0k Authorization: Bearer "
                                                       "eyJhbGciOiJIUzI1NiJ9.eyJBbGxvdyI6WyJyZWFkIl19.sig")}};
        const QString out = QString::fromUtf8(QJsonDocument(LogStore::withoutSecrets(in).toObject()).toJson());
        for (const auto secret : {"abc", "xyz", "me:pw", "t0k", "eyJhbGci"})
            QVERIFY2(!out.contains(QLatin1String(secret)), secret);
        QVERIFY(out.contains(QLatin1String("log.level")));
        QVERIFY(out.contains(QLatin1String("info")));
        start();
        const QString file = m_folder.filePath(QStringLiteral("bundle.json"));
        QSignalSpy done(m_app.get(), &App::done);
        m_app->log()->saveDiagnostics(QUrl::fromLocalFile(file));
        QTRY_COMPARE_WITH_TIMEOUT(done.count(), 1, patience);
        QFile bundle(file);
        QVERIFY(bundle.open(QIODevice::ReadOnly));
        QVERIFY(QJsonDocument::fromJson(bundle.readAll())
                    .object()
                    .value(QLatin1String("state"))
                    .toObject()
                    .contains(QLatin1String("status")));
    }

    void aSettingThatIsRefusedIsToldBesideIt() {
        start();
        QCOMPARE(m_app->settings()->value(QStringLiteral("log.level")), QStringLiteral("info"));
        QCOMPARE(m_app->settings()->groups(), QStringList{QStringLiteral("log")});
        QCOMPARE(m_app->settings()
                     ->model()
                     ->record(QStringLiteral("log.level"))
                     .value(QLatin1String("choices"))
                     .toArray()
                     .size(),
                 4);
        QSignalSpy accepted(m_app->settings(), &DaemonSettings::accepted);
        m_app->settings()->set(QStringLiteral("log.level"), QStringLiteral("debug"));
        QTRY_COMPARE_WITH_TIMEOUT(accepted.count(), 1, patience);
        m_daemon->refuse(QStringLiteral("FilFil.SetConfig"), QStringLiteral("invalid_argument"),
                         QStringLiteral("loud is no level"), QStringLiteral("give debug"));
        QSignalSpy rejected(m_app->settings(), &DaemonSettings::rejected);
        m_app->settings()->set(QStringLiteral("log.level"), QStringLiteral("loud"));
        QTRY_COMPARE_WITH_TIMEOUT(rejected.count(), 1, patience);
        QCOMPARE(rejected[0][1].toString(), QStringLiteral("loud is no level"));
    }

    void alertsStandUntilTheyAreOver() {
        start();
        AlertStore* alerts = m_app->alerts();
        QCOMPARE(alerts->count(), 0);
        QSignalSpy raised(alerts, &AlertStore::raised);
        const QJsonObject alert = {{QStringLiteral("code"), QStringLiteral("gas_low")},
                                   {QStringLiteral("severity"), QStringLiteral("error")},
                                   {QStringLiteral("message"), QStringLiteral("low")},
                                   {QStringLiteral("remedy"), QStringLiteral("send")},
                                   {QStringLiteral("since"), 1}};
        m_daemon->publish(QStringLiteral("alert"), alert);
        QTRY_COMPARE_WITH_TIMEOUT(alerts->errors(), 1, patience);
        QCOMPARE(alerts->worst(), QStringLiteral("error"));
        QCOMPARE(raised.count(), 1);
        alerts->mute(QStringLiteral("gas_low"), true);
        QCOMPARE(alerts->errors(), 0);
        m_daemon->publish(QStringLiteral("alert"), alert);
        m_daemon->publish(QStringLiteral("alert_over"), {{QStringLiteral("code"), QStringLiteral("gas_low")}});
        QTRY_VERIFY_WITH_TIMEOUT(!alerts->model()->contains(QStringLiteral("gas_low")), patience);
        QCOMPARE(raised.count(), 1);
    }

    void whatABusyDaemonCannotSayIsSaidSoAndAskedAgain() {
        start();
        m_daemon->refuse(QStringLiteral("FilFil.Deals"), QStringLiteral("busy"),
                         QStringLiteral("the chain is being loaded"), QStringLiteral("wait"));
        const int rows = m_app->deals()->model()->count();
        m_app->deals()->refresh();
        QTRY_COMPARE_WITH_TIMEOUT(m_app->deals()->error(), QStringLiteral("the chain is being loaded"), patience);
        QCOMPARE(m_app->deals()->model()->count(), rows);
        QVERIFY(m_app->deals()->loaded());
    }

    void notificationsCanBeSwitchedOff() {
        start();
        QSignalSpy told(m_app.get(), &App::notify);
        QJsonObject deal = m_app->deals()->model()->record(QStringLiteral("7"));
        deal.insert(QStringLiteral("stage"), QStringLiteral("missed"));
        m_daemon->publish(QStringLiteral("deal"), deal);
        QTRY_COMPARE_WITH_TIMEOUT(told.count(), 1, patience);
        QCOMPARE(told[0][0].toString(), QStringLiteral("missed"));
        m_app->preferences()->setNotification(QStringLiteral("missed"), false);
        deal.insert(QStringLiteral("stage"), QStringLiteral("sealing"));
        m_daemon->publish(QStringLiteral("deal"), deal);
        deal.insert(QStringLiteral("stage"), QStringLiteral("missed"));
        m_daemon->publish(QStringLiteral("deal"), deal);
        QTRY_COMPARE_WITH_TIMEOUT(
            m_app->deals()->model()->record(QStringLiteral("7")).value(QLatin1String("stage")).toString(),
            QStringLiteral("missed"), patience);
        QCoreApplication::processEvents();
        QCOMPARE(told.count(), 1);
    }
};

std::unique_ptr<QObject> storesTest() { return std::make_unique<StoresTest>(); }

}    // namespace filfil::gui::test

#include "stores_test.moc"
