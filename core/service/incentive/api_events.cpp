// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/api.hpp"
#include "service/config_values.hpp"
#include "service/incentive/event_book.hpp"

#include <limits>
#include <utility>

namespace filfil::service {
namespace {

using rpc::Json;
using Session = std::shared_ptr<rpc::Session>;

Result<journal::EventFilter> filter_of(const Params& params) {
    journal::EventFilter out;
    FILFIL_TRY(out.name, params.text("name", 64));
    FILFIL_TRY(const auto miner, params.text("miner", 64));
    if (miner) {
        const auto number = miner_number(*miner);
        if (!number.ok()) return wrong_parameter("miner", "is none: " + number.error().message);
        out.miner = *number;
    }
    FILFIL_TRY(const auto slot, params.integer("slot", 0, std::numeric_limits<std::uint32_t>::max()));
    if (slot) out.slot = static_cast<std::uint64_t>(*slot);
    FILFIL_TRY(const auto epoch, params.integer("before_epoch"));
    FILFIL_TRY(const auto index, params.integer("before_index"));
    if (index && !epoch) return wrong_parameter("before_index", "stands without before_epoch");
    if (epoch)
        out.before =
            journal::EventPlace{static_cast<std::uint64_t>(*epoch), static_cast<std::uint64_t>(index.value_or(0))};
    FILFIL_TRY(const auto limit, params.integer("limit", 1, 1000));
    out.limit = static_cast<std::size_t>(limit.value_or(100));
    return out;
}

}    // namespace

void add_contract_event_api(rpc::Server& server, House& house) {
    add_method(server, "FilFil.ContractEvents", rpc::Permission::read,
               {"name", "miner", "slot", "before_epoch", "before_index", "limit"},
               [&house](const Params& params, const Session&, const rpc::Reply& reply) -> Result<void> {
                   FILFIL_TRY(const journal::EventFilter filter, filter_of(params));
                   FILFIL_CHECK(house.open_desk());
                   house.contract_events->list(filter,
                                               [&house, reply](const Result<std::vector<journal::EventRecord>>& found) {
                                                   if (!found.ok()) return reply(found.error());
                                                   Json out = house.contract_events->state();
                                                   out["events"] = Json::array();
                                                   for (const journal::EventRecord& event : *found)
                                                       out["events"].push_back(house.contract_events->json_of(event));
                                                   reply(std::move(out));
                                               });
                   return {};
               });
}

}    // namespace filfil::service
