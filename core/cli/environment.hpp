// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include <string>

namespace filfil::cli {

/// A variable of the environment; "" where it is not set. Not beside something that sets one.
std::string environment(const char* name);

}    // namespace filfil::cli
