// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/api.hpp"
#include "service/config_values.hpp"
#include "service/market/deal_json.hpp"
#include "service/market/evidence.hpp"

#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

namespace filfil::service {
namespace {

using rpc::Json;
using rpc::Permission;
using Session = std::shared_ptr<rpc::Session>;

struct Known {
    journal::DealRecord record;
    std::vector<journal::DealStepRecord> steps;
};

Result<std::optional<std::uint64_t>> miner_of(const Params& params) {
    FILFIL_TRY(const auto text, params.text("miner", 64));
    if (!text) return std::optional<std::uint64_t>();
    const auto number = miner_number(*text);
    if (!number.ok()) return wrong_parameter("miner", "is none: " + number.error().message);
    return std::optional(*number);
}

Result<journal::DealFilter> filter_of(const Params& params) {
    journal::DealFilter out;
    FILFIL_TRY(out.miner, miner_of(params));
    FILFIL_TRY(const auto slot, params.integer("slot", 0, std::numeric_limits<std::uint32_t>::max()));
    if (slot) out.slot = static_cast<std::uint64_t>(*slot);
    FILFIL_TRY(const auto open, params.flag("open"));
    out.only_open = open.value_or(false);
    FILFIL_TRY(out.before_id, params.integer("before", 1));
    FILFIL_TRY(const auto limit, params.integer("limit", 1, 1000));
    out.limit = static_cast<std::size_t>(limit.value_or(100));
    return out;
}

/// As it stands in memory, where it is worked on: the journal is a moment behind.
Json json_of(House& house, const Known& known, const node::Profile& network) {
    if (house.deal_book)
        if (const DealEntry* const deal = house.deal_book->find(known.record.id)) return deal_json(house, *deal);
    return deal_json(known.record, times_of(known.steps), network, std::nullopt);
}

void list_deals(House& house, const Desk& desk, const journal::DealFilter& filter, const rpc::Reply& reply) {
    house.queue->run(
        [journal = house.journal, filter]() -> Result<std::vector<Known>> {
            FILFIL_TRY(const auto records, journal->deals(filter));
            std::vector<Known> out;
            for (const journal::DealRecord& record : records) {
                FILFIL_TRY(auto steps, journal->deal_steps(record.id));
                out.push_back({record, std::move(steps)});
            }
            return out;
        },
        [&house, reply, network = desk.network()](const Result<std::vector<Known>>& known) {
            if (!known.ok()) return reply(known.error());
            Json out = Json::array();
            for (const Known& one : *known) out.push_back(json_of(house, one, network));
            reply(Json{{"deals", std::move(out)}});
        });
}

void tell_deal(House& house, const Desk& desk, std::int64_t id, const rpc::Reply& reply) {
    house.queue->run(
        [journal = house.journal, id]() -> Result<Known> {
            FILFIL_TRY(const auto record, journal->deal(id));
            if (!record)
                return Error(ErrorCode::not_found, "there is no deal " + std::to_string(id),
                             "FilFil.Deals lists those there are");
            FILFIL_TRY(auto steps, journal->deal_steps(id));
            return Known{*record, std::move(steps)};
        },
        [&house, reply, network = desk.network()](const Result<Known>& known) {
            if (!known.ok()) return reply(known.error());
            Json out = json_of(house, *known, network);
            out["steps"] = Json::array();
            for (const journal::DealStepRecord& step : known->steps) out["steps"].push_back(step_json(step));
            reply(std::move(out));
        });
}

}    // namespace

void add_deal_api(rpc::Server& server, House& house) {
    add_method(server, "FilFil.Store", Permission::admin, {"epoch", "miner"},
               [&house](const Params& params, const Session&, const rpc::Reply& reply) -> Result<void> {
                   FILFIL_TRY(const std::int64_t epoch, params.need_integer("epoch"));
                   FILFIL_TRY(const auto miner, miner_of(params));
                   FILFIL_TRY(DealKeeper* const deals, house.open_deals());
                   std::vector<std::uint64_t> miners = house.desk->miners();
                   if (miner) {
                       if (std::ranges::find(miners, *miner) == miners.end())
                           return wrong_parameter("miner", "is none of incentive.miners");
                       miners = {*miner};
                   }
                   if (miners.empty())
                       return Error(ErrorCode::invalid_argument, "no storage provider is set",
                                    "set incentive.miners to your own");
                   deals->store(std::move(miners), Epoch{epoch}, [reply](const Result<std::vector<std::int64_t>>& ids) {
                       if (!ids.ok()) return reply(ids.error());
                       reply(Json{{"deals", *ids}});
                   });
                   return {};
               });
    add_method(server, "FilFil.Deals", Permission::read, {"miner", "slot", "open", "before", "limit"},
               [&house](const Params& params, const Session&, const rpc::Reply& reply) -> Result<void> {
                   FILFIL_TRY(const journal::DealFilter filter, filter_of(params));
                   FILFIL_TRY(const Desk* const desk, house.open_desk());
                   list_deals(house, *desk, filter, reply);
                   return {};
               });
    add_method(server, "FilFil.Deal", Permission::read, {"id"},
               [&house](const Params& params, const Session&, const rpc::Reply& reply) -> Result<void> {
                   FILFIL_TRY(const std::int64_t id, params.need_integer("id", 1));
                   FILFIL_TRY(const Desk* const desk, house.open_desk());
                   tell_deal(house, *desk, id, reply);
                   return {};
               });
    add_method(server, "FilFil.RetryDeal", Permission::admin, {"id"},
               [&house](const Params& params, const Session&, const rpc::Reply& reply) -> Result<void> {
                   FILFIL_TRY(const std::int64_t id, params.need_integer("id", 1));
                   FILFIL_TRY(DealKeeper* const deals, house.open_deals());
                   deals->retry(id, [reply](const Result<std::int64_t>& goes_on) {
                       if (!goes_on.ok()) return reply(goes_on.error());
                       reply(Json{{"deal", *goes_on}});
                   });
                   return {};
               });
    add_method(server, "FilFil.CancelDeal", Permission::admin, {"id"},
               [&house](const Params& params, const Session&, const rpc::Reply& reply) -> Result<void> {
                   FILFIL_TRY(const std::int64_t id, params.need_integer("id", 1));
                   FILFIL_TRY(DealKeeper* const deals, house.open_deals());
                   deals->cancel(id, [reply](const Result<void>& cancelled) {
                       if (!cancelled.ok()) return reply(cancelled.error());
                       reply(Json::object());
                   });
                   return {};
               });
    add_method(server, "FilFil.ExportDeal", Permission::read, {"id"},
               [&house](const Params& params, const Session&, const rpc::Reply& reply) -> Result<void> {
                   FILFIL_TRY(const std::int64_t id, params.need_integer("id", 1));
                   FILFIL_CHECK(house.open_desk());
                   gather_evidence(house, id, [reply](Result<Json> bundle) {
                       if (!bundle.ok()) return reply(std::move(bundle).error());
                       reply(*std::move(bundle));
                   });
                   return {};
               });
}

}    // namespace filfil::service
