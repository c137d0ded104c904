// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "gpu/gpu_backend.hpp"

#include "gpu/lane.hpp"
#include "rig.hpp"
#include "watchdog.hpp"

#include <gtest/gtest.h>

#include <thread>

namespace filfil::gpu {
namespace {

using test::Call;
using test::Fault;
using test::KnownJob;

/// A machine and a backend over its cards.
class GpuBackendTest : public testing::Test {
protected:
    void TearDown() override {
        m_backend.reset();
        EXPECT_EQ(m_machine->complaints(), std::vector<std::string>{});
    }

    void make(std::vector<test::FakeCard> cards) { m_machine = std::make_unique<test::FakeMachine>(std::move(cards)); }

    Result<void> open(const GpuBackendOptions& options) {
        if (m_runtime == nullptr) m_runtime = m_machine->runtime();
        auto backend = make_gpu_backend(*m_runtime, std::make_unique<ThreadPool>(4), options);
        if (!backend.ok()) return std::move(backend).error();
        m_backend = std::move(*backend);
        return {};
    }

    /// Over the first so many cards.
    void must_open(unsigned cards, unsigned lanes = 2, unsigned check_every = 0) {
        GpuBackendOptions options = test::backend_options(cards, lanes, &m_log);
        options.check_every = check_every;
        const auto opened = open(options);
        ASSERT_TRUE(opened.ok()) << opened.error().text();
    }

    /// Submits so many full buffers, each a job with its own ticket.
    void submit(std::size_t jobs) {
        for (std::size_t i = 0; i < jobs; ++i)
            ASSERT_TRUE(test::submit(*m_backend, m_jobs.emplace_back(test::known_job(256, 10, m_jobs.size())),
                                     m_jobs.size() - 1, m_sink)
                            .ok());
    }

    void expect_all_right() {
        const auto nodes = m_sink.nodes();
        ASSERT_EQ(nodes.size(), m_jobs.size());
        for (std::size_t i = 0; i < m_jobs.size(); ++i) EXPECT_EQ(nodes.at(i), m_jobs[i].nodes) << "job " << i;
        EXPECT_EQ(m_sink.failures(), 0U);
        EXPECT_FALSE(m_sink.told_twice());
    }

