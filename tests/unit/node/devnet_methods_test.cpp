// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "base/base64.hpp"
#include "chain/encode_header.hpp"
#include "devnet_rig.hpp"
#include "ipld/dag_cbor.hpp"

namespace filfil::node {
namespace {

DevnetOptions forest() {
    DevnetOptions options;
    options.flavour = Flavour::forest;
    return options;
}

/// Both flavours answer these alike.
class DevnetMethods : public testing::TestWithParam<Flavour> {
protected:
    DevnetMethods() : rig(options(), 40) {}

    static DevnetOptions options() {
        DevnetOptions out;
        out.flavour = GetParam();
        return out;
    }

    Json head() { return rig.result("Filecoin.ChainHead"); }

    DevnetRig rig;
};

INSTANTIATE_TEST_SUITE_P(Flavours, DevnetMethods, testing::Values(Flavour::lotus, Flavour::forest),
                         [](const auto& flavour) { return flavour.param == Flavour::lotus ? "Lotus" : "Forest"; });

TEST_P(DevnetMethods, VersionAndNetworkName) {
    const Json version = rig.result("Filecoin.Version");
    EXPECT_TRUE(version["Version"].is_string());
    EXPECT_EQ(version["APIVersion"], 0x020300);
    EXPECT_EQ(version["BlockDelay"], 30);
    EXPECT_EQ(version["Agent"], GetParam() == Flavour::lotus ? "Lotus" : "forest");
    EXPECT_EQ(rig.result("Filecoin.StateNetworkName"), "devnet");
}

TEST_P(DevnetMethods, TheHeadIsATipsetWhoseHeadersMakeTheirCids) {
    const auto tipset = parse_tipset(head());
    ASSERT_TRUE(tipset.ok()) << tipset.error().text();
    EXPECT_EQ(tipset->key, rig.devnet->status().head);
    EXPECT_EQ(tipset->epoch, rig.devnet->status().epoch);
}

TEST_P(DevnetMethods, GenesisIsTheTipsetOfEpochZero) {
    const auto genesis = parse_tipset(rig.result("Filecoin.ChainGetGenesis"));
    ASSERT_TRUE(genesis.ok()) << genesis.error().text();
    EXPECT_EQ(genesis->epoch.value, 0);
    EXPECT_EQ(genesis->key, rig.devnet->status().genesis);
}

TEST_P(DevnetMethods, TheWholeChainCanBeReadFromTheHeadDown) {
    auto tipset = parse_tipset(head());
    std::size_t tipsets = 0;
    while (tipset->epoch.value > 0) {
        ASSERT_TRUE(tipset.ok()) << tipset.error().text();
        const Json key = json_of_key(tipset->parents());
        tipset = parse_tipset(rig.result("Filecoin.ChainGetTipSet", Json::array({key})));
        ++tipsets;
    }
    EXPECT_GT(tipsets, 20U);
}

TEST_P(DevnetMethods, ReadObjGivesBlocksAndHasObjKnowsThem) {
    const Json top = head();
    for (const Json& link : top["Cids"]) {
        const ipld::Cid cid = ipld::Cid::parse(cid_text(link)).value();
        const Bytes data =
            from_base64(rig.result("Filecoin.ChainReadObj", Json::array({link})).get<std::string>()).value();
        EXPECT_EQ(ipld::cid_of_block(ipld::Codec::dag_cbor, data), cid);
        EXPECT_EQ(rig.result("Filecoin.ChainHasObj", Json::array({link})), true);
    }
    const Json nowhere = json_of(ipld::cid_of_block(ipld::Codec::raw, bytes_of("nowhere")));
    EXPECT_EQ(rig.result("Filecoin.ChainHasObj", Json::array({nowhere})), false);
}

TEST_P(DevnetMethods, ABlockThatIsMissingIsToldInTheNodesOwnWords) {
    const ipld::Cid cid = ipld::cid_of_block(ipld::Codec::raw, bytes_of("nowhere"));
    const Json answer = rig.call("Filecoin.ChainReadObj", Json::array({json_of(cid)}));
    ASSERT_TRUE(answer.contains("error")) << answer.dump();
    EXPECT_FALSE(answer.contains("result"));
    if (GetParam() == Flavour::lotus) {
        EXPECT_EQ(answer["error"]["code"], 1);
        EXPECT_EQ(answer["error"]["message"], "blockstore get: ipld: could not find " + cid.text());
    } else {
        EXPECT_EQ(answer["error"]["code"], -32603);
        EXPECT_EQ(answer["error"]["message"], "can't find object with cid=" + cid.text());
    }
}

TEST_P(DevnetMethods, StatObjCountsWhatIsBelowOneBlockAndNotBelowAnother) {
    const Json key = head()["Cids"];
    const auto tipset = parse_tipset(head()).value();
    const Json state = json_of(tipset.headers.front().parent_state_root);
    const Json whole = rig.result("Filecoin.ChainStatObj", Json::array({state, nullptr}));
    EXPECT_GT(whole["Size"].get<std::uint64_t>(), 10'000U);
    EXPECT_GT(whole["Links"].get<std::uint64_t>(), 10U);
    const Json none = rig.result("Filecoin.ChainStatObj", Json::array({state, state}));
    EXPECT_EQ(none, (Json{{"Size", 0}, {"Links", 0}}));
    const auto parents =
        parse_tipset(rig.result("Filecoin.ChainGetTipSet", Json::array({json_of_key(tipset.parents())})));
    const Json before = json_of(parents->headers.front().parent_state_root);
    const Json changed = rig.result("Filecoin.ChainStatObj", Json::array({state, before}));
    EXPECT_LT(changed["Size"], whole["Size"]);
    EXPECT_GT(changed["Size"].get<std::uint64_t>(), 0U);
}

TEST_P(DevnetMethods, ATipsetByHeightSkipsNullRounds) {
    const auto top = parse_tipset(head()).value();
    std::int64_t null_rounds = 0;
    for (std::int64_t epoch = 0; epoch <= top.epoch.value; ++epoch) {
        const auto found = parse_tipset(rig.result("Filecoin.ChainGetTipSetByHeight", Json::array({epoch, nullptr})));
        ASSERT_TRUE(found.ok());
        EXPECT_LE(found->epoch.value, epoch);
        null_rounds += found->epoch.value < epoch ? 1 : 0;
    }
    EXPECT_GT(null_rounds, 0);
    // Below another tipset than the head, and above one.
    const Json parents = json_of_key(top.parents());
    EXPECT_TRUE(rig.call("Filecoin.ChainGetTipSetByHeight", Json::array({0, parents})).contains("result"));
    const Json above = rig.call("Filecoin.ChainGetTipSetByHeight", Json::array({top.epoch.value, parents}));
    EXPECT_NE(above["error"]["message"].get<std::string>().find("height greater than start point"), std::string::npos);
    EXPECT_EQ(rig.result("Filecoin.ChainGetTipSetByHeight", Json::array({top.epoch.value, Json::array()})), head());
}

TEST_P(DevnetMethods, ATipsetThatIsNotThereIsAnError) {
    const Json nowhere = json_of(ipld::cid_of_block(ipld::Codec::dag_cbor, bytes_of("nowhere")));
    for (const char* method : {"Filecoin.ChainGetTipSet", "Filecoin.ChainGetBlockMessages"}) {
        const bool key = std::string_view(method).ends_with("TipSet");
        const Json answer = rig.call(method, Json::array({key ? Json::array({nowhere}) : nowhere}));
        ASSERT_TRUE(answer.contains("error")) << answer.dump();
        EXPECT_NE(answer["error"]["message"].get<std::string>().find(cid_text(nowhere)), std::string::npos);
    }
    EXPECT_TRUE(rig.call("Filecoin.ChainGetTipSet", Json::array({Json::array()})).contains("error"));
    EXPECT_TRUE(
        rig.call("Filecoin.ChainGetPath", Json::array({head()["Cids"], Json::array({nowhere})})).contains("error"));
}

TEST_P(DevnetMethods, APathLeadsFromOneTipsetToAnother) {
    const Json genesis = rig.result("Filecoin.ChainGetGenesis");
    const auto up =
        parse_head_changes(rig.result("Filecoin.ChainGetPath", Json::array({genesis["Cids"], head()["Cids"]})));
    ASSERT_TRUE(up.ok()) << up.error().text();
    ASSERT_FALSE(up->empty());
    EXPECT_EQ(up->back().change.key, rig.devnet->status().head);
    for (const JsonHeadChange& step : *up) EXPECT_EQ(step.change.type, chain::HeadChange::Type::apply);
    const auto down =
        parse_head_changes(rig.result("Filecoin.ChainGetPath", Json::array({head()["Cids"], genesis["Cids"]})));
    ASSERT_EQ(down->size(), up->size());
    for (std::size_t i = 0; i < down->size(); ++i) {
        EXPECT_EQ((*down)[i].change.type, chain::HeadChange::Type::revert);
        EXPECT_EQ((*down)[i].change.key, (*up)[up->size() - 1 - i].change.key);
    }
    EXPECT_EQ(rig.result("Filecoin.ChainGetPath", Json::array({head()["Cids"], head()["Cids"]})), Json::array());
}

TEST_P(DevnetMethods, MessagesOfABlockAreReadToTheLast) {
    std::size_t messages = 0;
    const Json top = head();
    for (const Json& link : top["Cids"]) {
        const Json found = rig.result("Filecoin.ChainGetBlockMessages", Json::array({link}));
        EXPECT_EQ(found["Cids"].size(), found["BlsMessages"].size() + found["SecpkMessages"].size());
        messages += found["Cids"].size();
        std::size_t at = 0;
        for (const Json& message : found["BlsMessages"]) {
            EXPECT_EQ(message["CID"], found["Cids"][at++]);
            EXPECT_TRUE(message["From"].get<std::string>().starts_with("f3"));
            EXPECT_TRUE(message["To"].get<std::string>().starts_with("f2"));
            EXPECT_TRUE(message["Value"].is_string());
            EXPECT_TRUE(message["Method"].is_number_unsigned());
            EXPECT_TRUE(message["Params"].is_null() || message["Params"].is_string());
        }
        for (const Json& message : found["SecpkMessages"]) {
            EXPECT_EQ(message["CID"], found["Cids"][at++]);
            EXPECT_TRUE(message["Message"]["From"].get<std::string>().starts_with("f1"));
            EXPECT_EQ(message["Signature"]["Type"], 1);
            EXPECT_EQ(from_base64(message["Signature"]["Data"].get<std::string>()).value().size(), 65U);
        }
    }
    EXPECT_GT(messages, 0U);
}

TEST_P(DevnetMethods, WhatF3FinalisesIsNeverRevertedAndNearTheHead) {
    const auto finalized = parse_tipset(rig.result("Filecoin.ChainGetFinalizedTipSet"));
    ASSERT_TRUE(finalized.ok());
    EXPECT_GT(finalized->epoch.value, 0);
    EXPECT_LT(finalized->epoch, rig.devnet->status().epoch);
    Epoch last = finalized->epoch;
    for (int event = 0; event < 60; ++event) {
        ASSERT_TRUE(rig.devnet->step().value());
        const auto now = parse_tipset(rig.result("Filecoin.ChainGetFinalizedTipSet"));
        EXPECT_GE(now->epoch, last);
        last = now->epoch;
        // It stands on the head's chain.
        const Json at = rig.result("Filecoin.ChainGetTipSetByHeight", Json::array({now->epoch.value, nullptr}));
        EXPECT_EQ(parse_tipset(at)->key, now->key);
    }
}

TEST(Devnet, WithoutF3WhatIsFinalIs900EpochsDown) {
    DevnetOptions options;
    options.f3 = false;
    DevnetRig rig(options, 40);
    EXPECT_EQ(parse_tipset(rig.result("Filecoin.ChainGetFinalizedTipSet"))->epoch.value, 0);
    GeneratedChain::Options chain = small_chain_options();
    chain.chain.state_bytes = 64 * KiB;
    chain.chain.tipset_bytes = 0;
    chain.chain.messages_per_block = 0;
    DevnetRig high(options, 1000, std::move(GeneratedChain::make(chain).value()));
    const std::int64_t head = high.devnet->status().epoch.value;
    ASSERT_GT(head, 900);
    const auto finalized = parse_tipset(high.result("Filecoin.ChainGetFinalizedTipSet"));
    EXPECT_LE(finalized->epoch.value, head - 900);
    EXPECT_GT(finalized->epoch.value, head - 920);
}

TEST(Devnet, SyncStateIsLotussAndSyncStatusForests) {
    DevnetRig lotus;
    const Json sync = lotus.result("Filecoin.SyncState");
    EXPECT_EQ(sync["ActiveSyncs"][0]["Height"], lotus.devnet->status().epoch.value);
    EXPECT_TRUE(parse_tipset(sync["ActiveSyncs"][0]["Target"]).ok());
    EXPECT_EQ(lotus.call("Forest.SyncStatus")["error"]["code"], -32601);
    DevnetRig other(forest());
    EXPECT_EQ(other.call("Filecoin.SyncState")["error"]["code"], -32601);
    EXPECT_EQ(other.result("Forest.SyncStatus")["current_head_epoch"], other.devnet->status().epoch.value);
}

TEST(Devnet, WithoutAnEvmNodeThereIsNoWalletAndNoEth) {
    DevnetRig rig;
    for (const char* method : {"Filecoin.WalletSign", "Filecoin.MpoolPushMessage", "eth_chainId", "eth_call"})
        EXPECT_EQ(rig.call(method, Json::array({1, 2}))["error"]["code"], -32601) << method;
}

TEST(Devnet, HooksAreThereOnlyWhenAskedFor) {
    DevnetRig plain;
    for (const char* method : {"Devnet.Head", "Devnet.Step", "Devnet.Pause", "Devnet.Resume", "Devnet.Fault"})
        EXPECT_EQ(plain.call(method)["error"]["code"], -32601) << method;
    DevnetOptions options;
    options.test_hooks = true;
    DevnetRig rig(options, 0);
    EXPECT_EQ(rig.result("Devnet.Head")["event"], 0);
    EXPECT_EQ(rig.result("Devnet.Step")["event"], 1);
    const Json stepped = rig.result("Devnet.Step", Json::array({10}));
    EXPECT_EQ(stepped["event"], 11);
    EXPECT_EQ(stepped["epoch"], rig.devnet->status().epoch.value);
    EXPECT_EQ(stepped["head"][0], rig.devnet->status().head[0].text());
    EXPECT_EQ(rig.call("Devnet.Nothing")["error"]["code"], -32601);
    EXPECT_EQ(rig.call("Devnet.Fault", Json::array({"drop=2"}))["error"]["code"], -32602);
    EXPECT_EQ(rig.call("Devnet.Fault", Json::array({1}))["error"]["code"], -32602);

    rig.devnet->start();
    rig.advance(std::chrono::seconds(9));
    EXPECT_EQ(rig.result("Devnet.Head")["event"], 15);
    EXPECT_EQ(rig.result("Devnet.Pause")["paused"], true);
    rig.advance(std::chrono::seconds(100));
    EXPECT_EQ(rig.result("Devnet.Head")["event"], 15);
    EXPECT_EQ(rig.result("Devnet.Resume")["paused"], false);
    rig.advance(std::chrono::seconds(9));
    EXPECT_EQ(rig.result("Devnet.Head")["event"], 19);
}

TEST(Devnet, EventsComeByTheClockOfTheChain) {
    GeneratedChain::Options chain = small_chain_options();
    chain.chain.seconds_per_epoch = 2;
    chain.chain.genesis_time = static_cast<std::uint64_t>(VirtualClock::first_wall / std::chrono::seconds(1));
    DevnetOptions options;
    options.by_clock = true;
    DevnetRig rig(options, 0, std::move(GeneratedChain::make(chain).value()));
    rig.devnet->start();
    rig.advance(std::chrono::seconds(400));
    // 200 epochs have passed; null rounds and forks do not add up.
    EXPECT_NEAR(static_cast<double>(rig.devnet->status().epoch.value), 200, 6);
}

}    // namespace
}    // namespace filfil::node
