// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// desktop_bench --desktop PROGRAM [--windows N] [--rounds N] [--idle SECONDS] [--out FILE]: what the window takes,
// beside a made daemon with N windows of other providers in its contract and a commP under way.
//   first frame   the program from its start to its first frame, --rounds times
//   handlers      CPU time of the GUI thread for each event while every page is opened, scrolled, filtered and left
//   alone idle          CPU of the program with its animations off, nobody touching it, for --idle seconds a page
// The program is run on the display of the environment; the handlers are measured with Qt's offscreen platform.

#include "gui/model/preferences.hpp"
#include "gui/model/session.hpp"
#include "tests/gui/bench/daemon_thread.hpp"
#include "tests/gui/bench/handler_clock.hpp"
#include "tests/gui/quick/stage.hpp"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QJsonDocument>
#include <QKeyEvent>
#include <QProcess>
#include <QRegularExpression>
#include <QSettings>
#include <QWheelEvent>

#include <unistd.h>
#include <algorithm>
#include <cmath>
#include <cstdio>

namespace filfil::gui::test {
namespace {

struct Wanted {
    QString desktop;
    QString out;
    int windows = 10'000;
    int rounds = 7;
    int idle = 30;
};

const QStringList pages{QStringLiteral("overview"), QStringLiteral("calendar"), QStringLiteral("snapshots"),
                        QStringLiteral("deals"),    QStringLiteral("payouts"),  QStringLiteral("verifier"),
                        QStringLiteral("devices"),  QStringLiteral("log"),      QStringLiteral("settings")};

/// The value below which `share` of them lie; 0 of none. Sorts them.
double quantile(std::vector<double>& values, double share) {
    if (values.empty()) return 0;
    std::sort(values.begin(), values.end());
    const auto at = static_cast<std::size_t>(std::ceil(share * static_cast<double>(values.size())));
    return values[std::clamp<std::size_t>(at, 1, values.size()) - 1];
}

QJsonObject row(const QString& name, const QString& unit, double value) {
    std::printf("%-46s %10.3f %s\n", qPrintable(name), value, qPrintable(unit));
    std::fflush(stdout);
    return {{QStringLiteral("name"), name}, {QStringLiteral("unit"), unit}, {QStringLiteral("value"), value}};
}

/// Settings of a user who is past the wizard and has that daemon.
QString settings_of(const QTemporaryDir& folder, const QString& url, const QString& page) {
    const QString file = folder.filePath(QStringLiteral("settings-%1.ini").arg(page));
    Preferences kept(file);
    kept.setWizardDone(true);
    kept.setReduceMotion(true);
    kept.setValue(QStringLiteral("window/page"), page);
    // Of those before it nothing is left to connect to.
    kept.setDaemon(
        kept.addDaemon({{QStringLiteral("name"), QStringLiteral("made")},
                        {QStringLiteral("url"), url},
                        {QStringLiteral("tokenFile"), kept.saveToken(QStringLiteral("made"), QStringLiteral("t"))}}));
    return file;
}

QProcessEnvironment display() {
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.remove(QStringLiteral("QSG_RENDER_LOOP"));
    if (environment.contains(QStringLiteral("DISPLAY")))
        environment.insert(QStringLiteral("QT_QPA_PLATFORM"), QStringLiteral("xcb"));
    return environment;
}

bool first_frame(const Wanted& wanted, const QTemporaryDir& folder, QJsonArray& rows) {
    DaemonThread daemon(wanted.windows, true);
    const QString settings = settings_of(folder, daemon.begin(), QStringLiteral("overview"));
    std::vector<double> seconds;
    for (int round = 0; round < wanted.rounds; ++round) {
        QProcess program;
        program.setProcessEnvironment(display());
        QElapsedTimer clock;
        clock.start();
        program.start(wanted.desktop, {QStringLiteral("--settings"), settings, QStringLiteral("--first-frame")});
        if (!program.waitForFinished(60'000) || program.exitCode() != 0) {
            std::fprintf(stderr, "desktop_bench: %s shows no first frame: %s\n", qPrintable(wanted.desktop),
                         program.readAllStandardError().constData());
            program.kill();
            program.waitForFinished();
            return false;
        }
        const double told = QJsonDocument::fromJson(program.readAllStandardOutput().split('\n').constFirst())
                                .object()
                                .value(QLatin1String("first_frame_seconds"))
                                .toDouble(-1);
        if (told > 0) seconds.push_back(told);
    }
    rows << row(QStringLiteral("first frame, median"), QStringLiteral("s"), quantile(seconds, 0.5))
         << row(QStringLiteral("first frame, slowest"), QStringLiteral("s"), quantile(seconds, 1));
    return true;
}

void key(QQuickWindow& window, int code, const QString& text = {}) {
    for (const QEvent::Type type : {QEvent::KeyPress, QEvent::KeyRelease}) {
        QKeyEvent event(type, code, Qt::NoModifier, text);
        QCoreApplication::sendEvent(&window, &event);
    }
}

void wheel(QQuickWindow& window, int notches) {
    const QPointF at(window.width() * 0.6, window.height() * 0.6);
    for (int i = 0; i < std::abs(notches); ++i) {
        QWheelEvent event(at, window.mapToGlobal(at), {}, QPoint(0, notches > 0 ? -120 : 120), Qt::NoButton,
                          Qt::NoModifier, Qt::NoScrollPhase, false);
        QCoreApplication::sendEvent(&window, &event);
        Stage::run(15);
    }
}

bool handlers(const Wanted& wanted, HandlerClock& clock, QJsonArray& rows) {
    DaemonThread daemon(wanted.windows, true);
    const QString url = daemon.begin();
    Stage stage(Mood::Empty, false);
    if (!stage.good()) return false;
    QQuickWindow& window = stage.window();
    window.resize(1280, 800);
    clock.setPlace(QStringLiteral("connecting"));
    clock.watch(window);
    Preferences& kept = *stage.app().preferences();
    stage.app().session()->connectTo(
        kept.addDaemon({{QStringLiteral("name"), QStringLiteral("busy")},
                        {QStringLiteral("url"), url},
                        {QStringLiteral("tokenFile"), kept.saveToken(QStringLiteral("busy"), QStringLiteral("t"))}}));
    if (!Stage::until([&stage] { return stage.app().session()->online(); }, 20'000)) return false;
    Stage::run(3000);
    for (int turn = 0; turn < 2; ++turn) {
        for (const QString& page : pages) {
            clock.setPlace(page);
            stage.open(page);
            Stage::run(600);
            wheel(window, 12);
            wheel(window, -12);
            if (page == QLatin1String("calendar"))
                for (const int code : {Qt::Key_Right, Qt::Key_Right, Qt::Key_Down, Qt::Key_Down, Qt::Key_PageDown,
                                       Qt::Key_PageUp, Qt::Key_Home, Qt::Key_End, Qt::Key_Left}) {
                    key(window, code);
                    Stage::run(40);
                }
            if (QQuickItem* filter = stage.named(QStringLiteral("Filter"))) {
                stage.press(filter);
                for (const char letter : {'t', '0', '1'}) {
                    key(window, Qt::Key_A, QString(QLatin1Char(letter)));
                    Stage::run(60);
                }
                for (int i = 0; i < 3; ++i) key(window, Qt::Key_Backspace);
            }
            Stage::run(600);
        }
    }
    clock.setPlace(QStringLiteral("left alone"));
    stage.open(QStringLiteral("overview"));
    Stage::run(15'000);

    std::vector<double> seconds;
    std::vector<HandlerClock::Handled> longest = clock.handled();
    for (const HandlerClock::Handled& one : longest) seconds.push_back(one.seconds);
    std::vector<double> rendered = clock.rendered();
    rows << row(QStringLiteral("handlers: events"), QStringLiteral("events"), static_cast<double>(seconds.size()))
         << row(QStringLiteral("handlers: median"), QStringLiteral("ms"), quantile(seconds, 0.5) * 1e3)
         << row(QStringLiteral("handlers: p99"), QStringLiteral("ms"), quantile(seconds, 0.99) * 1e3)
         << row(QStringLiteral("handlers: p99.9"), QStringLiteral("ms"), quantile(seconds, 0.999) * 1e3)
         << row(QStringLiteral("handlers: longest"), QStringLiteral("ms"), quantile(seconds, 1) * 1e3)
         << row(QStringLiteral("rendering of a frame: median"), QStringLiteral("ms"), quantile(rendered, 0.5) * 1e3)
         << row(QStringLiteral("rendering of a frame: p99"), QStringLiteral("ms"), quantile(rendered, 0.99) * 1e3);
    std::sort(longest.begin(), longest.end(), [](const auto& a, const auto& b) { return a.seconds > b.seconds; });
    longest.resize(std::min<std::size_t>(longest.size(), 12));
    for (const HandlerClock::Handled& one : longest)
        std::printf("  %7.2f ms  %-12s event %d of %s\n", one.seconds * 1e3, qPrintable(one.place), one.type,
                    one.receiver.constData());
    return true;
}

/// CPU seconds of a process and its threads, user and system; < 0 where it is gone.
double cpu_of(qint64 process) {
    QFile stat(QStringLiteral("/proc/%1/stat").arg(process));
    if (!stat.open(QIODevice::ReadOnly)) return -1;
    const QByteArray text = stat.readAll();
    const QList<QByteArray> words = text.mid(text.lastIndexOf(')') + 2).split(' ');
    if (words.size() < 13) return -1;
    return (words[11].toDouble() + words[12].toDouble()) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

bool idle(const Wanted& wanted, const QTemporaryDir& folder, QJsonArray& rows) {
    for (const bool busy : {false, true}) {
        for (const char* page : {"overview", "calendar"}) {
            DaemonThread daemon(wanted.windows, busy);
            const QString settings = settings_of(folder, daemon.begin(), QString::fromLatin1(page));
            QProcess program;
            program.setProcessEnvironment(display());
            program.start(wanted.desktop, {QStringLiteral("--settings"), settings});
            if (!program.waitForStarted()) {
                std::fprintf(stderr, "desktop_bench: %s does not start: %s\n", qPrintable(wanted.desktop),
                             qPrintable(program.errorString()));
                return false;
            }
            Stage::run(6000);    // until all is loaded
            const double before = cpu_of(program.processId());
            QElapsedTimer clock;
            clock.start();
            Stage::run(wanted.idle * 1000);
            const double after = cpu_of(program.processId());
            const double share = (after - before) / (static_cast<double>(clock.nsecsElapsed()) / 1e9);
            program.terminate();
            if (!program.waitForFinished(10'000)) program.kill();
            program.waitForFinished();
            if (before < 0 || after < 0) {
                std::fprintf(stderr, "desktop_bench: %s ended by itself\n", qPrintable(wanted.desktop));
                return false;
            }
            rows << row(QStringLiteral("idle on %1, %2")
                            .arg(QString::fromLatin1(page),
                                 busy ? QStringLiteral("a commP under way") : QStringLiteral("nothing under way")),
                        QStringLiteral("% of a core"), share * 100);
        }
    }
    return true;
}

int usage() {
    std::fputs("desktop_bench --desktop PROGRAM [--windows N] [--rounds N] [--idle SECONDS] [--out FILE]\n", stderr);
    return 2;
}

}    // namespace
}    // namespace filfil::gui::test

int main(int argc, char** argv) {
    using namespace filfil::gui::test;
    qputenv("QT_QPA_PLATFORM", "offscreen");
    // One thread renders and handles: so its frames can be told from the rest.
    qputenv("QSG_RENDER_LOOP", "basic");
    HandlerClock application(argc, argv);
    Wanted wanted;
    const QStringList words = QCoreApplication::arguments();
    for (qsizetype i = 1; i < words.size(); i += 2) {
        if (i + 1 == words.size()) return usage();
        const QString& value = words[i + 1];
        bool good = true;
        if (words[i] == QLatin1String("--desktop"))
            wanted.desktop = value;
        else if (words[i] == QLatin1String("--out"))
            wanted.out = value;
        else if (words[i] == QLatin1String("--windows"))
            wanted.windows = value.toInt(&good);
        else if (words[i] == QLatin1String("--rounds"))
            wanted.rounds = value.toInt(&good);
        else if (words[i] == QLatin1String("--idle"))
            wanted.idle = value.toInt(&good);
        else
            return usage();
        if (!good) return usage();
    }
    if (wanted.desktop.isEmpty()) return usage();

    const QTemporaryDir folder;
    QJsonArray rows;
    const bool done =
        first_frame(wanted, folder, rows) && handlers(wanted, application, rows) && idle(wanted, folder, rows);
    if (!wanted.out.isEmpty()) {
        QFile file(wanted.out);
        if (!file.open(QIODevice::WriteOnly) ||
            file.write(QJsonDocument(QJsonObject{{QStringLiteral("rows"), rows}}).toJson()) < 0) {
            std::fprintf(stderr, "desktop_bench: cannot write %s: %s\n", qPrintable(wanted.out),
                         qPrintable(file.errorString()));
            return 2;
        }
    }
    return done ? 0 : 1;
}
