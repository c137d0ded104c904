// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "chain/block_header.hpp"

#include <span>
#include <string>
#include <vector>

namespace filfil::chain {

/// The CIDs of a tipset's headers in their canonical order. Empty: no tipset.
using TipsetKey = std::vector<ipld::Cid>;

/// "bafy2…, bafy2…"
std::string text_of(const TipsetKey& key);

/// The binary CIDs one after the other, as Lotus keeps a key (lotus chain/types/tipset_key.go).
Bytes bytes_of_key(const TipsetKey& key);

/// The name of a tipset in file names: the first 8 hexadecimal digits of the BLAKE2b-256 of its key's bytes.
std::string short_name(const TipsetKey& key);

/// Blocks of one epoch on the same parents.
struct Tipset {
    TipsetKey key;
    std::vector<BlockHeader> blocks;    ///< in key order

    [[nodiscard]] Epoch epoch() const noexcept { return blocks.front().height; }
    [[nodiscard]] const TipsetKey& parents() const noexcept { return blocks.front().parents; }
    [[nodiscard]] bool is_genesis() const noexcept { return epoch().value == 0; }
};

enum class TipsetOrder {
    by_ticket,    ///< the canonical one: by the BLAKE2b-256 of the tickets, then by CID; for keys that people typed
    as_given,     ///< that of `key`; for keys that stand in the chain
};

/// Makes a tipset of headers. Source of the order: lotus chain/types/tipset.go NewTipSet, Ticket.Less.
/// @param blocks as many as `key` names, in its order, at least one
/// @return Error::invalid_argument where a CID stands twice, or where heights or parents differ
Result<Tipset> make_tipset(TipsetKey key, std::vector<BlockHeader> blocks, TipsetOrder order);

}    // namespace filfil::chain
