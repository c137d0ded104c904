// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include <unistd.h>

#include <cstdlib>
#include <string>

namespace filfil::incentive {

/// A program of Foundry: what the environment variable names, or what the tests of the contracts have installed; ""
/// where there is neither.
inline std::string find_foundry(const std::string& program, const char* variable) {
    if (const char* named = std::getenv(variable)) return named;
    for (const char* machine : {"linux-amd64", "linux-arm64"}) {
        std::string path = std::string(FILFIL_SOURCE_DIR) + "/tests/contracts/node_modules/@foundry-rs/" + program +
                           "-" + machine + "/bin/" + program;
        if (::access(path.c_str(), X_OK) == 0) return path;
    }
    return {};
}

}    // namespace filfil::incentive
