// SPDX-License-Identifier: Apache-2.0 OR MIT

// Daemons die, come back, and give way to others, and the window, which is never started anew, goes on: it says what
// is wrong and what can be done, keeps what it showed, and gets back in step by itself.

#include "desk.hpp"
#include "patience.hpp"
#include "site.hpp"

namespace filfil::e2e {
namespace {

const QString first_name = QStringLiteral("This machine");
const QString second_name = QStringLiteral("The other one");

}    // namespace

class DaemonsE2e : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void cleanupTestCase();
    void cleanup();
    void aKilledDaemonIsSaidToBeGoneWithWhatCanBeDone();
    void theWindowIsBackInStepByItself();
    void anotherDaemonIsAddedAndShown();
    void theFirstOneIsShownAgain();
    void fromADeadOneToAnotherAndBack();
    void itWasTheSameProgramAllTheTime();

private:
    [[nodiscard]] bool isLost() const { return m_desk->control(QStringLiteral("Daemon lost")).has_value(); }
    [[nodiscard]] bool isOn(const QString& name) const { return m_desk->control(name + u'$').has_value(); }
    [[nodiscard]] bool isWithoutContract() const {
        return m_desk->control(QStringLiteral("Your next slot: Not set up")).has_value();
    }
    [[nodiscard]] QString foot() const;

    std::unique_ptr<Desk> m_desk;
    std::unique_ptr<Site> m_first;
    std::unique_ptr<Site> m_second;
    qint64 m_pid = 0;
};

void DaemonsE2e::initTestCase() {
    m_desk = std::make_unique<Desk>();
    if (const QString lacks = m_desk->missing(); !lacks.isEmpty()) QSKIP(qPrintable(lacks));
    QCOMPARE(m_desk->begin(), QString());
    m_first = std::make_unique<Site>(m_desk->path(QStringLiteral("share/fil-fil")), Site::Kind::WithContract);
    QCOMPARE(m_first->begin(m_desk->environment()), QString());
    m_second = std::make_unique<Site>(m_desk->path(QStringLiteral("share/other")), Site::Kind::ChainAlone);
    QCOMPARE(m_second->begin(m_desk->environment()), QString());
    QCOMPARE(m_desk->startWindow("[view]\nreduceMotion=true\n[wizard]\ndone=true\n"), QString());
    m_pid = m_desk->window().processId();
    FILFIL_COMES(isOn(first_name), soon);
}

void DaemonsE2e::cleanupTestCase() {
    m_desk->end();
    m_first.reset();
    m_second.reset();
}

void DaemonsE2e::cleanup() {
    if (!QTest::currentTestFailed()) return;
    qWarning().noquote() << m_desk->whatIsShown();
    m_desk->picture(QStringLiteral("failed"));
}

/// The line that says how far the chain is followed: it changes with every epoch while all is well.
QString DaemonsE2e::foot() const {
    const auto line = m_desk->control(QStringLiteral("Synced"));
    return line ? line->name : QString();
}

void DaemonsE2e::aKilledDaemonIsSaidToBeGoneWithWhatCanBeDone() {
    FILFIL_COMES(m_desk->press(QStringLiteral("Deals")), soon);
    FILFIL_COMES(m_desk->says(QStringLiteral("Paid")), a_window);
    m_first->killDaemon();
    FILFIL_COMES(isLost(), soon);
    FILFIL_COMES(m_desk->says(QStringLiteral("Start the daemon, or see whether the address is right")), soon);
    FILFIL_COMES(m_desk->control(QStringLiteral("Try now")).has_value(), soon);
    QVERIFY2(m_desk->says(QStringLiteral("Paid")), "what was known stays in sight");
    m_desk->picture(QStringLiteral("d1-lost"));
}

void DaemonsE2e::theWindowIsBackInStepByItself() {
    QCOMPARE(m_first->startDaemon(), QString());
    FILFIL_COMES(isOn(first_name) && !isLost(), soon);
    FILFIL_COMES(!m_desk->control(QStringLiteral("Try now")).has_value(), soon);
    QVERIFY2(m_desk->says(QStringLiteral("Paid")), "it is still on its page");
    // Not what it showed before: the chain goes on.
    FILFIL_COMES(!foot().isEmpty(), soon);
    const QString then = foot();
    FILFIL_COMES(!foot().isEmpty() && foot() != then, soon);
    m_desk->picture(QStringLiteral("d2-back"));
}

void DaemonsE2e::anotherDaemonIsAddedAndShown() {
    QVERIFY(m_desk->addDaemon(second_name, m_second->data()));
    FILFIL_COMES(isOn(second_name), soon);
    FILFIL_COMES(!foot().isEmpty(), soon);
    // That one knows no contract.
    FILFIL_COMES(m_desk->press(QStringLiteral("Overview")), soon);
    FILFIL_COMES(isWithoutContract(), soon);
    FILFIL_COMES(m_desk->press(QStringLiteral("Deals")), soon);
    FILFIL_COMES(!m_desk->says(QStringLiteral("Paid")), soon);
    m_desk->picture(QStringLiteral("d4-other"));
}

void DaemonsE2e::theFirstOneIsShownAgain() {
    QVERIFY(m_desk->chooseDaemon(second_name, first_name));
    FILFIL_COMES(m_desk->says(QStringLiteral("Paid")), soon);
    FILFIL_COMES(!foot().isEmpty(), soon);
    FILFIL_COMES(m_desk->press(QStringLiteral("Overview")), soon);
    FILFIL_COMES(m_desk->control(QStringLiteral("Your next slot")).has_value() && !isWithoutContract(), soon);
}

void DaemonsE2e::fromADeadOneToAnotherAndBack() {
    m_first->killDaemon();
    FILFIL_COMES(isLost(), soon);
    QVERIFY(m_desk->chooseDaemon(QStringLiteral("Daemon lost"), second_name));
    FILFIL_COMES(isOn(second_name) && !isLost(), soon);
    FILFIL_COMES(isWithoutContract(), soon);
    QCOMPARE(m_first->startDaemon(), QString());
    QVERIFY(m_desk->chooseDaemon(second_name, first_name));
    FILFIL_COMES(isOn(first_name) && !isWithoutContract(), soon);
    FILFIL_COMES(!foot().isEmpty(), soon);
}

void DaemonsE2e::itWasTheSameProgramAllTheTime() {
    QCOMPARE(m_desk->window().state(), QProcess::Running);
    QCOMPARE(m_desk->window().processId(), m_pid);
    m_desk->window().terminate();
    QVERIFY(m_desk->window().waitForFinished(soon));
    const QByteArray text = m_desk->complaints();
    for (const char* bad : {"ReferenceError", "TypeError", "is not installed", "Binding loop"})
        QVERIFY2(!text.contains(bad), text.constData());
}

}    // namespace filfil::e2e

QTEST_GUILESS_MAIN(filfil::e2e::DaemonsE2e)
#include "daemons_e2e.moc"
