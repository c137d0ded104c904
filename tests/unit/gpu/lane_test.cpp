// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "gpu/lane.hpp"

#include "rig.hpp"

#include <gtest/gtest.h>

namespace filfil::gpu {
namespace {

using test::Call;
using test::Fault;

constexpr LaneShape shape{.quads = 1024, .max_level = 12};

using Nodes = std::vector<std::vector<commp::Node>>;

Nodes on_cpu(const std::byte* payload, const std::vector<commp::Job>& jobs) {
    Nodes nodes(jobs.size());
    for (std::size_t i = 0; i < jobs.size(); ++i)
        commp::hash_quads(commp::portable_kernel, payload + jobs[i].offset, jobs[i].quads, jobs[i].level, nodes[i]);
    return nodes;
}

/// A lane of a machine with one card, and payload for it.
class LaneTest : public testing::Test {
protected:
    void TearDown() override {
        m_lane.reset();
        EXPECT_EQ(m_machine.complaints(), std::vector<std::string>{});
    }

    void open() {
        auto lane = Lane::open(*m_runtime, 0, shape);
        ASSERT_TRUE(lane.ok()) << lane.error().text();
        m_lane = std::move(*lane);
    }

    Result<void> hash(const std::vector<commp::Job>& jobs) { return m_lane->hash(m_payload.data(), jobs, m_nodes); }

