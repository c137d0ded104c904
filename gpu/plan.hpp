// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "commp/backend.hpp"
#include "gpu/work.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace filfil::gpu {

/// All nodes of one level that level steps make, over all jobs of a submission.
struct PlannedLevel {
    unsigned level = 0;    ///< of the nodes it makes; quad_level: out of quads
    std::uint32_t first_segment = 0;
    std::uint32_t segment_count = 0;
    std::uint32_t node_count = 0;
};

/// Where a job's nodes lie in the end.
struct PlannedResult {
    std::uint32_t first = 0;    ///< in NodeWords
    std::uint32_t count = 0;
};

/// How a card hashes the jobs of a submission: tiles first, then one level after the other. A pure function of the
/// jobs.
struct Plan {
    std::vector<Tile> tiles;
    std::vector<Segment> segments;
    std::vector<PlannedLevel> levels;      ///< lowest first
    std::vector<PlannedResult> results;    ///< one a job
    std::uint32_t result_count = 0;        ///< nodes of all jobs; they lie in front of all others, job by job
    std::uint32_t node_count = 0;          ///< NodeWords that the card needs
    std::size_t payload_bytes = 0;         ///< where the last job's payload ends
};

/// Jobs that a card's buffers hold at once.
struct PlanLimits {
    std::uint32_t nodes = 0;
    std::uint32_t segments = 0;
    std::uint32_t tiles = 0;
    std::uint32_t results = 0;
};

/// What every submission of at most `quads` quads keeps within, whose jobs have one quad each and ask for level `level`
/// or less, up to `jobs` of them.
PlanLimits limits_for(std::size_t quads, std::size_t jobs, unsigned level) noexcept;

/// Plans the first of `jobs`, as many as `limits` have room for: plan.results says how many. None at all means that the
/// first job alone is too large.
Plan make_plan(std::span<const commp::Job> jobs, const PlanLimits& limits);

}    // namespace filfil::gpu
