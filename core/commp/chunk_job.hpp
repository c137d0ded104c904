// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "commp/backend.hpp"
#include "commp/piece.hpp"

namespace filfil::commp {

/// The job for chunk number `ticket` of a piece that is cut into chunks of one staging buffer each.
/// @param staging holds the chunk's payload; its last quad is filled up with zeros here
/// @param filled bytes of payload in it, at least 1; only a piece's last chunk may be less than full
Submission chunk_job(std::unique_ptr<Staging> staging, std::size_t filled, const BackendLimits& limits,
                     std::uint64_t ticket, JobSink& sink);

/// The piece whose tree over all chunks has this root. @param payload_size bytes; 0 counts as one zero quad
Piece piece_of_chunks(const Node& root, std::uint64_t payload_size) noexcept;

}    // namespace filfil::commp
