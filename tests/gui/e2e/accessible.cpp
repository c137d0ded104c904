// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "accessible.hpp"

#include <QDBusArgument>
#include <QDBusMessage>
#include <QDBusPendingCall>
#include <QDBusVariant>
#include <vector>

namespace filfil::e2e {
namespace {

constexpr int patience_milliseconds = 5000;

// Of at-spi2-core's AtspiStateType.
constexpr unsigned state_enabled = 8;
constexpr unsigned state_showing = 25;

const char* const accessible = "org.a11y.atspi.Accessible";

QDBusMessage call(const QString& service, const QString& path, const char* interface, const char* method) {
    return QDBusMessage::createMethodCall(service, path, QLatin1String(interface), QLatin1String(method));
}

QDBusMessage property(const QString& service, const QString& path, const char* name) {
    QDBusMessage ask = call(service, path, "org.freedesktop.DBus.Properties", "Get");
    ask << QLatin1String(accessible) << QLatin1String(name);
    return ask;
}

QVariant first_of(const QDBusPendingCall& call) {
    const QDBusMessage answer = call.reply();
    return answer.type() == QDBusMessage::ReplyMessage ? answer.arguments().value(0) : QVariant();
}

}    // namespace

QString Reader::connect() {
    const QDBusConnection session = QDBusConnection::sessionBus();
    if (!session.isConnected()) return QStringLiteral("there is no session bus");
    const QDBusMessage answer = session.call(
        call(QStringLiteral("org.a11y.Bus"), QStringLiteral("/org/a11y/bus"), "org.a11y.Bus", "GetAddress"));
    if (answer.type() != QDBusMessage::ReplyMessage) return answer.errorMessage();
    m_bus = QDBusConnection::connectToBus(answer.arguments().value(0).toString(), QStringLiteral("a11y"));
    return m_bus.isConnected() ? QString() : m_bus.lastError().message();
}

/// All questions at once: a program that draws slowly answers once a frame.
QList<Reader::Seen> Reader::look(const QList<Ref>& at) const {
    struct Asked {
        QDBusPendingCall name;
        QDBusPendingCall role;
        QDBusPendingCall states;
        QDBusPendingCall below;
    };
    std::vector<Asked> asked;
    const auto ask = [this](const QDBusMessage& message) { return m_bus.asyncCall(message, patience_milliseconds); };
    for (const Ref& one : at) {
        asked.push_back({ask(property(one.service, one.path, "Name")),
                         ask(call(one.service, one.path, accessible, "GetRoleName")),
                         ask(call(one.service, one.path, accessible, "GetState")),
                         ask(call(one.service, one.path, accessible, "GetChildren"))});
    }
    QList<Seen> out;
    for (std::size_t i = 0; i < asked.size(); ++i) {
        Seen seen;
        seen.shown.service = at[static_cast<qsizetype>(i)].service;
        seen.shown.path = at[static_cast<qsizetype>(i)].path;
        for (QDBusPendingCall* one : {&asked[i].name, &asked[i].role, &asked[i].states, &asked[i].below})
            one->waitForFinished();
        const QVariant name = first_of(asked[i].name);
        seen.shown.name = name.value<QDBusVariant>().variant().toString();
        seen.shown.role = first_of(asked[i].role).toString();
        if (const QVariant states = first_of(asked[i].states); states.isValid()) {
            QList<uint> words;
            states.value<QDBusArgument>() >> words;
            seen.shown.showing = (words.value(0) >> state_showing & 1U) != 0;
            seen.shown.enabled = (words.value(0) >> state_enabled & 1U) != 0;
        }
        if (const QVariant below = first_of(asked[i].below); below.isValid()) {
            const auto list = below.value<QDBusArgument>();
            list.beginArray();
            while (!list.atEnd()) {
                QString service;
                QDBusObjectPath path;
                list.beginStructure();
                list >> service >> path;
                list.endStructure();
                seen.below << Ref{service, path.path()};
            }
            list.endArray();
        }
        out << seen;
    }
    return out;
}

void Reader::walk(const QString& program, const std::function<bool(const Shown&)>& see) const {
    const Ref root{QStringLiteral("org.a11y.atspi.Registry"), QStringLiteral("/org/a11y/atspi/accessible/root")};
    QList<Ref> level;
    for (const Seen& registry : look({root}))
        for (const Seen& one : look(registry.below))
            if (one.shown.name == program) level << Ref{one.shown.service, one.shown.path};
    while (!level.isEmpty()) {
        QList<Ref> next;
        for (const Seen& one : look(level)) {
            if (see(one.shown)) return;
            // What is hidden may hold a page that is not open.
            if (one.shown.showing || one.shown.role == QLatin1String("application")) next << one.below;
        }
        level = next;
    }
}

QList<Shown> Reader::all(const QString& program) const {
    QList<Shown> out;
    walk(program, [&out](const Shown& one) {
        out << one;
        return false;
    });
    return out;
}

std::optional<Shown> Reader::first(const QString& program, const std::function<bool(const Shown&)>& fits) const {
    std::optional<Shown> out;
    walk(program, [&](const Shown& one) {
        if (fits(one)) out = one;
        return out.has_value();
    });
    return out;
}

QString Reader::description(const Shown& one) const {
    const QDBusMessage answer =
        m_bus.call(property(one.service, one.path, "Description"), QDBus::Block, patience_milliseconds);
    return answer.arguments().value(0).value<QDBusVariant>().variant().toString();
}

void Reader::act(const Shown& one) const {
    // The first of them may be that it takes the keyboard.
    const QDBusMessage told = m_bus.call(call(one.service, one.path, "org.a11y.atspi.Action", "GetActions"),
                                         QDBus::Block, patience_milliseconds);
    int which = 0;
    if (told.type() == QDBusMessage::ReplyMessage) {
        const auto actions = told.arguments().value(0).value<QDBusArgument>();
        actions.beginArray();
        for (int i = 0; !actions.atEnd(); ++i) {
            QString name;
            QString what;
            QString key;
            actions.beginStructure();
            actions >> name >> what >> key;
            actions.endStructure();
            if (name == QLatin1String("Press")) which = i;
        }
        actions.endArray();
    }
    QDBusMessage ask = call(one.service, one.path, "org.a11y.atspi.Action", "DoAction");
    ask << which;
    m_bus.call(ask, QDBus::Block, patience_milliseconds);
}

bool Reader::write(const Shown& one, const QString& text) const {
    QDBusMessage ask = call(one.service, one.path, "org.a11y.atspi.EditableText", "SetTextContents");
    ask << text;
    const QDBusMessage answer = m_bus.call(ask, QDBus::Block, patience_milliseconds);
    return answer.type() == QDBusMessage::ReplyMessage && answer.arguments().value(0).toBool();
}

}    // namespace filfil::e2e
