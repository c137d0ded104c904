// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace filfil {

using Bytes = std::vector<std::byte>;
using ByteView = std::span<const std::byte>;
using ByteSpan = std::span<std::byte>;

/// The bytes of a string, not copied; valid as long as the string.
inline ByteView bytes_of(std::string_view text) noexcept { return std::as_bytes(std::span(text.data(), text.size())); }

/// The characters of a run of bytes, not copied; valid as long as the bytes.
inline std::string_view chars_of(ByteView bytes) noexcept {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

inline Bytes to_bytes(ByteView view) { return {view.begin(), view.end()}; }

/// Lower-case hexadecimal, two characters a byte.
std::string to_hex(ByteView bytes);

/// @return the bytes; Error::invalid_argument on an odd length or a character that is no hex digit (either case).
Result<Bytes> from_hex(std::string_view text);

}    // namespace filfil
