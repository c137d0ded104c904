// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/api.hpp"
#include "service/config_values.hpp"
#include "service/incentive/desk.hpp"
#include "service/incentive/slot_json.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace filfil::service {
namespace {

using rpc::Json;
using rpc::Permission;
using Session = std::shared_ptr<rpc::Session>;

Result<std::optional<std::uint64_t>> named_miner(const Params& params) {
    FILFIL_TRY(const auto text, params.text("miner", 64));
    if (!text) return std::optional<std::uint64_t>();
    const auto miner = miner_number(*text);
    if (!miner.ok()) return wrong_parameter("miner", "is none: " + miner.error().message);
    return std::optional(*miner);
}

/// Whose windows are asked for: the one named, or all own ones.
Result<std::vector<std::uint64_t>> miners_of(const Desk& desk, const std::optional<std::uint64_t>& named) {
    if (named) return std::vector{*named};
    if (desk.miners().empty())
        return Error(ErrorCode::invalid_argument, "no storage provider is named",
                     "name one, or set incentive.miners to your own");
    return desk.miners();
}

/// Whether what a window is for can be told: for that the round's terms have to be known.
Result<void> known_terms(const Desk& desk, const std::vector<Desk::OwnWindow>& windows) {
    const auto is_planned = [](const Desk::OwnWindow& own) { return own.window.end != 0; };
    if (desk.terms() || std::ranges::none_of(windows, is_planned)) return {};
    if (desk.trouble()) return Error(*desk.trouble());
    return Error(ErrorCode::busy, "the daemon has not read the contract's terms yet",
                 "ask again when it has, a moment from now");
}

/// @param desk knows its terms, where a window is planned
Json json_of(const House& house, const Desk& desk, const Desk::OwnWindow& own) {
    Json out = {{"miner", miner_text(own.miner, desk.network().address_prefix)},
                {"standing", standing_name(own.window.standing)},
                {"misses", own.window.misses},
                {"policy", name_of(own.policy)}};
    if (own.window.end == 0) {
        out["state"] = "none";
        return out;
    }
    SlotTimes slot{.slot = own.window.slot, .open = own.window.start, .close = own.window.end};
    const std::uint64_t lead = desk.terms()->round.lead;
    if (lead <= slot.open) slot.target = slot.open - lead;
    out.update(service::json_of(slot, desk.network(), house.head()));
    return out;
}

Json json_of(const House& house, const Desk& desk, const Desk::PlannedWindow& planned) {
    Json out = {{"miner", miner_text(planned.miner, desk.network().address_prefix)}};
    out.update(service::json_of(SlotTimes{.slot = planned.window.slot,
                                          .target = planned.window.target,
                                          .open = planned.window.open,
                                          .close = planned.window.close},
                                desk.network(), house.head()));
    out["staged"] = planned.staged;
    return out;
}

}    // namespace

void add_window_api(rpc::Server& server, House& house) {
    add_method(server, "FilFil.NextWindow", Permission::read, {"miner"},
               [&house](const Params& params, const Session&, const rpc::Reply& reply) -> Result<void> {
                   FILFIL_TRY(const auto named, named_miner(params));
                   FILFIL_TRY(Desk* const desk, house.open_desk());
                   FILFIL_TRY(const auto miners, miners_of(*desk, named));
                   desk->next_windows(miners,
                                      [&house, desk, reply](const Result<std::vector<Desk::OwnWindow>>& windows) {
                                          if (!windows.ok()) return reply(windows.error());
                                          if (auto known = known_terms(*desk, *windows); !known.ok())
                                              return reply(known.error());
                                          Json out = Json::array();
                                          for (const auto& one : *windows) out.push_back(json_of(house, *desk, one));
                                          reply(Json{{"windows", std::move(out)}});
                                      });
                   return {};
               });
    add_method(server, "FilFil.Windows", Permission::read, {"miner", "days"},
               [&house](const Params& params, const Session&, const rpc::Reply& reply) -> Result<void> {
                   FILFIL_TRY(const auto named, named_miner(params));
                   FILFIL_TRY(const auto days, params.integer("days", 1, 366));
                   FILFIL_TRY(Desk* const desk, house.open_desk());
                   FILFIL_TRY(const auto miners, miners_of(*desk, named));
                   const auto head = house.head();
                   if (!head) return Error(ErrorCode::busy, "the daemon has no chain yet", "ask again in a while");
                   constexpr std::int64_t seconds_a_day = 86'400;
                   const auto epochs =
                       days.value_or(14) * seconds_a_day / static_cast<std::int64_t>(desk->network().seconds_per_epoch);
                   desk->windows_until(miners,
                                       static_cast<std::uint64_t>(std::max<std::int64_t>(0, head->value + epochs)),
                                       [&house, desk, reply](const Result<std::vector<Desk::PlannedWindow>>& windows) {
                                           if (!windows.ok()) return reply(windows.error());
                                           Json out = Json::array();
                                           for (const auto& one : *windows) out.push_back(json_of(house, *desk, one));
                                           reply(Json{{"windows", std::move(out)}});
                                       });
                   return {};
               });
    add_method(server, "FilFil.SetSlotPolicy", Permission::admin, {"miner", "policy"},
               [&house](const Params& params, const Session&, const rpc::Reply& reply) -> Result<void> {
                   FILFIL_TRY(const std::string text, params.need_text("miner", 64));
                   const auto miner = miner_number(text);
                   if (!miner.ok()) return wrong_parameter("miner", "is none: " + miner.error().message);
                   FILFIL_TRY(const auto policy, params.text("policy", 32));
                   std::optional<SlotPolicy> wanted;
                   if (policy) {
                       const auto parsed = parse_slot_policy(*policy);
                       if (!parsed.ok()) {
                           Error why = wrong_parameter("policy", "is none: " + parsed.error().message);
                           why.remedy = parsed.error().remedy;
                           return why;
                       }
                       wanted = *parsed;
                   }
                   FILFIL_TRY(Desk* const desk, house.open_desk());
                   desk->policies().set(*miner, wanted, [&house, desk, reply, miner = *miner](const Result<void>& set) {
                       if (!set.ok()) return reply(set.error());
                       Json out = {{"miner", miner_text(miner, desk->network().address_prefix)},
                                   {"policy", name_of(desk->policy_of(miner))}};
                       house.events.publish("slot_policy", out);
                       reply(std::move(out));
                   });
                   return {};
               });
}

}    // namespace filfil::service
