// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/bytes.hpp"
#include "snapshot/reclaimer.hpp"
#include "snapshot/section_ref.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <vector>

namespace filfil::snapshot {

/// Which sections lie together: those that are likely to die together. Headers never move, since the spine knows them
/// by their place.
enum class Shelf : std::uint8_t { blocks, headers };
inline constexpr std::size_t shelves = 2;

struct ArenaOptions {
    unsigned segment_bits = 26;                 ///< log2 of a segment's bytes, 12 to 30; a section has to fit
    bool huge_pages = true;                     ///< asks the kernel for them (madvise); it may refuse
    std::uint64_t limit = ~std::uint64_t{0};    ///< bytes of all segments
};

/// Memory for CAR sections, written from front to back into segments. A section never changes once it is written, and
/// keeps its place until release() or a move by the owner; a segment without live sections goes back to the system.
///
/// One thread writes. at() may be called by any thread for a section that cannot die meanwhile, or under a
/// Reclaimer::Guard.
class Arena {
public:
    Arena(const ArenaOptions& options, Reclaimer& reclaimer);
    ~Arena();
    Arena(const Arena&) = delete;
    Arena& operator=(const Arena&) = delete;

    /// Makes sure that sections with these footprints can be appended to `shelf` without failing.
    /// @param total of their footprints. @param largest one of them
    /// @return Error::too_large past the limit or without memory; what was there stays as it was
    Result<void> reserve(Shelf shelf, std::uint64_t total, std::uint64_t largest);

    /// Writes `varint(length) | cid | data` behind the last section of `shelf`.
    /// @return where; Error::too_large past the limit, without memory, or for a section over max_section_bytes
    Result<SectionRef> append(Shelf shelf, ByteView cid, ByteView data);

    /// The section is dead. Its bytes stay readable until all of its segment is.
    void release(SectionRef section);

    [[nodiscard]] const std::byte* at(ArenaOffset offset) const noexcept {
        return m_segments[offset >> m_bits].load(std::memory_order_acquire) + (offset & m_mask);
    }

    /// What of the blocks' shelf could be given back by moving what lives.
    struct Waste {
        std::size_t segment = no_segment;    ///< the closed one with the most dead bytes; or none has any
        std::uint64_t dead = 0;              ///< bytes of it
        std::uint64_t all_dead = 0;          ///< of all closed ones
        std::uint64_t all_live = 0;
    };
    [[nodiscard]] Waste waste() const noexcept;
    static constexpr std::size_t no_segment = ~std::size_t{0};
    [[nodiscard]] std::uint64_t segment_bytes() const noexcept { return m_mask + 1; }

    /// Segments that were opened until now, and the place of one among them, from 1.
    [[nodiscard]] std::uint64_t opened() const noexcept { return m_opened; }
    [[nodiscard]] std::uint64_t segment_opened(std::size_t segment) const noexcept { return m_meta[segment].opened; }

    /// All of a closed segment has been moved, and stays readable until drop_left().
    void leave(std::size_t segment) noexcept { m_meta[segment].left = true; }
    void drop_left(std::size_t segment) { drop_segment(segment); }

    /// Keeps the section's segment from being found sparse: something knows the section by its place.
    void settle(SectionRef section) noexcept { m_meta[section.offset() >> m_bits].shelf = Shelf::headers; }

    /// The bytes of a segment that were written: sections that begin at multiples of 8, dead ones among them.
    [[nodiscard]] ArenaOffset segment_begin(std::size_t segment) const noexcept {
        return std::uint64_t{segment} << m_bits;
    }
    [[nodiscard]] ArenaOffset segment_first(std::size_t segment) const noexcept {
        return segment == 0 ? first_offset : segment_begin(segment);
    }
    [[nodiscard]] std::uint64_t segment_live(std::size_t segment) const noexcept { return m_meta[segment].live; }
    [[nodiscard]] std::uint64_t segment_live_bytes(std::size_t segment) const noexcept {
        return m_meta[segment].live_bytes;
    }
    [[nodiscard]] std::uint64_t segment_used(std::size_t segment) const noexcept { return m_meta[segment].used; }

    /// Has the system give memory for the next `bytes` of a shelf now, as far as its segment goes.
    void touch_ahead(Shelf shelf, std::uint64_t bytes) noexcept;

    /// Bytes of memory that the segments take.
    [[nodiscard]] std::uint64_t mapped() const noexcept { return m_mapped; }

    /// Those of them that were written: the system gives memory where it is touched.
    [[nodiscard]] std::uint64_t written() const noexcept { return m_written; }

    /// No section ends behind this. May be asked by any thread.
    [[nodiscard]] ArenaOffset end() const noexcept { return m_end.load(std::memory_order_relaxed); }

    [[nodiscard]] std::uint64_t limit() const noexcept { return m_limit; }
    void set_limit(std::uint64_t bytes) noexcept { m_limit = bytes; }

    /// The place a section of `size` bytes takes: multiples of 8, and at least 32, so that a set of sections needs only
    /// one bit for 32 bytes of arena.
    static constexpr std::uint64_t footprint(std::uint64_t size) noexcept {
        return size <= 32 ? 32 : (size + 7) & ~std::uint64_t{7};
    }

private:
    /// Offset 0 names no section, so the first segment begins behind it.
    static constexpr std::uint64_t first_offset = 32;

    struct Meta {
        std::uint64_t used = 0;    ///< bytes written from the segment's start; 0: no memory
        std::uint64_t live_bytes = 0;
        std::uint64_t live = 0;    ///< sections
        Shelf shelf = Shelf::blocks;
        bool open = false;            ///< sections are still appended
        bool left = false;            ///< its sections live elsewhere
        std::uint64_t touched = 0;    ///< bytes from its start that the system was asked for
        std::uint64_t opened = 0;     ///< its place among all that were ever opened, from 1
    };

    Result<void> open_segment(Shelf shelf);
    void close_front(Shelf shelf);
    void drop_segment(std::size_t segment);
    void collect_freed();
    [[nodiscard]] std::uint64_t room(std::size_t segment) const noexcept { return m_mask + 1 - m_meta[segment].used; }

    const unsigned m_bits;
    const std::uint64_t m_mask;
    const bool m_huge_pages;
    std::uint64_t m_limit;
    Reclaimer& m_reclaimer;
    std::unique_ptr<std::atomic<std::byte*>[]> m_segments;    ///< for every segment number there can be
    std::vector<Meta> m_meta;
    std::atomic<ArenaOffset> m_end{0};    ///< behind the last of them
    std::vector<std::size_t> m_free;      ///< numbers without memory
    std::mutex m_freed_mutex;
    std::vector<std::size_t> m_freed;    ///< the same, given back by whichever thread freed their memory
    std::array<std::deque<std::size_t>, shelves> m_open;    ///< the one being written, then reserved ones
    std::uint64_t m_opened = 0;
    std::uint64_t m_mapped = 0;
    std::uint64_t m_written = 0;
};

}    // namespace filfil::snapshot
