// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "watched_journal.hpp"

namespace filfil::sim {
namespace {

using journal::EffectRecord;
using journal::SnapshotRecord;

class WatchedJournal final : public journal::Journal {
public:
    WatchedJournal(std::unique_ptr<Journal> journal, Acknowledged& into)
        : m_journal(std::move(journal)), m_into(into) {}

    Result<std::int64_t> put_snapshot(const SnapshotRecord& snapshot) override {
        auto id = m_journal->put_snapshot(snapshot);
        if (id.ok()) {
            m_into.snapshots[*id] = snapshot;
            m_into.snapshots[*id].id = *id;
        }
        return id;
    }
    Result<std::vector<SnapshotRecord>> snapshots(const journal::SnapshotFilter& filter) override {
        return m_journal->snapshots(filter);
    }
    Result<std::optional<SnapshotRecord>> snapshot(std::int64_t id) override { return m_journal->snapshot(id); }
    Result<std::optional<SnapshotRecord>> find_snapshot(const chain::TipsetKey& head,
                                                        const ipld::Digest256& recipe_hash) override {
        return m_journal->find_snapshot(head, recipe_hash);
    }
    Result<std::vector<SnapshotRecord>> snapshots_with_piece(const ipld::Cid& piece_cid) override {
        return m_journal->snapshots_with_piece(piece_cid);
    }
    Result<void> set_snapshot_hold(std::int64_t id, std::optional<std::uint64_t> hold) override {
        return m_journal->set_snapshot_hold(id, hold);
    }
    Result<void> forget_snapshot_files(std::int64_t id) override { return m_journal->forget_snapshot_files(id); }
    Result<std::optional<journal::ReceiptRecord>> receipt(const ipld::Digest256& key) override {
        return m_journal->receipt(key);
    }
    Result<void> put_receipt(const journal::ReceiptRecord& receipt) override { return m_journal->put_receipt(receipt); }
    Result<std::optional<EffectRecord>> intend(const std::string& key, const std::string& kind,
                                               const std::string& request) override {
        return m_journal->intend(key, kind, request);
    }
    Result<void> finish(const std::string& key, EffectRecord::State state, const std::string& result) override {
        auto finished = m_journal->finish(key, state, result);
        if (finished.ok()) {
            auto& list = state == EffectRecord::State::done ? m_into.done : m_into.given_up;
            list.emplace(key, m_into.start);
        }
        return finished;
    }
    Result<std::optional<EffectRecord>> effect(const std::string& key) override { return m_journal->effect(key); }
    Result<std::vector<EffectRecord>> open_effects() override { return m_journal->open_effects(); }
    Result<void> change_events(const std::string& log, const journal::EventChange& change) override {
        return m_journal->change_events(log, change);
    }
    Result<std::vector<journal::EventRecord>> events(const std::string& log,
                                                     const journal::EventFilter& filter) override {
        return m_journal->events(log, filter);
    }
    Result<std::optional<std::string>> events_cursor(const std::string& log) override {
        return m_journal->events_cursor(log);
    }
    Result<void> forget_events(const std::string& log) override { return m_journal->forget_events(log); }
    Result<std::int64_t> put_deal(const journal::DealRecord& deal,
                                  const std::vector<journal::DealStepRecord>& steps) override {
        return m_journal->put_deal(deal, steps);
    }
    Result<std::vector<journal::DealRecord>> deals(const journal::DealFilter& filter) override {
        return m_journal->deals(filter);
    }
    Result<std::optional<journal::DealRecord>> deal(std::int64_t id) override { return m_journal->deal(id); }
    Result<std::vector<journal::DealStepRecord>> deal_steps(std::int64_t id) override {
        return m_journal->deal_steps(id);
    }
    Result<std::optional<std::string>> setting(const std::string& name) override { return m_journal->setting(name); }
    Result<void> set_setting(const std::string& name, const std::string& value) override {
        return m_journal->set_setting(name, value);
    }
    Result<void> backup(const std::string& path) override { return m_journal->backup(path); }

private:
    std::unique_ptr<Journal> m_journal;
    Acknowledged& m_into;
};

}    // namespace

std::unique_ptr<journal::Journal> watch(std::unique_ptr<journal::Journal> journal, Acknowledged& into) {
    return std::make_unique<WatchedJournal>(std::move(journal), into);
}

}    // namespace filfil::sim
