// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "gui/model/store.hpp"

#include <QSet>

namespace filfil::gui {

/// What somebody should look at, the daemon's and the desktop's own (clock skew). model: code severity message remedy
/// since, and `own` (seen by the desktop), `muted`.
class AlertStore : public filfil::gui::Store {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("app.alerts")
    Q_PROPERTY(int count READ count NOTIFY countsChanged)        ///< without those that are muted
    Q_PROPERTY(int errors READ errors NOTIFY countsChanged)      ///< without those that are muted
    Q_PROPERTY(QString worst READ worst NOTIFY countsChanged)    ///< "error", "warning" or ""

public:
    AlertStore(Session& session, Format& format, QObject* parent);

    [[nodiscard]] int count() const { return m_count; }
    [[nodiscard]] int errors() const { return m_errors; }
    [[nodiscard]] QString worst() const;

    /// Counts it no more until it is over. Kept as long as the program runs.
    Q_INVOKABLE void mute(const QString& code, bool muted);

    /// An alert of the desktop's own; an empty message ends it.
    void setOwn(const QString& code, const QString& severity, const QString& message, const QString& remedy);

signals:
    void countsChanged();

    /// One that was not there before.
    void raised(const QJsonObject& alert);

protected:
    void load() override;
    void forget() override;
    void onState(const QJsonObject& state) override;
    void onEvent(const QString& type, const QJsonObject& data, double time) override;

private:
    void takeAll(const QJsonValue& alerts);
    void put(QJsonObject alert);
    void recount();

    QList<QJsonObject> m_own;
    QSet<QString> m_muted;
    int m_count = 0;
    int m_errors = 0;
};

}    // namespace filfil::gui
