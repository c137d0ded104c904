// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/bytes.hpp"

#include <cstdint>
#include <vector>

namespace filfil::car {

/// Where the sections of a CAR begin and end, in some two bytes a section: their lengths as varints, and a checkpoint
/// for every 256 of them. A mainnet snapshot's 10^8 sections take about 200 MB.
class BoundaryMap {
public:
    /// Adds the next section. @param size its bytes, varint included; below 2^63
    void add(std::uint64_t size);

    /// Bytes of all sections.
    [[nodiscard]] std::uint64_t total() const noexcept { return m_total; }

    /// The first boundary at or behind `offset`, which is at most total(). The start and the end are boundaries.
    [[nodiscard]] std::uint64_t first_at(std::uint64_t offset) const noexcept;

private:
    struct Checkpoint {
        std::uint64_t offset;    ///< of the section, in the body
        std::uint64_t place;     ///< of its length, in m_lengths
    };

    std::vector<Checkpoint> m_checkpoints;
    Bytes m_lengths;
    std::uint64_t m_count = 0;
    std::uint64_t m_total = 0;
};

}    // namespace filfil::car
