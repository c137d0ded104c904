// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace filfil {

/// The name out of `known` that `typed` most likely meant, or "" where none is near: at most one slip (a letter
/// missing, added, wrong, or two swapped) for every three letters typed.
std::string nearest_name(std::string_view typed, const std::vector<std::string>& known);

}    // namespace filfil
