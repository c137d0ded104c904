// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "gui/model/job_store.hpp"

namespace filfil::gui {

/// Snapshots that were taken, holds and schedules. model: FilFil.Snapshot's fields by `id`, and `state` ("memory",
/// "file", "forgotten"), `seconds` it took, `piece_count`, `piece_cid` of the first.
class SnapshotStore : public filfil::gui::Store {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("app.snapshots")
    Q_PROPERTY(filfil::gui::RecordModel* holds READ holds CONSTANT)            ///< FilFil.Holds by `number`
    Q_PROPERTY(filfil::gui::RecordModel* schedules READ schedules CONSTANT)    ///< FilFil.Schedules by `id`
    /// FilFil.Snapshot of the one that was asked for by show(), or {}.
    Q_PROPERTY(QVariant detail READ detail NOTIFY detailChanged)
    /// What verify() or compare() came to last, with `sentence`, or {}.
    Q_PROPERTY(QVariant checked READ checked NOTIFY checkedChanged)
    /// Older ones than those in the model are there.
    Q_PROPERTY(bool more READ more NOTIFY moreChanged)

public:
    SnapshotStore(Session& session, Format& format, JobStore& jobs, QObject* parent);

    [[nodiscard]] RecordModel* holds() const { return m_holds; }
    [[nodiscard]] RecordModel* schedules() const { return m_schedules; }
    [[nodiscard]] QJsonObject detail() const { return m_detail; }
    [[nodiscard]] QJsonObject checked() const { return m_checked; }
    [[nodiscard]] bool more() const { return m_more; }

    Q_INVOKABLE void show(double id);
    Q_INVOKABLE void loadMore();

    /// FilFil.TakeSnapshot's parameters, those that are wanted: epoch, finalized, recent_stateroots, format,
    /// piece_size, target ("file", "pieces", "none"), folder, compression, sha256, keep_seconds.
    Q_INVOKABLE void take(const QVariantMap& options);
    Q_INVOKABLE void forgetSnapshot(double id);

    /// Hashes the snapshot's file on the daemon's machine and compares: `checked` tells.
    Q_INVOKABLE void verify(double id);

    /// FilFil.ComparePieces; `from` may be "".
    Q_INVOKABLE void compare(double epoch, const QString& from);

    /// Sizes, blocks and times of two snapshots, the later minus the earlier: {blocks, car_bytes, seconds, epochs}.
    Q_INVOKABLE QJsonObject difference(double a, double b) const;
    Q_INVOKABLE void hold(const QVariantMap& options);    ///< epoch, recent_stateroots, reason, expires_seconds
    Q_INVOKABLE void releaseHold(double number);
    Q_INVOKABLE void addSchedule(
        const QVariantMap& options);    ///< every_epochs or at_epoch, finalized, to_file, recipe
    Q_INVOKABLE void removeSchedule(const QString& id);

signals:
    void detailChanged();
    void checkedChanged();
    void moreChanged();
    void taken(const QJsonObject& snapshot);

protected:
    void load() override;
    void forget() override;
    void onState(const QJsonObject& state) override;
    void onEvent(const QString& type, const QJsonObject& data, double time) override;

private:
    [[nodiscard]] QJsonObject dressed(QJsonObject snapshot) const;
    void takeList(const QJsonValue& snapshots, bool whole);
    void setMore(bool more);

    JobStore& m_jobs;
    RecordModel* m_holds;
    RecordModel* m_schedules;
    QJsonObject m_detail;
    QJsonObject m_checked;
    bool m_more = false;
};

}    // namespace filfil::gui
