// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "service/api_params.hpp"
#include "service/incentive/desk.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace filfil::service {

/// The parameter "miner": a storage provider's actor.
Result<std::optional<std::uint64_t>> read_miner(const Params& params);

/// The one that is named, or all own ones. @return Error::invalid_argument where that is nobody
Result<std::vector<std::uint64_t>> named_or_own(const Desk& desk, std::optional<std::uint64_t> miner);

}    // namespace filfil::service
