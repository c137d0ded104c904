// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/bytes.hpp"
#include "chain/address.hpp"

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace filfil::incentive {

/// An address as the EVM has it: 20 bytes. FEVM writes an actor that has no f410 address as 0xff, eleven zero bytes and
/// its number, big-endian ("masked id").
/// Source of the rules: filecoin-project/lotus chain/types/ethtypes/eth_types.go, EIP-55.
class EthAddress {
public:
    static constexpr std::size_t size = 20;

    /// The zero address: names nobody.
    constexpr EthAddress() = default;
    explicit constexpr EthAddress(const std::array<std::byte, size>& bytes) noexcept : m_bytes(bytes) {}

    /// @return Error::corrupt where there are not 20
    static Result<EthAddress> from_bytes(ByteView bytes);

    /// 0xff, zeros, `id`.
    static EthAddress of_id(std::uint64_t id) noexcept;

    /// Reads "0x" and 40 hexadecimal digits. Where both cases stand in it, they must be those of EIP-55's checksum; all
    /// in one case has none. @return Error::invalid_argument names the text and what is wrong
    static Result<EthAddress> parse(std::string_view text);

    /// Reads what people write for a contract or an account: "0x…", "f410f…", "t410f…", "f0123".
    /// @return Error::invalid_argument for what is no address; unsupported for those that have no 0x form
    static Result<EthAddress> parse_any(std::string_view text);

    /// The actor's number, where this is a masked id.
    [[nodiscard]] std::optional<std::uint64_t> id() const noexcept;

    [[nodiscard]] bool zero() const noexcept { return *this == EthAddress(); }
    [[nodiscard]] const std::array<std::byte, size>& bytes() const noexcept { return m_bytes; }

    /// With EIP-55's checksum, e.g. "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed". Curio compares this form as text.
    [[nodiscard]] std::string text() const;

    /// In lower case.
    [[nodiscard]] std::string lower_text() const;

    auto operator<=>(const EthAddress&) const = default;

private:
    std::array<std::byte, size> m_bytes{};
};

/// f0 as a masked id, f410 as its 20 bytes.
/// @return Error::unsupported for f1, f2, f3 and other delegated addresses: these have no 0x form, and the remedy says
/// to look up the actor's number first; corrupt for an f410 that looks like a masked id, which no node takes
Result<EthAddress> eth_address_of(const chain::Address& address);

/// The other way: f0 for a masked id, else f410. @return Error::corrupt for a number of 2^63 or more
Result<chain::Address> filecoin_address_of(const EthAddress& address);

}    // namespace filfil::incentive
