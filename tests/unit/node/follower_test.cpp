// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "follower_rig.hpp"

namespace filfil::node {
namespace {

using namespace std::chrono_literals;

std::shared_ptr<const RecordedChain> chain_of(std::uint64_t seed, std::uint64_t tipsets = 60) {
    return std::make_shared<const RecordedChain>(record(small_chain(seed, tipsets)));
}

FollowerOptions from_node(const std::vector<NodeAddress>& nodes) {
    FollowerOptions out;
    out.nodes = nodes;
    out.bootstrap_from_node = true;
    return out;
}

TEST(Follower, TakesTheFirstChainBlockByBlockAndFollowsItToItsEnd) {
    Outside outside;
    const auto chain = chain_of(1);
    TestNode node(outside, chain, 1, {}, 5);
    TestFollower follower(outside, from_node({node.address}));
    node.devnet->start();
    ASSERT_TRUE(follower.reaches(*node.devnet)) << follower.status().why;
    follower.expect_right(chain->blocks);
    EXPECT_EQ(follower.status().lag, 0);
    EXPECT_EQ(follower.status().wrong_answers, 0U);
    EXPECT_EQ(follower.status().connects, 1U);
    EXPECT_GT(follower.status().reverted, 0U);
    EXPECT_EQ(follower.status().synced, chain->last().epoch);
    EXPECT_TRUE(follower.status().finalized.has_value());
}

TEST(Follower, TakesTheFirstChainFromAnExportWhereTheNodeStreamsOne) {
    Outside outside;
    const auto chain = chain_of(2);
    TestNode node(outside, chain, 1, {}, 30);
    FollowerOptions options = from_node({node.address});
    options.export_path = "data/bootstrap.car";
    TestFollower follower(outside, options);
    node.devnet->start();
    ASSERT_TRUE(follower.reaches(*node.devnet)) << follower.status().why;
    follower.expect_right(chain->blocks);
    EXPECT_FALSE(outside.files.has("data/bootstrap.car"));
    EXPECT_FALSE(outside.files.has("data/bootstrap.car.part"));
}

TEST(Follower, ReadsBlockByBlockWhereTheNodeStreamsNoExport) {
    Outside outside;
    const auto chain = chain_of(3);
    DevnetOptions forest;
    forest.flavour = Flavour::forest;
    TestNode node(outside, chain, 1, forest, 10);
    FollowerOptions options = from_node({node.address});
    options.export_path = "data/bootstrap.car";
    TestFollower follower(outside, options);
    node.devnet->start();
    ASSERT_TRUE(follower.reaches(*node.devnet)) << follower.status().why;
    follower.expect_right(chain->blocks);
}

/// Counts the paths that a node is asked for; everything takes `delay` to come.
class Paths {
public:
    explicit Paths(Outside& outside, Clock::Duration delay = {}) {
        outside.network.set_hook([this, delay](const Delivery& delivery) {
            asked += delivery.to_server && delivery.text.find("ChainGetPath") != std::string::npos ? 1 : 0;
            return Fate{.delay = delay};
        });
    }
    int asked = 0;
};

TEST(Follower, ReplaysWhatItWasToldDuringTheFirstChain) {
    Outside outside;
    const auto chain = chain_of(21);
    TestNode node(outside, chain, 1, {}, 5);
    Paths paths(outside, 200ms);
    TestFollower follower(outside, from_node({node.address}));
    ASSERT_TRUE(outside.run_until([&] { return follower.status().blocks_read > 20; }));
    for (int i = 0; i < 6; ++i) {
        ASSERT_TRUE(node.devnet->step().ok());
        outside.advance(10ms);
    }
    ASSERT_EQ(follower.status().state, SyncState::bootstrapping);
    EXPECT_EQ(follower.status().lag, follower.status().node_head.value);
    ASSERT_TRUE(follower.in_state(SyncState::synced));
    EXPECT_EQ(follower.engine->engine().stats().head, node.devnet->status().head);
    EXPECT_EQ(paths.asked, 0);
    follower.expect_right(chain->blocks);
}

TEST(Follower, AsksForThePathWhereAHeadChangeIsMissing) {
    Outside outside;
    const auto chain = chain_of(22);
    DevnetOptions options;
    options.faults.set(Fault::lost_event, 0.3);
    TestNode node(outside, chain, 1, options, 5);
    Paths paths(outside);
    TestFollower follower(outside, from_node({node.address}));
    node.devnet->start();
    ASSERT_TRUE(follower.reaches(*node.devnet)) << follower.status().why;
    EXPECT_GT(paths.asked, 0);
    // What does not lead on is never given to the engine, so nothing is lost by it.
    EXPECT_EQ(follower.status().connects, 1U);
    follower.expect_right(chain->blocks);
}

struct FaultCase {
    Fault fault;
    double rate;
};

class EachFault : public testing::TestWithParam<FaultCase> {};

TEST_P(EachFault, ChangesNothingOfWhatIsFollowedInTheEnd) {
    for (const Flavour flavour : {Flavour::lotus, Flavour::forest}) {
        SCOPED_TRACE(flavour == Flavour::lotus ? "lotus" : "forest");
        Outside outside(7);
        const auto chain = chain_of(4, 40);
        DevnetOptions options;
        options.flavour = flavour;
        options.faults.set(GetParam().fault, GetParam().rate);
        options.seed = 11;
        TestNode node(outside, chain, 1, options, 3);
        FollowerOptions following = from_node({node.address});
        following.export_path = "data/bootstrap.car";
        TestFollower follower(outside, following);
        node.devnet->start();
        ASSERT_TRUE(follower.reaches(*node.devnet, 24h))
            << name_of(follower.status().state) << ": " << follower.status().why << " at "
            << follower.status().synced.value;
        follower.expect_right(chain->blocks);
    }
}

INSTANTIATE_TEST_SUITE_P(Faults, EachFault,
                         testing::Values(FaultCase{Fault::drop, 0.01}, FaultCase{Fault::channel_close, 0.2},
                                         FaultCase{Fault::missing_once, 0.1}, FaultCase{Fault::slow, 0.2},
                                         FaultCase{Fault::stall, 0.01}, FaultCase{Fault::wrong_bytes, 0.05},
                                         FaultCase{Fault::error, 0.05}, FaultCase{Fault::reorg, 0.3},
                                         FaultCase{Fault::lost_event, 0.3}, FaultCase{Fault::repeat_event, 0.3},
                                         FaultCase{Fault::garbage, 0.005}),
                         [](const auto& info) {
                             std::string name(name_of(info.param.fault));
                             std::ranges::replace(name, '-', '_');
                             return name;
                         });

TEST(Follower, GetsThereWithAllFaultsAtOnce) {
    for (std::uint64_t seed = 1; seed <= 4; ++seed) {
        SCOPED_TRACE(seed);
        Outside outside(seed);
        const auto chain = chain_of(20 + seed, 30);
        DevnetOptions options;
        options.seed = seed;
        for (const Fault fault : all_faults) options.faults.set(fault, 0.01);
        TestNode one(outside, chain, 1, options, 3);
        TestNode two(outside, chain, 2, options, 3);
        TestFollower follower(outside, from_node({one.address, two.address}));
        one.devnet->start();
        two.devnet->start();
        ASSERT_TRUE(outside.run_until(
            [&] {
                return one.devnet->status().ended && two.devnet->status().ended &&
                       follower.status().state == SyncState::synced &&
                       follower.engine->engine().stats().head == one.devnet->status().head;
            },
            24h))
            << name_of(follower.status().state) << ": " << follower.status().why;
        follower.expect_right(chain->blocks);
    }
}

TEST(Follower, FollowsTheNextNodeWhereOneIsLost) {
    Outside outside;
    const auto chain = chain_of(5);
    auto first = std::make_unique<TestNode>(outside, chain, 1, DevnetOptions{}, 5);
    TestNode second(outside, chain, 2, {}, 5);
    TestFollower follower(outside, from_node({first->address, second.address}));
    first->devnet->start();
    second.devnet->start();
    ASSERT_TRUE(outside.run_until([&] { return follower.status().tipsets > 10; }));
    EXPECT_EQ(follower.status().node, "ws://node:1/rpc/v1");
    first.reset();
    ASSERT_TRUE(follower.reaches(*second.devnet)) << follower.status().why;
    EXPECT_EQ(follower.status().node, "ws://node:2/rpc/v1");
    follower.expect_right(chain->blocks);
}

/// A node that stands still long before the end of the chain: on what became of it, or on a fork that lost.
std::unique_ptr<TestNode> node_behind(Outside& outside, const std::shared_ptr<const RecordedChain>& chain, bool fork) {
    std::set<chain::TipsetKey> lost;
    for (const chain::HeadChanges& changes : chain->events)
        for (const chain::HeadChange& change : changes) {
            if (change.type == chain::HeadChange::Type::revert)
                lost.insert(change.key);
            else
                lost.erase(change.key);
        }
    for (std::uint64_t events = 8; events + 35 < chain->events.size(); ++events) {
        auto node = std::make_unique<TestNode>(outside, chain, static_cast<std::uint16_t>(100 + events),
                                               DevnetOptions{}, events);
        if (lost.contains(node->devnet->status().head) == fork) return node;
    }
    return nullptr;
}

TEST(Follower, DoesNotTakeBackWhatIsFinalForANodeOnAForkThatLost) {
    Outside outside;
    const auto chain = chain_of(5, 90);
    auto first = std::make_unique<TestNode>(outside, chain, 1, DevnetOptions{}, 1000);
    const auto second = node_behind(outside, chain, true);
    ASSERT_NE(second, nullptr);
    const NodeAddress address = first->address;
    TestFollower follower(outside, from_node({address, second->address}));
    ASSERT_TRUE(follower.in_state(SyncState::synced));
    ASSERT_TRUE(outside.run_until([&] { return follower.status().finalized.has_value(); }));
    ASSERT_GT(*follower.status().finalized, second->devnet->status().epoch);
    const chain::TipsetKey head = follower.engine->engine().stats().head;
    first.reset();
    ASSERT_TRUE(outside.run_until(
        [&] { return follower.status().why.find("parts from this one") != std::string::npos; }, 10min))
        << follower.status().why;
    EXPECT_EQ(follower.engine->engine().stats().head, head);
    EXPECT_EQ(follower.status().reverted, 0U);
    EXPECT_FALSE(follower.status().remedy.empty());
    outside.advance(10min);
    EXPECT_EQ(follower.engine->engine().stats().head, head);
    // As soon as that node has found its way it is followed.
    second->devnet->start();
    ASSERT_TRUE(follower.reaches(*second->devnet)) << follower.status().why;
    EXPECT_EQ(follower.status().node, text_of(second->address.url));
    follower.expect_right(chain->blocks);
}

TEST(Follower, StaysWhereItIsWhileANodeIsBehindWhatIsFinal) {
    Outside outside;
    const auto chain = chain_of(5, 90);
    auto first = std::make_unique<TestNode>(outside, chain, 1, DevnetOptions{}, 1000);
    const auto second = node_behind(outside, chain, false);
    ASSERT_NE(second, nullptr);
    TestFollower follower(outside, from_node({first->address, second->address}));
    ASSERT_TRUE(follower.in_state(SyncState::synced));
    ASSERT_TRUE(outside.run_until([&] { return follower.status().finalized.has_value(); }));
    ASSERT_GT(*follower.status().finalized, second->devnet->status().epoch);
    const chain::TipsetKey head = follower.engine->engine().stats().head;
    first.reset();
    ASSERT_TRUE(outside.run_until([&] { return follower.status().node == text_of(second->address.url); }, 10min));
    outside.advance(10min);
    EXPECT_EQ(follower.engine->engine().stats().head, head);
    EXPECT_EQ(follower.status().reverted, 0U);
    EXPECT_EQ(follower.status().connects, 2U);
    second->devnet->start();
    ASSERT_TRUE(follower.reaches(*second->devnet)) << follower.status().why;
    follower.expect_right(chain->blocks);
}

TEST(Follower, SaysWhenNoNodeAnswersAndGoesOnWhenOneDoes) {
    Outside outside;
    const auto chain = chain_of(6);
    FollowerOptions options = from_node({{*parse_url("ws://node:1/rpc/v1"), ""}});
    TestFollower follower(outside, options);
    ASSERT_TRUE(follower.in_state(SyncState::node_lost));
    EXPECT_NE(follower.status().why.find("ws://node:1/rpc/v1"), std::string::npos);
    outside.advance(10min);
    TestNode node(outside, chain, 1, {}, 5);
    node.devnet->start();
    ASSERT_TRUE(follower.reaches(*node.devnet)) << follower.status().why;
    follower.expect_right(chain->blocks);
}

TEST(Follower, RefusesANodeOfAnotherNetwork) {
    Outside outside;
    TestNode node(outside, chain_of(7), 1, {}, 5);
    FollowerOptions options = from_node({node.address});
    options.network = *find_profile("calibnet");
    TestFollower follower(outside, options);
    ASSERT_TRUE(follower.in_state(SyncState::failed));
    EXPECT_NE(follower.status().why.find("calibrationnet"), std::string::npos) << follower.status().why;
    EXPECT_FALSE(follower.status().remedy.empty());
    EXPECT_TRUE(follower.engine->engine().stats().head.empty());
}

TEST(Follower, RefusesANodeWhoseGenesisIsAnotherThanThatOfTheChainHere) {
    Outside outside;
    const auto chain = chain_of(8);
    {
        TestNode node(outside, chain, 1, {}, 5);
        TestFollower follower(outside, from_node({node.address}));
        ASSERT_TRUE(follower.in_state(SyncState::synced));
    }
    const auto other = chain_of(9);
    TestNode stranger(outside, other, 2, {}, 10);
    TestFollower follower(outside, from_node({stranger.address}));
    ASSERT_TRUE(follower.in_state(SyncState::failed));
    EXPECT_NE(follower.status().why.find(other->events.front().front().key.front().text()), std::string::npos)
        << follower.status().why;
    // One of the right network is taken as soon as there is one.
    outside.advance(1min);
    follower.stop();
    TestNode right(outside, chain, 3, {}, 20);
    TestFollower again(outside, from_node({stranger.address, right.address}));
    right.devnet->start();
    ASSERT_TRUE(again.reaches(*right.devnet)) << again.status().why;
    again.expect_right(chain->blocks);
}

TEST(Follower, CatchesUpAfterARestartFromWhatTheDiskHas) {
    Outside outside;
    const auto chain = chain_of(10, 80);
    TestNode node(outside, chain, 1, {}, 10);
    node.devnet->start();
    for (int round = 0; round < 4; ++round) {
        SCOPED_TRACE(round);
        TestFollower follower(outside, from_node({node.address}));
        const std::uint64_t before = follower.status().tipsets;
        ASSERT_TRUE(
            outside.run_until([&] { return follower.status().tipsets >= before + 8 || node.devnet->status().ended; }));
        follower.stop();
        outside.advance(20s);
    }
    TestFollower follower(outside, from_node({node.address}));
    ASSERT_TRUE(follower.reaches(*node.devnet)) << follower.status().why;
    follower.expect_right(chain->blocks);
}

class DescendingFollower : public ::testing::TestWithParam<Fault> {};

TEST_P(DescendingFollower, ReadsHeadersWhereTheNodeDoesNotKnowTheHeadHere) {
    // Two chains that part: the node of the second never saw what the first one had on top.
    Outside outside;
    const auto chain = chain_of(11, 60);
    const auto is = [](chain::HeadChange::Type type) {
        return [type](const chain::HeadChange& change) { return change.type == type; };
    };
    using Type = chain::HeadChange::Type;
    std::size_t cut = 0;
    for (std::size_t i = 20; i < chain->events.size() && cut == 0; ++i) {
        const chain::HeadChanges& before = chain->events[i - 1];
        if (!std::ranges::all_of(before, is(Type::apply))) continue;
        if (std::ranges::count_if(chain->events[i], is(Type::revert)) == std::ssize(before)) cut = i;
    }
    ASSERT_GT(cut, 0U);
    {
        TestNode node(outside, chain, 1, {}, cut - 1);
        TestFollower follower(outside, from_node({node.address}));
        ASSERT_TRUE(follower.in_state(SyncState::synced));
    }
    // The other node has only what stands on its own branch.
    auto pruned = std::make_shared<RecordedChain>(*chain);
    for (const chain::HeadChange& change : chain->events[cut - 1])
        for (const ipld::Cid& cid : change.key) pruned->blocks.erase(cid);
    std::erase_if(pruned->events[cut], is(Type::revert));
    pruned->events.erase(pruned->events.begin() + static_cast<std::ptrdiff_t>(cut) - 1);
    pruned->events.resize(cut);
    DevnetOptions options;
    options.faults.set(GetParam(), 0.5);
    TestNode node(outside, pruned, 2, options, cut - 1);
    TestFollower follower(outside, from_node({node.address}));
    ASSERT_TRUE(
        outside.run_until([&] { return follower.engine->engine().stats().head == node.devnet->status().head; }, 10min))
        << follower.status().why;
    EXPECT_TRUE(outside.log.has("reading headers instead"));
    EXPECT_EQ(std::ranges::count(follower.states, SyncState::rebootstrap_needed), 0);
    EXPECT_EQ(follower.status().connects, 1U);
    follower.expect_right(chain->blocks);
}

INSTANTIATE_TEST_SUITE_P(Faults, DescendingFollower,
                         ::testing::Values(Fault::slow, Fault::missing_once, Fault::wrong_bytes), [](const auto& info) {
                             std::string name(name_of(info.param));
                             std::ranges::replace(name, '-', '_');
                             return name;
                         });

TEST(Follower, SaysThatItIsBehindWhileItWaitsForAnAnswerAndDoesNotWaitLong) {
    Outside outside;
    const auto chain = chain_of(19, 60);
    TestNode node(outside, chain, 1, {}, 20);
    TestFollower follower(outside, from_node({node.address}));
    ASSERT_TRUE(follower.in_state(SyncState::synced));
    bool lost = false;
    outside.network.set_hook([&](const Delivery& delivery) {
        const bool block = delivery.kind == Delivery::Kind::message && !delivery.to_server &&
                           delivery.text.find(R"("result":")") != std::string::npos;
        return Fate{.drop = block && !std::exchange(lost, lost || block)};
    });
    for (int i = 0; i < 12; ++i) {
        ASSERT_TRUE(node.devnet->step().ok());
        outside.advance(100ms);
    }
    EXPECT_TRUE(lost);
    EXPECT_EQ(follower.status().state, SyncState::catching_up);
    EXPECT_GT(follower.status().lag, 3);
    outside.advance(14s);
    EXPECT_EQ(follower.status().state, SyncState::synced);
    EXPECT_EQ(follower.status().lag, 0);
    EXPECT_EQ(follower.engine->engine().stats().head, node.devnet->status().head);
    EXPECT_EQ(follower.status().connects, 1U);
    follower.expect_right(chain->blocks);
}

TEST(Follower, SaysThatANewSnapshotIsNeededWhereNoNodeHasTheStatesAnyMore) {
    Outside outside;
    const auto chain = chain_of(12, 60);
    {
        TestNode node(outside, chain, 1, {}, 10);
        TestFollower follower(outside, from_node({node.address}));
        ASSERT_TRUE(follower.in_state(SyncState::synced));
    }
    TestNode node(outside, chain, 2, {}, chain->events.size() - 1);
    std::vector<ipld::Cid> lost;
    const chain::TipsetKey& behind = chain->events[15].back().key;
    node.source->lose(chain::decode_block_header(chain->blocks.at(behind.front()))->messages);
    TestFollower follower(outside, from_node({node.address}));
    ASSERT_TRUE(follower.in_state(SyncState::rebootstrap_needed));
    EXPECT_NE(follower.status().remedy.find("--bootstrap"), std::string::npos);
    const snapshot::EngineStats stats = follower.engine->engine().stats();
    EXPECT_LE(stats.epoch, chain->events[15].back().epoch);
    // The node may get them back.
    node.source->find_all_again();
    node.devnet->start();
    ASSERT_TRUE(follower.reaches(*node.devnet)) << follower.status().why;
    follower.expect_right(chain->blocks);
}

TEST(Follower, StopsAtAMigrationOfTheState) {
    Outside outside;
    const auto chain = chain_of(13, 30);
    {
        TestNode node(outside, chain, 1, {}, 10);
        TestFollower follower(outside, from_node({node.address}));
        ASSERT_TRUE(follower.in_state(SyncState::synced));
    }
    TestNode node(outside, chain, 2, {}, 12);
    FollowerOptions options = from_node({node.address});
    options.migration_blocks = 3;
    TestFollower follower(outside, options);
    node.devnet->start();
    ASSERT_TRUE(follower.in_state(SyncState::rebootstrap_needed));
    EXPECT_NE(follower.status().why.find("migrated"), std::string::npos);
}

TEST(Follower, AsksForTheHeadNowAndThenOverHttp) {
    Outside outside;
    const auto chain = chain_of(14, 40);
    TestNode node(outside, chain, 1, {}, 5);
    NodeAddress address = node.address;
    address.url.scheme = Url::Scheme::http;
    FollowerOptions options = from_node({address});
    options.poll = 3s;
    TestFollower follower(outside, options);
    node.devnet->start();
    ASSERT_TRUE(follower.reaches(*node.devnet)) << follower.status().why;
    follower.expect_right(chain->blocks);
}

TEST(Follower, SaysThatAnEmptyFolderNeedsABootstrap) {
    Outside outside;
    TestNode node(outside, chain_of(15), 1, {}, 5);
    FollowerOptions options = from_node({node.address});
    options.bootstrap_from_node = false;
    TestFollower follower(outside, options);
    ASSERT_TRUE(follower.in_state(SyncState::failed));
    EXPECT_NE(follower.status().remedy.find("--bootstrap"), std::string::npos);
}

TEST(Follower, SaysThatTheTokenIsWrong) {
    Outside outside;
    DevnetOptions options;
    options.token = "right";
    TestNode node(outside, chain_of(16), 1, options, 5);
    NodeAddress address = node.address;
    address.token = "wrong";
    TestFollower follower(outside, from_node({address}));
    ASSERT_TRUE(outside.run_until([&] { return !follower.status().why.empty(); }));
    EXPECT_NE((follower.status().why + follower.status().remedy).find("token"), std::string::npos)
        << follower.status().why << "; " << follower.status().remedy;
    EXPECT_EQ(follower.status().why.find("wrong\""), std::string::npos);
}

TEST(Follower, StopsWhateverItDoesJustThen) {
    const auto chain = chain_of(17, 30);
    for (int tasks = 0; tasks < 400; tasks += 7) {
        SCOPED_TRACE(tasks);
        Outside outside;
        TestNode node(outside, chain, 1, {}, 5);
        TestFollower follower(outside, from_node({node.address}));
        node.devnet->start();
        int ran = 0;
        outside.run_until([&] { return ++ran > tasks; });
        follower.stop();
    }
}

TEST(Follower, KeepsFollowingWhereTheDiskIsFull) {
    Outside outside;
    const auto chain = chain_of(18, 40);
    TestNode node(outside, chain, 1, {}, 10);
    TestFollower follower(outside, from_node({node.address}));
    ASSERT_TRUE(follower.in_state(SyncState::synced));
    outside.files.fill_up_after(1000);
    node.devnet->start();
    ASSERT_TRUE(follower.reaches(*node.devnet)) << follower.status().why;
    follower.expect_right(chain->blocks);
    EXPECT_TRUE(follower.engine->not_durable().has_value());
}

}    // namespace
}    // namespace filfil::node
