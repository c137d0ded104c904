// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "ipld/digest.hpp"

namespace filfil::ipld {

/// SHA-256 of a stream, written out in this project (FIPS 180-4). Not thread-safe.
class PortableSha256 {
public:
    PortableSha256() noexcept;
    void update(ByteView data) noexcept;

    /// The digest of all that was given; the object must not be used after it.
    Digest256 finish() noexcept;

private:
    std::array<std::uint32_t, 8> m_state;
    std::array<std::byte, 64> m_block{};
    std::size_t m_filled = 0;
    std::uint64_t m_length = 0;
};

}    // namespace filfil::ipld
