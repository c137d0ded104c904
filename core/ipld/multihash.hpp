// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/bytes.hpp"

#include <cstdint>
#include <string>

namespace filfil::ipld {

/// Multihash codes that Filecoin chain data uses (multiformats/multicodec table.csv).
enum class HashCode : std::uint64_t {
    identity = 0x00,
    sha2_256 = 0x12,
    blake2b_256 = 0xb220,
    sha2_256_trunc254_padded = 0x1012,           ///< piece and data commitments
    poseidon_bls12_381_a2_fc1 = 0xb401,          ///< sealed and replica commitments
    fr32_sha256_trunc254_padbintree = 0x1011,    ///< piece CID v2 (FRC-0069)
};

/// The name in the multicodec table, or "0x…" for a code that is not listed above.
std::string name_of(HashCode code);

/// "0x" and the digits of `code` in lower-case hexadecimal, as the multicodec table writes codes.
std::string hex_name(std::uint64_t code);

/// A multihash: which function, and its digest. Does not own the digest.
struct MultihashView {
    HashCode code{};
    ByteView digest;
};

/// A multihash and the bytes it took.
struct ReadMultihash {
    MultihashView hash;
    std::size_t length = 0;
};

/// Reads `varint code | varint length | digest` from the front of `bytes`.
/// @return Error::truncated or Error::corrupt; lengths over 128 bytes are Error::too_large (a go-multihash rule for all
/// but identity; no chain block comes near it).
Result<ReadMultihash> read_multihash(ByteView bytes);

/// Appends `varint code | varint length | digest`.
void append_multihash(Bytes& out, MultihashView hash);

/// Hashes `data` and compares.
/// @return true if `hash` is the digest of `data`; Error::unsupported for a function that cannot be computed from the
/// data alone (commitments, unknown codes). Thread-safe.
Result<bool> matches(MultihashView hash, ByteView data);

}    // namespace filfil::ipld
