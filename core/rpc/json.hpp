// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/result.hpp"

#include <nlohmann/json.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace filfil::rpc {

/// Keeps fields in the order they were put in.
using Json = nlohmann::ordered_json;

struct JsonLimits {
    std::size_t depth = 64;    ///< of lists and objects in one another; at most 1000 counts
};

/// Reads one JSON value that fills all of `text`. @return Error::corrupt with the byte and what is wrong there (also
/// for text that is not UTF-8, and for a key that stands twice in an object), Error::too_large for one that is too deep
Result<Json> parse_json(std::string_view text, const JsonLimits& limits = {});

/// The shortest text of a value, on one line. Bytes of it that are not UTF-8 become U+FFFD, so it never fails.
std::string write_json(const Json& value);

// Fields of an object, with an Error::invalid_argument that names the field and both types: who reads parameters passes
// it on. `object` may be any value: anything else than an object has no fields.
Result<std::string> text_field(const Json& object, std::string_view name);
Result<std::int64_t> integer_field(const Json& object, std::string_view name);
Result<bool> bool_field(const Json& object, std::string_view name);
Result<const Json*> field(const Json& object, std::string_view name);

}    // namespace filfil::rpc
