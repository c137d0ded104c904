// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "batch/schedule.hpp"

#include <algorithm>
#include <bit>

namespace filfil::batch {
namespace {

/// From here on a file keeps all workers busy for so long that their waiting for each other at its end does not show.
constexpr std::uint64_t always_shared = 256 * (std::uint64_t{1} << 20);

/// Below this the waiting costs more than the sharing wins.
constexpr std::uint64_t least_shared = 16 * (std::uint64_t{1} << 20);

/// Receipts of a pack come together, so a pack of tiny files must end somewhere.
constexpr std::size_t max_files_in_pack = 4096;

/// Less in a pack than this and taking it costs more than spreading the last files over all workers wins.
constexpr std::uint64_t least_pack_quads = 2048;

std::vector<std::vector<std::size_t>> make_packs(std::span<const WorkItem> items, const std::vector<std::size_t>& small,
                                                 std::uint64_t total_quads, const commp::BackendLimits& limits,
                                                 unsigned workers) {
    const std::uint64_t room = limits.staging_quads;
    const std::uint64_t target =
        std::clamp(total_quads / (4 * std::uint64_t{workers}), std::min(least_pack_quads, room), room);
    std::vector<std::vector<std::size_t>> packs;
    std::uint64_t filled = target;
    for (const std::size_t i : small) {
        const std::uint64_t quads = quads_of(items[i].size);
        if (filled >= target || filled + quads > room || packs.back().size() >= max_files_in_pack) {
            packs.emplace_back();
            filled = 0;
        }
        packs.back().push_back(i);
        filled += quads;
    }
    return packs;
}

}    // namespace

std::uint64_t quads_of(std::uint64_t payload) noexcept {
    return payload == 0 ? 1 : (payload - 1) / commp::quad_payload + 1;
}

unsigned root_level_of(std::uint64_t payload) noexcept {
    return commp::quad_level + static_cast<unsigned>(std::bit_width(quads_of(payload) - 1));
}

bool can_pack(std::uint64_t payload, const commp::BackendLimits& limits) noexcept {
    return payload > 0 && payload <= max_packed_payload && quads_of(payload) <= limits.staging_quads &&
           root_level_of(payload) <= limits.max_level;
}

Schedule make_schedule(std::span<const WorkItem> items, const commp::BackendLimits& limits, unsigned workers) {
    const std::uint64_t total = bytes_to_do(items);
    Schedule schedule;
    std::vector<std::size_t> small;
    std::uint64_t small_quads = 0;
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (items[i].finished) continue;
        const std::uint64_t size = items[i].size;
        if (can_pack(size, limits)) {
            small.push_back(i);
            small_quads += quads_of(size);
        } else if (workers > 1 &&
                   (size >= always_shared || (size >= least_shared && size > total / (4 * std::uint64_t{workers})))) {
            schedule.shared.push_back(i);
        } else {
            schedule.single.push_back(i);
        }
    }
    const auto larger = [&](std::size_t a, std::size_t b) {
        return items[a].size != items[b].size ? items[a].size > items[b].size : a < b;
    };
    std::sort(schedule.shared.begin(), schedule.shared.end(), larger);
    std::sort(schedule.single.begin(), schedule.single.end(), larger);
    schedule.packs = make_packs(items, small, small_quads, limits, workers);
    return schedule;
}

}    // namespace filfil::batch
