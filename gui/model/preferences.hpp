// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include <QtQmlIntegration/qqmlintegration.h>
#include <QObject>
#include <QSettings>
#include <QVariantList>

namespace filfil::gui {

/// What this program keeps for its user. GUI thread only.
class Preferences : public QObject {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("app.preferences")
    Q_PROPERTY(QString theme READ theme WRITE setTheme NOTIFY changed)    ///< "system", "dark" or "light"
    Q_PROPERTY(bool reduceMotion READ reduceMotion WRITE setReduceMotion NOTIFY changed)
    Q_PROPERTY(QString language READ language WRITE setLanguage NOTIFY changed)    ///< "" as the system, "en", "zh_CN"
    Q_PROPERTY(bool utc READ utc WRITE setUtc NOTIFY changed)
    Q_PROPERTY(bool wizardDone READ wizardDone WRITE setWizardDone NOTIFY changed)
    Q_PROPERTY(bool closeToTray READ closeToTray WRITE setCloseToTray NOTIFY changed)
    /// It was said once that the daemon goes on when the window closes.
    Q_PROPERTY(bool toldThatDaemonStays READ toldThatDaemonStays WRITE setToldThatDaemonStays NOTIFY changed)
    /// [{name, url, folder, tokenFile, caFile}]: a url or the data folder of a daemon on this machine, which has all.
    Q_PROPERTY(QVariantList daemons READ daemons NOTIFY daemonsChanged)
    Q_PROPERTY(int daemon READ daemon WRITE setDaemon NOTIFY daemonsChanged)    ///< the one to connect to at the start

public:
    /// @param file an ini file; "": the user's own
    explicit Preferences(const QString& file = {}, QObject* parent = nullptr);

    [[nodiscard]] QString theme() const;
    void setTheme(const QString& theme);
    [[nodiscard]] bool reduceMotion() const;
    void setReduceMotion(bool on);
    [[nodiscard]] QString language() const;
    void setLanguage(const QString& language);
    [[nodiscard]] bool utc() const;
    void setUtc(bool on);
    [[nodiscard]] bool wizardDone() const;
    void setWizardDone(bool on);
    [[nodiscard]] bool closeToTray() const;
    void setCloseToTray(bool on);
    [[nodiscard]] bool toldThatDaemonStays() const;
    void setToldThatDaemonStays(bool on);
    [[nodiscard]] QVariantList daemons() const;
    [[nodiscard]] int daemon() const;
    void setDaemon(int index);

    /// @return its place; the same folder or url again takes the place of the one before, and its token, too, where it
    /// brings none
    Q_INVOKABLE int addDaemon(const QVariantMap& daemon);
    /// As with removeDaemon, a token that this program kept and that no daemon of the list names any more is deleted.
    Q_INVOKABLE void updateDaemon(int index, const QVariantMap& daemon);
    Q_INVOKABLE void removeDaemon(int index);

    /// Keeps a token in a new file that its owner alone can read, called after the daemon. @return its path, "" where
    /// that failed, which failed() tells
    Q_INVOKABLE QString saveToken(const QString& name, const QString& token);

    /// "windowSoon", "windowOpen", "dealAccepted", "missed", "paid", "daemonLost": all on at first.
    Q_INVOKABLE bool notification(const QString& kind) const;
    Q_INVOKABLE void setNotification(const QString& kind, bool on);

    /// Anything else of the views: geometry, widths of columns, filters.
    Q_INVOKABLE QVariant value(const QString& key, const QVariant& fallback = {}) const;
    Q_INVOKABLE void setValue(const QString& key, const QVariant& value);

    /// As at the first start; daemons and their tokens, too.
    Q_INVOKABLE void reset();

    /// Where the data folder of a daemon is by default.
    Q_INVOKABLE static QString defaultDataFolder();

    /// The folder that the settings lie in.
    [[nodiscard]] QString folder() const;

signals:
    void changed();
    void daemonsChanged();
    void failed(const QString& sentence, const QString& remedy);

private:
    template <class T>
    [[nodiscard]] T get(const QString& key, const T& fallback) const;
    void put(const QString& key, const QVariant& value);
    void writeDaemons(const QVariantList& daemons);
    [[nodiscard]] QString tokensFolder() const;

    QSettings m_settings;
};

}    // namespace filfil::gui
