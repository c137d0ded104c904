// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace filfil::rpc {

/// The first characters of what came from outside, fit for a message: "?" stands for control characters and for bytes
/// that are not UTF-8, "…" for what is left out.
std::string excerpt(std::string_view text, std::size_t characters = 80);

}    // namespace filfil::rpc
