// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "gui/desktop/hand_over.hpp"
#include "gui/desktop/languages.hpp"
#include "gui/desktop/tray.hpp"
#include "gui/desktop/window_place.hpp"
#include "gui/model/app.hpp"
#include "gui/model/preferences.hpp"

#ifdef FILFIL_DIAGNOSIS
#include "cli/diagnosis.hpp"
#include "cli/file_views.hpp"
#include "commp/hash_source.hpp"
#endif
#ifdef FILFIL_CUDA
#include "base/clock.hpp"
#include "base/executor.hpp"
#include "gpu/cuda_runtime.hpp"
#include "gpu/provider.hpp"
#endif

#include <QApplication>
#include <QElapsedTimer>
#include <QQmlApplicationEngine>
#include <QQuickStyle>
#include <QQuickWindow>
#include <cstdio>
#include <string>
#include <vector>

namespace {

constexpr const char* help =
    "fil-fil-desktop [OPTION…]: the window on a fil-fil daemon\n"
    "\n"
    "  --reset-settings    forget what the window was told (theme, columns, daemons, tokens), then start\n"
    "  --settings FILE     keep what it is told in FILE instead of the user's own\n"
    "  --batch X …         as `fil-fil --batch X …`: piece commitments of many files; needs no display\n"
    "  --version           print the version; needs no display\n"
    "  --help              print this; needs no display\n";

struct Options {
    bool reset = false;
    bool first_frame = false;    ///< print how long the first frame took, and end
    QString settings;
    QString unknown;
};

Options read(const QStringList& arguments) {
    Options options;
    for (qsizetype i = 1; i < arguments.size(); ++i) {
        const QString& argument = arguments[i];
        if (argument == QLatin1String("--reset-settings")) {
            options.reset = true;
        } else if (argument == QLatin1String("--first-frame")) {
            options.first_frame = true;
        } else if (argument == QLatin1String("--settings") && i + 1 < arguments.size()) {
            options.settings = arguments[++i];
        } else {
            options.unknown = argument;
        }
    }
    return options;
}

#ifdef FILFIL_DIAGNOSIS
/// What `fil-fil verify` says of a file that is not its piece.
filfil::Result<std::string> diagnose(const filfil::gui::DifferenceSearch& search) {
    using namespace filfil;
    const cli::PieceCid expected{search.expected.cid, search.expected.info};
    const auto hash = [&](ReadableFile& bytes, const std::string&) -> Result<commp::Piece> {
        FILFIL_TRY(
            const commp::HashOutcome hashed,
            commp::hash_source(
                bytes, search.backend, search.threads,
                {.readers = search.readers, .allow_small = true, .progress = &search.progress, .stop = search.stop}));
        return hashed.piece;
    };
    const auto check_blocks = [&] {
        car::VerifyOptions options;
        options.reader.progress = &search.progress;
        options.stop = search.stop;
        return car::verify(cli::part_of(search.file, 0, *search.file.size()), search.threads, options);
    };
    FILFIL_TRY(const cli::Diagnosis found, cli::diagnose({.expected = expected,
                                                          .natural = search.natural,
                                                          .file = search.file,
                                                          .hash = hash,
                                                          .check_blocks = check_blocks}));
    return found.sentence();
}
#endif

}    // namespace

int main(int argc, char** argv) {
    using namespace filfil::gui;
    QElapsedTimer since_start;
    since_start.start();

    // What needs no display comes before anything of Qt that would look for one.
    const std::vector<std::string> words(argv + 1, argv + argc);
    if (!words.empty() && words.front() == "--version") {
        std::puts("fil-fil-desktop " FILFIL_VERSION);
        return 0;
    }
    if (!words.empty() && (words.front() == "--help" || words.front() == "-h")) {
        std::fputs(help, stdout);
        return 0;
    }
    if (!words.empty() && (words.front() == "--batch" || words.front().rfind("--batch=", 0) == 0))
        return hand_over(argc, argv);

    QApplication application(argc, argv);
    QCoreApplication::setApplicationName(QStringLiteral("fil-fil-desktop"));
    QCoreApplication::setOrganizationName(QStringLiteral("fil-fil"));
    QCoreApplication::setApplicationVersion(QStringLiteral(FILFIL_VERSION));
    QGuiApplication::setDesktopFileName(QStringLiteral("fil-fil-desktop"));
    QApplication::setQuitOnLastWindowClosed(false);

    const Options options = read(QCoreApplication::arguments());
    if (!options.unknown.isEmpty()) {
        std::fprintf(stderr, "fil-fil-desktop: there is no option %s; `fil-fil-desktop --help` says what there is\n",
                     qPrintable(options.unknown));
        return 2;
    }
    if (options.reset) Preferences(options.settings).reset();

    // Every control is drawn by the module itself; the style underneath is only asked for what is not.
    QQuickStyle::setStyle(QStringLiteral("Basic"));
    registerModelTypes();
#ifdef FILFIL_CUDA
    const filfil::SystemClock clock;
    const auto gpu = filfil::gpu::make_gpu_provider(filfil::gpu::make_cuda_runtime(), clock, [](unsigned threads) {
        return std::make_unique<filfil::ThreadPool>(threads);
    });
#endif
    App app({.settingsFile = options.settings, .dataFolder = {}, .version = QStringLiteral(FILFIL_VERSION)});

    QQmlApplicationEngine engine;
    engine.addImportPath(QStringLiteral("qrc:/qt/qml"));
    Languages languages(engine, app);
    Tray tray(app);
    engine.setInitialProperties(
        {{QStringLiteral("app"), QVariant::fromValue(&app)}, {QStringLiteral("trayAvailable"), tray.available()}});
    engine.load(QUrl(QStringLiteral("qrc:/qt/qml/FilFil/Main.qml")));
    auto* window =
        engine.rootObjects().isEmpty() ? nullptr : qobject_cast<QQuickWindow*>(engine.rootObjects().constFirst());
    if (window == nullptr) {
        std::fputs(
            "fil-fil-desktop: the window could not be made: a QML module is missing; install the packages that the "
            "manual lists\n",
            stderr);
        return 2;
    }
    window->setIcon(QIcon::fromTheme(QStringLiteral("fil-fil"), Tray::icon(TrayState::Tone::None)));
    WindowPlace place(*window, *app.preferences());
    tray.join(*window);

    if (options.first_frame) {
        const auto told = [&since_start] {
            std::printf("{\"first_frame_seconds\":%.3f}\n", static_cast<double>(since_start.nsecsElapsed()) / 1e9);
            QCoreApplication::exit(0);
        };
        QObject::connect(window, &QQuickWindow::frameSwapped, &application, told, Qt::SingleShotConnection);
    }
    window->show();
#ifdef FILFIL_DIAGNOSIS
    app.verifier()->setDiagnose(diagnose);
#endif
#ifdef FILFIL_CUDA
    app.verifier()->setGpu(*gpu);
#endif
    app.begin();
    return QApplication::exec();
}
