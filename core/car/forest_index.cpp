// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "car/forest_index.hpp"

#include "base/units.hpp"
#include "car/little_endian.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <string>

namespace filfil::car {
namespace {

constexpr std::size_t header_size = 32;
constexpr std::size_t slot_size = 16;
constexpr std::uint64_t empty = std::numeric_limits<std::uint64_t>::max();
constexpr double load_factor = 0.8;

/// Forest makes one part for each 512 MiB; a file with more than this many was not made by it.
constexpr std::size_t max_parts = 1 << 16;

constexpr std::size_t slots_a_read = 64;
constexpr std::size_t flush_size = 1 * MiB;

/// Passes an index of known size on in skippable frames.
class FrameCutter {
public:
    FrameCutter(ByteSink& sink, std::uint64_t total, std::uint64_t frame_bytes)
        : m_sink(sink), m_total(total), m_frame_bytes(frame_bytes) {}

    Result<void> slot(std::uint64_t hash, std::uint64_t frame_offset) {
        std::array<std::byte, slot_size> bytes{};
        store_u64(bytes.data(), hash);
        store_u64(bytes.data() + 8, frame_offset);
        return add(bytes);
    }

    /// Frames are cut between two of these only.
    Result<void> add(ByteView bytes) {
        if (m_frame_left == 0) {
            m_frame_left = std::min(m_frame_bytes, m_total - m_passed);
            const auto header = skippable_header(static_cast<std::uint32_t>(m_frame_left));
            m_buffer.insert(m_buffer.end(), header.begin(), header.end());
            m_written += header.size();
        }
        m_buffer.insert(m_buffer.end(), bytes.begin(), bytes.end());
        m_passed += bytes.size();
        m_frame_left -= bytes.size();
        m_written += bytes.size();
        return m_buffer.size() >= flush_size ? flush() : Result<void>();
    }

    Result<void> flush() {
        FILFIL_CHECK(m_sink.write(m_buffer));
        m_buffer.clear();
        return {};
    }

