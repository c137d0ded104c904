// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/api.hpp"
#include "service/config_values.hpp"
#include "service/house.hpp"
#include "service/incentive/claiming.hpp"
#include "service/incentive/gather.hpp"
#include "service/incentive/slot_json.hpp"

#include <algorithm>
#include <utility>

namespace filfil::service {
namespace {

using rpc::Json;
using rpc::Permission;
using Session = std::shared_ptr<rpc::Session>;

/// Those that are named, or all own ones.
Result<std::vector<std::uint64_t>> miners_named(const Desk& desk, const std::vector<std::string>& names) {
    std::vector<std::uint64_t> out;
    for (const std::string& name : names) {
        const auto miner = miner_number(name);
        if (!miner.ok()) return wrong_parameter("miner", "is none: " + miner.error().message);
        if (std::ranges::find(out, *miner) == out.end()) out.push_back(*miner);
    }
    if (out.empty()) out = desk.miners();
    if (out.empty())
        return Error(ErrorCode::invalid_argument, "no storage provider is named",
                     "name one, or set incentive.miners to your own");
    return out;
}

Json json_of(const calls::Provider::Output& provider, std::uint64_t miner, const std::vector<HeldPiece>& held,
             const node::Profile& network) {
    Json pieces = Json::array();
    for (const HeldPiece& one : held)
        if (one.holder.miner == miner) pieces.push_back(service::json_of(one, network));
    return {{"miner", miner_text(miner, network.address_prefix)},
            {"standing", standing_name(provider.standing)},
            {"misses", provider.misses},
            {"bond", provider.bond.text()},
            {"credit", provider.earned.text()},
            {"holdings", std::move(pieces)}};
}

void tell_payouts(House& house, Desk& desk, const std::vector<std::uint64_t>& miners, const rpc::Reply& reply) {
    house.holdings->find(miners, [&desk, miners, reply](const Result<std::vector<HeldPiece>>& held) {
        if (!held.ok()) return reply(held.error());
        gather<calls::Provider::Output>(
            miners.size(),
            [&desk, &miners](std::size_t i, const Desk::Handler<calls::Provider::Output>& one) {
                desk.read<calls::Provider>({.miner = miners[i]}, one);
            },
            [&desk, miners, reply, held = *held](const Result<std::vector<calls::Provider::Output>>& all) {
                if (!all.ok()) return reply(all.error());
                Json out = Json::array();
                for (std::size_t i = 0; i < miners.size(); ++i)
                    out.push_back(json_of((*all)[i], miners[i], held, desk.network()));
                reply(Json{{"payouts", std::move(out)}});
            });
    });
}

}    // namespace

void add_payout_api(rpc::Server& server, House& house) {
    add_method(server, "FilFil.Payouts", Permission::read, {"miner"},
               [&house](const Params& params, const Session&, const rpc::Reply& reply) -> Result<void> {
                   FILFIL_TRY(const auto text, params.text("miner", 64));
                   FILFIL_TRY(Desk* const desk, house.open_desk());
                   FILFIL_TRY(const auto miners,
                              miners_named(*desk, text ? std::vector{*text} : std::vector<std::string>()));
                   tell_payouts(house, *desk, miners, reply);
                   return {};
               });
    add_method(server, "FilFil.Claim", Permission::admin, {"miners", "all", "dry_run"},
               [&house](const Params& params, const Session&, const rpc::Reply& reply) -> Result<void> {
                   ClaimWanted wanted;
                   FILFIL_TRY(const auto names, params.texts("miners"));
                   FILFIL_TRY(const auto all, params.flag("all"));
                   FILFIL_TRY(const auto dry_run, params.flag("dry_run"));
                   wanted.all = all.value_or(false);
                   wanted.dry_run = dry_run.value_or(false);
                   FILFIL_TRY(Desk* const desk, house.open_desk());
                   FILFIL_TRY(wanted.miners, miners_named(*desk, names.value_or(std::vector<std::string>())));
                   // To look costs nothing, so nobody needs a wallet for it.
                   if (!wanted.dry_run) {
                       FILFIL_TRY([[maybe_unused]] const auto sender, house.till->address());
                   }
                   Json about = {{"method", "FilFil.Claim"}, {"dry_run", wanted.dry_run}, {"miners", Json::array()}};
                   for (const std::uint64_t miner : wanted.miners)
                       about["miners"].push_back(miner_text(miner, desk->network().address_prefix));
                   start_spending(
                       house, std::move(about), reply,
                       [&house, wanted](const std::shared_ptr<SpendingJob>& job) { claim(house, wanted, job); });
                   return {};
               });
}

}    // namespace filfil::service
