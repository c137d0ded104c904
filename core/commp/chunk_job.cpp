// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "commp/chunk_job.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

namespace filfil::commp {

Submission chunk_job(std::unique_ptr<Staging> staging, std::size_t filled, const BackendLimits& limits,
                     std::uint64_t ticket, JobSink& sink) {
    const std::size_t quads = (filled + quad_payload - 1) / quad_payload;
    std::memset(staging->bytes().data() + filled, 0, quads * quad_payload - filled);
    // A first chunk that is not full is the whole piece, and its tree may be lower than what chunks give their nodes
    // at.
    unsigned level = limits.job_level;
    if (ticket == 0 && quads < limits.staging_quads)
        level = std::min(level, quad_level + static_cast<unsigned>(std::bit_width(quads - 1)));
    Submission submission;
    submission.staging = std::move(staging);
    submission.jobs.push_back({0, quads, level, ticket, &sink});
    return submission;
}

Piece piece_of_chunks(const Node& root, std::uint64_t payload_size) noexcept {
    return {root, payload_size, ipld::padded_size_of(payload_size)};
}

}    // namespace filfil::commp
