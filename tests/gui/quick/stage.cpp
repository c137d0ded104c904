// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "tests/gui/quick/stage.hpp"

#include "gui/model/preferences.hpp"
#include "gui/model/session.hpp"

#include <QAccessible>
#include <QCoreApplication>
#include <QElapsedTimer>
#include <QEventLoop>
#include <QMouseEvent>
#include <QQuickStyle>
#include <QTimer>
#include <QTranslator>

namespace filfil::gui::test {

Stage::Stage(Mood mood, bool connected) : m_daemon(mood) {
    static const bool once = [] {
        registerModelTypes();
        QQuickStyle::setStyle(QStringLiteral("Basic"));
        // For the plural forms.
        static QTranslator english;
        if (english.load(QStringLiteral(":/i18n/fil-fil_en"))) QCoreApplication::installTranslator(&english);
        return true;
    }();
    Q_UNUSED(once)
    m_app = std::make_unique<App>(App::Options{.settingsFile = m_folder.filePath(QStringLiteral("settings.ini")),
                                               .dataFolder = m_folder.filePath(QStringLiteral("data")),
                                               .version = QStringLiteral("0.1.0")});
    m_app->preferences()->setReduceMotion(true);
    m_app->preferences()->setUtc(true);
    m_app->preferences()->setWizardDone(true);
    m_app->preferences()->setValue(QStringLiteral("hints/software"), 1);
    m_engine = std::make_unique<QQmlApplicationEngine>();
    // "Quit" is a command like the others: it may not end the test.
    QObject::disconnect(m_engine.get(), &QQmlEngine::quit, nullptr, nullptr);
    QObject::connect(m_engine.get(), &QQmlEngine::quit, m_app.get(), [] {});
    m_engine->addImportPath(QStringLiteral("qrc:/qt/qml"));
    m_engine->setInitialProperties({{QStringLiteral("app"), QVariant::fromValue(m_app.get())}});
    m_engine->load(QUrl(QStringLiteral("qrc:/qt/qml/FilFil/Main.qml")));
    if (!m_engine->rootObjects().isEmpty())
        m_window = qobject_cast<QQuickWindow*>(m_engine->rootObjects().constFirst());
    if (m_window == nullptr) return;
    m_window->show();
    if (connected) {
        connectTo(m_daemon, QStringLiteral("sp-01"));
        until([this] { return m_app->session()->online(); });
    }
}

Stage::~Stage() {
    m_engine.reset();
    m_app.reset();
}

void Stage::connectTo(const FakeDaemon& daemon, const QString& name) {
    const int place = m_app->preferences()->addDaemon(
        {{QStringLiteral("name"), name},
         {QStringLiteral("url"), daemon.url()},
         {QStringLiteral("tokenFile"), m_app->preferences()->saveToken(name, QStringLiteral("t"))}});
    m_app->session()->connectTo(place);
}

QQuickItem* Stage::root() {
    QQuickItem* content = m_window->contentItem();
    return content->parentItem() != nullptr ? content->parentItem() : content;
}

QQuickItem* Stage::open(const QString& page) {
    QMetaObject::invokeMethod(m_window, "open", Q_ARG(QString, page));
    run(20);
    QQuickItem* shown = nullptr;
    QMetaObject::invokeMethod(m_window, "currentPage", Q_RETURN_ARG(QQuickItem*, shown));
    return shown;
}

void Stage::run(int milliseconds) {
    QEventLoop loop;
    QTimer::singleShot(milliseconds, &loop, &QEventLoop::quit);
    loop.exec();
}

bool Stage::until(const std::function<bool()>& so, int milliseconds) {
    QElapsedTimer clock;
    clock.start();
    while (!so()) {
        if (clock.elapsed() > milliseconds) return false;
        QCoreApplication::processEvents(QEventLoop::AllEvents, 20);
    }
    return true;
}

QList<QQuickItem*> Stage::items(QQuickItem* root) {
    QList<QQuickItem*> all;
    if (root == nullptr || !root->isVisible()) return all;
    all << root;
    for (QQuickItem* child : root->childItems()) all << items(child);
    return all;
}

QQuickItem* Stage::find(QQuickItem* root, const std::function<bool(QQuickItem*)>& fits) {
    for (QQuickItem* item : items(root))
        if (fits(item)) return item;
    return nullptr;
}

QString Stage::name(QQuickItem* item) {
    QAccessibleInterface* told = QAccessible::queryAccessibleInterface(item);
    return told == nullptr ? QString() : told->text(QAccessible::Name);
}

QQuickItem* Stage::named(const QString& wanted) {
    QQuickItem* best = nullptr;
    // What lies on top comes last.
    for (QQuickItem* item : items(root())) {
        if (!item->activeFocusOnTab() || name(item) != wanted) continue;
        best = item;
    }
    return best;
}

void Stage::press(QQuickItem* item) {
    if (item == nullptr) return;
    // What is out of sight is scrolled there when it gets the keyboard.
    item->forceActiveFocus(Qt::OtherFocusReason);
    run(30);
    const QPointF at = item->mapToScene(QPointF(item->width() / 2, item->height() / 2));
    QMouseEvent down(QEvent::MouseButtonPress, at, m_window->mapToGlobal(at), Qt::LeftButton, Qt::LeftButton,
                     Qt::NoModifier);
    QCoreApplication::sendEvent(m_window, &down);
    QMouseEvent up(QEvent::MouseButtonRelease, at, m_window->mapToGlobal(at), Qt::LeftButton, Qt::NoButton,
                   Qt::NoModifier);
    QCoreApplication::sendEvent(m_window, &up);
    run(20);
}

}    // namespace filfil::gui::test
