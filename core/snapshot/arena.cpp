// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "snapshot/arena.hpp"

#include "ipld/varint.hpp"
#include "snapshot/pages.hpp"

#include <algorithm>
#include <cstring>
#include <string>

namespace filfil::snapshot {
namespace {

/// Segment numbers there can be: with the usual 64 MiB, 8 TiB of sections.
constexpr std::size_t max_segments = std::size_t{1} << 17;

}    // namespace

Arena::Arena(const ArenaOptions& options, Reclaimer& reclaimer)
    : m_bits(std::clamp(options.segment_bits, 12U, 30U)),
      m_mask((std::uint64_t{1} << m_bits) - 1),
      m_huge_pages(options.huge_pages),
      m_limit(options.limit),
      m_reclaimer(reclaimer),
      m_segments(std::make_unique<std::atomic<std::byte*>[]>(max_segments)) {}

Arena::~Arena() {
    m_reclaimer.drain();
    for (std::size_t i = 0; i < m_meta.size(); ++i)
        if (std::byte* start = m_segments[i].load()) unmap_pages(start, m_mask + 1);
}

Result<void> Arena::open_segment(Shelf shelf) {
    const std::uint64_t size = m_mask + 1;
    if (m_mapped + size > m_limit)
        return Error(ErrorCode::too_large,
                     "the memory limit is reached: the blocks take " + format_size(m_mapped) + " and need " +
                         format_size(size) + " more, and " + format_size(m_limit) + " are allowed",
                     "raise the limit, keep fewer epochs, or use a machine with more memory");
    if (m_free.empty() &&
        m_meta.size() == std::min<std::uint64_t>(max_segments, std::uint64_t{1} << (arena_offset_bits + 3 - m_bits)))
        return Error(ErrorCode::too_large,
                     "the block store is full: it can address no more than " + format_size(end()));
    std::byte* start = map_pages(size, m_huge_pages);
    if (start == nullptr)
        return Error(ErrorCode::too_large,
                     "the system gives no more memory: the blocks take " + format_size(m_mapped) + " and need " +
                         format_size(size) + " more",
                     "free memory, keep fewer epochs, or use a machine with more");
    std::size_t number = m_meta.size();
    if (m_free.empty()) {
        m_meta.emplace_back();
        m_end.store(std::uint64_t{m_meta.size()} << m_bits, std::memory_order_relaxed);
    } else {
        number = m_free.back();
        m_free.pop_back();
    }
    m_meta[number] = Meta{.used = number == 0 ? first_offset : 0, .shelf = shelf, .open = true, .opened = ++m_opened};
    m_segments[number].store(start, std::memory_order_release);
    m_open[static_cast<std::size_t>(shelf)].push_back(number);
    m_mapped += size;
    m_written += m_meta[number].used;
    return {};
}

void Arena::close_front(Shelf shelf) {
    auto& open = m_open[static_cast<std::size_t>(shelf)];
    const std::size_t number = open.front();
    open.pop_front();
    m_meta[number].open = false;
    if (m_meta[number].live == 0) drop_segment(number);
}

void Arena::drop_segment(std::size_t segment) {
    std::byte* start = m_segments[segment].load();
    m_mapped -= m_mask + 1;
    m_written -= m_meta[segment].used;
    m_meta[segment] = {};
    m_reclaimer.retire([this, segment, start] {
        // Whoever runs this came after the last reader; the number may be given out again only now, by the writer.
        m_segments[segment].store(nullptr);
        unmap_pages(start, m_mask + 1);
        const std::lock_guard lock(m_freed_mutex);
        m_freed.push_back(segment);
    });
}

Result<void> Arena::reserve(Shelf shelf, std::uint64_t total, std::uint64_t largest) {
    const std::uint64_t size = m_mask + 1;
    if (largest > size - first_offset)
        return Error(ErrorCode::too_large, "a block of " + std::to_string(largest) +
                                               " bytes is larger than the store takes (" +
                                               std::to_string(size - first_offset) + ")");
    // The end of each segment may be lost to a section that does not fit there.
    const auto sure = [&](std::size_t number) { return room(number) - std::min(room(number), largest); };
    std::uint64_t have = 0;
    for (const std::size_t number : m_open[static_cast<std::size_t>(shelf)]) have += sure(number);
    // Where less than that is sure, one that has room for all of it is enough: what does not go before it goes there.
    if (std::ranges::any_of(m_open[static_cast<std::size_t>(shelf)],
                            [&](std::size_t number) { return room(number) >= total; }))
        return {};
    collect_freed();
    const std::size_t before = m_open[static_cast<std::size_t>(shelf)].size();
    while (have < total) {
        if (auto opened = open_segment(shelf); !opened.ok()) {
            auto& open = m_open[static_cast<std::size_t>(shelf)];
            while (open.size() > before) {
                drop_segment(open.back());
                open.pop_back();
            }
            return opened;
        }
        const std::uint64_t gained = sure(m_open[static_cast<std::size_t>(shelf)].back());
        have = gained == 0 ? total : have + gained;
    }
    return {};
}

Result<SectionRef> Arena::append(Shelf shelf, ByteView cid, ByteView data) {
    const std::uint64_t content = cid.size() + data.size();
    const std::uint64_t size = ipld::varint_length(content) + content;
    if (size > max_section_bytes)
        return Error(ErrorCode::too_large, "a block of " + std::to_string(data.size()) +
                                               " bytes is larger than a section may be (" +
                                               std::to_string(max_section_bytes) + ")");
    const std::uint64_t taken = footprint(size);
    auto& open = m_open[static_cast<std::size_t>(shelf)];
    while (!open.empty() && room(open.front()) < taken) close_front(shelf);
    if (open.empty()) FILFIL_CHECK(reserve(shelf, taken, taken));

    const std::size_t number = open.front();
    Meta& meta = m_meta[number];
    const ArenaOffset offset = segment_begin(number) + meta.used;
    std::byte* out = m_segments[number].load(std::memory_order_relaxed) + meta.used;
    std::uint64_t left = content;
    for (; left >= 0x80; left >>= 7) *out++ = static_cast<std::byte>(left | 0x80);
    *out++ = static_cast<std::byte>(left);
    std::memcpy(out, cid.data(), cid.size());
    if (!data.empty()) std::memcpy(out + cid.size(), data.data(), data.size());
    meta.used += taken;
    m_written += taken;
    meta.live_bytes += taken;
    ++meta.live;
    return SectionRef(offset, size);
}

void Arena::touch_ahead(Shelf shelf, std::uint64_t bytes) noexcept {
    const auto& open = m_open[static_cast<std::size_t>(shelf)];
    if (open.empty()) return;
    Meta& meta = m_meta[open.front()];
    const std::uint64_t begin = std::max(meta.touched, meta.used);
    const std::uint64_t end = std::min(m_mask + 1, meta.used + bytes);
    // A few pages at a time are not worth the call.
    if (end < begin + bytes / 4 && end != m_mask + 1) return;
    if (end > begin) touch_pages(m_segments[open.front()].load(std::memory_order_relaxed) + begin, end - begin);
    meta.touched = end;
}

void Arena::release(SectionRef section) {
    const std::size_t number = section.offset() >> m_bits;
    Meta& meta = m_meta[number];
    meta.live_bytes -= footprint(section.size());
    if (--meta.live == 0 && !meta.open) drop_segment(number);
}

Arena::Waste Arena::waste() const noexcept {
    Waste out;
    for (std::size_t i = 0; i < m_meta.size(); ++i) {
        const Meta& meta = m_meta[i];
        if (meta.open || meta.left || meta.used == 0 || meta.shelf != Shelf::blocks) continue;
        const std::uint64_t dead = meta.used - (i == 0 ? first_offset : 0) - meta.live_bytes;
        out.all_dead += dead;
        out.all_live += meta.live_bytes;
        if (dead <= out.dead) continue;
        out.segment = i;
        out.dead = dead;
    }
    return out;
}

void Arena::collect_freed() {
    const std::lock_guard lock(m_freed_mutex);
    m_free.insert(m_free.end(), m_freed.begin(), m_freed.end());
    m_freed.clear();
}

}    // namespace filfil::snapshot
