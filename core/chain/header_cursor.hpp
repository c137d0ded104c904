// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/units.hpp"
#include "ipld/cbor_head.hpp"
#include "ipld/cid.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace filfil::chain {

/// Goes through the bytes of a block header field by field: what the readers of some fields and of all have in common.
class HeaderCursor {
public:
    static constexpr std::size_t field_count = 16;

    /// cbor-gen's limit on the length of a list.
    static constexpr std::uint64_t max_list = 8192;

    explicit HeaderCursor(ByteView data) noexcept : m_data(data) {}

    /// The list that all fields stand in. To be called first.
    Result<void> open();

    /// Says in which field what follows is; fields are numbered from 0.
    void enter(std::size_t field) noexcept { m_field = field; }

    /// That nothing follows the last field.
    Result<void> close();

    Result<ipld::CborHead> head();
    Result<ByteView> take(std::uint64_t size);
    [[nodiscard]] Error wrong(std::string_view expected) const;
    [[nodiscard]] Error truncated() const;
    [[nodiscard]] std::size_t left() const noexcept { return m_data.size() - m_at; }

    /// Takes a null where the next item is one. @return whether it was
    bool take_null() noexcept;

    Result<void> read_list(std::uint64_t items, std::string_view expected);
    Result<Bytes> read_bytes();
    Result<std::uint64_t> read_unsigned();
    Result<Epoch> read_height();
    Result<ipld::Cid> read_link();
    Result<std::vector<ipld::Cid>> read_links();

    /// The first byte of the byte string of the link that was read last: 0 in DAG-CBOR.
    [[nodiscard]] std::byte link_mark() const noexcept { return m_link_mark; }

private:
    [[nodiscard]] std::string where() const;

    ByteView m_data;
    std::size_t m_at = 0;
    std::size_t m_field = field_count;
    std::byte m_link_mark{0};
};

}    // namespace filfil::chain
