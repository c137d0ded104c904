// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace filfil::rpc {

/// Where a string of JSON ends.
struct StringEnd {
    std::size_t at;              ///< behind its last quotation mark, or where something is wrong
    std::string_view wrong{};    ///< what is expected there; "" for nothing
};

/// Reads the string of JSON whose quotation mark stands at text[at] into `out`, which is empty.
StringEnd read_json_string(std::string_view text, std::size_t at, std::string& out);

/// Bytes of the UTF-8 character that `text` begins with; 0 where it begins with none.
std::size_t utf8_length(std::string_view text) noexcept;

}    // namespace filfil::rpc
