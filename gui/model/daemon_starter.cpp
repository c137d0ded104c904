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

#include <algorithm>
#include <csignal>
#include <utility>

#include <sys/types.h>
#include <unistd.h>

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

/// Where the daemon of a demo has its data.
QString dataOfDemo(const QString& folder) { return QDir(folder).filePath(QStringLiteral("data")); }

void terminate(qint64 pid) {
    if (isAlive(pid)) ::kill(static_cast<pid_t>(pid), SIGTERM);
}

/// How every devnet and every daemon over one begins that this program starts: no other program's words are these.
QStringList devnetWords(const QString& data) {
    return {QStringLiteral("devnet"),
            QStringLiteral("--json"),
            QStringLiteral("--port"),
            QStringLiteral("0"),
            QStringLiteral("--contract"),
            QStringLiteral("--daemon"),
            data};
}

QStringList demoDaemonWords(const QString& data) {
    return {QStringLiteral("daemon"), QStringLiteral("--json"),     QStringLiteral("--data"), data,
            QStringLiteral("--api"),  QStringLiteral("127.0.0.1:0")};
}

/// The words of a command line; none where there is no such process, or it is another user's.
QStringList wordsOf(const QString& pid) {
    const QString folder = QStringLiteral("/proc/") + pid;
    QFile file(folder + QStringLiteral("/cmdline"));
    if (QFileInfo(folder).ownerId() != ::geteuid() || !file.open(QIODevice::ReadOnly)) return {};
    return QString::fromUtf8(file.readAll()).split(u'\0');
}

/// The devnet and the daemon of a demo over that data folder, whoever started them. A kept number of a process could
/// meanwhile be another's: its words cannot.
QList<qint64> demoOver(const QString& data) {
    QList<qint64> out;
    const auto has = [](const QStringList& words, const QStringList& these) {
        return std::search(words.begin(), words.end(), these.begin(), these.end()) != words.end();
    };
    for (const QString& name : QDir(QStringLiteral("/proc")).entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
        const qint64 pid = name.toLongLong();
        if (pid <= 0) continue;
        const QStringList words = wordsOf(name);
        if ((has(words, devnetWords(data)) || has(words, demoDaemonWords(data))) && isAlive(pid)) out << pid;
    }
    return out;
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
    if (!m_stopAtExit && !m_demo) return;
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
    m_stopping = false;
    m_leftFolder.clear();
    m_next = nullptr;
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
        if (!data.removeRecursively()) {
            fail(tr("%1 cannot be emptied").arg(folder), tr("delete it by hand, or see who owns what lies there"));
            return false;
        }
    }
    if (!prepareFolder(folder)) return false;
    QFile mark(QDir(folder).filePath(demo_mark));
    if (mark.open(QIODevice::WriteOnly)) return true;
    fail(tr("%1: %2").arg(mark.fileName(), mark.errorString()), tr("choose a folder that you may write to"));
    return false;
}

