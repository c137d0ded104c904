// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/incentive/holder_filter.hpp"

#include "incentive/contract_types.hpp"
#include "service/incentive/slot_json.hpp"

#include <cmath>

namespace filfil::service {
namespace {

using incentive::Held;
using rpc::Json;

bool is_state(const HolderFacts& facts, Held state) { return facts.holder.state == static_cast<std::uint8_t>(state); }

bool is_status(const SectorPlace& place, SectorStatus status) {
    return place.status == static_cast<std::uint8_t>(status);
}

const char* status_name(const SectorPlace& place) {
    return is_status(place, SectorStatus::active)   ? "active"
           : is_status(place, SectorStatus::faulty) ? "faulty"
                                                    : "dead";
}

}    // namespace

Result<HolderFilter> HolderFilter::read(const Params& params) {
    HolderFilter out;
    FILFIL_TRY(const auto sectors, params.flag("sectors"));
    FILFIL_TRY(const auto alive, params.flag("alive"));
    FILFIL_TRY(const auto expiration, params.integer("min_expiration"));
    out.alive = alive.value_or(false);
    if (expiration) out.min_expiration = static_cast<std::uint64_t>(*expiration);
    out.sectors = sectors.value_or(false) || out.min_expiration.has_value();
    if (const Json* rate = params.find("min_success_rate")) {
        if (!rate->is_number()) return wrong_parameter("min_success_rate", "is no number");
        const double value = rate->get<double>();
        if (!(value >= 0 && value <= 1)) return wrong_parameter("min_success_rate", "is not from 0 to 1");
        out.min_success_rate = value;
    }
    FILFIL_TRY(out.region, params.text("region", 64));
    if (out.region && !is_region(*out.region))
        return wrong_parameter("region", "is none: letters, digits and hyphens, 32 at most");
    return out;
}

bool HolderFilter::may_pass(const HolderFacts& facts, std::uint64_t now) const {
    if (min_success_rate && facts.success_rate.value_or(0) < *min_success_rate) return false;
    if (region && (!facts.endpoint || facts.endpoint->region != region)) return false;
    if (!asks_sector(facts)) return (!alive || is_alive(facts, now)) && !min_expiration;
    return true;
}

bool HolderFilter::passes(const HolderFacts& facts, std::uint64_t now) const {
    if (!may_pass(facts, now) || (alive && !is_alive(facts, now))) return false;
    return !min_expiration || (facts.sector && facts.sector->expiration >= *min_expiration &&
                               !is_status(*facts.sector, SectorStatus::dead));
}

bool HolderFilter::asks_sector(const HolderFacts& facts) const {
    return sectors && (is_state(facts, Held::active) || is_state(facts, Held::done));
}

bool is_alive(const HolderFacts& facts, std::uint64_t now) {
    if (facts.sector) return is_status(*facts.sector, SectorStatus::active) && facts.sector->expiration > now;
    return is_state(facts, Held::active) && facts.holder.until > now;
}

Json json_of(const HolderFacts& facts, const node::Profile& network, std::uint64_t now) {
    const contract::Holder& one = facts.holder;
    Json out = {{"miner", miner_text(one.miner, network.address_prefix)},
                {"piece", one.piece & 0x7f},
                {"alternative", (one.piece & 0x80) != 0},
                {"state", held_name(one.state)},
                {"sector", one.sector},
                {"until_epoch", one.until},
                {"until_time", time_json(network, one.until)},
                {"paid", one.paid.text()},
                {"share", one.share.text()},
                {"endpoint", nullptr},
                {"region", nullptr},
                {"alive", is_alive(facts, now)},
                {"sector_status", nullptr},
                {"sector_expiration", nullptr},
                {"success_rate", nullptr}};
    if (facts.endpoint) out["endpoint"] = facts.endpoint->base;
    if (facts.endpoint && facts.endpoint->region) out["region"] = *facts.endpoint->region;
    if (facts.sector) {
        out["sector_status"] = status_name(*facts.sector);
        if (facts.sector->expiration != 0) out["sector_expiration"] = facts.sector->expiration;
    }
    if (facts.success_rate) out["success_rate"] = std::round(*facts.success_rate * 10'000) / 10'000;
    return out;
}

}    // namespace filfil::service
