// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "node/tipset_json.hpp"

#include "chain/address.hpp"
#include "chain/tipset.hpp"
#include "node/json_fields.hpp"

#include <algorithm>

namespace filfil::node {
namespace {

using chain::FullHeader;
using rpc::Json;

Error mismatch(std::string what) {
    return {ErrorCode::mismatch, std::move(what),
            "the node sends what it cannot have got from the chain: try another node, or a newer version of it"};
}

std::string miner_of(const FullHeader& header) {
    const auto miner = chain::Address::from_bytes(header.miner);
    return miner.ok() ? miner->text() : "0x" + to_hex(header.miner);
}

/// Who reads "Blocks" of a node whose headers have more, or other, fields than are read here is helped by a hint.
Error wrong_cid(const ipld::Cid& want, const ipld::Cid& found, const FullHeader& header) {
    return mismatch("the block at epoch " + std::to_string(header.height.value) + " by miner " + miner_of(header) +
                    " is said to be " + want.text() + ", and its fields make " + found.text() +
                    ": a field was changed, or is not among the 16 that headers have");
}

Result<void> check_block(const ipld::Cid& want, const FullHeader& header, const Bytes& block) {
    const ipld::Cid found = ipld::cid_of_block(ipld::Codec::dag_cbor, block);
    if (found != want) return wrong_cid(want, found, header);
    return {};
}

/// What make_tipset looks at.
chain::BlockHeader brief_of(const FullHeader& header) {
    return {.ticket = header.ticket,
            .parents = header.parents,
            .height = header.height,
            .parent_state_root = header.parent_state_root,
            .parent_message_receipts = header.parent_message_receipts,
            .messages = header.messages,
            .timestamp = header.timestamp};
}

Result<void> check_tipset(const JsonTipset& tipset) {
    std::vector<chain::BlockHeader> blocks;
    blocks.reserve(tipset.headers.size());
    for (const FullHeader& header : tipset.headers) blocks.push_back(brief_of(header));
    auto made = chain::make_tipset(tipset.key, std::move(blocks), chain::TipsetOrder::by_ticket);
    if (!made.ok()) return mismatch(std::move(made).error().message);
    if (made->epoch() != tipset.epoch)
        return mismatch("the tipset's \"Height\" is " + std::to_string(tipset.epoch.value) +
                        ", and its blocks are of epoch " + std::to_string(made->epoch().value));
    if (made->key != tipset.key)
        return mismatch("the blocks of the tipset at epoch " + std::to_string(tipset.epoch.value) +
                        " do not stand in the order of their tickets");
    return {};
}

Result<chain::HeadChange::Type> read_type(const Json& json) {
    using Type = chain::HeadChange::Type;
    FILFIL_TRY(const std::string* text, read_text(json));
    for (const Type type : {Type::current, Type::revert, Type::apply})
        if (*text == name_of(type)) return type;
    return unexpected(json, "current, revert or apply");
}

}    // namespace

Json json_of(const ipld::Cid& cid) {
    Json out = Json::object();
    out.emplace("/", cid.text());
    return out;
}

Json json_of_key(const chain::TipsetKey& key) {
    Json out = Json::array();
    for (const ipld::Cid& cid : key) out.push_back(json_of(cid));
    return out;
}

Result<Json> json_of_tipset(const chain::TipsetKey& key, std::span<const FullHeader> headers, char letter) {
    if (key.empty() || key.size() != headers.size())
        return Error(ErrorCode::invalid_argument, "a tipset needs at least one block, and a header for each");
    Json blocks = Json::array();
    for (const FullHeader& header : headers) {
        FILFIL_TRY(Json block, json_of_header(header, letter));
        blocks.push_back(std::move(block));
    }
    Json out = Json::object();
    out.emplace("Cids", json_of_key(key));
    out.emplace("Blocks", std::move(blocks));
    out.emplace("Height", headers.front().height.value);
    return out;
}

Json json_of_head_change(chain::HeadChange::Type type, Json tipset) {
    Json out = Json::object();
    out.emplace("Type", std::string(name_of(type)));
    out.emplace("Val", std::move(tipset));
    return out;
}

Result<ipld::Cid> parse_cid(const Json& json) {
    FILFIL_TRY(const std::string* text, read_field(json, "/", read_text));
    if (text->size() > 256)
        return Error(ErrorCode::too_large, "a CID of " + std::to_string(text->size()) + " characters");
    auto cid = ipld::Cid::parse(*text);
    if (!cid.ok()) return Error(ErrorCode::corrupt, std::move(cid).error().message);
    return cid;
}

Result<chain::TipsetKey> parse_key(const Json& json, const TipsetLimits& limits) {
    FILFIL_TRY(const std::size_t count, read_list(json, limits.cids));
    chain::TipsetKey out;
    out.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        auto cid = parse_cid(json[i]);
        if (!cid.ok()) return std::move(cid).error().in("item " + std::to_string(i));
        out.push_back(std::move(*cid));
    }
    return out;
}

Result<JsonTipset> parse_tipset(const Json& json, const TipsetLimits& limits) {
    JsonTipset out;
    FILFIL_TRY(out.key, read_field(json, "Cids", [&](const Json& key) { return parse_key(key, limits); }));
    FILFIL_TRY(out.epoch.value, read_field(json, "Height", read_signed));
    FILFIL_TRY(const Json* blocks, find_field(json, "Blocks"));
    auto count = read_list(*blocks, limits.cids);
    if (!count.ok()) return std::move(count).error().in("Blocks");
    if (out.key.empty() || out.key.size() != *count)
        return mismatch("a tipset has " + std::to_string(out.key.size()) + " CIDs and " + std::to_string(*count) +
                        " blocks");
    for (std::size_t i = 0; i < *count; ++i) {
        const auto where = [&] { return "Blocks, item " + std::to_string(i); };
        auto header = parse_header((*blocks)[i], limits);
        if (!header.ok()) return std::move(header).error().in(where());
        auto block = chain::encode_block_header(*header);
        if (!block.ok()) return std::move(block).error().in(where());
        if (auto right = check_block(out.key[i], *header, *block); !right.ok()) {
            if (!limits.doubtful) return std::move(right).error();
            block->clear();
        }
        out.headers.push_back(std::move(*header));
        out.blocks.push_back(std::move(*block));
    }
    FILFIL_CHECK(check_tipset(out));
    return out;
}

Result<std::vector<JsonHeadChange>> parse_head_changes(const Json& json, const TipsetLimits& limits) {
    FILFIL_TRY(const std::size_t count, read_list(json, limits.head_changes));
    std::vector<JsonHeadChange> out;
    out.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        const auto where = [&] { return "head change, item " + std::to_string(i); };
        auto type = read_field(json[i], "Type", read_type);
        if (!type.ok()) return std::move(type).error().in(where());
        auto tipset = read_field(json[i], "Val", [&](const Json& value) { return parse_tipset(value, limits); });
        if (!tipset.ok()) return std::move(tipset).error().in(where());
        JsonHeadChange& change = out.emplace_back();
        change.change = {.type = *type, .key = tipset->key, .epoch = tipset->epoch};
        change.tipset = std::move(*tipset);
    }
    return out;
}

}    // namespace filfil::node
