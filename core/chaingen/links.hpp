// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "chaingen/draws.hpp"
#include "ipld/cbor_writer.hpp"
#include "ipld/cid.hpp"
#include "ipld/digest.hpp"

#include <array>
#include <cstring>

namespace filfil::chaingen {

namespace detail {

template <class... Byte>
constexpr auto byte_array(Byte... bytes) noexcept {
    return std::array<std::byte, sizeof...(bytes)>{static_cast<std::byte>(bytes)...};
}

// The head of a link and all of its CID but the digest. First tag 42, the head of a byte string, 0x00.
inline constexpr auto dag_cbor_link = byte_array(0xd8, 0x2a, 0x58, 0x27, 0x00, 0x01, 0x71, 0xa0, 0xe4, 0x02, 0x20);
inline constexpr auto raw_link = byte_array(0xd8, 0x2a, 0x58, 0x27, 0x00, 0x01, 0x55, 0xa0, 0xe4, 0x02, 0x20);
inline constexpr auto sealed_link =
    byte_array(0xd8, 0x2a, 0x58, 0x29, 0x00, 0x01, 0x82, 0xe2, 0x03, 0x81, 0xe8, 0x02, 0x20);
inline constexpr auto unsealed_link =
    byte_array(0xd8, 0x2a, 0x58, 0x28, 0x00, 0x01, 0x81, 0xe2, 0x03, 0x92, 0x20, 0x20);

inline constexpr std::size_t cid_in_link = 5;    ///< where the CID begins in each of them

template <std::size_t Size>
std::byte* put_prefix(ipld::CborWriter& out, const std::array<std::byte, Size>& prefix) {
    std::byte* at = out.grow(Size + ipld::Digest256().size()).data();
    std::memcpy(at, prefix.data(), Size);
    return at + Size;
}

}    // namespace detail

/// A block's CID as binary: version 1, DAG-CBOR or raw, BLAKE2b-256.
using BlockCid = std::array<std::byte, 38>;

inline BlockCid block_cid(ipld::Codec codec, const ipld::Digest256& digest) noexcept {
    const auto& prefix = codec == ipld::Codec::raw ? detail::raw_link : detail::dag_cbor_link;
    BlockCid cid;
    std::memcpy(cid.data(), prefix.data() + detail::cid_in_link, prefix.size() - detail::cid_in_link);
    std::memcpy(cid.data() + cid.size() - digest.size(), digest.data(), digest.size());
    return cid;
}

inline void put_link(ipld::CborWriter& out, const ipld::Digest256& digest) {
    std::memcpy(detail::put_prefix(out, detail::dag_cbor_link), digest.data(), digest.size());
}

inline void put_raw_link(ipld::CborWriter& out, const ipld::Digest256& digest) {
    std::memcpy(detail::put_prefix(out, detail::raw_link), digest.data(), digest.size());
}

/// A sealed sector's commitment: a link to no block (fil-commitment-sealed, poseidon).
inline void put_sealed_link(ipld::CborWriter& out, Draws& draws) {
    draws.fill({detail::put_prefix(out, detail::sealed_link), 32});
}

/// A deal's or sector's data commitment: a link to no block (fil-commitment-unsealed, sha2-256-trunc254-padded).
inline void put_unsealed_link(ipld::CborWriter& out, Draws& draws) {
    draws.fill({detail::put_prefix(out, detail::unsealed_link), 32});
}

/// A byte string of `size` drawn bytes.
inline void put_drawn(ipld::CborWriter& out, Draws& draws, std::size_t size) {
    out.head(ipld::cbor_bytes, size);
    draws.fill(out.grow(size));
}

/// An amount of `size` bytes that is not 0, as go-state-types writes it: the sign, then a number without leading zeros.
/// @param size 1 to 16, without the sign
inline void put_amount(ipld::CborWriter& out, Draws& draws, std::size_t size) {
    out.head(ipld::cbor_bytes, size + 1);
    const ByteSpan bytes = out.grow(size + 1);
    draws.fill(bytes);
    bytes[0] = std::byte{0};
    bytes[1] |= std::byte{1};
}

/// The amount 0.
inline void put_nothing(ipld::CborWriter& out) { out.head(ipld::cbor_bytes, 0); }

}    // namespace filfil::chaingen
