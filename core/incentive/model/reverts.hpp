// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "incentive/abi_bind.hpp"

#include <exception>

namespace filfil::incentive::model {

/// What ends a call: thrown inside the model alone, and caught where the call began.
class Reverted final : public std::exception {
public:
    explicit Reverted(Bytes data) : m_data(std::move(data)) {}
    [[nodiscard]] const Bytes& data() const noexcept { return m_data; }
    [[nodiscard]] const char* what() const noexcept override { return "reverted"; }

private:
    Bytes m_data;
};

/// Ends the call with one of the contract's errors.
template <class Failure>
[[noreturn]] void revert(const Failure& failure) {
    Bytes data(Failure::selector.begin(), Failure::selector.end());
    const Bytes arguments = write_abi(Failure::inputs, failure).value();
    data.insert(data.end(), arguments.begin(), arguments.end());
    throw Reverted(std::move(data));
}

/// Ends it without a word, as Solidity does where the input is none that it can read.
[[noreturn]] inline void revert_silently() { throw Reverted({}); }

/// Solidity's Panic(uint256).
enum class Panic : std::uint8_t { assertion = 0x01, arithmetic = 0x11, division = 0x12 };

[[noreturn]] void panic(Panic why);

}    // namespace filfil::incentive::model
