// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include <cstdint>

namespace filfil::incentive::model {

/// A round, and what is known of the next one.
struct Clock {
    std::uint64_t number = 0;    ///< 0: none was opened
    std::uint64_t start = 0;     ///< epoch
    std::uint64_t positions = 0;
    std::uint64_t slot_length = 0;
    std::uint64_t window_length = 0;
    std::uint64_t lead = 0;
    std::uint64_t replicas = 0;
    std::uint64_t version = 0;        ///< of the parameters
    std::uint64_t next = 0;           ///< positions of the next round, as things stand
    std::uint64_t members = 0;        ///< providers that will have one of them
    std::uint64_t queued_from = 0;    ///< the round from which the next version holds; 0: none is queued
    bool compacted = false;           ///< holes were looked after in this round

    /// How many slots its positions take.
    [[nodiscard]] std::uint64_t slots() const noexcept {
        return replicas == 0 ? 0 : positions / replicas + (positions % replicas == 0 ? 0 : 1);
    }

    /// Epochs to the start of the next round; 0 where none was opened.
    [[nodiscard]] std::uint64_t length() const noexcept { return number == 0 ? 0 : slots() * slot_length; }

    /// The epoch at which the next round starts.
    [[nodiscard]] std::uint64_t end() const noexcept { return start + length(); }

    /// Whether there will be a next round, as things stand.
    [[nodiscard]] bool goes_on() const noexcept;

    /// Whether the next round should be open.
    [[nodiscard]] bool due(std::uint64_t now) const noexcept { return goes_on() && now >= end(); }

    /// Whether there is no round: the last is over, and nobody has a position in a next one.
    [[nodiscard]] bool idle(std::uint64_t now) const noexcept { return next == 0 && now >= end(); }

    /// The number of the round; in idle time rounds are counted on, each as long as the last one.
    [[nodiscard]] std::uint64_t number_at(std::uint64_t now) const noexcept {
        return number != 0 && idle(now) ? number + 1 + (now - end()) / length() : number;
    }

    struct Window {
        std::uint64_t target;    ///< 0 where the chain is younger than the lead
        std::uint64_t open;
        std::uint64_t close;
    };
    [[nodiscard]] Window window(std::uint64_t index) const noexcept {
        const std::uint64_t open = start + index * slot_length;
        return {.target = open > lead ? open - lead : 0, .open = open, .close = open + window_length};
    }
};

/// The number of the last round that there can be.
inline constexpr std::uint64_t last_round = 65'534;

inline bool Clock::goes_on() const noexcept { return next != 0 && number < last_round; }

}    // namespace filfil::incentive::model
