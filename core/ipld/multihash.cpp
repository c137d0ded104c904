// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "ipld/multihash.hpp"

#include "ipld/digest.hpp"
#include "ipld/varint.hpp"

#include <algorithm>

namespace filfil::ipld {
namespace {

constexpr std::uint64_t max_digest_length = 128;

}    // namespace

std::string name_of(HashCode code) {
    switch (code) {
        case HashCode::identity: return "identity";
        case HashCode::sha2_256: return "sha2-256";
        case HashCode::blake2b_256: return "blake2b-256";
        case HashCode::sha2_256_trunc254_padded: return "sha2-256-trunc254-padded";
        case HashCode::poseidon_bls12_381_a2_fc1: return "poseidon-bls12_381-a2-fc1";
        case HashCode::fr32_sha256_trunc254_padbintree: return "fr32-sha256-trunc254-padbintree";
    }
    return hex_name(static_cast<std::uint64_t>(code));
}

std::string hex_name(std::uint64_t code) {
    static constexpr char digits[] = "0123456789abcdef";
    std::string out;
    do {
        out.insert(out.begin(), digits[code & 15]);
        code >>= 4;
    } while (code != 0);
    return "0x" + out;
}

Result<ReadMultihash> read_multihash(ByteView bytes) {
    auto code = read_varint(bytes);
    if (!code.ok()) return std::move(code).error().in("multihash function code");
    std::size_t at = code->length;
    auto length = read_varint(bytes.subspan(at));
    if (!length.ok()) return std::move(length).error().in("multihash digest length at byte " + std::to_string(at));
    at += length->length;
    if (length->value > max_digest_length)
        return Error(ErrorCode::too_large, "multihash announces a digest of " + std::to_string(length->value) +
                                               " bytes, more than the 128 that are allowed");
    if (length->value > bytes.size() - at)
        return Error(ErrorCode::truncated, "multihash digest at byte " + std::to_string(at) + " should have " +
                                               std::to_string(length->value) + " bytes, and only " +
                                               std::to_string(bytes.size() - at) + " are left");
    const ByteView digest = bytes.subspan(at, static_cast<std::size_t>(length->value));
    return ReadMultihash{{static_cast<HashCode>(code->value), digest}, at + digest.size()};
}

void append_multihash(Bytes& out, MultihashView hash) {
    append_varint(out, static_cast<std::uint64_t>(hash.code));
    append_varint(out, hash.digest.size());
    out.insert(out.end(), hash.digest.begin(), hash.digest.end());
}

Result<bool> matches(MultihashView hash, ByteView data) {
    if (hash.code == HashCode::identity) return std::ranges::equal(hash.digest, data);
    if (hash.code != HashCode::sha2_256 && hash.code != HashCode::blake2b_256)
        return Error(ErrorCode::unsupported,
                     "hash function " + name_of(hash.code) + " cannot be computed from a block's bytes");
    if (hash.digest.size() != std::tuple_size_v<Digest256>)
        return Error(ErrorCode::unsupported, "a " + name_of(hash.code) + " digest of " +
                                                 std::to_string(hash.digest.size()) +
                                                 " bytes; only all 32 are checked");
    const Digest256 digest = hash.code == HashCode::sha2_256 ? sha2_256(data) : blake2b_256(data);
    return std::ranges::equal(hash.digest, digest);
}

}    // namespace filfil::ipld
