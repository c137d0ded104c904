// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "accessible.hpp"
#include "child.hpp"

#include <QTemporaryDir>

#include <functional>
#include <optional>

namespace filfil::e2e {

/// An X server with a window manager and the desktop's window on it, read and driven as a screen reader does it, so
/// that what it says is what is looked at.
class Desk {
public:
    Desk() = default;
    ~Desk() { end(); }
    Desk(const Desk&) = delete;
    Desk& operator=(const Desk&) = delete;

    /// What this machine lacks for it, "" for nothing.
    QString missing();

    /// The display and its window manager. @return what went wrong, "" for nothing
    QString begin();

    /// @param settings an ini file's text
    QString startWindow(const QByteArray& settings);
    void end();

    [[nodiscard]] QString path(const QString& name) const { return m_folder.filePath(name); }
    [[nodiscard]] const QProcessEnvironment& environment() const { return m_environment; }
    [[nodiscard]] QProcess& window() { return *m_window; }

    /// What the window complained of.
    [[nodiscard]] QByteArray complaints() const;

    /// A control that is in sight.
    /// @param start of its name; the whole name where it ends in "$"
    [[nodiscard]] std::optional<Shown> control(const QString& start) const;
    [[nodiscard]] bool says(const QString& part) const;

    /// @return whether it was there and could be pressed
    bool press(const QString& start);
    bool write(const QString& field, const QString& text);

    /// Goes to the settings and adds a daemon of this machine, to which it connects.
    bool addDaemon(const QString& name, const QString& folder);

    /// Goes to a daemon of the list that opens at the foot of the sidebar.
    /// @param now what stands at the foot: the name of the daemon that is shown, or that it is lost
    bool chooseDaemon(const QString& now, const QString& name);

    /// For who reviews it: kept where FILFIL_PICTURES says.
    void picture(const QString& name) const;
    [[nodiscard]] QString whatIsShown() const;

private:
    [[nodiscard]] std::optional<Shown> first(const std::function<bool(const Shown&)>& fits) const;

    QTemporaryDir m_folder;
    QProcessEnvironment m_environment;
    std::unique_ptr<QProcess> m_server;
    std::unique_ptr<QProcess> m_manager;
    std::unique_ptr<QProcess> m_window;
    Reader m_reader;
};

}    // namespace filfil::e2e
