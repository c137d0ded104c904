// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "journal/journal.hpp"
#include "journal/sqlite_database.hpp"

#include <memory>
#include <mutex>

namespace filfil::journal {

/// The journal in a SQLite file: one connection, one call at a time.
class SqliteJournal final : public Journal {
public:
    SqliteJournal(std::unique_ptr<Database> database, const Clock& clock, SqliteOptions options);

    Result<std::int64_t> put_snapshot(const SnapshotRecord& snapshot) override;
    Result<std::vector<SnapshotRecord>> snapshots(const SnapshotFilter& filter) override;
    Result<std::optional<SnapshotRecord>> snapshot(std::int64_t id) override;
    Result<std::optional<SnapshotRecord>> find_snapshot(const chain::TipsetKey& head,
                                                        const ipld::Digest256& recipe_hash) override;
    Result<std::vector<SnapshotRecord>> snapshots_with_piece(const ipld::Cid& piece_cid) override;
    Result<void> set_snapshot_hold(std::int64_t id, std::optional<std::uint64_t> hold) override;
    Result<void> forget_snapshot_files(std::int64_t id) override;

    Result<std::optional<ReceiptRecord>> receipt(const ipld::Digest256& key) override;
    Result<void> put_receipt(const ReceiptRecord& receipt) override;

    Result<std::optional<EffectRecord>> intend(const std::string& key, const std::string& kind,
                                               const std::string& request) override;
    Result<void> finish(const std::string& key, EffectRecord::State state, const std::string& result) override;
    Result<std::optional<EffectRecord>> effect(const std::string& key) override;
    Result<std::vector<EffectRecord>> open_effects() override;

    Result<void> change_events(const std::string& log, const EventChange& change) override;
    Result<std::vector<EventRecord>> events(const std::string& log, const EventFilter& filter) override;
    Result<std::optional<std::string>> events_cursor(const std::string& log) override;
    Result<void> forget_events(const std::string& log) override;

    Result<std::int64_t> put_deal(const DealRecord& deal, const std::vector<DealStepRecord>& steps) override;
    Result<std::vector<DealRecord>> deals(const DealFilter& filter) override;
    Result<std::optional<DealRecord>> deal(std::int64_t id) override;
    Result<std::vector<DealStepRecord>> deal_steps(std::int64_t id) override;

    Result<std::optional<std::string>> setting(const std::string& name) override;
    Result<void> set_setting(const std::string& name, const std::string& value) override;

    Result<void> backup(const std::string& path) override;

private:
    std::mutex m_mutex;
    std::unique_ptr<Database> m_database;
    const Clock& m_clock;
    SqliteOptions m_options;
};

}    // namespace filfil::journal
