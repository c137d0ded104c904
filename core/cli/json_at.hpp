// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "cli/output.hpp"

#include <cstdint>

namespace filfil::cli {

/// The list in a field of an answer; an empty one where there is none.
Json list_at(const Json& object, const char* name);

/// The whole number in it; 0 where there is none, or one below.
std::uint64_t count_at(const Json& object, const char* name);

/// Whether it says true.
bool yes_at(const Json& object, const char* name);

}    // namespace filfil::cli
