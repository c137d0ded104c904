// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "incentive/contract_abi.hpp"
#include "service/api_params.hpp"
#include "snapshot/recipe.hpp"

#include <string>
#include <vector>

namespace filfil::service {

/// How the contract's parameters are called in the API.
const std::vector<std::string>& contract_param_names();

/// Puts those that are given into `out`. @param recipe what "recipe": "settings" means; else it is a hash in
/// hexadecimal digits. @return Error::invalid_argument names the parameter; whether they fit together, the contract
/// says
Result<void> put_contract_params(const Params& given, const snapshot::Recipe& recipe, incentive::contract::Params& out);

/// All of them by their names; money as text in attoFIL.
rpc::Json json_of(const incentive::contract::Params& params);

/// The hash of a recipe as the contract has it.
std::array<std::byte, 32> recipe_word(const snapshot::Recipe& recipe);

}    // namespace filfil::service
