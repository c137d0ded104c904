// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "incentive/model/reverts.hpp"
#include "incentive/u256.hpp"

namespace filfil::incentive::model {

/// Money in attoFIL as the contract counts it: below 2^128, and what leaves that range is a panic.
class Amount {
public:
    constexpr Amount() = default;
    Amount(const U256& value) : m_value(checked(value)) {}       // NOLINT(google-explicit-constructor)
    Amount(std::uint64_t value) : m_value(value) {}              // NOLINT(google-explicit-constructor)
    operator const U256&() const noexcept { return m_value; }    // NOLINT(google-explicit-constructor)
    [[nodiscard]] bool zero() const noexcept { return m_value.zero(); }

    Amount& operator+=(const Amount& other) { return *this = Amount(sum(m_value, other.m_value)); }
    Amount& operator-=(const Amount& other) {
        const auto less = subtract(m_value, other.m_value);
        if (!less) panic(Panic::arithmetic);
        m_value = *less;
        return *this;
    }
    friend Amount operator+(Amount a, const Amount& b) { return a += b; }
    friend Amount operator-(Amount a, const Amount& b) { return a -= b; }

    /// This times `numerator` over `denominator`, rounded down.
    [[nodiscard]] Amount part(std::uint64_t numerator, std::uint64_t denominator) const {
        if (denominator == 0) panic(Panic::division);
        return divide(multiply(m_value, numerator).value(), denominator)->quotient;
    }

    bool operator==(const Amount&) const = default;
    auto operator<=>(const Amount&) const = default;

    static U256 most() { return *subtract(U256::power_of_two(128), 1); }

private:
    static const U256& checked(const U256& value) {
        if (value > most()) panic(Panic::arithmetic);
        return value;
    }
    static U256 sum(const U256& a, const U256& b) { return add(a, b).value_or(U256::max()); }

    U256 m_value;
};

}    // namespace filfil::incentive::model
