// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/bytes.hpp"

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace filfil::incentive {

/// A number from 0 to 2^256 - 1: the EVM's word, and attoFIL where it is money. Arithmetic says when it does not fit.
class U256 {
public:
    constexpr U256() = default;
    constexpr U256(std::uint64_t value) noexcept : m_words{value} {}    // NOLINT(google-explicit-constructor)

    /// 2^exponent. @param exponent 0 to 255
    static constexpr U256 power_of_two(unsigned exponent) noexcept {
        U256 out;
        out.m_words[exponent / 64 % 4] = std::uint64_t{1} << (exponent % 64);
        return out;
    }
    static constexpr U256 max() noexcept {
        U256 out;
        for (std::uint64_t& word : out.m_words) word = ~std::uint64_t{0};
        return out;
    }

    /// @param bytes big-endian, 32 at most; the rest is zero
    /// @return Error::too_large for more than 32 bytes
    static Result<U256> from_bytes(ByteView bytes);

    /// Decimal digits, nothing else; no leading zeros but "0" itself.
    /// @return Error::invalid_argument says what is wrong, too_large from 2^256 on
    static Result<U256> parse(std::string_view text);

    /// A number as Ethereum's JSON-RPC has it: "0x" and digits without leading zeros, "0x0" for none. With `lenient`
    /// leading zeros are taken too, and "0x" is none: what some nodes write.
    static Result<U256> parse_hex(std::string_view text, bool lenient = false);

    [[nodiscard]] std::string text() const;                            ///< decimal
    [[nodiscard]] std::string hex() const;                             ///< "0x0", "0x1f"
    [[nodiscard]] std::array<std::byte, 32> bytes() const noexcept;    ///< big-endian
    [[nodiscard]] Bytes short_bytes() const;                           ///< the same without leading zeros; empty for 0

    /// The number as Filecoin writes amounts: nothing for 0, else a zero byte and the number (chain/amount.hpp).
    [[nodiscard]] Bytes amount() const;

    [[nodiscard]] constexpr bool zero() const noexcept {
        return (m_words[0] | m_words[1] | m_words[2] | m_words[3]) == 0;
    }

    /// The number, where it is below 2^64.
    [[nodiscard]] constexpr std::optional<std::uint64_t> as_uint64() const noexcept {
        if ((m_words[1] | m_words[2] | m_words[3]) != 0) return std::nullopt;
        return m_words[0];
    }

    /// How many bits it takes: 0 for 0, 256 at most.
    [[nodiscard]] unsigned bit_width() const noexcept;

    [[nodiscard]] constexpr bool bit(unsigned index) const noexcept {
        return index < 256 && (m_words[index / 64] >> (index % 64) & 1) != 0;
    }

    constexpr bool operator==(const U256&) const noexcept = default;
    constexpr std::strong_ordering operator<=>(const U256& other) const noexcept {
        for (std::size_t i = 4; i-- > 0;)
            if (m_words[i] != other.m_words[i]) return m_words[i] <=> other.m_words[i];
        return std::strong_ordering::equal;
    }

    /// Nothing where the result is below 0 or 2^256 and more.
    friend std::optional<U256> add(const U256& a, const U256& b) noexcept;
    friend std::optional<U256> subtract(const U256& a, const U256& b) noexcept;
    friend std::optional<U256> multiply(const U256& a, const U256& b) noexcept;

    /// Rounded down, and what is left. Nothing for a divisor of 0.
    struct Divided;
    friend std::optional<Divided> divide(const U256& a, const U256& b) noexcept;

    /// a - b and a + b modulo 2^256: two's complement.
    friend U256 wrapping_subtract(const U256& a, const U256& b) noexcept;
    friend U256 wrapping_add(const U256& a, const U256& b) noexcept;

private:
    /// Least significant first.
    std::array<std::uint64_t, 4> m_words{};
};

struct U256::Divided {
    U256 quotient;
    U256 remainder;
};

// The friends above, to be found without an argument of the type.
std::optional<U256> add(const U256& a, const U256& b) noexcept;
std::optional<U256> subtract(const U256& a, const U256& b) noexcept;
std::optional<U256> multiply(const U256& a, const U256& b) noexcept;
std::optional<U256::Divided> divide(const U256& a, const U256& b) noexcept;
U256 wrapping_subtract(const U256& a, const U256& b) noexcept;
U256 wrapping_add(const U256& a, const U256& b) noexcept;

/// A word that is read as a number from -2^255 to 2^255 - 1.
struct I256 {
    U256 word;    ///< two's complement

    [[nodiscard]] bool negative() const noexcept { return word.bit(255); }
    [[nodiscard]] std::string text() const;    ///< decimal, '-' in front of what is below 0

    bool operator==(const I256&) const = default;
};

}    // namespace filfil::incentive
