// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "batch/padded_size.hpp"

#include "base/units.hpp"
#include "commp/node.hpp"

#include <bit>

namespace filfil::batch {

Result<std::uint64_t> check_padded_size(std::uint64_t bytes) {
    if (std::has_single_bit(bytes) && bytes >= commp::quad_padded && bytes <= std::uint64_t{1} << 62) return bytes;
    return Error(
        ErrorCode::invalid_argument,
        std::to_string(bytes) + " bytes is no padded piece size, which is a power of two from 128 bytes to 2^62",
        "give a size such as 1MiB, 32GiB or 64GiB");
}

Result<std::uint64_t> parse_padded_size(std::string_view text) {
    FILFIL_TRY(const std::uint64_t bytes, parse_size(text));
    return check_padded_size(bytes);
}

}    // namespace filfil::batch
