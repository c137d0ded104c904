// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/bytes.hpp"

#include <cstdint>

namespace filfil::service {

/// Follows the sections of a CARv1 that comes in parts, in order, and keeps none of it: only the lengths are read.
class SectionWalk {
public:
    void feed(ByteView bytes) noexcept;

    /// Where the header or the section begins to which the next byte belongs; bytes from the start of the CAR.
    [[nodiscard]] std::uint64_t begin() const noexcept { return m_left == 0 && m_digits == 0 ? m_at : m_begin; }

    /// The next byte belongs to the header.
    [[nodiscard]] bool in_header() const noexcept { return begin() == 0; }

    /// What came is no CAR: a length was none, and where sections begin is not known from there on.
    [[nodiscard]] bool lost() const noexcept { return m_lost; }

private:
    std::uint64_t m_at = 0;        ///< bytes given so far
    std::uint64_t m_begin = 0;     ///< of what has begun and not ended
    std::uint64_t m_left = 0;      ///< of it, behind its length
    std::uint64_t m_length = 0;    ///< as far as its varint was read…
    unsigned m_digits = 0;         ///< …that is so many bytes
    bool m_lost = false;
};

}    // namespace filfil::service
