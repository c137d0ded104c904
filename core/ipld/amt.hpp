// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "ipld/block_out.hpp"
#include "ipld/cbor_writer.hpp"

#include <cstdint>
#include <span>

namespace filfil::ipld {

// The array mapped trie in which actors and blocks keep lists: a node [bit map, [link, …], [value, …]] has 2^width
// places and holds links above and values at the bottom; the topmost node stands inside the root. Source: go-amt-ipld
// amt.go, internal/cbor_gen.go (v4), and cbor_gen.go of v2 for the older root.

inline constexpr unsigned max_amt_bit_width = 8;

struct AmtShape {
    /// 1 to 8. Lists of messages: 3; of sectors and deals: 5.
    unsigned bit_width = 3;

    /// Whether the root says the width: [bit width, height, count, node], since actors v3. Else it is [height, count,
    /// node], which for ever is the form of a block's messages (lotus chain/types/blockmessages).
    bool width_in_root = true;
};

/// The form of the two message lists of a block.
inline constexpr AmtShape message_amt{.bit_width = 3, .width_in_root = false};

/// One entry of a list. Does not own its bytes.
struct AmtEntry {
    std::uint64_t index = 0;    ///< below 2^63
    ByteView value;             ///< one encoded CBOR item
};

/// The height of an AMT whose largest index is `last`: 0 where one node holds all.
unsigned amt_height(std::uint64_t last, unsigned bit_width) noexcept;

/// Writes the head of a root, behind which its node stands.
void put_amt_root_head(CborWriter& out, AmtShape shape, unsigned height, std::uint64_t count);

/// Writes the head of a node and its bit map; the list of links and the list of values stand behind it.
/// @param places in ascending order
void put_amt_node_head(CborWriter& out, unsigned bit_width, std::span<const std::uint8_t> places);

/// Writes the list of `entries`, children before parents. Thread-safe.
/// @param entries in ascending order of their indices
/// @return the root; Error::invalid_argument for entries out of order, an index of 2^63 or more, an empty value or a
/// width that is not 1 to 8; what `on_block` returns
Result<Cid> write_amt(std::span<const AmtEntry> entries, AmtShape shape, const BlockOut& on_block);

}    // namespace filfil::ipld
