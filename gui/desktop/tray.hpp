// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "gui/desktop/tray_state.hpp"

#include <QMenu>
#include <QObject>
#include <QSystemTrayIcon>

class QQuickWindow;

namespace filfil::gui {

class App;

/// The icon in the tray, its menu, and the desktop's notifications, which App asks for. GUI thread only.
class Tray : public QObject {
    Q_OBJECT

public:
    explicit Tray(App& app);

    [[nodiscard]] bool available() const { return m_available; }

    /// The window that a press shows or hides.
    void join(QQuickWindow& window);

    /// The mark, with a dot for the tone.
    static QIcon icon(TrayState::Tone tone);

private:
    void refresh();
    void showWindow();
    void toggleWindow();

    App& m_app;
    TrayState m_state;
    QSystemTrayIcon m_icon;
    QMenu m_menu;
    QAction* m_next = nullptr;
    QAction* m_quit = nullptr;
    QQuickWindow* m_window = nullptr;
    bool m_available;
};

}    // namespace filfil::gui
