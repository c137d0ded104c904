// SPDX-License-Identifier: Apache-2.0 OR MIT

// What stands in for zstd_stream.cpp in a build without libzstd.
#include "retrieval/zstd_stream.hpp"

namespace filfil::retrieval {

bool can_compress() noexcept { return false; }

Result<std::shared_ptr<BodyStream>> zstd_stream(std::shared_ptr<BodyStream>, int) {
    return Error(ErrorCode::unsupported, "this fil-fil was built without libzstd and cannot compress answers",
                 "ask for it without 'Accept-Encoding: zstd'");
}

}    // namespace filfil::retrieval
