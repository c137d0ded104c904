// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "gpu/with_variant.hpp"

#include <algorithm>
#include <ostream>
#include <string>

namespace filfil::gpu {

/// What GoogleTest calls it in lists of tests.
inline void PrintTo(TileVariant variant, std::ostream* out) { *out << name_of(variant); }

}    // namespace filfil::gpu

namespace filfil::test {

/// A variant's name as GoogleTest takes it.
inline std::string test_name(gpu::TileVariant variant) {
    std::string name(name_of(variant));
    std::replace(name.begin(), name.end(), '-', '_');
    return name;
}

}    // namespace filfil::test
