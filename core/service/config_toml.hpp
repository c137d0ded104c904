// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/result.hpp"
#include "rpc/json.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace filfil::service {

/// Where something stands in a text: from 1, columns in code points.
struct TextPlace {
    std::uint32_t line = 1;
    std::uint32_t column = 1;
    bool operator==(const TextPlace&) const = default;
};

/// "name:3:7"
std::string text_of(const TextPlace& place, std::string_view name);

/// A key of a TOML file and what stands behind it.
struct TomlEntry {
    std::string key;    ///< with those of the tables it is in: "api.listen"
    rpc::Json value;
    TextPlace begin;                   ///< of the value; of a table: of its header
    TextPlace end;                     ///< behind it
    std::vector<TextPlace> items{};    ///< of a list: where each begins
};

/// Reads TOML 1.0 into its keys in the order of the text. Tables are looked into where `is_section` says so of their
/// key, else they are one value. @return Error::too_large above 1 MiB; Error::invalid_argument with `name`, line and
/// column for what is no TOML, a key that stands there twice, or a date or time, which no setting is
Result<std::vector<TomlEntry>> read_toml(std::string_view text, std::string_view name,
                                         bool (*is_section)(std::string_view key));

}    // namespace filfil::service
