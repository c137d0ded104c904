// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "cli/output.hpp"

#include <string>

namespace filfil::cli {

/// A deal in two or three lines: which piece for whom, where it is, what holds it up.
std::string deal_line(const Json& deal);

/// All of a deal: sizes, CIDs, window, the way through its stages with how long each took, what was said and asked.
std::string deal_page(const Json& deal);

/// A list of them, or that there are none.
std::string deal_list(const Json& answer);

}    // namespace filfil::cli
