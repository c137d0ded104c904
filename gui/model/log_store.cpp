// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "gui/model/log_store.hpp"

#include "gui/model/format.hpp"

#include <QJsonArray>
#include <QJsonDocument>
#include <QRegularExpression>
#include <QSaveFile>

#include <algorithm>

namespace filfil::gui {
namespace {

constexpr int poll_milliseconds = 1000;

/// Of an answer: more would take the GUI thread long, and the next is asked for at once.
constexpr int page = 1000;

constexpr qsizetype most_modules = 200;
constexpr qsizetype most_in_bundle = 5000;

bool isSecretName(const QString& name) {
    static const QStringList words = {
        QStringLiteral("token"),   QStringLiteral("secret"),   QStringLiteral("password"), QStringLiteral("passphrase"),
        QStringLiteral("private"), QStringLiteral("key_file"), QStringLiteral("auth")};
    return std::any_of(words.begin(), words.end(),
                       [&](const QString& word) { return name.contains(word, Qt::CaseInsensitive); });
}

/// Users and passwords in URLs, tokens in queries and headers.
QString textWithoutSecrets(QString text) {
    static const QRegularExpression inUrl(QStringLiteral("(\\w+://)[^/@\\s\"']+@"));
    static const QRegularExpression inQuery(QStringLiteral("([?&](?:token|key|apikey|api_key|auth)=)[^&\\s\"']+"),
                                            QRegularExpression::CaseInsensitiveOption);
    static const QRegularExpression inHeader(QStringLiteral("(Bearer\\s+)[^\\s\"']+"),
                                             QRegularExpression::CaseInsensitiveOption);
    // A JSON Web Token, as Lotus has them.
    static const QRegularExpression jwt(QStringLiteral("eyJ[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+"));
    text.replace(inUrl, QStringLiteral("\\1…@"));
    text.replace(inQuery, QStringLiteral("\\1…"));
    text.replace(inHeader, QStringLiteral("\\1…"));
    return text.replace(jwt, QStringLiteral("…"));
}

}    // namespace

LogStore::LogStore(Session& session, Format& format, QObject* parent, int keep)
    : Store(session, format, parent), m_lines(new LogModel(&format, keep, this)) {
    m_poll.setInterval(poll_milliseconds);
    connect(&m_poll, &QTimer::timeout, this, &LogStore::ask);
}

void LogStore::setActive(bool active) {
    if (m_active == active) return;
    m_active = active;
    if (active) {
        m_poll.start();
        ask();
    } else {
        m_poll.stop();
    }
    emit filterChanged();
}

void LogStore::setLevel(const QString& level) {
    if (m_level == level) return;
    m_level = level;
    applyFilter();
}

void LogStore::setModule(const QString& module) {
    if (m_module == module) return;
    m_module = module;
    applyFilter();
}

void LogStore::setText(const QString& text) {
    if (m_text == text) return;
    m_text = text;
    applyFilter();
}

void LogStore::applyFilter() {
    m_lines->setFilter(LogModel::levelOf(m_level), m_module, m_text);
    emit filterChanged();
}

void LogStore::load() {
    fetch(QStringLiteral("FilFil.Log"),
          {{QStringLiteral("limit"), 1}, {QStringLiteral("level"), QStringLiteral("debug")}},
          [this](const QJsonObject& answer) {
              // Numbers begin anew with each start of the daemon.
              if (answer.value(QLatin1String("last")).toInteger(0) < m_last) m_last = -1;
              if (m_active) ask();
          });
}

void LogStore::forget() {
    m_lines->clear();
    m_modules.clear();
    m_last = -1;
    m_asking = false;
    emit modulesChanged();
}

void LogStore::ask() {
    if (m_asking || !session().online()) return;
    m_asking = true;
    QJsonObject params = {{QStringLiteral("level"), QStringLiteral("debug")}, {QStringLiteral("limit"), page}};
    if (m_last >= 0) params.insert(QStringLiteral("after"), m_last);
    session().call(QStringLiteral("FilFil.Log"), params, this, [this](const Reply& reply) {
        m_asking = false;
        if (reply.ok())
            take(reply.object());
        else if (!reply.error().isPassing())
            setProblem(reply.error());
    });
}

void LogStore::take(const QJsonObject& answer) {
    const QJsonArray records = answer.value(QLatin1String("records")).toArray();
    std::vector<LogModel::Line> lines;
    lines.reserve(static_cast<std::size_t>(records.size()));
    const qsizetype modules = m_modules.size();
    for (const QJsonValue& value : records) {
        const QJsonObject record = value.toObject();
        const qint64 seq = record.value(QLatin1String("seq")).toInteger(-1);
        if (seq <= m_last) continue;
        m_last = seq;
        QString module = record.value(QLatin1String("module")).toString();
        if (!m_modules.contains(module) && m_modules.size() < most_modules) m_modules << module;
        lines.push_back({seq, record.value(QLatin1String("time")).toDouble(),
                         LogModel::levelOf(record.value(QLatin1String("level")).toString()), std::move(module),
                         record.value(QLatin1String("message")).toString()});
    }
    if (m_modules.size() != modules) {
        m_modules.sort();
        emit modulesChanged();
    }
    const bool full = records.size() >= page;
    m_lines->append(std::move(lines));
    // Where the level of all those was too low nothing came, and yet they were.
    m_last = std::max(m_last, records.isEmpty() ? answer.value(QLatin1String("last")).toInteger(m_last) : m_last);
    if (full && m_active) ask();
}

QJsonValue LogStore::withoutSecrets(const QJsonValue& value, const QString& name) {
    if (value.isObject()) {
        QJsonObject out;
        const QJsonObject object = value.toObject();
        // A setting is {"key": …, "value": …}: its name says whether its value is one.
        const QString key = object.value(QLatin1String("key")).toString();
        for (auto field = object.begin(); field != object.end(); ++field) {
            const bool ofSecret =
                isSecretName(key) && (field.key() == QLatin1String("value") || field.key() == QLatin1String("default"));
            out.insert(field.key(), ofSecret && field.value() != QJsonValue(QString())
                                        ? QJsonValue(QStringLiteral("…"))
                                        : withoutSecrets(field.value(), field.key()));
        }
        return out;
    }
    if (value.isArray()) {
        QJsonArray out;
        for (const QJsonValue& one : value.toArray()) out << withoutSecrets(one, name);
        return out;
    }
    if (!value.isString()) return value;
    if (isSecretName(name) && !value.toString().isEmpty()) return QStringLiteral("…");
    return textWithoutSecrets(value.toString());
}

void LogStore::saveDiagnostics(const QUrl& file) {
    const QString path = file.isLocalFile() ? file.toLocalFile() : file.toString();
    const auto write = [this, path](const QJsonObject& state) {
        QJsonArray lines;
        const std::size_t all = m_lines->lines().size();
        for (std::size_t i = all - std::min<std::size_t>(all, most_in_bundle); i < all; ++i) {
            const LogModel::Line& line = m_lines->lines()[i];
            lines << QJsonObject{{QStringLiteral("time"), line.time},
                                 {QStringLiteral("level"), LogModel::levelName(line.level)},
                                 {QStringLiteral("module"), line.module},
                                 {QStringLiteral("message"), line.message}};
        }
        const QJsonObject bundle = {{QStringLiteral("made_at"), format().now()},
                                    {QStringLiteral("daemon_version"), session().version()},
                                    {QStringLiteral("network"), session().network()},
                                    {QStringLiteral("connection"), session().sentence()},
                                    {QStringLiteral("system"), QSysInfo::prettyProductName()},
                                    {QStringLiteral("qt"), QString::fromLatin1(qVersion())},
                                    {QStringLiteral("state"), state},
                                    {QStringLiteral("log"), lines}};
        QSaveFile out(path);
        if (!out.open(QIODevice::WriteOnly) ||
            out.write(QJsonDocument(withoutSecrets(bundle).toObject()).toJson()) < 0 || !out.commit())
            emit failed(tr("%1 cannot be written: %2").arg(path, out.errorString()), tr("choose another place"));
        else
            emit done(tr("Written to %1; look through it before you pass it on").arg(path));
    };
    // Also without a daemon: that may be what is wrong.
    session().call(QStringLiteral("FilFil.State"), {}, this,
                   [write](const Reply& reply) { write(reply.ok() ? reply.object() : QJsonObject()); });
}

}    // namespace filfil::gui
