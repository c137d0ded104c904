// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "ipld/utf8.hpp"

#include <cstddef>

namespace filfil::ipld {

bool is_utf8(std::string_view text) noexcept {
    const auto byte_at = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    for (std::size_t i = 0; i < text.size();) {
        const unsigned char first = byte_at(i++);
        if (first < 0x80) continue;
        // RFC 3629 section 4: only the second byte's range depends on the first.
        std::size_t more = 1;
        unsigned char low = 0x80;
        unsigned char high = 0xbf;
        if (first >= 0xf0) {
            if (first > 0xf4) return false;
            more = 3;
            if (first == 0xf0) low = 0x90;
            if (first == 0xf4) high = 0x8f;
        } else if (first >= 0xe0) {
            more = 2;
            if (first == 0xe0) low = 0xa0;
            if (first == 0xed) high = 0x9f;
        } else if (first < 0xc2) {
            return false;
        }
        if (text.size() - i < more || byte_at(i) < low || byte_at(i) > high) return false;
        for (std::size_t j = 1; j < more; ++j)
            if (byte_at(i + j) < 0x80 || byte_at(i + j) > 0xbf) return false;
        i += more;
    }
    return true;
}

}    // namespace filfil::ipld
