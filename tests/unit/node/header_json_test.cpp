// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "base/base64.hpp"
#include "node/tipset_json.hpp"
#include "sample_tipset.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace filfil::node {
namespace {

using chain::FullHeader;
using rpc::Json;

TEST(HeaderJson, HasLotusFieldsInLotusOrder) {
    const Json json = json_of_header(sample_header(1000)).value();
    EXPECT_EQ(names_of(json), (std::vector<std::string>{
                                  "Miner", "Ticket", "ElectionProof", "BeaconEntries", "WinPoStProof", "Parents",
                                  "ParentWeight", "Height", "ParentStateRoot", "ParentMessageReceipts", "Messages",
                                  "BLSAggregate", "Timestamp", "BlockSig", "ForkSignaling", "ParentBaseFee"}));
    EXPECT_EQ(json["Miner"], "f01000");
    EXPECT_EQ(json["Ticket"]["VRFProof"], to_base64(sample_bytes(96, 1000)));
    EXPECT_EQ(json["ElectionProof"].dump(),
              "{\"WinCount\":1,\"VRFProof\":\"" + to_base64(sample_bytes(96, 1001)) + "\"}");
    EXPECT_EQ(json["BeaconEntries"].dump(), "[{\"Round\":4711,\"Data\":\"" + to_base64(sample_bytes(48, 3)) + "\"}]");
    EXPECT_EQ(json["WinPoStProof"].dump(),
              "[{\"PoStProof\":3,\"ProofBytes\":\"" + to_base64(sample_bytes(192, 1002)) + "\"}]");
    EXPECT_EQ(json["Parents"].dump(),
              "[{\"/\":\"" + sample_cid(5).text() + "\"},{\"/\":\"" + sample_cid(6).text() + "\"}]");
    EXPECT_EQ(json["ParentWeight"], "116013147118");
    EXPECT_EQ(json["Height"], 1'234'567);
    EXPECT_EQ(json["BLSAggregate"]["Type"], 2);
    EXPECT_EQ(names_of(json["BLSAggregate"]), (std::vector<std::string>{"Type", "Data"}));
    EXPECT_EQ(json["ParentBaseFee"], "20592036");
    EXPECT_EQ(json_of_header(sample_header(1000), 't').value()["Miner"], "t01000");
}

TEST(HeaderJson, WhatIsEmptyIsNullAsInGo) {
    FullHeader header = sample_header(1000);
    header.ticket.emplace();
    header.election_proof = FullHeader::ElectionProof{};
    header.beacon_entries.clear();
    header.win_post_proof = {{.type = 0, .proof = {}}};
    header.parents.clear();
    header.bls_aggregate.reset();
    header.block_signature = Bytes{std::byte{1}};
    header.parent_weight.clear();
    const Json json = json_of_header(header).value();
    EXPECT_EQ(json["Ticket"].dump(), R"({"VRFProof":null})");
    EXPECT_EQ(json["ElectionProof"].dump(), R"({"WinCount":0,"VRFProof":null})");
    EXPECT_EQ(json["BeaconEntries"].dump(), "null");
    EXPECT_EQ(json["WinPoStProof"].dump(), R"([{"PoStProof":0,"ProofBytes":null}])");
    EXPECT_EQ(json["Parents"].dump(), "null");
    EXPECT_EQ(json["BLSAggregate"].dump(), "null");
    EXPECT_EQ(json["BlockSig"].dump(), R"({"Type":1,"Data":""})");
    EXPECT_EQ(json["ParentWeight"], "0");
    const auto back = parse_header(json);
    ASSERT_TRUE(back.ok()) << back.error().text();
    EXPECT_EQ(*back, header);

    header.ticket.reset();
    header.election_proof.reset();
    EXPECT_EQ(json_of_header(header).value()["Ticket"].dump(), "null");
    EXPECT_EQ(parse_header(json_of_header(header).value()).value(), header);
}

TEST(HeaderJson, EmptyListsAndTextMeanWhatNullMeans) {
    FullHeader header = sample_header(1000);
    header.ticket.emplace();
    header.beacon_entries.clear();
    header.win_post_proof.clear();
    header.parents.clear();
    header.parent_weight.clear();
    Json json = json_of_header(header).value();
    json["Ticket"]["VRFProof"] = "";
    json["BeaconEntries"] = Json::array();
    json["WinPoStProof"] = Json::array();
    json["Parents"] = Json::array();
    json["ParentWeight"] = "";
    json["ParentBaseFee"] = 20'592'036;
    const auto back = parse_header(json);
    ASSERT_TRUE(back.ok()) << back.error().text();
    EXPECT_EQ(*back, header);
}

// forest src/lotus_json/block_header.rs: skip_serializing_if is_none.
TEST(HeaderJson, WhatForestLeavesOutIsNull) {
    FullHeader header = sample_header(1000);
    header.ticket.reset();
    header.election_proof.reset();
    header.bls_aggregate.reset();
    header.block_signature.reset();
    Json json = json_of_header(header).value();
    for (const char* name : {"Ticket", "ElectionProof", "BLSAggregate", "BlockSig"}) json.erase(name);
    const auto back = parse_header(json);
    ASSERT_TRUE(back.ok()) << back.error().text();
    EXPECT_EQ(*back, header);
}

TEST(HeaderJson, TheLargestNumbersReadBack) {
    FullHeader header = sample_header((std::uint64_t{1} << 63) - 10);
    header.height = Epoch{std::numeric_limits<std::int64_t>::max()};
    header.timestamp = std::numeric_limits<std::uint64_t>::max();
    header.fork_signaling = std::numeric_limits<std::uint64_t>::max();
    header.beacon_entries[0].round = std::numeric_limits<std::uint64_t>::max();
    header.election_proof->win_count = std::numeric_limits<std::int64_t>::min();
    header.parent_weight = chain::parse_amount(std::string(300, '7')).value();
    const auto back = parse_header(Json::parse(json_of_header(header).value().dump()));
    ASSERT_TRUE(back.ok()) << back.error().text();
    EXPECT_EQ(*back, header);
}

TEST(HeaderJson, FieldsThatHaveNoJsonAreCorrupt) {
    const auto check = [](const FullHeader& header, std::string_view field) {
        const auto json = json_of_header(header);
        ASSERT_FALSE(json.ok()) << field;
        EXPECT_EQ(json.error().code, ErrorCode::corrupt) << json.error().text();
        EXPECT_NE(json.error().message.find(field), std::string::npos) << json.error().text();
    };
    FullHeader header = sample_header(1000);
    header.miner = Bytes(3, std::byte{9});
    check(header, "Miner");
    header = sample_header(1000);
    header.miner.clear();
    check(header, "Miner");
    header = sample_header(1000);
    header.parent_weight = Bytes(4);
    check(header, "ParentWeight");
    header = sample_header(1000);
    header.parent_base_fee = Bytes{std::byte{7}, std::byte{1}};
    check(header, "ParentBaseFee");
    header = sample_header(1000);
    header.bls_aggregate.emplace();
    check(header, "BLSAggregate");
    header = sample_header(1000);
    header.block_signature.emplace();
    check(header, "BlockSig");
}

TEST(HeaderJson, EveryMissingFieldIsNamed) {
    const Json whole = json_of_header(sample_header(1000)).value();
    for (const std::string& name : names_of(whole)) {
        Json json = whole;
        json.erase(name);
        const auto header = parse_header(json);
        if (name == "Ticket" || name == "ElectionProof" || name == "BLSAggregate" || name == "BlockSig") {
            EXPECT_TRUE(header.ok()) << name;
            continue;
        }
        ASSERT_FALSE(header.ok()) << name;
        EXPECT_EQ(header.error().code, ErrorCode::corrupt);
        EXPECT_EQ(header.error().message, "the field \"" + name + "\" is missing");
    }
    const std::pair<const char*, const char*> inner[] = {{"Ticket", "VRFProof"},        {"ElectionProof", "WinCount"},
                                                         {"ElectionProof", "VRFProof"}, {"BLSAggregate", "Type"},
                                                         {"BlockSig", "Data"},          {"Messages", "/"}};
    for (const auto& [outer, name] : inner) {
        Json json = whole;
        json[outer].erase(name);
        const auto header = parse_header(json);
        ASSERT_FALSE(header.ok()) << outer;
        EXPECT_EQ(header.error().message, std::string(outer) + ": the field \"" + name + "\" is missing");
    }
}

TEST(HeaderJson, EveryFieldOfAWrongTypeIsNamed) {
    const Json whole = json_of_header(sample_header(1000)).value();
    for (const std::string& name : names_of(whole))
        for (const char* text :
             {"true", "1.5", "-1", "1e400", "\"x\"", "[1]", "{}", "99999999999999999999999", "[[]]"}) {
            const Json value = Json::parse(text, nullptr, false);
            if (value.is_discarded()) continue;
            Json json = whole;
            json[name] = value;
            // A weight below zero is an amount.
            if (value == -1 && (name == "ParentWeight" || name == "ParentBaseFee")) continue;
            const auto header = parse_header(json);
            ASSERT_FALSE(header.ok()) << name << " = " << text;
            EXPECT_TRUE(header.error().message.starts_with(name + ":")) << header.error().text();
            EXPECT_LT(header.error().message.size(), 300);
        }
    for (const char* name :
         {"Miner", "ParentWeight", "Height", "ParentStateRoot", "Messages", "Timestamp", "ForkSignaling"}) {
        Json json = whole;
        json[name] = nullptr;
        const auto header = parse_header(json);
        ASSERT_FALSE(header.ok()) << name;
        EXPECT_NE(header.error().message.find("null"), std::string::npos) << header.error().text();
    }
}

TEST(HeaderJson, HostileValuesAreErrors) {
    const Json whole = json_of_header(sample_header(1000)).value();
    const auto check = [&](const char* pointer, const Json& value, ErrorCode code, std::string_view word) {
        Json json = whole;
        json[Json::json_pointer(pointer)] = value;
        const auto header = parse_header(json);
        ASSERT_FALSE(header.ok()) << pointer;
        EXPECT_EQ(header.error().code, code) << header.error().text();
        EXPECT_NE(header.error().message.find(word), std::string::npos) << header.error().text();
        EXPECT_LT(header.error().message.size(), 400);
    };
    check("/Height", -1, ErrorCode::corrupt, "-1");
    check("/Height", std::numeric_limits<std::int64_t>::min(), ErrorCode::corrupt, "Height");
    check("/Height", std::numeric_limits<std::uint64_t>::max(), ErrorCode::corrupt, "Height");
    check("/Height", 1e30, ErrorCode::corrupt, "too large");
    check("/Height", "7", ErrorCode::corrupt, "Height");
    check("/Timestamp", -1, ErrorCode::corrupt, "Timestamp");
    check("/ParentWeight", std::string(1'000'000, '9'), ErrorCode::too_large, "ParentWeight");
    check("/ParentWeight", "007", ErrorCode::corrupt, "decimal");
    check("/ParentWeight", "1e9", ErrorCode::corrupt, "decimal");
    check("/ParentBaseFee", 0.5, ErrorCode::corrupt, "ParentBaseFee");
    check("/Ticket/VRFProof", "AA", ErrorCode::corrupt, "base64");
    check("/Ticket/VRFProof", "A\nAA", ErrorCode::corrupt, "base64");
    check("/BLSAggregate/Data", "=AAA", ErrorCode::corrupt, "base64");
    check("/BLSAggregate/Type", 256, ErrorCode::corrupt, "256");
    check("/BLSAggregate/Type", -1, ErrorCode::corrupt, "Type");
    check("/Miner", "f01x", ErrorCode::corrupt, "Miner");
    check("/Miner", "<empty>", ErrorCode::corrupt, "Miner");
    check("/Miner", std::string(1'000'000, 'f'), ErrorCode::corrupt, "Miner");
    check("/Messages", Json{{"/", "bafy2bzace"}}, ErrorCode::corrupt, "Messages");
    check("/Messages", Json{{"/", std::string(1'000'000, 'b')}}, ErrorCode::too_large, "Messages");
    check("/Parents", Json(Json::array_t(10'000, json_of(sample_cid(1)))), ErrorCode::too_large, "10000");
    check("/BeaconEntries", Json(Json::array_t(10'000, Json::object())), ErrorCode::too_large, "10000");
    check("/WinPoStProof", Json(Json::array_t(8'192, Json(nullptr))), ErrorCode::corrupt, "WinPoStProof: item 0");
    Json deep = Json::array();
    for (int i = 0; i < 5'000; ++i) deep = Json::array({std::move(deep)});
    check("/BeaconEntries", deep, ErrorCode::corrupt, "BeaconEntries");
}

}    // namespace
}    // namespace filfil::node
