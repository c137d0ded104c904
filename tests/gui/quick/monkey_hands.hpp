// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "tests/gui/quick/dice.hpp"
#include "tests/gui/quick/stage.hpp"

#include <QPointer>
#include <QPointingDevice>
#include <QTemporaryDir>

namespace filfil::gui::test {

/// What a user can do to a window, by chance: presses, keys, text, wheel, drags, drops, sizes, themes, languages.
class MonkeyHands {
public:
    MonkeyHands(Stage& stage, Dice& dice);

    /// Does one thing. @return what it was, for the one who looks for the step that broke something
    QString act();

private:
    QString pressControl();
    QString pressAnywhere();
    QString drag();
    QString turnWheel();
    QString pressKeys();
    QString typeText();
    QString compose();
    QString touch();
    QString changeWindow();
    QString changeLook();
    QString dropFiles();

    /// A dialog that picks a file ends at once: it could write anywhere on the machine that this runs on.
    void refuseFileDialogs();
    void mouse(QEvent::Type type, QPointF at, Qt::MouseButton button, Qt::MouseButtons buttons);
    void click(QPointF at, Qt::MouseButton button, bool twice);
    void key(int key, Qt::KeyboardModifiers modifiers, const QString& text = {});
    [[nodiscard]] QPointF somewhere();

    Stage& m_stage;
    Dice& m_dice;
    QPointingDevice* m_finger;
    QTemporaryDir m_files;
    QList<QPointer<QObject>> m_dialogs;
};

}    // namespace filfil::gui::test
