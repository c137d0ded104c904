// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "journal/sqlite_journal.hpp"

#include "journal/backup.hpp"
#include "journal/deal_table.hpp"
#include "journal/effect_table.hpp"
#include "journal/event_table.hpp"
#include "journal/receipt_table.hpp"
#include "journal/setting_table.hpp"
#include "journal/snapshot_table.hpp"

#include <utility>

namespace filfil::journal {

SqliteJournal::SqliteJournal(std::unique_ptr<Database> database, const Clock& clock, SqliteOptions options)
    : m_database(std::move(database)), m_clock(clock), m_options(std::move(options)) {}

Result<std::int64_t> SqliteJournal::put_snapshot(const SnapshotRecord& snapshot) {
    const std::lock_guard lock(m_mutex);
    return SnapshotTable(*m_database).put(snapshot);
}

Result<std::vector<SnapshotRecord>> SqliteJournal::snapshots(const SnapshotFilter& filter) {
    const std::lock_guard lock(m_mutex);
    return SnapshotTable(*m_database).list(filter);
}

Result<std::optional<SnapshotRecord>> SqliteJournal::snapshot(std::int64_t id) {
    const std::lock_guard lock(m_mutex);
    return SnapshotTable(*m_database).get(id);
}

Result<std::optional<SnapshotRecord>> SqliteJournal::find_snapshot(const chain::TipsetKey& head,
                                                                   const ipld::Digest256& recipe_hash) {
    const std::lock_guard lock(m_mutex);
    return SnapshotTable(*m_database).find(head, recipe_hash);
}

Result<std::vector<SnapshotRecord>> SqliteJournal::snapshots_with_piece(const ipld::Cid& piece_cid) {
    const std::lock_guard lock(m_mutex);
    return SnapshotTable(*m_database).with_piece(piece_cid);
}

Result<void> SqliteJournal::set_snapshot_hold(std::int64_t id, std::optional<std::uint64_t> hold) {
    const std::lock_guard lock(m_mutex);
    return SnapshotTable(*m_database).set_hold(id, hold);
}

Result<void> SqliteJournal::forget_snapshot_files(std::int64_t id) {
    const std::lock_guard lock(m_mutex);
    return SnapshotTable(*m_database).forget_files(id);
}

Result<std::optional<ReceiptRecord>> SqliteJournal::receipt(const ipld::Digest256& key) {
    const std::lock_guard lock(m_mutex);
    return ReceiptTable(*m_database).get(key);
}

Result<void> SqliteJournal::put_receipt(const ReceiptRecord& receipt) {
    const std::lock_guard lock(m_mutex);
    return ReceiptTable(*m_database).put(receipt);
}

Result<std::optional<EffectRecord>> SqliteJournal::intend(const std::string& key, const std::string& kind,
                                                          const std::string& request) {
    const std::lock_guard lock(m_mutex);
    return EffectTable(*m_database).intend(key, kind, request, m_clock.wall());
}

Result<void> SqliteJournal::finish(const std::string& key, EffectRecord::State state, const std::string& result) {
    const std::lock_guard lock(m_mutex);
    return EffectTable(*m_database).finish(key, state, result, m_clock.wall());
}

Result<std::optional<EffectRecord>> SqliteJournal::effect(const std::string& key) {
    const std::lock_guard lock(m_mutex);
    return EffectTable(*m_database).get(key);
}

Result<std::vector<EffectRecord>> SqliteJournal::open_effects() {
    const std::lock_guard lock(m_mutex);
    return EffectTable(*m_database).open();
}

Result<void> SqliteJournal::change_events(const std::string& log, const EventChange& change) {
    const std::lock_guard lock(m_mutex);
    return EventTable(*m_database).change(log, change);
}

Result<std::vector<EventRecord>> SqliteJournal::events(const std::string& log, const EventFilter& filter) {
    const std::lock_guard lock(m_mutex);
    return EventTable(*m_database).list(log, filter);
}

Result<std::optional<std::string>> SqliteJournal::events_cursor(const std::string& log) {
    const std::lock_guard lock(m_mutex);
    return EventTable(*m_database).cursor(log);
}

Result<void> SqliteJournal::forget_events(const std::string& log) {
    const std::lock_guard lock(m_mutex);
    return EventTable(*m_database).forget(log);
}

Result<std::int64_t> SqliteJournal::put_deal(const DealRecord& deal, const std::vector<DealStepRecord>& steps) {
    const std::lock_guard lock(m_mutex);
    return DealTable(*m_database).put(deal, steps);
}

Result<std::vector<DealRecord>> SqliteJournal::deals(const DealFilter& filter) {
    const std::lock_guard lock(m_mutex);
    return DealTable(*m_database).list(filter);
}

Result<std::optional<DealRecord>> SqliteJournal::deal(std::int64_t id) {
    const std::lock_guard lock(m_mutex);
    return DealTable(*m_database).get(id);
}

Result<std::vector<DealStepRecord>> SqliteJournal::deal_steps(std::int64_t id) {
    const std::lock_guard lock(m_mutex);
    return DealTable(*m_database).steps(id);
}

Result<std::optional<std::string>> SqliteJournal::setting(const std::string& name) {
    const std::lock_guard lock(m_mutex);
    return SettingTable(*m_database).get(name);
}

Result<void> SqliteJournal::set_setting(const std::string& name, const std::string& value) {
    const std::lock_guard lock(m_mutex);
    return SettingTable(*m_database).set(name, value);
}

Result<void> SqliteJournal::backup(const std::string& path) {
    const std::lock_guard lock(m_mutex);
    return back_up(*m_database, path, m_options);
}

}    // namespace filfil::journal
