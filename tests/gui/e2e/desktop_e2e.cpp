// SPDX-License-Identifier: Apache-2.0 OR MIT

// The real window on an X server of its own, with a window manager, over a real daemon and a devnet that plays the
// contract: read and driven as a screen reader does it, so that what it says is what is looked at. What it did is
// looked for by the command line, too.

#include "accessible.hpp"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QtTest/QtTest>
#include <memory>
#include <optional>

namespace filfil::e2e {
namespace {

constexpr int soon = 90'000;         // milliseconds
constexpr int a_window = 240'000;    // until one has opened, and its snapshot is stored

QString program(const char* name) {
    return QString::fromLocal8Bit(qgetenv("FILFIL_BIN")) + QLatin1Char('/') + QLatin1String(name);
}

}    // namespace

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
    void whatWasEarnedIsClaimed();
    void itEndsWellAndTheDaemonGoesOn();

private:
    void startDisplay();
    void startChain();
    void startDaemon();
    std::unique_ptr<QProcess> run(const QString& what, const QStringList& arguments, const QString& output = {});
    QJsonObject ask(const QStringList& words) const;
    QList<Shown> all() const { return m_reader.all(QStringLiteral("fil-fil-desktop")); }
    /// @param start of its name; the whole name where it ends in "$"
    std::optional<Shown> find(const QString& role, const QString& start) const;
    bool says(const QString& part) const;
    bool press(const QString& role, const QString& start);
    void picture(const QString& name) const;
    QString whatIsShown() const;

    QTemporaryDir m_folder;
    QString m_data;
    QString m_display;
    QProcessEnvironment m_environment;
    std::unique_ptr<QProcess> m_server;
    std::unique_ptr<QProcess> m_manager;
    std::unique_ptr<QProcess> m_devnet;
    std::unique_ptr<QProcess> m_daemon;
    std::unique_ptr<QProcess> m_window;
    Reader m_reader;
};

void DesktopE2e::initTestCase() {
    for (const char* needed : {"Xvfb", "openbox", "import"})
        if (QStandardPaths::findExecutable(QLatin1String(needed)).isEmpty())
            QSKIP(qPrintable(QStringLiteral("there is no %1 here: the window is not tried on a display")
                                 .arg(QLatin1String(needed))));
    if (const QString why = m_reader.connect(); !why.isEmpty())
        QSKIP(qPrintable(QStringLiteral("there is no accessibility bus (at-spi2-core): %1").arg(why)));
    QVERIFY(m_folder.isValid());
    m_environment = QProcessEnvironment::systemEnvironment();
    m_environment.insert(QStringLiteral("HOME"), m_folder.path());
    m_environment.insert(QStringLiteral("XDG_DATA_HOME"), m_folder.filePath(QStringLiteral("share")));
    m_environment.insert(QStringLiteral("XDG_CONFIG_HOME"), m_folder.filePath(QStringLiteral("config")));
    m_environment.insert(QStringLiteral("QT_QPA_PLATFORM"), QStringLiteral("xcb"));
    m_environment.insert(QStringLiteral("QT_LINUX_ACCESSIBILITY_ALWAYS_ON"), QStringLiteral("1"));
    m_environment.insert(QStringLiteral("LC_ALL"), QStringLiteral("C.UTF-8"));
    m_environment.remove(QStringLiteral("WAYLAND_DISPLAY"));
    m_data = m_folder.filePath(QStringLiteral("share/fil-fil"));
    // On a machine without a card each frame takes long: what does not move needs none.
    QFile settings(m_folder.filePath(QStringLiteral("desktop.ini")));
    QVERIFY(settings.open(QIODevice::WriteOnly));
    settings.write("[view]\nreduceMotion=true\n");
    settings.close();
    startDisplay();
    startChain();
    startDaemon();
    m_window = run(program("fil-fil-desktop"),
                   {QStringLiteral("--settings"), m_folder.filePath(QStringLiteral("desktop.ini"))},
                   QStringLiteral("window.log"));
    QTRY_VERIFY_WITH_TIMEOUT(all().size() > 5, soon);
}

void DesktopE2e::cleanupTestCase() {
    for (auto* process : {&m_window, &m_daemon, &m_devnet, &m_manager, &m_server}) {
        if (!*process) continue;
        (*process)->terminate();
        if (!(*process)->waitForFinished(soon)) (*process)->kill();
        (*process)->waitForFinished(soon);
    }
}

void DesktopE2e::cleanup() {
    if (QTest::currentTestFailed()) {
        qWarning().noquote() << whatIsShown();
        picture(QStringLiteral("failed"));
    }
}

std::unique_ptr<QProcess> DesktopE2e::run(const QString& what, const QStringList& arguments, const QString& output) {
    auto process = std::make_unique<QProcess>();
    process->setProcessEnvironment(m_environment);
    if (!output.isEmpty()) {
        process->setStandardOutputFile(m_folder.filePath(output));
        process->setStandardErrorFile(m_folder.filePath(output + QStringLiteral(".err")));
    }
    process->start(what, arguments);
    if (!process->waitForStarted(soon)) qWarning().noquote() << what << process->errorString();
    return process;
}

