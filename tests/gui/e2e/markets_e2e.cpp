// SPDX-License-Identifier: Apache-2.0 OR MIT

// The same way as desktop_e2e's, over an EVM node with the real contract and the markets' fakes: three providers, each
// with a daemon and a market of another kind, whose pieces are stored unasked (tests/e2e/incentive, store_stage). The
// window looks on, goes from daemon to daemon, and claims for each; nobody else does.

#include "desk.hpp"
#include "patience.hpp"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace filfil::e2e {
namespace {

constexpr int long_play = 400'000;    // milliseconds until a chain is made, or all is stored

struct Provider {
    QString miner;
    QString folder;
};

}    // namespace

class MarketsE2e : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void cleanupTestCase();
    void cleanup();
    void theWizardFindsTheFirstDaemon();
    void theOthersAreAdded();
    void eachOnesDealsArePaidAndClaimed_data();
    void eachOnesDealsArePaidAndClaimed();
    void thePlayEndsWell();

private:
    std::unique_ptr<Desk> m_desk;
    std::unique_ptr<QProcess> m_stage;
    QList<Provider> m_providers;
    QString m_shown;    ///< the name at the foot
};

void MarketsE2e::initTestCase() {
    m_desk = std::make_unique<Desk>();
    if (const QString lacks = m_desk->missing(); !lacks.isEmpty()) QSKIP(qPrintable(lacks));
    QCOMPARE(m_desk->begin(), QString());
    QProcessEnvironment environment = m_desk->environment();
    const QString told = m_desk->path(QStringLiteral("stage.json"));
    environment.insert(QStringLiteral("FILFIL_STAGE_FILE"), told);
    m_stage = startChild(environment, QString::fromLocal8Bit(qgetenv("FILFIL_STORE_STAGE")), {},
                         m_desk->path(QStringLiteral("stage.log")), SIGTERM);
    FILFIL_COMES(QFile::exists(told) || m_stage->state() == QProcess::NotRunning, long_play);
    QFile said(m_desk->path(QStringLiteral("stage.log")));
    QVERIFY(said.open(QIODevice::ReadOnly));
    const QByteArray log = said.readAll();
    if (!QFile::exists(told) && log.contains("SKIPPED")) QSKIP(log.constData());
    QFile file(told);
    QVERIFY2(file.open(QIODevice::ReadOnly), log.constData());
    const QJsonObject stage = QJsonDocument::fromJson(file.readAll()).object();
    for (const QJsonValue& one : stage.value(QLatin1String("daemons")).toArray())
        m_providers << Provider{one[QLatin1String("miner")].toString(), one[QLatin1String("folder")].toString()};
    QCOMPARE(m_providers.size(), 3);
    QCOMPARE(m_desk->startWindow("[view]\nreduceMotion=true\n"), QString());
}

void MarketsE2e::cleanupTestCase() {
    m_desk->end();
    endChild(m_stage);
}

void MarketsE2e::cleanup() {
    if (!QTest::currentTestFailed()) return;
    qWarning().noquote() << m_desk->whatIsShown();
    m_desk->picture(QStringLiteral("failed"));
    QFile said(m_desk->path(QStringLiteral("stage.log")));
    if (!said.open(QIODevice::ReadOnly)) return;
    const QList<QByteArray> lines = said.readAll().split('\n');
    for (qsizetype i = 0; i < lines.size(); ++i)
        if (lines[i].contains(": Failure"))
            for (const QByteArray& line : lines.mid(i, 8)) qWarning().noquote() << line.left(400);
}

void MarketsE2e::theWizardFindsTheFirstDaemon() {
    FILFIL_COMES(m_desk->press(QStringLiteral("A daemon runs on this machine")), soon);
    FILFIL_COMES(m_desk->write(QStringLiteral("Data folder$"), m_providers[0].folder), soon);
    FILFIL_COMES(m_desk->press(QStringLiteral("Connect$")), soon);
    FILFIL_COMES(m_desk->says(QStringLiteral("Connected to a daemon")), soon);
    m_desk->picture(QStringLiteral("m1-wizard"));
    FILFIL_COMES(m_desk->press(QStringLiteral("Close; it can be opened again")), soon);
    m_shown = QStringLiteral("This machine");
    FILFIL_COMES(m_desk->control(m_shown + u'$').has_value(), soon);
}

void MarketsE2e::theOthersAreAdded() {
    for (qsizetype i = 1; i < m_providers.size(); ++i) {
        m_shown = m_providers[i].miner;
        QVERIFY(m_desk->addDaemon(m_shown, m_providers[i].folder));
        FILFIL_COMES(m_desk->control(m_shown + u'$').has_value(), soon);
    }
}

void MarketsE2e::eachOnesDealsArePaidAndClaimed_data() {
    QTest::addColumn<int>("provider");
    QTest::addColumn<QString>("name");
    for (int i = 0; i < m_providers.size(); ++i)
        QTest::newRow(qPrintable(m_providers[i].miner))
            << i << (i == 0 ? QStringLiteral("This machine") : m_providers[i].miner);
}

void MarketsE2e::eachOnesDealsArePaidAndClaimed() {
    QFETCH(int, provider);
    QFETCH(QString, name);
    const QString miner = m_providers[provider].miner;
    if (m_shown != name) QVERIFY(m_desk->chooseDaemon(m_shown, name));
    m_shown = name;
    FILFIL_COMES(m_desk->control(name + u'$').has_value(), soon);
    FILFIL_COMES(m_desk->press(QStringLiteral("Slot calendar")), soon);
    FILFIL_COMES(m_desk->says(miner), soon);
    FILFIL_COMES(m_desk->press(QStringLiteral("Deals")), soon);
    FILFIL_COMES(m_desk->says(QStringLiteral("Paid")) && m_desk->says(miner), long_play);
    m_desk->picture(QStringLiteral("m2-deals-") + miner);
    FILFIL_COMES(m_desk->press(QStringLiteral("Snapshots")), soon);
    FILFIL_COMES(m_desk->says(QStringLiteral("Epoch: ")), soon);
    FILFIL_COMES(m_desk->press(QStringLiteral("Payouts")), soon);
    FILFIL_COMES(m_desk->press(QStringLiteral("Claim")), soon);
    FILFIL_COMES(m_desk->says(QStringLiteral("This is what would be done")), soon);
    FILFIL_COMES(m_desk->press(QStringLiteral("Send it")), soon);
    FILFIL_COMES(m_desk->press(QStringLiteral("Send$")), soon);
    FILFIL_COMES(m_desk->says(QStringLiteral("This is what was done")), long_play);
    m_desk->picture(QStringLiteral("m3-claimed-") + miner);
    FILFIL_COMES(m_desk->press(QStringLiteral("Close$")), soon);
}

/// It judges the contract and the markets, and waits for the money on the chain.
void MarketsE2e::thePlayEndsWell() {
    QVERIFY(m_stage->waitForFinished(long_play));
    QCOMPARE(m_stage->exitStatus(), QProcess::NormalExit);
    QCOMPARE(m_stage->exitCode(), 0);
    const QByteArray text = m_desk->complaints();
    for (const char* bad : {"ReferenceError", "TypeError", "is not installed", "Binding loop"})
        QVERIFY2(!text.contains(bad), text.constData());
}

}    // namespace filfil::e2e

QTEST_GUILESS_MAIN(filfil::e2e::MarketsE2e)
#include "markets_e2e.moc"
