// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/bytes.hpp"
#include "base/units.hpp"
#include "ipld/cid.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace filfil::retrieval {

/// Checks a CARv1 that comes in parts, in order: that it is one, and that each block has the hash its CID says, by a
/// function that is known here. A copy is a place to go back to; it costs as much as the section that has begun and not
/// ended. Not thread-safe.
class SectionScanner {
public:
    /// The part of the CAR that cannot be right: what stands from `begin` on, bytes from the start of the CAR. The
    /// fault lies between there and the end of the bytes given so far.
    struct Fault {
        std::uint64_t begin = 0;
        std::string why;    ///< "block bafy… does not have the hash of its CID"
    };

    /// The first part must hold the whole header. @param last nothing follows: a section must end here
    /// @return what is wrong; then the scanner is of no use any more
    std::optional<Fault> feed(ByteView bytes, bool last);

    /// With its varint; null before the first part.
    [[nodiscard]] const std::shared_ptr<const Bytes>& header() const noexcept { return m_header; }

    /// Bytes given so far.
    [[nodiscard]] std::uint64_t fed() const noexcept { return m_at + m_carry.size(); }

    /// Where the first section begins that has not ended: all before it is checked.
    [[nodiscard]] std::uint64_t checked() const noexcept { return m_at; }
    [[nodiscard]] std::uint64_t blocks() const noexcept { return m_blocks; }

private:
    struct Taken;
    std::optional<Fault> read_header(ByteView bytes, std::size_t& used);
    std::optional<Fault> take(ByteView bytes, std::size_t& used);
    [[nodiscard]] bool may_be_large(ByteView cid) const;
    [[nodiscard]] std::optional<Fault> read_section(ByteView bytes, std::uint64_t at, Taken& out) const;

    std::shared_ptr<const Bytes> m_header;
    std::optional<ipld::Cid> m_root;    ///< where there is one alone
    Bytes m_first_block;                ///< kept until the second section is read: it may announce a large one
    Bytes m_carry;                      ///< the beginning of a section
    std::uint64_t m_at = 0;             ///< of m_carry's first byte
    std::uint64_t m_blocks = 0;
};

}    // namespace filfil::retrieval
