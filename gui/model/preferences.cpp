// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "gui/model/preferences.hpp"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QStandardPaths>

namespace filfil::gui {
namespace {

const QString daemons_key = QStringLiteral("daemons/list");
const QString tokens_folder = QStringLiteral("tokens");

QString userFile() {
    return QDir(QStandardPaths::writableLocation(QStandardPaths::GenericConfigLocation))
        .filePath(QStringLiteral("fil-fil/desktop.ini"));
}

/// What a list in a file may hold, whoever wrote it.
QVariantMap cleaned(const QVariantMap& daemon) {
    QVariantMap out;
    for (const auto name : {"name", "url", "folder", "tokenFile", "caFile"})
        if (const QString text = daemon.value(QLatin1String(name)).toString().trimmed();
            !text.isEmpty() && text.size() < 4096)
            out.insert(QLatin1String(name), text);
    return out;
}

bool same(const QVariantMap& a, const QVariantMap& b) {
    for (const auto name : {"url", "folder"})
        if (a.value(QLatin1String(name)) != b.value(QLatin1String(name))) return false;
    return true;
}

}    // namespace

Preferences::Preferences(const QString& file, QObject* parent)
    : QObject(parent), m_settings(file.isEmpty() ? userFile() : file, QSettings::IniFormat) {}

template <class T>
T Preferences::get(const QString& key, const T& fallback) const {
    const QVariant value = m_settings.value(key);
    return value.isValid() && value.canConvert<T>() ? value.value<T>() : fallback;
}

void Preferences::put(const QString& key, const QVariant& value) {
    if (m_settings.value(key) == value) return;
    m_settings.setValue(key, value);
    emit changed();
}

QString Preferences::theme() const {
    const QString theme = get<QString>(QStringLiteral("view/theme"), {});
    return theme == QLatin1String("dark") || theme == QLatin1String("light") ? theme : QStringLiteral("system");
}

void Preferences::setTheme(const QString& theme) { put(QStringLiteral("view/theme"), theme); }
bool Preferences::reduceMotion() const { return get(QStringLiteral("view/reduceMotion"), false); }
void Preferences::setReduceMotion(bool on) { put(QStringLiteral("view/reduceMotion"), on); }
QString Preferences::language() const { return get<QString>(QStringLiteral("view/language"), {}); }
void Preferences::setLanguage(const QString& language) { put(QStringLiteral("view/language"), language); }
bool Preferences::utc() const { return get(QStringLiteral("view/utc"), false); }
void Preferences::setUtc(bool on) { put(QStringLiteral("view/utc"), on); }
bool Preferences::wizardDone() const { return get(QStringLiteral("wizard/done"), false); }
void Preferences::setWizardDone(bool on) { put(QStringLiteral("wizard/done"), on); }
bool Preferences::closeToTray() const { return get(QStringLiteral("view/closeToTray"), false); }
void Preferences::setCloseToTray(bool on) { put(QStringLiteral("view/closeToTray"), on); }
bool Preferences::toldThatDaemonStays() const { return get(QStringLiteral("view/toldThatDaemonStays"), false); }
void Preferences::setToldThatDaemonStays(bool on) { put(QStringLiteral("view/toldThatDaemonStays"), on); }

QVariantList Preferences::daemons() const {
    QVariantList out;
    for (const QVariant& daemon : m_settings.value(daemons_key).toList())
        if (const QVariantMap one = cleaned(daemon.toMap());
            one.contains(QStringLiteral("url")) || one.contains(QStringLiteral("folder")))
            out << one;
    return out;
}

int Preferences::daemon() const { return get(QStringLiteral("daemons/current"), 0); }

void Preferences::setDaemon(int index) {
    if (daemon() == index && m_settings.contains(QStringLiteral("daemons/current"))) return;
    m_settings.setValue(QStringLiteral("daemons/current"), index);
    emit daemonsChanged();
}

void Preferences::writeDaemons(const QVariantList& daemons) {
    m_settings.setValue(daemons_key, daemons);
    emit daemonsChanged();
}

int Preferences::addDaemon(const QVariantMap& daemon) {
    const QVariantMap one = cleaned(daemon);
    QVariantList list = daemons();
    for (qsizetype i = 0; i < list.size(); ++i)
        if (same(list[i].toMap(), one)) {
            list[i] = one;
            writeDaemons(list);
            return static_cast<int>(i);
        }
    list << one;
    writeDaemons(list);
    return static_cast<int>(list.size()) - 1;
}

void Preferences::updateDaemon(int index, const QVariantMap& daemon) {
    QVariantList list = daemons();
    if (index < 0 || index >= list.size()) return;
    list[index] = cleaned(daemon);
    writeDaemons(list);
}

void Preferences::removeDaemon(int index) {
    QVariantList list = daemons();
    if (index < 0 || index >= list.size()) return;
    // Its token goes with it, if this program keeps it.
    const QString token = list[index].toMap().value(QStringLiteral("tokenFile")).toString();
    if (!token.isEmpty() && QFileInfo(token).absolutePath() == QDir(folder()).filePath(tokens_folder))
        QFile::remove(token);
    list.removeAt(index);
    m_settings.setValue(QStringLiteral("daemons/current"), std::max(0, daemon() > index ? daemon() - 1 : daemon()));
    writeDaemons(list);
}

QString Preferences::saveToken(const QString& name, const QString& token) {
    const QString kept = QDir(folder()).filePath(tokens_folder);
    if (!QDir().mkpath(kept)) return {};
    QFile::setPermissions(kept, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    QString plain;
    for (const QChar c : name.left(64)) plain += c.isLetterOrNumber() ? c : u'_';
    const QString path =
        QDir(kept).filePath((plain.isEmpty() ? QStringLiteral("daemon") : plain) + QStringLiteral(".token"));
    QFile::remove(path);
    QFile file(path);
    // Its rights before its bytes.
    if (!file.open(QIODevice::WriteOnly | QIODevice::NewOnly)) return {};
    if (!file.setPermissions(QFile::ReadOwner | QFile::WriteOwner) || file.write(token.trimmed().toUtf8()) < 0) {
        file.remove();
        return {};
    }
    return path;
}

bool Preferences::notification(const QString& kind) const { return get(QStringLiteral("notifications/") + kind, true); }

void Preferences::setNotification(const QString& kind, bool on) { put(QStringLiteral("notifications/") + kind, on); }

QVariant Preferences::value(const QString& key, const QVariant& fallback) const {
    return m_settings.value(QStringLiteral("ui/") + key, fallback);
}

void Preferences::setValue(const QString& key, const QVariant& value) {
    m_settings.setValue(QStringLiteral("ui/") + key, value);
}

void Preferences::reset() {
    for (qsizetype i = daemons().size(); i > 0; --i) removeDaemon(static_cast<int>(i) - 1);
    m_settings.clear();
    emit changed();
    emit daemonsChanged();
}

QString Preferences::defaultDataFolder() {
    return QDir(QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation))
        .filePath(QStringLiteral("fil-fil"));
}

QString Preferences::folder() const { return QFileInfo(m_settings.fileName()).absolutePath(); }

}    // namespace filfil::gui
