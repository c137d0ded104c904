// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "journal/journal.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace filfil::service {

/// What a journal's file has in it: outlives the process that wrote it.
struct JournalDisk {
    std::mutex mutex;
    std::int64_t last_id = 0;
    std::map<std::int64_t, journal::SnapshotRecord> snapshots;
    std::map<ipld::Digest256, journal::ReceiptRecord> receipts;
    std::map<std::string, journal::EffectRecord> effects;
    std::map<std::string, std::string> settings;
    struct EventLog {
        std::string cursor;
        std::map<journal::EventPlace, journal::EventRecord> events;
    };
    std::map<std::string, EventLog> event_logs;
    struct Deal {
        journal::DealRecord record;
        std::vector<journal::DealStepRecord> steps;
    };
    std::map<std::int64_t, Deal> deals;
    std::optional<Error> failure;         ///< of every write, while it is set
    std::optional<Error> deal_failure;    ///< of each write of a deal
};

/// A journal in memory, by the same rules as the real one.
class MemoryJournal final : public journal::Journal {
public:
    explicit MemoryJournal(JournalDisk& disk) : m_disk(disk) {}

    Result<std::int64_t> put_snapshot(const journal::SnapshotRecord& snapshot) override {
        const std::lock_guard lock(m_disk.mutex);
        if (m_disk.failure) return *m_disk.failure;
        for (auto& [id, row] : m_disk.snapshots)
            if (row.head == snapshot.head && row.recipe_hash == snapshot.recipe_hash) {
                row = snapshot;
                row.id = id;
                return id;
            }
        const std::int64_t id = ++m_disk.last_id;
        m_disk.snapshots[id] = snapshot;
        m_disk.snapshots[id].id = id;
        return id;
    }
    Result<std::vector<journal::SnapshotRecord>> snapshots(const journal::SnapshotFilter& filter) override {
        const std::lock_guard lock(m_disk.mutex);
        std::vector<journal::SnapshotRecord> out;
        for (auto row = m_disk.snapshots.rbegin(); row != m_disk.snapshots.rend(); ++row) {
            if (out.size() >= filter.limit) break;
            if (filter.before_id && row->first >= *filter.before_id) continue;
            if (filter.epoch && row->second.epoch != *filter.epoch) continue;
            out.push_back(row->second);
        }
        return out;
    }
    Result<std::optional<journal::SnapshotRecord>> snapshot(std::int64_t id) override {
        const std::lock_guard lock(m_disk.mutex);
        const auto found = m_disk.snapshots.find(id);
        if (found == m_disk.snapshots.end()) return std::optional<journal::SnapshotRecord>();
        return std::optional(found->second);
    }
    Result<std::optional<journal::SnapshotRecord>> find_snapshot(const chain::TipsetKey& head,
                                                                 const ipld::Digest256& recipe_hash) override {
        const std::lock_guard lock(m_disk.mutex);
        for (const auto& [id, row] : m_disk.snapshots)
            if (row.head == head && row.recipe_hash == recipe_hash) return std::optional(row);
        return std::optional<journal::SnapshotRecord>();
    }
    Result<std::vector<journal::SnapshotRecord>> snapshots_with_piece(const ipld::Cid& piece_cid) override {
        const std::lock_guard lock(m_disk.mutex);
        std::vector<journal::SnapshotRecord> out;
        for (const auto& [id, row] : m_disk.snapshots)
            if (std::ranges::any_of(row.pieces, [&](const auto& piece) { return piece.piece_cid == piece_cid; }))
                out.push_back(row);
        return out;
    }
    Result<void> set_snapshot_hold(std::int64_t id, std::optional<std::uint64_t> hold) override {
        return change(id, [&](journal::SnapshotRecord& row) { row.hold = hold; });
    }
    Result<void> forget_snapshot_files(std::int64_t id) override {
        return change(id, [](journal::SnapshotRecord& row) {
            row.path.reset();
            for (journal::PieceRecord& piece : row.pieces) piece.path.reset();
        });
    }
    Result<std::optional<journal::ReceiptRecord>> receipt(const ipld::Digest256& key) override {
        const std::lock_guard lock(m_disk.mutex);
        const auto found = m_disk.receipts.find(key);
        if (found == m_disk.receipts.end()) return std::optional<journal::ReceiptRecord>();
        return std::optional(found->second);
    }
    Result<void> put_receipt(const journal::ReceiptRecord& receipt) override {
        const std::lock_guard lock(m_disk.mutex);
        if (m_disk.failure) return *m_disk.failure;
        m_disk.receipts.emplace(receipt.key, receipt);
        return {};
    }
    Result<std::optional<journal::EffectRecord>> intend(const std::string& key, const std::string& kind,
                                                        const std::string& request) override {
        const std::lock_guard lock(m_disk.mutex);
        if (m_disk.failure) return *m_disk.failure;
        const auto found = m_disk.effects.find(key);
        if (found == m_disk.effects.end()) {
            m_disk.effects[key] = {.key = key, .kind = kind, .request = request, .result = {}, .attempts = 1};
            return std::optional<journal::EffectRecord>();
        }
        if (found->second.kind != kind || found->second.request != request)
            return Error(ErrorCode::mismatch, key + " stands for something else");
        const journal::EffectRecord before = found->second;
        if (before.state == journal::EffectRecord::State::failed) {
            found->second.state = journal::EffectRecord::State::intended;
            found->second.result.clear();
            ++found->second.attempts;
        }
        return std::optional(before);
    }
    Result<void> finish(const std::string& key, journal::EffectRecord::State state,
                        const std::string& result) override {
        const std::lock_guard lock(m_disk.mutex);
        if (m_disk.failure) return *m_disk.failure;
        const auto found = m_disk.effects.find(key);
        if (found == m_disk.effects.end()) return Error(ErrorCode::not_found, key);
        if (found->second.state == journal::EffectRecord::State::done)
            return Error(ErrorCode::invalid_argument, key + " is done already");
        found->second.state = state;
        found->second.result = result;
        return {};
    }
    Result<std::optional<journal::EffectRecord>> effect(const std::string& key) override {
        const std::lock_guard lock(m_disk.mutex);
        const auto found = m_disk.effects.find(key);
        if (found == m_disk.effects.end()) return std::optional<journal::EffectRecord>();
        return std::optional(found->second);
    }
    Result<std::vector<journal::EffectRecord>> open_effects() override {
        const std::lock_guard lock(m_disk.mutex);
        std::vector<journal::EffectRecord> out;
        for (const auto& [key, effect] : m_disk.effects)
            if (effect.state == journal::EffectRecord::State::intended) out.push_back(effect);
        return out;
    }
    Result<void> change_events(const std::string& log, const journal::EventChange& change) override {
        const std::lock_guard lock(m_disk.mutex);
        if (m_disk.failure) return *m_disk.failure;
        JournalDisk::EventLog& into = m_disk.event_logs[log];
        into.cursor = change.cursor;
        for (const journal::EventPlace& gone : change.removed) into.events.erase(gone);
        for (const journal::EventRecord& event : change.added) into.events[{event.block, event.index}] = event;
        return {};
    }
    Result<std::vector<journal::EventRecord>> events(const std::string& log,
                                                     const journal::EventFilter& filter) override {
        const std::lock_guard lock(m_disk.mutex);
        std::vector<journal::EventRecord> out;
        const auto found = m_disk.event_logs.find(log);
        if (found == m_disk.event_logs.end()) return out;
        for (auto row = found->second.events.rbegin(); row != found->second.events.rend(); ++row) {
            const journal::EventRecord& event = row->second;
            if (out.size() >= filter.limit) break;
            if ((filter.before && !(row->first < *filter.before)) || (filter.name && event.name != *filter.name) ||
                (filter.slot && event.slot != filter.slot) || (filter.miner && event.miner != filter.miner))
                continue;
            out.push_back(event);
        }
        return out;
    }
    Result<std::optional<std::string>> events_cursor(const std::string& log) override {
        const std::lock_guard lock(m_disk.mutex);
        const auto found = m_disk.event_logs.find(log);
        if (found == m_disk.event_logs.end()) return std::optional<std::string>();
        return std::optional(found->second.cursor);
    }
    Result<void> forget_events(const std::string& log) override {
        const std::lock_guard lock(m_disk.mutex);
        if (m_disk.failure) return *m_disk.failure;
        m_disk.event_logs.erase(log);
        return {};
    }
    Result<std::int64_t> put_deal(const journal::DealRecord& deal,
                                  const std::vector<journal::DealStepRecord>& steps) override {
        const std::lock_guard lock(m_disk.mutex);
        if (m_disk.failure) return *m_disk.failure;
        if (m_disk.deal_failure) return *m_disk.deal_failure;
        auto row = std::ranges::find_if(m_disk.deals, [&](const auto& one) {
            const journal::DealRecord& record = one.second.record;
            return record.contract == deal.contract && record.miner == deal.miner && record.slot == deal.slot &&
                   record.piece == deal.piece && record.attempt == deal.attempt;
        });
        if (row == m_disk.deals.end()) {
            const std::int64_t id = static_cast<std::int64_t>(m_disk.deals.size()) + 1;
            row = m_disk.deals.emplace(id, JournalDisk::Deal{.record = deal, .steps = {}}).first;
        }
        const Clock::Duration begun_at = row->second.record.begun_at;
        row->second.record = deal;
        row->second.record.id = row->first;
        row->second.record.begun_at = begun_at;
        add_steps(row->second.steps, steps);
        return row->first;
    }
    Result<std::vector<journal::DealRecord>> deals(const journal::DealFilter& filter) override {
        const std::lock_guard lock(m_disk.mutex);
        std::vector<journal::DealRecord> out;
        for (auto row = m_disk.deals.rbegin(); row != m_disk.deals.rend(); ++row) {
            const journal::DealRecord& deal = row->second.record;
            if (out.size() >= filter.limit) break;
            if ((filter.before_id && row->first >= *filter.before_id) || (filter.only_open && !deal.open) ||
                (filter.slot && deal.slot != *filter.slot) || (filter.miner && deal.miner != *filter.miner))
                continue;
            out.push_back(deal);
        }
        return out;
    }
    Result<std::optional<journal::DealRecord>> deal(std::int64_t id) override {
        const std::lock_guard lock(m_disk.mutex);
        const auto found = m_disk.deals.find(id);
        if (found == m_disk.deals.end()) return std::optional<journal::DealRecord>();
        return std::optional(found->second.record);
    }
    Result<std::vector<journal::DealStepRecord>> deal_steps(std::int64_t id) override {
        const std::lock_guard lock(m_disk.mutex);
        const auto found = m_disk.deals.find(id);
        if (found == m_disk.deals.end()) return Error(ErrorCode::not_found, "there is no deal " + std::to_string(id));
        return found->second.steps;
    }
    Result<std::optional<std::string>> setting(const std::string& name) override {
        const std::lock_guard lock(m_disk.mutex);
        const auto found = m_disk.settings.find(name);
        if (found == m_disk.settings.end()) return std::optional<std::string>();
        return std::optional(found->second);
    }
    Result<void> set_setting(const std::string& name, const std::string& value) override {
        const std::lock_guard lock(m_disk.mutex);
        if (m_disk.failure) return *m_disk.failure;
        m_disk.settings[name] = value;
        return {};
    }
    Result<void> backup(const std::string&) override { return {}; }

private:
    static void add_steps(std::vector<journal::DealStepRecord>& to, const std::vector<journal::DealStepRecord>& steps) {
        std::uint64_t number = to.empty() ? 0 : to.back().number;
        for (const journal::DealStepRecord& step : steps) {
            to.push_back(step);
            to.back().number = ++number;
        }
        const auto is_answer = [](const journal::DealStepRecord& step) { return step.kind == "answer"; };
        for (auto answers = std::ranges::count_if(to, is_answer); answers > 500; --answers)
            to.erase(std::ranges::find_if(to, is_answer));
    }

    template <class Change>
    Result<void> change(std::int64_t id, Change change) {
        const std::lock_guard lock(m_disk.mutex);
        if (m_disk.failure) return *m_disk.failure;
        const auto found = m_disk.snapshots.find(id);
        if (found == m_disk.snapshots.end()) return Error(ErrorCode::not_found, "no snapshot " + std::to_string(id));
        change(found->second);
        return {};
    }

    JournalDisk& m_disk;
};

}    // namespace filfil::service
