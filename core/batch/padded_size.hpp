// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <string_view>

namespace filfil::batch {

/// @return `bytes` if a piece can have that padded size; Error::invalid_argument if it is no power of two from 128 to
/// 2^62
Result<std::uint64_t> check_padded_size(std::uint64_t bytes);

/// Reads "32GiB" or a number of bytes as the padded size of a piece.
Result<std::uint64_t> parse_padded_size(std::string_view text);

}    // namespace filfil::batch
