// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "batch/worklist.hpp"
#include "commp/backend.hpp"

#include <cstddef>
#include <span>
#include <vector>

namespace filfil::batch {

/// Which files are hashed how. Indices are those of the items.
struct Schedule {
    /// Largest first, one after the other, each by all workers at once: files so large that one of them taken by one
    /// worker alone would leave the others idle at the end.
    std::vector<std::size_t> shared;

    /// Largest first, one worker each.
    std::vector<std::size_t> single;

    /// Each pack lies in one staging buffer, in the items' order, one job a file: what keeps a device full of small
    /// files.
    std::vector<std::vector<std::size_t>> packs;
};

/// Payload up to this many bytes is packed, where the backend's buffers and levels allow it.
inline constexpr std::uint64_t max_packed_payload = std::uint64_t{1} << 20;

/// Quads that a payload takes; one for an empty one.
std::uint64_t quads_of(std::uint64_t payload) noexcept;

/// The level of a payload's natural root: quad_level for up to one quad.
unsigned root_level_of(std::uint64_t payload) noexcept;

/// Whether a payload can be one job of a pack.
bool can_pack(std::uint64_t payload, const commp::BackendLimits& limits) noexcept;

/// @param workers at least 1
Schedule make_schedule(std::span<const WorkItem> items, const commp::BackendLimits& limits, unsigned workers);

}    // namespace filfil::batch