/// The server says which display it is.
void DesktopE2e::startDisplay() {
    m_server = run(QStringLiteral("Xvfb"),
                   {QStringLiteral("-displayfd"), QStringLiteral("1"), QStringLiteral("-screen"), QStringLiteral("0"),
                    QStringLiteral("1400x900x24"), QStringLiteral("-nolisten"), QStringLiteral("tcp")});
    QVERIFY(m_server->waitForReadyRead(soon));
    m_display = QLatin1Char(':') + QString::fromLatin1(m_server->readLine()).trimmed();
    m_environment.insert(QStringLiteral("DISPLAY"), m_display);
    m_manager = run(QStringLiteral("openbox"), {}, QStringLiteral("openbox.log"));
}

void DesktopE2e::startChain() {
    m_devnet = run(program("fil-fil"),
                   {QStringLiteral("devnet"), QStringLiteral("--json"), QStringLiteral("--port"), QStringLiteral("0"),
                    QStringLiteral("--contract"), QStringLiteral("--daemon"), m_data, QStringLiteral("--state"),
                    QStringLiteral("1MiB"), QStringLiteral("--tipset"), QStringLiteral("16KiB"),
                    QStringLiteral("--period"), QStringLiteral("1s")},
                   QStringLiteral("devnet.jsonl"));
    QTRY_VERIFY_WITH_TIMEOUT(QFile(m_folder.filePath(QStringLiteral("devnet.jsonl"))).size() > 0, soon);
}

void DesktopE2e::startDaemon() {
    m_daemon = run(
        program("fil-fil"),
        {QStringLiteral("daemon"), QStringLiteral("--json"), QStringLiteral("--data"), m_data, QStringLiteral("--api"),
         QStringLiteral("127.0.0.1:0"), QStringLiteral("--log-level"), QStringLiteral("error")},
        QStringLiteral("daemon.jsonl"));
    QTRY_COMPARE_WITH_TIMEOUT(ask({QStringLiteral("status")}).value(QStringLiteral("state")).toString(),
                              QStringLiteral("synced"), soon);
}

/// What the command line says, its first object.
QJsonObject DesktopE2e::ask(const QStringList& words) const {
    QProcess process;
    process.start(program("fil-fil"), words + QStringList{QStringLiteral("--data"), m_data, QStringLiteral("--json")});
    process.waitForFinished(soon);
    return QJsonDocument::fromJson(process.readAllStandardOutput().split('\n').constFirst()).object();
}

std::optional<Shown> DesktopE2e::find(const QString& role, const QString& start) const {
    const bool exact = start.endsWith(QLatin1Char('$'));
    for (const Shown& one : all())
        if (one.showing && one.role == role && (exact ? one.name == start.chopped(1) : one.name.startsWith(start)))
            return one;
    return std::nullopt;
}

bool DesktopE2e::says(const QString& part) const {
    for (const Shown& one : all())
        if (one.showing && one.name.contains(part)) return true;
    return false;
}

bool DesktopE2e::press(const QString& role, const QString& start) {
    const auto found = find(role, start);
    if (!found || !found->enabled) return false;
    // What is gone with its press has nothing more to answer: what comes of it is looked for.
    m_reader.act(*found);
    return true;
}

/// For who reviews it: kept where FILFIL_PICTURES says.
void DesktopE2e::picture(const QString& name) const {
    const QString folder = QString::fromLocal8Bit(qgetenv("FILFIL_PICTURES"));
    if (folder.isEmpty()) return;
    QDir().mkpath(folder);
    QProcess process;
    process.setProcessEnvironment(m_environment);
    process.start(QStringLiteral("import"), {QStringLiteral("-window"), QStringLiteral("root"),
                                             QDir(folder).filePath(name + QStringLiteral(".png"))});
    process.waitForFinished(soon);
}

QString DesktopE2e::whatIsShown() const {
    QString out = QStringLiteral("shown:\n");
    for (const Shown& one : all())
        if (one.showing)
            out += QStringLiteral("  %1: %2%3\n")
                       .arg(one.role, one.name, one.enabled ? QString() : QStringLiteral(" (off)"));
    return out;
}

void DesktopE2e::theWizardFindsTheDaemon() {
    QTRY_VERIFY_WITH_TIMEOUT(says(QStringLiteral("Set up fil-fil")), soon);
    picture(QStringLiteral("1-wizard"));
    // With a daemon in its usual folder it may be done before anybody has said a word.
    const auto gone = [this] { return !says(QStringLiteral("Set up fil-fil")); };
    press(QStringLiteral("radio button"), QStringLiteral("A daemon runs on this machine"));
    QTRY_VERIFY_WITH_TIMEOUT(gone() || says(QStringLiteral("Connected to a daemon")), soon);
    QTRY_VERIFY_WITH_TIMEOUT(
        gone() || (press(QStringLiteral("push button"), QStringLiteral("Close; it can be opened again")) && gone()),
        soon);
}

