// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include <cstdio>
#include <cstdlib>

namespace filfil::fuzz {

/// Stops the fuzzer with a finding where `held` is false.
inline void require(bool held, const char* what) {
    if (held) return;
    std::fprintf(stderr, "finding: not true that %s\n", what);
    std::abort();
}

}    // namespace filfil::fuzz
