// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace filfil::incentive {

using Word = std::array<std::byte, 32>;

struct AbiParameter {
    std::string_view name;    ///< as Solidity has it; "" where it has none
    std::string_view type;    ///< as AbiType::parse reads it
    bool indexed = false;     ///< of an event: stands in a topic
};

/// "(uint64,bytes)": of all of them, as AbiType::parse reads it.
inline std::string types_of(std::span<const AbiParameter> parameters) {
    std::string out = "(";
    for (const AbiParameter& parameter : parameters) out += (out.size() == 1 ? "" : ",") + std::string(parameter.type);
    return out + ")";
}

/// A function, event or error of a contract, as its compiled ABI tells it.
struct AbiEntry {
    std::string_view name;
    std::string_view signature;    ///< "windows(uint64)"
    Word id;                       ///< keccak-256 of the signature: an event's topic; its first 4 bytes are a selector
    std::span<const AbiParameter> inputs;
    std::span<const AbiParameter> outputs{};    ///< of functions
    bool changes_state = false;                 ///< of functions: neither view nor pure
    bool takes_money = false;                   ///< of functions: payable
};

}    // namespace filfil::incentive
