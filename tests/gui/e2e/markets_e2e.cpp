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

const QString all_taken = QStringLiteral("To be claimed: 0 FIL$");

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
    [[nodiscard]] QByteArray stageSaid(const QString& stream) const;
    [[nodiscard]] bool allIsPaid(const QString& miner) const;
    [[nodiscard]] bool isOwed() const {
        return m_desk->control(QStringLiteral("To be claimed: ")).has_value() &&
               !m_desk->control(all_taken).has_value();
    }

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
    // What it leaves behind where it has to be killed goes with the desk.
    environment.insert(QStringLiteral("TMPDIR"), m_desk->path(QString()));
    m_stage = startChild(environment, QString::fromLocal8Bit(qgetenv("FILFIL_STORE_STAGE")), {},
                         m_desk->path(QStringLiteral("stage.log")), SIGTERM);
    FILFIL_COMES(QFile::exists(told) || m_stage->state() == QProcess::NotRunning, long_play);
    const QByteArray log = stageSaid(QStringLiteral("stage.log"));
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
    for (const char* stream : {"stage.log", "stage.log.err"})
        for (const QByteArray& line : stageSaid(QLatin1String(stream)).split('\n')) qWarning().noquote() << line;
}

QByteArray MarketsE2e::stageSaid(const QString& stream) const {
    QFile said(m_desk->path(stream));
    return said.open(QIODevice::ReadOnly) ? said.readAll() : QByteArray();
}

/// By the page of deals, which has a filter "Paid" whatever the deals are at.
bool MarketsE2e::allIsPaid(const QString& miner) const {
    return m_desk->says(QStringLiteral("Provider: ") + miner) && m_desk->says(QStringLiteral("Stage: paid")) &&
           m_desk->control(QStringLiteral("On the way, 0 ")).has_value();
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
    FILFIL_COMES(allIsPaid(miner), long_play);
    m_desk->picture(QStringLiteral("m2-deals-") + miner);
    FILFIL_COMES(m_desk->press(QStringLiteral("Snapshots")), soon);
    FILFIL_COMES(m_desk->says(QStringLiteral("Epoch: ")), soon);
    FILFIL_COMES(m_desk->press(QStringLiteral("Payouts")), soon);
    FILFIL_COMES(m_desk->says(QStringLiteral("Provider: ") + miner) && isOwed(), soon);
    FILFIL_COMES(m_desk->press(QStringLiteral("Claim")), soon);
    FILFIL_COMES(m_desk->says(QStringLiteral("This is what would be done")), soon);
    FILFIL_COMES(m_desk->press(QStringLiteral("Send it")), soon);
    FILFIL_COMES(m_desk->press(QStringLiteral("Send$")), soon);
    FILFIL_COMES(m_desk->says(QStringLiteral("This is what was done")), long_play);
    QVERIFY(!m_desk->says(QStringLiteral("Failed")));
    m_desk->picture(QStringLiteral("m3-claimed-") + miner);
    FILFIL_COMES(m_desk->press(QStringLiteral("Close$")), soon);
    // It would be done too where there was nothing to take.
    FILFIL_COMES(m_desk->control(all_taken).has_value(), soon);
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
