// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/random.hpp"
#include "snapshot/arena.hpp"
#include "snapshot/block_index.hpp"
#include "snapshot/block_source.hpp"
#include "snapshot/section_view.hpp"
#include "snapshot/staging.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

namespace filfil::snapshot {

struct StoreOptions {
    ArenaOptions arena;
    /// Bytes of sections and index together. Asked before anything comes in: what the index then grows by may pass it
    /// by a little, at most the half of one of its 32 shards.
    std::uint64_t memory_limit = ~std::uint64_t{0};
};

/// How much dead memory may stay where it is. What lives between has to be moved before it can be given back, and the
/// less is to stay the more has to be moved.
enum class Tidiness : std::uint8_t {
    quick,       ///< half of a segment: for while there is something else to do
    thorough,    ///< one part in a hundred of what lives
};

struct StoreStats {
    std::uint64_t live_blocks = 0;    ///< with at least one link or pin
    std::uint64_t live_bytes = 0;     ///< of their sections: what a CAR of them has behind its header
    std::uint64_t dying = 0;          ///< blocks that wait for collect(); what only they link to still counts as live
    std::uint64_t stored_blocks = 0;
    std::uint64_t pins = 0;             ///< distinct roots
    std::uint64_t arena_bytes = 0;      ///< memory of the segments
    std::uint64_t written_bytes = 0;    ///< of it, what was written: the rest takes no memory yet
    std::uint64_t left_bytes = 0;       ///< of them too, what is kept for leases alone: its sections were moved
    std::uint64_t index_bytes = 0;
    std::uint64_t leases = 0;
};

/// Blocks in memory, each with the number of links and pins that lead to it. Blocks are known by their whole CID: one
/// digest may stand under two codecs, and then names two blocks.
///
/// The rule that everything else rests on: a block with a count has all blocks that it links to, and each of them
/// counts that link. So a tree is complete as soon as its root is pinned, and goes away, block by block, when it no
/// longer is.
///
/// One thread writes, or several in turns; the caller sees to that. Readers need a Reader and a root that stays pinned;
/// they never make the writer wait.
class BlockStore {
public:
    explicit BlockStore(const StoreOptions& options, Random& random);

    // Loading: blocks come in any order and are counted afterwards, all at once.

    /// Takes a block as it is, without links or pins; one that is there already is left alone.
    /// @return where it lies; Error::too_large at the memory limit
    /// @param leaf the block is known to have no links to blocks
    Result<SectionRef> insert(Shelf shelf, ByteView cid, ByteView data, bool leaf = false);

    /// A pin on a block that was inserted, counting all blocks below that no pin had reached before.
    /// @return Error::not_found with the first block that is missing in the order of this pass, or what the link scan
    /// says of a broken block. Counts are then wrong: the store is of no more use
    Result<void> count_from(const ipld::Cid& root);

    /// Drops what nothing leads to. @return how many blocks
    std::uint64_t drop_uncounted();

    // Living with the chain.

    /// Fetches all that is missing below `roots`, checks every hash, and only then takes it in and pins each root (as
    /// often as it is named). A root that is an identity CID or no block stands for the blocks inlined in it, if any.
    /// After an error the store is as it was before.
    /// @return Error::not_found, mismatch, corrupt, too_large, or what the source gives, naming the block and the root
    Result<LinkReport> link(std::span<const ipld::Cid> roots, BlockSource& source, const LinkLimits& limits = {});

    /// The first half of link(): nothing of the store changes yet, and other threads may pin and unpin meanwhile.
    Result<Staging> stage(std::span<const ipld::Cid> roots, BlockSource& source, const LinkLimits& limits = {});

    /// The second half, with the same roots. Between the two nothing may be collected.
    Result<LinkReport> commit(const Staging& staging, std::span<const ipld::Cid> roots);

    /// Whether all these roots are there, and so complete: pin() would take them.
    [[nodiscard]] bool has_all(std::span<const ipld::Cid> roots) const;

    /// Pins roots that are complete already. @return Error::not_found if one is not there; then nothing is pinned
    Result<void> pin(std::span<const ipld::Cid> roots);

    /// Takes pins away; blocks die with collect(). @return Error::invalid_argument if one is not pinned as often as it
    /// is named; then nothing is unpinned
    Result<void> unpin(std::span<const ipld::Cid> roots);

    /// Takes a block header of the chain, or counts it once more; what it links to is not counted for it.
    Result<SectionRef> pin_header(ByteView cid, ByteView data);

    /// Gives such a pin back.
    void unpin_header(SectionRef header);

    /// Takes every block out, whatever is pinned. No reader and no lease may be there.
    void clear();

    /// Counts a header once more that is pinned already.
    void pin_header_again(SectionRef header) noexcept { add_link(entry(at(header).cid)); }

    /// Frees at most `budget` blocks that died. @return true if none is left
    bool collect(std::uint64_t budget);

    /// Moves what lives in the segment with the most dead bytes, where those are too many, and gives its memory back:
    /// once no lease is held any more that was there when sections of it stood there. Does nothing while places are
    /// leased or blocks are dying, or where the memory limit leaves no room to move to.
    /// @return true if there was one
    Result<bool> compact(Tidiness tidiness = Tidiness::quick);

