// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/bytes.hpp"
#include "incentive/u256.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace filfil::incentive {

/// One item of RLP, Ethereum's encoding of nested lists of byte strings (Ethereum yellow paper, appendix B).
struct RlpItem {
    RlpItem() = default;
    RlpItem(Bytes string) : bytes(std::move(string)) {}    // NOLINT(google-explicit-constructor)
    RlpItem(std::vector<RlpItem> list)                     // NOLINT(google-explicit-constructor)
        : is_list(true), items(std::move(list)) {}

    /// Numbers are byte strings, big-endian, without leading zeros; 0 is the empty one.
    static RlpItem number(const U256& value) { return value.short_bytes(); }

    bool is_list = false;
    Bytes bytes{};                   ///< of a string
    std::vector<RlpItem> items{};    ///< of a list
    bool operator==(const RlpItem&) const = default;
};

struct RlpLimits {
    std::size_t depth = 8;         ///< of lists in one another
    std::size_t items = 65'536;    ///< in all
};

Bytes encode_rlp(const RlpItem& item);

/// Reads one item that fills `bytes` whole. One value has one encoding: lengths and single bytes that are not in their
/// shortest form are refused. @return Error::corrupt or truncated with the byte; too_large beyond the limits
Result<RlpItem> decode_rlp(ByteView bytes, const RlpLimits& limits = {});

/// The number that a string holds. @param name of the field, for the message
/// @return Error::corrupt for a list, leading zeros, or more than 32 bytes
Result<U256> rlp_number(const RlpItem& item, std::string_view name);

}    // namespace filfil::incentive
