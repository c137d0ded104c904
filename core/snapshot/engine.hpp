// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/executor.hpp"
#include "base/random.hpp"
#include "car/reader.hpp"
#include "chain/head_change.hpp"
#include "snapshot/block_store.hpp"
#include "snapshot/chain_view.hpp"
#include "snapshot/layout.hpp"
#include "snapshot/spine.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

namespace filfil::snapshot {

/// The finality of Filecoin's expected consensus, in epochs (lotus policy.ChainFinality).
inline constexpr std::int64_t chain_finality = 900;

struct EngineOptions {
    StoreOptions store;
    std::int64_t recent_stateroots = 2000;    ///< N: state and messages of (head - N, head] are kept
    std::int64_t slack = chain_finality;      ///< so many epochs more, for heads that go back
    bool keep_all_messages = false;           ///< for snapshots that hold the messages of all epochs
    LinkLimits link;
};

/// A tipset by what people and nodes call it. Exactly one is set.
struct TipsetChoice {
    chain::TipsetKey key{};
    std::optional<Epoch>
        epoch{};    ///< the tipset of this epoch on the head's chain; of a null round, the one before it
};

struct EngineStats {
    StoreStats store;
    chain::TipsetKey head;
    Epoch epoch;
    std::uint64_t headers = 0;    ///< of the chain and its forks
    std::uint64_t tipsets = 0;    ///< in the tree of recent ones, forks included
    std::uint64_t holds = 0;
};

struct LoadOptions {
    TipsetChoice head;    ///< empty: the roots of the CAR
    bool check_hashes = true;
    Progress* progress = nullptr;    ///< told of the bytes of the file
    std::stop_token stop{};
};

struct LoadReport {
    std::uint64_t blocks = 0;     ///< distinct ones in the CAR
    std::uint64_t bytes = 0;      ///< of its sections
    std::uint64_t dropped = 0;    ///< blocks that nothing kept leads to
    double read_seconds = 0;      ///< reading, checking hashes, taking in
    double count_seconds = 0;     ///< counting links from the roots
};

/// The blocks of a chain that snapshots need, kept in step with its head.
///
/// What is kept: all headers down to genesis; the genesis state; and for each tipset of every fork within N + slack
/// epochs of the head the state it starts from and its messages. Everything of a fork that left the chain more than
/// `slack` epochs ago goes away.
///
/// One thread follows the chain: apply(), add(), set_head(), tick(). Holds, layouts and statistics may be asked for by
/// any thread at any time; the follower waits for them only while pins are set.
class Engine {
public:
    /// How many epochs are kept: see EngineOptions.
    struct Window {
        std::int64_t recent_stateroots = 0;
        std::int64_t slack = 0;
        bool operator==(const Window&) const = default;
    };

    /// What an engine consists of beside its blocks: enough to build it again from them.
    struct Saved {
        struct Tipset {
            chain::TipsetKey key;
            bool states = false;        ///< pinned
            bool messages = false;      ///< pinned
            bool from_spine = false;    ///< stood in the spine before the head went back below it
        };
        struct Held {
            std::uint64_t number = 0;
            chain::TipsetKey key;
            std::int64_t recent_stateroots = 0;
        };
        chain::TipsetKey head;
        std::vector<Tipset> tree;    ///< lowest epoch first
        std::vector<Held> holds;
        std::uint64_t next_hold = 1;
        bool keep_all_messages = false;
        Window window;
        std::vector<ipld::Cid> kept;       ///< headers that stand in no tipset any more
        std::vector<ipld::Cid> passing;    ///< roots that nothing but layouts kept at that time
    };

    /// @param clock times the report of a load; both must outlive the engine
    Engine(const EngineOptions& options, Random& random, const Clock& clock);
    ~Engine();
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;

    /// Fills an empty engine from a CAR, blocks in any order, checking every hash on all of the executor's threads.
    /// Epochs older than the CAR's own N may be missing; those of (head - recent_stateroots, head] may not.
    /// @return Error::not_found naming the first block that is missing, headers before all others and else in canonical
    /// order, and the header that leads to it; Error::mismatch for a wrong hash; what Reader gives. The engine is empty
    /// again then
    Result<LoadReport> load(car::Reader& reader, Executor& executor, const LoadOptions& options = {});

