// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "node/devnet/evm_hex.hpp"

#include <array>
#include <charconv>
#include <string_view>

namespace filfil::node {

using rpc::Json;

std::string hex_number(std::uint64_t value) {
    std::array<char, 16> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value, 16).ptr;
    return "0x" + std::string(digits.data(), end);
}

std::optional<std::int64_t> read_hex_number(const Json& json) {
    const auto* text = json.get_ptr<const Json::string_t*>();
    if (text == nullptr || !text->starts_with("0x")) return std::nullopt;
    std::int64_t value = 0;
    const auto [end, status] = std::from_chars(text->data() + 2, text->data() + text->size(), value, 16);
    if (status != std::errc{} || end != text->data() + text->size() || value < 0) return std::nullopt;
    return value;
}

Result<Bytes> read_hex(const Json& json) {
    const auto* text = json.get_ptr<const Json::string_t*>();
    if (text == nullptr || !text->starts_with("0x"))
        return Error(ErrorCode::corrupt, "the EVM node answered no bytes in hexadecimal");
    return from_hex(std::string_view(*text).substr(2));
}

}    // namespace filfil::node
