// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "tests/gui/quick/fake_world.hpp"

#include <QHash>
#include <QJsonObject>
#include <QList>
#include <QObject>
#include <QPointer>
#include <QWebSocket>
#include <QWebSocketServer>

#include <functional>
#include <utility>

namespace filfil::gui::test {

/// A daemon's API on a port of its own, as docs/api.md says it, over a made world. In one of the conditions that a page
/// can meet.
class FakeDaemon : public QObject {
    Q_OBJECT

public:
    explicit FakeDaemon(Mood mood);
    ~FakeDaemon() override;

    [[nodiscard]] QString url() const;
    void setMood(Mood mood) { m_world.mood = mood; }

    void setMemory(const QString& state, const QString& sentence) {
        m_world.memoryState = state;
        m_world.memorySentence = sentence;
    }
    FakeWorld& world() { return m_world; }

    /// As if the process were gone, and back on the same port.
    void stop();
    bool start();

    /// An event to all that subscribed.
    void push(const QString& type, const QJsonObject& data);

    /// As if so many events were lost on the way.
    void skip(int events) { m_seq += events; }

    /// What becomes of an answer: the messages that are sent, each after so many milliseconds; none for silence.
    using Fate = std::function<QList<std::pair<int, QString>>(const QString& method, const QJsonObject& reply)>;

    /// @param fate empty: each answer goes at once, as it is
    void setFate(Fate fate) { m_fate = std::move(fate); }

    /// How often a method was called, and with what the last time.
    [[nodiscard]] int calls(const QString& method) const { return m_calls.value(method); }
    [[nodiscard]] QJsonObject lastParams(const QString& method) const { return m_params.value(method); }

private:
    void take(QWebSocket* socket, const QString& text);

    QWebSocketServer m_server;
    QList<QPointer<QWebSocket>> m_sockets;
    FakeWorld m_world;
    Fate m_fate;
    QHash<QString, int> m_calls;
    QHash<QString, QJsonObject> m_params;
    quint16 m_port = 0;
    qint64 m_seq = 1'000'000;
};

}    // namespace filfil::gui::test
