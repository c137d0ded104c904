// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace filfil::batch {

/// One character of a text that is meant to be UTF-8.
struct CodePoint {
    char32_t value = 0;        ///< a byte that starts no character counts as 0x110000 + itself
    std::size_t length = 1;    ///< bytes it took
    bool valid = true;
};

/// The first character of `text`, which must not be empty. Overlong forms, surrogates and values over U+10FFFF are not
/// valid (Unicode 15, table 3-7).
CodePoint first_code_point(std::string_view text) noexcept;

/// The offset of the first byte that is not UTF-8, or npos.
std::size_t find_invalid_utf8(std::string_view text) noexcept;

/// `text` with each byte that is not UTF-8 written as \xNN: what a JSON receipt can say of such a file name.
std::string printable(std::string_view text);

}    // namespace filfil::batch