    /// Makes memory ready for about as many bytes of blocks, so that linking them does not wait for the system.
    void touch_ahead(std::uint64_t bytes) noexcept { m_arena->touch_ahead(Shelf::blocks, bytes); }

    // Reading.

    /// Looks blocks up while the writer goes on. What it finds stays where it is as long as a pin leads to it and
    /// places are leased.
    class Reader {
    public:
        explicit Reader(const BlockStore& store) : m_store(store), m_guard(*store.m_reclaimer) {}

        /// @return the block, or nothing
        [[nodiscard]] std::optional<SectionView> find(ByteView cid) const noexcept;
        [[nodiscard]] const BlockIndex& index() const noexcept { return *m_store.m_index; }
        [[nodiscard]] const Arena& arena() const noexcept { return *m_store.m_arena; }

    private:
        const BlockStore& m_store;
        Reclaimer::Guard m_guard;
    };

    /// While one is held, pinned sections keep their places. To be made by the writer; the rest is thread-safe.
    class Lease {
    public:
        explicit Lease(const BlockStore& store);
        ~Lease();
        Lease(const Lease&) = delete;
        Lease& operator=(const Lease&) = delete;

        /// Sections may move from now on. What stood at a place when the lease was made can still be read there.
        void let_move();

    private:
        const BlockStore* m_store;
        std::uint64_t m_number = 0;
        bool m_places = true;
    };

    /// A section whose place is known.
    [[nodiscard]] SectionView at(SectionRef section) const noexcept {
        return view_section(m_arena->at(section.offset()));
    }
    [[nodiscard]] const Arena& arena() const noexcept { return *m_arena; }

    /// For the writer only: what is stored under a CID, dying blocks and uncounted ones too.
    [[nodiscard]] std::optional<SectionView> stored(ByteView cid) const noexcept;
    [[nodiscard]] std::optional<SectionRef> stored_ref(ByteView cid) const noexcept;

    [[nodiscard]] StoreStats stats() const noexcept;

    /// Roots, and how often each is pinned.
    [[nodiscard]] const std::unordered_map<ipld::Cid, std::uint32_t>& pins() const noexcept { return m_pins; }

    /// Calls `visit(SectionView, links)` for every stored block, in no order. For the writer only.
    void for_each(const std::function<void(const SectionView&, std::uint32_t)>& visit);

    struct AuditReport {
        std::uint64_t blocks = 0;          ///< looked at
        std::uint64_t wrong_counts = 0;    ///< blocks with a count that is not the number of links and pins to them
        std::uint64_t orphans = 0;         ///< blocks with a count that no pin leads to
        std::uint64_t missing = 0;         ///< links of blocks that a pin leads to, to blocks that are not there
        std::optional<ipld::Cid> first_wrong;
        std::optional<ipld::Cid> first_missing;
        [[nodiscard]] bool good() const noexcept { return wrong_counts == 0 && orphans == 0 && missing == 0; }
    };

    /// Counts everything anew by walking from the pins, and compares. The writer waits meanwhile; dying blocks are
    /// freed first.
    /// @param headers all pins on headers, as often as they were made
    /// @param repair sets wrong counts right and drops orphans
    AuditReport audit(std::span<const SectionRef> headers, bool repair);

private:
    using Entry = BlockIndex::Entry;

    Result<void> allow(Shelf shelf, std::uint64_t footprint, std::uint64_t largest, std::uint64_t blocks);
    Entry entry(ByteView cid) const noexcept { return m_index->entry(m_index->hash(cid), cid); }
    void add_link(const Entry& entry) noexcept;
    void take_link(const Entry& entry);
    Result<void> take_in(const Staging& staging);
    void free_block(ArenaOffset offset);

    /// Leases up to one that was there at some time, and still are, on segments that were there before them.
    [[nodiscard]] bool leased(std::uint64_t last_lease, std::uint64_t segment_opened) const;
    void drop_left();

    template <class Take>
    Result<void> for_children(ByteView data, Take&& take);
    template <class Take>
    Result<void> for_known_children(ByteView data, Take&& take);

    std::unique_ptr<Reclaimer> m_reclaimer;
    std::unique_ptr<Arena> m_arena;
    std::unique_ptr<BlockIndex> m_index;
    const std::uint64_t m_limit;
    std::unordered_map<ipld::Cid, std::uint32_t> m_pins;
    std::vector<ArenaOffset> m_dying;
    std::uint64_t m_live_blocks = 0;
    std::uint64_t m_live_bytes = 0;

    struct Leases {
        std::mutex mutex;
        std::map<std::uint64_t, std::uint64_t> held;    ///< by number: how many segments had been opened before it
        std::uint64_t last = 0;
        std::uint64_t places = 0;    ///< of them, those under which nothing moves
    };
    mutable Leases m_leases;

    /// A segment whose sections were moved, which somebody may still read.
    struct Left {
        std::size_t segment;
        std::uint64_t opened;        ///< when it was opened
        std::uint64_t last_lease;    ///< those that came later know the new places
    };
    std::vector<Left> m_left;

    /// Children of the block that is worked on: kept for their memory.
    struct Child {
        std::uint64_t hash;
        ByteView cid;
    };
    std::vector<Child> m_children;
    std::vector<Entry> m_entries;
};

}    // namespace filfil::snapshot
