// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/clock.hpp"
#include "retrieval/fetch/plan.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace filfil::retrieval {

/// What a fetch knows of a source.
struct Holder {
    const PieceSource* source = nullptr;
    unsigned in_flight = 0;
    unsigned failures = 0;            ///< one after the other
    Clock::Duration rests_until{};    ///< of the steady clock
    double plain_rate = 0;            ///< bytes a second of one request, older ones fading; 0: unknown
    double packed_rate = 0;           ///< the same of compressed answers, counted when they are unpacked
    bool offers_slices = false;
    std::set<std::size_t> lacks{};    ///< pieces
    bool out = false;                 ///< not asked any more
    bool lied = false;                ///< proven
    bool suspected = false;           ///< not asked until the piece in which it seems to have lied is right
    std::string why{};                ///< it is out, or what it failed with last

    [[nodiscard]] double rate() const noexcept { return plain_rate > packed_rate ? plain_rate : packed_rate; }
};

/// Chooses among sources. Used on the loop.
class HolderPool {
public:
    struct Rules {
        unsigned a_source = 4;
        unsigned failures = 6;
        double slices_below = 0;
    };

    HolderPool(const Clock& clock, const FetchPlan& plan, Rules rules);

    [[nodiscard]] Holder& operator[](std::size_t i) noexcept { return m_holders[i]; }
    [[nodiscard]] const Holder& operator[](std::size_t i) const noexcept { return m_holders[i]; }
    [[nodiscard]] std::size_t size() const noexcept { return m_holders.size(); }

    /// Whether it may be asked for a piece, now or after a rest.
    [[nodiscard]] bool serves(std::size_t holder, std::size_t piece) const;

    /// The best of those that serve the piece and can take a request now. @param allowed is asked about each
    [[nodiscard]] std::optional<std::size_t> choose(std::size_t piece,
                                                    const std::function<bool(std::size_t)>& allowed) const;

    /// Until the first one stops to rest; nothing where none rests.
    [[nodiscard]] std::optional<Clock::Duration> next_end_of_rest() const;

    [[nodiscard]] bool wants_slice(std::size_t holder) const;

    void gave(std::size_t holder, std::uint64_t bytes, Clock::Duration time, bool packed);
    void failed(std::size_t holder, std::string why);
    void busy(std::size_t holder, std::string why, Clock::Duration wait);
    void put_out(std::size_t holder, std::string why, bool lied);

private:
    [[nodiscard]] double best_rate() const;

    const Clock& m_clock;
    const FetchPlan& m_plan;
    Rules m_rules;
    std::vector<Holder> m_holders;
};

}    // namespace filfil::retrieval
