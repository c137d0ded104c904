// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "ipld/cbor_head.hpp"

#include <bit>
#include <cstring>
#include <string_view>

namespace filfil::ipld {

/// Puts DAG-CBOR items one after the other into memory that is used again and again. For what is written by the
/// million; `encode_dag_cbor` is the way for values. Nothing is checked: that as many items follow a list's head as it
/// says, and that map keys are in order, is the caller's business. Not thread-safe.
class CborWriter {
public:
    [[nodiscard]] std::size_t size() const noexcept { return m_used; }
    [[nodiscard]] ByteView bytes() const noexcept { return ByteView(m_buffer).first(m_used); }
    void clear() noexcept { m_used = 0; }

    /// The head of any item: its major type and the number in it, in the shortest form.
    void head(CborMajor major, std::uint64_t argument) {
        std::byte* out = room(longest_head);
        if (argument < 24) [[likely]] {
            *out = static_cast<std::byte>(major << 5 | argument);
            m_used += 1;
            return;
        }
        // 24, 25, 26, 27 say that the number has 1, 2, 4, 8 bytes.
        const auto power = static_cast<unsigned>(argument > 0xff) + static_cast<unsigned>(argument > 0xffff) +
                           static_cast<unsigned>(argument > 0xffffffff);
        const std::size_t width = std::size_t{1} << power;
        *out = static_cast<std::byte>(major << 5 | (24 + power));
        for (std::size_t i = width; i > 0; --i, argument >>= 8) out[i] = static_cast<std::byte>(argument);
        m_used += 1 + width;
    }

    void number(std::uint64_t value) { head(cbor_unsigned, value); }
    void list(std::uint64_t items) { head(cbor_list, items); }
    void map(std::uint64_t pairs) { head(cbor_map, pairs); }
    void null() { head(cbor_simple, 22); }
    void boolean(bool value) { head(cbor_simple, value ? 21 : 20); }

    void string(ByteView content) {
        head(cbor_bytes, content.size());
        item(content);
    }
    void text(std::string_view content) {
        head(cbor_text, content.size());
        item(bytes_of(content));
    }

    /// @param cid a whole CID in binary form
    void link(ByteView cid) {
        std::byte* out = room(longest_head);
        out[0] = std::byte{0xd8};
        out[1] = std::byte{cbor_link_tag};
        m_used += 2;
        head(cbor_bytes, cid.size() + 1);
        *room(1) = std::byte{0};
        m_used += 1;
        item(cid);
    }

    /// Bytes that are whole items already.
    void item(ByteView encoded) {
        if (encoded.empty()) return;
        std::memcpy(room(encoded.size()), encoded.data(), encoded.size());
        m_used += encoded.size();
    }

    /// `size` bytes at the end for the caller to fill, as a part of an item; valid until the next call.
    ByteSpan grow(std::size_t size) {
        std::byte* out = room(size);
        m_used += size;
        return {out, size};
    }

private:
    static constexpr std::size_t longest_head = 9;

    std::byte* room(std::size_t size) {
        if (m_buffer.size() - m_used < size) [[unlikely]]
            m_buffer.resize(std::bit_ceil(m_used + size) * 2);
        return m_buffer.data() + m_used;
    }

    Bytes m_buffer;
    std::size_t m_used = 0;
};

}    // namespace filfil::ipld
