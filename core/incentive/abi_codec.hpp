// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "incentive/abi_entry.hpp"
#include "incentive/abi_type.hpp"
#include "incentive/abi_value.hpp"

namespace filfil::incentive {

/// The encoding of `value`, a multiple of 32 bytes. Parameters of a call are a tuple. Thread-safe.
/// @return Error::invalid_argument where the value is not of that type, with the place in it ("item 2, member 0")
Result<Bytes> encode_abi(const AbiType& type, const AbiValue& value);

struct AbiLimits {
    std::size_t bytes = 4 * 1024 * 1024;
};

/// Reads what fills `data` whole, and accepts exactly one encoding of each value, the one that encode_abi and
/// Solidity's compiler make: what is dynamic stands behind the fixed parts without gaps, in order; padding is zero;
/// numbers are in the range of their type. So nothing can be counted twice, and memory and time are in proportion to
/// `data`. Thread-safe. @return Error::truncated or corrupt with the byte, too_large
Result<AbiValue> decode_abi(const AbiType& type, ByteView data, const AbiLimits& limits = {});

/// What a log says: its indexed parameters, and the others.
struct LogParts {
    AbiValue indexed;
    AbiValue data;
};

/// @param indexed types that stand in a topic each, e.g. "(uint64,address)"
/// @param topics those behind the event's own
/// @return Error::corrupt where there is another number of topics; else as decode_abi
Result<LogParts> decode_log_parts(std::string_view indexed, std::string_view data_types, std::span<const Word> topics,
                                  ByteView data);

}    // namespace filfil::incentive
