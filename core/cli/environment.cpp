// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cli/environment.hpp"

#include <cstdlib>

namespace filfil::cli {

std::string environment(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? std::string() : std::string(value);
}

}    // namespace filfil::cli
