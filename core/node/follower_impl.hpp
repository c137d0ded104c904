// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "node/follower.hpp"
#include "node/gathering.hpp"
#include "node/node_link.hpp"

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace filfil::node {

/// What the follower is made of. One activity at a time touches the engine (`busy`); everything that comes from a
/// node meanwhile waits in `told`.
///
///     connect ──► who is there? ──► subscribe ──► bootstrap, if the engine is empty ──► step
///        ▲                                                                               │
///        └── wait a little, next node ◄── anything fails          told ── path ── gather ── apply ── tick ──┘
struct Follower::Impl : std::enable_shared_from_this<Follower::Impl> {
    Impl(World& world, snapshot::DurableEngine& engine, FollowerOptions options, FollowerEvents& events);

    /// Behind by more than this the state is "catching_up".
    static constexpr std::int64_t near_epochs = 3;

    /// One step of a head change, with what a node said of its tipset.
    struct Step {
        chain::HeadChange change;
        chain::TipsetKey parents;

        /// Their DAG-CBOR, in key order, empty where it is to be read; none for what is reverted.
        std::vector<Bytes> headers;
    };
    using Steps = std::vector<Step>;
    static Step step_of(chain::HeadChange::Type type, JsonTipset tipset);
    static Steps steps_of(std::vector<JsonHeadChange> changes);

    // follower.cpp: nodes, in their turn
    void start();
    void stop(std::function<void()> stopped);
    void connect();
    void meet(NodeInfo info);
    void subscribe();
    void take_told(Steps steps);
    void poll();
    void look_after_silence();
    void ask_finality();
    void take_finality(const JsonTipset& tipset);
    void lose(const Error& why, SyncState state = SyncState::node_lost);
    void fail(const Error& why, SyncState state);
    void retry_after(Clock::Duration delay);
    Clock::Duration next_delay();
    void drop_link();

    // follower_sync.cpp: from the engine's head to the node's
    void step();
    void catch_up();
    void take_path(Result<std::vector<JsonHeadChange>> answer);
    void work_off();
    [[nodiscard]] bool leaves_what_is_final(const Steps& steps) const;
    void stay_with_what_is_final(const Steps& steps);
    void gather(Steps steps);
    void pump();
    void take_block(const ipld::Cid& cid, Result<Bytes> data);
    void write_ahead(const ipld::Cid& cid);
    [[nodiscard]] Clock::Duration delay_of(unsigned attempt) const;
    void ask_again(const ipld::Cid& cid, const Error& why);
    void give_up(const Error& why);
    void apply();
    void applied(Result<void> done, double seconds, bool starting);
    void not_applied(const Error& why, bool starting);
    void rest();

    // follower_descent.cpp: the same without a path, by the headers from the node's head down
    void descend(const chain::TipsetKey& key);
    void read_header(const ipld::Cid& cid);
    void ask_header_again(const ipld::Cid& cid, const Error& why);
    void take_header(const ipld::Cid& cid, Result<Bytes> data);
    void descended();
    Result<Steps> reverts_to(Epoch ancestor) const;

    // follower_bootstrap.cpp: the first chain
    void bootstrap();
    void bootstrap_by_export();
    void take_part(Result<Bytes> part);
    void write_parts();
    void export_closed(const Error& why);
    void load_export();
    void bootstrap_by_blocks();
    void bootstrapped(Result<void> done);

    // State as others see it
    void set_state(SyncState state, std::string why = {}, std::string remedy = {});
    void update_lag();
    void read_head();
    void log(LogLevel level, const std::string& message) const { world.log.write(level, "node", message); }

    /// Calls back on the loop unless this is gone, or has another link by then.
    template <class F>
    auto here(F&& f) {
        return [weak = weak_from_this(), link = link_number, f = std::forward<F>(f)](auto&&... arguments) mutable {
            if (const auto self = weak.lock(); self && self->link_number == link && !self->stopping)
                f(std::forward<decltype(arguments)>(arguments)...);
        };
    }

    /// Runs `work` on the workers and `then` with its result on the loop. The engine is this activity's until then.
    template <class Work, class Then>
    void run(Work work, Then then) {
        ++running;
        world.workers.post([self = shared_from_this(), work = std::move(work), then = std::move(then)]() mutable {
            auto result = std::make_shared<decltype(work())>(work());
            self->world.loop.post([self, result, then = std::move(then)]() mutable {
                --self->running;
                if (self->stopping) return self->maybe_stopped();
                then(std::move(*result));
            });
        });
    }
    void maybe_stopped();

    World& world;
    snapshot::DurableEngine& engine;
    FollowerOptions options;
    FollowerEvents& events;
    FollowerStatus status;

    // Nodes
    std::unique_ptr<NodeLink> link;
    std::uint64_t link_number = 0;    ///< another one for each link, so that what an old one left is told apart
    std::size_t node = 0;             ///< of options.nodes
    std::size_t failures = 0;         ///< in a row
    bool subscribed = false;
    bool f3_unsupported = false;
    bool asking_finality = false;
    bool waiting = false;    ///< for the next attempt
    std::uint64_t timer = 0;
    Clock::Duration last_told{};
    bool stopping = false;
    bool stopped_told = false;
    std::function<void()> on_stopped;
    unsigned running = 0;    ///< on the workers

    // What the node says
    std::deque<Steps> told;
    chain::TipsetKey target;
    Epoch target_epoch;

    // What is being done
    bool busy = false;        ///< the engine is being changed, or what it needs gathered
    bool settled = false;     ///< nothing is dead in it
    chain::TipsetKey head;    ///< of the engine; empty: it is
    Epoch head_epoch;
    std::deque<Step> path;               ///< to be applied after `current`
    bool path_failed = false;            ///< with this target: descend instead
    chain::TipsetKey behind;             ///< head of a node that is behind the engine
    std::size_t missing_in_a_row = 0;    ///< times that a node did not have a block; as many as nodes: none has

    struct Descent {
        chain::TipsetKey key;
        std::vector<std::optional<Bytes>> headers;
        Steps applies;    ///< newest first
    };
    std::optional<Descent> descent;

    Steps current;                 ///< being gathered or applied
    chain::HeadChanges changes;    ///< the same, for the engine
    GatheredBlocks blocks;         ///< kept until they were applied, whatever becomes of a node
    std::unique_ptr<Gathering> gathering;
    std::uint64_t gathering_number = 0;
    std::unordered_map<ipld::Cid, unsigned> attempts;
    std::size_t delayed = 0;    ///< blocks that wait for another attempt
    unsigned rounds = 0;        ///< of applying, and gathering what was missed
    Bytes ahead;                ///< sections of `ahead_cids`, to be written to the log before they are applied
    std::vector<ipld::Cid> ahead_cids;
    bool writing_ahead = false;
    Clock::Duration gather_start{};
    Clock::Duration last_byte{};

    // The first chain
    chain::TipsetKey first;    ///< its head, while it is gathered
    Epoch first_epoch;
    std::stop_source stop_source;

    // ChainExport
    struct Export {
        std::shared_ptr<OutputFile> file;
        std::deque<Bytes> parts;
        std::uint64_t queued = 0;    ///< bytes of `parts`
        bool writing = false;
        bool ended = false;
    };
    std::unique_ptr<Export> exporting;
    bool export_unsupported = false;
};

}    // namespace filfil::node
