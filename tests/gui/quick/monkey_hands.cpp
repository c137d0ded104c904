// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "tests/gui/quick/monkey_hands.hpp"

#include "gui/model/preferences.hpp"
#include "tests/gui/quick/fake_spoil.hpp"

#include <QClipboard>
#include <QDropEvent>
#include <QFile>
#include <QGuiApplication>
#include <QInputMethodEvent>
#include <QMimeData>
#include <QMouseEvent>
#include <QtTest/QtTest>

namespace filfil::gui::test {
namespace {

constexpr int most_wide = 2200;
constexpr int most_high = 1500;

}    // namespace

MonkeyHands::MonkeyHands(Stage& stage, Dice& dice)
    : m_stage(stage), m_dice(dice), m_finger(QTest::createTouchDevice()) {
    const auto write = [this](const char* name, const QByteArray& bytes) {
        QFile file(m_files.filePath(QString::fromLatin1(name)));
        if (file.open(QIODevice::WriteOnly)) file.write(bytes);
    };
    write("some.car", QByteArray(200'000, 'x'));
    write("empty.car", {});
    write("big.car", QByteArray(8 << 20, 'y'));
    write("no.car.zst", QByteArray("\x28\xb5\x2f\xfd garbage"));
    write("what it is.txt", QByteArray("text"));
}

QString MonkeyHands::act() {
    m_dialogs.clear();
    for (QObject* one : m_stage.window().findChildren<QObject*>())
        if (one->inherits("QQuickAbstractDialog")) m_dialogs << one;
    QString did;
    switch (m_dice.below(40)) {
        case 0:
        case 1:
        case 2:
        case 3:
        case 4: {
            const int page = m_dice.below(9);
            key(Qt::Key_1 + page, Qt::ControlModifier);
            did = QStringLiteral("page %1").arg(page + 1);
            break;
        }
        case 5:
        case 6:
        case 7: did = pressAnywhere(); break;
        case 8:
        case 9: did = drag(); break;
        case 10:
        case 11:
        case 12: did = turnWheel(); break;
        case 13:
        case 14:
        case 15:
        case 16:
        case 17:
        case 18: did = pressKeys(); break;
        case 19:
        case 20:
        case 21: did = typeText(); break;
        case 22: did = compose(); break;
        case 23:
        case 24: did = touch(); break;
        case 25:
        case 26: did = changeWindow(); break;
        case 27:
        case 28: did = changeLook(); break;
        case 29: did = dropFiles(); break;
        default: did = pressControl(); break;
    }
    refuseFileDialogs();
    if (!m_stage.window().isVisible()) m_stage.window().show();
    return did;
}

void MonkeyHands::refuseFileDialogs() {
    for (const QPointer<QObject>& one : m_dialogs)
        if (one && one->property("visible").toBool()) QMetaObject::invokeMethod(one, "close");
}

QPointF MonkeyHands::somewhere() {
    const QQuickWindow& window = m_stage.window();
    return {static_cast<qreal>(m_dice.below(window.width())), static_cast<qreal>(m_dice.below(window.height()))};
}

void MonkeyHands::mouse(QEvent::Type type, QPointF at, Qt::MouseButton button, Qt::MouseButtons buttons) {
    refuseFileDialogs();
    QMouseEvent event(type, at, m_stage.window().mapToGlobal(at), button, buttons, Qt::NoModifier);
    QCoreApplication::sendEvent(&m_stage.window(), &event);
}

void MonkeyHands::click(QPointF at, Qt::MouseButton button, bool twice) {
    mouse(QEvent::MouseMove, at, Qt::NoButton, Qt::NoButton);
    mouse(QEvent::MouseButtonPress, at, button, button);
    mouse(QEvent::MouseButtonRelease, at, button, Qt::NoButton);
    if (!twice) return;
    mouse(QEvent::MouseButtonPress, at, button, button);
    mouse(QEvent::MouseButtonDblClick, at, button, button);
    mouse(QEvent::MouseButtonRelease, at, button, Qt::NoButton);
}

/// Through the window system's own door, where shortcuts are looked for.
void MonkeyHands::key(int key, Qt::KeyboardModifiers modifiers, const QString& text) {
    refuseFileDialogs();
    QTest::sendKeyEvent(QTest::Click, &m_stage.window(), static_cast<Qt::Key>(key), text, modifiers, 0);
}

QString MonkeyHands::pressControl() {
    QList<QQuickItem*> controls;
    for (QQuickItem* item : Stage::items(m_stage.root()))
        if (item->isEnabled() &&
            (item->activeFocusOnTab() || item->inherits("QQuickAbstractButton") || item->inherits("QQuickTextInput")))
            controls << item;
    if (controls.isEmpty()) return QStringLiteral("nothing to press");
    // What lies on top comes last: half of the presses go there.
    const qsizetype first = m_dice.oneIn(2) ? controls.size() * 3 / 4 : 0;
    QQuickItem* item = controls[first + m_dice.below(controls.size() - first)];
    const QString name = Stage::name(item);
    const QPointF at = item->mapToScene(QPointF(item->width() / 2, item->height() / 2));
    const bool twice = m_dice.oneIn(8);
    const bool context = m_dice.oneIn(12);
    if (m_dice.oneIn(4)) {
        item->forceActiveFocus(Qt::TabFocusReason);
        key(m_dice.of({Qt::Key_Return, Qt::Key_Space, Qt::Key_Down, Qt::Key_Up}), Qt::NoModifier);
        return QStringLiteral("key on \"%1\"").arg(name);
    }
    click(at, context ? Qt::RightButton : Qt::LeftButton, twice);
    return QStringLiteral("press \"%1\"%2%3")
        .arg(name.left(60), twice ? QStringLiteral(" twice") : QString(),
             context ? QStringLiteral(" right") : QString());
}

QString MonkeyHands::pressAnywhere() {
    const QPointF at = somewhere();
    click(at, m_dice.of({Qt::LeftButton, Qt::LeftButton, Qt::RightButton, Qt::MiddleButton}), m_dice.oneIn(4));
    return QStringLiteral("press at %1, %2").arg(at.x()).arg(at.y());
}

QString MonkeyHands::drag() {
    const QPointF from = somewhere();
    const QPointF to = somewhere();
    mouse(QEvent::MouseMove, from, Qt::NoButton, Qt::NoButton);
    const bool pressed = !m_dice.oneIn(4);
    if (pressed) mouse(QEvent::MouseButtonPress, from, Qt::LeftButton, Qt::LeftButton);
    for (int step = 1; step <= 6; ++step) {
        mouse(QEvent::MouseMove, from + (to - from) * step / 6, Qt::NoButton, pressed ? Qt::LeftButton : Qt::NoButton);
        if (m_dice.oneIn(3)) Stage::run(1);
    }
    if (pressed) mouse(QEvent::MouseButtonRelease, to, Qt::LeftButton, Qt::NoButton);
    return QStringLiteral("%1 from %2, %3 to %4, %5")
        .arg(pressed ? QStringLiteral("drag") : QStringLiteral("move"))
        .arg(from.x())
        .arg(from.y())
        .arg(to.x())
        .arg(to.y());
}

QString MonkeyHands::turnWheel() {
    refuseFileDialogs();
    const QPointF at = somewhere();
    const QPoint by(m_dice.oneIn(4) ? m_dice.between(-240, 240) : 0,
                    m_dice.of({-12'000, -480, -120, 120, 480, 12'000}));
    QWheelEvent event(at, m_stage.window().mapToGlobal(at), {}, by, Qt::NoButton,
                      m_dice.oneIn(5) ? Qt::ControlModifier : Qt::NoModifier, Qt::NoScrollPhase, false);
    QCoreApplication::sendEvent(&m_stage.window(), &event);
    return QStringLiteral("wheel %1 at %2, %3").arg(by.y()).arg(at.x()).arg(at.y());
}

QString MonkeyHands::pressKeys() {
    struct Press {
        int key;
        Qt::KeyboardModifiers with;
    };
    // Without Ctrl+Q, which means it.
    const Press all[] = {
        {Qt::Key_Tab, Qt::NoModifier},    {Qt::Key_Tab, Qt::NoModifier},       {Qt::Key_Backtab, Qt::ShiftModifier},
        {Qt::Key_Return, Qt::NoModifier}, {Qt::Key_Escape, Qt::NoModifier},    {Qt::Key_Escape, Qt::NoModifier},
        {Qt::Key_Down, Qt::NoModifier},   {Qt::Key_Up, Qt::NoModifier},        {Qt::Key_Left, Qt::NoModifier},
        {Qt::Key_Right, Qt::NoModifier},  {Qt::Key_PageDown, Qt::NoModifier},  {Qt::Key_PageUp, Qt::NoModifier},
        {Qt::Key_Home, Qt::NoModifier},   {Qt::Key_End, Qt::NoModifier},       {Qt::Key_Down, Qt::ShiftModifier},
        {Qt::Key_End, Qt::ShiftModifier}, {Qt::Key_Delete, Qt::NoModifier},    {Qt::Key_Backspace, Qt::NoModifier},
        {Qt::Key_Space, Qt::NoModifier},  {Qt::Key_T, Qt::NoModifier},         {Qt::Key_F1, Qt::NoModifier},
        {Qt::Key_F5, Qt::NoModifier},     {Qt::Key_F, Qt::ControlModifier},    {Qt::Key_K, Qt::ControlModifier},
        {Qt::Key_A, Qt::ControlModifier}, {Qt::Key_C, Qt::ControlModifier},    {Qt::Key_X, Qt::ControlModifier},
        {Qt::Key_V, Qt::ControlModifier}, {Qt::Key_Z, Qt::ControlModifier},    {Qt::Key_Menu, Qt::NoModifier},
        {Qt::Key_Alt, Qt::NoModifier},    {Qt::Key_Comma, Qt::ControlModifier}};
    const int times = m_dice.oneIn(4) ? m_dice.between(2, 12) : 1;
    QString did = QStringLiteral("keys");
    for (int i = 0; i < times; ++i) {
        const Press& one = all[m_dice.below(static_cast<qsizetype>(std::size(all)))];
        key(one.key, one.with);
        did += QStringLiteral(" %1").arg(one.key | static_cast<int>(one.with.toInt()), 0, 16);
    }
    return did;
}

QString MonkeyHands::typeText() {
    if (m_dice.oneIn(6)) {
        QGuiApplication::clipboard()->setText(oddText(m_dice));
        key(Qt::Key_V, Qt::ControlModifier);
        return QStringLiteral("paste");
    }
    // Words that pages look for, addresses, numbers, and what is neither.
    const QString text =
        m_dice.oneIn(4)
            ? oddText(m_dice).left(40)
            : QString::fromLatin1(m_dice.of({"f01234", "paid", "1e9", "0", "-1", "baga6ea4", "ws://127.0.0.1:1",
                                             "curio", "90s", "(", "[a-", "\\", "t", "snapshot", "32GiB"}));
    for (const QChar letter : text) key(Qt::Key_unknown, Qt::NoModifier, letter);
    if (m_dice.oneIn(3)) key(Qt::Key_Return, Qt::NoModifier);
    return QStringLiteral("type %1 letters").arg(text.size());
}

QString MonkeyHands::compose() {
    QObject* focus = m_stage.window().activeFocusItem();
    if (focus == nullptr) return QStringLiteral("nothing to compose in");
    QInputMethodEvent begun(QStringLiteral("\u7A97"), {});
    QCoreApplication::sendEvent(focus, &begun);
    Stage::run(1);
    QInputMethodEvent done;
    if (!m_dice.oneIn(3)) done.setCommitString(QStringLiteral("\u7A97\u53E3"), m_dice.between(-3, 0), m_dice.below(3));
    focus = m_stage.window().activeFocusItem();
    if (focus != nullptr) QCoreApplication::sendEvent(focus, &done);
    return QStringLiteral("compose");
}

QString MonkeyHands::touch() {
    refuseFileDialogs();
    const QPoint from = somewhere().toPoint();
    const QPoint to = m_dice.oneIn(2) ? from : somewhere().toPoint();
    QTest::touchEvent(&m_stage.window(), m_finger).press(0, from, &m_stage.window());
    for (int step = 1; step <= 4 && from != to; ++step) {
        refuseFileDialogs();
        QTest::touchEvent(&m_stage.window(), m_finger).move(0, from + (to - from) * step / 4, &m_stage.window());
    }
    refuseFileDialogs();
    QTest::touchEvent(&m_stage.window(), m_finger).release(0, to, &m_stage.window());
    return QStringLiteral("touch %1, %2 to %3, %4").arg(from.x()).arg(from.y()).arg(to.x()).arg(to.y());
}

QString MonkeyHands::changeWindow() {
    if (m_dice.oneIn(10)) {
        m_stage.window().hide();
        Stage::run(5);
        return QStringLiteral("hide and show");
    }
    const QSize size = m_dice.oneIn(4) ? m_stage.window().minimumSize()
                                       : QSize(m_dice.between(200, most_wide), m_dice.between(150, most_high));
    m_stage.window().resize(size);
    return QStringLiteral("resize to %1 by %2").arg(size.width()).arg(size.height());
}

/// All languages that there are go from left to right: a direction that turns round while the program runs does not
/// come, and Qt 6.4's lists do not stand it.
QString MonkeyHands::changeLook() {
    Preferences* preferences = m_stage.app().preferences();
    switch (m_dice.below(6)) {
        case 0:
        case 1:
            preferences->setLanguage(QString::fromLatin1(m_dice.of({"", "en", "zh_CN"})));
            return QStringLiteral("language %1").arg(preferences->language());
        case 2: preferences->setReduceMotion(m_dice.oneIn(2)); return QStringLiteral("motion");
        case 3: preferences->setUtc(m_dice.oneIn(2)); return QStringLiteral("time zone");
        default:
            preferences->setTheme(QString::fromLatin1(m_dice.of({"system", "dark", "light", "nonsense"})));
            return QStringLiteral("theme %1").arg(preferences->theme());
    }
}

QString MonkeyHands::dropFiles() {
    QMimeData data;
    QList<QUrl> urls;
    const int many = m_dice.between(0, 3);
    for (int i = 0; i < many; ++i)
        urls << (m_dice.oneIn(6) ? QUrl(QStringLiteral("https://example.org/x.car"))
                                 : QUrl::fromLocalFile(m_files.filePath(
                                       QString::fromLatin1(m_dice.of({"some.car", "empty.car", "big.car", "no.car.zst",
                                                                      "what it is.txt", "is not there.car", "."})))));
    if (m_dice.oneIn(5))
        data.setText(oddText(m_dice));
    else
        data.setUrls(urls);
    const QPointF at = somewhere();
    QDragEnterEvent enter(at.toPoint(), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(&m_stage.window(), &enter);
    QDragMoveEvent move(somewhere().toPoint(), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(&m_stage.window(), &move);
    Stage::run(2);
    if (m_dice.oneIn(4)) {
        QDragLeaveEvent leave;
        QCoreApplication::sendEvent(&m_stage.window(), &leave);
        return QStringLiteral("drag %1 files over").arg(urls.size());
    }
    QDropEvent drop(at, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(&m_stage.window(), &drop);
    return QStringLiteral("drop %1 files").arg(urls.size());
}

}    // namespace filfil::gui::test
