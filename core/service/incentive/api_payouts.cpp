// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/api.hpp"
#include "service/config_values.hpp"
#include "service/incentive/desk.hpp"
#include "service/incentive/gather.hpp"
#include "service/incentive/slot_json.hpp"

#include <map>
#include <utility>

namespace filfil::service {
namespace {

using rpc::Json;
using rpc::Permission;
using Session = std::shared_ptr<rpc::Session>;

/// Slots that are looked through for what a miner holds, the last staged first.
constexpr std::uint64_t most_slots = 100;
constexpr std::uint64_t most_holders = 1000;

Json json_of(const contract::Holder& one, std::uint32_t slot, const node::Profile& network) {
    return {{"slot", slot},
            {"round", slot >> 16},
            {"index", slot & 0xffff},
            {"piece", one.piece & 0x7f},
            {"alternative", (one.piece & 0x80) != 0},
            {"state", held_name(one.state)},
            {"sector", one.sector},
            {"until_epoch", one.until},
            {"until_time", time_json(network, one.until)},
            {"paid", one.paid.text()},
            {"share", one.share.text()}};
}

/// What each of `miners` has of the slots, which are asked side by side.
void holdings_of(Desk& desk, std::vector<std::uint64_t> miners, std::vector<std::uint32_t> slots,
                 Desk::Handler<std::map<std::uint64_t, Json>> handler) {
    gather<calls::Holders::Output>(
        slots.size(),
        [&desk, &slots](std::size_t i, const Desk::Handler<calls::Holders::Output>& one) {
            desk.read<calls::Holders>({.slot = slots[i], .from = 0, .count = most_holders}, one);
        },
        [&desk, miners = std::move(miners), slots,
         handler = std::move(handler)](const Result<std::vector<calls::Holders::Output>>& all) {
            if (!all.ok()) return handler(all.error());
            std::map<std::uint64_t, Json> out;
            for (const std::uint64_t miner : miners) out[miner] = Json::array();
            for (std::size_t i = 0; i < slots.size(); ++i)
                for (const contract::Holder& one : (*all)[i].value)
                    if (const auto found = out.find(one.miner); found != out.end())
                        found->second.push_back(json_of(one, slots[i], desk.network()));
            handler(std::move(out));
        });
}

void tell_payouts(Desk& desk, const std::vector<std::uint64_t>& miners, const rpc::Reply& reply) {
    desk.read<calls::Latest>(
        {.count = most_slots}, [&desk, miners, reply](const Result<calls::Latest::Output>& latest) {
            if (!latest.ok()) return reply(latest.error());
            holdings_of(desk, miners, latest->slots,
                        [&desk, miners, reply](const Result<std::map<std::uint64_t, Json>>& holdings) {
                            if (!holdings.ok()) return reply(holdings.error());
                            gather<calls::Provider::Output>(
                                miners.size(),
                                [&desk, &miners](std::size_t i, const Desk::Handler<calls::Provider::Output>& one) {
                                    desk.read<calls::Provider>({.miner = miners[i]}, one);
                                },
                                [&desk, miners, reply,
                                 holdings = *holdings](const Result<std::vector<calls::Provider::Output>>& all) {
                                    if (!all.ok()) return reply(all.error());
                                    Json out = Json::array();
                                    for (std::size_t i = 0; i < miners.size(); ++i) {
                                        const calls::Provider::Output& one = (*all)[i];
                                        out.push_back({{"miner", miner_text(miners[i], desk.network().address_prefix)},
                                                       {"standing", standing_name(one.standing)},
                                                       {"misses", one.misses},
                                                       {"bond", one.bond.text()},
                                                       {"credit", one.earned.text()},
                                                       {"holdings", holdings.at(miners[i])}});
                                    }
                                    reply(Json{{"payouts", std::move(out)}});
                                });
                        });
        });
}

}    // namespace

void add_payout_api(rpc::Server& server, House& house) {
    add_method(server, "FilFil.Payouts", Permission::read, {"miner"},
               [&house](const Params& params, const Session&, const rpc::Reply& reply) -> Result<void> {
                   FILFIL_TRY(const auto text, params.text("miner", 64));
                   std::vector<std::uint64_t> miners;
                   if (text) {
                       const auto miner = miner_number(*text);
                       if (!miner.ok()) return wrong_parameter("miner", "is none: " + miner.error().message);
                       miners.push_back(*miner);
                   }
                   FILFIL_TRY(Desk* const desk, house.open_desk());
                   if (miners.empty()) miners = desk->miners();
                   if (miners.empty())
                       return Error(ErrorCode::invalid_argument, "no storage provider is named",
                                    "name one, or set incentive.miners to your own");
                   tell_payouts(*desk, miners, reply);
                   return {};
               });
}

}    // namespace filfil::service
