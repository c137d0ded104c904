// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "snapshot/block_store.hpp"

#include "snapshot/children.hpp"
#include "snapshot/roots.hpp"
#include "snapshot/staging.hpp"

#include <algorithm>
#include <string>

namespace filfil::snapshot {
namespace {

/// Of Tidiness::thorough: so many times the dead bytes that may stay are the living.
constexpr std::uint64_t thorough_part = 100;

SectionRef ref_of(ArenaOffset offset, const SectionView& section) noexcept { return {offset, section.bytes.size()}; }

}    // namespace

BlockStore::BlockStore(const StoreOptions& options, Random& random)
    : m_reclaimer(std::make_unique<Reclaimer>()),
      m_arena(std::make_unique<Arena>(options.arena, *m_reclaimer)),
      m_index(std::make_unique<BlockIndex>(*m_arena, *m_reclaimer, std::pair(random.next(), random.next()))),
      m_limit(options.memory_limit) {}

Result<void> BlockStore::allow(Shelf shelf, std::uint64_t footprint, std::uint64_t largest, std::uint64_t blocks) {
    FILFIL_CHECK(m_index->reserve(blocks));
    m_arena->set_limit(m_limit > m_index->bytes() ? m_limit - m_index->bytes() : 0);
    return m_arena->reserve(shelf, footprint, largest);
}

Result<SectionRef> BlockStore::insert(Shelf shelf, ByteView cid, ByteView data, bool leaf) {
    const std::uint64_t hash = m_index->hash(cid);
    if (const Entry there = m_index->entry(hash, cid); there.offset != 0)
        return ref_of(there.offset, view_section(m_arena->at(there.offset)));
    m_arena->set_limit(m_limit > m_index->bytes() ? m_limit - m_index->bytes() : 0);
    FILFIL_TRY(const SectionRef section, m_arena->append(shelf, cid, data));
    if (auto inserted = m_index->insert(hash, section.offset(), leaf); !inserted.ok()) {
        m_arena->release(section);
        return std::move(inserted).error();
    }
    return section;
}

/// Collects the children of a block, asks for the cache lines of all, and only then looks at them: a child's slot and
/// section are two cache misses, and those of several children pass together.
template <class Take>
Result<void> BlockStore::for_children(ByteView data, Take&& take) {
    m_children.clear();
    FILFIL_CHECK(for_each_child(data, [&](ByteView cid) {
        const std::uint64_t hash = m_index->hash(cid);
        m_index->prefetch(hash);
        m_index->prefetch_count(hash);
        m_children.push_back({hash, cid});
    }));
    if (m_children.size() > 1)
        for (const Child& child : m_children) m_index->prefetch_section(child.hash);
    for (const Child& child : m_children) take(child);
    return {};
}

/// The same for a block whose children are known to be there: only those whose section take() will look at, because
/// they come to life or die with it, are asked for.
template <class Take>
Result<void> BlockStore::for_known_children(ByteView data, Take&& take) {
    m_children.clear();
    FILFIL_CHECK(for_each_child(data, [&](ByteView cid) {
        const std::uint64_t hash = m_index->hash(cid);
        m_index->prefetch(hash);
        m_index->prefetch_count(hash);
        m_children.push_back({hash, cid});
    }));
    m_entries.clear();
    for (const Child& child : m_children) {
        const Entry entry = m_index->entry_known(child.hash, child.cid);
        if (entry.count->links() < 2) __builtin_prefetch(m_arena->at(entry.offset));
        m_entries.push_back(entry);
    }
    for (const Entry& entry : m_entries) take(entry);
    return {};
}

void BlockStore::add_link(const Entry& entry) noexcept {
    if (entry.count->links() == 0) {
        ++m_live_blocks;
        m_live_bytes += view_section(m_arena->at(entry.offset)).bytes.size();
    }
    entry.count->add();
}

void BlockStore::take_link(const Entry& entry) {
    if (!entry.count->take()) return;
    --m_live_blocks;
    m_live_bytes -= view_section(m_arena->at(entry.offset)).bytes.size();
    if (entry.count->queued()) return;
    entry.count->set_queued(true);
    m_dying.push_back(entry.offset);
}

Result<void> BlockStore::count_from(const ipld::Cid& root) {
    std::vector<Entry> open;
    std::optional<Error> failure;
    const auto count = [&](ByteView cid, std::uint64_t hash) {
        if (failure) return;
        const Entry found = m_index->entry(hash, cid);
        if (found.offset == 0) {
            const auto missing = ipld::Cid::from_bytes(cid);
            failure.emplace(ErrorCode::not_found,
                            "block " + (missing.ok() ? missing->text() : to_hex(cid)) + " is missing");
            return;
        }
        const bool first = found.count->links() == 0;
        add_link(found);
        if (!first || found.count->header()) return;
        const std::byte* section = m_arena->at(found.offset);
        if (view_section(section).codec() != ipld::Codec::dag_cbor) {
            found.mark_leaf();
            return;
        }
        __builtin_prefetch(section + 128);
        open.push_back(found);
    };
    FILFIL_CHECK(for_each_root(root, [&](ByteView cid) { count(cid, m_index->hash(cid)); }));
    while (!open.empty() && !failure) {
        // Nothing is inserted meanwhile, so entries stay where they are.
        const Entry parent = open.back();
        open.pop_back();
        const SectionView section = view_section(m_arena->at(parent.offset));
        auto scanned = for_children(section.data, [&](const Child& child) { count(child.cid, child.hash); });
        if (!scanned.ok()) {
            const auto cid = ipld::Cid::from_bytes(section.cid);
            return std::move(scanned).error().in("block " + (cid.ok() ? cid->text() : to_hex(section.cid)));
        }
        if (m_children.empty()) parent.mark_leaf();
    }
    if (failure) return std::move(*failure);
    ++m_pins[root];
    return {};
}

std::uint64_t BlockStore::drop_uncounted() {
    std::vector<ArenaOffset> found;
    m_index->for_each([&](std::uint64_t, ArenaOffset offset, BlockCount& count) {
        if (count.links() == 0 && !count.queued()) found.push_back(offset);
    });
    for (const ArenaOffset offset : found) {
        const SectionView section = view_section(m_arena->at(offset));
        m_index->remove(m_index->hash(section.cid), section.cid);
        m_arena->release(ref_of(offset, section));
    }
    return found.size();
}

Result<LinkReport> BlockStore::link(std::span<const ipld::Cid> roots, BlockSource& source, const LinkLimits& limits) {
    FILFIL_TRY(const Staging staging, stage(roots, source, limits));
    return commit(staging, roots);
}

Result<Staging> BlockStore::stage(std::span<const ipld::Cid> roots, BlockSource& source, const LinkLimits& limits) {
    Staging staging(*m_index, limits);
    FILFIL_CHECK(staging.fetch(roots, source));
    return staging;
}

Result<void> BlockStore::take_in(const Staging& staging) {
    FILFIL_CHECK(allow(Shelf::blocks, staging.footprint(), staging.largest(), staging.blocks().size()));
    std::vector<SectionRef> taken;
    taken.reserve(staging.blocks().size());
    const auto ask_for = [&](std::size_t i) {
        if (i >= staging.blocks().size()) return;
        const std::uint64_t hash = m_index->hash(staging.blocks()[i].cid.bytes());
        m_index->prefetch(hash);
        m_index->prefetch_count(hash);
    };
    constexpr std::size_t ahead = 8;
    for (std::size_t i = 0; i < staging.blocks().size(); ++i) {
        ask_for(i + ahead);
        const Staging::Block& block = staging.blocks()[i];
        auto section = insert(Shelf::blocks, block.cid.bytes(), block.data, block.leaf);
        if (section.ok()) {
            taken.push_back(*section);
            continue;
        }
        for (const SectionRef back : taken) {
            const SectionView gone = at(back);
            m_index->remove(m_index->hash(gone.cid), gone.cid);
            m_arena->release(back);
        }
        return std::move(section).error();
    }
    return {};
}

Result<LinkReport> BlockStore::commit(const Staging& staging, std::span<const ipld::Cid> roots) {
    FILFIL_CHECK(take_in(staging));
    // Nothing below can fail: every block was scanned before. Readers come to blocks by pins, and those are set last.
    for (const Staging::Block& block : staging.blocks()) {
        if (block.leaf) continue;
        FILFIL_CHECK(for_known_children(block.data, [&](const Entry& child) { add_link(child); }));
    }
    for (const ipld::Cid& root : roots) {
        FILFIL_CHECK(for_each_root(root, [&](ByteView cid) { add_link(entry(cid)); }));
        ++m_pins[root];
    }
    return staging.report();
}

bool BlockStore::has_all(std::span<const ipld::Cid> roots) const {
    bool all = true;
    for (const ipld::Cid& root : roots) {
        const auto looked = for_each_root(root, [&](ByteView cid) {
            const Entry found = entry(cid);
            all = all && found.offset != 0 && (found.count->links() > 0 || found.count->queued());
        });
        all = all && looked.ok();
    }
    return all;
}

Result<void> BlockStore::pin(std::span<const ipld::Cid> roots) {
    for (const ipld::Cid& root : roots)
        if (!has_all(std::span(&root, 1)))
            return Error(ErrorCode::not_found, "block " + root.text() + " is not in the store");
    for (const ipld::Cid& root : roots) {
        FILFIL_CHECK(for_each_root(root, [&](ByteView cid) { add_link(entry(cid)); }));
        ++m_pins[root];
    }
    return {};
}

Result<void> BlockStore::unpin(std::span<const ipld::Cid> roots) {
    std::unordered_map<ipld::Cid, std::uint32_t> times;
    for (const ipld::Cid& root : roots) ++times[root];
    for (const auto& [root, count] : times) {
        const auto pinned = m_pins.find(root);
        if (pinned == m_pins.end() || pinned->second < count)
            return Error(ErrorCode::invalid_argument,
                         "block " + root.text() + " is not pinned, so it cannot be unpinned");
    }
    for (const ipld::Cid& root : roots) {
        FILFIL_CHECK(for_each_root(root, [&](ByteView cid) { take_link(entry(cid)); }));
        const auto pinned = m_pins.find(root);
        if (--pinned->second == 0) m_pins.erase(pinned);
    }
    return {};
}

Result<SectionRef> BlockStore::pin_header(ByteView cid, ByteView data) {
    const bool known = entry(cid).offset != 0;
    FILFIL_TRY(const SectionRef section, insert(Shelf::headers, cid, data));
    const Entry found = entry(cid);
    // One that a tree holds, or held until a moment ago, has its links counted, and keeps them.
    if (!known || (found.count->links() == 0 && !found.count->queued())) found.count->set_header(true);
    if (known) m_arena->settle(section);
    add_link(found);
    return section;
}

void BlockStore::unpin_header(SectionRef header) { take_link(entry(at(header).cid)); }

void BlockStore::free_block(ArenaOffset offset) {
    const SectionView section = view_section(m_arena->at(offset));
    const std::uint64_t hash = m_index->hash(section.cid);
    const Entry found = m_index->entry(hash, section.cid);
    found.count->set_queued(false);
    if (found.count->links() > 0) return;
    if (!found.leaf() && !found.count->header() && section.codec() == ipld::Codec::dag_cbor) {
        // It was scanned without a fault when it came in.
        (void)for_known_children(section.data, [&](const Entry& child) { take_link(child); });
    }
    m_index->remove(hash, section.cid);
    m_arena->release(ref_of(offset, section));
}

bool BlockStore::collect(std::uint64_t budget) {
    for (; budget > 0 && !m_dying.empty(); --budget) {
        const ArenaOffset offset = m_dying.back();
        m_dying.pop_back();
        // The next one's slot is asked for while this one is freed, and its section was some steps before.
        constexpr std::size_t ahead = 4;
        if (!m_dying.empty()) {
            const SectionView next = view_section(m_arena->at(m_dying.back()));
            const std::uint64_t hash = m_index->hash(next.cid);
            m_index->prefetch(hash);
            m_index->prefetch_count(hash);
        }
        if (m_dying.size() >= ahead) {
            const std::byte* later = m_arena->at(m_dying[m_dying.size() - ahead]);
            for (int line = 0; line < 3; ++line) __builtin_prefetch(later + line * 64);
        }
        free_block(offset);
    }
    return m_dying.empty();
}

BlockStore::Lease::Lease(const BlockStore& store) : m_store(&store) {
    const std::lock_guard lock(store.m_leases.mutex);
    m_number = ++store.m_leases.last;
    store.m_leases.held.emplace(m_number, store.m_arena->opened());
    ++store.m_leases.places;
}

BlockStore::Lease::~Lease() {
    let_move();
    const std::lock_guard lock(m_store->m_leases.mutex);
    m_store->m_leases.held.erase(m_number);
}

void BlockStore::Lease::let_move() {
    const std::lock_guard lock(m_store->m_leases.mutex);
    if (std::exchange(m_places, false)) --m_store->m_leases.places;
}

bool BlockStore::leased(std::uint64_t last_lease, std::uint64_t segment_opened) const {
    const std::lock_guard lock(m_leases.mutex);
    return std::ranges::any_of(
        m_leases.held, [&](const auto& lease) { return lease.first <= last_lease && lease.second >= segment_opened; });
}

void BlockStore::drop_left() {
    std::erase_if(m_left, [&](const Left& left) {
        if (leased(left.last_lease, left.opened)) return false;
        m_arena->drop_left(left.segment);
        return true;
    });
}

Result<bool> BlockStore::compact(Tidiness tidiness) {
    drop_left();
    std::uint64_t last_lease = 0;
    {
        const std::lock_guard lock(m_leases.mutex);
        if (m_leases.places > 0) return false;
        last_lease = m_leases.last;
    }
    if (!m_dying.empty()) return false;
    const Arena::Waste waste = m_arena->waste();
    if (waste.segment == Arena::no_segment) return false;
    const std::size_t segment = waste.segment;
    const std::uint64_t opened = m_arena->segment_opened(segment);
    // Until a lease ends, moving what is under it takes memory and gives none.
    const bool left = leased(last_lease, opened);
    const bool much = tidiness == Tidiness::quick || left ? waste.dead > m_arena->segment_bytes() / 2
                                                          : waste.all_dead > waste.all_live / thorough_part;
    if (!much) return false;
    const ArenaOffset end = m_arena->segment_begin(segment) + m_arena->segment_used(segment);
    const std::uint64_t live = m_arena->segment_live_bytes(segment);
    // At the memory limit the survivors stay where they are until something dies: that is no failure.
    if (!allow(Shelf::blocks, live, std::min(live, max_section_bytes), 0).ok()) return false;
    for (ArenaOffset offset = m_arena->segment_first(segment); offset < end && m_arena->segment_live(segment) > 0;) {
        const SectionView section = view_section(m_arena->at(offset));
        const std::uint64_t hash = m_index->hash(section.cid);
        if (m_index->entry(hash, section.cid).offset == offset) {
            FILFIL_TRY(const SectionRef moved, m_arena->append(Shelf::blocks, section.cid, section.data));
            m_index->move(hash, offset, moved.offset());
            if (!left) m_arena->release(ref_of(offset, section));
        }
        offset += Arena::footprint(section.bytes.size());
    }
    if (left) {
        m_arena->leave(segment);
        m_left.push_back({segment, opened, last_lease});
    }
    return true;
}

std::optional<SectionView> BlockStore::Reader::find(ByteView cid) const noexcept {
    const BlockIndex& index = *m_store.m_index;
    const ArenaOffset offset = index.find(index.hash(cid), cid).offset;
    if (offset == 0) return std::nullopt;
    return view_section(m_store.m_arena->at(offset));
}

std::optional<SectionView> BlockStore::stored(ByteView cid) const noexcept {
    const ArenaOffset offset = m_index->find(m_index->hash(cid), cid).offset;
    if (offset == 0) return std::nullopt;
    return view_section(m_arena->at(offset));
}

std::optional<SectionRef> BlockStore::stored_ref(ByteView cid) const noexcept {
    const ArenaOffset offset = m_index->find(m_index->hash(cid), cid).offset;
    if (offset == 0) return std::nullopt;
    return ref_of(offset, view_section(m_arena->at(offset)));
}

void BlockStore::clear() {
    drop_left();
    std::vector<ArenaOffset> all;
    m_index->for_each([&](std::uint64_t, ArenaOffset offset, BlockCount&) { all.push_back(offset); });
    for (const ArenaOffset offset : all) {
        const SectionView section = view_section(m_arena->at(offset));
        m_index->remove(m_index->hash(section.cid), section.cid);
        m_arena->release(ref_of(offset, section));
    }
    m_pins.clear();
    m_dying.clear();
    m_live_blocks = 0;
    m_live_bytes = 0;
}

StoreStats BlockStore::stats() const noexcept {
    const std::lock_guard lock(m_leases.mutex);
    return {.live_blocks = m_live_blocks,
            .live_bytes = m_live_bytes,
            .dying = m_dying.size(),
            .stored_blocks = m_index->size(),
            .pins = m_pins.size(),
            .arena_bytes = m_arena->mapped(),
            .written_bytes = m_arena->written(),
            .left_bytes = m_left.size() * m_arena->segment_bytes(),
            .index_bytes = m_index->bytes(),
            .leases = m_leases.held.size()};
}

void BlockStore::for_each(const std::function<void(const SectionView&, std::uint32_t)>& visit) {
    m_index->for_each([&](std::uint64_t, ArenaOffset offset, BlockCount& count) {
        visit(view_section(m_arena->at(offset)), count.links());
    });
}

BlockStore::AuditReport BlockStore::audit(std::span<const SectionRef> headers, bool repair) {
    collect(~std::uint64_t{0});
    AuditReport report;
    std::vector<std::uint32_t> counts(m_index->ordinals());
    std::vector<ArenaOffset> open;
    const auto reach = [&](ByteView cid, std::uint64_t hash, std::uint32_t times) {
        const BlockIndex::Place place = m_index->locate(hash, cid);
        if (place.offset == 0) {
            ++report.missing;
            if (auto missing = ipld::Cid::from_bytes(cid); missing.ok() && !report.first_missing)
                report.first_missing = std::move(*missing);
            return;
        }
        std::uint32_t& count = counts[place.ordinal];
        const bool first = count == 0;
        count = BlockCount::sticky - count < times ? BlockCount::sticky : count + times;
        const SectionView section = view_section(m_arena->at(place.offset));
        if (first && !place.count->header() && section.codec() == ipld::Codec::dag_cbor) open.push_back(place.offset);
    };
    for (const auto& [root, times] : m_pins)
        (void)for_each_root(root, [&, count = times](ByteView cid) { reach(cid, m_index->hash(cid), count); });
    for (const SectionRef header : headers) {
        const SectionView section = at(header);
        reach(section.cid, m_index->hash(section.cid), 1);
    }
    while (!open.empty()) {
        const SectionView section = view_section(m_arena->at(open.back()));
        open.pop_back();
        (void)for_children(section.data, [&](const Child& child) { reach(child.cid, child.hash, 1); });
    }

    std::vector<ArenaOffset> orphans;
    m_index->for_each([&](std::uint64_t ordinal, ArenaOffset offset, BlockCount& count) {
        ++report.blocks;
        if (count.links() == BlockCount::sticky && counts[ordinal] > 0) return;
        if (count.links() == counts[ordinal] && counts[ordinal] > 0) return;
        const SectionView section = view_section(m_arena->at(offset));
        if (!report.first_wrong)
            if (auto cid = ipld::Cid::from_bytes(section.cid); cid.ok()) report.first_wrong = std::move(*cid);
        ++(counts[ordinal] == 0 ? report.orphans : report.wrong_counts);
        if (!repair) return;
        if (count.links() > 0) {
            --m_live_blocks;
            m_live_bytes -= section.bytes.size();
        }
        count.set_links(counts[ordinal]);
        if (counts[ordinal] == 0) {
            orphans.push_back(offset);
            return;
        }
        ++m_live_blocks;
        m_live_bytes += section.bytes.size();
    });
    for (const ArenaOffset offset : orphans) {
        const SectionView section = view_section(m_arena->at(offset));
        m_index->remove(m_index->hash(section.cid), section.cid);
        m_arena->release(ref_of(offset, section));
    }
    return report;
}

}    // namespace filfil::snapshot
