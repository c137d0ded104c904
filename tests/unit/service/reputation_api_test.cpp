// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "office_rig.hpp"

#include "ipld/piece_cid.hpp"
#include "service/incentive/event_book.hpp"

namespace filfil::service {
namespace {

using incentive::Held;

constexpr std::uint32_t slot = 1U << 16;

/// A contract whose events are those that a test writes into the daemon's journal, and a node that has no more of them.
class ReputationApi : public OfficeRig {
protected:
    void SetUp() override {
        OfficeRig::SetUp();
        office->chain.lies = [before = office->chain.lies](const std::string& method, const Json& asked) {
            if (method == "eth_getLogs") return std::optional<incentive::FakeChain::Outcome>(Json::array());
            return before(method, asked);
        };
        calls::SlotInfo::Output info;
        info.epoch = 95;
        info.open = 100;
        info.closing = 10'100;
        info.pieces = 2;
        info.alternatives = 1;
        info.staged_at = 99;
        office->put<calls::SlotInfo>(info);
        calls::Piece::Output piece;
        piece.root[0] = std::byte{5};
        piece.raw_size = 1000;
        piece.log2_padded = 10;
        office->put<calls::Piece>(piece);
        office->put<calls::Latest>({.slots = {slot}});
        root = piece.root;
    }

    /// Until the daemon has read that there are no events, so that those of the test stay.
    void start_reading() {
        start();
        for (int i = 0; i < 30 && rig->ask("FilFil.ContractEvents")["caught_up"] != true; ++i)
            rig->clock.advance(std::chrono::seconds(1));
        ASSERT_EQ(rig->ask("FilFil.ContractEvents")["caught_up"], true) << rig->ask("FilFil.ContractEvents").dump();
        ASSERT_EQ(rig->journal.event_logs.size(), 1U);
    }

    void tell(const std::string& name, const Json& fields) {
        journal::EventRecord event{.block = 1, .index = m_index++, .name = name, .fields = rpc::write_json(fields)};
        if (fields.contains("slot")) event.slot = fields["slot"].get<std::uint64_t>();
        if (fields.contains("miner")) event.miner = fields["miner"].get<std::uint64_t>();
        const std::lock_guard lock(rig->journal.mutex);
        rig->journal.event_logs.begin()->second.events[{event.block, event.index}] = event;
    }
    void announce(const std::string& url) { tell("EndpointSet", {{"miner", FakeOffice::miner}, {"url", url}}); }

    Json done(const Json& answer) {
        const Json job = rig->job(answer);
        EXPECT_EQ(job["state"], "done") << job.dump(1);
        return job["result"];
    }

