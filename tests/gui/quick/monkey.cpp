// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// desktop_monkey [--seed N] [--seconds S] [--share PERCENT]: does to the window whatever comes to its mind, over
// daemons whose condition changes, and tells each step, so that the last line says what broke it. The same seed does
// the same as far as the event loop allows. With --share it takes that much of one core, for long runs. Ends with 1
// where QML complained or the window is not right after all that.

#include "gui/desktop/languages.hpp"
#include "gui/model/preferences.hpp"
#include "gui/model/session.hpp"
#include "tests/gui/quick/monkey_hands.hpp"
#include "tests/gui/quick/monkey_weather.hpp"

#include <QAccessible>
#include <QApplication>
#include <QCommandLineParser>
#include <QDir>
#include <QElapsedTimer>

#include <cstdio>
#include <ctime>

namespace {

using namespace filfil::gui;
using namespace filfil::gui::test;

/// What QML told of itself: a binding that broke is a defect. Qt's handler of messages has no room for an object.
int complaints = 0;
QtMessageHandler handler_before = nullptr;

void listen(QtMsgType type, const QMessageLogContext& context, const QString& message) {
    if (type == QtWarningMsg && message.contains(QLatin1String("qrc:/qt/qml/FilFil/"))) {
        ++complaints;
        std::printf("COMPLAINT: %s\n", qPrintable(message));
        return;
    }
    if (handler_before != nullptr) handler_before(type, context, message);
}

double cpuSeconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

/// What the window has to show on a good day. @return what is wrong, "" for nothing
QString wrongAfterwards(Stage& stage) {
    if (!Stage::until([&] { return stage.app().session()->online(); }, 30'000))
        return QStringLiteral("it does not find its daemon: ") + stage.app().session()->sentence();
    for (const char* name : {"overview", "calendar", "snapshots", "deals", "payouts", "devices", "log", "settings"}) {
        QQuickItem* page = stage.open(QString::fromLatin1(name));
        if (page == nullptr) return QStringLiteral("there is no page ") + QString::fromLatin1(name);
        const auto isFull = [page] {
            const QString condition = page->property("condition").toString();
            return condition == QLatin1String("full") || condition.isEmpty();
        };
        if (!Stage::until(isFull, 30'000))
            return QStringLiteral("the page %1 is %2")
                .arg(QString::fromLatin1(name), page->property("condition").toString());
    }
    return {};
}

}    // namespace

int main(int argc, char** argv) {
    // Nothing that it starts, opens or writes may reach the machine that it runs on.
    QTemporaryDir home;
    qputenv("HOME", home.path().toLocal8Bit());
    for (const char* place : {"XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR"})
        qunsetenv(place);
    qputenv("PATH", home.path().toLocal8Bit());
    QDir::setCurrent(home.path());

    QApplication application(argc, argv);
    QApplication::setQuitOnLastWindowClosed(false);
    QAccessible::setActive(true);
    QCommandLineParser parser;
    const QCommandLineOption seedOption(QStringLiteral("seed"), QStringLiteral("chance"), QStringLiteral("N"),
                                        QStringLiteral("1"));
    const QCommandLineOption secondsOption(QStringLiteral("seconds"), QStringLiteral("how long"), QStringLiteral("S"),
                                           QStringLiteral("10"));
    const QCommandLineOption shareOption(QStringLiteral("share"), QStringLiteral("percent of a core"),
                                         QStringLiteral("PERCENT"), QStringLiteral("100"));
    parser.addOptions({seedOption, secondsOption, shareOption});
    parser.addHelpOption();
    parser.process(application);
    const quint64 seed = parser.value(seedOption).toULongLong();
    const qint64 milliseconds = parser.value(secondsOption).toLongLong() * 1000;
    const double share = qBound(1.0, parser.value(shareOption).toDouble(), 100.0) / 100;

    handler_before = qInstallMessageHandler(listen);
    std::setvbuf(stdout, nullptr, _IOLBF, BUFSIZ);
    std::printf("seed %llu\n", seed);
    int steps = 0;
    QString wrong;
    {
        Dice dice(seed);
        Stage stage(Mood::Full);
        if (!stage.good()) {
            std::puts("the window could not be made");
            return 1;
        }
        Languages languages(stage.engine(), stage.app());
        MonkeyHands hands(stage, dice);
        MonkeyWeather weather(stage, dice);
        QElapsedTimer clock;
        clock.start();
        const double cpu_before = cpuSeconds();
        while (clock.elapsed() < milliseconds) {
            // Told before the event loop runs: what breaks it may come late.
            const QString did = dice.oneIn(12) ? weather.change() : hands.act();
            std::printf("%d: %s\n", ++steps, qPrintable(did));
            Stage::run(dice.of({0, 1, 5, 20}));
            const double used = cpuSeconds() - cpu_before;
            const double due = used / share * 1000 - static_cast<double>(clock.elapsed());
            if (share < 1 && due > 1) Stage::run(static_cast<int>(due));
        }
        weather.clear();
        wrong = wrongAfterwards(stage);
    }
    std::printf("%d steps, %d complaints of QML\n", steps, complaints);
    if (!wrong.isEmpty()) std::printf("WRONG AFTERWARDS: %s\n", qPrintable(wrong));
    return complaints == 0 && wrong.isEmpty() ? 0 : 1;
}
