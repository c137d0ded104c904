// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "base/files.hpp"
#include "car/reader.hpp"
#include "chain/encode_header.hpp"
#include "chain/tipset.hpp"
#include "ipld/dag_cbor.hpp"
#include "ipld/value.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <map>

namespace filfil::chain {
namespace {

using ipld::Cid;
using ipld::Value;

std::string data_folder() {
    const char* given = std::getenv("FILFIL_INTEROP_DATA");
    return given != nullptr ? given : FILFIL_SOURCE_DIR "/../shared/data";
}

std::optional<Bytes> bytes_or_null(const Value& value) {
    return value.as_bytes() == nullptr ? std::nullopt : std::optional(*value.as_bytes());
}

/// Every field of a header, by way of the generic codec.
FullHeader full_header(const Value::List& fields) {
    FullHeader out;
    out.miner = *fields[0].as_bytes();
    if (const Value::List* ticket = fields[1].as_list()) out.ticket = *(*ticket)[0].as_bytes();
    if (const Value::List* proof = fields[2].as_list())
        out.election_proof = {*(*proof)[0].as_integer()->as_int64(), *(*proof)[1].as_bytes()};
    for (const Value& entry : *fields[3].as_list())
        out.beacon_entries.push_back(
            {*(*entry.as_list())[0].as_integer()->as_uint64(), *(*entry.as_list())[1].as_bytes()});
    for (const Value& proof : *fields[4].as_list())
        out.win_post_proof.push_back(
            {*(*proof.as_list())[0].as_integer()->as_int64(), *(*proof.as_list())[1].as_bytes()});
    for (const Value& parent : *fields[5].as_list()) out.parents.push_back(*parent.as_link());
    out.parent_weight = *fields[6].as_bytes();
    out.height = Epoch{*fields[7].as_integer()->as_int64()};
    out.parent_state_root = *fields[8].as_link();
    out.parent_message_receipts = *fields[9].as_link();
    out.messages = *fields[10].as_link();
    out.bls_aggregate = bytes_or_null(fields[11]);
    out.timestamp = *fields[12].as_integer()->as_uint64();
    out.block_signature = bytes_or_null(fields[13]);
    out.fork_signaling = *fields[14].as_integer()->as_uint64();
    out.parent_base_fee = *fields[15].as_bytes();
    return out;
}

// 49 headers of mainnet's first 40 epochs: each is written again as it was, and the keys under which later blocks name
// their parents are the order that tickets give.
TEST(RealHeaders, AreWrittenAndOrderedAsOnMainnet) {
    SystemFiles system;
    const std::string path = data_folder() + "/forest_export40.car";
    if (!system.info(path).ok())
        GTEST_SKIP() << path << " does not exist: set FILFIL_INTEROP_DATA to the folder of real chain data";
    auto reader = car::Reader::open(system, path);
    ASSERT_TRUE(reader.ok()) << reader.error().text();
    std::map<Cid, BlockHeader> headers;
    for (;;) {
        auto section = reader->next();
        ASSERT_TRUE(section.ok()) << section.error().text();
        if (!section->has_value()) break;
        auto header = decode_block_header((*section)->data);
        if (!header.ok()) continue;
        const Cid cid = (*section)->cid_copy();
        const auto value = ipld::decode_dag_cbor((*section)->data);
        ASSERT_TRUE(value.ok()) << cid.text();
        const auto encoded = encode_block_header(full_header(*value->as_list()));
        ASSERT_TRUE(encoded.ok());
        EXPECT_EQ(chars_of(*encoded), chars_of((*section)->data)) << cid.text();
        headers.emplace(cid, std::move(*header));
    }
    EXPECT_EQ(headers.size(), 49);

    std::map<TipsetKey, int> keys;
    for (const auto& [cid, header] : headers)
        if (header.height.value > 0) ++keys[header.parents];
    std::size_t of_several = 0;
    for (const auto& [key, children] : keys) {
        std::vector<BlockHeader> blocks;
        TipsetKey turned(key.rbegin(), key.rend());
        for (const Cid& cid : turned) {
            ASSERT_TRUE(headers.contains(cid)) << cid.text();
            blocks.push_back(headers.at(cid));
        }
        const auto tipset = make_tipset(turned, blocks, TipsetOrder::by_ticket);
        ASSERT_TRUE(tipset.ok()) << tipset.error().text();
        EXPECT_EQ(tipset->key, key);
        of_several += key.size() > 1 ? 1 : 0;
    }
    EXPECT_EQ(keys.size(), 32);
    EXPECT_GT(of_several, 5);
}

}    // namespace
}    // namespace filfil::chain
