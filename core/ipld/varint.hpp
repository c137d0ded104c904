// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/bytes.hpp"

#include <cstdint>

namespace filfil::ipld {

/// A decoded unsigned varint and how many bytes it took.
struct Varint {
    std::uint64_t value = 0;
    std::size_t length = 0;
};

inline constexpr std::size_t max_varint_length = 9;

/// Reads an unsigned LEB128 varint as multiformats/unsigned-varint defines it: at most 9 bytes (63 bits), minimal.
/// @return Error::truncated if `bytes` ends inside it, Error::corrupt if it is longer than 9 bytes or not minimal.
Result<Varint> read_varint(ByteView bytes);

/// Appends `value` (below 2^63) to `out`.
void append_varint(Bytes& out, std::uint64_t value);

/// Bytes that `value` takes, 1 to 9.
std::size_t varint_length(std::uint64_t value) noexcept;

}    // namespace filfil::ipld
