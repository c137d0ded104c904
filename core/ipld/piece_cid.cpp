// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "ipld/piece_cid.hpp"

#include "ipld/varint.hpp"

#include <algorithm>
#include <bit>

namespace filfil::ipld {
namespace {

constexpr std::uint64_t quad_payload = 127;
constexpr std::uint64_t quad_padded = 128;
constexpr unsigned min_height = 2;
constexpr unsigned max_height = 57;
constexpr std::uint64_t max_padded = std::uint64_t{32} << max_height;

constexpr std::string_view remedy = "give a piece CID: version 1 starts with baga6ea4seaq, version 2 with bafkzcib";

Error no_piece_cid(const Cid& cid, const std::string& why) {
    return {ErrorCode::invalid_argument, cid.text() + " is no piece CID: " + why, std::string(remedy)};
}

/// The two top bits of a commitment's last byte are cleared, so that it is a field element.
bool is_commitment(ByteView root) noexcept { return (root.back() & std::byte{0xc0}) == std::byte{0}; }

Result<PieceCidInfo> read_root(const Cid& cid, ByteView root) {
    if (root.size() != std::tuple_size_v<Digest256>)
        return no_piece_cid(cid, "its root has " + std::to_string(root.size()) + " bytes instead of 32");
    if (!is_commitment(root))
        return no_piece_cid(cid, "the two top bits of its root's last byte are set, which no commitment has");
    PieceCidInfo info;
    std::ranges::copy(root, info.root.begin());
    return info;
}

Result<PieceCidInfo> read_v2(const Cid& cid, ByteView digest) {
    auto padding = read_varint(digest);
    if (!padding.ok()) return no_piece_cid(cid, std::move(padding).error().in("its padding").message);
    digest = digest.subspan(padding->length);
    if (digest.empty()) return no_piece_cid(cid, "it ends before the tree height");
    const auto height = std::to_integer<unsigned>(digest.front());
    if (height < min_height || height > max_height)
        return no_piece_cid(cid, "its tree height is " + std::to_string(height) + ", and only 2 to 57 make a piece");
    FILFIL_TRY(PieceCidInfo info, read_root(cid, digest.subspan(1)));
    const std::uint64_t padded_size = std::uint64_t{32} << height;
    if (padding->value > capacity_of(padded_size))
        return no_piece_cid(cid, "its padding of " + std::to_string(padding->value) +
                                     " bytes is larger than its piece, which holds " +
                                     std::to_string(capacity_of(padded_size)));
    info.padded_size = padded_size;
    info.payload_size = capacity_of(padded_size) - padding->value;
    return info;
}

}    // namespace

Cid piece_cid_v1(const Digest256& root) {
    return {Codec::fil_commitment_unsealed, {HashCode::sha2_256_trunc254_padded, root}};
}

Result<Cid> piece_cid_v2(const Digest256& root, std::uint64_t payload_size, std::uint64_t padded_size) {
    if (padded_size < quad_padded || padded_size > max_padded || !std::has_single_bit(padded_size))
        return Error(
            ErrorCode::invalid_argument,
            "a padded piece size of " + std::to_string(padded_size) + " bytes is no power of two from 128 to 2^62",
            "give a power of two, such as 34359738368 (32GiB)");
    if (payload_size > capacity_of(padded_size))
        return Error(ErrorCode::invalid_argument,
                     "a payload of " + std::to_string(payload_size) + " bytes does not fit a piece of " +
                         std::to_string(padded_size) + " padded bytes, which holds " +
                         std::to_string(capacity_of(padded_size)),
                     "give a padded size of at least " + std::to_string(padded_size_of(payload_size)));
    if (!is_commitment(root))
        return Error(ErrorCode::invalid_argument,
                     "the two top bits of the root's last byte are set, which no piece commitment has");
    Bytes digest;
    append_varint(digest, capacity_of(padded_size) - payload_size);
    digest.push_back(static_cast<std::byte>(height_of(padded_size)));
    digest.insert(digest.end(), root.begin(), root.end());
    return Cid(Codec::raw, {HashCode::fr32_sha256_trunc254_padbintree, digest});
}

Result<PieceCidInfo> read_piece_cid(const Cid& cid) {
    const MultihashView hash = cid.hash();
    if (cid.codec() == Codec::fil_commitment_unsealed && hash.code == HashCode::sha2_256_trunc254_padded)
        return read_root(cid, hash.digest);
    if (cid.codec() == Codec::raw && hash.code == HashCode::fr32_sha256_trunc254_padbintree)
        return read_v2(cid, hash.digest);
    if (cid.empty()) return Error(ErrorCode::invalid_argument, "an empty CID is no piece CID", std::string(remedy));
    return no_piece_cid(cid, "its codec is " + name_of(cid.codec()) + " and its hash " + name_of(hash.code));
}

unsigned height_of(std::uint64_t padded_size) noexcept {
    return padded_size < 32 ? 0 : static_cast<unsigned>(std::bit_width(padded_size / 32)) - 1;
}

std::uint64_t padded_size_of(std::uint64_t payload_size) noexcept {
    if (payload_size > capacity_of(max_padded)) return 0;
    const std::uint64_t quads = payload_size / quad_payload + (payload_size % quad_payload != 0 ? 1 : 0);
    return std::bit_ceil(quads) * quad_padded;
}

}    // namespace filfil::ipld
