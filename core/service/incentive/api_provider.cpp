// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "incentive/fil_text.hpp"
#include "service/api.hpp"
#include "service/config_values.hpp"
#include "service/incentive/slot_json.hpp"
#include "service/incentive/spending.hpp"

#include <optional>
#include <string>
#include <utility>

namespace filfil::service {
namespace {

using rpc::Json;
using rpc::Permission;
using Session = std::shared_ptr<rpc::Session>;
using JobPtr = std::shared_ptr<SpendingJob>;

Result<std::uint64_t> need_miner(const Params& params) {
    FILFIL_TRY(const std::string text, params.need_text("miner", 64));
    auto miner = miner_number(text);
    if (!miner.ok()) return wrong_parameter("miner", "is none: " + miner.error().message);
    return miner;
}

Json about(const Desk& desk, std::uint64_t miner) {
    return {{"miner", miner_text(miner, desk.network().address_prefix)}};
}

/// The key of what is under way for the same miner: it was begun when the bond may have been another.
std::optional<std::string> begun_before(const House& house, const std::string& key) {
    for (const incentive::SendInfo& info : house.till->list())
        if (info.key == key || info.key.starts_with(key + "/")) return info.key;
    return std::nullopt;
}

void send_registration(House& house, Desk& desk, std::uint64_t miner, bool registered, const incentive::U256& bond,
                       const JobPtr& job) {
    auto order = order_of<calls::Register>(
        desk, std::to_string(miner), "register " + miner_text(miner) + " with a bond of " + incentive::format_fil(bond),
        {.miner = miner}, bond);
    if (!order.ok()) return job->end(order.error());
    Json told = about(desk, miner);
    told["bond"] = bond.text();
    if (const auto begun = begun_before(house, order->key))
        return send_again_and_end(house, job, *begun, *std::move(order), std::move(told));
    // Who is registered is told so by the try; who left and took its bond registers anew.
    if (registered) return send_and_end(house, job, *std::move(order), std::move(told));
    send_anew_and_end(house, job, *std::move(order), std::move(told));
}

/// Reads how the miner stands, and what a bond costs now; of who is registered it is what it has given.
void register_miner(House& house, Desk& desk, std::uint64_t miner, const JobPtr& job) {
    job->set_stage("looking at the contract");
    desk.read<calls::Provider>(
        {.miner = miner}, [&house, &desk, miner, job](const Result<calls::Provider::Output>& provider) {
            if (!provider.ok()) return job->end(provider.error());
            if (provider->standing != 0) return send_registration(house, desk, miner, true, provider->bond, job);
            desk.read<calls::BondNow>({}, [&house, &desk, miner, job](const Result<calls::BondNow::Output>& bond) {
                if (!bond.ok()) return job->end(bond.error());
                send_registration(house, desk, miner, false, bond->value, job);
            });
        });
}

void exit_miner(House& house, Desk& desk, std::uint64_t miner, const JobPtr& job) {
    job->set_stage("looking at the contract");
    desk.read<calls::Provider>({.miner = miner}, [&house, &desk, miner,
                                                  job](const Result<calls::Provider::Output>& provider) {
        if (!provider.ok()) return job->end(provider.error());
        auto order = order_of<calls::Exit>(desk, std::to_string(miner) + "/" + std::to_string(provider->first_round),
                                           "let " + miner_text(miner) + " leave", {.miner = miner});
        if (!order.ok()) return job->end(order.error());
        send_and_end(house, job, *std::move(order), about(desk, miner));
    });
}

using Begin = void (*)(House&, Desk&, std::uint64_t, const JobPtr&);

void add_spending(rpc::Server& server, House& house, std::string name, Begin begin) {
    add_method(server, name, Permission::admin, {"miner"},
               [&house, name, begin](const Params& params, const Session&, const rpc::Reply& reply) -> Result<void> {
                   FILFIL_TRY(const std::uint64_t miner, need_miner(params));
                   FILFIL_TRY(Desk* const desk, house.open_desk());
                   FILFIL_TRY([[maybe_unused]] const auto sender, house.till->address());
                   start_spending(
                       house, {{"method", name}, {"miner", miner_text(miner, desk->network().address_prefix)}}, reply,
                       [&house, desk, miner, begin](const JobPtr& job) { begin(house, *desk, miner, job); });
                   return {};
               });
}

}    // namespace

void add_provider_api(rpc::Server& server, House& house) {
    add_spending(server, house, "FilFil.Register", register_miner);
    add_spending(server, house, "FilFil.Exit", exit_miner);
    add_method(server, "FilFil.Transactions", Permission::read, {},
               [&house](const Params&, const Session&, const rpc::Reply& reply) -> Result<void> {
                   if (house.till == nullptr) {
                       FILFIL_TRY([[maybe_unused]] Desk* const desk, house.open_desk());
                   }
                   Json out = Json::array();
                   for (const incentive::SendInfo& info : house.till->list()) out.push_back(json_of(info));
                   const auto& balance = house.till->balance();
                   reply(Json{{"wallet", house.till->name()},
                              {"balance", balance ? Json(balance->text()) : Json(nullptr)},
                              {"transactions", std::move(out)}});
                   return {};
               });
}

}    // namespace filfil::service
