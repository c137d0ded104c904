// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "gui/model/daemon_starter.hpp"

#include "gui/model/preferences.hpp"

#include <QCoreApplication>
#include <QDeadlineTimer>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QStandardPaths>

#include <csignal>

#include <sys/types.h>

namespace filfil::gui {
namespace {

constexpr int poll_milliseconds = 200;
constexpr qint64 patience_milliseconds = 180'000;
constexpr qint64 most_output = 4096;

/// In the folder of a devnet and its daemon: what lies there may be deleted.
const QString demo_mark = QStringLiteral("made-for-a-look");

bool isAlive(qint64 pid) {
    if (pid <= 0 || ::kill(static_cast<pid_t>(pid), 0) != 0) return false;
    // One that has ended and that nobody has asked for yet is still there.
    QFile stat(QStringLiteral("/proc/%1/stat").arg(pid));
    if (!stat.open(QIODevice::ReadOnly)) return true;
    const QByteArray line = stat.readAll();
    const qsizetype name = line.lastIndexOf(')');
    return name < 0 || line.mid(name + 2, 1) != "Z";
}

void terminate(qint64 pid) {
    if (isAlive(pid)) ::kill(static_cast<pid_t>(pid), SIGTERM);
}

/// The value under that key in the first line of JSON that a program wrote.
QString firstSaid(const QString& path, const QString& key) {
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) return {};
    while (!file.atEnd()) {
        const QByteArray line = file.readLine(64 << 10);
        if (!line.startsWith('{') || !line.endsWith('\n')) continue;
        const QString value = QJsonDocument::fromJson(line).object().value(key).toString();
        if (!value.isEmpty()) return value;
    }
    return {};
}

}    // namespace

DaemonStarter::DaemonStarter(QObject* parent) : QObject(parent) {
    const QString beside = QDir(QCoreApplication::applicationDirPath()).filePath(QStringLiteral("fil-fil"));
    m_program = QFileInfo(beside).isExecutable() ? beside : QStandardPaths::findExecutable(QStringLiteral("fil-fil"));
    m_poll.setInterval(poll_milliseconds);
    connect(&m_poll, &QTimer::timeout, this, &DaemonStarter::poll);
}

DaemonStarter::~DaemonStarter() {
    if (!m_stopAtExit) return;
    terminate(m_daemon.pid);
    terminate(m_devnet.pid);
}

void DaemonStarter::setProgram(const QString& path) {
    m_program = path;
    emit changed();
}

void DaemonStarter::setStopAtExit(bool stop) {
    m_stopAtExit = stop;
    emit changed();
}

void DaemonStarter::set(State state, const QString& sentence) {
    m_state = state;
    m_sentence = sentence;
    m_remedy.clear();
    emit changed();
}

void DaemonStarter::fail(const QString& sentence, const QString& remedy) {
    m_poll.stop();
    terminate(m_daemon.pid);
    terminate(m_devnet.pid);
    m_daemon.pid = m_devnet.pid = 0;
    m_state = Failed;
    m_sentence = sentence;
    m_remedy = remedy;
    emit changed();
}

bool DaemonStarter::prepareFolder(const QString& folder) {
    if (QDir().mkpath(folder)) return true;
    fail(tr("%1 cannot be made").arg(folder), tr("choose a folder that you may write to"));
    return false;
}

bool DaemonStarter::prepareDemo(const QString& folder) {
    QDir data(folder);
    if (data.exists() && !data.isEmpty()) {
        if (!data.exists(demo_mark)) {
            fail(tr("%1 holds something else, and a chain that is made up would be mixed with it").arg(folder),
                 tr("choose an empty folder"));
            return false;
        }
        data.removeRecursively();
    }
    if (!prepareFolder(folder)) return false;
    QFile mark(QDir(folder).filePath(demo_mark));
    if (mark.open(QIODevice::WriteOnly)) return true;
    fail(tr("%1: %2").arg(mark.fileName(), mark.errorString()), tr("choose a folder that you may write to"));
    return false;
}

bool DaemonStarter::launch(Child& child, const QStringList& arguments) {
    if (m_program.isEmpty()) {
        fail(tr("The program fil-fil is not found"),
             tr("install it beside this one, or name its path in the settings"));
        return false;
    }
    QFile::remove(child.log);
    QProcess process;
    process.setProgram(m_program);
    process.setArguments(arguments);
    process.setStandardInputFile(QProcess::nullDevice());
    process.setStandardOutputFile(child.log, QIODevice::Append);
    process.setStandardErrorFile(child.log, QIODevice::Append);
    if (process.startDetached(&child.pid)) return true;
    child.pid = 0;
    fail(tr("%1 cannot be started: %2").arg(m_program, process.errorString()),
         tr("see whether it is there and may be run"));
    return false;
}

