// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "chain/encode_header.hpp"
#include "chain/head_change.hpp"
#include "rpc/json.hpp"

#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace filfil::node {

// Chain data as Lotus and Forest put it into JSON. Source: lotus chain/types/{blockheader,tipset,tipset_key}.go,
// api/api_full.go HeadChange, go-state-types big/int.go, abi/cid; forest src/lotus_json and
// src/rpc/methods/chain.rs PathChange. All functions are thread-safe.

/// A tipset that came as JSON, each header checked against its CID.
struct JsonTipset {
    chain::TipsetKey key;                      ///< in canonical order
    std::vector<chain::FullHeader> headers;    ///< in key order
    std::vector<Bytes> blocks;                 ///< their DAG-CBOR, in key order; see TipsetLimits::doubtful
    Epoch epoch;

    [[nodiscard]] const chain::TipsetKey& parents() const noexcept { return headers.front().parents; }
    bool operator==(const JsonTipset&) const = default;
};

/// One step of a head change with the tipset it is about.
struct JsonHeadChange {
    chain::HeadChange change;
    std::optional<JsonTipset> tipset;    ///< parse_head_changes() always sets it
    bool operator==(const JsonHeadChange&) const = default;
};

struct TipsetLimits {
    std::size_t cids = 256;               ///< in a key, and so blocks of a tipset; a network aims at 5
    std::size_t list = 8192;              ///< of other lists in a header: cbor-gen's limit
    std::size_t head_changes = 20'000;    ///< in one answer

    /// Takes headers whose fields do not make their CID, too: they have an empty entry among `blocks`, and are to be
    /// read by their CID. A network may have headers of more fields than are known here, or amounts in another form
    /// than JSON keeps; all that their fields say is hearsay.
    bool doubtful = false;
};

/// {"/": "bafy…"}
rpc::Json json_of(const ipld::Cid& cid);

/// [{"/": "bafy…"}, …]
rpc::Json json_of_key(const chain::TipsetKey& key);

/// All 16 fields in Lotus's order; lists and byte strings without content are null, as Go has them after reading CBOR.
/// @param letter of the miner's address, chain::mainnet_letter or testnet_letter
/// @return Error::corrupt where the miner is no address, an amount is not as go-state-types writes it, or a signature
/// has no type
Result<rpc::Json> json_of_header(const chain::FullHeader& header, char letter = 'f');

/// {"Cids", "Blocks", "Height"}. @param headers as many as `key` names, in its order, at least one
Result<rpc::Json> json_of_tipset(const chain::TipsetKey& key, std::span<const chain::FullHeader> headers,
                                 char letter = 'f');

/// {"Type", "Val"}, one step of a head change. Lotus's answer to ChainGetPath and value of ChainNotify is a list of
/// them.
rpc::Json json_of_head_change(chain::HeadChange::Type type, rpc::Json tipset);

// The readers. Unknown fields are passed over, what is missing is named; a missing Ticket, ElectionProof, BLSAggregate
// or BlockSig is null, as Forest leaves those out. @return Error::corrupt with the field and what stands there,
// too_large beyond a limit, or mismatch where what was read does not fit together.

Result<ipld::Cid> parse_cid(const rpc::Json& json);

/// null is the empty key, which nodes take for their head.
Result<chain::TipsetKey> parse_key(const rpc::Json& json, const TipsetLimits& limits = {});

Result<chain::FullHeader> parse_header(const rpc::Json& json, const TipsetLimits& limits = {});

/// Reads a tipset, makes the DAG-CBOR of its headers and holds it against "Cids". Also heights, parents and the order
/// of the key must be those of a tipset.
Result<JsonTipset> parse_tipset(const rpc::Json& json, const TipsetLimits& limits = {});

/// A value of ChainNotify, or the answer of ChainGetPath. null and [] are no change.
Result<std::vector<JsonHeadChange>> parse_head_changes(const rpc::Json& json, const TipsetLimits& limits = {});

}    // namespace filfil::node