bool DaemonStarter::isEndedDemo(const QString& data) {
    return !data.isEmpty() && QFileInfo::exists(QDir(data).filePath(QStringLiteral("../") + demo_mark)) &&
           demoOver(data).isEmpty();
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

/// @return whether nothing that was started here is in the way; else `start` is called once that is so
bool DaemonStarter::makesRoom(const std::function<void()>& start) {
    const bool runs = m_daemon.pid != 0 || m_devnet.pid != 0;
    if (!runs && m_leftFolder.isEmpty()) return true;
    if (runs && !m_demo && !m_stopAtExit && !m_stopping) {
        // An operator's daemon ends when its operator says so.
        m_poll.stop();
        m_daemon = {};
        return true;
    }
    if (runs && !m_stopping) stop();
    waitToStart(start);
    return false;
}

void DaemonStarter::waitToStart(const std::function<void()>& start) {
    m_next = start;
    m_startedAt = QDeadlineTimer::current().deadline();
    set(Starting, tr("Ending what ran before"));
    m_poll.start();
}

/// @return whether it was, and is said
bool DaemonStarter::waitedTooLongFor(qint64 pid) {
    if (!m_next || QDeadlineTimer::current().deadline() - m_startedAt <= patience_milliseconds) return false;
    fail(tr("What ran before does not end: process %1").arg(pid), tr("end it by hand (kill %1)").arg(pid));
    return true;
}

void DaemonStarter::startDaemon(const QVariantMap& options) {
    const QString asked = options.value(QStringLiteral("folder")).toString();
    const QString folder = asked.isEmpty() ? Preferences::defaultDataFolder() : asked;
    if (!m_demo && !m_stopping && m_daemon.pid != 0 && QDir(m_folder) == QDir(folder)) {
        emit failed(
            tr("The daemon over %1 was started already").arg(folder),
            tr("connect to it by its data folder; to start it otherwise end it first (kill %1)").arg(m_daemon.pid));
        return;
    }
    if (makesRoom([this, options] { startDaemon(options); })) launchDaemon(folder, options);
}

void DaemonStarter::launchDaemon(const QString& folder, const QVariantMap& options) {
    const auto text = [&](const char* name) { return options.value(QLatin1String(name)).toString(); };
    // A data folder is the daemon's alone: what it says goes elsewhere.
    const QString logs = QDir(QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation))
                             .filePath(QStringLiteral("fil-fil-desktop"));
    if (!prepareFolder(logs)) return;
    m_demo = false;
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
    const QString asked = options.value(QStringLiteral("folder")).toString();
    const QString folder =
        asked.isEmpty() ? QString(Preferences::defaultDataFolder() + QStringLiteral("-demo")) : asked;
    const auto again = [this, options] { startDevnet(options); };
    if (!makesRoom(again)) return;
    const QList<qint64> left = demoOver(dataOfDemo(folder));
    if (left.isEmpty()) return launchDevnet(folder, options);
    m_leftFolder = dataOfDemo(folder);
    for (const qint64 pid : left) terminate(pid);
    waitToStart(again);
}

void DaemonStarter::launchDevnet(const QString& folder, const QVariantMap& options) {
    const auto given = [&](const char* option, const char* name) {
        const QString value = options.value(QLatin1String(name)).toString();
        return value.isEmpty() ? QStringList() : QStringList{QLatin1String(option), value};
    };
    if (!prepareDemo(folder)) return;
    m_demo = true;
    m_folder = dataOfDemo(folder);
    m_devnet = {0, QDir(folder).filePath(QStringLiteral("devnet.log")), tr("the devnet")};
    m_daemon = {0, QDir(folder).filePath(QStringLiteral("daemon.log")), tr("the daemon")};
    // The devnet writes the daemon's settings: which node, which contract, which provider is one's own.
    m_daemonArguments = demoDaemonWords(m_folder) + options.value(QStringLiteral("daemonExtra")).toStringList();
    m_stopping = false;
    m_startedAt = QDeadlineTimer::current().deadline();
    set(Starting, tr("Starting a node that makes a chain as it goes"));
    const QStringList arguments = devnetWords(m_folder) + given("--state", "state") + given("--tipset", "tipset") +
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
    if (!m_leftFolder.isEmpty()) {
        const QList<qint64> left = demoOver(m_leftFolder);
        if (left.isEmpty()) return onStopped();
        waitedTooLongFor(left.first());
        return;
    }
    if (m_stopping) {
        if (isAlive(m_daemon.pid)) {
            waitedTooLongFor(m_daemon.pid);
            return;
        }
        m_daemon.pid = 0;
        terminate(m_devnet.pid);
        if (isAlive(m_devnet.pid)) {
            waitedTooLongFor(m_devnet.pid);
            return;
        }
        m_devnet.pid = 0;
        return onStopped();
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

void DaemonStarter::onStopped() {
    m_poll.stop();
    m_stopping = false;
    m_leftFolder.clear();
    const auto next = std::exchange(m_next, nullptr);
    set(Stopped, tr("Stopped"));
    if (next) next();
}

void DaemonStarter::stop() {
    m_next = nullptr;
    if (m_daemon.pid == 0 && m_devnet.pid == 0) return;
    m_stopping = true;
    terminate(m_daemon.pid);
    if (m_daemon.pid == 0) terminate(m_devnet.pid);
    set(m_state, tr("Stopping"));
    m_poll.start();
}

}    // namespace filfil::gui
