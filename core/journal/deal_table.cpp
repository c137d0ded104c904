// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "journal/deal_table.hpp"

#include "journal/row_reader.hpp"

#include <algorithm>
#include <limits>
#include <string_view>

namespace filfil::journal {
namespace {

/// Of a deal. A market is asked every few minutes, for as long as a deal lasts.
constexpr std::uint64_t answers_kept = 500;
constexpr std::string_view answer = "answer";

/// @param rest what follows the table's name
std::string select_deals(std::string_view rest) {
    return "SELECT id, contract, miner, slot, piece, attempt, market, market_id, stage, open, target, opens, closes, "
           "piece_cid, payload_size, padded_size, snapshot, sector, \"order\", status, error, begun_at, changed_at "
           "FROM deals " +
           std::string(rest);
}

}    // namespace

Result<std::int64_t> DealTable::put(const DealRecord& deal, const std::vector<DealStepRecord>& steps) {
    if (deal.piece_cid && deal.piece_cid->empty())
        return Error(ErrorCode::invalid_argument, "a deal cannot be put in the journal: the CID of its piece is empty");
    FILFIL_TRY(Transaction transaction, Transaction::begin(m_database));
    FILFIL_TRY(const std::int64_t id, write(deal));
    // The last step is never dropped, so that what follows it is a number that no step ever had.
    FILFIL_TRY(std::uint64_t number, last_step(id));
    for (const DealStepRecord& step : steps) FILFIL_CHECK(add_step(id, ++number, step));
    if (std::ranges::any_of(steps, [](const DealStepRecord& step) { return step.kind == answer; }))
        FILFIL_CHECK(drop_old_answers(id));
    FILFIL_CHECK(transaction.commit());
    return id;
}

Result<std::int64_t> DealTable::write(const DealRecord& deal) {
    FILFIL_TRY(Statement upsert,
               m_database.prepare(
                   "INSERT INTO deals (contract, miner, slot, piece, attempt, market, market_id, stage, open, target, "
                   "opens, closes, piece_cid, payload_size, padded_size, snapshot, sector, \"order\", status, error, "
                   "begun_at, changed_at) VALUES (:contract, :miner, :slot, :piece, :attempt, :market, :market_id, "
                   ":stage, :open, :target, :opens, :closes, :piece_cid, :payload_size, :padded_size, :snapshot, "
                   ":sector, :order, :status, :error, :begun_at, :changed_at) "
                   "ON CONFLICT (contract, miner, slot, piece, attempt) DO UPDATE SET market = excluded.market, "
                   "market_id = excluded.market_id, stage = excluded.stage, open = excluded.open, "
                   "target = excluded.target, opens = excluded.opens, closes = excluded.closes, "
                   "piece_cid = excluded.piece_cid, payload_size = excluded.payload_size, "
                   "padded_size = excluded.padded_size, snapshot = excluded.snapshot, sector = excluded.sector, "
                   "\"order\" = excluded.\"order\", status = excluded.status, error = excluded.error, "
                   "changed_at = excluded.changed_at RETURNING id"));
    upsert.text(deal.contract)
        .size(deal.miner)
        .size(deal.slot)
        .size(deal.piece)
        .size(deal.attempt)
        .text(deal.market)
        .text(deal.market_id)
        .text(deal.stage)
        .integer(deal.open ? 1 : 0)
        .integer(deal.target.value)
        .integer(deal.opens.value)
        .integer(deal.closes.value);
    if (deal.piece_cid)
        upsert.blob(deal.piece_cid->bytes());
    else
        upsert.null();
    upsert.size(deal.payload_size)
        .size(deal.padded_size)
        .maybe_integer(deal.snapshot)
        .maybe_size(deal.sector)
        .text(deal.order)
        .text(deal.status)
        .text(deal.error)
        .integer(deal.begun_at.count())
        .integer(deal.changed_at.count());
    FILFIL_TRY(const bool row, upsert.step());
    if (!row) return Error(ErrorCode::internal, m_database.path() + ": a deal that was written has no id");
    RowReader reader(upsert);
    const std::int64_t id = reader.integer();
    FILFIL_CHECK(reader.finish(m_database, "the id of a deal"));
    FILFIL_CHECK(upsert.run());
    return id;
}

Result<std::uint64_t> DealTable::last_step(std::int64_t id) {
    FILFIL_TRY(Statement query,
               m_database.prepare("SELECT coalesce(max(number), 0) FROM deal_steps WHERE deal = :deal"));
    FILFIL_TRY(const bool row, query.integer(id).step());
    if (!row) return std::uint64_t{0};
    RowReader reader(query);
    const std::uint64_t out = reader.size();
    FILFIL_CHECK(reader.finish(m_database, "the last step of deal " + std::to_string(id)));
    return out;
}

Result<void> DealTable::add_step(std::int64_t id, std::uint64_t number, const DealStepRecord& step) {
    FILFIL_TRY(Statement insert,
               m_database.prepare("INSERT INTO deal_steps (deal, number, kind, name, at, epoch, details) "
                                  "VALUES (:deal, :number, :kind, :name, :at, :epoch, :details)"));
    insert.integer(id).size(number).text(step.kind).text(step.name).integer(step.at.count());
    if (step.epoch)
        insert.integer(step.epoch->value);
    else
        insert.null();
    return insert.text(step.details).run();
}

Result<void> DealTable::drop_old_answers(std::int64_t id) {
    FILFIL_TRY(Statement drop,
               m_database.prepare("DELETE FROM deal_steps WHERE deal = :deal AND kind = 'answer' AND number <= "
                                  "(SELECT number FROM deal_steps WHERE deal = :deal AND kind = 'answer' "
                                  "ORDER BY number DESC LIMIT 1 OFFSET :kept)"));
    return drop.integer(id).size(answers_kept).run();
}

Result<std::vector<DealRecord>> DealTable::list(const DealFilter& filter) {
    // Conditions that are not asked for are left out, so that SQLite takes the index of those that are.
    std::string where = "WHERE true";
    if (filter.miner) where += " AND miner = :miner";
    if (filter.slot) where += " AND slot = :slot";
    if (filter.only_open) where += " AND open = 1";
    if (filter.before_id) where += " AND id < :before_id";
    FILFIL_TRY(Statement query, m_database.prepare(select_deals(where + " ORDER BY id DESC LIMIT :limit")));
    if (filter.miner) query.size(*filter.miner);
    if (filter.slot) query.size(*filter.slot);
    if (filter.before_id) query.integer(*filter.before_id);
    constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    query.size(std::min<std::uint64_t>(filter.limit, most));
    std::vector<DealRecord> out;
    for (;;) {
        FILFIL_TRY(const bool row, query.step());
        if (!row) return out;
        FILFIL_TRY(DealRecord deal, read(query));
        out.push_back(std::move(deal));
    }
}

Result<std::optional<DealRecord>> DealTable::get(std::int64_t id) {
    FILFIL_TRY(Statement query, m_database.prepare(select_deals("WHERE id = :id")));
    FILFIL_TRY(const bool row, query.integer(id).step());
    if (!row) return std::optional<DealRecord>();
    FILFIL_TRY(DealRecord deal, read(query));
    return std::optional(std::move(deal));
}

Result<std::vector<DealStepRecord>> DealTable::steps(std::int64_t id) {
    FILFIL_TRY(const std::optional<DealRecord> deal, get(id));
    if (!deal)
        return Error(ErrorCode::not_found, m_database.path() + ": there is no deal " + std::to_string(id),
                     "list the deals to see their numbers");
    FILFIL_TRY(Statement query, m_database.prepare("SELECT number, kind, name, at, epoch, details FROM deal_steps "
                                                   "WHERE deal = :deal ORDER BY number"));
    query.integer(id);
    std::vector<DealStepRecord> out;
    for (;;) {
        FILFIL_TRY(const bool row, query.step());
        if (!row) return out;
        RowReader reader(query);
        DealStepRecord step;
        step.number = reader.size();
        step.kind = reader.text();
        step.name = reader.text();
        step.at = Clock::Duration(reader.integer());
        if (const auto epoch = reader.maybe_integer()) step.epoch = Epoch{*epoch};
        step.details = reader.text();
        FILFIL_CHECK(
            reader.finish(m_database, "step " + std::to_string(step.number) + " of deal " + std::to_string(id)));
        out.push_back(std::move(step));
    }
}

Result<DealRecord> DealTable::read(const Statement& row) {
    RowReader reader(row);
    DealRecord out;
    out.id = reader.integer();
    out.contract = reader.text();
    out.miner = reader.size();
    out.slot = reader.size();
    out.piece = reader.number();
    out.attempt = reader.number();
    out.market = reader.text();
    out.market_id = reader.text();
    out.stage = reader.text();
    out.open = reader.integer() != 0;
    out.target.value = reader.integer();
    out.opens.value = reader.integer();
    out.closes.value = reader.integer();
    out.piece_cid = reader.maybe_cid();
    out.payload_size = reader.size();
    out.padded_size = reader.size();
    out.snapshot = reader.maybe_integer();
    out.sector = reader.maybe_size();
    out.order = reader.text();
    out.status = reader.text();
    out.error = reader.text();
    out.begun_at = Clock::Duration(reader.integer());
    out.changed_at = Clock::Duration(reader.integer());
    FILFIL_CHECK(reader.finish(m_database, "row " + std::to_string(out.id) + " of deals"));
    return out;
}

}    // namespace filfil::journal
