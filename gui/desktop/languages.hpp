// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include <QObject>
#include <QTranslator>

class QQmlEngine;

namespace filfil::gui {

class Preferences;

/// Keeps the words on the screen in the language of the preferences, which may change while the program runs. GUI
/// thread only.
class Languages : public QObject {
public:
    Languages(QQmlEngine& engine, Preferences& preferences);

private:
    void apply();

    QQmlEngine& m_engine;
    Preferences& m_preferences;
    QString m_language;
    QTranslator m_own;
    QTranslator m_qt;
    bool m_first = true;
};

}    // namespace filfil::gui
