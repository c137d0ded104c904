// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include <string_view>

namespace filfil::ipld {

/// @return true if `text` is UTF-8 by RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF
bool is_utf8(std::string_view text) noexcept;

}    // namespace filfil::ipld
