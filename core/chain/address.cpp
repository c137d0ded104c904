// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "chain/address.hpp"

#include "ipld/digest.hpp"
#include "ipld/multibase.hpp"
#include "ipld/varint.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace filfil::chain {
namespace {

constexpr std::size_t hash_size = 20;
constexpr std::size_t bls_size = 48;
constexpr std::size_t longest_subaddress = 54;
constexpr std::size_t checksum_size = 4;

/// go-address MaxAddressStringLength: letter, digit, 19 digits of a namespace, 'f', 93 characters of base32.
constexpr std::size_t longest_text = 115;

constexpr std::uint64_t most_ids = std::uint64_t{1} << 63;

using Checksum = std::array<std::byte, checksum_size>;

Checksum checksum_of(ByteView address) noexcept {
    Checksum out{};
    ipld::blake2b_portable(address, out);
    return out;
}

Error corrupt(std::string what) { return {ErrorCode::corrupt, "this is no address: " + std::move(what)}; }

Result<void> check_size(std::string_view kind, std::size_t size, std::size_t want) {
    if (size == want) return {};
    return corrupt("one of kind " + std::string(kind) + " has " + std::to_string(want) +
                   " bytes behind its first, not " + std::to_string(size));
}

/// What is wrong with text, which may be long and may hold anything.
Error no_address(std::string_view text, std::string what) {
    std::string shown;
    for (const char c : text.substr(0, 24)) shown += c >= ' ' && c <= '~' ? c : '?';
    if (text.size() > 24) shown += "…";
    return {ErrorCode::invalid_argument, "\"" + shown + "\" is no address: " + std::move(what),
            "check it for a character that was mistyped or lost"};
}

/// A number below 2^63 as an address has it: decimal, no leading zeros.
std::optional<std::uint64_t> read_number(std::string_view text) {
    std::uint64_t value = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (fault != std::errc() || end != text.data() + text.size() || value >= most_ids) return {};
    if (text.size() > 1 && text.front() == '0') return {};
    return value;
}

/// The payload in base32 behind character `from`, without the checksum that stands behind it.
struct Checked {
    Bytes payload;
    Checksum checksum{};
};
Result<Checked> read_base32(std::string_view text, std::size_t from) {
    for (std::size_t i = from; i < text.size(); ++i)
        if (text[i] >= 'A' && text[i] <= 'Z')
            return no_address(text, "character " + std::to_string(i) + " is in upper case");
    auto bytes = ipld::from_base32(text, from);
    if (!bytes.ok()) return no_address(text, std::move(bytes).error().message);
    if (bytes->size() < checksum_size) return no_address(text, "it is too short");
    Checked out;
    std::ranges::copy(std::span(*bytes).last(checksum_size), out.checksum.begin());
    bytes->resize(bytes->size() - checksum_size);
    out.payload = std::move(*bytes);
    return out;
}

}    // namespace

Address Address::of_id(std::uint64_t id) {
    if (id >= most_ids) return {};
    Bytes bytes{static_cast<std::byte>(AddressProtocol::id)};
    ipld::append_varint(bytes, id);
    return Address(std::move(bytes));
}

Result<Address> Address::from_bytes(ByteView bytes) {
    if (bytes.size() < 2) return Error(ErrorCode::truncated, "this is no address: it has less than two bytes");
    const ByteView payload = bytes.subspan(1);
    switch (static_cast<AddressProtocol>(bytes[0])) {
        case AddressProtocol::id: {
            auto id = ipld::read_varint(payload);
            if (!id.ok()) return std::move(id).error().in("number of an address");
            if (id->length != payload.size()) return corrupt("bytes follow the number of one of kind 0");
            break;
        }
        case AddressProtocol::secp256k1: FILFIL_CHECK(check_size("1", payload.size(), hash_size)); break;
        case AddressProtocol::actor: FILFIL_CHECK(check_size("2", payload.size(), hash_size)); break;
        case AddressProtocol::bls: FILFIL_CHECK(check_size("3", payload.size(), bls_size)); break;
        case AddressProtocol::delegated: {
            auto giver = ipld::read_varint(payload);
            if (!giver.ok()) return std::move(giver).error().in("namespace of an address");
            if (payload.size() - giver->length > longest_subaddress)
                return corrupt("behind the namespace there are " + std::to_string(payload.size() - giver->length) +
                               " bytes, and at most 54 may be");
            break;
        }
        default:
            return corrupt("its first byte says kind " + std::to_string(std::to_integer<unsigned>(bytes[0])) +
                           ", and there are 0 to 4");
    }
    return Address(to_bytes(bytes));
}

Result<Address> Address::parse(std::string_view text) {
    if (text.size() < 3) return no_address(text, "it is too short");
    if (text.size() > longest_text) return no_address(text, "it is longer than 115 characters");
    if (text[0] != mainnet_letter && text[0] != testnet_letter)
        return no_address(text, "it starts with neither f nor t");
    if (text[1] < '0' || text[1] > '4')
        return no_address(text, "its second character is none of 0 to 4, which say what kind of address it is");
    if (text[1] == '0') {
        const auto id = read_number(text.substr(2));
        if (!id) return no_address(text, "behind f0 or t0 a decimal number below 2^63 is expected");
        return of_id(*id);
    }

    Bytes bytes{static_cast<std::byte>(text[1] - '0')};
    std::size_t from = 2;
    if (text[1] == '4') {
        const std::size_t mark = text.find('f', from);
        if (mark == std::string_view::npos) return no_address(text, "the f behind its namespace is missing");
        const auto giver = read_number(text.substr(from, mark - from));
        if (!giver) return no_address(text, "its namespace is no decimal number below 2^63");
        ipld::append_varint(bytes, *giver);
        from = mark + 1;
    }
    FILFIL_TRY(const Checked rest, read_base32(text, from));
    bytes.insert(bytes.end(), rest.payload.begin(), rest.payload.end());
    auto out = from_bytes(bytes);
    if (!out.ok()) return no_address(text, "it has the wrong length for its kind");
    if (checksum_of(bytes) != rest.checksum) return no_address(text, "its checksum is wrong");
    return out;
}

AddressProtocol Address::protocol() const noexcept { return static_cast<AddressProtocol>(m_bytes.front()); }

std::string Address::text(char letter) const {
    if (empty()) return "<empty>";
    std::string out{letter, static_cast<char>('0' + std::to_integer<char>(m_bytes.front()))};
    Bytes rest = to_bytes(bytes().subspan(1));
    if (protocol() == AddressProtocol::id || protocol() == AddressProtocol::delegated) {
        const ipld::Varint number = ipld::read_varint(rest).value();
        out += std::to_string(number.value);
        if (protocol() == AddressProtocol::id) return out;
        out += 'f';
        rest.erase(rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(number.length));
    }
    const Checksum checksum = checksum_of(m_bytes);
    rest.insert(rest.end(), checksum.begin(), checksum.end());
    return out + ipld::to_base32(rest);
}

}    // namespace filfil::chain
