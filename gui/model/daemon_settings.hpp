// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "gui/model/store.hpp"

namespace filfil::gui {

/// The daemon's settings (FilFil.Config). model: by `key`: value default type help restart waits_for_restart, and
/// `group` (what stands before the first point), `changed` (not the default), `choices` (array of text, where there is
/// a list), `secret`.
class DaemonSettings : public filfil::gui::Store {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("app.settings")
    Q_PROPERTY(QString file READ file NOTIFY settingsChanged)    ///< on the daemon's machine
    Q_PROPERTY(QStringList groups READ groups NOTIFY settingsChanged)
    /// Some change has effect from the next start only.
    Q_PROPERTY(bool restartNeeded READ restartNeeded NOTIFY settingsChanged)

public:
    DaemonSettings(Session& session, Format& format, QObject* parent);

    [[nodiscard]] QString file() const { return m_file; }
    [[nodiscard]] QStringList groups() const { return m_groups; }
    [[nodiscard]] bool restartNeeded() const { return m_restart; }

    /// @return its value as text, "" where there is no such setting
    Q_INVOKABLE QString value(const QString& key) const;

    /// FilFil.SetConfig; rejected() tells what is wrong with the value.
    Q_INVOKABLE void set(const QString& key, const QString& value);

signals:
    void settingsChanged();
    void rejected(const QString& key, const QString& sentence, const QString& remedy);
    void accepted(const QString& key);

protected:
    void load() override;
    void forget() override;
    void onState(const QJsonObject& state) override;
    void onEvent(const QString& type, const QJsonObject& data, double time) override;

private:
    void take(const QJsonObject& config);
    [[nodiscard]] static QJsonObject dressed(QJsonObject setting);

    QString m_file;
    QStringList m_groups;
    bool m_restart = false;
};

}    // namespace filfil::gui
