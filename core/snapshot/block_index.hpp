// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/bytes.hpp"
#include "snapshot/arena.hpp"
#include "snapshot/reclaimer.hpp"

#include <array>
#include <atomic>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <utility>

namespace filfil::snapshot {

/// What is noted of a block beside its place, in 32 bits: how many links and pins lead to it, and two marks.
class BlockCount {
public:
    /// From here on a count neither grows nor shrinks: what has a thousand million links into it never dies. Empty
    /// HAMT and AMT nodes come near.
    static constexpr std::uint32_t sticky = (std::uint32_t{1} << 30) - 1;

    [[nodiscard]] std::uint32_t links() const noexcept { return m_bits & sticky; }
    void set_links(std::uint32_t links) noexcept { m_bits = (m_bits & ~sticky) | (links < sticky ? links : sticky); }
    void add() noexcept { m_bits += links() < sticky ? 1U : 0U; }

    /// Takes one away; there must be one. @return true if it was the last
    bool take() noexcept {
        if (links() == sticky) return false;
        return (--m_bits & sticky) == 0;
    }

    /// The block waits to be freed, unless something links to it again.
    [[nodiscard]] bool queued() const noexcept { return (m_bits & queued_bit) != 0; }
    void set_queued(bool on) noexcept { m_bits = on ? m_bits | queued_bit : m_bits & ~queued_bit; }

    /// The block is a header of the chain: what it links to is not counted for it.
    [[nodiscard]] bool header() const noexcept { return (m_bits & header_bit) != 0; }
    void set_header(bool on) noexcept { m_bits = on ? m_bits | header_bit : m_bits & ~header_bit; }

private:
    static constexpr std::uint32_t header_bit = std::uint32_t{1} << 30;
    static constexpr std::uint32_t queued_bit = std::uint32_t{1} << 31;
    std::uint32_t m_bits = 0;
};
static_assert(sizeof(BlockCount) == 4);

/// Finds sections of an arena by their CID, and keeps a BlockCount for each, in 12 bytes a slot.
///
/// An open-addressing table in 32 shards: so many that growing one is short, so few that what leads to them stays in
/// the first-level cache and that each is soon large enough for huge pages. A slot holds 40 bits of place and 24 bits
/// of the CID's hash; the whole CID is compared where it lies, in the arena. In a shard the home of an entry follows
/// from those 24 bits and entries stand in their order, so that growing, shrinking and deleting move slots without
/// looking at the arena, and a search for what is not there ends early. Shards grow by a half, each at its own time: no
/// operation takes long, and 62 to 80 % of the slots are in use.
///
/// One thread writes. find() may be called by any thread under a Reclaimer::Guard, at any time.
class BlockIndex {
public:
    /// @param key makes the places in the table unpredictable, so that nobody can choose CIDs that collide
    BlockIndex(const Arena& arena, Reclaimer& reclaimer, std::pair<std::uint64_t, std::uint64_t> key);
    ~BlockIndex();
    BlockIndex(const BlockIndex&) = delete;
    BlockIndex& operator=(const BlockIndex&) = delete;

    /// A CID's hash under this table's key. CIDs that differ only in their version or hash function may share one.
    [[nodiscard]] std::uint64_t hash(ByteView cid) const noexcept {
        if (cid.size() < 18) [[unlikely]]
            return hash_short(cid);
        // The digest's last 16 bytes decide; the codec, one byte, keeps a digest's raw and DAG-CBOR blocks apart.
        std::uint64_t a = 0;
        std::uint64_t b = 0;
        std::memcpy(&a, cid.data() + cid.size() - 16, sizeof a);
        std::memcpy(&b, cid.data() + cid.size() - 8, sizeof b);
        return finish(a, b, std::to_integer<std::uint64_t>(cid[1]));
    }

    /// Asks for the cache lines that a search for this hash begins with: the slot, and for the writer its count.
    void prefetch(std::uint64_t hash) const noexcept {
        if (const Table* table = shard_of(hash).table.load(std::memory_order_acquire))
            __builtin_prefetch(&table->slot(table->home(tag_of(hash))));
    }
    void prefetch_count(std::uint64_t hash) const noexcept {
        if (const Table* table = shard_of(hash).table.load(std::memory_order_acquire))
            __builtin_prefetch(&table->count(table->home(tag_of(hash))));
    }

    /// Asks for the section that a search for this hash will probably end at. To be called some time after prefetch().
    void prefetch_section(std::uint64_t hash) const noexcept {
        const Table* table = shard_of(hash).table.load(std::memory_order_acquire);
        if (table == nullptr) return;
        const std::uint32_t tag = tag_of(hash);
        for (std::uint32_t at = table->home(tag);; ++at) {
            const std::uint64_t slot = table->slot(at).load(std::memory_order_relaxed);
            if (slot == 0 || tag_in(slot) > tag) return;
            if (tag_in(slot) != tag) continue;
            const std::byte* section = m_arena.at(offset_of(slot));
            __builtin_prefetch(section);
            __builtin_prefetch(section + 64);
            return;
        }
    }

