// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/result.hpp"
#include "batch/entry.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace filfil::batch {

/// What one line of a manifest says.
struct ManifestLine {
    std::string path;        ///< as written: relative to the manifest, or absolute
    bool literal = false;    ///< true where the path is no pattern even if it looks like one
    std::optional<Ask> ask;
};

/// Reads one line, without its line end.
///
/// A line is a path, which may be a pattern; or a JSON object {"path", "piece_cid"?, "pad_to"?, "id"?}, whose path is
/// taken literally. Blanks around it are dropped; an empty line, and one that starts with '#', says nothing. A path
/// that starts with '#' or '{', or has blanks at its ends, is written as "./#…" or as JSON. "piece_cid" is a piece CID
/// of version 1 or 2, "pad_to" a size ("32GiB") or a number of bytes, "id" a string or a whole number; null is the same
/// as leaving a field out. The other fields of a receipt are let pass, so that receipts can serve as the manifest of a
/// later check; any other field is an error, because a misspelt "piece_cid" would silently check nothing.
/// @return nothing for a line that says nothing; Error::invalid_argument or unsupported without the line's number
Result<std::optional<ManifestLine>> parse_manifest_line(std::string_view line);

}    // namespace filfil::batch
