// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "node/json_fields.hpp"

#include "base/base64.hpp"
#include "chain/amount.hpp"

#include <limits>

namespace filfil::node {

using rpc::Json;

std::string describe(const Json& json) {
    switch (json.type()) {
        case Json::value_t::null: return "null";
        case Json::value_t::boolean: return json.get<bool>() ? "true" : "false";
        case Json::value_t::array: return "a list of " + std::to_string(json.size());
        case Json::value_t::object: return "an object";
        case Json::value_t::number_integer: return "the number " + std::to_string(json.get<std::int64_t>());
        case Json::value_t::number_unsigned: return "the number " + std::to_string(json.get<std::uint64_t>());
        case Json::value_t::number_float: return "a number with a fraction, or too large a one";
        case Json::value_t::string: {
            const auto& text = json.get_ref<const std::string&>();
            std::string shown;
            for (const char c : std::string_view(text).substr(0, 40)) shown += c >= ' ' && c <= '~' ? c : '?';
            return "the text \"" + shown + (text.size() > 40 ? "…\"" : "\"");
        }
        default: return "something else";
    }
}

Error unexpected(const Json& json, std::string_view expected) {
    return {ErrorCode::corrupt, std::string(expected) + " is expected, and there is " + describe(json)};
}

Result<const Json*> find_field(const Json& object, std::string_view name) {
    if (!object.is_object()) return unexpected(object, "an object with the field \"" + std::string(name) + "\"");
    const auto found = object.find(std::string(name));
    if (found == object.end()) return Error(ErrorCode::corrupt, "the field \"" + std::string(name) + "\" is missing");
    return &*found;
}

Result<const std::string*> read_text(const Json& json) {
    if (!json.is_string()) return unexpected(json, "text");
    return &json.get_ref<const std::string&>();
}

Result<std::int64_t> read_signed(const Json& json) {
    const bool too_large =
        json.is_number_unsigned() &&
        json.get<std::uint64_t>() > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    if (!json.is_number_integer() || too_large) return unexpected(json, "a whole number of 64 bits with a sign");
    return json.get<std::int64_t>();
}

Result<std::uint64_t> read_unsigned(const Json& json) {
    const bool negative = !json.is_number_unsigned() && json.is_number_integer() && json.get<std::int64_t>() < 0;
    if (!json.is_number_integer() || negative) return unexpected(json, "a whole number of 64 bits without a sign");
    return json.get<std::uint64_t>();
}

Result<Bytes> read_base64(const Json& json) {
    if (json.is_null()) return Bytes();
    if (!json.is_string()) return unexpected(json, "base64 text");
    auto bytes = from_base64(json.get_ref<const std::string&>());
    if (!bytes.ok()) return Error(ErrorCode::corrupt, std::move(bytes).error().message);
    return bytes;
}

Result<Bytes> read_amount(const Json& json) {
    if (json.is_number_integer()) return chain::parse_amount(json.dump());
    if (!json.is_string()) return unexpected(json, "an amount in decimal digits");
    auto bytes = chain::parse_amount(json.get_ref<const std::string&>());
    if (!bytes.ok() && bytes.error().code == ErrorCode::invalid_argument)
        return unexpected(json, "an amount in decimal digits without leading zeros");
    return bytes;
}

Result<std::size_t> read_list(const Json& json, std::size_t limit) {
    if (json.is_null()) return std::size_t{0};
    if (!json.is_array()) return unexpected(json, "a list");
    if (json.size() > limit)
        return Error(ErrorCode::too_large, "a list of " + std::to_string(json.size()) + " is longer than the " +
                                               std::to_string(limit) + " that are read");
    return json.size();
}

}    // namespace filfil::node
