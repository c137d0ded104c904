// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/bytes.hpp"

#include <array>

namespace filfil::incentive {

/// Keccak-256 as Ethereum uses it: the padding of the Keccak submission (0x01), not that of SHA3-256 (0x06).
/// Written out here because no library that the project builds with has it. Thread-safe.
std::array<std::byte, 32> keccak_256(ByteView data) noexcept;

}    // namespace filfil::incentive