    std::array<std::byte, 32> root{};

private:
    std::uint64_t m_index = 1;
};

TEST_F(ReputationApi, HoldersAreToldWithPiecesEndpointsAndRates) {
    start_reading();
    announce("https://sp.example:5347#region=eu-west");
    tell("SlotCompleted", {{"slot", slot}, {"miner", FakeOffice::miner}});
    office->hold(0, Held::active, 7, epoch() - 10, epoch() + 1000);
    office->hold(1, Held::published, 0, epoch(), epoch() + 1000);
    const Json told = rig->ask("FilFil.Holders", {{"slot", slot}});
    EXPECT_EQ(told["slot"], slot);
    EXPECT_EQ(told["epoch"], 95);
    EXPECT_TRUE(told["next"].is_null());
    ASSERT_EQ(told["pieces"].size(), 2U) << told.dump(1);
    EXPECT_EQ(told["pieces"][1]["piece"], 1);
    EXPECT_EQ(told["pieces"][1]["piece_cid"], ipld::piece_cid_v1(root).text());
    EXPECT_EQ(told["pieces"][1]["piece_cid_v2"], ipld::piece_cid_v2(root, 1000, 1024)->text());
    EXPECT_EQ(told["pieces"][1]["payload_size"], 1000);
    EXPECT_EQ(told["pieces"][1]["padded_size"], 1024);
    EXPECT_EQ(told["alternative_pieces"].size(), 1U);
    EXPECT_EQ(told["alternative_pieces"][0]["piece"], 0);
    ASSERT_EQ(told["holders"].size(), 2U);
    const Json& holder = told["holders"][0];
    EXPECT_EQ(holder["miner"], "t01000");
    EXPECT_EQ(holder["endpoint"], "https://sp.example:5347");
    EXPECT_EQ(holder["region"], "eu-west");
    EXPECT_EQ(holder["success_rate"], 1.0);
    EXPECT_EQ(holder["alive"], true);
    EXPECT_TRUE(holder["sector_expiration"].is_null()) << "nobody asked for it";
    EXPECT_EQ(told["holders"][1]["alive"], false);
}

TEST_F(ReputationApi, HoldersAreFoundByTheEpochOfWhatIsStaged) {
    start_reading();
    office->hold(0, Held::active, 7, epoch() - 10, epoch() + 1000);
    EXPECT_EQ(rig->ask("FilFil.Holders", {{"epoch", 95}})["slot"], slot) << "among those staged last";
    const rpc::Answer missing = rig->call("FilFil.Holders", {{"epoch", 96}});
    ASSERT_TRUE(missing.error);
    EXPECT_NE(missing.error->message.find("no snapshot of epoch 96"), std::string::npos);
    // Of long ago, in the events alone.
    office->put<calls::Latest>({});
    EXPECT_TRUE(rig->call("FilFil.Holders", {{"epoch", 95}}).error);
    tell("SnapshotStaged", {{"slot", slot}, {"alternative", 0}, {"epoch", 95}});
    EXPECT_EQ(rig->ask("FilFil.Holders", {{"epoch", 95}})["slot"], slot);
}

TEST_F(ReputationApi, SectorsAreAskedForOnlyWhereThatIsWanted) {
    start_reading();
    office->hold(0, Held::active, 7, epoch() - 10, epoch() + 1000);
    office->hold(1, Held::active, 8, epoch() - 10, epoch() + 1000);
    office->sectors[7].expiration = epoch() + 5000;
    office->sectors[8].status = 2;
    const Json told = rig->ask("FilFil.Holders", {{"slot", slot}, {"sectors", true}})["holders"];
    ASSERT_EQ(told.size(), 2U);
    EXPECT_EQ(told[0]["sector_expiration"], epoch() + 5000);
    EXPECT_EQ(told[0]["sector_status"], "active");
    EXPECT_EQ(told[1]["sector_status"], "faulty");
    EXPECT_EQ(told[1]["alive"], false);
    const Json alive = rig->ask("FilFil.Holders", {{"slot", slot}, {"sectors", true}, {"alive", true}})["holders"];
    ASSERT_EQ(alive.size(), 1U);
    EXPECT_EQ(alive[0]["sector"], 7);
    const Json later = rig->ask("FilFil.Holders", {{"slot", slot}, {"min_expiration", epoch() + 4000}})["holders"];
    ASSERT_EQ(later.size(), 1U);
    EXPECT_EQ(later[0]["sector"], 7);
    // A node that cannot say hides nobody.
    office->knows_places = false;
    const Json dark = rig->ask("FilFil.Holders", {{"slot", slot}, {"sectors", true}});
    EXPECT_EQ(dark["holders"].size(), 2U);
    EXPECT_FALSE(dark["trouble"].is_null());
}

TEST_F(ReputationApi, HoldersAreFilteredByRateAndRegion) {
    start_reading();
    announce("https://sp.example#region=eu");
    tell("SlotCompleted", {{"slot", slot}, {"miner", FakeOffice::miner}});
    tell("Missed", {{"slot", slot + 1}, {"miner", FakeOffice::miner}, {"misses", 1}});
    office->hold(0, Held::active, 7, epoch() - 10, epoch() + 1000);
    const auto count = [&](Json wish) {
        wish["slot"] = slot;
        return rig->ask("FilFil.Holders", wish)["holders"].size();
    };
    EXPECT_EQ(count({{"min_success_rate", 0.5}}), 1U);
    EXPECT_EQ(count({{"min_success_rate", 0.6}}), 0U);
    EXPECT_EQ(count({{"region", "eu"}}), 1U);
    EXPECT_EQ(count({{"region", "us"}}), 0U);
    EXPECT_EQ(count({{"alive", true}, {"region", "eu"}}), 1U);
}

TEST_F(ReputationApi, WhatIsAskedWronglyIsRefusedBeforeAnythingElse) {
    rig->config.incentive.contract = "";
    ASSERT_FALSE(rig->start());
    for (const Json& wrong :
         {Json::object(), Json{{"slot", 1}, {"epoch", 2}}, Json{{"slot", -1}}, Json{{"slot", 1}, {"region", "a b"}},
          Json{{"slot", 1}, {"min_success_rate", 2}}, Json{{"slot", 1}, {"limit", 0}}}) {
        const rpc::Answer answer = rig->call("FilFil.Holders", wrong);
        ASSERT_TRUE(answer.error) << wrong.dump();
        EXPECT_NE(answer.error->data->dump().find("invalid_argument"), std::string::npos) << answer.error->data->dump();
    }
    for (const Json& wrong : {Json::object(), Json{{"url", "sp.example"}}, Json{{"url", "https://sp"}, {"region", "ü"}},
                              Json{{"url", "https://sp"}, {"miner", "x"}}}) {
        const rpc::Answer answer = rig->call("FilFil.SetEndpoint", wrong);
        ASSERT_TRUE(answer.error) << wrong.dump();
        EXPECT_NE(answer.error->data->dump().find("invalid_argument"), std::string::npos) << answer.error->data->dump();
    }
    for (const std::string method : {"FilFil.Reputation", "FilFil.Endpoints", "FilFil.TestRetrieval"}) {
        const rpc::Answer answer = rig->call(method, {{"miner", "nobody"}});
        ASSERT_TRUE(answer.error) << method;
        EXPECT_NE(answer.error->message.find("miner"), std::string::npos);
    }
}

TEST_F(ReputationApi, AReputationIsReckonedFromTheEvents) {
    start_reading();
    tell("Registered", {{"miner", FakeOffice::miner}, {"firstRound", 1}, {"position", 0}, {"bond", "5"}});
    tell("SnapshotStaged", {{"slot", slot}, {"alternative", 0}, {"epoch", 95}});
    tell("PieceActivated", {{"slot", slot},
                            {"piece", 0},
                            {"miner", FakeOffice::miner},
                            {"sector", 7},
                            {"until", 1'000'000},
                            {"upfront", "10"}});
    tell("SlotCompleted", {{"slot", slot}, {"miner", FakeOffice::miner}});
    tell("Registered", {{"miner", 2000}, {"firstRound", 1}, {"position", 1}, {"bond", "5"}});
    const Json all = rig->ask("FilFil.Reputation");
    EXPECT_EQ(all["caught_up"], true);
    ASSERT_EQ(all["providers"].size(), 2U) << all.dump(1);
    const Json& own = all["providers"][0];
    EXPECT_EQ(own["miner"], "t01000");
    EXPECT_EQ(own["standing"], "active");
    EXPECT_EQ(own["windows"], 1);
    EXPECT_EQ(own["success_rate"], 1.0);
    EXPECT_EQ(own["median_epochs"], 0);
    EXPECT_EQ(own["median_seconds"], 0);
    EXPECT_EQ(own["live_replicas"], 1);
    EXPECT_EQ(own["earned"], "10");
    EXPECT_TRUE(own["endpoint"].is_null());
    const Json other = rig->ask("FilFil.Reputation", {{"miner", "t02000"}})["providers"];
    ASSERT_EQ(other.size(), 1U);
    EXPECT_TRUE(other[0]["success_rate"].is_null());
    EXPECT_EQ(rig->ask("FilFil.Reputation", {{"miner", "t03000"}})["providers"], Json::array());
}

TEST_F(ReputationApi, AnEndpointIsAnnouncedOnce) {
    start_reading();
    const Json tried = done(
        rig->ask("FilFil.SetEndpoint", {{"url", "https://sp.example:5347/"}, {"region", "eu"}, {"dry_run", true}}));
    EXPECT_EQ(tried["url"], "https://sp.example:5347#region=eu");
    EXPECT_GT(tried["gas"].get<std::uint64_t>(), 0U);
    EXPECT_TRUE(office->chain.effects().empty());
    const Json wish = {{"url", "https://sp.example:5347"}, {"region", "eu"}};
    const Json first = rig->ask("FilFil.SetEndpoint", wish);
    const Json second = rig->ask("FilFil.SetEndpoint", wish);
    const Json sent = done(first);
    EXPECT_EQ(sent["already_so"], false);
    EXPECT_EQ(sent["miner"], "t01000");
    EXPECT_FALSE(sent["hash"].is_null());
    EXPECT_EQ(done(second)["hash"], sent["hash"]);
    EXPECT_EQ(office->effects<calls::SetEndpoint>(), 1U);
}

TEST_F(ReputationApi, WhatIsAnnouncedAlreadyIsNotSentAgain) {
    start_reading();
    announce("https://old.example");
    announce("https://sp.example#region=eu");
    const Json shown = rig->ask("FilFil.Endpoints")["endpoints"];
    ASSERT_EQ(shown.size(), 1U);
    EXPECT_EQ(shown[0]["url"], "https://sp.example#region=eu");
    EXPECT_EQ(shown[0]["endpoint"], "https://sp.example");
    EXPECT_EQ(shown[0]["region"], "eu");
    EXPECT_EQ(done(rig->ask("FilFil.SetEndpoint", {{"url", "https://sp.example#region=eu"}}))["already_so"], true);
    EXPECT_TRUE(office->chain.effects().empty());
}

TEST_F(ReputationApi, WithoutAnnouncementThereIsNoEndpoint) {
    start_reading();
    const Json shown = rig->ask("FilFil.Endpoints")["endpoints"];
    ASSERT_EQ(shown.size(), 1U);
    EXPECT_EQ(shown[0]["miner"], "t01000");
    EXPECT_TRUE(shown[0]["url"].is_null());
    EXPECT_TRUE(shown[0]["endpoint"].is_null());
}

TEST_F(ReputationApi, WhatIsHeldAndNowhereAnnouncedFailsTheTest) {
    start_reading();
    office->hold(0, Held::active, 7, epoch() - 10, epoch() + 1000);
    office->hold(1, Held::published, 0, epoch(), epoch() + 1000);

    const Json silent = done(rig->ask("FilFil.TestRetrieval"));
    EXPECT_EQ(silent["tested"], 1) << "what is in no sector is not tested: " << silent.dump(1);
    EXPECT_EQ(silent["failed"], 1);
    EXPECT_EQ(silent["pieces"][0]["why"], "no endpoint is announced");
}

TEST_F(ReputationApi, ATestedPieceIsComparedByteByByte) {
    start_reading();
    announce("http://127.0.0.1:5347#region=here");
    const Json taken = rig->take(Json::object())["result"];
    const Json& piece = taken["pieces"][0];
    const auto info = ipld::read_piece_cid(*ipld::Cid::parse(piece["piece_cid"].get<std::string>()));
    calls::Piece::Output staged;
    std::ranges::copy(info->root, staged.root.begin());
    staged.raw_size = piece["payload_size"];
    for (std::uint64_t size = piece["padded_size"]; size > 1; size /= 2) ++staged.log2_padded;
    office->put<calls::Piece>(staged);
    office->hold(0, Held::active, 7, epoch() - 10, epoch() + 1000);
    const Json tested = done(rig->ask("FilFil.TestRetrieval"));
    ASSERT_EQ(tested["tested"], 1);
    EXPECT_EQ(tested["failed"], 0) << tested.dump(1);
    EXPECT_EQ(tested["pieces"][0]["ok"], true);
    EXPECT_EQ(tested["pieces"][0]["compared"], true);
    EXPECT_EQ(tested["pieces"][0]["endpoint"], "http://127.0.0.1:5347");
    // Another piece than the one that is served there.
    staged.root[0] ^= std::byte{1};
    office->put<calls::Piece>(staged);
    const Json other = done(rig->ask("FilFil.TestRetrieval"));
    EXPECT_EQ(other["failed"], 1);
    EXPECT_EQ(other["pieces"][0]["why"], "it does not have the piece: 404");
}

}    // namespace
}    // namespace filfil::service
