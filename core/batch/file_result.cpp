// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "batch/file_result.hpp"

#include "base/units.hpp"
#include "batch/expectation.hpp"
#include "batch/text.hpp"

namespace filfil::batch {
namespace {

Receipt receipt_of(const Entry& entry) {
    Receipt receipt;
    receipt.path = entry.path;
    receipt.id = entry.asked().id;
    receipt.expected = entry.asked().expected;
    return receipt;
}

}    // namespace

Result<FileInfo> admit_file(Files& files, const Entry& entry, const ReceiptOptions& options) {
    const std::string& path = entry.path;
    if (!entry.asked().problem.empty()) return Error(ErrorCode::not_found, entry.asked().problem);
    FILFIL_TRY(const FileInfo info, files.info(path));
    if (info.kind == FileInfo::Kind::folder)
        return Error(ErrorCode::invalid_argument, path + ": is a folder, a file is needed here",
                     "name the files in it: " + path + "/*");
    if (info.kind != FileInfo::Kind::file)
        return Error(ErrorCode::invalid_argument, path + ": is no regular file (a pipe, socket or device)",
                     "hash a stream with `fil-fil commp -`");
    if (info.size < commp::min_payload && !options.allow_small)
        return Error(ErrorCode::too_small,
                     path + ": " + (info.size == 0 ? "is empty" : "has " + std::to_string(info.size) + " bytes") +
                         ", a piece needs at least " + std::to_string(commp::min_payload),
                     "add --allow-small to pad it with zeros");
    return info;
}

Result<void> check_unchanged(Files& files, const Entry& entry, const FileInfo& before) {
    const auto refused = [&](const std::string& why) {
        return Error(ErrorCode::io, entry.path + ": changed while it was read (" + why + ")",
                     "run the batch again with --resume once nothing writes to the file");
    };
    const auto now = files.info(entry.path);
    if (!now.ok()) return refused("it is gone");
    if (now->size != before.size)
        return refused("from " + std::to_string(before.size) + " to " + std::to_string(now->size) + " bytes");
    if (now->mtime_ns != before.mtime_ns || now->inode != before.inode) return refused("it was written to or replaced");
    return {};
}

Receipt failed_receipt(const Entry& entry, const std::optional<FileInfo>& info, const Error& error) {
    Receipt receipt = receipt_of(entry);
    receipt.error = printable(error.text());
    if (info) receipt.mtime_ns = info->mtime_ns;
    return receipt;
}

Receipt hashed_receipt(const Entry& entry, const FileInfo& info, const commp::Piece& piece, double seconds,
                       const std::optional<ipld::Digest256>& sha256, const ReceiptOptions& options) {
    const Ask& ask = entry.asked();
    const std::uint64_t size = ask.pad_to != 0 ? ask.pad_to : options.pad_to;
    const auto padded = size == 0 ? Result<commp::Piece>(piece) : commp::pad_to(piece, size);
    if (!padded.ok()) return failed_receipt(entry, info, padded.error().in(entry.path));

    Receipt receipt = receipt_of(entry);
    receipt.mtime_ns = info.mtime_ns;
    Computed computed;
    computed.payload_size = padded->payload_size;
    computed.padded_size = padded->padded_size;
    computed.piece_cid = commp::piece_cid_v1(*padded).text();
    computed.piece_cid_v2 = commp::piece_cid_v2(*padded).text();
    computed.device = options.device;
    computed.seconds = seconds;
    if (seconds > 0)
        computed.payload_gib_per_s = static_cast<double>(piece.payload_size) / static_cast<double>(GiB) / seconds;
    if (sha256) computed.sha256 = to_hex(*sha256);
    if (!ask.expected.empty()) {
        const auto match = is_expected_piece(piece, ask.expected);
        receipt.match = match.ok() && *match;
        if (!*receipt.match) {
            receipt.error = entry.path + ": its piece CID is " + computed.piece_cid +
                            " (version 2: " + computed.piece_cid_v2 + "), not " + ask.expected + " as expected";
        }
    }
    receipt.computed = std::move(computed);
    return receipt;
}

}    // namespace filfil::batch