void DaemonStarter::startDaemon(const QVariantMap& options) {
    if (m_state == Starting || m_state == Running) return;
    const auto text = [&](const char* name) { return options.value(QLatin1String(name)).toString(); };
    const QString folder = text("folder").isEmpty() ? Preferences::defaultDataFolder() : text("folder");
    // A data folder is the daemon's alone: what it says goes elsewhere.
    const QString logs = QDir(QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation))
                             .filePath(QStringLiteral("fil-fil-desktop"));
    if (!prepareFolder(logs)) return;
    m_folder = folder;
    QStringList arguments = {QStringLiteral("daemon"), QStringLiteral("--json"), QStringLiteral("--data"), folder};
    const auto give = [&](const char* option, const QString& value) {
        if (!value.isEmpty()) arguments << QLatin1String(option) << value;
    };
    give("--network", text("network"));
    give("--node", text("node"));
    give("--node-token-file", text("nodeTokenFile"));
    give("--bootstrap", text("bootstrap"));
    give("--retrieval", text("retrieval"));
    give("--api", text("api"));
    arguments << options.value(QStringLiteral("extra")).toStringList();
    m_devnet = {};
    m_daemon = {0, QDir(logs).filePath(QStringLiteral("daemon.log")), tr("the daemon")};
    m_daemonArguments = arguments;
    m_stopping = false;
    m_startedAt = QDeadlineTimer::current().deadline();
    set(Starting, tr("Starting the daemon"));
    if (launch(m_daemon, arguments)) m_poll.start();
}

void DaemonStarter::startDevnet(const QVariantMap& options) {
    if (m_state == Starting || m_state == Running) return;
    const auto given = [&](const char* option, const char* name) {
        const QString value = options.value(QLatin1String(name)).toString();
        return value.isEmpty() ? QStringList() : QStringList{QLatin1String(option), value};
    };
    const QString asked = options.value(QStringLiteral("folder")).toString();
    const QString folder =
        asked.isEmpty() ? QString(Preferences::defaultDataFolder() + QStringLiteral("-demo")) : asked;
    if (!prepareDemo(folder)) return;
    m_folder = QDir(folder).filePath(QStringLiteral("data"));
    m_devnet = {0, QDir(folder).filePath(QStringLiteral("devnet.log")), tr("the devnet")};
    m_daemon = {0, QDir(folder).filePath(QStringLiteral("daemon.log")), tr("the daemon")};
    // The devnet writes the daemon's settings: which node, which contract, which provider is one's own.
    m_daemonArguments =
        QStringList{QStringLiteral("daemon"), QStringLiteral("--json"),     QStringLiteral("--data"), m_folder,
                    QStringLiteral("--api"),  QStringLiteral("127.0.0.1:0")} +
        options.value(QStringLiteral("daemonExtra")).toStringList();
    m_stopping = false;
    m_startedAt = QDeadlineTimer::current().deadline();
    set(Starting, tr("Starting a node that makes a chain as it goes"));
    const QStringList arguments = QStringList{QStringLiteral("devnet"),
                                              QStringLiteral("--json"),
                                              QStringLiteral("--port"),
                                              QStringLiteral("0"),
                                              QStringLiteral("--contract"),
                                              QStringLiteral("--daemon"),
                                              m_folder} +
                                  given("--state", "state") + given("--tipset", "tipset") +
                                  given("--period", "period") + options.value(QStringLiteral("extra")).toStringList();
    if (launch(m_devnet, arguments)) m_poll.start();
}

void DaemonStarter::readOutput() {
    QString text;
    for (const Child* child : {&m_devnet, &m_daemon}) {
        QFile file(child->log);
        if (child->log.isEmpty() || !file.open(QIODevice::ReadOnly)) continue;
        if (file.size() > most_output) file.seek(file.size() - most_output);
        text += QString::fromUtf8(file.read(most_output));
    }
    if (text == m_output) return;
    m_output = text;
    emit outputChanged();
}

void DaemonStarter::poll() {
    readOutput();
    if (m_stopping) {
        if (isAlive(m_daemon.pid)) return;
        m_daemon.pid = 0;
        terminate(m_devnet.pid);
        if (isAlive(m_devnet.pid)) return;
        m_devnet.pid = 0;
        m_poll.stop();
        return set(Stopped, tr("Stopped"));
    }
    for (const Child* child : {&m_devnet, &m_daemon}) {
        if (child->pid == 0 || isAlive(child->pid)) continue;
        // Its last line says why, as a rule.
        const QStringList lines = m_output.split(u'\n', Qt::SkipEmptyParts);
        const QString last = lines.isEmpty() ? QString() : lines.last();
        return fail(last.isEmpty() ? tr("%1 ended without a word").arg(child->title)
                                   : tr("%1 ended: %2").arg(child->title, last),
                    tr("its output says more; mend what it names and try again"));
    }
    if (m_state != Starting) return;
    if (QDeadlineTimer::current().deadline() - m_startedAt > patience_milliseconds)
        return fail(tr("It does not get ready"), tr("its output says more"));
    if (m_daemon.pid == 0) {
        if (firstSaid(m_devnet.log, QStringLiteral("url")).isEmpty()) return;
        set(Starting, tr("Starting a daemon over it"));
        launch(m_daemon, m_daemonArguments);
        return;
    }
    if (firstSaid(m_daemon.log, QStringLiteral("api")).isEmpty()) return;
    set(Running, m_devnet.pid == 0 ? tr("The daemon runs") : tr("A devnet and a daemon over it run"));
    emit running(m_folder);
}

void DaemonStarter::stop() {
    if (m_daemon.pid == 0 && m_devnet.pid == 0) return;
    m_stopping = true;
    terminate(m_daemon.pid);
    if (m_daemon.pid == 0) terminate(m_devnet.pid);
    set(m_state, tr("Stopping"));
    m_poll.start();
}

}    // namespace filfil::gui
