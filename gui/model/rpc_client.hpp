// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "gui/model/api_error.hpp"

#include <QHash>
#include <QObject>
#include <QPointer>
#include <QThread>
#include <QTimer>
#include <QUrl>

#include <functional>

namespace filfil::gui {

class RpcWire;

/// Where a daemon is and what lets one in.
struct RpcAddress {
    QUrl url;    ///< ws:// or wss://
    QString token;
    QString caFile;    ///< PEM certificates that a daemon's own is trusted by; "": the system's
};

/// JSON-RPC 2.0 over one WebSocket. The socket and the reading of what comes live in a thread of their own: answers
/// arrive here parsed. GUI thread only.
class RpcClient : public QObject {
    Q_OBJECT

public:
    /// Why a connection is not there.
    enum class End {
        Refused,    ///< nobody listens, or another error of the network
        Denied,     ///< 401: the token is not the daemon's
        NoApi,      ///< something answered that is no daemon
        Lost,       ///< it was there and ended
        Tls,        ///< the certificate is not trusted
    };
    Q_ENUM(End)

    using Handler = std::function<void(const Reply&)>;

    explicit RpcClient(QObject* parent = nullptr);
    ~RpcClient() override;

    /// Connects; ends what there was before. opened() or ended() tells what became of it.
    void open(const RpcAddress& address);

    /// Without a word; calls under way end with "lost".
    void close();

    [[nodiscard]] bool isOpen() const { return m_open; }

    /// `handler` is called once, from the event loop, unless `receiver` is destroyed before. @param timeout
    /// milliseconds until it is "no_answer"
    void call(const QString& method, const QJsonObject& params, QObject* receiver, Handler handler,
              int timeout = 30'000);

    [[nodiscard]] int pending() const { return static_cast<int>(m_pending.size()); }

signals:
    void opened();
    void ended(filfil::gui::RpcClient::End why, const QString& sentence);
    void notified(const QString& method, const QJsonObject& params);

    /// Something that is no JSON-RPC came; what it was is left out.
    void nonsense(const QString& sentence);

private:
    struct Pending {
        QPointer<QObject> receiver;
        Handler handler;
        qint64 deadline = 0;    ///< milliseconds of the steady clock
        QString method;
    };

    void onMessage(quint64 connection, const QJsonObject& message);
    void onEnded(quint64 connection, int why, const QString& sentence);
    void onTick();
    void failAll(const ApiError& error);

    QThread m_thread;
    RpcWire* m_wire;
    QTimer m_tick;
    QHash<qint64, Pending> m_pending;
    qint64 m_nextId = 1;
    quint64 m_connection = 0;    ///< what comes from an earlier one is not looked at
    bool m_open = false;
};

}    // namespace filfil::gui
