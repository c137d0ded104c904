// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "incentive/gas.hpp"
#include "incentive/keccak.hpp"
#include "service/api.hpp"
#include "service/incentive/endpoint_url.hpp"
#include "service/incentive/miner_params.hpp"
#include "service/incentive/reputation_book.hpp"
#include "service/incentive/slot_json.hpp"
#include "service/incentive/spending.hpp"

#include <algorithm>
#include <utility>

namespace filfil::service {
namespace {

using rpc::Json;
using rpc::Permission;
using Session = std::shared_ptr<rpc::Session>;
using JobPtr = std::shared_ptr<SpendingJob>;
using Known = std::shared_ptr<const Reputation>;

std::uint64_t epoch_now(const House& house) {
    const auto head = house.head();
    return static_cast<std::uint64_t>(head ? std::max<std::int64_t>(0, head->value) : 0);
}

/// What a miner announced last; nothing where it never did.
std::optional<std::string> announced_by(const Reputation& reputation, std::uint64_t miner) {
    const auto record = reputation.record(miner, 0);
    return record ? record->endpoint : std::nullopt;
}

Json endpoint_json(std::uint64_t miner, const std::optional<std::string>& url, const node::Profile& network) {
    const auto read = url ? read_endpoint(*url) : std::nullopt;
    Json out = {{"miner", miner_text(miner, network.address_prefix)},
                {"url", url ? Json(*url) : Json(nullptr)},
                {"endpoint", read ? Json(read->base) : Json(nullptr)},
                {"region", nullptr}};
    if (read && read->region) out["region"] = *read->region;
    return out;
}

// --------------------------------------------------------------------------------------------------- announcing

struct Announcement {
    std::uint64_t miner = 0;
    std::string url;
    bool dry_run = false;
};

void send_announcement(House& house, Desk& desk, const Announcement& wanted, Json about, const JobPtr& job) {
    const Bytes hash = [&] {
        const auto whole = incentive::keccak_256(bytes_of(wanted.url));
        return Bytes(whole.begin(), whole.begin() + 8);
    }();
    const std::string key = std::to_string(wanted.miner) + "/" + to_hex(hash) + "/";
    auto order = order_of<calls::SetEndpoint>(
        desk, key + epoch_text(house),
        "announce where " + miner_text(wanted.miner, desk.network().address_prefix) + " serves its snapshots",
        {.miner = wanted.miner, .url = wanted.url});
    if (!order.ok()) return job->end(order.error());
    if (!wanted.dry_run)
        return send_again_and_end(house, job, key_start<calls::SetEndpoint>(desk) + key, *std::move(order),
                                  std::move(about));
    const auto address = house.till->address();
    if (!address.ok()) return job->end(address.error());
    incentive::estimate_fees(*house.eth, *address, order->call, {}, {},
                             [job, about = std::move(about)](const Result<incentive::Fees>& fees) mutable {
                                 if (!fees.ok()) return job->end(fees.error());
                                 about["gas"] = fees->gas_limit;
                                 about["cost"] = likely_fees(*fees).text();
                                 job->end(std::move(about));
                             });
}

void announce(House& house, Desk& desk, const Announcement& wanted, const JobPtr& job) {
    job->set_stage("looking at the contract");
    house.reputation->read([&house, &desk, wanted, job](const Result<Known>& known) {
        if (job->ended()) return;
        if (!known.ok()) return job->end(known.error());
        Json about = endpoint_json(wanted.miner, wanted.url, desk.network());
        about["dry_run"] = wanted.dry_run;
        const bool already =
            house.contract_events->state()["caught_up"] == true && announced_by(**known, wanted.miner) == wanted.url;
        about["already_so"] = already;
        if (already) return job->end(std::move(about));
        send_announcement(house, desk, wanted, std::move(about), job);
    });
}

Result<void> start_announcing(House& house, const Params& params, const rpc::Reply& reply) {
    Announcement wanted;
    FILFIL_TRY(const std::string url, params.need_text("url", 1024));
    FILFIL_TRY(const auto region, params.text("region", 64));
    FILFIL_TRY(const auto miner, read_miner(params));
    FILFIL_TRY(const auto dry_run, params.flag("dry_run"));
    auto text = endpoint_to_announce(url, region);
    if (!text.ok()) return std::move(text).error();
    wanted.url = *std::move(text);
    wanted.dry_run = dry_run.value_or(false);
    FILFIL_TRY(Desk* const desk, house.open_desk());
    FILFIL_TRY(const auto miners, named_or_own(*desk, miner));
    if (miners.size() != 1)
        return Error(ErrorCode::invalid_argument, "more than one storage provider is set, and each announces its own",
                     "name the one whose endpoint it is");
    wanted.miner = miners.front();
    FILFIL_TRY([[maybe_unused]] const auto sender, house.till->address());
    start_spending(house,
                   {{"method", "FilFil.SetEndpoint"},
                    {"miner", miner_text(wanted.miner, desk->network().address_prefix)},
                    {"url", wanted.url},
                    {"dry_run", wanted.dry_run}},
                   reply, [&house, desk, wanted](const JobPtr& job) { announce(house, *desk, wanted, job); });
    return {};
}

}    // namespace

void add_reputation_api(rpc::Server& server, House& house) {
    add_method(server, "FilFil.Reputation", Permission::read, {"miner"},
               [&house](const Params& params, const Session&, const rpc::Reply& reply) -> Result<void> {
                   FILFIL_TRY(const auto miner, read_miner(params));
                   FILFIL_TRY(Desk* const desk, house.open_desk());
                   house.reputation->read([&house, desk, miner, reply](const Result<Known>& known) {
                       if (!known.ok()) return reply(known.error());
                       Json out = house.contract_events->state();
                       out["providers"] = Json::array();
                       for (const ProviderRecord& record : (*known)->records(epoch_now(house)))
                           if (!miner || record.miner == *miner)
                               out["providers"].push_back(json_of(record, desk->network()));
                       reply(std::move(out));
                   });
                   return {};
               });
    add_method(server, "FilFil.Endpoints", Permission::read, {"miner"},
               [&house](const Params& params, const Session&, const rpc::Reply& reply) -> Result<void> {
                   FILFIL_TRY(const auto miner, read_miner(params));
                   FILFIL_TRY(Desk* const desk, house.open_desk());
                   FILFIL_TRY(const auto miners, named_or_own(*desk, miner));
                   house.reputation->read([&house, desk, miners, reply](const Result<Known>& known) {
                       if (!known.ok()) return reply(known.error());
                       Json out = house.contract_events->state();
                       out["endpoints"] = Json::array();
                       for (const std::uint64_t one : miners)
                           out["endpoints"].push_back(endpoint_json(one, announced_by(**known, one), desk->network()));
                       reply(std::move(out));
                   });
                   return {};
               });
    add_method(server, "FilFil.SetEndpoint", Permission::admin, {"miner", "url", "region", "dry_run"},
               [&house](const Params& params, const Session&, const rpc::Reply& reply) -> Result<void> {
                   return start_announcing(house, params, reply);
               });
}

}    // namespace filfil::service
