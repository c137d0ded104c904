// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/units.hpp"
#include "base/world.hpp"
#include "node/profile.hpp"
#include "snapshot/durable_engine.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace filfil::node {

/// A node and what it lets one in with.
struct NodeAddress {
    Url url;              ///< ws(s) to be told of head changes; http(s): the head is asked for now and then
    std::string token;    ///< "" for none: reading needs none
};

/// How far the engine is in step with the network; names as they stand in `fil-fil status`.
enum class SyncState : std::uint8_t {
    bootstrapping,         ///< the first chain is being taken in
    catching_up,           ///< behind the node's head, and getting nearer
    synced,                ///< at the node's head
    node_lost,             ///< no node answers
    rebootstrap_needed,    ///< what is missing cannot be read from a node any more: a new snapshot is needed
    failed,                ///< goes on only when someone changes something: see `why` and `remedy`
};

std::string_view name_of(SyncState state) noexcept;

struct FollowerOptions {
    std::vector<NodeAddress> nodes;    ///< the first that answers and is on the right network is followed
    Profile network;
    std::size_t reads_in_flight = 128;    ///< ChainReadObj on their way at once, on a connection of their own
    std::size_t log_ahead = MiB;          ///< bytes of blocks that go to the engine's log while others are read
    std::size_t tipsets_at_once = 16;     ///< whose blocks are read side by side while catching up
    std::uint64_t migration_blocks = 2'000'000;    ///< new blocks of one tipset: more is a migration of the state
    std::uint64_t bootstrap_blocks = 4'000'000;    ///< of a bootstrap by reading block by block
    Clock::Duration retry_least = std::chrono::milliseconds(500);    ///< doubled with each failure in a row
    Clock::Duration retry_most = std::chrono::seconds(60);
    Clock::Duration poll = std::chrono::seconds(5);    ///< of the head, where nothing tells of its changes
    unsigned read_attempts = 12;    ///< so often in a row a block is asked for before the node is said not to have it
    bool finality_from_f3 = true;
    bool bootstrap_from_node = false;    ///< where the engine is empty; else that is a failure
    std::string export_path{};           ///< where ChainExport's stream is kept while it is loaded; "": block by block
};

struct FollowerStatus {
    SyncState state = SyncState::bootstrapping;
    std::string why{};    ///< one sentence, where there is something to say
    std::string remedy{};
    std::string node{};    ///< URL without secrets; "" where none is connected
    std::string node_version{};
    Epoch node_head;                     ///< of the node that is followed; where it was last
    Epoch synced;                        ///< of the engine
    std::int64_t lag = 0;                ///< epochs between the two
    std::int64_t behind_clock = 0;       ///< epochs between the node's head and what the clock says: the node is behind
    std::optional<Epoch> finalized{};    ///< that cannot be reverted any more
    bool finality_from_f3 = false;       ///< or head - 900
    double bootstrap_progress = 0;       ///< 0 to 1 while bootstrapping from a node, where it is known

    // Since the start.
    std::uint64_t head_changes = 0;    ///< arrays applied
    std::uint64_t tipsets = 0;         ///< applied
    std::uint64_t reverted = 0;        ///< tipsets
    std::uint64_t connects = 0;
    std::uint64_t blocks_read = 0;
    std::uint64_t bytes_read = 0;
    std::uint64_t wrong_answers = 0;    ///< bytes that had another hash, JSON that was none, …

    // Of the last head change.
    std::uint64_t last_blocks = 0;
    std::uint64_t last_bytes = 0;
    double last_read_seconds = 0;     ///< from the first request to the last byte
    double last_apply_seconds = 0;    ///< from the last byte until it was applied and durable
};

/// Told on the loop.
class FollowerEvents {
public:
    virtual ~FollowerEvents() = default;

    /// The engine has another head: `changes` were applied, all of them.
    virtual void on_head(const chain::HeadChanges& changes) = 0;

    /// Another state, another `why`, another node, another finalized epoch.
    virtual void on_state() = 0;
};

/// Keeps an engine in step with a node: connects, checks that the chain is the right one, subscribes to head changes
/// first, catches up with the path from the engine's head to the node's, then applies what came meanwhile; reads what
/// is missing side by side, hash by hash; after any failure begins anew where it stands, with the next node. Nothing is
/// ever taken from a node that does not have the hash it was asked for, so no node can make the engine's content wrong,
/// only late.
///
/// Lives on the loop: all methods are called there. The engine changes on the workers, one operation at a time, and
/// dead blocks are freed in between.
class Follower {
public:
    /// All must outlive the follower; the engine is opened, and may be empty (see bootstrap_from_node).
    Follower(World& world, snapshot::DurableEngine& engine, FollowerOptions options, FollowerEvents& events);

    /// Nothing may be running on the workers for it: call stop() first and wait for it.
    ~Follower();

    void start();

    /// Ends all connections; `stopped` is called on the loop when nothing runs on the workers any more.
    void stop(std::function<void()> stopped);

    [[nodiscard]] const FollowerStatus& status() const noexcept;

    /// Tries at once again what waits for its next attempt, e.g. after `failed`.
    void retry();

private:
    struct Impl;
    std::shared_ptr<Impl> m_impl;
};

}    // namespace filfil::node
