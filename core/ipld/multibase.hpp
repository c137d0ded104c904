// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/bytes.hpp"

namespace filfil::ipld {

/// Text encodings of binary CIDs (multiformats/multibase table): each function works without the prefix character.

/// Base32 of RFC 4648, lower case, no padding.
std::string to_base32(ByteView bytes);

/// Base58 with Bitcoin's alphabet. Time grows with the square of the length: meant for CIDs.
std::string to_base58btc(ByteView bytes);

/// The decoders read `text` from character `from` on; positions in messages count characters of the whole text from 0.
/// @return Error::invalid_argument on a character that is not in the alphabet, a length no whole number of bytes can
/// have, or unused bits in the last character that are not zero (so that one value has one text)
Result<Bytes> from_base16(std::string_view text, std::size_t from);    ///< either case
Result<Bytes> from_base32(std::string_view text, std::size_t from);    ///< RFC 4648, either case, no padding
Result<Bytes> from_base58btc(std::string_view text, std::size_t from);
Result<Bytes> from_base64(std::string_view text, std::size_t from);       ///< RFC 4648 section 4, no padding
Result<Bytes> from_base64url(std::string_view text, std::size_t from);    ///< RFC 4648 section 5, no padding

}    // namespace filfil::ipld
