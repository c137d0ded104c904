// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "gui/model/preferences.hpp"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QSaveFile>
#include <QStandardPaths>

#include <algorithm>

namespace filfil::gui {
namespace {

const QString daemons_key = QStringLiteral("daemons/list");

constexpr QFile::Permissions owner_alone = QFile::ReadOwner | QFile::WriteOwner;

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

QString tokenOf(const QVariant& daemon) { return daemon.toMap().value(QStringLiteral("tokenFile")).toString(); }

bool names(const QVariantList& daemons, const QString& token) {
    return std::any_of(daemons.begin(), daemons.end(), [&](const QVariant& one) { return tokenOf(one) == token; });
}

/// Makes an empty file of a name that there is not yet. @return its path; "" and why where that failed
QString makeNew(const QString& folder, const QString& stem, QString& why) {
    for (int number = 1; number < 10'000; ++number) {
        const QString name = number == 1 ? stem : stem + u'-' + QString::number(number);
        QFile file(QDir(folder).filePath(name + QStringLiteral(".token")));
        if (file.open(QIODevice::WriteOnly | QIODevice::NewOnly, owner_alone)) return file.fileName();
        why = file.errorString();
        if (!file.exists()) break;
    }
    return {};
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
    const QVariantList before = this->daemons();
    m_settings.setValue(daemons_key, daemons);
    for (const QVariant& one : before)
        if (const QString token = tokenOf(one);
            !token.isEmpty() && !names(daemons, token) && QFileInfo(token).absolutePath() == tokensFolder())
            QFile::remove(token);
    emit daemonsChanged();
}

int Preferences::addDaemon(const QVariantMap& daemon) {
    QVariantMap one = cleaned(daemon);
    QVariantList list = daemons();
    for (qsizetype i = 0; i < list.size(); ++i)
        if (same(list[i].toMap(), one)) {
            if (const QString token = tokenOf(list[i]); !token.isEmpty() && tokenOf(one).isEmpty())
                one.insert(QStringLiteral("tokenFile"), token);
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
    list.removeAt(index);
    m_settings.setValue(QStringLiteral("daemons/current"), std::max(0, daemon() > index ? daemon() - 1 : daemon()));
    writeDaemons(list);
}

QString Preferences::tokensFolder() const { return QDir(folder()).filePath(QStringLiteral("tokens")); }

QString Preferences::saveToken(const QString& name, const QString& token) {
    const QString kept = tokensFolder();
    const QString remedy = tr("see whether you may write there and whether the disk is full; nothing was changed");
    if (!QDir().mkpath(kept)) {
        emit failed(tr("The folder %1 for tokens cannot be made").arg(kept), remedy);
        return {};
    }
    QFile::setPermissions(kept, owner_alone | QFile::ExeOwner);
    QString stem;
    for (const QChar c : name.left(64)) stem += c.isLetterOrNumber() ? c : u'_';
    if (stem.isEmpty()) stem = QStringLiteral("daemon");
    QString why;
    const QString path = makeNew(kept, stem, why);
    if (path.isEmpty()) {
        emit failed(tr("The token cannot be kept in %1: %2").arg(kept, why), remedy);
        return {};
    }
    // Takes the rights of the one that is there.
    QSaveFile file(path);
    const QByteArray bytes = token.trimmed().toUtf8();
    // commit() alone does not notice that its flush failed.
    if (file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size() && file.flush() && file.commit())
        return path;
    emit failed(tr("The token cannot be kept in %1: %2").arg(path, file.errorString()), remedy);
    QFile::remove(path);
    return {};
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
