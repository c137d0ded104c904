// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/market/deal_entry.hpp"

#include "incentive/contract_types.hpp"
#include "service/error_json.hpp"
#include "service/incentive/slot_json.hpp"

#include <limits>
#include <utility>

namespace filfil::service {

using rpc::Json;

namespace {

Error corrupt(const journal::DealRecord& record, const std::string& what) {
    return {ErrorCode::corrupt, "deal " + std::to_string(record.id) + " in the journal: " + what,
            "restore the journal from its backup, or leave the deal to the market"};
}

}    // namespace

std::string text_of(const DealKey& key, char letter) {
    const bool alternative = (key.piece & incentive::alternative_bit) != 0;
    const unsigned piece = key.piece & ~unsigned{incentive::alternative_bit};
    return "piece " + std::to_string(piece) + (alternative ? " (of the alternative)" : "") + " of slot " +
           std::to_string(incentive::index_of(key.slot)) + " of round " +
           std::to_string(incentive::round_of(key.slot)) + " for " + miner_text(key.miner, letter);
}

journal::DealRecord record_of(const DealEntry& deal, const std::string& contract) {
    journal::DealRecord out;
    out.contract = contract;
    out.miner = deal.key.miner;
    out.slot = deal.key.slot;
    out.piece = deal.key.piece;
    out.attempt = deal.key.attempt;
    out.market = deal.market;
    out.market_id = deal.market_id;
    out.stage = name_of(deal.stage);
    out.open = !is_end(deal.stage);
    out.target = deal.target;
    out.opens = deal.opens;
    out.closes = deal.closes;
    out.piece_cid = deal.piece_cid;
    out.payload_size = deal.payload_size;
    out.padded_size = deal.padded_size;
    out.snapshot = deal.snapshot;
    out.sector = deal.sector;
    if (deal.order) out.order = rpc::write_json(market::json_of(*deal.order));
    if (!deal.status.id.empty()) out.status = rpc::write_json(market::json_of(deal.status));
    if (deal.error) out.error = rpc::write_json(error_json(*deal.error));
    out.begun_at = deal.begun_at;
    out.changed_at = deal.changed_at;
    return out;
}

Result<DealEntry> entry_of(const journal::DealRecord& record, const std::vector<journal::DealStepRecord>& steps) {
    const auto stage = deal_stage_of(record.stage);
    if (!stage) return corrupt(record, "there is no stage '" + record.stage + "'");
    if (record.slot > std::numeric_limits<std::uint32_t>::max() ||
        record.piece > std::numeric_limits<std::uint8_t>::max())
        return corrupt(record, "there is no such slot or piece");
    DealEntry out;
    out.key = {record.miner, static_cast<std::uint32_t>(record.slot), static_cast<std::uint8_t>(record.piece),
               record.attempt};
    out.id = record.id;
    out.stage = *stage;
    out.times = times_of(steps);
    out.market = record.market;
    out.market_id = record.market_id;
    out.target = record.target;
    out.opens = record.opens;
    out.closes = record.closes;
    out.piece_cid = record.piece_cid;
    out.payload_size = record.payload_size;
    out.padded_size = record.padded_size;
    out.snapshot = record.snapshot;
    out.sector = record.sector;
    if (!record.order.empty()) {
        const auto json = rpc::parse_json(record.order);
        auto order = json.ok() ? market::parse_deal_order(*json) : Result<market::DealOrder>(json.error());
        if (!order.ok()) return corrupt(record, order.error().message);
        out.order = *std::move(order);
    }
    if (!record.status.empty()) {
        const auto json = rpc::parse_json(record.status);
        auto status = json.ok() ? market::parse_deal_status(*json) : Result<market::DealStatus>(json.error());
        if (!status.ok()) return corrupt(record, status.error().message);
        out.status = *std::move(status);
    }
    if (!record.error.empty()) {
        const auto json = rpc::parse_json(record.error);
        if (json.ok()) out.error = parse_error(*json);
        if (!out.error) return corrupt(record, "its error is none");
    }
    out.begun_at = record.begun_at;
    out.changed_at = record.changed_at;
    return out;
}

std::vector<StageTime> times_of(const std::vector<journal::DealStepRecord>& steps) {
    std::vector<StageTime> out;
    for (const journal::DealStepRecord& step : steps) {
        if (step.kind != "stage") continue;
        if (const auto stage = deal_stage_of(step.name)) out.push_back({*stage, step.at, step.epoch});
    }
    return out;
}

}    // namespace filfil::service
