// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "batch/receipt.hpp"
#include "reference_piece.hpp"

namespace filfil::batch {

/// A receipt as it would be written for a file of this payload.
inline Receipt ok_receipt(const std::string& path, std::string_view payload) {
    const ReferencePiece piece = reference_piece(payload);
    Receipt receipt;
    receipt.path = path;
    receipt.mtime_ns = 1'700'000'000'123'456'789;
    receipt.computed =
        Computed{payload.size(), piece.padded_size, piece.piece_cid, piece.piece_cid_v2, "cpu:test", 0.25, 1.5, ""};
    return receipt;
}

inline Receipt error_receipt(const std::string& path, const std::string& error) {
    Receipt receipt;
    receipt.path = path;
    receipt.error = error;
    return receipt;
}

}    // namespace filfil::batch
