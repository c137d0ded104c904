// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "snapshot/block_index.hpp"

#include "snapshot/pages.hpp"
#include "snapshot/section_view.hpp"

#include <algorithm>
#include <cmath>
#include <new>

namespace filfil::snapshot {
namespace {

/// The next size of a shard's table: half as much again.
std::uint32_t grown(std::uint32_t homes) noexcept { return homes + homes / 2; }

/// Of the homes, how many may be in use before the table grows.
std::uint32_t most_used(std::uint32_t homes) noexcept {
    return static_cast<std::uint32_t>(std::uint64_t{homes} * 4 / 5);
}

}    // namespace

std::uint32_t BlockIndex::Table::slots_for(std::uint32_t homes) noexcept {
    // Room for entries pushed behind the last home, and the empty slot at the end.
    return homes + std::max<std::uint32_t>(8, homes / 256) + 1;
}

std::uint64_t BlockIndex::Table::bytes_for(std::uint32_t homes) noexcept {
    return std::uint64_t{slots_for(homes)} * (sizeof(std::uint64_t) + sizeof(BlockCount));
}

std::unique_ptr<BlockIndex::Table> BlockIndex::Table::make(std::uint32_t homes) noexcept {
    std::unique_ptr<Table> out(new (std::nothrow) Table);
    if (!out) return nullptr;
    out->bytes = bytes_for(homes);
    out->memory = map_pages(out->bytes, true);
    if (out->memory == nullptr) return nullptr;
    out->homes = homes;
    out->slots = slots_for(homes);
    return out;
}

BlockIndex::Table::~Table() {
    if (memory != nullptr) unmap_pages(memory, bytes);
}

std::uint32_t BlockIndex::Table::put(std::uint64_t entry, BlockCount its_count) const noexcept {
    const std::uint32_t tag = tag_in(entry);
    std::uint32_t at = home(tag);
    for (std::uint64_t there = 0; (there = slot(at).load(std::memory_order_relaxed)) != 0 && tag_in(there) <= tag; ++at)
        if (at + 2 >= slots) return slots;
    std::uint32_t end = at;
    while (slot(end).load(std::memory_order_relaxed) != 0) ++end;
    if (end + 1 >= slots) return slots;
    for (std::uint32_t i = end; i > at; --i) {
        slot(i).store(slot(i - 1).load(std::memory_order_relaxed), std::memory_order_release);
        count(i) = count(i - 1);
    }
    slot(at).store(entry, std::memory_order_release);
    count(at) = its_count;
    return at;
}

BlockIndex::BlockIndex(const Arena& arena, Reclaimer& reclaimer, std::pair<std::uint64_t, std::uint64_t> key)
    : m_arena(arena),
      m_reclaimer(reclaimer),
      m_key(key.first, key.second | 1),
      m_owned(std::make_unique<Shard[]>(shards)),
      m_shards(m_owned.get(), shards) {}

BlockIndex::~BlockIndex() {
    for (Shard& shard : m_shards) delete shard.table.load();
}

std::uint64_t BlockIndex::hash_short(ByteView cid) const noexcept {
    std::uint64_t a = 0;
    std::uint64_t b = 0;
    std::memcpy(&a, cid.data(), std::min<std::size_t>(cid.size(), 8));
    if (cid.size() > 8) std::memcpy(&b, cid.data() + 8, std::min<std::size_t>(cid.size() - 8, 8));
    return finish(a, b, cid.size() > 1 ? std::to_integer<std::uint64_t>(cid[1]) : 0);
}

bool BlockIndex::is_at(ArenaOffset offset, ByteView cid) const noexcept {
    const std::byte* section = m_arena.at(offset);
    return std::memcmp(section + section_prefix(section), cid.data(), cid.size()) == 0;
}

std::uint32_t BlockIndex::place(const Table& table, std::uint32_t tag, ByteView cid) const noexcept {
    for (std::uint32_t at = table.home(tag);; ++at) {
        const std::uint64_t slot = table.slot(at).load(std::memory_order_acquire);
        if (slot == 0 || tag_in(slot) > tag) return table.slots;
        if (tag_in(slot) == tag && is_at(offset_of(slot), cid)) return at;
    }
}

BlockIndex::Hit BlockIndex::find(std::uint64_t hash, ByteView cid) const noexcept {
    const Shard& shard = shard_of(hash);
    const std::uint32_t tag = tag_of(hash);
    for (;;) {
        const std::uint32_t version = shard.version.load(std::memory_order_acquire);
        if ((version & 1) != 0) continue;
        Hit found;
        if (const Table* table = shard.table.load(std::memory_order_acquire)) {
            for (std::uint32_t at = table->home(tag);; ++at) {
                const std::uint64_t slot = table->slot(at).load(std::memory_order_acquire);
                if (slot == 0 || tag_in(slot) > tag) break;
                if (tag_in(slot) == tag && is_at(offset_of(slot), cid)) {
                    found = hit_of(slot);
                    break;
                }
            }
        }
        // The loads above are acquiring, so a change that any of them saw shows in the version by now.
        if (shard.version.load(std::memory_order_relaxed) == version) return found;
    }
}

BlockIndex::Entry BlockIndex::entry(std::uint64_t hash, ByteView cid) noexcept {
    const Table* table = shard_of(hash).table.load(std::memory_order_relaxed);
    if (table == nullptr) return {};
    const std::uint32_t at = place(*table, tag_of(hash), cid);
    if (at == table->slots) return {};
    return entry_at(*table, at);
}

std::uint64_t BlockIndex::ordinals() {
    std::uint64_t next = 0;
    for (Shard& shard : m_shards) {
        Table* table = shard.table.load(std::memory_order_relaxed);
        if (table == nullptr) continue;
        table->first_ordinal = next;
        next += table->slots;
    }
    return next;
}

BlockIndex::Place BlockIndex::locate(std::uint64_t hash, ByteView cid) const noexcept {
    const Table* table = shard_of(hash).table.load(std::memory_order_relaxed);
    if (table == nullptr) return {};
    const std::uint32_t at = place(*table, tag_of(hash), cid);
    if (at == table->slots) return {};
    return {offset_of(table->slot(at).load(std::memory_order_relaxed)), &table->count(at), table->first_ordinal + at};
}

Result<void> BlockIndex::make_room(Shard& shard, std::size_t number, std::uint32_t more) {
    Table* old = shard.table.load(std::memory_order_relaxed);
    const std::uint32_t used = old == nullptr ? 0 : old->used;
    // Shards begin with different sizes, spread over one step of growth, so that they do not all grow at once.
    std::uint32_t homes = old == nullptr ? 128 + static_cast<std::uint32_t>(64 * number / shards) : old->homes;
    while (most_used(homes) < used + more) homes = grown(homes);
    for (;; homes = grown(homes)) {
        if (old != nullptr && homes == old->homes) return {};
        std::unique_ptr<Table> table = Table::make(homes);
        if (!table)
            return Error(ErrorCode::too_large,
                         "the system gives no more memory for the index of " + std::to_string(size()) + " blocks",
                         "free memory, keep fewer epochs, or use a machine with more");
        bool fits = true;
        for (std::uint32_t i = 0; old != nullptr && fits && i < old->slots; ++i)
            if (const std::uint64_t slot = old->slot(i).load(std::memory_order_relaxed))
                fits = table->put(slot, old->count(i)) != table->slots;
        if (!fits) continue;
        table->used = used;
        m_bytes += Table::bytes_for(homes);
        {
            const Change change(shard);
            shard.table.store(table.release(), std::memory_order_release);
        }
        if (old != nullptr) {
            m_bytes -= Table::bytes_for(old->homes);
            m_reclaimer.retire([old] { delete old; });
        }
        return {};
    }
}

Result<void> BlockIndex::reserve(std::uint64_t blocks) {
    // Hashes spread blocks evenly: a shard gets its part of them, and eight standard deviations more at most.
    const auto part = static_cast<double>(blocks) / shards;
    const auto more = static_cast<std::uint32_t>(part + 8 * std::sqrt(part) + 8);
    if (blocks < shards) return {};
    for (std::size_t i = 0; i < shards; ++i) FILFIL_CHECK(make_room(m_shards[i], i, more));
    return {};
}

Result<BlockIndex::Entry> BlockIndex::insert(std::uint64_t hash, ArenaOffset offset, bool leaf) {
    Shard& shard = shard_of(hash);
    const std::size_t number = hash >> (64 - shard_bits);
    const std::uint64_t entry = std::uint64_t{tag_of(hash)} << tag_shift | (leaf ? leaf_bit : 0) | offset / 8;
    Table* table = shard.table.load(std::memory_order_relaxed);
    std::uint32_t at = 0;
    if (table == nullptr || table->used >= most_used(table->homes)) {
        FILFIL_CHECK(make_room(shard, number, 1));
        table = shard.table.load(std::memory_order_relaxed);
    }
    for (;;) {
        {
            const Change change(shard);
            at = table->put(entry, BlockCount{});
        }
        if (at != table->slots) break;
        // No room behind the last home: rare, and mended by any larger table.
        FILFIL_CHECK(make_room(shard, number, most_used(table->homes) - table->used + 1));
        table = shard.table.load(std::memory_order_relaxed);
    }
    ++table->used;
    m_size.store(size() + 1, std::memory_order_relaxed);
    return entry_at(*table, at);
}

void BlockIndex::remove(std::uint64_t hash, ByteView cid) noexcept {
    Shard& shard = shard_of(hash);
    Table* table = shard.table.load(std::memory_order_relaxed);
    std::uint32_t at = place(*table, tag_of(hash), cid);
    const Change change(shard);
    // Those behind move up, as long as none of them comes to stand before its home.
    for (;; ++at) {
        const std::uint64_t next = table->slot(at + 1).load(std::memory_order_relaxed);
        if (next == 0 || table->home(tag_in(next)) > at) break;
        table->slot(at).store(next, std::memory_order_release);
        table->count(at) = table->count(at + 1);
    }
    table->slot(at).store(0, std::memory_order_release);
    table->count(at) = {};
    --table->used;
    m_size.store(size() - 1, std::memory_order_relaxed);
}

void BlockIndex::move(std::uint64_t hash, ArenaOffset from, ArenaOffset to) noexcept {
    Shard& shard = shard_of(hash);
    const Table* table = shard.table.load(std::memory_order_relaxed);
    const std::uint32_t tag = tag_of(hash);
    for (std::uint32_t at = table->home(tag);; ++at) {
        const std::uint64_t slot = table->slot(at).load(std::memory_order_relaxed);
        if (slot == 0) return;
        if (tag_in(slot) == tag && offset_of(slot) == from) {
            table->slot(at).store((slot & ~arena_offset_mask) | to / 8, std::memory_order_release);
            return;
        }
    }
}

}    // namespace filfil::snapshot
