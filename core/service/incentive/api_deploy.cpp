// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "incentive/fil_text.hpp"
#include "ipld/blake2b.hpp"
#include "service/api.hpp"
#include "service/incentive/contract_params.hpp"
#include "service/incentive/spending.hpp"

#include <utility>
#include <vector>

namespace filfil::service {
namespace {

using rpc::Json;
using rpc::Permission;
using Session = std::shared_ptr<rpc::Session>;

/// What a fresh contract begins with where nothing else is said: a slot a day, two providers each.
contract::Params default_params(const House& house) {
    contract::Params out;
    out.slot_length = 2880;
    out.window_length = 2880;
    out.lead = 1800;
    out.replicas = 2;
    out.max_providers = 64;
    out.max_misses = 3;
    out.dispute_at = 3;
    out.min_term = 518'400;    // 180 days: what the built-in market and Curio ask of a deal at least
    out.upfront = 3000;
    out.slash = 2000;
    out.bounty = 5000;
    out.bond_step = 16;
    out.bond = incentive::U256(10 * incentive::atto_a_fil);
    out.min_power = incentive::U256(std::uint64_t{10} << 40);
    out.reward_cap = incentive::U256(10 * incentive::atto_a_fil);
    out.recipe = recipe_word(house.recipe());
    return out;
}

Result<contract::Params> read_params(const House& house, const Params& params) {
    contract::Params out = default_params(house);
    FILFIL_CHECK(put_contract_params(params, house.recipe(), out));
    return out;
}

Result<incentive::EthAddress> role_of(const Params& params, std::string_view name,
                                      const incentive::EthAddress& fallback) {
    FILFIL_TRY(const auto text, params.text(name, 128));
    if (!text) return fallback;
    const auto address = incentive::EthAddress::parse_any(*text);
    if (!address.ok()) return wrong_parameter(name, "is none: " + address.error().text());
    return *address;
}

}    // namespace

void add_deploy_api(rpc::Server& server, House& house) {
    std::vector<std::string> names = contract_param_names();
    names.insert(names.end(), {"owner", "operator", "guardian"});
    add_method(server, "FilFil.DeployContract", Permission::admin, std::move(names),
               [&house](const Params& params, const Session&, const rpc::Reply& reply) -> Result<void> {
                   contract::Constructor input;
                   FILFIL_TRY(input.first, read_params(house, params));
                   if (house.till == nullptr)
                       return Error(ErrorCode::busy, "the chain is not loaded yet: " + house.stage,
                                    "ask again when FilFil.Status says more");
                   FILFIL_TRY(const incentive::EthAddress self, house.till->address());
                   FILFIL_TRY(input.owner_, role_of(params, "owner", self));
                   FILFIL_TRY(input.operator_, role_of(params, "operator", self));
                   FILFIL_TRY(input.guardian_, role_of(params, "guardian", self));
                   const ByteView made = contract::creation_code();
                   Bytes code(made.begin(), made.end());
                   if (code.empty())
                       return Error(ErrorCode::unsupported, "this build has no compiled contract in it",
                                    "build with resources/contracts/FilFil.json");
                   FILFIL_TRY(const Bytes arguments, incentive::write_abi(contract::Constructor::inputs, input));
                   code.insert(code.end(), arguments.begin(), arguments.end());
                   // The same roles and parameters once more are the same contract.
                   const auto name = ipld::blake2b_256(code);
                   incentive::SendOrder order{.key = "deploy/" + to_hex(std::as_bytes(std::span(name))),
                                              .title = "deploy a contract",
                                              .call = {.to = {}, .value = {}, .data = std::move(code)}};
                   Json about = {{"owner", input.owner_.text()},
                                 {"operator", input.operator_.text()},
                                 {"guardian", input.guardian_.text()},
                                 {"recipe", to_hex(input.first.recipe)}};
                   start_spending(house, {{"method", "FilFil.DeployContract"}}, reply,
                                  [&house, order, about](const std::shared_ptr<SpendingJob>& job) {
                                      send_and_end(house, job, order, about);
                                  });
                   return {};
               });
}

}    // namespace filfil::service
