// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// desktop_pictures FOLDER [PAGE…]: pictures of the pages, dark and light, in each condition, into FOLDER. With
// QT_SCALE_FACTOR=2 they are of that scale; FILFIL_PICTURE_SIZE=1280x800 is their size in points. Run under
// QT_QPA_PLATFORM=offscreen or a display.

#include "gui/model/preferences.hpp"
#include "gui/model/verifier.hpp"
#include "tests/gui/quick/stage.hpp"

#include <QApplication>
#include <QDir>
#include <QImage>
#include <QKeyEvent>

#include <cstdio>

namespace {

using namespace filfil::gui;
using namespace filfil::gui::test;

const char* wordOf(Mood mood) {
    switch (mood) {
        case Mood::Full: return "full";
        case Mood::Empty: return "empty";
        case Mood::Loading: return "loading";
        case Mood::Broken: return "error";
        case Mood::Unset: return "unset";
    }
    return "";
}

/// What opens over the pages.
int sheets(Stage& stage, const QDir& folder, const QString& theme) {
    struct Sheet {
        const char* page;
        const char* verb;
        QVariant argument;
        const char* name;
    };
    const Sheet all[] = {{"deals", "openDetail", QStringLiteral("23"), "deal"},
                         {"deals", "preflightSheet", {}, "preflight"},
                         {"payouts", "claimSheet", {}, "claim"},
                         {"snapshots", "openDetail", QStringLiteral("12"), "snapshot"},
                         {"snapshots", "takeSheet", {}, "take"},
                         {nullptr, "openWizard", {}, "wizard"}};
    int made = 0;
    for (const Sheet& sheet : all) {
        QObject* target = &stage.window();
        if (sheet.page != nullptr) target = stage.open(QString::fromLatin1(sheet.page));
        stage.run(150);
        if (sheet.page == nullptr)
            QMetaObject::invokeMethod(target, sheet.verb);
        else if (QLatin1String(sheet.verb) == QLatin1String("openDetail"))
            QMetaObject::invokeMethod(target, sheet.verb, Q_ARG(QString, sheet.argument.toString()));
        else
            QMetaObject::invokeMethod(target, sheet.verb, Q_ARG(QVariant, sheet.argument));
        stage.run(400);
        if (stage.window().grabWindow().save(
                folder.filePath(QStringLiteral("sheet-%1-%2.png").arg(QString::fromLatin1(sheet.name), theme))))
            ++made;
        QKeyEvent press(QEvent::KeyPress, Qt::Key_Escape, Qt::NoModifier);
        QCoreApplication::sendEvent(&stage.window(), &press);
        stage.run(100);
    }
    return made;
}

}    // namespace

int main(int argc, char** argv) {
    QApplication application(argc, argv);
    QStringList arguments = QCoreApplication::arguments();
    if (arguments.size() < 2) {
        std::fputs("desktop_pictures FOLDER [PAGE…]\n", stderr);
        return 2;
    }
    const QDir folder(arguments[1]);
    QDir().mkpath(folder.path());
    QStringList pages = arguments.mid(2);
    if (pages.isEmpty())
        pages = {QStringLiteral("overview"), QStringLiteral("calendar"), QStringLiteral("snapshots"),
                 QStringLiteral("deals"),    QStringLiteral("payouts"),  QStringLiteral("verifier"),
                 QStringLiteral("devices"),  QStringLiteral("log"),      QStringLiteral("settings")};
    const QStringList size = qEnvironmentVariable("FILFIL_PICTURE_SIZE", QStringLiteral("1280x800")).split(u'x');
    const QString only = qEnvironmentVariable("FILFIL_PICTURE_ONLY");

    int made = 0;
    for (const Mood mood : {Mood::Full, Mood::Empty, Mood::Loading, Mood::Broken, Mood::Unset}) {
        if (!only.isEmpty() && !only.split(u',').contains(QString::fromLatin1(wordOf(mood)))) continue;
        Stage stage(mood);
        if (!stage.good()) return 1;
        stage.window().resize(size.value(0).toInt(), size.value(1).toInt());
        stage.run(400);
        for (const char* theme : {"dark", "light"}) {
            if (!qEnvironmentVariableIsEmpty("FILFIL_PICTURE_THEME") &&
                qEnvironmentVariable("FILFIL_PICTURE_THEME") != QLatin1String(theme))
                continue;
            stage.app().preferences()->setTheme(QString::fromLatin1(theme));
            for (const QString& page : pages) {
                stage.open(page);
                stage.run(350);
                const QString name = QStringLiteral("%1-%2-%3.png")
                                         .arg(page, QString::fromLatin1(wordOf(mood)), QString::fromLatin1(theme));
                if (stage.window().grabWindow().save(folder.filePath(name))) ++made;
            }
            if (mood == Mood::Full && arguments.size() == 2) made += sheets(stage, folder, QString::fromLatin1(theme));
        }
    }
    std::printf("%d pictures in %s\n", made, qPrintable(folder.path()));
    return made > 0 ? 0 : 1;
}
