// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/url.hpp"
#include "ipld/digest.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace filfil::showcase {

/// What a manifest of a deal says to somebody who seals it (market::deal_manifest writes it).
struct Manifest {
    std::string id;
    std::uint64_t miner = 0;
    std::string contract;      ///< "0x…", in lower case
    std::uint64_t deal = 0;    ///< the contract's number
    ipld::Digest256 root{};    ///< of the piece
    std::uint64_t payload_size = 0;
    std::uint64_t padded_size = 0;
    std::string path{};    ///< of its bytes; "": at `url`
    std::optional<Url> url{};
};

/// @return Error::corrupt for what is no manifest, naming the field
Result<Manifest> read_manifest(std::string_view text);

}    // namespace filfil::showcase
