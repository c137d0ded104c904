// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "gpu/elements.hpp"

#include "base/random.hpp"
#include "commp/fr32.hpp"
#include "commp/node.hpp"
#include "guarded.hpp"
#include "words.hpp"

#include <gtest/gtest.h>

#include <array>
#include <vector>

namespace filfil::gpu {
namespace {

using test::Guard;
using test::Guarded;

/// The message of leaf pair `pair` of the quads at `payload`, by the CPU's Fr32.
std::array<std::uint32_t, 16> expected_pair(const std::byte* payload, std::uint32_t pair) {
    std::uint64_t elements[16];
    commp::pad_quad(payload + pair / 2 * commp::quad_payload, elements);
    const auto* const bytes = reinterpret_cast<const std::byte*>(elements) + pair % 2 * 64;
    std::array<std::uint32_t, 16> message;
    for (std::size_t i = 0; i < message.size(); ++i) message[i] = test::big_endian_word(bytes + 4 * i);
    return message;
}

std::array<std::uint32_t, 16> loaded_pair(const std::uint32_t* words, std::uint32_t bit, std::uint32_t pair) {
    std::array<std::uint32_t, 16> message;
    message.fill(test::unwritten);
    std::uint32_t w[16];
    std::copy(message.begin(), message.end(), w);
    load_pair(words, bit, pair, w);
    std::copy(std::begin(w), std::end(w), message.begin());
    return message;
}

/// Words from the one that holds the first of `quads` quads to the last that a kernel may read: see TileStep::payload.
std::size_t words_of_quads(std::size_t offset, std::size_t quads) {
    return (offset + quads * commp::quad_payload + 4) / 4;
}

TEST(Elements, AreThoseOfTheCpuAtEveryMisalignment) {
    constexpr std::uint32_t quads = 100;
    for (std::uint32_t offset = 0; offset < 4; ++offset) {
        Guarded<std::uint32_t> words(words_of_quads(offset, quads), Guard::after);
        std::byte* const payload = words.bytes() + offset;
        SeededRandom random(offset);
        random.fill({words.bytes(), words.span().size_bytes()});
        for (std::uint32_t pair = 0; pair < 2 * quads; ++pair)
            ASSERT_EQ(loaded_pair(words.data(), offset * 8, pair), expected_pair(payload, pair))
                << "offset " << offset << ", pair " << pair;
    }
}

TEST(Elements, HoldEachBitOfThePayloadOnceAndNoBitOfItsNeighbours) {
    for (std::uint32_t offset = 0; offset < 4; ++offset) {
        for (std::uint32_t set = 0; set < commp::quad_payload * 8; ++set) {
            // The quad in question is the second of three; around it every bit is set.
            constexpr std::uint32_t quad = 1;
            Guarded<std::uint32_t> words(words_of_quads(offset, 3), Guard::after);
            std::fill(words.span().begin(), words.span().end(), 0xffffffffU);
            std::byte* const payload = words.bytes() + offset + quad * commp::quad_payload;
            std::fill_n(payload, commp::quad_payload, std::byte{0});
            payload[set / 8] = static_cast<std::byte>(1U << set % 8);

            // The definition itself: bit b of a quad is bit b % 254 of its element b / 254, lowest first.
            std::array<std::byte, commp::quad_padded> elements{};
            elements[set / 254 * 32 + set % 254 / 8] = static_cast<std::byte>(1U << set % 254 % 8);
            for (std::uint32_t pair = 0; pair < 2; ++pair) {
                const auto message = loaded_pair(words.data(), offset * 8, 2 * quad + pair);
                for (std::size_t i = 0; i < 16; ++i)
                    ASSERT_EQ(message[i], test::big_endian_word(elements.data() + pair * 64 + 4 * i))
                        << "offset " << offset << ", bit " << set << ", word " << i << " of pair " << pair;
            }
        }
    }
}

TEST(Elements, ComeOutOfNineWordsAndFillEight) {
    SeededRandom random(9);
    for (const Guard guard : {Guard::before, Guard::after}) {
        const std::uint32_t first = guard == Guard::before ? 0 : 64;
        for (std::uint32_t bit = first * 32; bit < (first + 1) * 32; ++bit) {
            Guarded<std::uint32_t> words(first + 9, guard);
            Guarded<std::uint32_t> message(8, guard);
            random.fill({words.bytes(), words.span().size_bytes()});
            load_element(words.data(), bit, message.data());
            for (std::uint32_t i = 0; i < 256; ++i) {
                const std::uint32_t from = bit + i;
                const std::uint32_t expected = i < 254 ? words.data()[from / 32] >> from % 32 & 1 : 0;
                const std::uint32_t found = message.data()[i / 32] >> (24 - i % 32 / 8 * 8 + i % 8) & 1;
                ASSERT_EQ(found, expected) << "bit " << i << " of the element at bit " << bit;
            }
        }
    }
}

}    // namespace
}    // namespace filfil::gpu
