// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/bytes.hpp"

namespace filfil {

/// Base64 of RFC 4648 section 4, padded, without line breaks: how nodes put bytes into JSON.
std::string to_base64(ByteView bytes);

/// The bytes of such text. Strict, so that one value has one text: whole groups of four characters, padding at the end
/// alone, no bits that no byte uses. @return Error::invalid_argument with the character (from 0) and what is wrong
/// there
Result<Bytes> from_base64(std::string_view text);

}    // namespace filfil
