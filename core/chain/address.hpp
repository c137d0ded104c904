// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/bytes.hpp"

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace filfil::chain {

/// How an address names its actor: the first byte of its binary form, and the digit behind the network's letter.
enum class AddressProtocol : std::uint8_t {
    id = 0,           ///< the actor's number, as an unsigned varint below 2^63
    secp256k1 = 1,    ///< BLAKE2b-160 of a public key
    actor = 2,        ///< BLAKE2b-160 of what an actor was made by
    bls = 3,          ///< a public key of 48 bytes
    delegated = 4,    ///< the number of the actor that gives them out, then up to 54 bytes (f410…: Ethereum's)
};

/// Letters in front of addresses in text.
inline constexpr char mainnet_letter = 'f';
inline constexpr char testnet_letter = 't';

/// An address, held as its binary form. Both letters name the same address: the binary form has none.
/// Source of the rules: filecoin-project/go-address address.go newAddress, encode, decode and constants.go.
class Address {
public:
    /// The empty address: names nobody.
    Address() = default;

    /// @param id below 2^63; larger ones give the empty address
    static Address of_id(std::uint64_t id);

    /// Reads a binary form that fills `bytes` whole. @return Error::corrupt or truncated with what is wrong
    static Result<Address> from_bytes(ByteView bytes);

    /// Reads text with either letter: "f01234", "f1…", "t410f…". As go-address does, upper case, padding and a base32
    /// text that is not the shortest are refused; so are leading zeros, of which no node writes any.
    /// @return Error::invalid_argument names the text (its front) and what is wrong
    static Result<Address> parse(std::string_view text);

    [[nodiscard]] bool empty() const noexcept { return m_bytes.empty(); }
    [[nodiscard]] AddressProtocol protocol() const noexcept;    ///< of an address that is not empty
    [[nodiscard]] ByteView bytes() const noexcept { return m_bytes; }

    /// @param letter mainnet_letter or testnet_letter. @return "<empty>" for the empty address, as go-address says
    [[nodiscard]] std::string text(char letter = mainnet_letter) const;

    auto operator<=>(const Address&) const = default;

private:
    explicit Address(Bytes bytes) : m_bytes(std::move(bytes)) {}

    Bytes m_bytes;
};

}    // namespace filfil::chain
