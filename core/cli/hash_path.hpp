// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "cli/context.hpp"
#include "cli/device_options.hpp"
#include "cli/output.hpp"
#include "commp/hash_source.hpp"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace filfil::cli {

/// What a path means to people: "standard input" for "-".
std::string shown_path(const std::string& path);

/// Opens a path for reading, "-" being standard input. @return Files' errors, or Error::io for a closed standard input
Result<std::unique_ptr<ReadableFile>> open_input(Context& context, const std::string& path);

/// Bytes that hashing these paths has ahead; nothing if one of them cannot tell.
std::optional<std::uint64_t> known_payload(Context& context, const std::vector<std::string>& paths);

/// A hashed payload and how it went.
struct HashedFile {
    commp::Piece piece;
    std::optional<ipld::Digest256> sha256;
    std::string device;
    double seconds = 0;

    [[nodiscard]] double gib_per_s() const noexcept;
};

/// Hashes `file` with a progress line, `label` naming what is done. See commp::hash_source for the errors.
Result<HashedFile> hash_with_meter(Context& context, Engine& engine, ReadableFile& file, const std::string& label,
                                   bool sha256, bool allow_small);

/// commp's JSON fields for one file: path payload_size padded_size piece_cid piece_cid_v2 device seconds
/// payload_gib_per_s, and sha256 where it was made.
Json json_of(const std::string& path, const HashedFile& hashed);

/// The same as rows for people.
std::vector<std::pair<std::string, std::string>> rows_of(const HashedFile& hashed);

}    // namespace filfil::cli