    struct Hit {
        ArenaOffset offset = 0;    ///< 0: the CID is not there
        bool leaf = false;         ///< the block is known to have no links to blocks
    };

    /// As find(), for a CID that is known to be there: then the section need not be looked at where only one block has
    /// this hash, which is nearly always.
    [[nodiscard]] Hit find_known(std::uint64_t hash, ByteView cid) const noexcept {
        const Shard& shard = shard_of(hash);
        const std::uint32_t version = shard.version.load(std::memory_order_acquire);
        const Table* table = shard.table.load(std::memory_order_acquire);
        if ((version & 1) != 0 || table == nullptr) return find(hash, cid);
        const std::uint32_t at = only_one(*table, tag_of(hash));
        if (at == table->slots) return find(hash, cid);
        const Hit out = hit_of(table->slot(at).load(std::memory_order_acquire));
        return shard.version.load(std::memory_order_relaxed) == version ? out : find(hash, cid);
    }

    /// Where the block of this CID lies, if there is one.
    [[nodiscard]] Hit find(std::uint64_t hash, ByteView cid) const noexcept;

    /// A place in the table; for the writer only, and only until the next insertion or removal.
    struct Entry {
        ArenaOffset offset = 0;    ///< 0: the CID is not there
        BlockCount* count = nullptr;
        std::atomic<std::uint64_t>* slot = nullptr;

        [[nodiscard]] bool leaf() const noexcept { return (slot->load(std::memory_order_relaxed) & leaf_bit) != 0; }

        /// The block was found to have no links to blocks: nobody need look again.
        void mark_leaf() const noexcept {
            slot->store(slot->load(std::memory_order_relaxed) | leaf_bit, std::memory_order_release);
        }
    };
    [[nodiscard]] Entry entry(std::uint64_t hash, ByteView cid) noexcept;

    /// As entry(), for a CID that is known to be there.
    [[nodiscard]] Entry entry_known(std::uint64_t hash, ByteView cid) noexcept {
        const Table* table = shard_of(hash).table.load(std::memory_order_relaxed);
        if (table == nullptr) return {};
        const std::uint32_t at = only_one(*table, tag_of(hash));
        if (at == table->slots) return entry(hash, cid);
        return entry_at(*table, at);
    }

    /// Makes sure that `blocks` more can be inserted without failing. @return Error::too_large without memory
    Result<void> reserve(std::uint64_t blocks);

    /// Adds a block that is not there yet. @return Error::too_large without memory
    Result<Entry> insert(std::uint64_t hash, ArenaOffset offset, bool leaf = false);

    /// Takes a block out; it must be there.
    void remove(std::uint64_t hash, ByteView cid) noexcept;

    /// The block moved within the arena.
    void move(std::uint64_t hash, ArenaOffset from, ArenaOffset to) noexcept;

    /// May be asked by any thread.
    [[nodiscard]] std::uint64_t size() const noexcept { return m_size.load(std::memory_order_relaxed); }

    /// Bytes of memory that the slots take.
    [[nodiscard]] std::uint64_t bytes() const noexcept { return m_bytes; }

    /// An entry and its number: each has another, below ordinals(), until the next insertion or removal.
    struct Place {
        ArenaOffset offset = 0;    ///< 0: the CID is not there
        const BlockCount* count = nullptr;
        std::uint64_t ordinal = 0;
    };

    /// Gives numbers to the entries. For the writer only. @return more than the largest number
    std::uint64_t ordinals();

    /// After ordinals(), with neither insertions nor removals in between.
    [[nodiscard]] Place locate(std::uint64_t hash, ByteView cid) const noexcept;

    /// Calls `visit(ordinal, ArenaOffset, BlockCount&)` for every block, in no order; ordinals are right after
    /// ordinals(). For the writer only.
    template <class Visit>
    void for_each(Visit&& visit) {
        for (Shard& shard : m_shards) {
            Table* table = shard.table.load(std::memory_order_relaxed);
            if (table == nullptr) continue;
            for (std::uint32_t i = 0; i < table->slots; ++i)
                if (const std::uint64_t slot = table->slot(i).load(std::memory_order_relaxed))
                    visit(table->first_ordinal + i, offset_of(slot), table->count(i));
        }
    }

private:
    static constexpr unsigned shard_bits = 5;
    static constexpr unsigned tag_bits = 24;
    static constexpr std::uint64_t leaf_bit = std::uint64_t{1} << arena_offset_bits;
    static constexpr unsigned tag_shift = arena_offset_bits + 1;
    static_assert(tag_shift + tag_bits == 64);
    static constexpr std::size_t shards = std::size_t{1} << shard_bits;

    /// Slots and counts in one run of memory. The last slot is always empty: searches end there.
    struct Table {
        std::uint32_t homes = 0;    ///< slots that can be an entry's home
        std::uint32_t slots = 0;    ///< with some behind the last home
        std::uint32_t used = 0;
        std::uint64_t first_ordinal = 0;    ///< of its first slot
        std::uint64_t bytes = 0;            ///< of memory
        std::byte* memory = nullptr;

