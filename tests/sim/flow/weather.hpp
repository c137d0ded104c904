// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/clock.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <set>

namespace filfil::sim {

/// What was wrong in which epoch: all that the simulator did itself. Bits of an epoch; those of the two markets beside
/// one another.
struct Weather {
    enum Bits : std::uint64_t {
        daemon = 1U << 0,      ///< it was away, or has just come
        disk = 1U << 1,        ///< full
        node = 1U << 2,        ///< down
        network = 1U << 3,     ///< drops and closes
        contract = 1U << 4,    ///< its node is down
        index = 1U << 5,       ///< its node does not find transactions
        blocks = 1U << 6,      ///< of its chain, have no room
        reorg = 1U << 7,       ///< of its chain
        clock = 1ULL << 40,    ///< it jumped
    };
    /// What is wrong with a market.
    enum Trap : std::uint64_t {
        silent = 1U << 0,
        web_page = 1U << 1,
        loses_answers = 1U << 2,
        fails_after = 1U << 3,
        fails_before = 1U << 4,
        fails_deals = 1U << 5,
        slow = 1U << 6,
        backpressure = 1U << 7,
        rejects = 1U << 8,
        down = 1U << 9,
        forgets = 1U << 10,
        any_trap = (1U << 11) - 1,
    };

    /// @param own which of the two markets: 0, 1
    static std::uint64_t market(std::uint64_t own, std::uint64_t traps = any_trap) { return traps << (8 + own * 16); }

    std::map<std::uint64_t, std::uint64_t> at;    ///< by epoch

    /// What the wall clock showed in which epoch, now and then. It jumps.
    std::multimap<Clock::Duration, std::uint64_t> walls;

    /// The first epoch, not before `least`, in which the wall clock may have shown that. A daemon that is not in step
    /// with the chain yet has an earlier head.
    [[nodiscard]] std::optional<std::uint64_t> epoch_at(Clock::Duration wall, std::uint64_t least) const;

    /// All of them: a wall clock that went back shows the same twice.
    [[nodiscard]] std::set<std::uint64_t> epochs_at(Clock::Duration wall, std::uint64_t least) const;

    /// The head so many heads later: null rounds are none.
    [[nodiscard]] std::uint64_t heads_after(std::uint64_t epoch, std::uint64_t heads) const;

    /// The longest way from a head in [from, to) to the next one, in epochs: 1 where no round was null.
    [[nodiscard]] std::uint64_t longest_step(std::uint64_t from, std::uint64_t to) const;

    /// All that was wrong in [from, to).
    [[nodiscard]] std::uint64_t between(std::uint64_t from, std::uint64_t to) const;

    /// The longest time in [from, to) without any of these, in epochs.
    [[nodiscard]] std::uint64_t longest_without(std::uint64_t bits, std::uint64_t from, std::uint64_t to) const;

    /// The longest time in [from, to) without anything wrong for the provider of that market, in epochs. A clock that
    /// jumps costs it one question.
    [[nodiscard]] std::uint64_t longest_calm(std::uint64_t from, std::uint64_t to, std::uint64_t own) const {
        return longest_without(~(market(1 - own) | clock), from, to);
    }
};

}    // namespace filfil::sim
