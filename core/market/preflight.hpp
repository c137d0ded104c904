// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "ipld/digest.hpp"
#include "rpc/json.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace filfil::market {

/// One thing that has to be right before a window opens.
struct PreflightRow {
    enum class State : std::uint8_t {
        good,
        unknown,    ///< could not be found out from here
        warning,    ///< works, and may be late or dear
        bad,        ///< a deal would fail
    };
    std::string what;    ///< "the contract is allowed in Curio"
    State state = State::unknown;
    std::string found{};    ///< what was seen
    std::string why{};      ///< why it matters
    std::string fix{};      ///< how to put it right; "" where it is good

    bool operator==(const PreflightRow&) const = default;
};

using Preflight = std::vector<PreflightRow>;

/// "good", "unknown", "warning", "bad"
std::string_view name_of(PreflightRow::State state) noexcept;

rpc::Json json_of(const Preflight& rows);

/// Own commitment against the one that was staged. @param own nothing where the snapshot is not taken yet
PreflightRow compare_roots(const std::optional<ipld::Digest256>& own, const std::optional<ipld::Digest256>& staged);

}    // namespace filfil::market
