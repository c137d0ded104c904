// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/bytes.hpp"

#include <array>
#include <cstdint>
#include <vector>

namespace filfil::retrieval {

/// Which CIDs were seen. Keeps 128 bits of the BLAKE2b of each whole CID, in 16 to 43 bytes, so that tens of millions
/// can be remembered: two CIDs that were one to it would take 2^64 hashes to find. Not thread-safe.
class CidSet {
public:
    /// @param cid in binary form
    /// @return whether it is new
    bool insert(ByteView cid);

    [[nodiscard]] std::uint64_t size() const noexcept { return m_size; }

private:
    using Key = std::array<std::uint64_t, 2>;    ///< all zeros: a free place
    bool place(const Key& key) noexcept;
    void grow();

    std::vector<Key> m_places;    ///< a power of two of them, or none
    std::uint64_t m_size = 0;
};

}    // namespace filfil::retrieval
