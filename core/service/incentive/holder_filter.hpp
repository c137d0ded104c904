// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "node/profile.hpp"
#include "rpc/json.hpp"
#include "service/api_params.hpp"
#include "service/incentive/endpoint_url.hpp"
#include "service/incentive/piece_steps.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace filfil::service {

/// A piece's holder, and what else is known of it.
struct HolderFacts {
    contract::Holder holder{};
    std::optional<ServedEndpoint> endpoint{};
    std::optional<double> success_rate{};
    std::optional<SectorPlace> sector{};    ///< where it was asked for, and said
};

/// Which holders somebody wants to see.
struct HolderFilter {
    bool sectors = false;    ///< ask the miners' actors, which costs time
    bool alive = false;
    std::optional<std::uint64_t> min_expiration{};
    std::optional<double> min_success_rate{};
    std::optional<std::string> region{};

    /// The names of its parameters.
    static std::vector<std::string> names() {
        return {"sectors", "alive", "min_expiration", "min_success_rate", "region"};
    }

    /// "min_expiration" is about sectors, so it asks for them. @return Error::invalid_argument names the parameter
    static Result<HolderFilter> read(const Params& params);

    /// Whether it can be one of those wanted, by what is known without the sector.
    [[nodiscard]] bool may_pass(const HolderFacts& facts, std::uint64_t now) const;
    [[nodiscard]] bool passes(const HolderFacts& facts, std::uint64_t now) const;

    /// Whether the miner's actor is to be asked of this one: there is a sector, and the contract does not know it lost.
    [[nodiscard]] bool asks_sector(const HolderFacts& facts) const;
};

/// Whether the piece is in a sector that lives: by the sector where that was looked at, else by the contract, for which
/// it is `active` before `until`.
bool is_alive(const HolderFacts& facts, std::uint64_t now);

/// {"miner", "piece", "alternative", "state", "sector", "until_epoch", "until_time", "paid", "share", "endpoint",
/// "region", "alive", "sector_status", "sector_expiration", "success_rate"}
rpc::Json json_of(const HolderFacts& facts, const node::Profile& network, std::uint64_t now);

}    // namespace filfil::service
