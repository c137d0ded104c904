// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "ipld/piece_cid.hpp"

#include <string>

namespace filfil::cli {

/// A piece CID as a user gave it.
struct PieceCid {
    ipld::Cid cid;
    ipld::PieceCidInfo info;

    /// 1, which holds the root only, or 2.
    [[nodiscard]] unsigned version() const noexcept { return info.payload_size ? 2 : 1; }
};

/// Reads a piece CID. @return Error::invalid_argument says what the CID is instead: people mix up the CID of the data
/// (the CAR's root), that of the piece, and that of the sector
Result<PieceCid> parse_piece_cid(const std::string& text);

}    // namespace filfil::cli
