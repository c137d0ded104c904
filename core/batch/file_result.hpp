// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/clock.hpp"
#include "base/files.hpp"
#include "batch/receipt.hpp"
#include "batch/worklist.hpp"
#include "commp/piece.hpp"

#include <optional>
#include <string>

namespace filfil::batch {

/// What the receipts of a run have in common.
struct ReceiptOptions {
    std::string device;          ///< the backend's name when the file was done
    std::uint64_t pad_to = 0;    ///< for entries without one; 0 is the natural size
    bool allow_small = false;    ///< hash files below commp::min_payload, as FRC-0069 pads them
    bool sha256 = false;
};

/// Looks at an entry's file before it is opened. What is no regular file is not opened at all: a pipe would never
/// answer.
/// @return the file's description; Error with the reason why there is nothing to hash
Result<FileInfo> admit_file(Files& files, const Entry& entry, const ReceiptOptions& options);

/// Whether the file is still what admit_file() saw; else what was read may be half of one version and half of another.
Result<void> check_unchanged(Files& files, const Entry& entry, const FileInfo& before);

/// A receipt for a file that could not be hashed.
Receipt failed_receipt(const Entry& entry, const std::optional<FileInfo>& info, const Error& error);

/// A receipt for a file that was hashed: pads the piece up as asked, and holds it against the expected CID.
/// @param piece at its natural size
Receipt hashed_receipt(const Entry& entry, const FileInfo& info, const commp::Piece& piece, double seconds,
                       const std::optional<ipld::Digest256>& sha256, const ReceiptOptions& options);

}    // namespace filfil::batch
