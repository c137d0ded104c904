// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "car/reader.hpp"

#include <map>
#include <stop_token>
#include <string>

namespace filfil::car {

/// What is in a CAR, without a look at hashes.
struct Inspection {
    Header header;
    std::uint64_t blocks = 0;
    std::uint64_t bytes = 0;                        ///< of the CARv1, header included
    std::map<std::string, std::uint64_t> codecs;    ///< blocks by the name of their codec
    std::uint64_t largest_block = 0;                ///< bytes of data
};

/// Reads a whole CAR once. @return what Reader gives, or Error::cancelled
Result<Inspection> inspect(std::unique_ptr<ReadableFile> file, const ReaderOptions& options = {},
                           std::stop_token stop = {});

}    // namespace filfil::car
