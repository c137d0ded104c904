// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include <string>
#include <string_view>

namespace filfil::report {

/// What a kernel of ours is called in reports: "tile/plain", "tile/fma-rolled" (the names of gpu::TileVariant),
/// "quads", "parents". "" for one that is not ours.
/// @param mangled its symbol, as the compiler and disassemblers print it
std::string kernel_name(std::string_view mangled);

}    // namespace filfil::report
