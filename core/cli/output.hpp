// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/bytes.hpp"
#include "base/error.hpp"
#include "cli/context.hpp"
#include "cli/exit_code.hpp"

#include <nlohmann/json.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace filfil::cli {

/// Keeps fields in the order they were put in: docs/architecture.md lists them in that order.
using Json = nlohmann::ordered_json;

/// Writes one object as one line on standard output. Text that is not UTF-8 (a file name may be anything) has its bad
/// bytes replaced by U+FFFD.
void emit(Context& context, const Json& object);

/// Writes text for people on standard output; does nothing with --json.
void print(Context& context, std::string_view text);

/// Writes "fil-fil: <message>" and the remedy on its own line to standard error. With --json an object
/// {…about, "error": {"code", "message", "remedy"}} goes to standard output as well, so that a reader of the lines
/// misses nothing.
/// @param about fields that say which input failed, e.g. {"path": …}
/// @return exit_failure
int fail(Context& context, const Error& error, Json about = Json::object());

/// A line of advice on standard error that is no failure.
void hint(Context& context, std::string_view text);

/// The error as it stands in JSON.
Json json_of(const Error& error);

/// A figure with a fixed number of decimals, as JSON and people read it: rates and seconds are no more exact than that.
double rounded(double value, int decimals);

/// A block of "name   value" lines under a title, names padded to one width:
///     title
///       piece CID v1  baga…
std::string table(std::string_view title, const std::vector<std::pair<std::string, std::string>>& rows);

/// "1,107,835": digits in groups of three.
std::string grouped(std::uint64_t value);

/// "1,107,835 bytes (1.06 MiB)"; the bracket is left out below 1 KiB.
std::string bytes_for_people(std::uint64_t bytes);

/// "1.93 GiB/s"; "" where `gib_per_s` is not known (0 or less).
std::string rate_for_people(double gib_per_s);

}    // namespace filfil::cli
