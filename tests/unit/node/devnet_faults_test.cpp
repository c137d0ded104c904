// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "base/base64.hpp"
#include "devnet_rig.hpp"

#include <map>

namespace filfil::node {
namespace {

DevnetOptions with(Fault fault, double rate, Flavour flavour = Flavour::lotus) {
    DevnetOptions options;
    options.flavour = flavour;
    options.faults.set(fault, rate);
    return options;
}

/// The tree of one tipset's blocks, as a client would ask for them: the headers of the head, again and again.
std::vector<Json> head_links(DevnetRig& rig) {
    std::vector<Json> out;
    for (const ipld::Cid& cid : rig.devnet->status().head) out.push_back(json_of(cid));
    for (const ipld::Cid& cid : rig.devnet->status().genesis) out.push_back(json_of(cid));
    return out;
}

TEST(DevnetFaults, ABlockIsMissingOnceAndThenThere) {
    for (const Flavour flavour : {Flavour::lotus, Flavour::forest}) {
        DevnetRig rig(with(Fault::missing_once, 1, flavour));
        for (const Json& link : head_links(rig)) {
            const Json first = rig.call("Filecoin.ChainReadObj", Json::array({link}));
            EXPECT_NE(first["error"]["message"].get<std::string>().find(cid_text(link)), std::string::npos);
            EXPECT_TRUE(rig.call("Filecoin.ChainReadObj", Json::array({link})).contains("result"));
            EXPECT_TRUE(rig.call("Filecoin.ChainReadObj", Json::array({link})).contains("result"));
        }
    }
}

TEST(DevnetFaults, ByAndByABlockComesWithTheRightBytes) {
    DevnetRig rig(with(Fault::wrong_bytes, 1));
    const Json link = head_links(rig).front();
    const ipld::Cid cid = ipld::Cid::parse(cid_text(link)).value();
    unsigned wrong = 0;
    for (unsigned i = 0; i <= Faults::in_a_row; ++i) {
        const Bytes data =
            from_base64(rig.result("Filecoin.ChainReadObj", Json::array({link})).get<std::string>()).value();
        wrong += ipld::cid_of_block(ipld::Codec::dag_cbor, data) != cid ? 1 : 0;
    }
    EXPECT_EQ(wrong, Faults::in_a_row);
}

TEST(DevnetFaults, ADropBreaksTheConnectionInPlaceOfTheAnswer) {
    DevnetRig rig(with(Fault::drop, 1));
    const auto wire = rig.connect();
    EXPECT_TRUE(rig.ask(*wire, "Filecoin.ChainHead").is_null());
    EXPECT_TRUE(wire->closed.has_value());
    EXPECT_FALSE(rig.post(R"({"jsonrpc":"2.0","id":1,"method":"Filecoin.ChainHead"})").ok());
    for (int tries = 0; tries < 8; ++tries)
        if (rig.ask(*rig.connect(), "Filecoin.ChainHead").contains("result")) return;
    FAIL() << "no connection held";
}

TEST(DevnetFaults, ADropEndsSubscriptionsAtAHeadChange) {
    DevnetRig rig({});
    const auto wire = rig.connect();
    rig.ask(*wire, "Filecoin.ChainNotify");
    rig.devnet->set_fault(Fault::drop, 1);
    EXPECT_TRUE(rig.devnet->step().value());
    rig.advance(std::chrono::seconds(10));
    EXPECT_TRUE(wire->closed.has_value());
    EXPECT_EQ(wire->values(1).size(), 1U);
    EXPECT_EQ(rig.devnet->subscribers(), 0U);
}

TEST(DevnetFaults, AChannelIsClosedAndTheConnectionIsNot) {
    DevnetRig rig({});
    const auto wire = rig.connect();
    rig.ask(*wire, "Filecoin.ChainNotify");
    rig.devnet->set_fault(Fault::channel_close, 1);
    EXPECT_TRUE(rig.devnet->step().value());
    rig.advance(std::chrono::seconds(1));
    EXPECT_TRUE(wire->channel_closed(1));
    EXPECT_EQ(rig.ask(*wire, "Filecoin.ChainNotify")["result"], 2);
}

TEST(DevnetFaults, SlowAnswersComeLateAndInAnotherOrder) {
    DevnetRig rig(with(Fault::slow, 0.5));
    const auto wire = rig.connect();
    for (int i = 0; i < 100; ++i)
        wire->socket->send(
            Json{{"jsonrpc", "2.0"}, {"id", i}, {"method", "Filecoin.Version"}, {"params", Json::array()}}.dump());
    rig.advance(std::chrono::milliseconds(1));
    EXPECT_LT(wire->messages.size(), 80U);
    rig.advance(std::chrono::seconds(3));
    ASSERT_EQ(wire->messages.size(), 100U);
    std::vector<int> order;
    for (const Json& answer : wire->all()) order.push_back(answer["id"].get<int>());
    EXPECT_FALSE(std::ranges::is_sorted(order));
}

TEST(DevnetFaults, ASlowChannelStillTellsItsNumberFirst) {
    DevnetRig rig(with(Fault::slow, 1));
    const auto wire = rig.connect();
    wire->socket->send(R"({"jsonrpc":"2.0","id":1,"method":"Filecoin.ChainNotify","params":[]})");
    rig.advance(std::chrono::microseconds(10));
    EXPECT_TRUE(wire->messages.empty());
    EXPECT_TRUE(rig.devnet->step().value());
    rig.advance(std::chrono::seconds(3));
    ASSERT_EQ(wire->messages.size(), 3U);
    EXPECT_EQ(wire->all().front()["result"], 1);
    EXPECT_EQ(wire->values(1).front()[0]["Type"], "current");
}

TEST(DevnetFaults, AStalledCallNeverEndsAndOthersDo) {
    DevnetRig rig(with(Fault::stall, 1));
    const auto wire = rig.connect();
    for (int i = 0; i <= static_cast<int>(Faults::in_a_row); ++i)
        wire->socket->send(
            Json{{"jsonrpc", "2.0"}, {"id", i}, {"method", "Filecoin.Version"}, {"params", Json::array()}}.dump());
    rig.advance(std::chrono::minutes(5));
    EXPECT_EQ(wire->messages.size(), 1U);
    EXPECT_FALSE(wire->closed.has_value());
}

TEST(DevnetFaults, AnErrorOfTheNodeIsAnAnswerToo) {
    DevnetRig rig(with(Fault::error, 1));
    const Json answer = rig.call("Filecoin.ChainHead");
    EXPECT_EQ(answer["error"]["code"], 1);
    // A method that is not there is so with every node.
    EXPECT_EQ(rig.call("Filecoin.Nothing")["error"]["code"], -32601);
}

TEST(DevnetFaults, ALostHeadChangeIsLostForOneWhoListens) {
    DevnetRig rig({});
    const auto wire = rig.connect();
    rig.ask(*wire, "Filecoin.ChainNotify");
    rig.devnet->set_fault(Fault::lost_event, 1);
    EXPECT_TRUE(rig.devnet->step().value());
    rig.devnet->set_fault(Fault::lost_event, 0);
    EXPECT_TRUE(rig.devnet->step().value());
    rig.advance(std::chrono::seconds(1));
    EXPECT_EQ(wire->values(1).size(), 2U);
}

TEST(DevnetFaults, AHeadChangeComesTwice) {
    DevnetRig rig({});
    const auto wire = rig.connect();
    rig.ask(*wire, "Filecoin.ChainNotify");
    rig.devnet->set_fault(Fault::repeat_event, 1);
    EXPECT_TRUE(rig.devnet->step().value());
    rig.advance(std::chrono::seconds(1));
    const auto values = wire->values(1);
    ASSERT_EQ(values.size(), 3U);
    EXPECT_EQ(values[1], values[2]);
}

TEST(DevnetFaults, GarbageIsOfManyKindsAndEndsNothing) {
    DevnetOptions options = with(Fault::garbage, 0.9);
    DevnetRig rig(options);
    const auto wire = rig.connect();
    std::map<std::string, int> kinds;
    for (int i = 0; i < 200; ++i) {
        wire->messages.clear();
        wire->socket->send(
            Json{{"jsonrpc", "2.0"}, {"id", i}, {"method", "Filecoin.ChainHead"}, {"params", Json::array()}}.dump());
        rig.advance(std::chrono::seconds(1));
        ASSERT_EQ(wire->messages.size(), 1U);
        const std::string& text = wire->messages.front();
        const auto json = rpc::parse_json(text);
        if (text.size() > 2 * MiB)
            ++kinds["huge"];
        else if (!json.ok())
            ++kinds[name_of(json.error().code) == "too_large" ? "deep" : "no JSON"];
        else if (json->is_object() && json->contains("id") && (*json)["id"] != i)
            ++kinds["of nobody"];
        else if (json->is_object() && json->contains("result") && !parse_tipset((*json)["result"]).ok())
            ++kinds["another type"];
        else
            ++kinds["right"];
    }
    EXPECT_EQ(kinds.size(), 6U);
    for (const auto& [kind, count] : kinds) EXPECT_GT(count, 3) << kind;
}

TEST(DevnetFaults, AReorgGoesBackAndComesAgainAndChangesNoEvent) {
    DevnetOptions options = with(Fault::reorg, 0.5);
    DevnetRig rig(options, 20);
    const auto wire = rig.connect();
    rig.ask(*wire, "Filecoin.ChainNotify");
    rig.devnet->start();
    rig.advance(std::chrono::seconds(200));
    rig.devnet->pause();
    rig.advance(std::chrono::seconds(5));
    const auto values = wire->values(1);
    const std::uint64_t events = rig.devnet->status().event - 20;
    EXPECT_GT(values.size(), events + 20) << "head changes beyond the chain's own";
    chain::TipsetKey head;
    bool went_down = false;
    for (const Json& value : values) {
        const auto changes = parse_head_changes(value);
        ASSERT_TRUE(changes.ok());
        for (const JsonHeadChange& change : *changes) {
            if (change.change.type == chain::HeadChange::Type::revert) EXPECT_EQ(change.change.key, head);
            if (change.change.type == chain::HeadChange::Type::apply) EXPECT_EQ(change.tipset->parents(), head);
            head = change.change.type == chain::HeadChange::Type::revert ? change.tipset->parents() : change.change.key;
        }
        went_down = went_down || changes->back().change.type == chain::HeadChange::Type::revert;
    }
    EXPECT_EQ(head, rig.devnet->status().head);
    EXPECT_TRUE(went_down);
    // Where the chain itself is after so many events.
    ASSERT_TRUE(rig.devnet->step().value());
    const auto chain = small_chain();
    chain::HeadChanges last;
    for (std::uint64_t event = 0; event <= rig.devnet->status().event; ++event) last = chain->step().value();
    EXPECT_EQ(rig.devnet->status().head, last.back().key);
}

TEST(DevnetFaults, UnderAllOfThemWhoTriesAgainGetsThrough) {
    DevnetOptions options;
    for (const Fault fault : all_faults) options.faults.set(fault, 0.2);
    DevnetRig rig(options);
    const std::vector<Json> links = head_links(rig);
    std::shared_ptr<Wire> wire = rig.connect();
    for (const Json& link : links) {
        bool read = false;
        for (int tries = 0; tries < 100 && !read; ++tries) {
            if (wire->closed) wire = rig.connect();
            const Json answer = rig.ask(*wire, "Filecoin.ChainReadObj", Json::array({link}));
            if (!answer.is_object() || !answer.contains("result") || !answer["result"].is_string()) continue;
            const auto data = from_base64(answer["result"].get<std::string>());
            read = data.ok() && ipld::cid_of_block(ipld::Codec::dag_cbor, *data).text() == cid_text(link);
        }
        EXPECT_TRUE(read) << link.dump();
    }
}

TEST(DevnetFaults, TheSameSeedDoesTheSameWrong) {
    const auto run = [](std::uint64_t seed) {
        DevnetOptions options;
        options.seed = seed;
        for (const Fault fault : {Fault::error, Fault::garbage, Fault::slow, Fault::stall})
            options.faults.set(fault, 0.3);
        options.huge_bytes = 1000;
        DevnetRig rig(options);
        const auto wire = rig.connect();
        for (int i = 0; i < 50; ++i)
            wire->socket->send(
                Json{{"jsonrpc", "2.0"}, {"id", i}, {"method", "Filecoin.Version"}, {"params", Json::array()}}.dump());
        rig.advance(std::chrono::minutes(1));
        return wire->messages;
    };
    EXPECT_EQ(run(1), run(1));
    EXPECT_NE(run(1), run(2));
}

}    // namespace
}    // namespace filfil::node
