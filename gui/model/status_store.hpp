// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "gui/model/store.hpp"

#include <QTimer>
#include <QVariantList>

namespace filfil::gui {

/// FilFil.Status, kept right by events, and what happened last. model: recent events, newest first by `number`
/// (number time kind sentence severity).
class StatusStore : public filfil::gui::Store {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("app.status")
    /// FilFil.Status as it came: for what has no property here.
    Q_PROPERTY(QVariant status READ status NOTIFY statusChanged)
    Q_PROPERTY(QString state READ state NOTIFY statusChanged)    ///< "synced", …; "" while it is not known
    Q_PROPERTY(QString stateText READ stateText NOTIFY statusChanged)
    Q_PROPERTY(QString why READ why NOTIFY statusChanged)
    Q_PROPERTY(QString stateRemedy READ stateRemedy NOTIFY statusChanged)
    Q_PROPERTY(QString network READ network NOTIFY statusChanged)
    Q_PROPERTY(double headEpoch READ headEpoch NOTIFY statusChanged)
    Q_PROPERTY(double syncedEpoch READ syncedEpoch NOTIFY statusChanged)
    Q_PROPERTY(double lag READ lag NOTIFY statusChanged)
    Q_PROPERTY(double finalizedEpoch READ finalizedEpoch NOTIFY statusChanged)    ///< −1: not known
    Q_PROPERTY(double finalityLag READ finalityLag NOTIFY statusChanged)          ///< −1: not known
    Q_PROPERTY(double progress READ progress NOTIFY statusChanged)                ///< of the bootstrap, 0 to 1
    Q_PROPERTY(double rss READ rss NOTIFY statusChanged)
    Q_PROPERTY(double memoryLimit READ memoryLimit NOTIFY statusChanged)
    Q_PROPERTY(QString memorySentence READ memorySentence NOTIFY statusChanged)
    Q_PROPERTY(QString memoryRemedy READ memoryRemedy NOTIFY statusChanged)
    /// The last 240 values, oldest first, one for each status or head: for sparklines.
    Q_PROPERTY(QVariantList rssHistory READ rssHistory NOTIFY historyChanged)
    Q_PROPERTY(QVariantList lagHistory READ lagHistory NOTIFY historyChanged)
    Q_PROPERTY(QVariantList applyHistory READ applyHistory NOTIFY historyChanged)    ///< seconds a head change took

public:
    StatusStore(Session& session, Format& format, QObject* parent);

    [[nodiscard]] QJsonObject status() const { return m_status; }
    [[nodiscard]] QString state() const;
    [[nodiscard]] QString stateText() const;
    [[nodiscard]] QString why() const;
    [[nodiscard]] QString stateRemedy() const;
    [[nodiscard]] QString network() const;
    [[nodiscard]] double headEpoch() const;
    [[nodiscard]] double syncedEpoch() const;
    [[nodiscard]] double lag() const;
    [[nodiscard]] double finalizedEpoch() const;
    [[nodiscard]] double finalityLag() const;
    [[nodiscard]] double progress() const;
    [[nodiscard]] double rss() const;
    [[nodiscard]] double memoryLimit() const;
    [[nodiscard]] QString memorySentence() const;
    [[nodiscard]] QString memoryRemedy() const;
    [[nodiscard]] QVariantList rssHistory() const { return m_rss; }
    [[nodiscard]] QVariantList lagHistory() const { return m_lag; }
    [[nodiscard]] QVariantList applyHistory() const { return m_apply; }

    /// Adds a line to what happened last.
    void tell(const QString& kind, const QString& sentence, const QString& severity, double time);

    Q_INVOKABLE void retryNode();     ///< FilFil.Retry
    Q_INVOKABLE void checkpoint();    ///< FilFil.Checkpoint
    Q_INVOKABLE void audit(bool repair);
    Q_INVOKABLE void backup();
    Q_INVOKABLE void stopDaemon();
    void setJobs(JobStore* jobs) { m_jobs = jobs; }

signals:
    void statusChanged();
    void historyChanged();

protected:
    void load() override;
    void forget() override;
    void onState(const QJsonObject& state) override;
    void onEvent(const QString& type, const QJsonObject& data, double time) override;

private:
    void take(const QJsonObject& status);
    void remember();
    void tellOf(const QString& type, const QJsonObject& data, double time);

    QJsonObject m_status;
    QString m_toldState;    // as it was told last: a status comes with every epoch that is final
    QVariantList m_rss;
    QVariantList m_lag;
    QVariantList m_apply;
    QTimer m_poll;
    qint64 m_number = 0;
    JobStore* m_jobs = nullptr;
};

}    // namespace filfil::gui
