// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include <string>
#include <string_view>

namespace filfil::batch {

/// `path` without "." components, doubled slashes and a slash at its end, so that one file written in two of these ways
/// is one path. ".." stays: after a link it need not mean the folder it seems to. "" and "./" give ".".
std::string tidy_path(std::string_view path);

}    // namespace filfil::batch
