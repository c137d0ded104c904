// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "tests/gui/quick/fake_daemon.hpp"

#include <QDateTime>
#include <QJsonDocument>
#include <QThread>
#include <QTimer>

namespace filfil::gui::test {

FakeDaemon::FakeDaemon(Mood mood) : m_server(QStringLiteral("fake"), QWebSocketServer::NonSecureMode), m_world(mood) {
    connect(&m_server, &QWebSocketServer::newConnection, this, [this] {
        while (QWebSocket* socket = m_server.nextPendingConnection()) {
            m_sockets << socket;
            connect(socket, &QWebSocket::textMessageReceived, this,
                    [this, socket](const QString& text) { take(socket, text); });
            connect(socket, &QWebSocket::disconnected, socket, &QObject::deleteLater);
        }
    });
    start();
}

FakeDaemon::~FakeDaemon() { stop(); }

bool FakeDaemon::start() {
    // Another program may have been given the port while it was gone.
    for (int tries = 0; tries < 100 && !m_server.listen(QHostAddress::LocalHost, m_port); ++tries) QThread::msleep(100);
    if (!m_server.isListening()) return false;
    m_port = m_server.serverPort();
    return true;
}

void FakeDaemon::stop() {
    for (const QPointer<QWebSocket>& socket : m_sockets)
        if (socket) {
            socket->disconnect(this);
            socket->abort();
            socket->deleteLater();
        }
    m_sockets.clear();
    m_server.close();
}

QString FakeDaemon::url() const { return QStringLiteral("ws://127.0.0.1:%1").arg(m_port); }

void FakeDaemon::push(const QString& type, const QJsonObject& data) {
    m_seq += 1;
    const QJsonObject event{{QStringLiteral("seq"), m_seq},
                            {QStringLiteral("type"), type},
                            {QStringLiteral("time"), static_cast<double>(QDateTime::currentMSecsSinceEpoch()) / 1000.0},
                            {QStringLiteral("data"), data}};
    const QJsonObject message{{QStringLiteral("jsonrpc"), QStringLiteral("2.0")},
                              {QStringLiteral("method"), QStringLiteral("FilFil.Event")},
                              {QStringLiteral("params"), event}};
    for (const QPointer<QWebSocket>& socket : m_sockets)
        if (socket) socket->sendTextMessage(QString::fromUtf8(QJsonDocument(message).toJson(QJsonDocument::Compact)));
}

void FakeDaemon::take(QWebSocket* socket, const QString& text) {
    const QJsonObject request = QJsonDocument::fromJson(text.toUtf8()).object();
    const QString method = request.value(QLatin1String("method")).toString();
    const QJsonObject params = request.value(QLatin1String("params")).toObject();
    m_calls[method] += 1;
    m_params[method] = params;
    const FakeWorld::Answer answer = m_world.answer(method, params, m_seq);
    if (answer.silent) return;
    QJsonObject reply{{QStringLiteral("jsonrpc"), QStringLiteral("2.0")},
                      {QStringLiteral("id"), request.value(QLatin1String("id"))}};
    if (answer.error.isEmpty())
        reply.insert(QStringLiteral("result"), answer.result);
    else
        reply.insert(QStringLiteral("error"), answer.error);
    if (m_fate) {
        for (const auto& one : m_fate(method, reply))
            QTimer::singleShot(one.first, socket, [socket, message = one.second] { socket->sendTextMessage(message); });
    } else {
        socket->sendTextMessage(QString::fromUtf8(QJsonDocument(reply).toJson(QJsonDocument::Compact)));
    }
    for (const auto& [type, data] : answer.events) push(type, data);
}

}    // namespace filfil::gui::test
