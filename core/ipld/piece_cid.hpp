// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "ipld/cid.hpp"
#include "ipld/digest.hpp"

#include <cstdint>
#include <optional>

namespace filfil::ipld {

/// What a piece CID says. Version 1 carries the root only; version 2 (FRC-0069) also the tree's height and how many
/// payload bytes short of full it is.
struct PieceCidInfo {
    Digest256 root{};
    std::optional<std::uint64_t> payload_size;    ///< bytes before Fr32 padding; version 2 only
    std::optional<std::uint64_t> padded_size;     ///< bytes after it, a power of two >= 128; version 2 only
};

/// CIDv1, codec fil-commitment-unsealed 0xf101, multihash sha2-256-trunc254-padded 0x1012: "baga6ea4seaq…".
/// Source: go-fil-commcid, DataCommitmentV1ToCID.
Cid piece_cid_v1(const Digest256& root);

/// CIDv1, codec raw, multihash 0x1011, digest = varint(padding) | height | root: "bafkzcib…". Source: FRC-0069.
/// @param payload_size bytes, 0 to padded_size * 127 / 128
/// @param padded_size bytes, a power of two, 128 to 2^62; may be larger than the payload needs
/// go-fil-commcid makes none for a payload under 127 bytes and reads none whose padding is half the tree or more (a
/// tiny payload, or a piece padded to more than the next power of two): give version 1 and the sizes to those who use
/// it.
/// @return Error::invalid_argument if the sizes do not fit each other
Result<Cid> piece_cid_v2(const Digest256& root, std::uint64_t payload_size, std::uint64_t padded_size);

/// Reads either version. @return Error::invalid_argument naming what the CID is instead, or what is wrong inside it
/// (a root with its two top bits set, a padding that is larger than the piece, a height over 57 or below 2).
Result<PieceCidInfo> read_piece_cid(const Cid& cid);

/// Tree height of a padded size: log2(padded / 32).
unsigned height_of(std::uint64_t padded_size) noexcept;

/// The least padded size that holds `payload_size` bytes: 128 · 2^ceil(log2(ceil(payload / 127))), at least 128.
/// Payloads over 2^62·127/128 bytes give 0.
std::uint64_t padded_size_of(std::uint64_t payload_size) noexcept;

/// Payload bytes that a padded size holds: padded / 128 · 127.
constexpr std::uint64_t capacity_of(std::uint64_t padded_size) noexcept { return padded_size / 128 * 127; }

}    // namespace filfil::ipld
