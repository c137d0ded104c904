// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "gui/model/job_store.hpp"

namespace filfil::gui {

/// What hashes on the daemon's machine. model: FilFil.Devices by `name`: description supported reason selected, and
/// self_test, gib_per_s once they were benchmarked.
class DeviceStore : public filfil::gui::Store {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("app.devices")
    /// Benchmarks of before, kept on this machine: time daemon name gib_per_s self_test.
    Q_PROPERTY(filfil::gui::RecordModel* history READ history CONSTANT)
    Q_PROPERTY(bool benchmarking READ benchmarking NOTIFY benchmarkingChanged)
    Q_PROPERTY(QString selected READ selected NOTIFY benchmarkingChanged)    ///< the name of the one in use

public:
    /// @param historyFile a JSON file; "": nothing is kept
    DeviceStore(Session& session, Format& format, JobStore& jobs, const QString& historyFile, QObject* parent);

    [[nodiscard]] RecordModel* history() const { return m_history; }
    [[nodiscard]] bool benchmarking() const { return m_benchmarking; }
    [[nodiscard]] QString selected() const;

    Q_INVOKABLE void benchmark();
    Q_INVOKABLE void clearHistory();

signals:
    void benchmarkingChanged();

protected:
    void load() override;
    void forget() override;

private:
    void takeBenchmark(const QJsonObject& result);
    void readHistory();
    void writeHistory() const;

    JobStore& m_jobs;
    RecordModel* m_history;
    QString m_file;
    bool m_benchmarking = false;
};

}    // namespace filfil::gui
