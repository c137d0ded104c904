// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "incentive/model/cbor_reader.hpp"

#include "ipld/cbor_head.hpp"

#include <algorithm>
#include <array>
#include <limits>

namespace filfil::incentive::model {
namespace {

/// In front of the digest in the CID of a piece commitment, with the zero that DAG-CBOR puts before a CID.
constexpr std::array<std::uint8_t, 8> commitment_prefix = {0x00, 0x01, 0x81, 0xe2, 0x03, 0x92, 0x20, 0x20};

}    // namespace

void CborReader::wrong(std::size_t at) { revert(contract::errors::Cbor{.offset = at}); }

CborReader::Head CborReader::head() {
    const ipld::CborHead head = ipld::read_cbor_head(m_data.data() + m_at, m_data.data() + m_data.size());
    if (head.size == 0) wrong(m_at);
    m_at += head.size;
    return {head.major, head.argument};
}

std::uint64_t CborReader::expect(unsigned major) {
    const std::size_t at = m_at;
    const Head found = head();
    if (found.major != major) wrong(at);
    return found.argument;
}

std::uint64_t CborReader::number() { return expect(ipld::cbor_unsigned); }

std::int64_t CborReader::integer() {
    const std::size_t at = m_at;
    const Head found = head();
    if (found.major > ipld::cbor_negative || found.argument > std::numeric_limits<std::int64_t>::max()) wrong(at);
    const auto value = static_cast<std::int64_t>(found.argument);
    return found.major == ipld::cbor_unsigned ? value : -1 - value;
}

std::uint64_t CborReader::list() {
    const std::size_t at = m_at;
    const std::uint64_t count = expect(ipld::cbor_list);
    if (count > m_data.size() - m_at) wrong(at);
    return count;
}

void CborReader::tuple(std::uint64_t count) {
    const std::size_t at = m_at;
    if (expect(ipld::cbor_list) != count) wrong(at);
}

bool CborReader::boolean() {
    if (m_at >= m_data.size()) wrong(m_at);
    const auto byte = std::to_integer<unsigned>(m_data[m_at]);
    if (byte != 0xf4 && byte != 0xf5) wrong(m_at);
    ++m_at;
    return byte == 0xf5;
}

ByteView CborReader::string(unsigned one, unsigned other) {
    const std::size_t at = m_at;
    const Head found = head();
    if ((found.major != one && found.major != other) || found.argument > m_data.size() - m_at) wrong(at);
    const ByteView out = m_data.subspan(m_at, static_cast<std::size_t>(found.argument));
    m_at += out.size();
    return out;
}

ByteView CborReader::bytes() { return string(ipld::cbor_bytes, ipld::cbor_bytes); }

void CborReader::skip_string() { (void)string(ipld::cbor_bytes, ipld::cbor_text); }

CborReader::BigInt CborReader::big_int() {
    const std::size_t at = m_at;
    const ByteView digits = bytes();
    if (digits.empty()) return {};
    if (digits.size() > 33 || std::to_integer<unsigned>(digits[0]) > 1) wrong(at);
    return {digits[0] == std::byte{1}, U256::from_bytes(digits.subspan(1)).value()};
}

Root CborReader::commitment() {
    const std::size_t at = m_at;
    if (expect(ipld::cbor_tag) != ipld::cbor_link_tag) wrong(at);
    const ByteView cid = bytes();
    if (cid.empty() || cid[0] != std::byte{0}) wrong(at);
    Root out{};
    const auto same = [](std::byte a, std::uint8_t b) { return a == std::byte{b}; };
    if (cid.size() == commitment_prefix.size() + out.size() &&
        std::ranges::equal(cid.first(commitment_prefix.size()), commitment_prefix, same))
        std::ranges::copy(cid.subspan(commitment_prefix.size()), out.begin());
    return out;
}

void CborReader::end() const {
    if (m_at != m_data.size()) wrong(m_at);
}

Bytes cbor_head(unsigned major, std::uint64_t argument) {
    const auto first = [&](unsigned low) { return static_cast<std::byte>(major << 5 | low); };
    if (argument < 24) return {first(static_cast<unsigned>(argument))};
    const unsigned power = argument <= 0xff ? 0 : argument <= 0xffff ? 1 : argument <= 0xffff'ffff ? 2 : 3;
    Bytes out = {first(24 + power)};
    for (unsigned i = 1U << power; i-- > 0;) out.push_back(static_cast<std::byte>(argument >> (8 * i)));
    return out;
}

Bytes cbor_number(std::uint64_t value) { return cbor_head(ipld::cbor_unsigned, value); }

Bytes cbor_bytes(ByteView value) {
    Bytes out = cbor_head(ipld::cbor_bytes, value.size());
    out.insert(out.end(), value.begin(), value.end());
    return out;
}

}    // namespace filfil::incentive::model
