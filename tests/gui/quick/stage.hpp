// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "gui/model/app.hpp"
#include "tests/gui/quick/fake_daemon.hpp"

#include <QQmlApplicationEngine>
#include <QQuickItem>
#include <QQuickWindow>
#include <QTemporaryDir>

#include <functional>
#include <memory>

namespace filfil::gui::test {

/// The whole window over a made daemon, with settings of its own.
class Stage {
public:
    /// @param connected false: no daemon at all
    explicit Stage(Mood mood, bool connected = true);
    ~Stage();

    [[nodiscard]] App& app() { return *m_app; }
    [[nodiscard]] FakeDaemon& daemon() { return m_daemon; }
    [[nodiscard]] QQuickWindow& window() { return *m_window; }
    [[nodiscard]] QQmlApplicationEngine& engine() { return *m_engine; }
    [[nodiscard]] bool good() const { return m_window != nullptr; }

    /// Has the window talk to this daemon, which is in its list afterwards.
    void connectTo(const FakeDaemon& daemon, const QString& name);

    /// What all that is shown lies in, popups too.
    [[nodiscard]] QQuickItem* root();

    /// Shows a page and gives it, null where it is not there.
    QQuickItem* open(const QString& page);

    /// Lets the program run for so long.
    static void run(int milliseconds);

    /// Lets the program run until it is so. @return whether it came to be
    static bool until(const std::function<bool()>& so, int milliseconds = 60'000);

    /// The first visible item below `root` (its popups' too, for a window) that `fits`.
    static QQuickItem* find(QQuickItem* root, const std::function<bool(QQuickItem*)>& fits);

    /// All visible items below `root`.
    static QList<QQuickItem*> items(QQuickItem* root);

    /// A control by its accessible name.
    QQuickItem* named(const QString& name);
    static QString name(QQuickItem* item);

    /// A press in the middle of it.
    void press(QQuickItem* item);

private:
    QTemporaryDir m_folder;
    FakeDaemon m_daemon;
    std::unique_ptr<App> m_app;
    std::unique_ptr<QQmlApplicationEngine> m_engine;
    QQuickWindow* m_window = nullptr;
};

}    // namespace filfil::gui::test
