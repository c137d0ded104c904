// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/random.hpp"
#include "base/result.hpp"

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

namespace filfil::node {

/// What a devnet does wrong on purpose.
enum class Fault : std::uint8_t {
    drop,             ///< the connection breaks in place of an answer or a head change
    channel_close,    ///< a channel of head changes is closed
    missing_once,     ///< a block is said to be missing, once
    slow,             ///< an answer comes late, and so after later ones
    stall,            ///< an answer never comes
    wrong_bytes,      ///< a byte of a block is changed
    error,            ///< an answer is an error of the node
    reorg,            ///< the head goes back and comes again
    lost_event,       ///< a head change is not told
    repeat_event,     ///< a head change is told twice
    garbage,          ///< an answer is no JSON, of a wrong type, too deep or huge
    forget,           ///< what was sent to the EVM node does not come back after a reorganisation
};

inline constexpr std::array all_faults = {Fault::drop,       Fault::channel_close, Fault::missing_once, Fault::slow,
                                          Fault::stall,      Fault::wrong_bytes,   Fault::error,        Fault::reorg,
                                          Fault::lost_event, Fault::repeat_event,  Fault::garbage,      Fault::forget};

/// As `--fault` has it: "channel-close".
std::string_view name_of(Fault fault) noexcept;

/// How often each fault happens: 0 never, 1 whenever it can. Faults are drawn one by one, and at most `in_a_row` of a
/// kind come without one that does not happen between them: so whoever tries again gets through at any rate.
class Faults {
public:
    static constexpr unsigned in_a_row = 8;

    /// Reads "drop=0.01" and takes it in.
    /// @return Error::invalid_argument with the names that there are, or the range
    Result<void> set(std::string_view text);
    void set(Fault fault, double rate) noexcept { m_rates[index(fault)] = rate; }
    [[nodiscard]] double rate(Fault fault) const noexcept { return m_rates[index(fault)]; }

    /// Whether it happens now. Not thread-safe.
    [[nodiscard]] bool happens(Fault fault, Random& random);

    /// How often it has happened.
    [[nodiscard]] std::uint64_t happened(Fault fault) const noexcept { return m_happened[index(fault)]; }

private:
    static constexpr std::size_t index(Fault fault) noexcept { return static_cast<std::size_t>(fault); }
    std::array<double, all_faults.size()> m_rates{};
    std::array<unsigned, all_faults.size()> m_row{};
    std::array<std::uint64_t, all_faults.size()> m_happened{};
};

}    // namespace filfil::node
