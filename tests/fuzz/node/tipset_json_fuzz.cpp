// SPDX-License-Identifier: Apache-2.0 OR MIT
// JSON of a node is refused with a reason, or what was read is what is written again.
#include "../ipld/require.hpp"
#include "node/tipset_json.hpp"

using namespace filfil;
using filfil::fuzz::require;

namespace {

void check(const node::JsonTipset& tipset) {
    require(!tipset.key.empty() && tipset.key.size() == tipset.headers.size(), "there is a header for each CID");
    require(tipset.blocks.size() == tipset.key.size(), "there is a block for each CID");
    for (std::size_t i = 0; i < tipset.key.size(); ++i) {
        require(ipld::cid_of_block(ipld::Codec::dag_cbor, tipset.blocks[i]) == tipset.key[i],
                "blocks hash to their CIDs");
        require(tipset.headers[i].height == tipset.epoch, "all blocks are of the epoch");
    }
    const auto json = node::json_of_tipset(tipset.key, tipset.headers);
    require(json.ok(), "what was read can be written");
    const auto back = node::parse_tipset(*json);
    require(back.ok() && *back == tipset, "what is written reads back");
}

}    // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto json = rpc::parse_json(chars_of(fuzz::input(data, size)));
    if (!json.ok()) return 0;
    if (const auto header = node::parse_header(*json); header.ok()) {
        const auto again = node::json_of_header(*header);
        require(again.ok(), "a header that was read can be written");
        const auto back = node::parse_header(*again);
        require(back.ok() && *back == *header, "a header reads back");
        const auto block = chain::encode_block_header(*header);
        require(block.ok(), "a header that was read has a block");
        const auto decoded = chain::decode_full_header(*block);
        require(decoded.ok() && *decoded == *header, "and its block reads back");
    } else {
        require(!header.error().message.empty() && header.error().message.size() < 1000, "an error says why, shortly");
    }
    if (const auto tipset = node::parse_tipset(*json); tipset.ok()) check(*tipset);
    if (const auto changes = node::parse_head_changes(*json); changes.ok())
        for (const auto& change : *changes) check(*change.tipset);
    if (const auto key = node::parse_key(*json); key.ok())
        require(node::parse_key(node::json_of_key(*key)).value() == *key, "a key reads back");
    return 0;
}
