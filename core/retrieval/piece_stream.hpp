// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/transport.hpp"
#include "retrieval/catalog.hpp"

namespace filfil::retrieval {

/// A range of a piece as a body. Holds the piece's bytes, and nothing else, until it is destroyed.
class PieceStream final : public BodyStream {
public:
    /// The range must lie inside.
    PieceStream(std::shared_ptr<const PieceBytes> bytes, std::uint64_t offset, std::uint64_t length) noexcept
        : m_bytes(std::move(bytes)), m_offset(offset), m_left(length), m_size(length) {}

    [[nodiscard]] std::optional<std::uint64_t> size() const noexcept override { return m_size; }
    [[nodiscard]] Result<std::size_t> read(ByteSpan out) override;

private:
    std::shared_ptr<const PieceBytes> m_bytes;
    std::uint64_t m_offset;
    std::uint64_t m_left;
    std::uint64_t m_size;
};

}    // namespace filfil::retrieval
