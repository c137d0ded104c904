// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "base/bytes.hpp"

namespace filfil {
namespace {

int hex_digit(char c) noexcept {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

}    // namespace

std::string to_hex(ByteView bytes) {
    static constexpr char digits[] = "0123456789abcdef";
    std::string out;
    out.reserve(bytes.size() * 2);
    for (const std::byte b : bytes) {
        out.push_back(digits[std::to_integer<unsigned>(b) >> 4]);
        out.push_back(digits[std::to_integer<unsigned>(b) & 15U]);
    }
    return out;
}

Result<Bytes> from_hex(std::string_view text) {
    if (text.size() % 2 != 0)
        return Error(ErrorCode::invalid_argument,
                     "hexadecimal text has an odd length of " + std::to_string(text.size()));
    Bytes out;
    out.reserve(text.size() / 2);
    for (std::size_t i = 0; i < text.size(); i += 2) {
        const int high = hex_digit(text[i]);
        const int low = hex_digit(text[i + 1]);
        if (high < 0 || low < 0)
            return Error(ErrorCode::invalid_argument,
                         "no hexadecimal digit at character " + std::to_string(high < 0 ? i : i + 1));
        out.push_back(static_cast<std::byte>(high * 16 + low));
    }
    return out;
}

}    // namespace filfil
