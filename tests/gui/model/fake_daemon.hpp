// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include <QHash>
#include <QJsonArray>
#include <QJsonObject>
#include <QObject>
#include <QTemporaryDir>
#include <QVariantMap>
#include <QWebSocket>
#include <QWebSocketServer>

#include <functional>
#include <optional>

namespace filfil::gui::test {

/// A daemon that answers each method as docs/api.md shows it, unless it is told to answer otherwise.
class FakeDaemon : public QObject {
    Q_OBJECT

public:
    using Answer = std::function<QJsonValue(const QJsonObject& params)>;

    FakeDaemon();
    ~FakeDaemon() override;

    /// For Session::connectToAddress: its folder, with address and token in it.
    [[nodiscard]] QVariantMap place() const;

    /// Results by method, as docs/api.md has them.
    static const QHash<QString, QJsonObject>& page();

    void answer(const QString& method, Answer answer) { m_answers[method] = std::move(answer); }
    void answer(const QString& method, const QJsonValue& value);

    /// An error with that code's name.
    void refuse(const QString& method, const QString& name, const QString& message, const QString& remedy,
                int code = -32000);

    /// Does not answer that method at all.
    void ignore(const QString& method) { m_ignored << method; }

    /// A number that grows by one, and the event to all who subscribed.
    void publish(const QString& type, const QJsonObject& data);

    /// Something happened, and nobody is told.
    void loseEvent() { ++m_seq; }

    /// Sends this as it is.
    void sendRaw(const QString& text);
    void sendRaw(const QByteArray& bytes);

    /// Ends all connections and does not listen any more.
    void kill();

    /// Listens again at the same place, as another process: with other numbers, and started later.
    void startAgain();

    /// Listens again after kill(), as the same process: only the way to it was gone.
    void comeBack() { listen(m_port); }

    [[nodiscard]] int calls(const QString& method) const { return m_calls.value(method); }
    [[nodiscard]] QJsonObject lastParams(const QString& method) const { return m_params.value(method); }
    [[nodiscard]] int connections() const { return static_cast<int>(m_sockets.size()); }
    [[nodiscard]] bool subscribed() const { return m_subscribed > 0; }

    double clockAhead = 0;    ///< seconds, in what it says of the time
    QJsonArray stateJobs;     ///< those that FilFil.State tells

private:
    void listen(quint16 port);
    [[nodiscard]] QJsonObject status() const;
    void onText(QWebSocket* socket, const QString& text);
    [[nodiscard]] double now() const;

    std::optional<QWebSocketServer> m_server;
    QTemporaryDir m_folder;
    quint16 m_port = 0;
    QList<QWebSocket*> m_sockets;
    QHash<QString, Answer> m_answers;
    QHash<QString, QJsonObject> m_errors;
    QStringList m_ignored;
    QHash<QString, int> m_calls;
    QHash<QString, QJsonObject> m_params;
    qint64 m_seq = 1'767'225'600'000'000;
    double m_startedLater = 0;    // seconds
    qint64 m_oldest = 1'767'225'600'000'000;
    QList<QJsonObject> m_events;
    int m_subscribed = 0;
};

}    // namespace filfil::gui::test
