// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "retrieval/fetch/range_answer.hpp"

namespace filfil::retrieval {

Result<std::string> unpack_slice(std::string_view, std::uint64_t) {
    return Error(ErrorCode::unsupported, "this build of fil-fil cannot undo zstd");
}

}    // namespace filfil::retrieval