        Table() = default;
        ~Table();
        Table(const Table&) = delete;
        Table& operator=(const Table&) = delete;

        static std::unique_ptr<Table> make(std::uint32_t homes) noexcept;
        static std::uint32_t slots_for(std::uint32_t homes) noexcept;
        static std::uint64_t bytes_for(std::uint32_t homes) noexcept;
        [[nodiscard]] std::atomic<std::uint64_t>& slot(std::uint32_t i) const noexcept {
            return reinterpret_cast<std::atomic<std::uint64_t>*>(memory)[i];
        }
        [[nodiscard]] BlockCount& count(std::uint32_t i) const noexcept {
            return reinterpret_cast<BlockCount*>(memory + std::size_t{slots} * 8)[i];
        }
        [[nodiscard]] std::uint32_t home(std::uint32_t tag) const noexcept {
            return static_cast<std::uint32_t>(std::uint64_t{tag} * homes >> tag_bits);
        }
        /// Puts an entry where its tag belongs. @return its slot, or `slots` if there is no room behind the last home
        std::uint32_t put(std::uint64_t slot, BlockCount count) const noexcept;
    };

    struct Shard {
        std::atomic<std::uint32_t> version{0};    ///< odd while entries move
        std::atomic<Table*> table{nullptr};
    };

    /// Marks a shard as changing, so that readers try again.
    class Change {
    public:
        explicit Change(Shard& shard) noexcept : m_shard(shard) { step(); }
        ~Change() { step(); }
        Change(const Change&) = delete;
        Change& operator=(const Change&) = delete;

    private:
        void step() noexcept {
            m_shard.version.store(m_shard.version.load(std::memory_order_relaxed) + 1, std::memory_order_release);
        }
        Shard& m_shard;
    };

    static ArenaOffset offset_of(std::uint64_t slot) noexcept { return (slot & arena_offset_mask) * 8; }
    static std::uint32_t tag_in(std::uint64_t slot) noexcept { return static_cast<std::uint32_t>(slot >> tag_shift); }
    static std::uint32_t tag_of(std::uint64_t hash) noexcept {
        return static_cast<std::uint32_t>(hash >> (64 - shard_bits - tag_bits)) & ((1U << tag_bits) - 1);
    }
    [[nodiscard]] Shard& shard_of(std::uint64_t hash) noexcept { return m_shards[hash >> (64 - shard_bits)]; }
    [[nodiscard]] const Shard& shard_of(std::uint64_t hash) const noexcept {
        return m_shards[hash >> (64 - shard_bits)];
    }

    static Hit hit_of(std::uint64_t slot) noexcept { return {offset_of(slot), (slot & leaf_bit) != 0}; }
    static Entry entry_at(const Table& table, std::uint32_t at) noexcept {
        return {offset_of(table.slot(at).load(std::memory_order_relaxed)), &table.count(at), &table.slot(at)};
    }

    /// The slot of the only entry with this tag; table.slots where there is none, or more than one.
    [[nodiscard]] static std::uint32_t only_one(const Table& table, std::uint32_t tag) noexcept {
        for (std::uint32_t at = table.home(tag);; ++at) {
            const std::uint64_t slot = table.slot(at).load(std::memory_order_acquire);
            if (slot == 0 || tag_in(slot) > tag) return table.slots;
            if (tag_in(slot) != tag) continue;
            const std::uint64_t next = table.slot(at + 1).load(std::memory_order_acquire);
            return next != 0 && tag_in(next) == tag ? table.slots : at;
        }
    }

    [[nodiscard]] std::uint64_t hash_short(ByteView cid) const noexcept;

    /// Both halves of a product folded together: every bit of the result depends on all bits of both.
    static std::uint64_t mix(std::uint64_t a, std::uint64_t b) noexcept {
        // The keyword keeps gcc from warning that ISO C++ has no such type.
        __extension__ using Wide = unsigned __int128;
        const auto product = static_cast<Wide>(a) * b;
        return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
    }
    [[nodiscard]] std::uint64_t finish(std::uint64_t a, std::uint64_t b, std::uint64_t codec) const noexcept {
        return mix(mix(a ^ m_key.first, b ^ m_key.second) + codec * 0x9e3779b97f4a7c15, m_key.second);
    }

    [[nodiscard]] bool is_at(ArenaOffset offset, ByteView cid) const noexcept;
    [[nodiscard]] std::uint32_t place(const Table& table, std::uint32_t tag, ByteView cid) const noexcept;
    Result<void> make_room(Shard& shard, std::size_t number, std::uint32_t more);

    const Arena& m_arena;
    Reclaimer& m_reclaimer;
    const std::pair<std::uint64_t, std::uint64_t> m_key;
    std::unique_ptr<Shard[]> m_owned;
    std::span<Shard> m_shards;
    std::atomic<std::uint64_t> m_size{0};    ///< changed by the writer only
    std::uint64_t m_bytes = 0;
};

}    // namespace filfil::snapshot
