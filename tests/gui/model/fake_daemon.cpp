// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "fake_daemon.hpp"

#include <QDateTime>
#include <QFile>
#include <QJsonDocument>
#include <QThread>

#include <utility>

namespace filfil::gui::test {
namespace {

QJsonObject parse(const QString& text) { return QJsonDocument::fromJson(text.toUtf8()).object(); }

}    // namespace

const QHash<QString, QJsonObject>& FakeDaemon::page() {
    static const QHash<QString, QJsonObject> answers = [] {
        QHash<QString, QJsonObject> out;
        QFile file(QStringLiteral(FILFIL_SOURCE_DIR "/docs/api.md"));
        if (!file.open(QIODevice::ReadOnly)) qFatal("docs/api.md cannot be read");
        QString method;
        for (const QString& line : QString::fromUtf8(file.readAll()).split(u'\n')) {
            if (!line.startsWith(QLatin1String("{\"jsonrpc\""))) continue;
            const QJsonObject said = parse(line);
            if (said.contains(QLatin1String("method")))
                method = said.value(QLatin1String("method")).toString();
            else if (said.value(QLatin1String("result")).isObject() && !out.contains(method))
                out.insert(method, said.value(QLatin1String("result")).toObject());
        }
        // Its list of jobs and that of snapshots are shortened on the page.
        out[QStringLiteral("FilFil.Jobs")] = {
            {QStringLiteral("jobs"), QJsonArray{out.value(QStringLiteral("FilFil.Job"))}}};
        QJsonObject state = out.value(QStringLiteral("FilFil.State"));
        state.insert(QStringLiteral("status"), out.value(QStringLiteral("FilFil.Status")));
        state.insert(QStringLiteral("config"), out.value(QStringLiteral("FilFil.Config")));
        out[QStringLiteral("FilFil.State")] = state;
        return out;
    }();
    return answers;
}

FakeDaemon::FakeDaemon() {
    listen(0);
    for (const auto& [name, text] : {std::pair{"api.url", QStringLiteral("ws://127.0.0.1:%1/rpc/v1\n").arg(m_port)},
                                     std::pair{"token.admin", QStringLiteral("secret\n")}}) {
        QFile file(m_folder.filePath(QLatin1String(name)));
        if (!file.open(QIODevice::WriteOnly) || file.write(text.toUtf8()) < 0) qFatal("no folder for a fake daemon");
    }
}

FakeDaemon::~FakeDaemon() { kill(); }

QVariantMap FakeDaemon::place() const {
    return {{QStringLiteral("name"), QStringLiteral("fake")}, {QStringLiteral("folder"), m_folder.path()}};
}

void FakeDaemon::listen(quint16 port) {
    m_server.emplace(QStringLiteral("fake"), QWebSocketServer::NonSecureMode);
    // Another program may have been given the port of one that was gone for a moment.
    for (int tries = 0; tries < 100 && !m_server->listen(QHostAddress::LocalHost, port); ++tries) QThread::msleep(100);
    if (!m_server->isListening()) qFatal("the fake daemon cannot listen: %s", qPrintable(m_server->errorString()));
    m_port = m_server->serverPort();
    connect(&*m_server, &QWebSocketServer::newConnection, this, [this] {
        while (QWebSocket* socket = m_server->nextPendingConnection()) {
            m_sockets << socket;
            connect(socket, &QWebSocket::textMessageReceived, this,
                    [this, socket](const QString& text) { onText(socket, text); });
            connect(socket, &QWebSocket::disconnected, this, [this, socket] {
                m_sockets.removeOne(socket);
                socket->deleteLater();
            });
        }
    });
}

double FakeDaemon::now() const { return static_cast<double>(QDateTime::currentMSecsSinceEpoch()) / 1000 + clockAhead; }

void FakeDaemon::answer(const QString& method, const QJsonValue& value) {
    m_answers[method] = [value](const QJsonObject&) { return value; };
}

void FakeDaemon::refuse(const QString& method, const QString& name, const QString& message, const QString& remedy,
                        int code) {
    m_errors[method] = {{QStringLiteral("code"), code},
                        {QStringLiteral("message"), message},
                        {QStringLiteral("data"), QJsonObject{{QStringLiteral("code"), name},
                                                             {QStringLiteral("message"), message},
                                                             {QStringLiteral("remedy"), remedy}}}};
}

void FakeDaemon::onText(QWebSocket* socket, const QString& text) {
    const QJsonObject call = parse(text);
    const QString method = call.value(QLatin1String("method")).toString();
    const QJsonObject params = call.value(QLatin1String("params")).toObject();
    ++m_calls[method];
    m_params[method] = params;
    if (m_ignored.contains(method)) return;
    const auto send = [&](const QJsonObject& object) {
        socket->sendTextMessage(QString::fromUtf8(QJsonDocument(object).toJson(QJsonDocument::Compact)));
    };
    QJsonObject answer = {{QStringLiteral("jsonrpc"), QStringLiteral("2.0")},
                          {QStringLiteral("id"), call.value(QLatin1String("id"))}};
    if (m_errors.contains(method)) {
        answer.insert(QStringLiteral("error"), m_errors.value(method));
        return send(answer);
    }
    QJsonValue result;
    if (m_answers.contains(method)) {
        result = m_answers.value(method)(params);
    } else if (method == QLatin1String("FilFil.Subscribe")) {
        ++m_subscribed;
        const qint64 after = params.value(QLatin1String("after_seq")).toInteger(-1);
        const bool resync = after >= 0 && (after < m_oldest || after > m_seq);
        send({{QStringLiteral("jsonrpc"), QStringLiteral("2.0")},
              {QStringLiteral("method"), QStringLiteral("FilFil.Event")},
              {QStringLiteral("params"), QJsonObject{{QStringLiteral("seq"), m_seq},
                                                     {QStringLiteral("type"), QStringLiteral("subscribed")},
                                                     {QStringLiteral("time"), now()},
                                                     {QStringLiteral("data"), QJsonObject()}}}});
        if (after >= 0 && !resync)
            for (const QJsonObject& event : std::as_const(m_events))
                if (event.value(QLatin1String("seq")).toInteger() > after)
                    send({{QStringLiteral("jsonrpc"), QStringLiteral("2.0")},
                          {QStringLiteral("method"), QStringLiteral("FilFil.Event")},
                          {QStringLiteral("params"), event}});
        result = QJsonObject{{QStringLiteral("subscription"), m_subscribed},
                             {QStringLiteral("seq"), m_seq},
                             {QStringLiteral("resync"), resync}};
    } else if (method == QLatin1String("FilFil.State")) {
        QJsonObject state = page().value(method);
        state.insert(QStringLiteral("seq"), m_seq);
        state.insert(QStringLiteral("status"), status());
        state.insert(QStringLiteral("jobs"), stateJobs);
        result = state;
    } else if (method == QLatin1String("FilFil.Status")) {
        result = status();
    } else if (page().contains(method)) {
        result = page().value(method);
    } else {
        answer.insert(QStringLiteral("error"),
                      QJsonObject{{QStringLiteral("code"), -32601},
                                  {QStringLiteral("message"), QStringLiteral("no such method")}});
        return send(answer);
    }
    answer.insert(QStringLiteral("result"), result);
    send(answer);
}

QJsonObject FakeDaemon::status() const {
    QJsonObject status = page().value(QStringLiteral("FilFil.Status"));
    const QString started = QStringLiteral("started_at");
    status.insert(started, status.value(started).toDouble() + m_startedLater);
    return status;
}

void FakeDaemon::publish(const QString& type, const QJsonObject& data) {
    const QJsonObject event = {{QStringLiteral("seq"), ++m_seq},
                               {QStringLiteral("type"), type},
                               {QStringLiteral("time"), now()},
                               {QStringLiteral("data"), data}};
    m_events << event;
    const QJsonObject note = {{QStringLiteral("jsonrpc"), QStringLiteral("2.0")},
                              {QStringLiteral("method"), QStringLiteral("FilFil.Event")},
                              {QStringLiteral("params"), event}};
    sendRaw(QString::fromUtf8(QJsonDocument(note).toJson(QJsonDocument::Compact)));
}

void FakeDaemon::sendRaw(const QString& text) {
    for (QWebSocket* socket : std::as_const(m_sockets)) socket->sendTextMessage(text);
}

void FakeDaemon::sendRaw(const QByteArray& bytes) {
    for (QWebSocket* socket : std::as_const(m_sockets)) socket->sendBinaryMessage(bytes);
}

void FakeDaemon::kill() {
    const QList<QWebSocket*> sockets = std::exchange(m_sockets, {});
    for (QWebSocket* socket : sockets) {
        socket->disconnect(this);
        socket->abort();
        socket->deleteLater();
    }
    m_server.reset();
}

void FakeDaemon::startAgain() {
    kill();
    m_seq += 1'000'000;
    m_startedLater += 60;
    m_oldest = m_seq;
    m_events.clear();
    listen(m_port);
}

}    // namespace filfil::gui::test
