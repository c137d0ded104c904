// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/world.hpp"
#include "node/devnet/chain.hpp"
#include "node/devnet/options.hpp"

#include <functional>
#include <memory>

namespace filfil::node {

/// A Filecoin node as its JSON-RPC clients see it, over HTTP and WebSocket at /rpc/v1: for tests, demonstrations and
/// development. Its chain is replayed or generated; on the wire it behaves as Lotus or Forest, quirks and limits
/// included, and does wrong on purpose what Faults say.
///
/// All of it happens on the world's loop. start(), handle() and the like may be called on any thread, everything else
/// on the loop only (or before anybody is served). It may be destroyed on any thread once no listener has it; what it
/// still has on the loop ends by a task there, so the world must outlive those.
class Devnet final : public HttpServer {
public:
    /// Told of every head change that clients are told of. @param event how many events of the chain came by then
    using OnHead = std::function<void(const chain::HeadChanges& changes, std::uint64_t event)>;

    struct Status {
        std::uint64_t event = 0;    ///< of the chain; 0: its first, [current]
        chain::TipsetKey head;
        Epoch epoch;
        chain::TipsetKey genesis;
        bool ended = false;    ///< the chain has no more events
        bool paused = false;
    };

    /// @param events so many come at once, before anybody is told
    /// @return what the chain gives
    static Result<std::unique_ptr<Devnet>> make(World& world, std::unique_ptr<DevnetChain> chain, DevnetOptions options,
                                                std::uint64_t events = 0);
    ~Devnet() override;
    Devnet(const Devnet&) = delete;
    Devnet& operator=(const Devnet&) = delete;

    /// Lets events come, one a period.
    void start();

    void on_head(OnHead handler);
    void pause();
    void resume();

    /// The next event now, and first what Fault::reorg has left undone. @return false where there is none
    Result<bool> step();
    void set_fault(Fault fault, double rate);

    /// How often it has happened since the start.
    [[nodiscard]] std::uint64_t happened(Fault fault) const;
    [[nodiscard]] Status status() const;

    /// Subscriptions to head changes that are open.
    [[nodiscard]] std::size_t subscribers() const;

    /// Whether the EVM node, where there is one, is at the head's epoch.
    [[nodiscard]] bool evm_in_step() const;

    void handle(HttpRequest request, Respond respond) override;
    [[nodiscard]] std::optional<HttpResponse> refuse_socket(const HttpRequest& request) override;
    SocketEvents open_socket(std::shared_ptr<WebSocket> socket, const HttpRequest& request) override;

private:
    struct Impl;
    explicit Devnet(std::shared_ptr<Impl> impl) : m_impl(std::move(impl)) {}
    std::shared_ptr<Impl> m_impl;
};

}    // namespace filfil::node
