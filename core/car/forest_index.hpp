// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/files.hpp"
#include "car/forest_footer.hpp"
#include "car/section.hpp"
#include "car/sink.hpp"

#include <cstdint>
#include <vector>

namespace filfil::car {

/// The index of a forest.car.zst: an open-addressing table from a CID's 64-bit hash to the offset of the zstd frame
/// that holds its block, sorted by hash, in little-endian 16-byte slots behind a header of 32 bytes, in skippable
/// frames. Source: Forest src/db/car/forest/index/mod.rs and hash.rs.

/// The hash that the index is keyed by. It is not cryptographic: different CIDs may share one, so the frame decides.
std::uint64_t forest_hash(ipld::Codec codec, ipld::MultihashView hash) noexcept;

/// Where the search for a hash begins in a table of `buckets` buckets.
std::uint64_t forest_ideal_slot(std::uint64_t hash, std::uint64_t buckets) noexcept;

/// Collects blocks and writes their index. Takes 16 bytes a block.
class ForestIndexBuilder {
public:
    void add(std::uint64_t hash, std::uint64_t frame_offset) { m_slots.push_back({hash, frame_offset}); }

    /// Adds all of another one, whose frames begin `shift` bytes further on than it knows.
    void append(const ForestIndexBuilder& other, std::uint64_t shift);

    /// Sorts what was added and writes the index: in one skippable frame if it has at most `one_frame` bytes, else in
    /// frames of `frame_bytes`, which is a multiple of 16. To be called once. @return bytes written, frame headers
    /// included
    Result<std::uint64_t> write(ByteSink& sink, std::uint64_t one_frame = 0xffffffff,
                                std::uint64_t frame_bytes = std::uint64_t{512} << 20);

private:
    struct Slot {
        std::uint64_t hash;
        std::uint64_t frame_offset;
        auto operator<=>(const Slot&) const = default;
    };
    std::vector<Slot> m_slots;
};

/// Looks frames up in an index on the disk, without reading it into memory. Thread-safe.
class ForestIndex {
public:
    /// @param file must outlive the index. @return Error::corrupt where the frames or the header contradict themselves
    static Result<ForestIndex> open(ReadableFile& file, ForestFooter footer);

    /// Offsets of the frames that may hold a block of this hash: none, nearly always one, or some.
    /// @return Error::corrupt on a table that breaks its rules, Error::io
    Result<std::vector<std::uint64_t>> frames_of(std::uint64_t hash) const;

    /// Where the index begins in the file: behind the last frame of blocks.
    [[nodiscard]] std::uint64_t start() const noexcept { return m_start; }

    /// Bytes of the index with its frame headers.
    [[nodiscard]] std::uint64_t size() const noexcept { return m_end - m_start; }

private:
    /// One skippable frame's data.
    struct Part {
        std::uint64_t offset;    ///< in the file
        std::uint64_t first;     ///< the place of its first byte in the index
        std::uint64_t size;
    };

    ForestIndex(ReadableFile& file, std::uint64_t start, std::uint64_t end)
        : m_file(&file), m_start(start), m_end(end) {}
    Result<void> find_parts();
    Result<void> read_header();
    Result<void> read(std::uint64_t place, ByteSpan out) const;
    Error bad(std::string_view why) const;

    ReadableFile* m_file;
    std::uint64_t m_start;
    std::uint64_t m_end;
    std::vector<Part> m_parts;
    std::uint64_t m_longest_distance = 0;
    std::uint64_t m_buckets = 0;
    std::uint64_t m_slots = 0;    ///< in the table, the empty ones included
};

}    // namespace filfil::car
