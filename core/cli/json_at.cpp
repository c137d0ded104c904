// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cli/json_at.hpp"

namespace filfil::cli {

Json list_at(const Json& object, const char* name) {
    const auto found = object.find(name);
    return found != object.end() && found->is_array() ? *found : Json::array();
}

std::uint64_t count_at(const Json& object, const char* name) {
    const auto found = object.find(name);
    if (found == object.end() || !found->is_number_integer()) return 0;
    return found->is_number_unsigned() || found->get<std::int64_t>() >= 0 ? found->get<std::uint64_t>() : 0;
}

bool yes_at(const Json& object, const char* name) {
    const auto found = object.find(name);
    return found != object.end() && found->is_boolean() && found->get<bool>();
}

}    // namespace filfil::cli
