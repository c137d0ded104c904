// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "batch/entry.hpp"
#include "batch/left_out.hpp"

#include <string>
#include <vector>

namespace filfil::batch {

/// Every file below `folder`, as deep as it goes, not merged yet.
///
/// Not listed: names that start with a dot, with all below them; names that end in ".part" (outputs under way); links
/// back into a folder being walked; `left_out`. Other links are followed. What is neither file nor folder (a dangling
/// link, a pipe) is listed, so that it gets its receipt; so is a folder that cannot be listed, with the problem.
/// @return an error only if `folder` itself cannot be listed
Result<std::vector<Entry>> read_folder(Files& files, const std::string& folder, const LeftOut& left_out);

}    // namespace filfil::batch
