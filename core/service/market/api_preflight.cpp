// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/api.hpp"
#include "service/incentive/endpoint_url.hpp"
#include "service/incentive/gather.hpp"
#include "service/incentive/miner_params.hpp"
#include "service/market/piece_search.hpp"
#include "service/market/preflight_run.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace filfil::service {
namespace {

using rpc::Json;
using rpc::Permission;
using Session = std::shared_ptr<rpc::Session>;

/// The same node and the same market are asked for each.
constexpr std::size_t miners_at_once = 16;

Result<std::optional<std::uint64_t>> epoch_of(const Params& params) {
    FILFIL_TRY(const auto epoch, params.integer("epoch"));
    if (!epoch) return std::optional<std::uint64_t>();
    return std::optional(static_cast<std::uint64_t>(*epoch));
}

void answer_preflight(House& house, Desk& desk, const std::vector<std::uint64_t>& miners,
                      std::optional<std::uint64_t> epoch, const rpc::Reply& reply) {
    const auto all = std::make_shared<const std::vector<std::uint64_t>>(miners);
    gather_by<MinerPreflight>(
        miners_at_once, all->size(),
        [&house, &desk, all, epoch](std::size_t i, const Desk::Handler<MinerPreflight>& one) {
            run_preflight(house, desk, (*all)[i], epoch, one);
        },
        [&house, &desk, reply](const Result<std::vector<MinerPreflight>>& found) {
            if (!found.ok()) return reply(found.error());
            Json out = {{"ready", std::ranges::all_of(*found, &MinerPreflight::ready)}, {"miners", Json::array()}};
            for (const MinerPreflight& one : *found)
                out["miners"].push_back(json_of(one, desk.network(), house.head()));
            reply(std::move(out));
        });
}

}    // namespace

void add_preflight_api(rpc::Server& server, House& house) {
    add_method(server, "FilFil.Preflight", Permission::read, {"miner", "epoch"},
               [&house](const Params& params, const Session&, const rpc::Reply& reply) -> Result<void> {
                   FILFIL_TRY(const auto miner, read_miner(params));
                   FILFIL_TRY(const auto epoch, epoch_of(params));
                   FILFIL_TRY(Desk* const desk, house.open_desk());
                   FILFIL_TRY(const auto miners, named_or_own(*desk, miner));
                   answer_preflight(house, *desk, miners, epoch, reply);
                   return {};
               });
    add_method(server, "FilFil.ComparePieces", Permission::admin, {"epoch", "from"},
               [&house](const Params& params, const Session&, const rpc::Reply& reply) -> Result<void> {
                   PieceSearch search;
                   FILFIL_TRY(search.epoch, epoch_of(params));
                   FILFIL_TRY(const auto from, params.text("from"));
                   if (from) {
                       search.from = read_endpoint(*from);
                       if (!search.from)
                           return wrong_parameter("from",
                                                  "is no http or https URL of a retrieval server, as "
                                                  "\"http://sp.example:5347\"");
                   }
                   FILFIL_TRY(Desk* const desk, house.open_desk());
                   if (!search.epoch && desk->miners().empty())
                       return Error(ErrorCode::invalid_argument,
                                    "neither an epoch nor an own storage provider is named",
                                    "name the snapshot's epoch, or set incentive.miners to your own");
                   FILFIL_TRY(const std::uint64_t job, start_piece_search(house, *desk, search));
                   reply(Json{{"job", job}});
                   return {};
               });
}

}    // namespace filfil::service
