// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "gui/model/store.hpp"

#include <QHash>

namespace filfil::gui {

/// The daemon's jobs. model: id kind state stage progress bytes_per_second seconds_left queued_at started_at ended_at
/// and all fields of FilFil.Job; also `sentence` (what it does, or how it ended) and `remedy`.
class JobStore : public filfil::gui::Store {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("app.jobs")
    Q_PROPERTY(int running READ running NOTIFY countsChanged)
    Q_PROPERTY(int queued READ queued NOTIFY countsChanged)
    /// The snapshot job that runs, or an empty object.
    Q_PROPERTY(QVariant snapshotJob READ snapshotJob NOTIFY countsChanged)

public:
    using End = std::function<void(const Reply&)>;

    JobStore(Session& session, Format& format, QObject* parent);

    [[nodiscard]] int running() const { return m_running; }
    [[nodiscard]] int queued() const { return m_queued; }
    [[nodiscard]] QJsonObject snapshotJob() const { return m_snapshotJob; }

    Q_INVOKABLE void cancel(double id);

    /// Tells `end` the job's result, or its error, when it has ended; `receiver` may go before. A daemon that was
    /// started anew has forgotten it: "lost".
    void follow(double id, QObject* receiver, End end);

signals:
    void countsChanged();
    void jobEnded(const QJsonObject& job);

protected:
    void load() override;
    void forget() override;
    void onState(const QJsonObject& state) override;
    void onEvent(const QString& type, const QJsonObject& data, double time) override;

private:
    struct Follower {
        QPointer<QObject> receiver;
        End end;
    };
    void take(const QJsonObject& job);
    void tellEnd(const QJsonObject& job);
    void recount();
    [[nodiscard]] QJsonObject dressed(QJsonObject job) const;

    QMultiHash<QString, Follower> m_followers;
    double m_daemonStarted = 0;    // when the daemon that numbers the jobs was started, by its clock; 0: not told yet
    int m_running = 0;
    int m_queued = 0;
    QJsonObject m_snapshotJob;
};

}    // namespace filfil::gui
