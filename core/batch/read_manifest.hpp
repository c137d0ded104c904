// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "batch/entry.hpp"
#include "batch/left_out.hpp"

#include <string>
#include <vector>

namespace filfil::batch {

/// The files that a manifest names, in its order, not merged yet. The whole of it is read before anything else happens.
///
/// A path that is there is taken as it is, even if it looks like a pattern; else, if it is a pattern, it stands for
/// what it matches, without `left_out`, and where it matches nothing, for one entry with that problem. A byte order
/// mark is skipped.
/// @param folder what relative paths start from: the manifest's folder, "" for the current one
/// @return Error::invalid_argument, unsupported or too_large with manifest and line
Result<std::vector<Entry>> read_manifest(Files& files, ReadableFile& manifest, const std::string& folder,
                                         const LeftOut& left_out);

}    // namespace filfil::batch
