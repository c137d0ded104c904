// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include <cstdint>
#include <cstdlib>

namespace filfil::snapshot {

/// How many seeds a random test runs with: `few` in the suite, or what FILFIL_TEST_SEEDS says for a long look.
inline std::uint64_t seeds(std::uint64_t few) {
    const char* given = std::getenv("FILFIL_TEST_SEEDS");
    return given != nullptr ? std::strtoull(given, nullptr, 10) : few;
}

}    // namespace filfil::snapshot
