// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/clock.hpp"

#include <cstddef>
#include <cstdint>
#include <mutex>

namespace filfil::net {

/// Spreads bytes over time: who wants to send is told how long to wait, in the order of asking. Thread-safe.
class Rate {
public:
    /// @param bytes_a_second 0: no limit
    explicit Rate(std::uint64_t bytes_a_second) noexcept : m_bytes_a_second(bytes_a_second) {}

    /// How much is asked for at a time, at most `most`: so little that nobody waits long for one's turn.
    [[nodiscard]] std::size_t slice(std::size_t most) const noexcept;

    /// Takes `bytes`. @return how long to wait before they are sent
    [[nodiscard]] Clock::Duration take(std::size_t bytes, Clock::Duration now);

private:
    const std::uint64_t m_bytes_a_second;
    std::mutex m_mutex;
    Clock::Duration m_free_at{};    ///< when all that was taken is sent
};

}    // namespace filfil::net
