// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "retrieval/piece_stream.hpp"

#include <algorithm>

namespace filfil::retrieval {

Result<std::size_t> PieceStream::read(ByteSpan out) {
    const auto bytes = static_cast<std::size_t>(std::min<std::uint64_t>(out.size(), m_left));
    if (bytes == 0) return std::size_t{0};
    FILFIL_CHECK(m_bytes->read(m_offset, out.first(bytes)));
    m_offset += bytes;
    m_left -= bytes;
    return bytes;
}

}    // namespace filfil::retrieval
