// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/bytes.hpp"
#include "commp/piece.hpp"
#include "ipld/digest.hpp"

#include <vector>

/// Piece commitments straight from their definition, slow and without a trick, to hold the engine against: every
/// element is copied bit by bit, every level of the tree is kept whole, every hash is the portable SHA-256.
namespace filfil::reference {

inline commp::Node parent(const commp::Node& left, const commp::Node& right) {
    Bytes both(left.begin(), left.end());
    both.insert(both.end(), right.begin(), right.end());
    commp::Node node = ipld::sha2_256_portable(both);
    node[31] &= std::byte{0x3f};
    return node;
}

/// Elements of the payload, filled up with zero elements to `elements` of them.
inline std::vector<commp::Node> fr32(ByteView payload, std::size_t elements) {
    std::vector<commp::Node> out(elements);
    const std::size_t bits = payload.size() * 8;
    for (std::size_t bit = 0; bit < bits; ++bit) {
        const unsigned set = std::to_integer<unsigned>(payload[bit / 8]) >> (bit % 8) & 1U;
        out[bit / 254][bit % 254 / 8] |= static_cast<std::byte>(set << (bit % 254 % 8));
    }
    return out;
}

inline commp::Node root(std::vector<commp::Node> level) {
    while (level.size() > 1) {
        for (std::size_t i = 0; i < level.size() / 2; ++i) level[i] = parent(level[2 * i], level[2 * i + 1]);
        level.resize(level.size() / 2);
    }
    return level[0];
}

inline commp::Piece piece(ByteView payload) {
    std::uint64_t padded = 128;
    while (padded / 128 * 127 < payload.size()) padded *= 2;
    return {root(fr32(payload, padded / 32)), payload.size(), padded};
}

}    // namespace filfil::reference
