// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "incentive/eth_address.hpp"

#include "incentive/keccak.hpp"
#include "ipld/varint.hpp"

#include <algorithm>

namespace filfil::incentive {
namespace {

constexpr std::byte mask{0xff};
constexpr std::size_t number_at = 12;    ///< of a masked id: behind the mask and eleven zeros

/// The actor that gives out f410 addresses.
constexpr std::uint64_t ethereum_manager = 10;

Error no_address(std::string_view text, std::string_view what) {
    std::string shown;
    for (const char c : text.substr(0, 48)) shown += c >= ' ' && c <= '~' ? c : '?';
    if (text.size() > 48) shown += "…";
    return {ErrorCode::invalid_argument, "\"" + shown + "\" is no address: " + std::string(what),
            "check it for a character that was mistyped or lost"};
}

bool has_letter(std::string_view text, char first, char last) {
    return std::ranges::any_of(text, [&](char c) { return c >= first && c <= last; });
}

}    // namespace

Result<EthAddress> EthAddress::from_bytes(ByteView bytes) {
    if (bytes.size() != size)
        return Error(ErrorCode::corrupt,
                     "an address of Ethereum's has 20 bytes, and there are " + std::to_string(bytes.size()));
    EthAddress out;
    std::ranges::copy(bytes, out.m_bytes.begin());
    return out;
}

EthAddress EthAddress::of_id(std::uint64_t id) noexcept {
    EthAddress out;
    out.m_bytes[0] = mask;
    for (std::size_t i = size; i-- > number_at; id >>= 8) out.m_bytes[i] = static_cast<std::byte>(id);
    return out;
}

Result<EthAddress> EthAddress::parse(std::string_view text) {
    if (!text.starts_with("0x")) return no_address(text, "it does not start with 0x");
    const std::string_view digits = text.substr(2);
    if (digits.size() != 2 * size)
        return no_address(text, "40 digits follow the 0x of one, not " + std::to_string(digits.size()));
    const auto bytes = from_hex(digits);
    if (!bytes.ok()) return no_address(text, "something else than a hexadecimal digit stands in it");
    FILFIL_TRY(EthAddress out, from_bytes(*bytes));
    if (has_letter(digits, 'a', 'f') && has_letter(digits, 'A', 'F') && out.text() != text)
        return no_address(text, "its upper and lower case letters are not those of its checksum (EIP-55)");
    return out;
}

Result<EthAddress> EthAddress::parse_any(std::string_view text) {
    if (text.starts_with("0x")) return parse(text);
    FILFIL_TRY(const chain::Address address, chain::Address::parse(text));
    return eth_address_of(address);
}

std::optional<std::uint64_t> EthAddress::id() const noexcept {
    const ByteView bytes(m_bytes);
    const auto is_zero = [](std::byte b) { return b == std::byte{0}; };
    if (bytes[0] != mask || !std::ranges::all_of(bytes.subspan(1, number_at - 1), is_zero)) return std::nullopt;
    std::uint64_t out = 0;
    for (const std::byte b : bytes.subspan(number_at)) out = out << 8 | std::to_integer<std::uint64_t>(b);
    return out;
}

std::string EthAddress::lower_text() const { return "0x" + to_hex(m_bytes); }

std::string EthAddress::text() const {
    std::string digits = to_hex(m_bytes);
    // EIP-55: a letter is in upper case where the same digit of the lower-case text's hash is 8 or more.
    const auto hash = keccak_256(bytes_of(digits));
    for (std::size_t i = 0; i < digits.size(); ++i) {
        const auto two = std::to_integer<unsigned>(hash[i / 2]);
        const unsigned digit = i % 2 == 0 ? two >> 4 : two & 15;
        if (digit >= 8 && digits[i] >= 'a') digits[i] = static_cast<char>(digits[i] - 'a' + 'A');
    }
    return "0x" + digits;
}

Result<EthAddress> eth_address_of(const chain::Address& address) {
    if (address.empty()) return Error(ErrorCode::invalid_argument, "the empty address names nobody");
    const ByteView rest = address.bytes().subspan(1);
    if (address.protocol() == chain::AddressProtocol::id) {
        FILFIL_TRY(const ipld::Varint id, ipld::read_varint(rest));
        return EthAddress::of_id(id.value);
    }
    if (address.protocol() == chain::AddressProtocol::delegated) {
        FILFIL_TRY(const ipld::Varint giver, ipld::read_varint(rest));
        const ByteView inner = rest.subspan(giver.length);
        if (giver.value == ethereum_manager && inner.size() == EthAddress::size) {
            FILFIL_TRY(const EthAddress out, EthAddress::from_bytes(inner));
            if (!out.id()) return out;
            return Error(ErrorCode::corrupt, address.text() + " holds an actor's number, which no f410 address may");
        }
    }
    return Error(ErrorCode::unsupported, address.text() + " has no 0x form",
                 "look up the number of its actor (f0…) and use that, or use an f410 address");
}

Result<chain::Address> filecoin_address_of(const EthAddress& address) {
    if (const auto id = address.id()) {
        const chain::Address out = chain::Address::of_id(*id);
        if (out.empty()) return Error(ErrorCode::corrupt, address.lower_text() + " holds a number above all actors'");
        return out;
    }
    Bytes bytes{static_cast<std::byte>(chain::AddressProtocol::delegated), static_cast<std::byte>(ethereum_manager)};
    bytes.insert(bytes.end(), address.bytes().begin(), address.bytes().end());
    return chain::Address::from_bytes(bytes);
}

}    // namespace filfil::incentive
