// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "incentive/contract_types.hpp"

#include <array>

namespace filfil::incentive {

std::string_view name_of(Standing standing) noexcept {
    constexpr std::array<std::string_view, 5> names = {"none", "active", "leaving", "left", "removed"};
    const auto at = static_cast<std::size_t>(standing);
    return at < names.size() ? names[at] : "?";
}

std::string_view name_of(Held held) noexcept {
    constexpr std::array<std::string_view, 5> names = {"none", "published", "active", "done", "dead"};
    const auto at = static_cast<std::size_t>(held);
    return at < names.size() ? names[at] : "?";
}

}    // namespace filfil::incentive