    test::Watchdog m_watchdog;
    std::unique_ptr<test::FakeMachine> m_machine = std::make_unique<test::FakeMachine>(test::fake_cards(2));
    std::unique_ptr<Runtime> m_runtime;
    test::LogLines m_log;
    test::NodeSink m_sink;
    std::deque<KnownJob> m_jobs;
    std::unique_ptr<commp::Backend> m_backend;
};

TEST_F(GpuBackendTest, SaysWhatItTakesAndWhatItIs) {
    must_open(2);
    const commp::BackendLimits limits = m_backend->limits();
    EXPECT_EQ(limits.staging_quads, 256U);
    EXPECT_EQ(limits.staging_count, 6U);
    EXPECT_EQ(limits.max_level, 10U);
    EXPECT_EQ(limits.job_level, 6U) << "the last few levels are as soon done on the CPU";
    EXPECT_EQ(m_backend->name(), "cuda:0,1");
    EXPECT_EQ(m_backend->description(), "Fake 0; Fake 1");
    EXPECT_EQ(m_backend->revocations(), 0U);
    auto staging = m_backend->acquire();
    ASSERT_TRUE(staging.ok());
    EXPECT_EQ((*staging)->bytes().size(), 256U * commp::quad_payload);
}

TEST_F(GpuBackendTest, HashesManyPiecesInOneSubmission) {
    must_open(1);
    SeededRandom random(4);
    for (int round = 0; round < 30; ++round) {
        auto staging = m_backend->acquire();
        ASSERT_TRUE(staging.ok());
        commp::Submission submission;
        std::vector<Bytes> pieces;
        test::NodeSink sink;
        std::size_t used = 0;
        while (true) {
            const Bytes payload = test::random_payload(65 + random.below(4000), pieces.size());
            const std::size_t quads = (payload.size() + 126) / 127;
            if (used + quads > 256) break;
            const ByteSpan room = (*staging)->bytes().subspan(used * 127, quads * 127);
            std::fill(room.begin(), room.end(), std::byte{});
            std::copy(payload.begin(), payload.end(), room.begin());
            submission.jobs.push_back(
                {used * 127, quads, ipld::height_of(ipld::padded_size_of(payload.size())), pieces.size(), &sink});
            pieces.push_back(payload);
            used += quads;
        }
        submission.staging = std::move(*staging);
        ASSERT_TRUE(m_backend->submit(std::move(submission)).ok());
        sink.wait_for(pieces.size());
        const auto nodes = sink.nodes();
        for (std::size_t i = 0; i < pieces.size(); ++i) {
            ASSERT_EQ(nodes.at(i).size(), 1U);
            ASSERT_EQ(nodes.at(i)[0], reference::piece(pieces[i]).root) << "piece " << i;
        }
    }
    EXPECT_EQ(m_machine->calls(Call::wait), 30U) << "one trip to the card each";
}

TEST_F(GpuBackendTest, GivesTheNodesOfTheCpuWhateverTheJobs) {
    must_open(2, 3);
    SeededRandom random(6);
    for (std::size_t i = 0; i < 200; ++i) {
        const std::size_t quads = 1 + random.below(256);
        m_jobs.push_back(test::known_job(quads, 2 + static_cast<unsigned>(random.below(9)), i));
        ASSERT_TRUE(test::submit(*m_backend, m_jobs.back(), i, m_sink).ok());
    }
    m_backend->drain();
    expect_all_right();
}

TEST_F(GpuBackendTest, HashesInTheWayThatWasChosenForTheCard) {
    // Both kinds of card would be refused by their trial; here they tell which way was taken.
    test::FakeCard all_but_one = test::fake_card(0);
    all_but_one.broken = TileVariant::plain;
    test::FakeCard only_this = test::fake_card(1);
    only_this.broken = TileVariant::fma;
    make({all_but_one, only_this});
    GpuBackendOptions options = test::backend_options(2, 1, &m_log);
    options.check_every = 1;
    ASSERT_EQ(options.cards[0].variant, TileVariant::fma);
    ASSERT_TRUE(open(options).ok());
    submit(4);
    m_backend->drain();
    expect_all_right();
    EXPECT_EQ(m_log.lines_of(0), 0U);
    EXPECT_EQ(m_log.lines_of(1), 1U);
}

TEST_F(GpuBackendTest, TakesASubmissionOfNothing) {
    must_open(1, 1, 1);
    commp::Submission nothing;
    nothing.staging = std::move(*m_backend->acquire());
    EXPECT_TRUE(m_backend->submit(std::move(nothing)).ok());
    m_backend->drain();
    EXPECT_EQ(m_machine->calls(Call::wait), 0U);
}

TEST_F(GpuBackendTest, RefusesJobsThatDoNotFitAndTellsNoSink) {
    must_open(1);
    for (const commp::Job& job : std::vector<commp::Job>{{0, 0, 4, 0, &m_sink},
                                                         {0, 257, 4, 0, &m_sink},
                                                         {127, 256, 4, 0, &m_sink},
                                                         {0, 1, 1, 0, &m_sink},
                                                         {0, 1, 11, 0, &m_sink},
                                                         {0, 1, 4, 0, nullptr}}) {
        commp::Submission submission;
        submission.staging = std::move(*m_backend->acquire());
        submission.jobs.push_back(job);
        EXPECT_EQ(m_backend->submit(std::move(submission)).error().code, ErrorCode::invalid_argument);
    }
    EXPECT_EQ(m_backend->submit(commp::Submission{}).error().code, ErrorCode::invalid_argument);
    m_backend->drain();
    EXPECT_TRUE(m_sink.nodes().empty());
    EXPECT_EQ(m_machine->calls(Call::copy_in), 0U);
}

TEST_F(GpuBackendTest, SeveralCardsShareOneQueueAndAllGetWork) {
    must_open(2, 1);
    for (std::uint64_t round = 1; round <= 5; ++round) {
        m_machine->hold(0);
        m_machine->hold(1);
        submit(2);
        // Both at once, or the second would never be asked for its wait.
        m_machine->await_held(2);
        EXPECT_EQ(m_machine->calls(Call::wait, 0), round);
        EXPECT_EQ(m_machine->calls(Call::wait, 1), round);
        m_machine->release(0);
        m_machine->release(1);
        m_backend->drain();
    }
    expect_all_right();
}

TEST_F(GpuBackendTest, ACardThatIsBusyKeepsTheOtherFromNothing) {
    must_open(2, 1);
    m_machine->hold(0);
    submit(1);
    m_machine->await_held(1);
    submit(5);
    m_sink.wait_for(5);
    EXPECT_EQ(m_machine->calls(Call::wait, 1), 5U);
    m_machine->release(0);
    m_backend->drain();
    expect_all_right();
}

TEST_F(GpuBackendTest, LendsNoMoreBuffersThanItSaidAndGoesOnWhenOneComesBack) {
    must_open(1, 2);
    const std::uint64_t before = m_machine->pinned_bytes();
    m_machine->hold(0);
    submit(6);
    std::atomic<int> lent = 0;
    std::vector<std::jthread> readers;
    for (int i = 0; i < 3; ++i)
        readers.emplace_back([&] {
            const auto staging = m_backend->acquire();
            EXPECT_TRUE(staging.ok());
            ++lent;
        });
    m_machine->await_held(2);
    EXPECT_EQ(lent, 0) << "all six buffers are with the card";
    m_machine->release(0);
    readers.clear();
    EXPECT_EQ(lent, 3);
    m_backend->drain();
    expect_all_right();
    EXPECT_EQ(m_machine->pinned_bytes() - before, 6U * (256 * 127 + 64));
}

TEST_F(GpuBackendTest, LendsNoBufferThatACardHasYetToCopy) {
    must_open(1, 1);
    m_machine->hold(0);
    submit(1);
    // The copy has been asked for, and is made when the card is let go.
    m_machine->await_held(1);
    auto staging = m_backend->acquire();
    ASSERT_TRUE(staging.ok());
    std::ranges::fill((*staging)->bytes(), std::byte{0xee});
    staging->reset();
    m_machine->release(0);
    m_backend->drain();
    expect_all_right();
}

TEST_F(GpuBackendTest, PinsMemoryThroughTheNextCardIfOneGivesNone) {
    must_open(2, 1);
    m_machine->inject({.fault = Fault::out_of_memory, .call = Call::allocate_pinned, .card = 0});
    const std::uint64_t bytes = m_machine->pinned_bytes();
    const std::uint64_t calls = m_machine->calls(Call::allocate_pinned, 1);
    submit(1);
    m_backend->drain();
    expect_all_right();
    EXPECT_EQ(m_machine->pinned_bytes() - bytes, 256U * 127 + 64);
    EXPECT_EQ(m_machine->calls(Call::allocate_pinned, 1) - calls, 1U);
    EXPECT_EQ(m_backend->name(), "cuda:0,1") << "that is no failure of the card";
}

TEST_F(GpuBackendTest, UsesOrdinaryMemoryWhereNoMoreCanBePinned) {
    m_machine->hold(0);
    must_open(1, 1);
    const std::uint64_t of_lanes = m_machine->pinned_bytes();
    // Two of six buffers.
    m_machine->limit_pinned(of_lanes + 2 * (256 * 127 + 64));
    submit(6);
    m_machine->release(0);
    submit(20);
    m_backend->drain();
    expect_all_right();
    EXPECT_EQ(m_machine->pinned_bytes(), of_lanes + 2 * (256 * 127 + 64));
    EXPECT_TRUE(m_log.lines().empty());
    EXPECT_EQ(m_backend->name(), "cuda:0");
}

TEST_F(GpuBackendTest, DrainWaitsForAllThatWasSubmitted) {
    must_open(1, 2);
    m_machine->hold(0);
    submit(5);
    m_machine->await_held(2);
    std::size_t told = 0;
    std::jthread drainer([&] {
        m_backend->drain();
        told = m_sink.nodes().size();
    });
    m_machine->release(0);
    drainer.join();
    EXPECT_EQ(told, 5U);
    expect_all_right();
}

TEST_F(GpuBackendTest, CanBeDestroyedWithWorkUnderWay) {
    must_open(2, 2);
    m_machine->hold(0);
    submit(5);
    auto kept = m_backend->acquire();
    ASSERT_TRUE(kept.ok());
    std::jthread opener([&] {
        m_machine->await_held(1);
        m_machine->release(0);
    });
    m_backend.reset();
    expect_all_right();
    // What was lent may come back later.
    std::ranges::fill((*kept)->bytes(), std::byte{1});
    kept->reset();
}

TEST_F(GpuBackendTest, MakesDoWithTheLanesThatACardHasRoomFor) {
    test::FakeCard card = test::fake_card();
    card.free_memory = 2 * LaneShape{256, 10}.card_bytes() + 100;
    make({card});
    must_open(1, 5);
    EXPECT_EQ(*m_runtime->free_memory(0), 100U);
    submit(10);
    m_backend->drain();
    expect_all_right();
    EXPECT_TRUE(m_log.lines().empty());
}

TEST_F(GpuBackendTest, IsNotOpenedWhereNoCardHasRoom) {
    test::FakeCard full = test::fake_card(0);
    full.free_memory = 1000;
    make({full});
    const auto opened = open(test::backend_options(1, 2, &m_log));
    ASSERT_FALSE(opened.ok());
    EXPECT_EQ(opened.error().code, ErrorCode::too_large);
    EXPECT_TRUE(m_log.lines().empty()) << "the error says it";
}

TEST_F(GpuBackendTest, LeavesOutACardThatCannotBeOpenedAndSaysSo) {
    for (const unsigned broken : {0U, 1U}) {
        make(test::fake_cards(2));
        m_runtime.reset();
        m_machine->inject({.fault = Fault::device_lost, .call = Call::open_queue, .card = broken});
        test::LogLines log;
        ASSERT_TRUE(open(test::backend_options(2, 2, &log)).ok());
        EXPECT_EQ(m_backend->name(), "cuda:" + std::to_string(1 - broken));
        EXPECT_EQ(m_backend->description(), "Fake " + std::to_string(1 - broken));
        ASSERT_EQ(log.lines().size(), 1U);
        EXPECT_EQ(log.lines_of(broken), 1U) << log.lines()[0];
        EXPECT_NE(log.lines()[0].find("left out"), std::string::npos) << log.lines()[0];
        m_backend.reset();
    }
}

TEST_F(GpuBackendTest, GoesOnWithTheNextCardAndThenTheCpuAndSaysSo) {
    must_open(2, 1);
    m_machine->inject({.fault = Fault::device_lost, .call = Call::copy_in, .card = 0});
    submit(4);
    m_backend->drain();
    EXPECT_EQ(m_backend->name(), "cuda:0,1") << "the CPU has hashed nothing yet";
    m_machine->inject({.fault = Fault::launch_failure, .call = Call::wait, .card = 1});
    submit(4);
    m_backend->drain();
    expect_all_right();
    const std::string cpu(test::cpu_kernel().name);
    EXPECT_EQ(m_backend->name(), "cuda:0,1+cpu:" + cpu);
    EXPECT_EQ(
        m_log.lines(),
        (std::vector<std::string>{
            "cuda:0: copy_in failed (the fake card is lost); it is not used any more, and the work goes on with cuda:1",
            "cuda:1: wait failed (the fake launch failed); it is not used any more, and the work goes on with cpu:" +
                cpu}));
    EXPECT_EQ(m_backend->revocations(), 0U);
}

TEST_F(GpuBackendTest, SaysOnceThatACardFailedHoweverManyOfItsLanesDo) {
    must_open(1, 3);
    m_machine->hold(0);
    submit(3);
    m_machine->await_held(3);
    m_machine->inject({.fault = Fault::hang, .call = Call::copy_in});
    m_machine->inject({.fault = Fault::hang, .call = Call::allocate_pinned});
    auto staging = m_backend->acquire();
    EXPECT_TRUE(staging.ok());
    m_machine->release(0);
    m_backend->drain();
    expect_all_right();
    const auto lines = m_log.lines();
    ASSERT_EQ(lines.size(), 1U);
    EXPECT_TRUE(lines[0].starts_with("cuda:0: gave no answer for 30 seconds; it is not used any more")) << lines[0];
}

TEST_F(GpuBackendTest, NeedsNobodyToListenToItsLog) {
    GpuBackendOptions options = test::backend_options(1, 2, nullptr);
    options.check_every = 1;
    ASSERT_TRUE(open(options).ok());
    m_machine->inject({.fault = Fault::wrong_from_now});
    submit(6);
    m_backend->drain();
    expect_all_right();
}

TEST_F(GpuBackendTest, ACardThatErrsIsFoundByTheCheckAndRevoked) {
    must_open(2, 1, 1);
    m_machine->inject({.fault = Fault::wrong_once, .call = Call::make_parents, .card = 1});
    submit(6);
    m_backend->drain();
    expect_all_right();
    EXPECT_EQ(m_backend->revocations(), 1U);
    EXPECT_EQ(m_backend->name(), "cuda:0,1+cpu:" + std::string(test::cpu_kernel().name));
    EXPECT_EQ(m_log.lines(),
              (std::vector<std::string>{
                  "cuda:1: computed a wrong node; it is not used any more, and what this run had from it "
                  "before is in doubt, and the work goes on with cuda:0"}));
    const std::uint64_t waits = m_machine->calls(Call::wait, 1);
    submit(4);
    m_backend->drain();
    EXPECT_EQ(m_machine->calls(Call::wait, 1), waits) << "it is not used any more";
}

TEST_F(GpuBackendTest, EveryCardAndLaneIsCheckedInItsTurn) {
    // One in two is checked, and two lanes take turns: it must not always be the same lane's.
    for (const unsigned wrong : {0U, 1U}) {
        make(test::fake_cards(2));
        m_runtime.reset();
        test::LogLines log;
        GpuBackendOptions options = test::backend_options(2, 1, &log);
        options.check_every = 2;
        ASSERT_TRUE(open(options).ok());
        m_machine->inject({.fault = Fault::wrong_from_now, .card = wrong});
        for (std::size_t i = 0; i < 8; ++i) {
            // One at a time, so that the lanes do take turns.
            test::NodeSink sink;
            ASSERT_TRUE(test::submit(*m_backend, test::known_job(256, 10, i), 0, sink).ok());
            m_backend->drain();
        }
        EXPECT_EQ(m_backend->revocations(), 1U) << "card " << wrong;
        EXPECT_EQ(log.lines_of(wrong), 1U);
        m_backend.reset();
    }
}

TEST_F(GpuBackendTest, ChecksOneInSoManyOfALane) {
    must_open(1, 1, 4);
    // The first, the fifth and the ninth are checked: a wrong node of the second is not seen, one of the fifth is.
    for (std::size_t i = 0; i < 9; ++i) {
        if (i == 1 || i == 4) m_machine->inject({.fault = Fault::wrong_once});
        submit(1);
        m_backend->drain();
        EXPECT_EQ(m_backend->revocations(), i < 4 ? 0U : 1U) << "job " << i;
    }
    const auto nodes = m_sink.nodes();
    for (std::size_t i = 0; i < 9; ++i) EXPECT_EQ(nodes.at(i) == m_jobs[i].nodes, i != 1) << "job " << i;
}

TEST_F(GpuBackendTest, RevokesOnlyWhenTheCardTakesNoMoreWork) {
    // Whoever reads the number of revocations before a piece must not get that card's nodes for it afterwards.
    std::vector<std::uint64_t> revocations_when_told;
    must_open(1, 1, 1);
    m_log.on_write = [&] { revocations_when_told.push_back(m_backend->revocations()); };
    m_machine->inject({.fault = Fault::wrong_once});
    submit(1);
    m_backend->drain();
    EXPECT_EQ(m_backend->revocations(), 1U);
    EXPECT_EQ(revocations_when_told, std::vector<std::uint64_t>{0}) << "the card was retired first";
}

}    // namespace
}    // namespace filfil::gpu
