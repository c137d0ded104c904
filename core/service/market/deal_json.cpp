// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/market/deal_json.hpp"

#include "incentive/contract_types.hpp"
#include "ipld/piece_cid.hpp"
#include "service/house.hpp"
#include "service/incentive/slot_json.hpp"
#include "service/times.hpp"

namespace filfil::service {
namespace {

using rpc::Json;

/// What a column holds as JSON; null for none.
Json stored(const std::string& text) {
    if (text.empty()) return nullptr;
    auto json = rpc::parse_json(text);
    return json.ok() ? *std::move(json) : Json(text);
}

Json v2_of(const journal::DealRecord& record) {
    if (!record.piece_cid) return nullptr;
    const auto info = ipld::read_piece_cid(*record.piece_cid);
    if (!info.ok()) return nullptr;
    const auto cid = ipld::piece_cid_v2(info->root, record.payload_size, record.padded_size);
    return cid.ok() ? Json(cid->text()) : Json(nullptr);
}

Json epoch_time(const node::Profile& network, Epoch epoch) {
    return time_json(network, static_cast<std::uint64_t>(epoch.value));
}

}    // namespace

Json deal_json(const journal::DealRecord& record, const std::vector<StageTime>& times, const node::Profile& network,
               const std::optional<Clock::Duration>& predicted) {
    const auto slot = static_cast<std::uint32_t>(record.slot);
    Json timeline = Json::array();
    for (const StageTime& time : times)
        timeline.push_back({{"stage", name_of(time.stage)},
                            {"at", seconds_of(time.at)},
                            {"epoch", time.epoch ? Json(time.epoch->value) : Json(nullptr)}});
    const Json closes = epoch_time(network, record.closes);
    const bool known = record.payload_size != 0;
    Json out = {
        {"id", record.id},
        {"miner", miner_text(record.miner, network.address_prefix)},
        {"slot", slot},
        {"round", incentive::round_of(slot)},
        {"index", incentive::index_of(slot)},
        {"piece", record.piece & ~std::uint32_t{incentive::alternative_bit}},
        {"alternative", (record.piece & incentive::alternative_bit) != 0},
        {"attempt", record.attempt},
        {"market", record.market.empty() ? Json(nullptr) : Json(record.market)},
        {"market_id", record.market_id.empty() ? Json(nullptr) : Json(record.market_id)},
        {"stage", record.stage},
        {"open", record.open},
        {"target_epoch", record.target.value},
        {"open_epoch", record.opens.value},
        {"open_time", epoch_time(network, record.opens)},
        {"close_epoch", record.closes.value},
        {"close_time", closes},
        {"piece_cid", record.piece_cid ? Json(record.piece_cid->text()) : Json(nullptr)},
        {"piece_cid_v2", v2_of(record)},
        {"payload_size", known ? Json(record.payload_size) : Json(nullptr)},
        {"padded_size", known ? Json(record.padded_size) : Json(nullptr)},
        {"snapshot", record.snapshot ? Json(*record.snapshot) : Json(nullptr)},
        {"sector", record.sector ? Json(*record.sector) : Json(nullptr)},
        {"error", stored(record.error)},
        {"market_says", stored(record.status)},
        {"begun_at", seconds_of(record.begun_at)},
        {"changed_at", seconds_of(record.changed_at)},
        {"timeline", std::move(timeline)},
        {"predicted_at", predicted ? Json(seconds_of(*predicted)) : Json(nullptr)},
    };
    out["late"] = false;
    return out;
}

Json deal_json(const House& house, const DealEntry& deal) {
    journal::DealRecord record = record_of(deal, house.desk->address().lower_text());
    record.id = deal.id;
    std::optional<Clock::Duration> predicted;
    if (house.deals) predicted = house.deals->forecast().stored_at(deal.market, deal.times, house.world.clock.wall());
    Json out = deal_json(record, deal.times, house.desk->network(), predicted);
    if (house.deals) out["late"] = house.deals->late(deal);
    return out;
}

Json step_json(const journal::DealStepRecord& step) {
    return {{"number", step.number},
            {"kind", step.kind},
            {"name", step.name},
            {"at", seconds_of(step.at)},
            {"epoch", step.epoch ? Json(step.epoch->value) : Json(nullptr)},
            {"details", stored(step.details)}};
}

}    // namespace filfil::service
