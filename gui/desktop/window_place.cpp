// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "gui/desktop/window_place.hpp"

#include "gui/model/preferences.hpp"

#include <QGuiApplication>
#include <QQuickWindow>
#include <QScreen>

#include <algorithm>

namespace filfil::gui {

WindowPlace::WindowPlace(QQuickWindow& window, Preferences& preferences)
    : m_window(window), m_preferences(preferences) {
    restore();
    m_later.setSingleShot(true);
    m_later.setInterval(400);
    connect(&m_later, &QTimer::timeout, this, &WindowPlace::keep);
    const auto soon = [this] { m_later.start(); };
    connect(&window, &QWindow::xChanged, this, soon);
    connect(&window, &QWindow::yChanged, this, soon);
    connect(&window, &QWindow::widthChanged, this, soon);
    connect(&window, &QWindow::heightChanged, this, soon);
    connect(&window, &QWindow::visibilityChanged, this, soon);
}

QRect WindowPlace::fitted(QRect wanted, const QRect& screen) {
    wanted.setWidth(std::clamp(wanted.width(), 360, std::max(360, screen.width())));
    wanted.setHeight(std::clamp(wanted.height(), 320, std::max(320, screen.height())));
    wanted.moveLeft(
        std::clamp(wanted.left(), screen.left(), std::max(screen.left(), screen.right() - wanted.width() + 1)));
    wanted.moveTop(
        std::clamp(wanted.top(), screen.top(), std::max(screen.top(), screen.bottom() - wanted.height() + 1)));
    return wanted;
}

void WindowPlace::restore() {
    const QRect kept = m_preferences.value(QStringLiteral("window/place")).toRect();
    if (!kept.isValid()) return;
    const QScreen* screen = QGuiApplication::screenAt(kept.center());
    if (screen == nullptr) screen = QGuiApplication::primaryScreen();
    if (screen == nullptr) return;
    m_window.setGeometry(fitted(kept, screen->availableGeometry()));
    if (m_preferences.value(QStringLiteral("window/maximized")).toBool()) m_window.setWindowStates(Qt::WindowMaximized);
}

void WindowPlace::keep() {
    if (!m_window.isVisible() || m_window.visibility() == QWindow::Minimized) return;
    const bool maximized = m_window.visibility() == QWindow::Maximized || m_window.visibility() == QWindow::FullScreen;
    m_preferences.setValue(QStringLiteral("window/maximized"), maximized);
    if (!maximized) m_preferences.setValue(QStringLiteral("window/place"), m_window.geometry());
}

}    // namespace filfil::gui
