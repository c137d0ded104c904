// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "ipld/varint.hpp"

#include <bit>

namespace filfil::ipld {

Result<Varint> read_varint(ByteView bytes) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < max_varint_length; ++i) {
        if (i == bytes.size())
            return Error(ErrorCode::truncated, "varint ends after " + std::to_string(i) + " bytes without a last byte");
        const auto byte = std::to_integer<std::uint64_t>(bytes[i]);
        value |= (byte & 0x7f) << (7 * i);
        if (byte < 0x80) {
            if (byte == 0 && i > 0)
                return Error(ErrorCode::corrupt,
                             "varint is not minimal: byte " + std::to_string(i) + " adds nothing to its value");
            return Varint{value, i + 1};
        }
    }
    return Error(ErrorCode::corrupt, "varint is longer than 9 bytes");
}

void append_varint(Bytes& out, std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) out.push_back(static_cast<std::byte>(value | 0x80));
    out.push_back(static_cast<std::byte>(value));
}

std::size_t varint_length(std::uint64_t value) noexcept {
    return (static_cast<std::size_t>(std::bit_width(value | 1)) + 6) / 7;
}

}    // namespace filfil::ipld
