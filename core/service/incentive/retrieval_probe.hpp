// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/world.hpp"
#include "retrieval/catalog.hpp"
#include "service/incentive/endpoint_url.hpp"
#include "service/worker_queue.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace filfil::service {

/// A piece that has to be had at an endpoint.
struct ProbedPiece {
    ServedEndpoint endpoint;
    ipld::Cid piece_cid;    ///< of version 1
    std::uint64_t payload_size = 0;
    std::optional<ipld::Cid> root{};    ///< that its CAR's header has to name first
};

struct ProbeResult {
    bool ok = false;
    std::string why{};        ///< it is not: a sentence without full stop
    bool compared = false;    ///< with the bytes that are here
    Clock::Duration took{};
};

/// Asks an endpoint for a piece as a client would: for its size, then for its first bytes, its last, and some in the
/// middle that nobody knows beforehand. Bytes are compared with those of `catalog` where it has the piece; else the
/// first have to be the header of a CARv1 (with that root), and of the others there have to be as many as were asked
/// for. Redirections are not followed. To be called on the loop.
/// @param world, catalog must live until `done` is called or the loop is gone
/// @param done called once, on the loop, later than this call
void probe_retrieval(World& world, std::shared_ptr<WorkerQueue> queue, retrieval::Catalog& catalog, ProbedPiece piece,
                     std::function<void(ProbeResult)> done);

}    // namespace filfil::service
