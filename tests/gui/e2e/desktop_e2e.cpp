// SPDX-License-Identifier: Apache-2.0 OR MIT

// The real window on an X server of its own, with a window manager, over a real daemon and a devnet that plays the
// contract: from the wizard to what is earned and claimed. What it did is looked for by the command line, too.

#include "desk.hpp"
#include "patience.hpp"
#include "site.hpp"

#include <QJsonArray>

namespace filfil::e2e {

class DesktopE2e : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void cleanupTestCase();
    void cleanup();
    void theWizardFindsTheDaemon();
    void theOverviewSaysThatItIsInStep();
    void aWindowIsShownOnTheCalendar();
    void aSnapshotIsTakenByHand();
    void aDealGoesAllTheWayToItsPayment();
    void whatIsClaimedIsShownFirst();
    void whatWasEarnedIsClaimed();
    void itEndsWellAndTheDaemonGoesOn();

private:
    [[nodiscard]] QString credit() const;
    [[nodiscard]] qsizetype withdrawals() const;
    [[nodiscard]] bool dealOfOursIsPaid() const;

    std::unique_ptr<Desk> m_desk;
    std::unique_ptr<Site> m_site;
    qsizetype m_withdrawals = 0;    ///< before the claim
};

void DesktopE2e::initTestCase() {
    m_desk = std::make_unique<Desk>();
    if (const QString lacks = m_desk->missing(); !lacks.isEmpty()) QSKIP(qPrintable(lacks));
    QCOMPARE(m_desk->begin(), QString());
    // Where the window looks by itself.
    m_site = std::make_unique<Site>(m_desk->path(QStringLiteral("share/fil-fil")), Site::Kind::WithContract);
    QCOMPARE(m_site->begin(m_desk->environment()), QString());
    // On a machine without a card each frame takes long: what does not move needs none.
    QCOMPARE(m_desk->startWindow("[view]\nreduceMotion=true\n"), QString());
}

void DesktopE2e::cleanupTestCase() {
    m_desk->end();
    m_site.reset();
}

void DesktopE2e::cleanup() {
    if (!QTest::currentTestFailed()) return;
    qWarning().noquote() << m_desk->whatIsShown();
    m_desk->picture(QStringLiteral("failed"));
}

QString DesktopE2e::credit() const {
    return m_site->ask({QStringLiteral("payouts")}).value(QLatin1String("credit")).toString();
}

/// What the contract told: credit says nothing, since the next deal is paid at any moment.
qsizetype DesktopE2e::withdrawals() const {
    return m_site
        ->ask({QStringLiteral("contract"), QStringLiteral("events"), QStringLiteral("--name"),
               QStringLiteral("Withdrawn"), QStringLiteral("--miner"), QStringLiteral("t01000")})
        .value(QLatin1String("events"))
        .toArray()
        .size();
}

bool DesktopE2e::dealOfOursIsPaid() const {
    const QJsonArray deals = m_site->ask({QStringLiteral("deals")}).value(QLatin1String("deals")).toArray();
    for (const QJsonValue& deal : deals)
        for (const QJsonValue& step : deal[QLatin1String("timeline")].toArray())
            // Not one that the past had stored.
            if (deal[QLatin1String("stage")] == QLatin1String("paid") &&
                step[QLatin1String("stage")] == QLatin1String("proposed"))
                return true;
    return false;
}

void DesktopE2e::theWizardFindsTheDaemon() {
    FILFIL_COMES(m_desk->says(QStringLiteral("Set up fil-fil")), soon);
    m_desk->picture(QStringLiteral("1-wizard"));
    // With a daemon in its usual folder it may be done before anybody has said a word.
    const auto gone = [this] { return !m_desk->says(QStringLiteral("Set up fil-fil")); };
    m_desk->press(QStringLiteral("A daemon runs on this machine"));
    FILFIL_COMES(gone() || m_desk->says(QStringLiteral("Connected to a daemon")), soon);
    FILFIL_COMES(gone() || (m_desk->press(QStringLiteral("Close; it can be opened again")) && gone()), soon);
}

