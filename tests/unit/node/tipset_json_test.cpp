// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "node/tipset_json.hpp"

#include "base/base64.hpp"
#include "chain/tipset.hpp"
#include "sample_tipset.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace filfil::node {
namespace {

using chain::FullHeader;
using rpc::Json;

Json json_of_sample(std::int64_t epoch = 1'234'567) {
    const SampleTipset sample = sample_tipset(epoch);
    return json_of_tipset(sample.key, sample.headers).value();
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

TEST(TipsetJson, WhereDoubtIsTakenAHeaderThatDoesNotMakeItsCidHasNoBlock) {
    const TipsetLimits limits{.doubtful = true};
    Json json = json_of_sample();
    json["Blocks"][1]["ForkSignaling"] = 1;
    const auto tipset = parse_tipset(json, limits);
    ASSERT_TRUE(tipset.ok()) << tipset.error().text();
    EXPECT_EQ(tipset->key, sample_tipset().key);
    EXPECT_FALSE(tipset->blocks[0].empty());
    EXPECT_TRUE(tipset->blocks[1].empty());
    EXPECT_FALSE(tipset->blocks[2].empty());
    json["Blocks"][1]["Height"] = 7;
    const auto other = parse_tipset(json, limits);
    ASSERT_FALSE(other.ok());
    EXPECT_EQ(other.error().code, ErrorCode::mismatch) << other.error().text();
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
