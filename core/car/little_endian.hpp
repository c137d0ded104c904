// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/bytes.hpp"

#include <bit>
#include <cstdint>
#include <cstring>

namespace filfil::car {

static_assert(std::endian::native == std::endian::little,
              "the integers of CARv2 and of Forest's index are read in place");

/// Reads 8 bytes at `from`, which must be there.
inline std::uint64_t load_u64(const std::byte* from) noexcept {
    std::uint64_t value = 0;
    std::memcpy(&value, from, sizeof value);
    return value;
}

inline void store_u64(std::byte* to, std::uint64_t value) noexcept { std::memcpy(to, &value, sizeof value); }

}    // namespace filfil::car
