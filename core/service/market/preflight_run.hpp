// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "market/preflight.hpp"
#include "rpc/json.hpp"
#include "service/house.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace filfil::service {

/// What was found out about one of its windows before that opens, or while it is open.
struct MinerPreflight {
    /// What one source said: "contract", "snapshot", "market" or "node".
    struct Part {
        std::string name;
        market::Preflight rows;
    };
    std::uint64_t miner = 0;
    SlotPolicy policy = SlotPolicy::ask;
    std::string market{};    ///< its kind; "": none is set
    std::optional<contract::Window> window{};
    std::vector<Part> parts{};

    /// No row is bad: what is unknown or may be late does not count.
    [[nodiscard]] bool ready() const noexcept;
};

/// Looks at all that a deal of a provider will need: the contract, what is staged and what is here, the market, the
/// node and this daemon's own retrieval. A source that cannot be asked is a row, and hides no other; one that does not
/// answer is waited for 20 s. Changes nothing.
/// @param epoch whose snapshot the window wants; nothing: the open window, or the next
/// @param done called once, on the loop; never, where the house goes first
void run_preflight(House& house, Desk& desk, std::uint64_t miner, std::optional<std::uint64_t> epoch,
                   std::function<void(MinerPreflight)> done);

/// {"miner", "ready", "policy", "market", …of its window as FilFil.NextWindow, "rows": [{"part", "what", "state",
/// "found", "why", "fix"}]}; "state" is "none" without a window, "market" null without one.
rpc::Json json_of(const MinerPreflight& found, const node::Profile& network, std::optional<Epoch> head);

}    // namespace filfil::service
