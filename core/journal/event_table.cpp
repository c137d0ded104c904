// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "journal/event_table.hpp"

#include "journal/row_reader.hpp"

#include <algorithm>
#include <limits>

namespace filfil::journal {
namespace {

/// What SQLite's integers reach.
constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());

}    // namespace

Result<void> EventTable::change(const std::string& log, const EventChange& change) {
    FILFIL_TRY(Transaction transaction, Transaction::begin(m_database));
    {
        FILFIL_TRY(Statement note, m_database.prepare("INSERT INTO event_logs (name, cursor) VALUES (:name, :cursor) "
                                                      "ON CONFLICT (name) DO UPDATE SET cursor = excluded.cursor"));
        FILFIL_CHECK(note.text(log).text(change.cursor).run());
    }
    for (const EventPlace& gone : change.removed) {
        FILFIL_TRY(Statement remove,
                   m_database.prepare("DELETE FROM events WHERE log = (SELECT id FROM event_logs WHERE name = :log) "
                                      "AND block = :block AND number = :number"));
        FILFIL_CHECK(remove.text(log).size(gone.block).size(gone.index).run());
    }
    for (const EventRecord& event : change.added) FILFIL_CHECK(put(log, event));
    return transaction.commit();
}

Result<void> EventTable::put(const std::string& log, const EventRecord& event) {
    FILFIL_TRY(Statement insert,
               m_database.prepare("INSERT OR REPLACE INTO events (log, block, number, name, slot, miner, fields) "
                                  "VALUES ((SELECT id FROM event_logs WHERE name = :log), :block, :number, :name, "
                                  ":slot, :miner, :fields)"));
    return insert.text(log)
        .size(event.block)
        .size(event.index)
        .text(event.name)
        .maybe_size(event.slot)
        .maybe_size(event.miner)
        .text(event.fields)
        .run();
}

Result<std::vector<EventRecord>> EventTable::list(const std::string& log, const EventFilter& filter) {
    // Conditions that are not asked for are left out, so that SQLite takes the index of those that are.
    std::string sql =
        "SELECT block, number, name, slot, miner, fields FROM events "
        "WHERE log = (SELECT id FROM event_logs WHERE name = :log) "
        "AND (block, number) < (:block, :number)";
    if (filter.slot) sql += " AND slot = :slot";
    if (filter.miner) sql += " AND miner = :miner";
    if (filter.name) sql += " AND name = :name";
    sql += " ORDER BY block DESC, number DESC LIMIT :limit";
    FILFIL_TRY(Statement query, m_database.prepare(sql));
    query.text(log);
    query.size(filter.before ? std::min(filter.before->block, most) : most);
    query.size(filter.before ? std::min(filter.before->index, most) : most);
    if (filter.slot) query.size(*filter.slot);
    if (filter.miner) query.size(*filter.miner);
    if (filter.name) query.text(*filter.name);
    query.size(std::min<std::uint64_t>(filter.limit, most));
    std::vector<EventRecord> out;
    for (;;) {
        FILFIL_TRY(const bool row, query.step());
        if (!row) return out;
        RowReader reader(query);
        EventRecord event;
        event.block = reader.size();
        event.index = reader.size();
        event.name = reader.text();
        event.slot = reader.maybe_size();
        event.miner = reader.maybe_size();
        event.fields = reader.text();
        FILFIL_CHECK(reader.finish(
            m_database, "event " + std::to_string(event.block) + "/" + std::to_string(event.index) + " of " + log));
        out.push_back(std::move(event));
    }
}

Result<std::optional<std::string>> EventTable::cursor(const std::string& log) {
    FILFIL_TRY(Statement query, m_database.prepare("SELECT cursor FROM event_logs WHERE name = :name"));
    FILFIL_TRY(const bool row, query.text(log).step());
    if (!row) return std::optional<std::string>();
    RowReader reader(query);
    std::optional<std::string> out = reader.text();
    FILFIL_CHECK(reader.finish(m_database, "the cursor of " + log));
    return out;
}

Result<void> EventTable::forget(const std::string& log) {
    FILFIL_TRY(Transaction transaction, Transaction::begin(m_database));
    {
        FILFIL_TRY(Statement events, m_database.prepare("DELETE FROM events WHERE log = (SELECT id FROM event_logs "
                                                        "WHERE name = :log)"));
        FILFIL_CHECK(events.text(log).run());
    }
    {
        FILFIL_TRY(Statement name, m_database.prepare("DELETE FROM event_logs WHERE name = :log"));
        FILFIL_CHECK(name.text(log).run());
    }
    return transaction.commit();
}

}    // namespace filfil::journal
