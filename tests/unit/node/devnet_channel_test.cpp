// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "base/base64.hpp"
#include "devnet_rig.hpp"
#include "node/devnet/car_walk.hpp"

namespace filfil::node {
namespace {

DevnetOptions with(Flavour flavour) {
    DevnetOptions options;
    options.flavour = flavour;
    return options;
}

/// Follows the arrays of ChainNotify as a client has to: reverts from its head, newest first, then what is applied.
void check_changes(const std::vector<Json>& arrays, chain::TipsetKey& head) {
    for (std::size_t i = 0; i < arrays.size(); ++i) {
        const auto changes = parse_head_changes(arrays[i]);
        ASSERT_TRUE(changes.ok()) << changes.error().text();
        bool applied = false;
        for (const JsonHeadChange& change : *changes) {
            if (i == 0) {
                EXPECT_EQ(change.change.type, chain::HeadChange::Type::current);
                EXPECT_EQ(changes->size(), 1U);
                head = change.change.key;
            } else if (change.change.type == chain::HeadChange::Type::revert) {
                EXPECT_FALSE(applied);
                EXPECT_EQ(change.change.key, head);
                head = change.tipset->parents();
            } else {
                EXPECT_EQ(change.change.type, chain::HeadChange::Type::apply);
                EXPECT_EQ(change.tipset->parents(), head);
                head = change.change.key;
                applied = true;
            }
        }
    }
}

class DevnetChannels : public testing::TestWithParam<Flavour> {};

INSTANTIATE_TEST_SUITE_P(Flavours, DevnetChannels, testing::Values(Flavour::lotus, Flavour::forest),
                         [](const auto& flavour) { return flavour.param == Flavour::lotus ? "Lotus" : "Forest"; });

TEST_P(DevnetChannels, HeadChangesComeInOrderAndBeginWithTheCurrentHead) {
    DevnetRig rig(with(GetParam()));
    const auto wire = rig.connect();
    const Json answer = rig.ask(*wire, "Filecoin.ChainNotify");
    const std::uint64_t channel = GetParam() == Flavour::lotus ? 1 : 0;
    EXPECT_EQ(answer["result"], channel);
    // The number comes before the first value.
    EXPECT_EQ(wire->all().front(), answer);
    rig.devnet->start();
    for (int event = 0; event < 100; ++event) {
        ASSERT_TRUE(rig.devnet->step().value());
        rig.advance(std::chrono::milliseconds(100));
    }
    const std::vector<Json> values = wire->values(channel);
    EXPECT_GE(values.size(), 101U);
    chain::TipsetKey head;
    check_changes(values, head);
    EXPECT_EQ(head, rig.devnet->status().head);
}

TEST_P(DevnetChannels, NumbersOfChannelsGoOn) {
    DevnetRig rig(with(GetParam()));
    const bool lotus = GetParam() == Flavour::lotus;
    const auto a = rig.connect();
    const auto b = rig.connect();
    EXPECT_EQ(rig.ask(*a, "Filecoin.ChainNotify")["result"], lotus ? 1 : 0);
    EXPECT_EQ(rig.ask(*a, "Filecoin.ChainNotify")["result"], lotus ? 2 : 1);
    // Lotus counts by connection, Forest over all.
    EXPECT_EQ(rig.ask(*b, "Filecoin.ChainNotify")["result"], lotus ? 1 : 2);
    EXPECT_EQ(rig.devnet->subscribers(), 3U);
}

TEST_P(DevnetChannels, ASubscriptionEndsWithItsConnection) {
    DevnetRig rig(with(GetParam()));
    const auto wire = rig.connect();
    rig.ask(*wire, "Filecoin.ChainNotify");
    EXPECT_EQ(rig.devnet->subscribers(), 1U);
    wire->socket->close();
    rig.advance(std::chrono::seconds(10));
    EXPECT_EQ(rig.devnet->subscribers(), 0U);
    EXPECT_TRUE(rig.devnet->step().value());
}

TEST(DevnetChannels, LotusAnswersACancelWithTheClosingAlone) {
    DevnetRig rig;
    const auto wire = rig.connect();
    rig.ask(*wire, "Filecoin.ChainNotify");
    rig.advance(std::chrono::seconds(1));
    const std::size_t before = wire->messages.size();
    wire->socket->send(R"({"jsonrpc":"2.0","method":"xrpc.cancel","params":[7]})");
    wire->socket->send(R"({"jsonrpc":"2.0","method":"xrpc.cancel","params":[1]})");
    wire->socket->send(R"({"jsonrpc":"2.0","method":"xrpc.cancel","params":[1]})");
    rig.advance(std::chrono::seconds(1));
    ASSERT_EQ(wire->messages.size(), before + 1);
    EXPECT_EQ(wire->all().back(), (Json{{"jsonrpc", "2.0"}, {"method", "xrpc.ch.close"}, {"params", {1}}}));
    EXPECT_EQ(rig.devnet->subscribers(), 0U);
    EXPECT_TRUE(rig.devnet->step().value());
    rig.advance(std::chrono::seconds(1));
    EXPECT_EQ(wire->messages.size(), before + 1);
}

TEST(DevnetChannels, ForestAnswersACancelWithAClosingInsideAResult) {
    DevnetRig rig(with(Flavour::forest));
    const auto wire = rig.connect();
    rig.ask(*wire, "Filecoin.ChainNotify");
    rig.advance(std::chrono::seconds(1));
    const std::size_t before = wire->messages.size();
    wire->socket->send(R"({"jsonrpc":"2.0","method":"xrpc.cancel","params":[1],"id":null})");
    wire->socket->send(R"({"jsonrpc":"2.0","method":"xrpc.cancel","params":[1],"id":null})");
    rig.advance(std::chrono::seconds(1));
    ASSERT_EQ(wire->messages.size(), before + 2);
    EXPECT_EQ(Json::parse(wire->messages[before]),
              Json::parse(R"({"id":null,"result":{"jsonrpc":"2.0","method":"xrpc.ch.close","params":[0]}})"));
    EXPECT_EQ(Json::parse(wire->messages[before + 1])["error"]["message"], "channel not found");
    EXPECT_EQ(rig.devnet->subscribers(), 0U);
}

TEST_P(DevnetChannels, ASlowReaderIsClosedAndOthersAreNot) {
    DevnetRig rig(with(GetParam()));
    const auto slow = rig.connect();
    const auto quick = rig.connect();
    const std::uint64_t first = rig.ask(*slow, "Filecoin.ChainNotify")["result"].get<std::uint64_t>();
    const std::uint64_t second = rig.ask(*quick, "Filecoin.ChainNotify")["result"].get<std::uint64_t>();
    // What the slow one is sent stays on the wire: each message takes an hour.
    rig.outside.network.set_hook([](Delivery& delivery) {
        return Fate{.delay = delivery.kind == Delivery::Kind::message && !delivery.to_server && delivery.connection == 1
                                 ? Clock::Duration(std::chrono::hours(1))
                                 : Clock::Duration{}};
    });
    int events = 0;
    while (rig.devnet->subscribers() == 2 && events < 500) {
        ASSERT_TRUE(rig.devnet->step().value());
        rig.advance(std::chrono::milliseconds(100));
        ++events;
    }
    EXPECT_EQ(rig.devnet->subscribers(), 1U);
    EXPECT_GE(events, GetParam() == Flavour::lotus ? 17 : 11);
    EXPECT_FALSE(quick->channel_closed(second));
    chain::TipsetKey head;
    check_changes(quick->values(second), head);
    EXPECT_EQ(head, rig.devnet->status().head);
    // What was in the buffer comes, and then the end.
    rig.outside.network.set_hook({});
    rig.advance(std::chrono::hours(1000));
    EXPECT_TRUE(slow->channel_closed(first));
    const std::size_t told = slow->values(first).size();
    EXPECT_TRUE(rig.devnet->step().value());
    rig.advance(std::chrono::hours(1));
    EXPECT_EQ(slow->values(first).size(), told);
    check_changes(slow->values(first), head);
    EXPECT_FALSE(slow->closed.has_value());
}

TEST(DevnetChannels, AtFullSpeedEventsWaitForWhoTakesThem) {
    DevnetOptions options;
    options.period = Clock::Duration::zero();
    DevnetRig rig(options, 0);
    rig.devnet->start();
    rig.advance(std::chrono::hours(1));
    EXPECT_EQ(rig.devnet->status().event, 0U);
    const auto wire = rig.connect();
    rig.ask(*wire, "Filecoin.ChainNotify");
    rig.outside.run_until([&] { return rig.devnet->status().event >= 300; });
    rig.devnet->pause();
    rig.advance(std::chrono::seconds(5));
    EXPECT_GE(rig.devnet->status().event, 300U);
    EXPECT_FALSE(wire->channel_closed(1));
    chain::TipsetKey head;
    check_changes(wire->values(1), head);
    EXPECT_EQ(head, rig.devnet->status().head);
    const std::uint64_t paused_at = rig.devnet->status().event;
    wire->socket->close();
    rig.advance(std::chrono::seconds(10));
    rig.devnet->resume();
    rig.advance(std::chrono::hours(1));
    EXPECT_EQ(rig.devnet->status().event, paused_at);
}

TEST(DevnetExport, StreamsACarInPartsAndEndsWithAnEmptyOne) {
    GeneratedChain::Options chain = small_chain_options();
    chain.chain.state_bytes = 3 * MiB;
    DevnetRig rig({}, 30, std::move(GeneratedChain::make(chain).value()));
    const auto wire = rig.connect();
    const Json answer = rig.ask(*wire, "Filecoin.ChainExport", Json::array({10, true, nullptr}));
    ASSERT_EQ(answer["result"], 1) << answer.dump();
    ASSERT_TRUE(rig.outside.run_until([&] { return wire->channel_closed(1); }));
    const std::vector<Json> values = wire->values(1);
    ASSERT_GE(values.size(), 4U);
    EXPECT_EQ(values.back(), "");
    Bytes car;
    for (std::size_t i = 0; i + 1 < values.size(); ++i) {
        const Bytes part = from_base64(values[i].get<std::string>()).value();
        EXPECT_FALSE(part.empty());
        EXPECT_LE(part.size(), MiB);
        car.insert(car.end(), part.begin(), part.end());
    }
    const auto again = std::move(GeneratedChain::make(chain).value());
    for (int event = 0; event <= 30; ++event) ASSERT_TRUE(again->step().ok());
    const auto* top = again->tipset(rig.devnet->status().head).value();
    CarWalk walk(*again, *top, 10, true);
    EXPECT_TRUE(walk.next(GiB).value() == car);
}

TEST(DevnetExport, OfAnotherTipsetThanTheHeadAndWithWrongParameters) {
    DevnetRig rig;
    const auto wire = rig.connect();
    const Json genesis = rig.result("Filecoin.ChainGetGenesis")["Cids"];
    EXPECT_EQ(rig.ask(*wire, "Filecoin.ChainExport", Json::array({1, true, genesis}))["result"], 1);
    ASSERT_TRUE(rig.outside.run_until([&] { return wire->channel_closed(1); }));
    EXPECT_EQ(wire->values(1).back(), "");
    EXPECT_EQ(rig.ask(*wire, "Filecoin.ChainExport", Json::array({1, true}))["error"]["code"], -32602);
    EXPECT_EQ(rig.ask(*wire, "Filecoin.ChainExport", Json::array({1, 1, nullptr}))["error"]["code"], -32700);
    EXPECT_EQ(rig.ask(*wire, "Filecoin.ChainExport", Json::array({"1", true, nullptr}))["error"]["code"], -32700);
    const Json nowhere = json_of(ipld::cid_of_block(ipld::Codec::dag_cbor, {}));
    EXPECT_EQ(rig.ask(*wire, "Filecoin.ChainExport", Json::array({1, true, {nowhere}}))["error"]["code"], 1);
}

TEST(DevnetExport, OneThatBreaksOffHasNoEmptyPart) {
    GeneratedChain::Options chain = small_chain_options(11);
    chain.retention = GeneratedChain::least_retention;
    DevnetRig rig({}, 400, std::move(GeneratedChain::make(chain).value()));
    const auto wire = rig.connect();
    // States of more epochs than the node has kept.
    EXPECT_EQ(rig.ask(*wire, "Filecoin.ChainExport", Json::array({2000, true, nullptr}))["result"], 1);
    ASSERT_TRUE(rig.outside.run_until([&] { return wire->channel_closed(1); }));
    for (const Json& value : wire->values(1)) EXPECT_NE(value, "");
    EXPECT_TRUE(rig.outside.log.has("export broke off", LogLevel::warning));
    EXPECT_EQ(rig.ask(*wire, "Filecoin.ChainExport", Json::array({50, true, nullptr}))["result"], 2);
    ASSERT_TRUE(rig.outside.run_until([&] { return wire->channel_closed(2); }));
    EXPECT_EQ(wire->values(2).back(), "");
}

}    // namespace
}    // namespace filfil::node
