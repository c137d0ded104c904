// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/bytes.hpp"

#include <cstdint>

namespace filfil::snapshot {

/// One CARv1 whose bytes can be had at any place, whoever keeps them: a layout of the block store, a file. What is
/// exported, hashed, served and compared takes this. All methods are thread-safe.
class SectionSource {
public:
    virtual ~SectionSource() = default;

    /// The CARv1 header, varint included; valid as long as the source.
    [[nodiscard]] virtual ByteView header() const noexcept = 0;

    /// Bytes of all sections, the header not counted.
    [[nodiscard]] virtual std::uint64_t body_size() const noexcept = 0;

    [[nodiscard]] virtual std::uint64_t sections() const noexcept = 0;

    /// The first section boundary at or behind byte `offset` of the body; 0 and body_size() are boundaries.
    /// @param offset at most body_size()
    [[nodiscard]] virtual Result<std::uint64_t> boundary_at(std::uint64_t offset) const = 0;

    /// Fills `out` with the bytes of the body from `offset`; all of them must lie inside the body.
    [[nodiscard]] virtual Result<void> read(std::uint64_t offset, ByteSpan out) const = 0;
};

}    // namespace filfil::snapshot
