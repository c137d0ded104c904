// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "commp/piece.hpp"

#include <string_view>

namespace filfil::batch {

/// Whether a payload's piece is the one that a CID names.
///
/// A version 2 CID names payload size, padded size and root: all three must agree. A version 1 CID names only a root:
/// it matches at the natural size or at any larger padding, up to 2^62 bytes.
/// @param piece as hashed, or padded up
/// @return Error::invalid_argument if the text is no piece CID
Result<bool> is_expected_piece(const commp::Piece& piece, std::string_view expected_cid);

}    // namespace filfil::batch
