// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include <QDBusConnection>
#include <QString>
#include <QStringList>

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

    /// Does its first action, where it has one: presses a button, opens a page.
    void act(const Shown& one) const;

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

    QDBusConnection m_bus{QStringLiteral("none")};
};

}    // namespace filfil::e2e