    /// Starts an empty engine at a tipset whose chain of headers, state and messages the source has.
    Result<void> start(const chain::TipsetKey& head, BlockSource& source);

    /// Takes one head change as a whole: reverts, then what is applied, with all blocks they need from `source`. Keys
    /// and epochs must be those of the headers. After an error everything is as it was before (blocks that were fetched
    /// die with the next ticks).
    /// @return Error::invalid_argument for a change that does not begin at the head, not_found for an unknown tipset,
    /// else what linking gives
    Result<void> apply(std::span<const chain::HeadChange> changes, BlockSource& source);

    /// The engine as it is at this moment, and what lets everything in it stay until it is laid out.
    /// Frees first what died.
    struct Frozen;
    Result<std::unique_ptr<Frozen>> freeze();

    /// What restore() needs beside the blocks, without what only layouts keep.
    [[nodiscard]] Saved saved() const;

    /// Whether every block that is stored is there because of a root that lasts: none waits to be freed, and no layout
    /// keeps any.
    [[nodiscard]] bool settled() const;

    /// A layout of all blocks of a frozen engine: first the snapshot of its head, then what else is kept.
    Result<std::unique_ptr<Layout>> lay_out_all(std::unique_ptr<Frozen> frozen, std::stop_token stop = {}) const;

    /// Fills an empty engine with the blocks of such a layout. Its window is the one that was saved, and what only
    /// layouts kept stays until drop_passing(): so it has every block that the saved one had.
    /// @return as load(); Error::unsupported where messages were kept otherwise than the options ask for
    Result<LoadReport> restore(const Saved& saved, car::Reader& reader, Executor& executor,
                               const LoadOptions& options = {});
    void drop_passing();

    /// Another window. Less is kept from the next change on; where more is to be kept, the next change fetches it.
    void set_window(const Window& window);
    [[nodiscard]] Window window() const;

