// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/clock.hpp"

#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

namespace filfil::retrieval {

/// So many requests a second from each peer, and as many at once after a second of rest. Thread-safe.
///
/// Its table is bounded: peers beyond it are counted together as one, so that a flood from many addresses costs no
/// memory, and those that are known go on.
class RateLimiter {
public:
    /// @param a_second 0: no limit
    /// @param peers entries of the table
    RateLimiter(const Clock& clock, unsigned a_second, std::size_t peers = 65536);

    /// Counts a request. @return nothing where it may go on; else after how long one may
    [[nodiscard]] std::optional<Clock::Duration> refuse(const std::string& peer);

    /// Peers that are remembered.
    [[nodiscard]] std::size_t peers() const;

private:
    using Table = std::unordered_map<std::string, Clock::Duration>;
    Clock::Duration& bucket_of(const std::string& peer, Clock::Duration now);

    const Clock& m_clock;
    const Clock::Duration m_interval;    ///< between two requests at the rate that is allowed
    const std::size_t m_most;
    mutable std::mutex m_mutex;
    Table m_full_at;    ///< when a peer's bucket is full again: what is over is as if it were not there
    Clock::Duration m_others_full_at{};
    Clock::Duration m_swept{};
};

}    // namespace filfil::retrieval
