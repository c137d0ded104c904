// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/bytes.hpp"
#include "rpc/json.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace filfil::node {

// What the readers of chain data in JSON have in common. Errors say what stands where something else is expected; who
// knows the field puts its name before them with Error::in().

/// "the text \"abc…\"", "a list of 3", "null".
std::string describe(const rpc::Json& json);

/// Error::corrupt: "EXPECTED is expected, and there is DESCRIPTION".
Error unexpected(const rpc::Json& json, std::string_view expected);

/// A field of an object. @return Error::corrupt where there is none, or no object
Result<const rpc::Json*> find_field(const rpc::Json& object, std::string_view name);

/// The text, valid as long as `json`.
Result<const std::string*> read_text(const rpc::Json& json);
Result<std::int64_t> read_signed(const rpc::Json& json);
Result<std::uint64_t> read_unsigned(const rpc::Json& json);

/// Base64, or null for no bytes.
Result<Bytes> read_base64(const rpc::Json& json);

/// An amount in decimal digits, as text or as a number. @return its bytes
Result<Bytes> read_amount(const rpc::Json& json);

/// A list, or null for an empty one: the number of items. @return Error::too_large above `limit`
Result<std::size_t> read_list(const rpc::Json& json, std::size_t limit);

/// Reads a field with `read`, whose errors get the field's name.
template <class Read>
auto read_field(const rpc::Json& object, std::string_view name, Read read) -> decltype(read(object)) {
    const Result<const rpc::Json*> json = find_field(object, name);
    if (!json.ok()) return json.error();
    auto value = read(**json);
    if (!value.ok()) return std::move(value).error().in(name);
    return value;
}

/// The same, where what is missing is as good as null: Forest leaves out what Lotus writes as null.
template <class Read>
auto read_field_or_null(const rpc::Json& object, std::string_view name, Read read) -> decltype(read(object)) {
    if (object.is_object() && !object.contains(std::string(name))) return read(rpc::Json(nullptr));
    return read_field(object, name, read);
}

}    // namespace filfil::node
