// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "gui/model/rpc_client.hpp"

#include <QJsonObject>
#include <QObject>
#include <QTimer>
#include <QWebSocket>

#include <memory>

namespace filfil::gui {

/// The socket of an RpcClient, in the client's own thread: connects, parses what comes, notices where nothing comes any
/// more. Each connection has a number, so that what is late is known to be.
class RpcWire : public QObject {
    Q_OBJECT

public:
    /// More than that in one message is no answer of a daemon.
    static constexpr quint64 largestMessage = 64ULL << 20;

    using QObject::QObject;
    ~RpcWire() override;

    void open(quint64 connection, const filfil::gui::RpcAddress& address);
    void close();
    void send(const QByteArray& text);

signals:
    void opened(quint64 connection);
    void ended(quint64 connection, int why, const QString& sentence);
    void message(quint64 connection, const QJsonObject& message);
    void nonsense(quint64 connection, const QString& sentence);

private:
    void onText(const QString& text);
    void onError();
    void onBeat();
    void end(RpcClient::End why, const QString& sentence);

    std::unique_ptr<QWebSocket> m_socket;
    std::unique_ptr<QTimer> m_beat;
    quint64 m_connection = 0;
    QString m_host;
    bool m_open = false;
    int m_silentBeats = 0;
};

}    // namespace filfil::gui
