// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "desk.hpp"

#include "patience.hpp"

#include <QDir>
#include <QFile>
#include <QStandardPaths>

namespace filfil::e2e {
namespace {

const QString window_program = QStringLiteral("fil-fil-desktop");

bool isControl(const Shown& one) {
    static const QStringList roles = {QStringLiteral("push button"), QStringLiteral("page tab"),
                                      QStringLiteral("radio button"), QStringLiteral("check box"),
                                      QStringLiteral("toggle button")};
    return one.showing && roles.contains(one.role);
}

bool isNamed(const Shown& one, const QString& start) {
    return start.endsWith(QLatin1Char('$')) ? one.name == start.chopped(1) : one.name.startsWith(start);
}

}    // namespace

QString Desk::missing() {
    for (const char* needed : {"Xvfb", "openbox", "import"})
        if (QStandardPaths::findExecutable(QLatin1String(needed)).isEmpty())
            return QStringLiteral("there is no %1 here: the window is not tried on a display")
                .arg(QLatin1String(needed));
    if (const QString why = m_reader.connect(); !why.isEmpty())
        return QStringLiteral("there is no accessibility bus (at-spi2-core): %1").arg(why);
    return {};
}

QString Desk::begin() {
    if (!m_folder.isValid()) return m_folder.errorString();
    m_environment = QProcessEnvironment::systemEnvironment();
    m_environment.insert(QStringLiteral("HOME"), m_folder.path());
    m_environment.insert(QStringLiteral("XDG_DATA_HOME"), path(QStringLiteral("share")));
    m_environment.insert(QStringLiteral("XDG_CONFIG_HOME"), path(QStringLiteral("config")));
    m_environment.insert(QStringLiteral("QT_QPA_PLATFORM"), QStringLiteral("xcb"));
    m_environment.insert(QStringLiteral("QT_LINUX_ACCESSIBILITY_ALWAYS_ON"), QStringLiteral("1"));
    m_environment.insert(QStringLiteral("LC_ALL"), QStringLiteral("C.UTF-8"));
    m_environment.remove(QStringLiteral("WAYLAND_DISPLAY"));
    QDir().mkpath(path(QStringLiteral("share")));
    // The server says which display it is. It takes its lock away where it is asked to end.
    m_server =
        startChild(m_environment, QStringLiteral("Xvfb"),
                   {QStringLiteral("-displayfd"), QStringLiteral("1"), QStringLiteral("-screen"), QStringLiteral("0"),
                    QStringLiteral("1400x900x24"), QStringLiteral("-nolisten"), QStringLiteral("tcp")},
                   {}, SIGTERM);
    if (!m_server->waitForReadyRead(soon)) return QStringLiteral("Xvfb does not say which display it is");
    m_environment.insert(QStringLiteral("DISPLAY"),
                         QLatin1Char(':') + QString::fromLatin1(m_server->readLine()).trimmed());
    m_manager = startChild(m_environment, QStringLiteral("openbox"), {}, path(QStringLiteral("openbox.log")));
    return {};
}

QString Desk::startWindow(const QByteArray& settings) {
    QFile file(path(QStringLiteral("desktop.ini")));
    if (!file.open(QIODevice::WriteOnly) || file.write(settings) < 0) return file.errorString();
    file.close();
    m_window = startChild(m_environment, program("fil-fil-desktop"), {QStringLiteral("--settings"), file.fileName()},
                          path(QStringLiteral("window.log")));
    const auto isThere = [this] { return m_reader.all(window_program).size() > 5; };
    return QTest::qWaitFor(isThere, soon)
               ? QString()
               : QStringLiteral("the window does not come: ") + QString::fromUtf8(complaints());
}

void Desk::end() {
    endChild(m_window);
    endChild(m_manager);
    endChild(m_server);
}

QByteArray Desk::complaints() const {
    QFile said(path(QStringLiteral("window.log.err")));
    return said.open(QIODevice::ReadOnly) ? said.readAll() : QByteArray();
}

std::optional<Shown> Desk::first(const std::function<bool(const Shown&)>& fits) const {
    return m_reader.first(window_program, fits);
}

std::optional<Shown> Desk::control(const QString& start) const {
    return first([&start](const Shown& one) { return isControl(one) && isNamed(one, start); });
}

bool Desk::says(const QString& part) const {
    return first([&part](const Shown& one) { return one.showing && one.name.contains(part); }).has_value();
}

bool Desk::press(const QString& start) {
    const auto found = control(start);
    // Qt 6.4 calls all of them enabled; a button that is off says so.
    if (!found || !found->enabled || m_reader.description(*found).endsWith(QLatin1String("off for now"))) return false;
    // What is gone with its press has nothing more to answer: what comes of it is looked for.
    m_reader.act(*found);
    return true;
}

bool Desk::write(const QString& field, const QString& text) {
    const auto found = first([&field](const Shown& one) {
        return one.showing && one.enabled && one.role == QLatin1String("text") && isNamed(one, field);
    });
    return found && m_reader.write(*found, text);
}

bool Desk::addDaemon(const QString& name, const QString& folder) {
    const auto pressed = [this](const QString& button) { return QTest::qWaitFor([&] { return press(button); }, soon); };
    return pressed(QStringLiteral("Settings")) && pressed(QStringLiteral("Daemons$")) &&
           pressed(QStringLiteral("Add a daemon")) &&
           QTest::qWaitFor([&] { return write(QStringLiteral("Data folder$"), folder); }, soon) &&
           QTest::qWaitFor([&] { return write(QStringLiteral("Name$"), name); }, soon) &&
           pressed(QStringLiteral("Save and connect"));
}

bool Desk::chooseDaemon(const QString& now, const QString& name) {
    // The name of a lost one is another while it is tried again.
    return QTest::qWaitFor([&] { return press(now); }, soon) &&
           QTest::qWaitFor([&] { return press(name + u'$'); }, soon);
}

void Desk::picture(const QString& name) const {
    const QString folder = QString::fromLocal8Bit(qgetenv("FILFIL_PICTURES"));
    if (folder.isEmpty()) return;
    QDir().mkpath(folder);
    QProcess process;
    process.setProcessEnvironment(m_environment);
    dieTogether(process);
    process.start(QStringLiteral("import"), {QStringLiteral("-window"), QStringLiteral("root"),
                                             QDir(folder).filePath(name + QStringLiteral(".png"))});
    process.waitForFinished(soon);
}

QString Desk::whatIsShown() const {
    QString out = QStringLiteral("shown:\n");
    for (const Shown& one : m_reader.all(window_program))
        if (one.showing)
            out += QStringLiteral("  %1: %2%3\n")
                       .arg(one.role, one.name, one.enabled ? QString() : QStringLiteral(" (off)"));
    return out;
}

}    // namespace filfil::e2e
