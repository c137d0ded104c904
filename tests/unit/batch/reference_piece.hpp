// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "ipld/digest.hpp"
#include "ipld/piece_cid.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace filfil::batch {

/// A piece commitment worked out the slow and obvious way, straight from the definition: a bit stream cut into
/// elements of 254 bits, a binary tree over them, SHA-256 with its two top bits cleared. Shares no code with
/// core/commp.
struct ReferencePiece {
    ipld::Digest256 root{};
    std::uint64_t padded_size = 0;
    std::string piece_cid;
    std::string piece_cid_v2;
};

/// @param padded_size 0 for the natural size, else a power of two that is large enough
inline ReferencePiece reference_piece(std::string_view payload, std::uint64_t padded_size = 0) {
    std::uint64_t natural = 128;
    while (natural / 128 * 127 < payload.size()) natural *= 2;
    if (padded_size == 0) padded_size = natural;

    // Elements are worked out only as far as the payload goes; the rest of the tree is zeros, the same at each level.
    const std::size_t bits = payload.size() * 8;
    std::vector<ipld::Digest256> level;
    for (std::size_t at = 0; at < bits || level.empty(); at += 254) {
        ipld::Digest256 element{};
        for (std::size_t i = 0; i < 254 && at + i < bits; ++i) {
            const auto byte = static_cast<std::uint8_t>(payload[(at + i) / 8]);
            if (((byte >> ((at + i) % 8)) & 1) != 0) element[i / 8] |= static_cast<std::byte>(1U << (i % 8));
        }
        level.push_back(element);
    }
    ipld::Digest256 zero{};
    const auto parent = [](const ipld::Digest256& left, const ipld::Digest256& right) {
        Bytes both(left.begin(), left.end());
        both.insert(both.end(), right.begin(), right.end());
        ipld::Digest256 digest = ipld::sha2_256_portable(both);
        digest[31] &= std::byte{0x3f};
        return digest;
    };
    for (std::uint64_t size = padded_size; size > 32; size /= 2) {
        if (level.size() % 2 != 0) level.push_back(zero);
        for (std::size_t i = 0; i < level.size() / 2; ++i) level[i] = parent(level[2 * i], level[2 * i + 1]);
        level.resize(level.size() / 2);
        zero = parent(zero, zero);
    }
    ReferencePiece piece;
    piece.root = level[0];
    piece.padded_size = padded_size;
    piece.piece_cid = ipld::piece_cid_v1(piece.root).text();
    piece.piece_cid_v2 = ipld::piece_cid_v2(piece.root, payload.size(), padded_size)->text();
    return piece;
}

/// Bytes that look random and differ from one seed to the next.
inline std::string sample_payload(std::uint64_t seed, std::size_t size) {
    std::string out(size, '\0');
    std::uint64_t state = seed * 0x9e3779b97f4a7c15ULL + 1;
    for (char& c : out) {
        state = state * 6364136223846793005ULL + 1442695040888963407ULL;
        c = static_cast<char>(state >> 56);
    }
    return out;
}

}    // namespace filfil::batch
