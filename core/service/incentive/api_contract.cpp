// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "incentive/fil_text.hpp"
#include "service/api.hpp"
#include "service/incentive/desk.hpp"
#include "service/incentive/gather.hpp"
#include "service/incentive/slot_json.hpp"

#include <array>
#include <utility>

namespace filfil::service {
namespace {

using rpc::Json;
using rpc::Permission;
using Session = std::shared_ptr<rpc::Session>;

Json json_of(const contract::Round& round, const node::Profile& network) {
    return {{"number", round.number},
            {"start_epoch", round.start},
            {"start_time", time_json(network, round.start)},
            {"positions", round.positions},
            {"replicas", round.replicas},
            {"slot_epochs", round.slot_length},
            {"window_epochs", round.window_length},
            {"lead_epochs", round.lead}};
}

Json json_of(const contract::Params& params) {
    return {{"max_providers", params.max_providers},
            {"max_misses", params.max_misses},
            {"min_term_epochs", params.min_term},
            {"upfront_per_10000", params.upfront},
            {"slash_per_10000", params.slash},
            {"bounty_per_10000", params.bounty},
            {"bond", params.bond.text()},
            {"bond_step", params.bond_step},
            {"min_power_bytes", params.min_power.text()},
            {"reward_cap", params.reward_cap.text()},
            {"recipe", to_hex(params.recipe)}};
}

Json json_of(const contract::Totals& totals) {
    return {{"pool", totals.pool.text()},
            {"locked", totals.locked.text()},
            {"owed", totals.owed.text()},
            {"credit", totals.credit.text()},
            {"bonds", totals.bonds.text()}};
}

/// Reads one thing and puts it under its name.
template <class Call, class Show>
std::function<void(Desk::Handler<Json>)> reading(Desk& desk, std::string name, Show show) {
    return [&desk, name = std::move(name), show](const Desk::Handler<Json>& done) {
        desk.read<Call>({}, [name, show, done](const Result<typename Call::Output>& output) {
            if (!output.ok()) return done(output.error());
            done(Json{{name, show(*output)}});
        });
    };
}

constexpr auto address = [](const auto& output) { return Json(output.value.text()); };

}    // namespace

void add_contract_api(rpc::Server& server, House& house) {
    add_method(server, "FilFil.Contract", Permission::read, {},
               [&house](const Params&, const Session&, const rpc::Reply& reply) -> Result<void> {
                   FILFIL_TRY(Desk* const desk, house.open_desk());
                   const auto parts = std::make_shared<std::vector<std::function<void(Desk::Handler<Json>)>>>();
                   parts->push_back(reading<calls::Version>(
                       *desk, "version", [](const auto& output) { return Json(output.value.text()); }));
                   parts->push_back(reading<calls::Round>(
                       *desk, "round", [desk](const auto& output) { return json_of(output.value, desk->network()); }));
                   parts->push_back(reading<calls::Params>(*desk, "params",
                                                           [](const auto& output) { return json_of(output.value); }));
                   parts->push_back(reading<calls::Totals>(*desk, "totals",
                                                           [](const auto& output) { return json_of(output.value); }));
                   parts->push_back(reading<calls::ActiveProviders>(
                       *desk, "providers", [](const auto& output) { return Json(output.value.text()); }));
                   parts->push_back(reading<calls::BondNow>(
                       *desk, "bond_now", [](const auto& output) { return Json(output.value.text()); }));
                   parts->push_back(reading<calls::Owner>(*desk, "owner", address));
                   parts->push_back(reading<calls::Operator>(*desk, "operator", address));
                   parts->push_back(reading<calls::Guardian>(*desk, "guardian", address));
                   parts->push_back(reading<calls::Successor>(*desk, "successor", address));
                   parts->push_back(
                       reading<calls::Paused>(*desk, "paused", [](const auto& output) { return Json(output.value); }));
                   gather<Json>(
                       parts->size(), [parts](std::size_t i, const Desk::Handler<Json>& one) { (*parts)[i](one); },
                       [desk, reply](const Result<std::vector<Json>>& all) {
                           if (!all.ok()) return reply(all.error());
                           Json out = {{"contract", desk->address().text()},
                                       {"network", desk->network().name},
                                       {"chain_id", desk->network().chain_id},
                                       {"node", desk->node().name()}};
                           for (const Json& part : *all) out.update(part);
                           reply(std::move(out));
                       });
                   return {};
               });
    add_method(server, "FilFil.Slots", Permission::read, {"limit"},
               [&house](const Params& params, const Session&, const rpc::Reply& reply) -> Result<void> {
                   FILFIL_TRY(const auto limit, params.integer("limit", 1, 64));
                   FILFIL_TRY(Desk* const desk, house.open_desk());
                   const calls::Latest::Input input{.count = static_cast<std::uint64_t>(limit.value_or(20))};
                   desk->read<calls::Latest>(input, [&house, desk, reply](Result<calls::Latest::Output> latest) {
                       if (!latest.ok()) return reply(std::move(latest).error());
                       const auto slots = std::make_shared<std::vector<std::uint32_t>>(std::move(latest->slots));
                       gather<Json>(
                           slots->size(),
                           [&house, desk, slots](std::size_t i, const Desk::Handler<Json>& one) {
                               const std::uint32_t slot = (*slots)[i];
                               desk->read<calls::SlotInfo>(
                                   {.slot = slot},
                                   [&house, desk, slot, one](const Result<calls::SlotInfo::Output>& info) {
                                       if (!info.ok()) return one(info.error());
                                       Json out = service::json_of(
                                           SlotTimes{.slot = slot, .open = info->open, .close = info->closing},
                                           desk->network(), house.head());
                                       out["epoch"] = info->epoch;
                                       out["tipset"] = to_hex(info->tipset);
                                       out["pieces"] = info->pieces;
                                       out["alternatives"] = info->alternatives;
                                       out["reward"] = info->reward.text();
                                       out["staged_epoch"] = info->staged_at;
                                       out["disputed"] = info->disputed;
                                       one(std::move(out));
                                   });
                           },
                           [reply](Result<std::vector<Json>> all) {
                               if (!all.ok()) return reply(std::move(all).error());
                               reply(Json{{"slots", *std::move(all)}});
                           });
                   });
                   return {};
               });
}

}    // namespace filfil::service
