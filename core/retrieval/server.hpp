// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/transport.hpp"
#include "base/world.hpp"
#include "retrieval/catalog.hpp"
#include "retrieval/metrics.hpp"

#include <memory>
#include <string>

namespace filfil::retrieval {

struct RetrievalOptions {
    /// What Curio's piece locator has to send (`HEAD|GET /pieces?id=`); "" turns that path off.
    std::string locator_token{};
    unsigned requests_a_second_a_peer = 50;    ///< more get 429 with Retry-After; 0: no limit
    bool blocks = true;                        ///< serve /ipfs/…
    std::uint64_t dag_blocks = 10'000'000;     ///< blocks that one /ipfs/…?format=car may give
    unsigned dag_downloads = 8;                ///< such CARs sent at the same time; more get 503 with Retry-After
    int zstd_level = 3;
};

/// Read-only HTTP for pieces and blocks:
///
///     GET|HEAD /piece/{cid}         a piece by its CID of version 1 or 2, with ranges; zstd where that is accepted
///     GET|HEAD /piece/{cid}?slice=FIRST-LAST   these bytes of it as a thing of their own, so that zstd goes with it
///     GET|HEAD /pieces?id={cid}     the same as Curio's piece locator asks for it; needs the token
///     GET|HEAD /ipfs/{cid}          a block or a DAG as CAR, as trustless gateways give them (format=raw|car)
///     GET /metrics, GET /healthz
///
/// It holds no state of requests beyond rate limits; what it serves is in the catalog. handle() may be called on any
/// thread.
class Server final : public HttpServer {
public:
    /// @param metrics may be null
    Server(World& world, Catalog& catalog, const MetricSource* metrics, RetrievalOptions options);
    ~Server() override;

    void handle(HttpRequest request, Respond respond) override;
    [[nodiscard]] std::optional<HttpResponse> refuse_socket(const HttpRequest& request) override;
    SocketEvents open_socket(std::shared_ptr<WebSocket> socket, const HttpRequest& request) override;

    /// For /metrics, and for the service's status.
    struct Counters {
        std::uint64_t requests = 0;
        std::uint64_t bytes = 0;        ///< of bodies
        std::uint64_t in_flight = 0;    ///< bodies being sent
        std::uint64_t not_found = 0;
        std::uint64_t refused = 0;    ///< by a limit or for want of the token
    };
    [[nodiscard]] Counters counters() const noexcept;

private:
    struct Impl;
    std::shared_ptr<Impl> m_impl;
};

}    // namespace filfil::retrieval
