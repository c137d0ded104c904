// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "car/section.hpp"

#include "ipld/varint.hpp"

#include <array>
#include <cstring>

namespace filfil::car {
namespace {

constexpr std::size_t digest_size = 32;

/// What follows version and codec in nearly every CID of the chain: blake2b-256 (0xb220), 32 bytes.
constexpr std::array<std::byte, 4> blake2b_prefix{std::byte{0xa0}, std::byte{0xe4}, std::byte{0x02}, std::byte{0x20}};

}    // namespace

ipld::Cid Section::cid_copy() const {
    auto copy = ipld::Cid::from_bytes(cid);
    return copy.ok() ? std::move(copy).value() : ipld::Cid();
}

Result<CidView> read_cid_view(ByteView bytes) {
    constexpr std::size_t common_size = 2 + blake2b_prefix.size() + digest_size;
    if (bytes.size() >= common_size && bytes[0] == std::byte{1} && bytes[1] < std::byte{0x80} &&
        std::memcmp(bytes.data() + 2, blake2b_prefix.data(), blake2b_prefix.size()) == 0)
        return CidView{bytes.first(common_size),
                       static_cast<ipld::Codec>(bytes[1]),
                       {ipld::HashCode::blake2b_256, bytes.subspan(common_size - digest_size, digest_size)}};

    // Version 0 is a bare sha2-256 multihash and has no version byte.
    if (bytes.size() == 1 && bytes[0] == std::byte{0x12})
        return Error(ErrorCode::truncated, "a version 0 CID ends after its first byte");
    if (bytes.size() >= 2 && bytes[0] == std::byte{0x12} && bytes[1] == std::byte{0x20}) {
        if (bytes.size() < 2 + digest_size)
            return Error(ErrorCode::truncated, "a version 0 CID ends inside its digest");
        return CidView{bytes.first(2 + digest_size),
                       ipld::Codec::dag_pb,
                       {ipld::HashCode::sha2_256, bytes.subspan(2, digest_size)}};
    }
    FILFIL_TRY(const ipld::Varint version, ipld::read_varint(bytes));
    if (version.value != 1)
        return Error(ErrorCode::corrupt,
                     "the CID begins with version " + std::to_string(version.value) + ", not 0 or 1");
    FILFIL_TRY(const ipld::Varint codec, ipld::read_varint(bytes.subspan(version.length)));
    const std::size_t start = version.length + codec.length;
    FILFIL_TRY(const ipld::ReadMultihash hash, ipld::read_multihash(bytes.subspan(start)));
    return CidView{bytes.first(start + hash.length), static_cast<ipld::Codec>(codec.value), hash.hash};
}

}    // namespace filfil::car
