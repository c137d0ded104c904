// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "crash_patch_files.hpp"
#include "retrieval/fetch/fetcher.hpp"
#include "served.hpp"

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace filfil::retrieval::samples {

/// A snapshot that was cut into pieces.
struct CutCar {
    Bytes whole;                  ///< the CAR that they make
    std::vector<Bytes> pieces;    ///< each a CARv1
};

/// @param blocks of `least` to `most` bytes each
CutCar cut_car(std::uint64_t seed, std::size_t pieces, std::size_t blocks, std::size_t least, std::size_t most);

/// Changes what a server says before it is sent. @param offset of the piece's bytes that were asked for
using Spoil = std::function<void(const HttpRequest&, HttpResponse&, std::uint64_t offset)>;

/// A provider: the real server with pieces in memory, behind which its answers can be spoiled.
class Provider final : public HttpServer {
public:
    Provider(World& world, RetrievalOptions options) : m_server(world, catalog, nullptr, std::move(options)) {}

    void handle(HttpRequest request, Respond respond) override;
    std::optional<HttpResponse> refuse_socket(const HttpRequest& request) override {
        return m_server.refuse_socket(request);
    }
    SocketEvents open_socket(std::shared_ptr<WebSocket> socket, const HttpRequest& request) override {
        return m_server.open_socket(std::move(socket), request);
    }

    FakeCatalog catalog;
    Spoil spoil{};
    std::atomic<std::uint64_t> asked{0};
    std::atomic<std::uint64_t> slices{0};    ///< of these by ?slice=

private:
    Server m_server;
};

commp::Backend& shared_backend();

/// Providers of one snapshot and who fetches it, on virtual time.
class FetchScene {
public:
    explicit FetchScene(CutCar car, std::size_t providers = 3);

    /// Runs one fetch to its end. @return what it gave; nothing where it never ended
    std::optional<Result<FetchReport>> fetch();

    /// Begins one; to be carried on by outside.run_until().
    void begin();

    [[nodiscard]] std::string url(std::size_t provider) const { return plan.sources[provider].name; }

    /// What stands under the final name; empty where nothing does.
    [[nodiscard]] Bytes file() const { return outside.files.contents(path); }

    Outside outside;
    CutCar car;
    std::vector<std::unique_ptr<Provider>> providers;
    std::vector<std::unique_ptr<Transport::Listener>> listeners;
    FetchPlan plan;
    FetchOptions options;
    std::string path = "/out/snapshot.car";
    std::unique_ptr<CrashPatchFiles> patches;
    commp::Backend* backend;    ///< one for all scenes: making one measures
    std::unique_ptr<FetchTarget> target;
    std::unique_ptr<Fetcher> fetcher;
    std::optional<Result<FetchReport>> result;
};

}    // namespace filfil::retrieval::samples
