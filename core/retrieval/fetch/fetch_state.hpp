// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/files.hpp"
#include "base/units.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace filfil::retrieval {

/// How far a fetch has come, as it stands beside the file that it writes. Nothing in it is trusted: what it says is
/// there is read and checked again.
struct FetchState {
    std::string plan;    ///< FetchPlan::id()
    std::uint64_t chunk_bytes = 0;
    Bytes header;                         ///< of the CAR: says where in the joined file a piece's bytes are
    std::vector<std::uint64_t> chunks;    ///< by piece: so many of the first ones are there
    bool operator==(const FetchState&) const = default;
};

inline constexpr std::uint64_t max_state_bytes = 64 * MiB + 64 * KiB;

std::string write_state(const FetchState& state);

/// @return Error::corrupt names what is wrong
Result<FetchState> read_state(std::string_view text);

}    // namespace filfil::retrieval
