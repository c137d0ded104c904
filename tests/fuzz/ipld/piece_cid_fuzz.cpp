// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "ipld/piece_cid.hpp"
#include "require.hpp"

#include <algorithm>
#include <cstring>

using namespace filfil;
using namespace filfil::ipld;
using filfil::fuzz::require;

namespace {

void check_reading(const Cid& cid) {
    const auto info = read_piece_cid(cid);
    if (!info.ok()) return;
    require(info->payload_size.has_value() == info->padded_size.has_value(), "both sizes or none are known");
    if (!info->payload_size) {
        require(piece_cid_v1(info->root) == cid, "a version 1 piece CID is its root");
        return;
    }
    require(*info->payload_size <= capacity_of(*info->padded_size), "the payload fits its piece");
    const auto back = piece_cid_v2(info->root, *info->payload_size, *info->padded_size);
    require(back.ok() && *back == cid, "a version 2 piece CID is its root and sizes");
}

}    // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView bytes = fuzz::input(data, size);
    if (const auto cid = Cid::from_bytes(bytes); cid.ok()) check_reading(*cid);
    check_reading(
        Cid(Codec::raw, {HashCode::fr32_sha256_trunc254_padbintree, bytes.first(std::min<std::size_t>(size, 128))}));

    if (size < 48) return 0;
    std::uint64_t payload_size = 0;
    std::uint64_t padded_size = 0;
    Digest256 root{};
    std::memcpy(&payload_size, data, 8);
    std::memcpy(&padded_size, data + 8, 8);
    std::memcpy(root.data(), data + 16, 32);
    // Half of the inputs try a power of two, since random numbers hardly ever are.
    if (padded_size % 2 == 0) padded_size = std::uint64_t{1} << (padded_size / 2 % 64);
    const auto cid = piece_cid_v2(root, payload_size, padded_size);
    if (cid.ok()) {
        const auto info = read_piece_cid(*cid);
        require(
            info.ok() && info->root == root && info->payload_size == payload_size && info->padded_size == padded_size,
            "a version 2 piece CID reads back");
    }
    const std::uint64_t natural = padded_size_of(payload_size);
    if (natural != 0) {
        require(capacity_of(natural) >= payload_size, "the natural size holds the payload");
        require(natural == 128 || capacity_of(natural / 2) < payload_size, "and half of it does not");
        require(std::uint64_t{32} << height_of(natural) == natural, "the height is that of the size");
    }
    return 0;
}
