// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "incentive/eth_address.hpp"
#include "incentive/u256.hpp"

#include <concepts>
#include <string>
#include <variant>
#include <vector>

namespace filfil::incentive {

/// A value of the contract ABI. Which type it is meant to have is told apart: the codec holds it against that.
class AbiValue {
public:
    using List = std::vector<AbiValue>;    ///< the items of a list, or the members of a tuple

    // Each kind converts by itself, so that literals of a call read as such:
    // NOLINTBEGIN(google-explicit-constructor)
    AbiValue() = default;    ///< the number 0
    AbiValue(U256 value) : m_state(value) {}
    template <std::unsigned_integral T>
        requires(!std::same_as<T, bool>)
    AbiValue(T value) : m_state(U256(value)) {}
    template <std::same_as<bool> T>
    AbiValue(T value) : m_state(value) {}
    AbiValue(EthAddress value) : m_state(value) {}
    AbiValue(Bytes value) : m_state(std::move(value)) {}
    AbiValue(std::string value) : m_state(std::move(value)) {}
    AbiValue(List value) : m_state(std::move(value)) {}
    // NOLINTEND(google-explicit-constructor)

    // What it holds, or null where it holds another kind.
    [[nodiscard]] const U256* as_number() const noexcept {
        return std::get_if<U256>(&m_state);
    }    ///< int: two's complement in 256 bits
    [[nodiscard]] const bool* as_bool() const noexcept { return std::get_if<bool>(&m_state); }
    [[nodiscard]] const EthAddress* as_address() const noexcept { return std::get_if<EthAddress>(&m_state); }
    [[nodiscard]] const Bytes* as_bytes() const noexcept { return std::get_if<Bytes>(&m_state); }    ///< bytesN too
    [[nodiscard]] const std::string* as_text() const noexcept { return std::get_if<std::string>(&m_state); }
    [[nodiscard]] const List* as_list() const noexcept { return std::get_if<List>(&m_state); }

    bool operator==(const AbiValue&) const = default;

private:
    std::variant<U256, bool, EthAddress, Bytes, std::string, List> m_state;
};

}    // namespace filfil::incentive
