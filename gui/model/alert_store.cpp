// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "gui/model/alert_store.hpp"

#include "gui/model/format.hpp"

namespace filfil::gui {
namespace {

const QString code_field = QStringLiteral("code");
const QString own_field = QStringLiteral("own");
const QString muted_field = QStringLiteral("muted");

}    // namespace

AlertStore::AlertStore(Session& session, Format& format, QObject* parent) : Store(session, format, parent) {
    setModel(new RecordModel(RecordModel::field(code_field),
                             {{QStringLiteral("severity"), QT_TR_NOOP("Severity"), ColumnKind::State, 90},
                              {QStringLiteral("message"), QT_TR_NOOP("What is wrong"), ColumnKind::Text, 420},
                              {QStringLiteral("remedy"), QT_TR_NOOP("What to do"), ColumnKind::Text, 320},
                              {QStringLiteral("since"), QT_TR_NOOP("Since"), ColumnKind::Time, 150}},
                             {code_field, own_field, muted_field}, &format, this));
}

QString AlertStore::worst() const {
    return m_errors > 0 ? QStringLiteral("error") : m_count > 0 ? QStringLiteral("warning") : QString();
}

void AlertStore::mute(const QString& code, bool muted) {
    if (muted)
        m_muted.insert(code);
    else
        m_muted.remove(code);
    model()->patch(code, {{muted_field, muted}});
    recount();
}

void AlertStore::setOwn(const QString& code, const QString& severity, const QString& message, const QString& remedy) {
    const QString key = QStringLiteral("desktop_") + code;
    m_own.removeIf([&](const QJsonObject& alert) { return alert.value(code_field).toString() == key; });
    if (message.isEmpty()) {
        model()->remove(key);
        return recount();
    }
    QJsonObject alert = {{code_field, key},
                         {QStringLiteral("severity"), severity},
                         {QStringLiteral("message"), message},
                         {QStringLiteral("remedy"), remedy},
                         {QStringLiteral("since"), format().now()},
                         {own_field, true}};
    m_own << alert;
    put(std::move(alert));
    recount();
}

void AlertStore::load() {
    fetch(QStringLiteral("FilFil.Status"), {},
          [this](const QJsonObject& status) { takeAll(status.value(QLatin1String("alerts"))); });
}

void AlertStore::forget() {
    Store::forget();
    m_own.clear();
    m_muted.clear();
    recount();
}

void AlertStore::onState(const QJsonObject& state) {
    const QJsonObject status = state.value(QLatin1String("status")).toObject();
    if (status.contains(QLatin1String("alerts"))) takeAll(status.value(QLatin1String("alerts")));
}

void AlertStore::onEvent(const QString& type, const QJsonObject& data, double /*time*/) {
    if (type == QLatin1String("alert")) {
        put(data);
    } else if (type == QLatin1String("alert_over")) {
        const QString code = data.value(QLatin1String("code")).toString();
        m_muted.remove(code);
        model()->remove(code);
    } else if (type == QLatin1String("status") && data.value(QLatin1String("alerts")).isArray()) {
        return takeAll(data.value(QLatin1String("alerts")));
    } else {
        return;
    }
    recount();
}

void AlertStore::takeAll(const QJsonValue& alerts) {
    QList<QJsonObject> all = m_own + objectsOf(alerts);
    QSet<QString> there;
    QList<QJsonObject> fresh;
    for (QJsonObject& alert : all) {
        const QString code = alert.value(code_field).toString();
        there.insert(code);
        if (!model()->contains(code)) fresh << alert;
        if (!alert.contains(own_field)) alert.insert(own_field, false);
        alert.insert(muted_field, m_muted.contains(code));
    }
    m_muted.intersect(there);
    model()->setRecords(std::move(all));
    model()->settle();
    recount();
    for (const QJsonObject& alert : fresh) emit raised(alert);
}

void AlertStore::put(QJsonObject alert) {
    const QString code = alert.value(code_field).toString();
    if (code.isEmpty()) return;
    const bool fresh = !model()->contains(code);
    if (!alert.contains(own_field)) alert.insert(own_field, false);
    alert.insert(muted_field, m_muted.contains(code));
    model()->upsert(alert);
    if (fresh) emit raised(alert);
}

void AlertStore::recount() {
    int count = 0;
    int errors = 0;
    for (const QJsonObject& alert : model()->all()) {
        if (alert.value(muted_field).toBool()) continue;
        ++count;
        if (alert.value(QLatin1String("severity")).toString() == QLatin1String("error")) ++errors;
    }
    if (count == m_count && errors == m_errors) return;
    m_count = count;
    m_errors = errors;
    emit countsChanged();
}

}    // namespace filfil::gui
