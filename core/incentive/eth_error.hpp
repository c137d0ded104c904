// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "rpc/client.hpp"

#include <functional>
#include <string>

namespace filfil::incentive {

/// Asks a node one thing: rpc::Client::call, or what wraps it.
using Ask = std::function<void(std::string method, rpc::Json params, rpc::Client::AnswerHandler handler)>;

/// The result of a call of Ethereum's API, or an Error that says in the user's terms what is wrong with the node:
///  - Error::unsupported where it has no such API or has it switched off, or keeps no index or no such old state; with
///    the setting to change in Lotus and Forest,
///  - denied where a token is missing,
///  - not_found for an epoch that is a null round or in the future,
///  - too_large where a range of blocks or the number of logs is above the node's limit,
///  - the contract's own words where it reverted,
///  - else as rpc::Answer::to_result.
Result<rpc::Json> eth_result_of(rpc::Answer answer, const std::string& method);

}    // namespace filfil::incentive
