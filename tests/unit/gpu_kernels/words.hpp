// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "commp/node.hpp"
#include "gpu/work.hpp"

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>

namespace filfil::test {

/// Bytes to the big-endian words of a SHA-256 message and back, byte by byte: not as gpu/ does it.
inline std::uint32_t big_endian_word(const std::byte* bytes) noexcept {
    std::uint32_t word = 0;
    for (std::size_t i = 0; i < 4; ++i) word = word << 8 | std::to_integer<std::uint32_t>(bytes[i]);
    return word;
}

inline gpu::NodeWords words_of(const commp::Node& node) noexcept {
    gpu::NodeWords words;
    for (std::size_t i = 0; i < 8; ++i) words.word[i] = big_endian_word(node.data() + 4 * i);
    return words;
}

inline commp::Node node_of(const gpu::NodeWords& words) noexcept {
    commp::Node node;
    for (std::size_t i = 0; i < node.size(); ++i)
        node[i] = static_cast<std::byte>(words.word[i / 4] >> (24 - i % 4 * 8));
    return node;
}

/// What memory holds before a kernel writes to it. No node: its two top bits are set.
inline constexpr std::uint32_t unwritten = 0xdbdbdbdb;

inline bool is_unwritten(const gpu::NodeWords& words) noexcept {
    for (const std::uint32_t word : words.word)
        if (word != unwritten) return false;
    return true;
}

}    // namespace filfil::test
