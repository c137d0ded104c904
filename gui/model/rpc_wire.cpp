// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "gui/model/rpc_wire.hpp"

#include <QJsonArray>
#include <QJsonDocument>
#include <QSslCertificate>
#include <QSslConfiguration>
#include <QSslError>

namespace filfil::gui {
namespace {

constexpr int beat_milliseconds = 5'000;

/// Beats without a sign of the other side until it is taken for gone; a connection that does not come to be, too.
constexpr int most_silent_beats = 4;

}    // namespace

// A socket that is destroyed while it is connected says so, and by then the rest is gone.
RpcWire::~RpcWire() {
    if (m_socket) m_socket->disconnect(this);
}

void RpcWire::open(quint64 connection, const RpcAddress& address) {
    close();
    m_connection = connection;
    m_host = address.url.toString(QUrl::RemoveUserInfo | QUrl::RemoveQuery);
    m_socket = std::make_unique<QWebSocket>();
    m_socket->setMaxAllowedIncomingFrameSize(largestMessage);
    m_socket->setMaxAllowedIncomingMessageSize(largestMessage);
    if (!address.caFile.isEmpty()) {
        QSslConfiguration tls = QSslConfiguration::defaultConfiguration();
        const QList<QSslCertificate> trusted = QSslCertificate::fromPath(address.caFile);
        if (trusted.isEmpty())
            return end(RpcClient::End::Tls, tr("%1 holds no certificate in PEM form").arg(address.caFile));
        tls.setCaCertificates(trusted);
        m_socket->setSslConfiguration(tls);
    }
    connect(m_socket.get(), &QWebSocket::connected, this, [this] {
        m_open = true;
        m_silentBeats = 0;
        emit opened(m_connection);
    });
    connect(m_socket.get(), &QWebSocket::textMessageReceived, this, &RpcWire::onText);
    connect(m_socket.get(), &QWebSocket::binaryMessageReceived, this, [this] {
        m_silentBeats = 0;
        emit nonsense(m_connection, tr("%1 sent bytes that are no text").arg(m_host));
    });
    connect(m_socket.get(), &QWebSocket::pong, this, [this] { m_silentBeats = 0; });
    connect(m_socket.get(), &QWebSocket::sslErrors, this, [this](const QList<QSslError>& errors) {
        end(RpcClient::End::Tls, tr("The certificate of %1 is not trusted: %2")
                                     .arg(m_host, errors.isEmpty() ? QString() : errors.front().errorString()));
    });
    connect(m_socket.get(), qOverload<QAbstractSocket::SocketError>(&QWebSocket::error), this, &RpcWire::onError);
    connect(m_socket.get(), &QWebSocket::disconnected, this, [this] {
        const QString said = m_socket ? m_socket->closeReason() : QString();
        end(m_open ? RpcClient::End::Lost : RpcClient::End::Refused,
            said.isEmpty() ? tr("The connection to %1 ended").arg(m_host)
                           : tr("The connection to %1 ended: %2").arg(m_host, said));
    });
    m_beat = std::make_unique<QTimer>();
    connect(m_beat.get(), &QTimer::timeout, this, &RpcWire::onBeat);
    m_beat->start(beat_milliseconds);
    m_silentBeats = 0;
    QNetworkRequest request(address.url);
    request.setRawHeader("Authorization", "Bearer " + address.token.toUtf8());
    m_socket->open(request);
}

void RpcWire::close() {
    m_open = false;
    m_beat.reset();
    if (!m_socket) return;
    // It is in the middle of a signal, maybe.
    m_socket->disconnect(this);
    m_socket->abort();
    m_socket.release()->deleteLater();
}

void RpcWire::send(const QByteArray& text) {
    if (m_socket && m_open) m_socket->sendTextMessage(QString::fromUtf8(text));
}

void RpcWire::onText(const QString& text) {
    m_silentBeats = 0;
    QJsonParseError problem;
    const QJsonDocument document = QJsonDocument::fromJson(text.toUtf8(), &problem);
    if (document.isObject()) return emit message(m_connection, document.object());
    if (document.isArray()) {
        for (const QJsonValue& one : document.array())
            if (one.isObject()) emit message(m_connection, one.toObject());
        return;
    }
    emit nonsense(m_connection, tr("%1 sent what is no JSON: %2").arg(m_host, problem.errorString()));
}

void RpcWire::onError() {
    if (!m_socket) return;
    const QString text = m_socket->errorString();
    // Qt has the status of a refused handshake in its text alone.
    if (!m_open && text.contains(QLatin1String("401")))
        return end(RpcClient::End::Denied, tr("%1 does not accept the token").arg(m_host));
    if (!m_open && (text.contains(QLatin1String("http status")) || text.contains(QLatin1String("processHandshake"))))
        return end(RpcClient::End::NoApi, tr("What answers at %1 is no fil-fil daemon: %2").arg(m_host, text));
    if (m_socket->error() == QAbstractSocket::SslHandshakeFailedError)
        return end(RpcClient::End::Tls, tr("No secure connection to %1: %2").arg(m_host, text));
    end(m_open ? RpcClient::End::Lost : RpcClient::End::Refused, tr("%1: %2").arg(m_host, text));
}

void RpcWire::onBeat() {
    if (++m_silentBeats > most_silent_beats)
        return end(m_open ? RpcClient::End::Lost : RpcClient::End::Refused, tr("%1 does not answer").arg(m_host));
    if (m_open) m_socket->ping();
}

void RpcWire::end(RpcClient::End why, const QString& sentence) {
    const quint64 connection = m_connection;
    close();
    emit ended(connection, static_cast<int>(why), sentence);
}

}    // namespace filfil::gui
