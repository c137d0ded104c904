// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "ipld/block_out.hpp"
#include "ipld/cbor_writer.hpp"
#include "ipld/digest.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace filfil::ipld {

// The hash array mapped trie in which actors keep maps: some bits of the key's SHA-256 a level, at most 3 entries in a
// bucket, a node [bit field, [pointer, …]], a pointer either a link or a bucket [[key, value], …] in the order of the
// keys. Source: go-hamt-ipld hamt.go, pointer_cbor.go (v3); github.com/filecoin-project/builtin-actors HAMT_BIT_WIDTH.

inline constexpr unsigned max_hamt_bit_width = 5;
inline constexpr std::size_t hamt_bucket_size = 3;

/// How a pointer stands in a node.
enum class HamtPointers {
    plain,    ///< as it is: since actors v3
    keyed,    ///< in a map of one pair, {"0": link} or {"1": bucket}: actors v0 and v2, and so the genesis of mainnet
};

struct HamtShape {
    /// 1 to 5. 5 everywhere but in the datacap actor's token, which has 3 (fvm frc46_token).
    unsigned bit_width = 5;
    HamtPointers pointers = HamtPointers::plain;
};

/// One entry of a map. Does not own its bytes.
struct HamtEntry {
    ByteView key;
    ByteView value;    ///< one encoded CBOR item
};

/// The shape of a trie: which entries share a bucket and which buckets a node. It depends on the hashes alone, so
/// values may change under it.
struct HamtPlan {
    struct Pointer {
        bool is_node = false;
        std::uint32_t node = 0;           ///< index into nodes, where is_node
        std::uint32_t first_entry = 0;    ///< index into order, where it is a bucket
        std::uint32_t entries = 0;        ///< 1 to 3
    };
    struct Node {
        std::uint32_t bit_field = 0;
        std::uint32_t first_pointer = 0;    ///< index into pointers
        std::uint32_t count = 0;            ///< pointers, in the order of the bits
        std::uint32_t parent = 0;           ///< index into nodes; of the root: its own
    };
    std::vector<Node> nodes;    ///< children before their parents; the root is last
    std::vector<Pointer> pointers;

    /// Indices of the entries, a bucket's together and in the order of their keys.
    std::vector<std::uint32_t> order;
};

/// Plans the trie of distinct keys. Thread-safe.
/// @return Error::invalid_argument for a key that stands twice, over 2^32 - 1 keys or a width that is not 1 to 5;
/// Error::too_large where more than 3 keys agree in all levels of their hash
Result<HamtPlan> plan_hamt(std::span<const ByteView> keys, unsigned bit_width = 5);

/// Writes the head of a node: the list of two and the bit field, then the head of the list of pointers.
void put_hamt_node_head(CborWriter& out, const HamtPlan::Node& node);

/// Writes the trie of `entries`, children before parents, each block once. Thread-safe.
/// @return the root; the errors of plan_hamt; Error::invalid_argument for an empty value; what `on_block` returns
Result<Cid> write_hamt(std::span<const HamtEntry> entries, HamtShape shape, const BlockOut& on_block);

}    // namespace filfil::ipld
