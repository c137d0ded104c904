// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/bytes.hpp"
#include "ipld/cid.hpp"
#include "ipld/piece_cid.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace filfil::retrieval {

/// The payload of one piece, wherever it is kept: a layout in memory, or a file. It stays as long as this is held. All
/// methods are thread-safe.
class PieceBytes {
public:
    virtual ~PieceBytes() = default;

    /// Payload bytes.
    [[nodiscard]] virtual std::uint64_t size() const noexcept = 0;

    /// Fills `out` from `offset`; all of it must lie inside. May wait for a disk.
    [[nodiscard]] virtual Result<void> read(std::uint64_t offset, ByteSpan out) const = 0;

    [[nodiscard]] virtual bool in_memory() const noexcept = 0;
};

struct ServedPiece {
    ipld::Cid piece_cid;    ///< of version 1, as commP names it
    std::uint64_t payload_size = 0;
    std::uint64_t padded_size = 0;
    std::string file_name;    ///< for Content-Disposition
    std::shared_ptr<const PieceBytes> bytes;
};

/// What there is to be had by HTTP. Thread-safe; called on the transport's threads, so it answers quickly.
class Catalog {
public:
    virtual ~Catalog() = default;

    /// A piece by its commitment, i.e. its CID of version 1. @return nothing where it is not served; an Error where it
    /// should be and cannot (its file is gone)
    [[nodiscard]] virtual Result<std::optional<ServedPiece>> find(const ipld::Cid& piece_cid) = 0;

    /// A block of the chain by its whole CID, copied out; nothing where it is not in memory.
    [[nodiscard]] virtual Result<std::optional<Bytes>> block(const ipld::Cid& cid) = 0;

    /// How many pieces are served from memory and from files.
    struct Counts {
        std::uint64_t in_memory = 0;
        std::uint64_t in_files = 0;
    };
    [[nodiscard]] virtual Counts counts() const = 0;
};

}    // namespace filfil::retrieval
