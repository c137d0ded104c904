// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/random.hpp"
#include "ipld/cid.hpp"

#include <vector>

namespace filfil::bench {

/// `count` DAG-CBOR blocks in the shape and size of a chain's state: lists of links, keys and values, 100 bytes to 3
/// KB, about 1 KB on average. The same for the same seed.
inline std::vector<Bytes> chain_blocks(std::size_t count, std::uint64_t seed) {
    SeededRandom random(seed);
    const auto put = [](Bytes& out, std::initializer_list<unsigned> head) {
        for (const unsigned byte : head) out.push_back(static_cast<std::byte>(byte));
    };
    const auto put_random = [&random](Bytes& out, std::size_t size) {
        const std::size_t from = out.size();
        out.resize(from + size);
        random.fill(ByteSpan(out).subspan(from));
    };
    std::vector<Bytes> blocks(count);
    for (Bytes& block : blocks) {
        const std::size_t entries = 1 + random.below(23);
        put(block, {0x80U + static_cast<unsigned>(entries)});
        for (std::size_t i = 0; i < entries; ++i) {
            if (i % 3 == 2) {
                // A link: tag 42 over 0x00 and a CID (version 1, DAG-CBOR, BLAKE2b-256).
                put(block, {0xd8, 0x2a, 0x58, 0x27, 0x00, 0x01, 0x71, 0xa0, 0xe4, 0x02, 0x20});
                put_random(block, 32);
            } else {
                // [key, value]: a byte string of 20 bytes and one of up to 255, behind a number.
                const std::size_t size = 24 + random.below(232);
                put(block, {0x83, 0x19, 0x10, 0x00, 0x54});
                put_random(block, 20);
                put(block, {0x58, static_cast<unsigned>(size)});
                put_random(block, size);
            }
        }
    }
    return blocks;
}

}    // namespace filfil::bench
