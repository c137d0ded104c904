// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"
#include "car/byte_source.hpp"
#include "rpc/json.hpp"
#include "service/config.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace filfil::service {

// Values of settings out of JSON. `key` is named by errors, which are all Error::invalid_argument.

Result<std::string> text_value(std::string_view key, const rpc::Json& value);
Result<bool> yes_no_value(std::string_view key, const rpc::Json& value);
Result<std::uint64_t> number_value(std::string_view key, const rpc::Json& value, std::uint64_t least,
                                   std::uint64_t most);

/// Bytes, or text with a unit.
Result<std::uint64_t> size_value(std::string_view key, const rpc::Json& value, std::uint64_t least, std::uint64_t most);

/// Seconds, or text with a unit. @param least, most in milliseconds
Result<Clock::Duration> duration_value(std::string_view key, const rpc::Json& value, std::uint64_t least,
                                       std::uint64_t most);
std::string duration_text(Clock::Duration duration);

/// A list of texts without doubles. @param check of each; may be null
Result<std::vector<std::string>> texts_value(std::string_view key, const rpc::Json& value,
                                             Result<void> (*check)(const std::string&));

Result<Finality> parse_finality(std::string_view text);

/// @return Error::invalid_argument names those there are
Result<MarketKind> parse_market_kind(std::string_view text);

/// "f01000", "t01000" or "1000". @return Error::invalid_argument for what is no actor's number
Result<std::uint64_t> miner_number(std::string_view text);
Result<car::Compression> parse_compression(std::string_view text);

/// "a number", "a table", …
std::string_view kind_of(const rpc::Json& value) noexcept;

/// For messages: at most 64 bytes of what somebody wrote, without control characters.
std::string shown_text(std::string_view text);

}    // namespace filfil::service
