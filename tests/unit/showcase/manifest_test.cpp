// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "showcase/manifest.hpp"

#include "market/file_backend.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace filfil::showcase {
namespace {

using Json = nlohmann::json;

market::DealOrder order() {
    market::DealOrder out;
    out.deal = 0x1000100;
    out.provider = chain::Address::of_id(1000);
    out.contract = incentive::EthAddress::parse("0x5fbdb2315678afecb367f032d93f642f64180aa3").value();
    out.root[0] = std::byte{7};
    out.payload_size = 1000;
    out.padded_size = 1024;
    out.payload_root = ipld::Cid::parse("bafy2bzacedap4yuquwobdywm2aoy4qzznlhlnoirhyfljg4ih2ezhvzmnpqko").value();
    out.duration = 600'000;
    return out;
}

std::string written(const std::string& pieces) {
    return market::deal_manifest(order(), {.pieces = pieces, .letter = 't'}).value();
}

TEST(Manifest, IsReadAsTheFileMarketWritesIt) {
    const auto read = read_manifest(written("http://127.0.0.1:5347/piece"));
    ASSERT_TRUE(read.ok()) << read.error().text();
    EXPECT_EQ(read->id, market::ulid_of(order()));
    EXPECT_EQ(read->miner, 1000U);
    EXPECT_EQ(read->contract, "0x5fbdb2315678afecb367f032d93f642f64180aa3");
    EXPECT_EQ(read->deal, 0x1000100U);
    EXPECT_EQ(read->root, order().root);
    EXPECT_EQ(read->payload_size, 1000U);
    EXPECT_EQ(read->padded_size, 1024U);
    EXPECT_EQ(read->path, "");
    ASSERT_TRUE(read->url.has_value());
    EXPECT_EQ(read->url->at.port, 5347);
    EXPECT_TRUE(read->url->target.starts_with("/piece/bafkzcib"));
}

TEST(Manifest, NeedsAPathOrAnUrl) { EXPECT_FALSE(read_manifest(written("")).ok()); }

TEST(Manifest, CutOffAtAnyByteIsNone) {
    const std::string whole = written("http://127.0.0.1:5347/piece");
    for (std::size_t size = 0; size + 2 < whole.size(); ++size)
        EXPECT_FALSE(read_manifest(whole.substr(0, size)).ok()) << size;
}

TEST(Manifest, FieldsOfTheWrongKindAreNamed) {
    const Json whole = Json::parse(written("http://127.0.0.1:5347/piece"));
    for (const char* field : {"id", "provider", "contract", "deal", "piece_cid", "payload_size", "padded_size"})
        for (const Json& odd : {Json(), Json(-1), Json(1.5), Json("x"), Json::array(), Json::object()}) {
            if (std::string(field) == "id" && odd.is_string()) continue;
            Json changed = whole;
            changed[field] = odd;
            const auto read = read_manifest(changed.dump());
            ASSERT_FALSE(read.ok()) << field << odd.dump();
            EXPECT_NE(read.error().message.find(field), std::string::npos) << read.error().message;
        }
    Json changed = whole;
    changed["payload_size"] = 1024;
    EXPECT_FALSE(read_manifest(changed.dump()).ok()) << "it does not fit";
    changed = whole;
    changed["url"] = "no url";
    EXPECT_FALSE(read_manifest(changed.dump()).ok());
    EXPECT_FALSE(read_manifest(std::string(100'000, '[')).ok());
}

}    // namespace
}    // namespace filfil::showcase
