// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/result.hpp"

#include <string>
#include <string_view>

namespace filfil::service {

/// A path of a caller without anything that leads up again ("..") and without what means nothing ("//", "/./", a '/' at
/// the end). @return Error::invalid_argument for ".." or an empty one
Result<std::string> plain_path(std::string_view path);

/// Whether a plain path lies in a folder or below it.
bool lies_in(std::string_view path, std::string_view folder);

}    // namespace filfil::service
