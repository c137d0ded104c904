// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "weather.hpp"

#include <algorithm>
#include <iterator>

namespace filfil::sim {

std::uint64_t Weather::between(std::uint64_t from, std::uint64_t to) const {
    std::uint64_t out = 0;
    for (auto one = at.lower_bound(from); one != at.end() && one->first < to; ++one) out |= one->second;
    return out;
}

std::optional<std::uint64_t> Weather::epoch_at(Clock::Duration wall, std::uint64_t least) const {
    const auto all = epochs_at(wall, least);
    return all.empty() ? std::nullopt : std::optional(*all.begin());
}

std::set<std::uint64_t> Weather::epochs_at(Clock::Duration wall, std::uint64_t least) const {
    constexpr Clock::Duration apart = std::chrono::seconds(60);
    std::set<std::uint64_t> out;
    for (auto one = walls.lower_bound(wall - apart); one != walls.end() && one->first <= wall + apart; ++one)
        if (one->second >= least) out.insert(one->second);
    return out;
}

std::uint64_t Weather::heads_after(std::uint64_t epoch, std::uint64_t heads) const {
    std::uint64_t out = epoch + heads;
    for (auto one = at.upper_bound(epoch); one != at.end() && heads > 0; ++one, --heads)
        out = std::max(out, one->first);
    return out;
}

std::uint64_t Weather::longest_step(std::uint64_t from, std::uint64_t to) const {
    std::uint64_t longest = 0;
    for (auto one = at.lower_bound(from); one != at.end() && one->first < to; ++one)
        if (const auto next = std::next(one); next != at.end()) longest = std::max(longest, next->first - one->first);
    return longest;
}

std::uint64_t Weather::longest_without(std::uint64_t bits, std::uint64_t from, std::uint64_t to) const {
    std::uint64_t longest = 0;
    std::uint64_t begun = from;
    for (auto one = at.lower_bound(from); one != at.end() && one->first < to; ++one) {
        if ((one->second & bits) != 0)
            begun = one->first + 1;
        else
            longest = std::max(longest, one->first + 1 - begun);
    }
    return longest;
}

}    // namespace filfil::sim