void DesktopE2e::theOverviewSaysThatItIsInStep() {
    QTRY_VERIFY_WITH_TIMEOUT(press(QStringLiteral("push button"), QStringLiteral("Overview")), soon);
    QTRY_VERIFY_WITH_TIMEOUT(says(QStringLiteral("in sync")) && says(QStringLiteral("up to date")), soon);
    QTRY_VERIFY_WITH_TIMEOUT(find(QStringLiteral("push button"), QStringLiteral("Your next slot")).has_value(), soon);
    picture(QStringLiteral("2-overview"));
}

void DesktopE2e::aWindowIsShownOnTheCalendar() {
    QTRY_VERIFY_WITH_TIMEOUT(press(QStringLiteral("push button"), QStringLiteral("Slot calendar")), soon);
    QTRY_VERIFY_WITH_TIMEOUT(says(QStringLiteral("t01000")) || says(QStringLiteral("f01000")), soon);
    picture(QStringLiteral("3-calendar"));
}

void DesktopE2e::aSnapshotIsTakenByHand() {
    const auto before = ask({QStringLiteral("status")}).value(QStringLiteral("snapshots")).toInt();
    QTRY_VERIFY_WITH_TIMEOUT(press(QStringLiteral("push button"), QStringLiteral("Snapshots")), soon);
    QTRY_VERIFY_WITH_TIMEOUT(press(QStringLiteral("push button"), QStringLiteral("Take a snapshot")), soon);
    QTRY_VERIFY_WITH_TIMEOUT(find(QStringLiteral("push button"), QStringLiteral("Take it")).has_value(), soon);
    picture(QStringLiteral("4-take"));
    QVERIFY(press(QStringLiteral("push button"), QStringLiteral("Take it")));
    QTRY_VERIFY_WITH_TIMEOUT(ask({QStringLiteral("status")}).value(QStringLiteral("snapshots")).toInt() > before, soon);
    picture(QStringLiteral("5-snapshots"));
}

void DesktopE2e::aDealGoesAllTheWayToItsPayment() {
    QTRY_VERIFY_WITH_TIMEOUT(press(QStringLiteral("push button"), QStringLiteral("Deals")), soon);
    QTRY_VERIFY_WITH_TIMEOUT(says(QStringLiteral("Paid")) && says(QStringLiteral("t01000")), a_window);
    const auto paid = [this] {
        for (const QJsonValue& deal : ask({QStringLiteral("deals")}).value(QStringLiteral("deals")).toArray())
            for (const QJsonValue& step : deal[QStringLiteral("timeline")].toArray())
                // Not one that the past had stored.
                if (deal[QStringLiteral("stage")] == QStringLiteral("paid") &&
                    step[QStringLiteral("stage")] == QStringLiteral("proposed"))
                    return true;
        return false;
    };
    QTRY_VERIFY_WITH_TIMEOUT(paid(), a_window);
    picture(QStringLiteral("6-deals"));
}

void DesktopE2e::whatWasEarnedIsClaimed() {
    const auto credit = [this] { return ask({QStringLiteral("payouts")}).value(QStringLiteral("credit")).toString(); };
    QTRY_VERIFY_WITH_TIMEOUT(press(QStringLiteral("push button"), QStringLiteral("Payouts")), soon);
    QVERIFY(credit() != QStringLiteral("0"));
    QTRY_VERIFY_WITH_TIMEOUT(press(QStringLiteral("push button"), QStringLiteral("Claim")), soon);
    QTRY_VERIFY_WITH_TIMEOUT(says(QStringLiteral("This is what would be done")), soon);
    picture(QStringLiteral("7-claim"));
    QTRY_VERIFY_WITH_TIMEOUT(press(QStringLiteral("push button"), QStringLiteral("Send it")), soon);
    QTRY_VERIFY_WITH_TIMEOUT(says(QStringLiteral("Send these transactions?")), soon);
    QTRY_VERIFY_WITH_TIMEOUT(press(QStringLiteral("push button"), QStringLiteral("Send$")), soon);
    QTRY_VERIFY_WITH_TIMEOUT(says(QStringLiteral("This is what was done")), a_window);
    QTRY_COMPARE_WITH_TIMEOUT(credit(), QStringLiteral("0"), soon);
    picture(QStringLiteral("8-claimed"));
}

void DesktopE2e::itEndsWellAndTheDaemonGoesOn() {
    m_window->terminate();
    QVERIFY(m_window->waitForFinished(soon));
    QFile said(m_folder.filePath(QStringLiteral("window.log.err")));
    QVERIFY(said.open(QIODevice::ReadOnly));
    const QByteArray text = said.readAll();
    for (const char* bad : {"ReferenceError", "TypeError", "is not installed", "Binding loop"})
        QVERIFY2(!text.contains(bad), text.constData());
    QCOMPARE(ask({QStringLiteral("status")}).value(QStringLiteral("state")).toString(), QStringLiteral("synced"));
}

}    // namespace filfil::e2e

QTEST_GUILESS_MAIN(filfil::e2e::DesktopE2e)
#include "desktop_e2e.moc"