void DesktopE2e::theOverviewSaysThatItIsInStep() {
    FILFIL_COMES(m_desk->press(QStringLiteral("Overview")), soon);
    FILFIL_COMES(m_desk->says(QStringLiteral("in sync")) && m_desk->says(QStringLiteral("up to date")), soon);
    FILFIL_COMES(m_desk->control(QStringLiteral("Your next slot")).has_value(), soon);
    m_desk->picture(QStringLiteral("2-overview"));
}

void DesktopE2e::aWindowIsShownOnTheCalendar() {
    FILFIL_COMES(m_desk->press(QStringLiteral("Slot calendar")), soon);
    FILFIL_COMES(m_desk->says(QStringLiteral("t01000")) || m_desk->says(QStringLiteral("f01000")), soon);
    m_desk->picture(QStringLiteral("3-calendar"));
}

void DesktopE2e::aSnapshotIsTakenByHand() {
    const auto snapshots = [this] {
        return m_site->ask({QStringLiteral("status")}).value(QLatin1String("snapshots")).toInt();
    };
    const int before = snapshots();
    FILFIL_COMES(m_desk->press(QStringLiteral("Snapshots")), soon);
    FILFIL_COMES(m_desk->press(QStringLiteral("Take a snapshot")), soon);
    FILFIL_COMES(m_desk->control(QStringLiteral("Take it")).has_value(), soon);
    m_desk->picture(QStringLiteral("4-take"));
    FILFIL_COMES(m_desk->press(QStringLiteral("Take it")), soon);
    FILFIL_COMES(snapshots() > before, soon);
    m_desk->picture(QStringLiteral("5-snapshots"));
}

void DesktopE2e::aDealGoesAllTheWayToItsPayment() {
    FILFIL_COMES(m_desk->press(QStringLiteral("Deals")), soon);
    FILFIL_COMES(m_desk->says(QStringLiteral("Paid")) && m_desk->says(QStringLiteral("t01000")), a_window);
    FILFIL_COMES(dealOfOursIsPaid(), a_window);
    m_desk->picture(QStringLiteral("6-deals"));
}

void DesktopE2e::whatIsClaimedIsShownFirst() {
    FILFIL_COMES(m_desk->press(QStringLiteral("Payouts")), soon);
    QVERIFY(credit() != QStringLiteral("0"));
    m_withdrawals = withdrawals();
    FILFIL_COMES(m_desk->press(QStringLiteral("Claim")), soon);
    FILFIL_COMES(m_desk->says(QStringLiteral("This is what would be done")), soon);
    m_desk->picture(QStringLiteral("7-claim"));
    QCOMPARE(withdrawals(), m_withdrawals);
}

void DesktopE2e::whatWasEarnedIsClaimed() {
    FILFIL_COMES(m_desk->press(QStringLiteral("Send it")), soon);
    FILFIL_COMES(m_desk->says(QStringLiteral("Send these transactions?")), soon);
    FILFIL_COMES(m_desk->press(QStringLiteral("Send$")), soon);
    FILFIL_COMES(m_desk->says(QStringLiteral("This is what was done")), a_window);
    FILFIL_COMES(withdrawals() == m_withdrawals + 1, soon);
    m_desk->picture(QStringLiteral("8-claimed"));
}

void DesktopE2e::itEndsWellAndTheDaemonGoesOn() {
    m_desk->window().terminate();
    QVERIFY(m_desk->window().waitForFinished(soon));
    const QByteArray text = m_desk->complaints();
    for (const char* bad : {"ReferenceError", "TypeError", "is not installed", "Binding loop"})
        QVERIFY2(!text.contains(bad), text.constData());
    QCOMPARE(m_site->ask({QStringLiteral("status")}).value(QLatin1String("state")).toString(),
             QStringLiteral("synced"));
}

}    // namespace filfil::e2e

QTEST_GUILESS_MAIN(filfil::e2e::DesktopE2e)
#include "desktop_e2e.moc"
