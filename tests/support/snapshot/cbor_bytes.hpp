// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/bytes.hpp"
#include "ipld/cid.hpp"

#include <cstdint>
#include <string_view>
#include <utility>

namespace filfil::reference {

/// Writes CBOR item by item, whatever order and sense they make: for blocks that no codec of ours would encode.
class CborBytes {
public:
    CborBytes& number(std::uint64_t value) { return head(0, value); }
    CborBytes& list(std::uint64_t items) { return head(4, items); }
    CborBytes& map(std::uint64_t pairs) { return head(5, pairs); }
    CborBytes& tag(std::uint64_t number) { return head(6, number); }
    CborBytes& null() { return head(7, 22); }
    CborBytes& string(ByteView bytes) { return head(2, bytes.size()).raw(bytes); }
    CborBytes& text(std::string_view text) { return head(3, text.size()).raw(bytes_of(text)); }

    CborBytes& link(const ipld::Cid& cid) {
        head(6, 42).head(2, cid.bytes().size() + 1);
        m_bytes.push_back(std::byte{0});
        return raw(cid.bytes());
    }

    CborBytes& raw(ByteView bytes) {
        m_bytes.insert(m_bytes.end(), bytes.begin(), bytes.end());
        return *this;
    }

    [[nodiscard]] const Bytes& bytes() const& { return m_bytes; }
    [[nodiscard]] Bytes bytes() && { return std::move(m_bytes); }

private:
    CborBytes& head(unsigned type, std::uint64_t value) {
        const unsigned width = value < 24 ? 0 : value < 256 ? 1 : value < 65536 ? 2 : value >> 32 == 0 ? 4 : 8;
        const unsigned low = width == 0   ? static_cast<unsigned>(value)
                             : width == 1 ? 24
                             : width == 2 ? 25
                             : width == 4 ? 26
                                          : 27;
        m_bytes.push_back(static_cast<std::byte>(type << 5 | low));
        for (unsigned i = width; i > 0; --i) m_bytes.push_back(static_cast<std::byte>(value >> (8 * (i - 1)) & 0xff));
        return *this;
    }

    Bytes m_bytes;
};

}    // namespace filfil::reference
