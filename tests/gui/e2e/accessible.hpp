// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include <QDBusConnection>
#include <QString>
#include <QStringList>

#include <functional>
#include <optional>

namespace filfil::e2e {

/// Something that a program shows, as a screen reader meets it: AT-SPI over D-Bus.
struct Shown {
    QString service;
    QString path;
    QString name;
    QString role;    ///< "push button", "page tab", "label"
    bool showing = false;
    bool enabled = false;
};

/// A user of the desktop who sees and does what a screen reader can. GUI-less; on one thread.
class Reader {
public:
    /// Connects to the session's accessibility bus. @return why not, or ""
    QString connect();

    /// All that the program of that name shows now.
    QList<Shown> all(const QString& program) const;

    /// The first that fits, from the window inwards: what lies deeper is not asked for then.
    std::optional<Shown> first(const QString& program, const std::function<bool(const Shown&)>& fits) const;

    /// What it says of itself beside its name.
    QString description(const Shown& one) const;

    /// Presses a button, opens a page: its action "Press", or else the first that it has.
    void act(const Shown& one) const;

    /// Puts this text in the place of what a field holds. @return whether it takes it
    bool write(const Shown& one, const QString& text) const;

private:
    struct Ref {
        QString service;
        QString path;
    };
    /// One thing, and what is right below it.
    struct Seen {
        Shown shown;
        QList<Ref> below;
    };
    QList<Seen> look(const QList<Ref>& at) const;

    /// Level by level, until `see` says that it is enough.
    void walk(const QString& program, const std::function<bool(const Shown&)>& see) const;

    QDBusConnection m_bus{QStringLiteral("none")};
};

}    // namespace filfil::e2e