    [[nodiscard]] std::uint64_t written() const noexcept { return m_written; }

private:
    ByteSink& m_sink;
    std::uint64_t m_total;
    std::uint64_t m_frame_bytes;
    std::uint64_t m_frame_left = 0;
    std::uint64_t m_passed = 0;
    std::uint64_t m_written = 0;
    Bytes m_buffer;
};

/// The upper 64 bits of a product.
std::uint64_t multiply_high(std::uint64_t a, std::uint64_t b) noexcept {
    const std::uint64_t a_low = a & 0xffffffff;
    const std::uint64_t a_high = a >> 32;
    const std::uint64_t b_low = b & 0xffffffff;
    const std::uint64_t b_high = b >> 32;
    const std::uint64_t middle = a_high * b_low + (a_low * b_low >> 32);
    return a_high * b_high + (middle >> 32) + ((a_low * b_high + (middle & 0xffffffff)) >> 32);
}

}    // namespace

std::uint64_t forest_hash(ipld::Codec codec, ipld::MultihashView hash) noexcept {
    std::uint64_t word = static_cast<std::uint64_t>(codec) ^ static_cast<std::uint64_t>(hash.code);
    // Bytes behind the last whole word are left out, so identity CIDs under 8 bytes all share their codec's hash.
    for (std::size_t at = 0; hash.digest.size() - at >= 8; at += 8) word ^= load_u64(hash.digest.data() + at);
    // The greatest value marks empty slots, so every hash but 0 is lowered by one.
    return word == 0 ? 0 : word - 1;
}

std::uint64_t forest_ideal_slot(std::uint64_t hash, std::uint64_t buckets) noexcept {
    return multiply_high(hash, buckets);
}

// ---- writing

void ForestIndexBuilder::append(const ForestIndexBuilder& other, std::uint64_t shift) {
    for (const Slot& slot : other.m_slots) m_slots.push_back({slot.hash, slot.frame_offset + shift});
}

Result<std::uint64_t> ForestIndexBuilder::write(ByteSink& sink, std::uint64_t one_frame, std::uint64_t frame_bytes) {
    std::sort(m_slots.begin(), m_slots.end());
    m_slots.erase(std::unique(m_slots.begin(), m_slots.end()), m_slots.end());
    const std::uint64_t entries = m_slots.size();
    const std::uint64_t buckets =
        std::max(entries, static_cast<std::uint64_t>(static_cast<double>(entries) / load_factor));

    std::uint64_t collisions = 0;
    std::uint64_t longest_distance = 0;
    std::uint64_t place = 0;
    for (std::size_t i = 0; i < m_slots.size(); ++i) {
        if (i > 0 && m_slots[i].hash == m_slots[i - 1].hash) ++collisions;
        const std::uint64_t ideal = forest_ideal_slot(m_slots[i].hash, buckets);
        place = std::max(place, ideal);
        longest_distance = std::max(longest_distance, place - ideal);
        ++place;
    }

    // At least one slot a bucket, or a search could run off the table; and an empty one that ends every search.
    const std::uint64_t slots = std::max(place, buckets) + 1;
    const std::uint64_t total = header_size + slots * slot_size;

    FrameCutter out(sink, total, total <= one_frame ? total : frame_bytes);
    std::array<std::byte, header_size> header{};
    store_u64(header.data(), forest_index_magic);
    store_u64(header.data() + 8, longest_distance);
    store_u64(header.data() + 16, collisions);
    store_u64(header.data() + 24, buckets);
    FILFIL_CHECK(out.add(header));
    place = 0;
    for (const Slot& slot : m_slots) {
        for (const std::uint64_t ideal = forest_ideal_slot(slot.hash, buckets); place < ideal; ++place)
            FILFIL_CHECK(out.slot(empty, empty));
        FILFIL_CHECK(out.slot(slot.hash, slot.frame_offset));
        ++place;
    }
    for (; place < slots; ++place) FILFIL_CHECK(out.slot(empty, empty));
    FILFIL_CHECK(out.flush());
    return out.written();
}

// ---- reading

Result<ForestIndex> ForestIndex::open(ReadableFile& file, ForestFooter footer) {
    const std::uint64_t end = file.size().value_or(0);
    ForestIndex index(file, footer.index_offset - skippable_header_size, end - ForestFooter::size);
    if (end < ForestFooter::size || footer.index_offset < skippable_header_size || index.m_start > index.m_end)
        return Error(ErrorCode::corrupt, file.name() + ": the footer puts the index at byte " +
                                             std::to_string(footer.index_offset) + " of a file of " +
                                             std::to_string(end) + " bytes");
    FILFIL_CHECK(index.find_parts());
    FILFIL_CHECK(index.read_header());
    return index;
}

Result<void> ForestIndex::find_parts() {
    std::uint64_t place = 0;
    for (std::uint64_t at = m_start; at < m_end;) {
        std::array<std::byte, skippable_header_size> header{};
        if (m_end - at < header.size()) return bad("ends inside the header of a skippable frame");
        FILFIL_TRY(const std::size_t n, m_file->read_at(at, header));
        const std::uint64_t size = load_u64(header.data()) >> 32;
        if (n != header.size() || skippable_header(static_cast<std::uint32_t>(size)) != header)
            return bad("has no skippable frame at byte " + std::to_string(at) + " of the file");
        at += header.size();
        if (size > m_end - at)
            return bad("has a skippable frame at byte " + std::to_string(at) +
                       " of the file that goes beyond the footer");
        if (m_parts.size() == max_parts) return bad("has more than " + std::to_string(max_parts) + " skippable frames");
        m_parts.push_back({at, place, size});
        at += size;
        place += size;
    }
    const std::uint64_t total = place;
    if (total < header_size || (total - header_size) % slot_size != 0)
        return bad("has " + std::to_string(total) + " bytes, which is no header and whole slots");
    m_slots = (total - header_size) / slot_size;
    return {};
}

Result<void> ForestIndex::read_header() {
    std::array<std::byte, header_size> header{};
    FILFIL_CHECK(read(0, header));
    if (load_u64(header.data()) != forest_index_magic) return bad("has no magic number or a version other than 1");
    m_longest_distance = load_u64(header.data() + 8);
    m_buckets = load_u64(header.data() + 24);
    if (m_buckets >= m_slots)
        return bad("says " + std::to_string(m_buckets) + " buckets and has " + std::to_string(m_slots) + " slots");
    return {};
}

Result<std::vector<std::uint64_t>> ForestIndex::frames_of(std::uint64_t hash) const {
    std::vector<std::uint64_t> found;
    if (m_buckets == 0) return found;
    std::array<std::byte, slots_a_read * slot_size> bytes{};
    std::uint64_t slot = forest_ideal_slot(hash, m_buckets);
    for (std::uint64_t distance = 0; slot < m_slots;) {
        const std::uint64_t n = std::min<std::uint64_t>(slots_a_read, m_slots - slot);
        FILFIL_CHECK(
            read(header_size + slot * slot_size, ByteSpan(bytes).first(static_cast<std::size_t>(n * slot_size))));
        for (std::uint64_t i = 0; i < n; ++i, ++distance) {
            const std::uint64_t here = load_u64(bytes.data() + i * slot_size);
            const std::uint64_t frame = load_u64(bytes.data() + i * slot_size + 8);
            if (here == empty && frame != empty)
                return bad("has an empty slot with an offset, at slot " + std::to_string(slot + i));
            // The table is sorted, and no entry lies further from its place than the header says.
            if (here > hash || (here < hash && distance >= m_longest_distance)) return found;
            if (here == hash) found.push_back(frame);
        }
        slot += n;
    }
    return found;
}

/// Reads bytes of the index as if it stood in one piece.
Result<void> ForestIndex::read(std::uint64_t place, ByteSpan out) const {
    auto part = std::upper_bound(m_parts.begin(), m_parts.end(), place,
                                 [](std::uint64_t p, const Part& q) { return p < q.first; });
    if (part != m_parts.begin()) --part;
    for (; !out.empty(); ++part) {
        if (part == m_parts.end()) return bad("ends before its slots do");
        const std::uint64_t skip = place - part->first;
        const auto n = static_cast<std::size_t>(std::min<std::uint64_t>(out.size(), part->size - skip));
        FILFIL_TRY(const std::size_t got, m_file->read_at(part->offset + skip, out.first(n)));
        if (got != n) return bad("cannot be read: the file became shorter");
        out = out.subspan(n);
        place += n;
    }
    return {};
}

Error ForestIndex::bad(std::string_view why) const {
    return {ErrorCode::corrupt,
            m_file->name() + ": its index from byte " + std::to_string(m_start) + " " + std::string(why),
            "make the index again: fil-fil car index PATH -o NEW.forest.car.zst"};
}

}    // namespace filfil::car
