// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "base/transport.hpp"

#include <algorithm>

namespace filfil {

std::optional<std::string_view> find_field(const HttpFields& fields, std::string_view name) noexcept {
    constexpr auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    for (const auto& [key, value] : fields)
        if (std::ranges::equal(key, name, {}, lower, lower)) return value;
    return std::nullopt;
}

}    // namespace filfil