    test::FakeMachine m_machine{test::fake_cards(1)};
    std::unique_ptr<Runtime> m_runtime = m_machine.runtime();
    std::unique_ptr<Lane> m_lane;
    Bytes m_payload = test::random_payload(shape.quads * commp::quad_payload + payload_slack, 1);
    Nodes m_nodes;
};

TEST_F(LaneTest, GivesTheNodesOfTheCpuForJobsOfAnySizeLevelAndPlace) {
    open();
    SeededRandom random(5);
    for (int round = 0; round < 60; ++round) {
        std::vector<commp::Job> jobs;
        for (std::size_t end = random.below(300); jobs.size() < 40;) {
            commp::Job job;
            job.offset = end;
            job.quads = 1 + random.below(1 + random.below(400));
            job.level = 2 + static_cast<unsigned>(random.below(11));
            end += job.quads * commp::quad_payload + random.below(2) * random.below(130);
            if (end > shape.quads * commp::quad_payload) break;
            jobs.push_back(job);
        }
        if (jobs.empty()) continue;
        m_lane->use(all_tile_variants[static_cast<std::size_t>(round) % all_tile_variants.size()]);
        const auto hashed = hash(jobs);
        ASSERT_TRUE(hashed.ok()) << hashed.error().text();
        ASSERT_EQ(m_nodes, on_cpu(m_payload.data(), jobs)) << "round " << round;
        // What the next round finds in the buffers is not what it should find there.
        SeededRandom(static_cast<std::uint64_t>(round)).fill(m_payload);
    }
}

TEST_F(LaneTest, HashesAFullBufferAndASingleQuad) {
    open();
    for (const auto& jobs : {std::vector<commp::Job>{{0, shape.quads, shape.max_level, 0, nullptr}},
                             std::vector<commp::Job>{{0, 1, 2, 0, nullptr}}}) {
        ASSERT_TRUE(hash(jobs).ok());
        EXPECT_EQ(m_nodes, on_cpu(m_payload.data(), jobs));
        ASSERT_EQ(m_nodes[0].size(), 1U);
    }
}

TEST_F(LaneTest, TakesMoreJobsThanItsBuffersHoldInSeveralPasses) {
    open();
    // The same quads again and again: more nodes than the buffer has quads.
    std::vector<commp::Job> jobs;
    for (std::size_t i = 0; i < 3000; ++i) jobs.push_back({i % 700 * 3, 1 + i % 3, 3, 0, nullptr});
    ASSERT_TRUE(hash(jobs).ok());
    EXPECT_EQ(m_nodes, on_cpu(m_payload.data(), jobs));
    EXPECT_GE(m_machine.calls(Call::wait), 3U);
}

TEST_F(LaneTest, SaysSoWhenAJobIsTooLargeAndLeavesTheCardAlone) {
    open();
    const auto hashed = hash({{0, shape.quads + 1, 12, 0, nullptr}});
    ASSERT_FALSE(hashed.ok());
    EXPECT_EQ(hashed.error().code, ErrorCode::invalid_argument);
    EXPECT_NE(hashed.error().message.find("1025 quads"), std::string::npos);
    EXPECT_EQ(m_machine.calls(Call::copy_in), 0U);
}

TEST_F(LaneTest, TakesTheMemoryOfTheCardThatItSaidItWould) {
    const std::uint64_t before = *m_runtime->free_memory(0);
    open();
    EXPECT_EQ(before - *m_runtime->free_memory(0), shape.card_bytes());
    m_lane.reset();
    EXPECT_EQ(*m_runtime->free_memory(0), before);
}

TEST_F(LaneTest, ThatCannotBeOpenedKeepsNothing) {
    const std::uint64_t before = *m_runtime->free_memory(0);
    for (const Call call : {Call::open_queue, Call::allocate, Call::allocate_pinned})
        for (std::uint64_t n = 0; n < (call == Call::open_queue ? 1 : call == Call::allocate ? 3 : 2); ++n) {
            test::FakeMachine machine(test::fake_cards(1));
            machine.inject({.fault = Fault::out_of_memory, .n = n, .call = call});
            const auto runtime = machine.runtime();
            const auto lane = Lane::open(*runtime, 0, shape);
            ASSERT_FALSE(lane.ok());
            EXPECT_EQ(lane.error().code, ErrorCode::too_large);
            EXPECT_EQ(*runtime->free_memory(0), before);
            EXPECT_EQ(machine.complaints(), std::vector<std::string>{});
        }
}

TEST_F(LaneTest, TellsOfEveryCallThatFails) {
    // Quads with tiles and without: each kind of call is made.
    const std::vector<commp::Job> jobs{{0, 300, 12, 0, nullptr}};
    for (const Fault fault : {Fault::launch_failure, Fault::device_lost, Fault::out_of_memory}) {
        std::uint64_t n = 0;
        for (bool fired = true; fired; ++n) {
            test::FakeMachine machine(test::fake_cards(1), n);
            const auto runtime = machine.runtime();
            auto lane = Lane::open(*runtime, 0, shape);
            ASSERT_TRUE(lane.ok());
            machine.inject({.fault = fault, .n = n});
            const auto hashed = (*lane)->hash(m_payload.data(), jobs, m_nodes);
            fired = machine.fired() != 0;
            EXPECT_EQ(hashed.ok(), !fired) << name_of(fault) << ", call " << n;
            EXPECT_FALSE((*lane)->hangs());
            if (fired) {
                EXPECT_EQ(hashed.error().code,
                          fault == Fault::out_of_memory ? ErrorCode::too_large : ErrorCode::device);
                EXPECT_TRUE(hashed.error().message.starts_with("cuda:0: ")) << hashed.error().message;
            }
            lane->reset();
            EXPECT_EQ(machine.complaints(), std::vector<std::string>{}) << name_of(fault) << ", call " << n;
        }
        EXPECT_EQ(n - 1, 16U) << "2 copies in, tiles, quads, 10 levels of parents, 1 copy out, 1 wait";
    }
}

TEST_F(LaneTest, GivesUpACardThatDoesNotAnswerAndKeepsWhatItMayStillWriteTo) {
    open();
    m_machine.inject({.fault = Fault::hang, .call = Call::make_tiles});
    const auto hashed = hash({{0, 300, 12, 0, nullptr}});
    ASSERT_FALSE(hashed.ok());
    EXPECT_EQ(hashed.error().code, ErrorCode::device);
    EXPECT_EQ(hashed.error().message, "cuda:0: gave no answer for 30 seconds");
    EXPECT_NE(hashed.error().remedy, "");
    EXPECT_TRUE(m_lane->hangs());
    EXPECT_EQ(m_machine.clock().steady(), std::chrono::seconds(30)) << "on the fake's clock";
    const std::uint64_t pinned = m_machine.pinned_bytes();
    m_lane.reset();
    EXPECT_EQ(m_machine.pinned_bytes(), pinned);
}

TEST_F(LaneTest, GivesUpACardThatRefusesACallAndThenDoesNotAnswer) {
    open();
    // What was asked for before may still be on its way.
    m_machine.inject({.fault = Fault::launch_failure, .call = Call::make_parents});
    m_machine.inject({.fault = Fault::hang, .call = Call::wait});
    ASSERT_FALSE(hash({{0, 300, 12, 0, nullptr}}).ok());
    EXPECT_TRUE(m_lane->hangs());
    const std::uint64_t pinned = m_machine.pinned_bytes();
    m_lane.reset();
    EXPECT_EQ(m_machine.pinned_bytes(), pinned);
}

TEST_F(LaneTest, WaitsForACardThatIsOnlySlow) {
    open();
    m_machine.inject({.fault = Fault::slow, .call = Call::wait});
    const std::vector<commp::Job> jobs{{0, 300, 12, 0, nullptr}};
    ASSERT_TRUE(hash(jobs).ok());
    EXPECT_EQ(m_nodes, on_cpu(m_payload.data(), jobs));
}

TEST_F(LaneTest, OfOneCardDoTheirWorkBesideEachOther) {
    open();
    auto other = Lane::open(*m_runtime, 0, shape);
    ASSERT_TRUE(other.ok());
    const Bytes payload = test::random_payload(m_payload.size(), 2);
    const std::vector<commp::Job> jobs{{0, 300, 12, 0, nullptr}, {300 * 127, 5, 4, 0, nullptr}};
    const Nodes expected = on_cpu(payload.data(), jobs);
    ThreadPool pool(1);
    Nodes nodes;
    // The card does some of the one's work while the other waits: each must find its own nodes.
    run_parallel(pool, 2, [&](unsigned i) {
        for (int round = 0; round < 50; ++round) {
            if (i == 0) {
                EXPECT_TRUE(hash(jobs).ok());
            } else {
                EXPECT_TRUE((*other)->hash(payload.data(), jobs, nodes).ok());
                EXPECT_EQ(nodes, expected);
            }
        }
    });
    EXPECT_EQ(m_nodes, on_cpu(m_payload.data(), jobs));
}

TEST_F(LaneTest, CopiesAndHashesAloneForMeasuring) {
    open();
    ASSERT_TRUE(m_lane->copy_alone(m_payload.data(), shape.quads, 3).ok());
    const Clock::Duration copied = m_machine.clock().steady();
    EXPECT_EQ(copied, 3 * Clock::Duration(shape.quads * commp::quad_payload / 50 + 1)) << "at 50 bytes a nanosecond";
    for (const TileVariant variant : all_tile_variants) ASSERT_TRUE(m_lane->tiles_alone(shape.quads, variant, 3).ok());
    EXPECT_EQ(m_machine.calls(Call::make_tiles), all_tile_variants.size());
    EXPECT_EQ(m_machine.calls(Call::wait), 1 + all_tile_variants.size());
    m_machine.inject({.fault = Fault::hang});
    EXPECT_FALSE(m_lane->copy_alone(m_payload.data(), 1, 1).ok());
    EXPECT_TRUE(m_lane->hangs());
}

}    // namespace
}    // namespace filfil::gpu
