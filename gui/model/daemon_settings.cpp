// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "gui/model/daemon_settings.hpp"

#include <QJsonArray>
#include <QRegularExpression>

namespace filfil::gui {

DaemonSettings::DaemonSettings(Session& session, Format& format, QObject* parent) : Store(session, format, parent) {
    setModel(new RecordModel(RecordModel::field(QStringLiteral("key")),
                             {{QStringLiteral("key"), QT_TR_NOOP("Setting"), ColumnKind::Text, 220},
                              {QStringLiteral("value"), QT_TR_NOOP("Value"), ColumnKind::Text, 220},
                              {QStringLiteral("default"), QT_TR_NOOP("By default"), ColumnKind::Text, 160},
                              {QStringLiteral("type"), QT_TR_NOOP("What it may be"), ColumnKind::Text, 220},
                              {QStringLiteral("help"), QT_TR_NOOP("What it is"), ColumnKind::Text, 360}},
                             {QStringLiteral("restart"), QStringLiteral("waits_for_restart"), QStringLiteral("group"),
                              QStringLiteral("changed"), QStringLiteral("choices"), QStringLiteral("secret")},
                             &format, this));
}

QString DaemonSettings::value(const QString& key) const {
    const QJsonValue value = model()->record(key).value(QLatin1String("value"));
    if (value.isString()) return value.toString();
    return value.isUndefined() || value.isNull() ? QString() : value.toVariant().toString();
}

void DaemonSettings::set(const QString& key, const QString& value) {
    session().call(QStringLiteral("FilFil.SetConfig"), {{QStringLiteral("key"), key}, {QStringLiteral("value"), value}},
                   this, [this, key](const Reply& reply) {
                       if (!reply.ok()) {
                           emit rejected(key, reply.error().message, reply.error().remedy);
                           return;
                       }
                       emit accepted(key);
                       emit done(reply.object().value(QLatin1String("restart_needed")).toBool()
                                     ? tr("%1 is set, and has effect from the daemon's next start on").arg(key)
                                     : tr("%1 is set").arg(key));
                       refresh();
                   });
}

void DaemonSettings::load() {
    fetch(QStringLiteral("FilFil.Config"), {}, [this](const QJsonObject& config) { take(config); });
}

void DaemonSettings::forget() {
    Store::forget();
    m_file.clear();
    m_groups.clear();
    m_restart = false;
    emit settingsChanged();
}

void DaemonSettings::onState(const QJsonObject& state) {
    if (const QJsonValue config = state.value(QLatin1String("config")); config.isObject()) take(config.toObject());
}

void DaemonSettings::onEvent(const QString& type, const QJsonObject& /*data*/, double /*time*/) {
    if (type == QLatin1String("config")) refresh();
}

void DaemonSettings::take(const QJsonObject& config) {
    m_file = config.value(QLatin1String("file")).toString();
    m_groups.clear();
    m_restart = false;
    QList<QJsonObject> settings = objectsOf(config.value(QLatin1String("settings")));
    for (QJsonObject& setting : settings) {
        setting = dressed(std::move(setting));
        const QString group = setting.value(QLatin1String("group")).toString();
        if (!m_groups.contains(group)) m_groups << group;
        m_restart = m_restart || setting.value(QLatin1String("waits_for_restart")).toBool();
    }
    model()->setRecords(std::move(settings));
    model()->settle();
    emit settingsChanged();
}

QJsonObject DaemonSettings::dressed(QJsonObject setting) {
    const QString key = setting.value(QLatin1String("key")).toString();
    const QString type = setting.value(QLatin1String("type")).toString();
    setting.insert(QStringLiteral("group"), key.section(u'.', 0, 0));
    setting.insert(QStringLiteral("changed"),
                   setting.value(QLatin1String("value")) != setting.value(QLatin1String("default")));
    setting.insert(QStringLiteral("secret"),
                   key.contains(QLatin1String("token")) || key.contains(QLatin1String("password")));
    // "debug, info, warning or error" names all that there is.
    static const QRegularExpression list(QStringLiteral("^[a-z0-9_.-]+(, [a-z0-9_.-]+)* or [a-z0-9_.-]+$"));
    QJsonArray choices;
    if (list.match(type).hasMatch())
        for (const QString& choice :
             QString(type).replace(QLatin1String(" or "), QLatin1String(", ")).split(QStringLiteral(", ")))
            choices << choice;
    setting.insert(QStringLiteral("choices"), choices);
    return setting;
}

}    // namespace filfil::gui
