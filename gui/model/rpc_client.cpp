// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "gui/model/rpc_client.hpp"

#include "gui/model/rpc_wire.hpp"

#include <QDeadlineTimer>
#include <QElapsedTimer>
#include <QJsonDocument>

#include <algorithm>
#include <utility>

namespace filfil::gui {
namespace {

constexpr int tick_milliseconds = 200;

qint64 steadyNow() { return QDeadlineTimer::current().deadline(); }

}    // namespace

RpcClient::RpcClient(QObject* parent) : QObject(parent), m_wire(new RpcWire) {
    m_wire->moveToThread(&m_thread);
    connect(&m_thread, &QThread::finished, m_wire, &QObject::deleteLater);
    connect(m_wire, &RpcWire::opened, this, [this](quint64 connection) {
        if (connection != m_connection) return;
        m_open = true;
        emit opened();
    });
    connect(m_wire, &RpcWire::ended, this, &RpcClient::onEnded);
    connect(m_wire, &RpcWire::message, this, &RpcClient::onMessage);
    connect(m_wire, &RpcWire::nonsense, this, [this](quint64 connection, const QString& sentence) {
        if (connection == m_connection) emit nonsense(sentence);
    });
    connect(&m_tick, &QTimer::timeout, this, &RpcClient::onTick);
    m_tick.setInterval(tick_milliseconds);
    m_thread.setObjectName(QStringLiteral("rpc"));
    m_thread.start();
}

RpcClient::~RpcClient() {
    QMetaObject::invokeMethod(m_wire, [wire = m_wire] { wire->close(); });
    m_thread.quit();
    m_thread.wait();
}

void RpcClient::open(const RpcAddress& address) {
    close();
    QMetaObject::invokeMethod(m_wire,
                              [wire = m_wire, connection = m_connection, address] { wire->open(connection, address); });
}

void RpcClient::close() {
    ++m_connection;
    m_open = false;
    QMetaObject::invokeMethod(m_wire, [wire = m_wire] { wire->close(); });
    failAll({0, QStringLiteral("lost"), tr("The connection to the daemon was ended"), {}});
}

void RpcClient::call(const QString& method, const QJsonObject& params, QObject* receiver, Handler handler,
                     int timeout) {
    Q_ASSERT(receiver != nullptr);
    if (!m_open) {
        const Reply lost(ApiError{0, QStringLiteral("lost"),
                                  tr("%1 was not asked: there is no connection to the daemon").arg(method),
                                  tr("it is asked again when the daemon is there")});
        QMetaObject::invokeMethod(
            receiver, [handler = std::move(handler), lost] { handler(lost); }, Qt::QueuedConnection);
        return;
    }
    const qint64 id = m_nextId++;
    m_pending.insert(id, {receiver, std::move(handler), steadyNow() + timeout, method});
    if (!m_tick.isActive()) m_tick.start();
    const QJsonObject request = {{QStringLiteral("jsonrpc"), QStringLiteral("2.0")},
                                 {QStringLiteral("id"), id},
                                 {QStringLiteral("method"), method},
                                 {QStringLiteral("params"), params}};
    QMetaObject::invokeMethod(
        m_wire, [wire = m_wire, text = QJsonDocument(request).toJson(QJsonDocument::Compact)] { wire->send(text); });
}

void RpcClient::onMessage(quint64 connection, const QJsonObject& message) {
    if (connection != m_connection) return;
    const QJsonValue method = message.value(QLatin1String("method"));
    if (method.isString()) return emit notified(method.toString(), message.value(QLatin1String("params")).toObject());
    const QJsonValue id = message.value(QLatin1String("id"));
    if (!id.isDouble()) return emit nonsense(tr("An answer came that belongs to no call"));
    const auto found = m_pending.constFind(id.toInteger());
    // One that came too late, or twice.
    if (found == m_pending.constEnd()) return;
    const Pending call = *found;
    m_pending.erase(found);
    if (!call.receiver) return;
    if (message.contains(QLatin1String("error")))
        return call.handler(Reply(ApiError::fromJson(message.value(QLatin1String("error")))));
    if (message.contains(QLatin1String("result"))) return call.handler(Reply(message.value(QLatin1String("result"))));
    emit nonsense(tr("The answer to %1 has neither a result nor an error").arg(call.method));
    call.handler(Reply(ApiError{0, QStringLiteral("bad_answer"),
                                tr("The answer to %1 has neither a result nor an error").arg(call.method),
                                tr("this may be another version of the daemon")}));
}

void RpcClient::onEnded(quint64 connection, int why, const QString& sentence) {
    if (connection != m_connection) return;
    m_open = false;
    ++m_connection;
    failAll({0, QStringLiteral("lost"), sentence, tr("it is asked again when the daemon is there")});
    emit ended(static_cast<End>(why), sentence);
}

void RpcClient::onTick() {
    const qint64 now = steadyNow();
    QList<Pending> late;
    for (auto call = m_pending.begin(); call != m_pending.end();) {
        if (call->deadline > now) {
            ++call;
            continue;
        }
        late << *call;
        call = m_pending.erase(call);
    }
    if (m_pending.isEmpty()) m_tick.stop();
    for (const Pending& call : late)
        if (call.receiver)
            call.handler(Reply(ApiError{0, QStringLiteral("no_answer"),
                                        tr("The daemon did not answer %1 in time").arg(call.method),
                                        tr("see what keeps it busy on the page Log, or try again")}));
}

void RpcClient::failAll(const ApiError& error) {
    const auto pending = std::exchange(m_pending, {});
    m_tick.stop();
    for (const Pending& call : pending)
        if (call.receiver)
            QMetaObject::invokeMethod(
                call.receiver, [handler = call.handler, error] { handler(Reply(error)); }, Qt::QueuedConnection);
}

}    // namespace filfil::gui
