// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "node/tipset_json.hpp"

#include "base/base64.hpp"
#include "chain/tipset.hpp"
#include "sample_tipset.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

namespace filfil::node {
namespace {

using chain::FullHeader;
using rpc::Json;

Json json_of_sample(std::int64_t epoch = 1'234'567) {
    const SampleTipset sample = sample_tipset(epoch);
    return json_of_tipset(sample.key, sample.headers).value();
}

std::vector<std::string> names_of(const Json& object) {
    std::vector<std::string> out;
    for (const auto& [name, value] : object.items()) out.push_back(name);
    return out;
}

/// The tipset must be refused, with `code` and words of why.
void refused(const Json& json, ErrorCode code, std::initializer_list<std::string_view> words) {
    const auto tipset = parse_tipset(json);
    ASSERT_FALSE(tipset.ok()) << json.dump().substr(0, 300);
    EXPECT_EQ(tipset.error().code, code) << tipset.error().text();
    for (const std::string_view word : words)
        EXPECT_NE(tipset.error().message.find(word), std::string::npos) << word << ": " << tipset.error().text();
    EXPECT_LT(tipset.error().message.size(), 600);
}

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
    const auto check = [](FullHeader header, std::string_view field) {
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

TEST(TipsetJson, ReadsBack) {
    const SampleTipset sample = sample_tipset();
    const Json json = json_of_tipset(sample.key, sample.headers).value();
    EXPECT_EQ(names_of(json), (std::vector<std::string>{"Cids", "Blocks", "Height"}));
    const auto back = parse_tipset(Json::parse(json.dump()));
    ASSERT_TRUE(back.ok()) << back.error().text();
    EXPECT_EQ(back->key, sample.key);
    EXPECT_EQ(back->headers, sample.headers);
    EXPECT_EQ(back->epoch.value, 1'234'567);
    EXPECT_EQ(back->parents(), sample.headers[0].parents);
    ASSERT_EQ(back->blocks.size(), 3);
    for (std::size_t i = 0; i < 3; ++i)
        EXPECT_EQ(ipld::cid_of_block(ipld::Codec::dag_cbor, back->blocks[i]), sample.key[i]);
}

TEST(TipsetJson, UnknownFieldsArePassedOver) {
    Json json = json_of_sample();
    json["BlockMessages"] = Json::array({1, 2});
    json["Blocks"][0]["Cid"] = 5;
    json["Blocks"][1]["Ticket"]["More"] = nullptr;
    json["Cids"][0]["More"] = "x";
    EXPECT_TRUE(parse_tipset(json).ok());
}

TEST(TipsetJson, AddressesOfTestNetworksAreTheSame) {
    const SampleTipset sample = sample_tipset();
    EXPECT_TRUE(parse_tipset(json_of_tipset(sample.key, sample.headers, 't').value()).ok());
}

TEST(TipsetJson, EveryChangedFieldIsAMismatchThatNamesTheCid) {
    const SampleTipset sample = sample_tipset();
    const Json whole = json_of_tipset(sample.key, sample.headers).value();
    const std::pair<const char*, Json> changes[] = {
        {"/Miner", "f01001"},
        {"/Ticket", nullptr},
        {"/Ticket/VRFProof", to_base64(sample_bytes(96, 99))},
        {"/ElectionProof/WinCount", 2},
        {"/BeaconEntries/0/Round", 4712},
        {"/BeaconEntries", nullptr},
        {"/WinPoStProof/0/PoStProof", 4},
        {"/Parents/0", json_of(sample_cid(77))},
        {"/ParentWeight", "116013147119"},
        {"/Height", 1'234'568},
        {"/ParentStateRoot", json_of(sample_cid(77))},
        {"/ParentMessageReceipts", json_of(sample_cid(77))},
        {"/Messages", json_of(sample_cid(77))},
        {"/BLSAggregate/Type", 1},
        {"/Timestamp", 1},
        {"/BlockSig", nullptr},
        {"/ForkSignaling", 1},
        {"/ParentBaseFee", "0"},
    };
    for (const auto& [pointer, value] : changes)
        for (std::size_t i = 0; i < 3; ++i) {
            Json json = whole;
            json["Blocks"][i][Json::json_pointer(pointer)] = value;
            SCOPED_TRACE(pointer);
            refused(json, ErrorCode::mismatch, {sample.key[i].text(), "by miner f0"});
        }
}

TEST(TipsetJson, CidsAndBlocksMustBeAsMany) {
    Json json = json_of_sample();
    json["Cids"].erase(2);
    refused(json, ErrorCode::mismatch, {"2 CIDs and 3 blocks"});
    json = json_of_sample();
    json["Blocks"] = nullptr;
    refused(json, ErrorCode::mismatch, {"3 CIDs and 0 blocks"});
    json["Cids"] = nullptr;
    refused(json, ErrorCode::mismatch, {"0 CIDs and 0 blocks"});
}

TEST(TipsetJson, BlocksMustStandInTheOrderOfTheirTickets) {
    const SampleTipset sample = sample_tipset();
    std::vector<std::size_t> order = {0, 1, 2};
    std::size_t others = 0;
    while (std::ranges::next_permutation(order).found) {
        chain::TipsetKey key;
        std::vector<FullHeader> headers;
        for (const std::size_t i : order) {
            key.push_back(sample.key[i]);
            headers.push_back(sample.headers[i]);
        }
        refused(json_of_tipset(key, headers).value(), ErrorCode::mismatch, {"order of their tickets"});
        ++others;
    }
    EXPECT_EQ(others, 5);
}

TEST(TipsetJson, BlocksMustBeOfOneEpochAndOneParent) {
    const auto refuse = [](const FullHeader& other, std::string_view word) {
        const std::vector<FullHeader> headers{sample_header(1000), other};
        const chain::TipsetKey key{cid_of(headers[0]), cid_of(headers[1])};
        refused(json_of_tipset(key, headers).value(), ErrorCode::mismatch, {word});
    };
    refuse(sample_header(2000, 1'234'568), "different epochs");
    FullHeader other = sample_header(2000);
    other.parents = {sample_cid(5)};
    refuse(other, "different parents");
    other.parents = {sample_cid(6), sample_cid(5)};
    refuse(other, "different parents");
    refuse(sample_header(1000), "twice");
}

TEST(TipsetJson, TheHeightMustBeThatOfTheBlocks) {
    Json json = json_of_sample();
    json["Height"] = 1'234'566;
    refused(json, ErrorCode::mismatch, {"1234566", "1234567"});
    json["Height"] = -1;
    refused(json, ErrorCode::mismatch, {"-1"});
    json["Height"] = nullptr;
    refused(json, ErrorCode::corrupt, {"Height", "null"});
    json["Height"] = 1e300;
    refused(json, ErrorCode::corrupt, {"Height"});
}

TEST(TipsetJson, WhatIsNoTipsetIsRefused) {
    for (const char* text : {"null", "1", "\"x\"", "[]", "{}", "[{}]", "true", R"({"Cids":[],"Blocks":[],"Height":0})",
                             R"({"Cids":[{"/":1}],"Blocks":[{}],"Height":0})", R"({"Cids":{},"Blocks":{},"Height":0})"})
        EXPECT_FALSE(parse_tipset(Json::parse(text)).ok()) << text;
    Json json = json_of_sample();
    json.erase("Blocks");
    refused(json, ErrorCode::corrupt, {"\"Blocks\" is missing"});
    json = json_of_sample();
    json["Cids"] = Json(Json::array_t(10'000, json_of(sample_cid(1))));
    refused(json, ErrorCode::too_large, {"Cids", "10000"});
    json = json_of_sample();
    json["Blocks"] = Json(Json::array_t(10'000, Json::object()));
    refused(json, ErrorCode::too_large, {"Blocks", "10000"});
    json = json_of_sample();
    json["Blocks"][2] = Json::array();
    refused(json, ErrorCode::corrupt, {"Blocks, item 2", "Miner", "a list of 0"});
    json["Cids"][1]["/"] = "bafy";
    refused(json, ErrorCode::corrupt, {"Cids", "item 1"});
}

TEST(TipsetJson, CannotBeWrittenWithoutAHeaderForEachCid) {
    const SampleTipset sample = sample_tipset();
    EXPECT_FALSE(json_of_tipset(sample.key, {}).ok());
    EXPECT_FALSE(json_of_tipset({}, {}).ok());
}

TEST(KeyJson, ReadsBackAndNullIsEmpty) {
    const chain::TipsetKey key{sample_cid(1), sample_cid(2)};
    EXPECT_EQ(parse_key(json_of_key(key)).value(), key);
    EXPECT_EQ(json_of_key({}).dump(), "[]");
    EXPECT_TRUE(parse_key(Json(nullptr)).value().empty());
    EXPECT_TRUE(parse_key(Json::array()).value().empty());
    EXPECT_FALSE(parse_key(Json("x")).ok());
    EXPECT_EQ(json_of(sample_cid(1)).dump(), "{\"/\":\"" + sample_cid(1).text() + "\"}");
    for (const char* text :
         {"null", "{}", "[]", "\"bafy\"", R"({"/":null})", R"({"/":""})", R"({"/":"x"})", R"({"/":{}})"})
        EXPECT_FALSE(parse_cid(Json::parse(text)).ok()) << text;
}

TEST(HeadChangesJson, ReadBack) {
    using Type = chain::HeadChange::Type;
    Json json = Json::array();
    json.push_back(json_of_head_change(Type::revert, json_of_sample(7)));
    json.push_back(json_of_head_change(Type::apply, json_of_sample(8)));
    json.push_back(json_of_head_change(Type::current, json_of_sample(9)));
    EXPECT_EQ(names_of(json[0]), (std::vector<std::string>{"Type", "Val"}));
    EXPECT_EQ(json[0]["Type"], "revert");
    const auto back = parse_head_changes(json);
    ASSERT_TRUE(back.ok()) << back.error().text();
    ASSERT_EQ(back->size(), 3);
    const Type types[] = {Type::revert, Type::apply, Type::current};
    for (std::size_t i = 0; i < 3; ++i) {
        const JsonHeadChange& change = (*back)[i];
        const SampleTipset sample = sample_tipset(7 + static_cast<std::int64_t>(i));
        EXPECT_EQ(change.change, (chain::HeadChange{types[i], sample.key, sample.headers[0].height}));
        ASSERT_TRUE(change.tipset.has_value());
        EXPECT_EQ(change.tipset->headers, sample.headers);
    }
    EXPECT_TRUE(parse_head_changes(Json(nullptr)).value().empty());
    EXPECT_TRUE(parse_head_changes(Json::array()).value().empty());
}

TEST(HeadChangesJson, WhatIsNoneIsRefusedAndNamesTheItem) {
    const Json good = json_of_head_change(chain::HeadChange::Type::apply, json_of_sample());
    const auto check = [](const Json& json, ErrorCode code, std::string_view word) {
        const auto changes = parse_head_changes(json);
        ASSERT_FALSE(changes.ok()) << word;
        EXPECT_EQ(changes.error().code, code) << changes.error().text();
        EXPECT_NE(changes.error().message.find(word), std::string::npos) << changes.error().text();
    };
    check(Json::object(), ErrorCode::corrupt, "a list");
    check(Json::array({good, 1}), ErrorCode::corrupt, "item 1");
    Json bad = good;
    bad["Type"] = "Apply";
    check(Json::array({good, bad}), ErrorCode::corrupt, "item 1: Type: current, revert or apply is expected");
    bad = good;
    bad.erase("Type");
    check(Json::array({bad}), ErrorCode::corrupt, "\"Type\" is missing");
    bad = good;
    bad["Val"] = nullptr;
    check(Json::array({bad}), ErrorCode::corrupt, "item 0: Val");
    bad = good;
    bad["Val"]["Blocks"][0]["Timestamp"] = 3;
    check(Json::array({bad}), ErrorCode::mismatch, "item 0: Val");
    const TipsetLimits few{.head_changes = 2};
    EXPECT_TRUE(parse_head_changes(Json::array({good, good}), few).ok());
    EXPECT_EQ(parse_head_changes(Json::array({good, good, good}), few).error().code, ErrorCode::too_large);
}

}    // namespace
}    // namespace filfil::node
