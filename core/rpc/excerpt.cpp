// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "rpc/excerpt.hpp"

#include "rpc/json_strings.hpp"

namespace filfil::rpc {

std::string excerpt(std::string_view text, std::size_t characters) {
    std::string out;
    while (!text.empty() && characters > 0) {
        const std::size_t length = utf8_length(text);
        const auto first = static_cast<unsigned char>(text.front());
        // U+0080 to U+009F are control characters as well.
        const bool control = first < 0x20 || first == 0x7f ||
                             (length == 2 && first == 0xc2 && static_cast<unsigned char>(text[1]) < 0xa0);
        if (length == 0 || control)
            out.push_back('?');
        else
            out.append(text, 0, length);
        text.remove_prefix(length == 0 ? 1 : length);
        --characters;
    }
    if (!text.empty()) out += "…";
    return out;
}

}    // namespace filfil::rpc
