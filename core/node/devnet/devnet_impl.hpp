// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "node/devnet/car_walk.hpp"
#include "node/devnet/devnet.hpp"
#include "node/devnet/evm_bridge.hpp"
#include "node/devnet/evm_wallet.hpp"
#include "node/devnet/methods.hpp"

#include <atomic>
#include <deque>
#include <map>
#include <optional>
#include <unordered_set>
#include <vector>

namespace filfil::node {

/// The insides of a devnet, for its own sources: devnet.cpp (its face), devnet_calls.cpp (one call, one answer),
/// devnet_head.cpp (events), devnet_http.cpp, devnet_socket.cpp (connections and channels). Tasks on the loop keep it
/// alive and do nothing once it is closed.
struct Devnet::Impl : std::enable_shared_from_this<Devnet::Impl> {
    /// Something that comes by and by, behind a number.
    struct Channel {
        std::uint64_t number = 0;
        rpc::Json request;                                         ///< the id of the call that opened it
        bool open = false;                                         ///< its number was told: values may follow
        bool ending = false;                                       ///< closed as soon as all that is pending is sent
        std::deque<std::shared_ptr<const std::string>> pending;    ///< of head changes
        std::unique_ptr<CarWalk> walk;                             ///< of an export
        bool notifies = false;
    };

    /// A WebSocket.
    struct Session {
        std::uint64_t number = 0;
        std::shared_ptr<WebSocket> socket;
        bool may_sign = false;
        std::uint64_t next_channel = 1;    ///< Lotus counts by connection
        std::vector<Channel> channels;
        bool pumping = false;    ///< will be looked at again
    };
    using SessionPtr = std::shared_ptr<Session>;

    /// How an answer gets to its client. Exactly one of them is called, or none for an answer that never comes.
    struct Way {
        std::function<void(std::string text)> send;
        std::function<void()> drop;    ///< breaks the connection
        std::function<void()> stall;
    };
    using Done = std::function<void(Outcome)>;

    Impl(World& world_, std::unique_ptr<DevnetChain> chain_, DevnetOptions options_)
        : world(world_),
          chain(std::move(chain_)),
          options(std::move(options_)),
          faults(options.faults),
          random(options.seed) {}

    /// Runs `body` on the loop, unless the devnet is closed by then.
    template <class Body>
    void post(Body body, Clock::Duration delay = {}) {
        auto task = [self = shared_from_this(), body = std::move(body)]() mutable {
            if (!self->closed) body();
        };
        if (delay > Clock::Duration::zero())
            world.loop.post_after(delay, std::move(task));
        else
            world.loop.post(std::move(task));
    }

    bool happens(Fault fault) { return faults.happens(fault, random); }
    [[nodiscard]] bool evm_in_step() const { return !options.evm || (evm != nullptr && evm->in_step()); }
    [[nodiscard]] bool lotus() const noexcept { return options.flavour == Flavour::lotus; }
    [[nodiscard]] NodeView view() const { return {*chain, *head, *finalized, options}; }

    // devnet_head.cpp
    Result<void> begin(std::uint64_t events);
    Result<bool> next_event();
    void advance();
    void schedule();
    void tick(std::uint64_t number);
    [[nodiscard]] bool subscribers_ready() const;
    Result<void> reorganise();
    Result<void> take(const chain::HeadChanges& changes);
    Result<void> emit(const chain::HeadChanges& changes);
    void tell(const chain::HeadChanges& changes);

    // devnet_calls.cpp
    void run(WireCall call, bool may_sign, Done done);
    void run_method(const MethodSpec& method, const WireCall& call, bool may_sign, const Done& done);
    [[nodiscard]] Outcome run_read(const MethodSpec& method, const rpc::Json& params);
    [[nodiscard]] std::optional<Outcome> run_hook(const WireCall& call);
    [[nodiscard]] bool is_passed_on(std::string_view method) const noexcept;
    void deliver(std::string text, const Way& way);
    [[nodiscard]] std::string garbage(const std::string& text);

    // devnet_http.cpp
    [[nodiscard]] std::optional<HttpResponse> refusal(const HttpRequest& request) const;
    [[nodiscard]] bool may_sign(const HttpRequest& request) const;
    void serve(const HttpRequest& request, bool may_sign, const Respond& respond);
    void serve_batch(std::shared_ptr<std::vector<WireCall>> calls, std::size_t at, std::string text, bool may_sign,
                     const Respond& respond);
    void respond_to(int status, std::string text, const Respond& respond);

    // devnet_socket.cpp
    void message(const SessionPtr& session, const std::string& text);
    void socket_call(const SessionPtr& session, const rpc::Json& request);
    void socket_batch(const SessionPtr& session, const rpc::Json& requests);
    void open_channel(const SessionPtr& session, const MethodSpec& method, WireCall call);
    void cancel(const SessionPtr& session, const WireCall& call);
    void pump(const SessionPtr& session);
    bool pump_notify(Session& session, Channel& channel);
    bool pump_export(Session& session, Channel& channel);
    void break_off(const SessionPtr& session);
    [[nodiscard]] Way way_to(const SessionPtr& session);

    World& world;
    std::unique_ptr<DevnetChain> chain;
    const DevnetOptions options;
    Faults faults;
    SeededRandom random;
    std::atomic<bool> closed = false;

    const DevnetChain::Known* head = nullptr;
    const DevnetChain::Known* finalized = nullptr;
    const DevnetChain::Known* genesis = nullptr;
    std::uint64_t event = 0;
    std::deque<chain::HeadChanges> pending_changes;    ///< of a fault, before the chain goes on
    bool started = false;
    bool paused = false;
    bool ended = false;
    std::uint64_t timer = 0;    ///< of the next event; an older one is void
    OnHead told_of_head;
    std::unordered_set<ipld::Cid> missed_once;
    std::map<std::uint64_t, SessionPtr> sessions;
    std::uint64_t next_session = 0;
    std::uint64_t next_channel = 0;       ///< Forest counts them all
    std::unique_ptr<EvmWallet> wallet;    ///< there with `evm`, which it asks
    std::unique_ptr<EvmBridge> evm;
};

}    // namespace filfil::node
