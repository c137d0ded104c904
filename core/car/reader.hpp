// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/files.hpp"
#include "base/units.hpp"
#include "car/byte_source.hpp"
#include "car/header.hpp"
#include "car/section.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace filfil::car {

/// What a reader accepts: the nodes' limits (go-car v2 options, as lotus chain/store/snapshot.go uses them).
struct Limits {
    std::uint64_t header = 32 * MiB;
    std::uint64_t section = 8 * MiB;

    /// For the block of F3 certificates alone: the second section of a CAR with one root whose first block is that root
    /// and links to it (FRC-0108). The nodes put no limit on it (Lotus) or 16 GiB (Forest); it has to fit in memory
    /// here.
    std::uint64_t f3_section = GiB;
};

struct ReaderOptions {
    Limits limits;
    std::size_t batch_bytes = 1 * MiB;    ///< how much a batch holds, unless one section is larger
    Progress* progress = nullptr;         ///< told of the bytes of the file, compressed or not
};

/// What a CAR says of itself before its sections.
struct Header {
    unsigned version = 1;    ///< of the container: 1 or 2
    std::vector<ipld::Cid> roots;
    Bytes bytes;    ///< the CARv1 header as it stands, varint included; inside a CARv2 the inner one
    std::uint64_t payload_offset = 0;    ///< where the CARv1 begins: 0, or the data offset of a CARv2
    std::optional<HeaderV2> v2;          ///< its index is noted and not read
    Compression compression = Compression::none;
};

/// Why a reader could not go on.
enum class Damage {
    none,
    truncated,       ///< the file ends inside a section (or inside the data that a CARv2 announces)
    zero_padding,    ///< zeros follow the last section, as in a CAR that was padded to a piece
    no_section,      ///< what follows the last section is none: bytes were appended, or damaged
    oversized,       ///< a section over the limit
    unreadable,      ///< the file or its compression failed
};

/// "none", "truncated", "zero padding", "no section", "oversized", "unreadable".
std::string_view name_of(Damage damage) noexcept;

/// A run of whole sections and the memory they lie in. Give the same one again and again: its memory is kept.
class Batch {
public:
    /// The sections, which point into this object: valid until it is read into, moved from or destroyed.
    [[nodiscard]] std::span<const Section> sections() const noexcept { return m_sections; }

    /// The same sections as one run of bytes, as they stand in the CAR.
    [[nodiscard]] ByteView bytes() const noexcept { return ByteView(m_buffer).first(m_used); }

private:
    friend class Reader;
    Bytes m_buffer;
    std::size_t m_used = 0;
    std::vector<Section> m_sections;
};

/// Reads a CARv1 or CARv2, plain or zstd-compressed, from front to back. Memory is bounded by a batch, a section and
/// the zstd window, whatever the file claims. Hashes are not checked here (car/verify.hpp). Not thread-safe.
///
/// Every error names the file, the byte of the uncompressed CAR, the section's number, why, and what to do.
class Reader {
public:
    /// Reads the header.
    /// @return Error::corrupt for what is no CAR, unsupported for a version other than 1 and 2, too_large past the
    /// limit, truncated where the file ends inside the header, or what reading the file gives
    static Result<Reader> open(std::unique_ptr<ReadableFile> file, const ReaderOptions& options = {});
    static Result<Reader> open(Files& files, const std::string& path, const ReaderOptions& options = {});

    /// Reads sections that stand alone, without a header: the content of one frame of a forest.car.zst.
    static Reader of_sections(std::unique_ptr<ByteSource> source, const ReaderOptions& options = {});

    [[nodiscard]] const Header& header() const noexcept { return m_header; }
    [[nodiscard]] const std::string& name() const noexcept { return m_source->name(); }

    /// Replaces what is in `batch` by the next whole sections. Sections before a fault are given first; the error
    /// comes with the call after.
    /// @return false at the clean end, and then the batch is empty
    Result<bool> read(Batch& batch);

    /// One section at a time, on a batch of the reader's own; valid until the next call. Not to be mixed with read().
    /// @return nothing at the clean end
    Result<std::optional<Section>> next();

    /// Sections given so far by read(), or by whole batches under next().
    [[nodiscard]] std::uint64_t sections() const noexcept { return m_sections; }

    /// Where the last section that was given ends: bytes from the start of the CARv1.
    [[nodiscard]] std::uint64_t good_bytes() const noexcept { return m_offset - m_header.payload_offset; }

    /// Set once an error was returned.
    [[nodiscard]] Damage damage() const noexcept { return m_damage; }

private:
    Reader(std::unique_ptr<ByteSource> source, const ReaderOptions& options);

    Result<void> read_header();
    Result<HeaderFields> read_header_map();
    Result<void> enter_v2();
    Result<void> skip_to(std::uint64_t offset);
    Result<bool> fill(std::size_t size);
    Result<std::size_t> pull(ByteSpan out);
    void drop_carry(std::size_t size);

    Result<void> read_into(Batch& batch);
    [[nodiscard]] Section upcoming(const Batch& batch) const;
    Result<std::size_t> take_section(ByteView bytes, Section& section);
    Result<bool> allow_large(const Section& section, ByteView content, std::uint64_t length);
    Error bad_section(const Section& section, Damage damage, ErrorCode code, std::string_view why);
    Error zero_section(const Section& section, ByteView bytes);
    Error cut_section(const Section& section, ByteView bytes);
    Error cut_payload(std::uint64_t end);
    [[nodiscard]] std::string at(std::uint64_t offset) const;

    std::unique_ptr<ByteSource> m_source;
    ReaderOptions m_options;
    Header m_header;
    Bytes m_carry;                 ///< read from the source, not yet given
    std::uint64_t m_offset = 0;    ///< of m_carry's first byte, from the start of the uncompressed file
    std::uint64_t m_left;          ///< bytes that may still be pulled: the rest of a CARv2's data
    std::uint64_t m_sections = 0;
    Bytes m_first_block;                      ///< kept until the second section is read: see Limits::f3_section
    std::optional<Error> m_source_failure;    ///< came behind bytes that have to be given first
    Damage m_damage = Damage::none;
    std::optional<Error> m_failure;
    Batch m_own;
    std::size_t m_own_next = 0;
};

}    // namespace filfil::car
