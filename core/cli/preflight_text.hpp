// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "cli/output.hpp"

#include <string>

namespace filfil::cli {

// What people read of the daemon's answers of these methods.
std::string preflight_text(const Json& answer);     ///< FilFil.Preflight
std::string comparison_text(const Json& result);    ///< what FilFil.ComparePieces came to

}    // namespace filfil::cli
