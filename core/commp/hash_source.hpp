// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/executor.hpp"
#include "base/files.hpp"
#include "base/progress.hpp"
#include "commp/backend.hpp"
#include "commp/piece.hpp"

#include <optional>
#include <stop_token>

namespace filfil::commp {

struct HashOptions {
    /// How many readers fill staging buffers at the same time. With a CPU backend that runs jobs where they are
    /// submitted this is the number of hashing threads.
    unsigned readers = 1;

    /// Also SHA-256 of the payload, in the same pass.
    bool sha256 = false;

    /// Payloads below min_payload are Error::too_small unless this is set; then they are padded as FRC-0069 says.
    /// An empty payload is refused unless this is set, too.
    bool allow_small = false;

    Progress* progress = nullptr;
    std::stop_token stop;    ///< asked for every buffer; a stopped run ends in Error::cancelled
};

struct HashOutcome {
    Piece piece;
    std::optional<ipld::Digest256> sha256;
};

/// Hashes a file or stream, read once from its start, to its piece commitment. A regular file is read by all readers at
/// once at their own offsets, anything else in turns. Memory does not depend on the length. Where the backend revokes
/// nodes meanwhile (Backend::revocations), a regular file is hashed again and a stream is Error::device.
/// @return Error::io, too_small, cancelled, device, or truncated if a regular file became shorter while it was read
Result<HashOutcome> hash_source(ReadableFile& source, Backend& backend, Executor& executor, const HashOptions& options);

}    // namespace filfil::commp
