// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cli/devnet_options.hpp"

#include <gtest/gtest.h>

namespace filfil::cli {
namespace {

class FixedClock final : public Clock {
public:
    [[nodiscard]] Duration steady() const override { return {}; }
    [[nodiscard]] Duration wall() const override { return std::chrono::seconds(1'800'000'000); }
};

DevnetSettings read(const DevnetTexts& texts) {
    auto settings = read_devnet_options(texts, FixedClock());
    EXPECT_TRUE(settings.ok()) << settings.error().text();
    return settings.ok() ? std::move(*settings) : DevnetSettings();
}

/// The error's message has to name the option.
void refuse(const DevnetTexts& texts, std::string_view option) {
    const auto settings = read_devnet_options(texts, FixedClock());
    ASSERT_FALSE(settings.ok()) << option;
    EXPECT_EQ(settings.error().code, ErrorCode::invalid_argument);
    EXPECT_NE(settings.error().message.find(option), std::string::npos) << settings.error().text();
    EXPECT_FALSE(settings.error().remedy.empty()) << settings.error().text();
}

TEST(DevnetOptions, WithoutAnyAChainIsGeneratedWhoseHeadIsNow) {
    const DevnetSettings settings = read({});
    EXPECT_TRUE(settings.replay.empty());
    EXPECT_EQ(settings.port, 1234);
    EXPECT_EQ(settings.tipsets, 30U);
    EXPECT_EQ(settings.node.period, std::chrono::seconds(2));
    EXPECT_TRUE(settings.node.by_clock);
    EXPECT_EQ(settings.node.block_delay, 2U);
    // 30 tipsets, and a null round among 33 epochs.
    EXPECT_EQ(settings.chain.chain.genesis_time, 1'800'000'000U - 30 * 2);
    EXPECT_EQ(settings.chain.chain.seconds_per_epoch, 2U);
    EXPECT_TRUE(settings.chain.chain.check().ok());
    EXPECT_FALSE(settings.chain.retention.has_value());
    EXPECT_FALSE(settings.node.test_hooks);
}

TEST(DevnetOptions, AllOfThemAreRead) {
    DevnetTexts texts;
    texts.seed = "77";
    texts.state = "1MiB";
    texts.tipset = "1MiB";
    texts.tipsets = "0";
    texts.genesis_time = "1700000000";
    texts.prune = "200";
    texts.period = "500ms";
    texts.host = "::1";
    texts.port = "0";
    texts.token = "secret";
    texts.flavour = "forest";
    texts.network = "2k";
    texts.f3 = "off";
    texts.evm = "http://127.0.0.1:8545";
    texts.faults = {"drop=0.5", "reorg=0.1"};
    texts.accounts = {"f1abc=0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266"};
    texts.test_hooks = true;
    const DevnetSettings settings = read(texts);
    EXPECT_EQ(settings.chain.chain.seed, 77U);
    EXPECT_EQ(settings.node.seed, 77U);
    EXPECT_EQ(settings.chain.chain.state_bytes, MiB);
    EXPECT_EQ(settings.chain.chain.tipset_bytes, MiB);
    EXPECT_EQ(settings.chain.chain.blocks_per_tipset, 5U);
    EXPECT_EQ(settings.chain.chain.fork_rate, 50U);
    EXPECT_EQ(settings.chain.chain.genesis_time, 1'700'000'000U);
    EXPECT_EQ(settings.chain.retention, 200);
    EXPECT_EQ(settings.tipsets, 0U);
    EXPECT_EQ(settings.node.period, std::chrono::milliseconds(500));
    EXPECT_FALSE(settings.node.by_clock);
    EXPECT_EQ(settings.host, "::1");
    EXPECT_EQ(settings.port, 0);
    EXPECT_EQ(settings.node.token, "secret");
    EXPECT_EQ(settings.node.flavour, node::Flavour::forest);
    EXPECT_EQ(settings.node.network, "2k");
    EXPECT_FALSE(settings.node.f3);
    EXPECT_EQ(settings.node.evm->at.port, 8545);
    EXPECT_EQ(settings.node.faults.rate(node::Fault::drop), 0.5);
    EXPECT_EQ(settings.node.accounts.at("f1abc"), "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266");
    EXPECT_TRUE(settings.node.test_hooks);
}

TEST(DevnetOptions, EachFlavourHasItsUsualPort) {
    DevnetTexts texts;
    texts.flavour = "forest";
    EXPECT_EQ(read(texts).port, 2345);
}

TEST(DevnetOptions, AReplayTakesItsTimesFromItsData) {
    DevnetTexts texts;
    texts.replay = "store.car";
    texts.events = "events.jsonl";
    const DevnetSettings settings = read(texts);
    EXPECT_EQ(settings.replay, "store.car");
    EXPECT_EQ(settings.events, "events.jsonl");
    EXPECT_EQ(settings.tipsets, 0U);
    EXPECT_FALSE(settings.node.by_clock);
    EXPECT_EQ(settings.node.block_delay, 30U);
}

TEST(DevnetOptions, PeriodsAreTimes) {
    DevnetTexts texts;
    const auto period = [&](const std::string& text) {
        texts.period = text;
        return read(texts).node.period;
    };
    EXPECT_EQ(period("0"), Clock::Duration::zero());
    EXPECT_EQ(period("0s"), Clock::Duration::zero());
    EXPECT_EQ(period("1ms"), std::chrono::milliseconds(1));
    EXPECT_EQ(period("30s"), std::chrono::seconds(30));
    EXPECT_EQ(period("2min"), std::chrono::minutes(2));
    for (const char* text : {"", "2", "s", "-1s", "1.5s", "2 s", "2h", "100000s", "99999999999999999999s"}) {
        texts.period = text;
        refuse(texts, "--period");
    }
}

TEST(DevnetOptions, WhatIsWrongIsNamed) {
    const auto with = [](auto member, const std::string& text) {
        DevnetTexts texts;
        texts.*member = text;
        return texts;
    };
    refuse(with(&DevnetTexts::seed, "x"), "--seed");
    refuse(with(&DevnetTexts::state, "big"), "--state");
    refuse(with(&DevnetTexts::tipset, "-1"), "--tipset");
    refuse(with(&DevnetTexts::tipsets, "many"), "--tipsets");
    refuse(with(&DevnetTexts::prune, "99"), "--prune");
    refuse(with(&DevnetTexts::port, "65536"), "--port");
    refuse(with(&DevnetTexts::flavour, "venus"), "--flavour");
    refuse(with(&DevnetTexts::f3, "maybe"), "--f3");
    refuse(with(&DevnetTexts::evm, "127.0.0.1:8545"), "--evm");
    refuse(with(&DevnetTexts::evm, "ws://127.0.0.1:8545"), "--evm");
    refuse(with(&DevnetTexts::genesis_time, "now"), "--genesis-time");
    refuse(with(&DevnetTexts::replay, "store.car"), "--replay");
    refuse(with(&DevnetTexts::events, "events.jsonl"), "--events");
    DevnetTexts texts;
    texts.faults = {"drop=0.1", "dorp=0.1"};
    refuse(texts, "--fault");
    for (const char* account : {"f1abc", "f1abc=", "=0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266", "f1abc=0xf39f",
                                "f1abc=0xg39fd6e51aad88f6f4ce6ab8827279cfffb92266"}) {
        DevnetTexts wrong;
        wrong.accounts = {account};
        refuse(wrong, "--account");
    }
    DevnetTexts replay;
    replay.replay = "a";
    replay.events = "b";
    replay.prune = "500";
    refuse(replay, "--prune");
}

TEST(DevnetOptions, TheContractIsPlayedOverAPastOfItsOwn) {
    DevnetTexts texts;
    texts.contract = true;
    texts.daemon = "/data";
    const DevnetSettings settings = read(texts);
    EXPECT_TRUE(settings.contract);
    EXPECT_EQ(settings.daemon, "/data");
    EXPECT_EQ(settings.tipsets, 400U);
    texts.tipsets = "70";
    EXPECT_EQ(read(texts).tipsets, 70U);
}

TEST(DevnetOptions, WhatDoesNotGoWithTheContractIsNamed) {
    DevnetTexts texts;
    texts.daemon = "/data";
    refuse(texts, "--daemon");
    texts.contract = true;
    DevnetTexts other = texts;
    other.evm = "http://127.0.0.1:8545";
    refuse(other, "--evm");
    other = texts;
    other.replay = "a.car";
    other.events = "a.jsonl";
    refuse(other, "--replay");
    other = texts;
    other.prune = "200";
    refuse(other, "--prune");
    other = texts;
    other.network = "2k";
    refuse(other, "--network");
}

}    // namespace
}    // namespace filfil::cli
