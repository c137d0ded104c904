// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "incentive/log_json.hpp"

namespace filfil::incentive {

/// An event of the contract for people and for other programs: its name, and {"parameter": value} with the parameters
/// by their Solidity names. Numbers of at most 64 bits are numbers, wider ones decimal text; bytes are "0x…"; lists and
/// structs are lists of their items.
struct NamedEvent {
    std::string name;
    rpc::Json fields;
};

/// @return Error::unsupported for a log that is none of this contract's events; corrupt or truncated where its bytes
/// are wrong
Result<NamedEvent> name_event(const EthLog& log);

}    // namespace filfil::incentive
