// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include <QObject>
#include <QTranslator>

class QQmlEngine;

namespace filfil::gui {

class App;

/// Keeps the words on the screen, and how numbers are written, in the language of the app's preferences, which may
/// change while the program runs. GUI thread only.
class Languages : public QObject {
public:
    Languages(QQmlEngine& engine, App& app);

private:
    void apply();

    QQmlEngine& m_engine;
    App& m_app;
    QString m_language;
    QTranslator m_own;
    QTranslator m_qt;
    bool m_first = true;
};

}    // namespace filfil::gui
