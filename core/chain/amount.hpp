// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/bytes.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace filfil::chain {

// Amounts (attoFIL, weights): go-state-types big.Int. In bytes: nothing for 0, else a sign byte (0, or 1 for below
// zero) and the number, big-endian, without leading zeros, at most 128 bytes in all. In text: decimal.
// Source: filecoin-project/go-state-types big/int.go Bytes, FromBytes, MarshalJSON, BigIntMaxSerializedLen.

/// @return Error::corrupt where the bytes are not in that form; so each amount has one form in bytes
Result<std::string> amount_text(ByteView bytes);

/// @param text decimal digits, with a '-' in front for what is below zero; "" is 0
/// @return Error::invalid_argument for anything else, leading zeros included; too_large beyond 128 bytes
Result<Bytes> parse_amount(std::string_view text);

/// The bytes of a number.
Bytes amount_of(std::uint64_t value);

}    // namespace filfil::chain
