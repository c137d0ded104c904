// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// desktop_pictures FOLDER [NAME…]: pictures of the pages, dark and light, in each condition, into FOLDER; with names
// only those whose files' names begin so. FILFIL_PICTURE_SIZE=1280x800 is their size in points; with QT_SCALE_FACTOR=2
// they have twice as many pixels. With -reverse all goes from right to left. Run under QT_QPA_PLATFORM=offscreen or a
// display. Ends with 1, and says why, where a picture does not come, is of another size, of one colour or like another
// one, or where QML warned of something.

#include "gui/model/app.hpp"
#include "tests/gui/quick/gallery.hpp"
#include "tests/gui/quick/scenes.hpp"

#include <QApplication>
#include <QCursor>
#include <QElapsedTimer>

#include <algorithm>
#include <cstdio>
#include <initializer_list>

namespace {

using namespace filfil::gui;
using namespace filfil::gui::test;

/// Longest that a picture may take to come to rest, milliseconds.
constexpr int patience = 60'000;

/// What QML warned of. A message handler is given nothing of the program's own.
QStringList& warnings() {
    static QStringList all;
    return all;
}

void listen(QtMsgType type, const QMessageLogContext& /*context*/, const QString& message) {
    std::fprintf(stderr, "%s\n", qPrintable(message));
    if (type == QtDebugMsg || type == QtInfoMsg) return;
    for (const char* sign : {"qrc:/", "ReferenceError", "TypeError", "Binding loop", "Unable to assign"})
        if (message.contains(QLatin1String(sign))) {
            warnings() << message;
            return;
        }
}

/// The window once nothing changes any more; null where it goes on changing.
QImage still(Stage& stage) {
    // Where a picture takes about a second, none would be as the one before: the time until the next window is on each.
    const QSignalBlocker stopped(stage.app().slotStore());
    QElapsedTimer clock;
    clock.start();
    QImage before;
    while (clock.elapsed() < patience) {
        Stage::run(1);
        const QImage shown = stage.window().grabWindow();
        if (shown == before) return shown;
        before = shown;
    }
    return {};
}

/// The window once it has laid out what is new on it.
QImage onTheMove(Stage& stage) {
    stage.window().grabWindow();
    Stage::run(1);
    return stage.window().grabWindow();
}

bool asks(const App& app) {
    const std::initializer_list<const Store*> stores = {app.status(), app.slotStore(), app.snapshots(),
                                                        app.deals(),  app.payouts(),   app.devices(),
                                                        app.jobs(),   app.settings()};
    return std::any_of(stores.begin(), stores.end(), [](const Store* store) { return store->loading(); });
}

bool isWanted(const QString& name, const QStringList& wanted) {
    if (wanted.isEmpty()) return true;
    return std::any_of(wanted.begin(), wanted.end(), [&](const QString& begin) { return name.startsWith(begin); });
}

void play(const Act& act, QSize size, const QStringList& wanted, Gallery& gallery) {
    if (std::none_of(act.scenes.begin(), act.scenes.end(),
                     [&](const Scene& scene) { return isWanted(scene.name, wanted); }))
        return;
    Stage stage(act.mood, act.connected);
    if (!stage.good()) return gallery.miss(QStringLiteral("the window"), QStringLiteral("it was not made"));
    stage.window().resize(size);
    if (!Stage::until([&] { return stage.window().size() == size && stage.window().isExposed(); }))
        gallery.miss(QStringLiteral("the window"), QStringLiteral("it did not get its size"));
    if (act.connected && act.mood != Mood::Loading && !Stage::until([&] { return !asks(stage.app()); }))
        gallery.miss(QStringLiteral("the window"), QStringLiteral("it goes on asking the daemon"));
    // What a store makes of answers that come together it makes once, a moment later.
    Stage::run(150);
    if (act.prepare) act.prepare(stage);
    // Where nothing is that the pointer would lie on.
    QCursor::setPos(stage.window().mapToGlobal(QPoint(1, 1)));
    for (const Scene& scene : act.scenes) {
        if (!isWanted(scene.name, wanted)) continue;
        const bool came = scene.begin(stage);
        if (!came) gallery.miss(scene.name, QStringLiteral("it did not come"));
        for (const char* theme : {"dark", "light"}) {
            if (!came) break;
            stage.app().preferences()->setTheme(QString::fromLatin1(theme));
            gallery.add(scene.name + u'-' + QLatin1String(theme), scene.moves ? onTheMove(stage) : still(stage));
        }
        if (scene.end) scene.end(stage);
    }
}

}    // namespace

int main(int argc, char** argv) {
    qInstallMessageHandler(listen);
    QApplication application(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.size() < 2) {
        std::fputs("desktop_pictures FOLDER [NAME…]\n", stderr);
        return 2;
    }
    const QDir folder(QDir(arguments[1]).absolutePath());
    if (!QDir().mkpath(folder.path())) {
        std::fprintf(stderr, "desktop_pictures: %s cannot be made\n", qPrintable(folder.path()));
        return 2;
    }
    // Paths that are shown are of a folder that goes again, and short.
    const QTemporaryDir room;
    QDir::setCurrent(room.path());
    qputenv("XDG_DATA_HOME", "/home/sp/.local/share");

    const QStringList sides = qEnvironmentVariable("FILFIL_PICTURE_SIZE", QStringLiteral("1280x800")).split(u'x');
    const QSize size(sides.value(0).toInt(), sides.value(1).toInt());
    const double scale = application.devicePixelRatio();
    // As Main.qml has it.
    const int sidebar = size.width() < 900 ? 56 : 216;
    Gallery gallery(folder, size * scale, static_cast<int>(sidebar * scale));
    for (const Act& act : allActs()) play(act, size, arguments.mid(2), gallery);
    QDir::setCurrent(folder.path());

    for (const QString& problem : gallery.problems()) std::fprintf(stderr, "%s\n", qPrintable(problem));
    if (!warnings().isEmpty()) std::fprintf(stderr, "QML warned %d times\n", static_cast<int>(warnings().size()));
    std::printf("%d pictures in %s\n", gallery.count(), qPrintable(folder.path()));
    return gallery.problems().isEmpty() && warnings().isEmpty() && gallery.count() > 0 ? 0 : 1;
}