    /// Frees at most `budget` dead blocks, or moves what is left of a segment. @return true if there was nothing to do
    Result<bool> tick(std::uint64_t budget = 10'000, Tidiness tidiness = Tidiness::quick);

    /// tick() until nothing is left to do.
    Result<void> settle(Tidiness tidiness = Tidiness::quick);

    /// Keeps the state and messages of (E - N, E] below a tipset until it is released, wherever the head goes.
    /// @return its number. Error::not_found where a part of it is no longer kept
    Result<std::uint64_t> hold(const TipsetChoice& tipset, std::int64_t recent_stateroots);
    Result<void> release(std::uint64_t hold);

    /// A hold under the number that it had before a restart. @return as hold(); Error::invalid_argument if it is taken
    Result<std::uint64_t> hold_as(const Saved::Held& held);

    /// Lays a snapshot out. Takes the time of one walk, during which the chain may be followed on; the layout keeps its
    /// blocks until it is destroyed, which must be before the engine.
    /// @return Error::not_found where a part of it is no longer kept; what walk_canonical gives
    Result<std::unique_ptr<Layout>> layout(const TipsetChoice& tipset, const LayoutOptions& options);

    /// The same for the tipset of a hold.
    Result<std::unique_ptr<Layout>> layout_of_hold(std::uint64_t hold, const LayoutOptions& options);

    [[nodiscard]] EngineStats stats() const;

    /// The key of a tipset of the head's chain. @return Error::not_found where it is not known
    Result<chain::TipsetKey> find(const TipsetChoice& tipset) const;

    /// All roots that are pinned, and how often each is.
    [[nodiscard]] std::vector<std::pair<ipld::Cid, std::uint32_t>> pins() const;

    /// CIDs of all headers that are kept, each as often as it is counted.
    [[nodiscard]] std::vector<ipld::Cid> headers() const;

    /// Counts everything anew; the follower waits.
    BlockStore::AuditReport audit(bool repair);

    /// For tests, and for sources that serve what is here.
    [[nodiscard]] const BlockStore& store() const noexcept { return *m_store; }

private:
    struct Node;
    struct Hold;
    struct Change;
    struct Rung;
    struct Held;
    static constexpr std::uint64_t first_layout = std::uint64_t{1} << 63;    ///< numbers of holds below are people's
    using Nodes = std::map<chain::TipsetKey, std::unique_ptr<Node>>;
    using ReadBlock = std::function<Result<SectionRef>(const ipld::Cid&)>;

    // engine.cpp: following the chain
    Result<void> run(std::span<const chain::HeadChange> changes, BlockSource& source, Change& change);
    Result<Node*> step_back(Node& head, const chain::HeadChange& step, Change& change);
    Result<Node*> step_on(Node& head, const chain::HeadChange& step, BlockSource& source, Change& change);
    Result<chain::Tipset> fetch_tipset(const chain::TipsetKey& key, BlockSource& source,
                                       std::vector<Bytes>& data) const;
    Result<Node*> add_node(const chain::TipsetKey& key, Node& parent, BlockSource& source, Change& change);
    Result<void> pin_node(Node& node, BlockSource& source, Change& change);
    Result<Node*> below(Node& node, Change& change);
    Result<void> complete(Node& head, BlockSource& source, Change& change);
    void undo(Change& change);
    void trim();
    void unpin_node(Node& node, bool messages);
    void forget(Node& node);
    Result<std::shared_ptr<const TipsetRoots>> roots_of(std::span<const SectionRef> headers) const;
    [[nodiscard]] chain::TipsetKey key_of(std::span<const SectionRef> headers) const;
    [[nodiscard]] std::vector<SectionRef> header_pins() const;
    [[nodiscard]] bool recent(Epoch epoch, Epoch head) const noexcept {
        return epoch.value > head.value - m_options.recent_stateroots;
    }

    // engine_load.cpp: the first chain
    Result<LoadReport> load_all_of(car::Reader& reader, Executor& executor, const LoadOptions& options);
    Result<void> read_all(car::Reader& reader, Executor& executor, const LoadOptions& options, LoadReport& report);
    Result<Rung> read_rung(const chain::TipsetKey& key, chain::TipsetOrder order, const ReadBlock& read) const;
    using InTree = std::function<bool(const chain::Tipset&)>;
    Result<void> take_chain(const chain::TipsetKey& key, const TipsetChoice& head, const ReadBlock& read,
                            const InTree& in_tree);
    Result<Node*> take_node(const chain::Tipset& tipset, const ReadBlock& read);
    [[nodiscard]] ReadBlock read_from_store() const;
    Result<void> take_genesis(const chain::Tipset& genesis, const ReadBlock& read);
    Result<void> count_all();
    Result<void> link_all(BlockSource& source);
    void clear();

    // engine_save.cpp: what a restart needs
    [[nodiscard]] Saved saved_locked() const;
    [[nodiscard]] std::vector<ipld::Cid> passing_roots() const;
    Result<void> restore_tree(const Saved& saved, const ReadBlock& read);
    Result<void> restore_holds(const Saved& saved, const ReadBlock& read);
    Result<void> restore_rest(const Saved& saved, const ReadBlock& read);

    // engine_layout.cpp: holds and layouts
    Result<ChainView> view(const TipsetChoice& tipset) const;
    Result<Hold> make_hold(ChainView view, std::int64_t recent_stateroots, bool old_messages) const;
    Result<std::uint64_t> hold_view(ChainView view, std::int64_t recent_stateroots, bool old_messages,
                                    std::uint64_t& next);
    Result<void> release_locked(std::uint64_t hold);
    Result<Held> hold_for_layout(ChainView chain, const LayoutOptions& options);
    Result<std::unique_ptr<Layout>> lay_out(Held held, const LayoutOptions& options) const;

    EngineOptions m_options;
    const Clock& m_clock;
    mutable std::mutex m_mutex;    ///< pins, tree, spine, holds
    std::unique_ptr<BlockStore> m_store;
    Nodes m_nodes;
    Spine m_spine;
    std::vector<SectionRef> m_kept;    ///< blocks counted like headers that stand in no spine: the genesis's parent, …
    std::size_t m_genesis_parents = 0;    ///< so many of them, the first
    Node* m_head = nullptr;
    std::vector<ipld::Cid> m_genesis_states;
    std::optional<Error> m_genesis_fault;    ///< its parent is missing
    std::vector<ipld::Cid>
        m_old_messages;    ///< roots below the tree, where all messages are kept; newest first until counted
    std::map<std::uint64_t, Hold> m_holds;
    std::uint64_t m_next_hold = 1;
    std::uint64_t m_next_layout = first_layout;    ///< the same for holds of layouts
    std::optional<std::uint64_t> m_passing;        ///< the hold of what only layouts kept before a restart
};

}    // namespace filfil::snapshot
