// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/incentive/miner_params.hpp"

#include "service/config_values.hpp"

namespace filfil::service {

Result<std::optional<std::uint64_t>> read_miner(const Params& params) {
    FILFIL_TRY(const auto text, params.text("miner", 64));
    if (!text) return std::optional<std::uint64_t>();
    const auto miner = miner_number(*text);
    if (!miner.ok()) return wrong_parameter("miner", "is none: " + miner.error().message);
    return std::optional(*miner);
}

Result<std::vector<std::uint64_t>> named_or_own(const Desk& desk, std::optional<std::uint64_t> miner) {
    if (miner) return std::vector{*miner};
    if (!desk.miners().empty()) return desk.miners();
    return Error(ErrorCode::invalid_argument, "no storage provider is named",
                 "name one, or set incentive.miners to your own");
}

}    // namespace filfil::service
