// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/world.hpp"
#include "retrieval/catalog.hpp"
#include "service/incentive/endpoint_url.hpp"
#include "service/jobs.hpp"
#include "service/worker_queue.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace filfil::service {

/// A piece that is here, and another that should be the same and is served elsewhere.
struct ComparedPieces {
    std::shared_ptr<const retrieval::PieceBytes> own;
    ipld::Cid other;    ///< of version 1
    std::uint64_t other_size = 0;
    std::vector<ServedEndpoint> servers{};           ///< of the other, to be tried in this order
    std::uint64_t range = std::uint64_t{4} << 20;    ///< bytes that are asked for at a time
};

/// What stands in a CAR at the place where two of them part.
struct PieceSide {
    std::optional<ipld::Cid> block{};    ///< nothing: there is no section, or none that can be read
    std::uint64_t length = 0;            ///< of its section
    std::optional<bool> sound{};         ///< its bytes have the hash of its CID; nothing: not looked at
};

struct PieceDifference {
    struct Failed {
        std::string server;
        std::string why;    ///< a sentence without full stop
    };
    std::vector<Failed> failed{};
    std::optional<std::string> from{};         ///< who served it to the end; nothing: nobody did
    std::uint64_t compared = 0;                ///< bytes that are the same on both sides
    std::optional<std::uint64_t> offset{};     ///< of the first byte that is not; nothing: not found
    std::optional<std::uint64_t> section{};    ///< where the section with that byte begins; nothing: not known
    bool in_header = false;                    ///< that byte is in the CAR's header
    PieceSide own{};
    PieceSide other{};
};

/// Holds the two against one another from their first byte on, by ranges of bounded size, and stops at the first that
/// differs. Where one server fails the next goes on where it was. Own bytes are read on `queue`. On the loop only.
/// @param context told of progress, and asked whether to stop
/// @param done called once, on the loop, later than this call. Error::cancelled; else why own bytes cannot be read
void compare_pieces(World& world, std::shared_ptr<WorkerQueue> queue, ComparedPieces pieces,
                    std::shared_ptr<JobContext> context, std::function<void(Result<PieceDifference>)> done);

}    // namespace filfil::service
