// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/jobs.hpp"
#include "outside.hpp"

#include <gtest/gtest.h>

#include <thread>

namespace filfil::service {
namespace {

using namespace std::chrono_literals;
using rpc::Json;
using Done = std::function<void(Result<Json>)>;

class JobsTest : public testing::Test {
protected:
    /// A job that ends when the test says so.
    struct Manual {
        std::shared_ptr<JobContext> context;
        Done done;
    };
    Jobs::LoopWork manual(Manual& into) {
        return [&into](std::shared_ptr<JobContext> context, Done done) {
            into.context = std::move(context);
            into.done = std::move(done);
        };
    }
    Jobs::Watcher note() {
        return [this](const JobInfo& job) {
            ended.push_back(std::to_string(job.id) + " " + std::string(name_of(job.state)));
        };
    }
    std::vector<Json> events_of(std::uint64_t id) {
        std::vector<Json> out;
        for (const Json& event : told)
            if (event["id"] == id) out.push_back(event);
        return out;
    }
    void make(JobOptions options = {}) {
        bus.subscribe(std::nullopt, {"job"}, [this](const Event& event) {
            told.push_back(event.data);
            return true;
        });
        jobs.emplace(outside.world, bus, std::move(options));
    }
    JobState state(std::uint64_t id) { return jobs->find(id)->state; }

    Outside outside;
    EventBus bus{outside.clock};
    std::optional<Jobs> jobs;
    std::vector<std::string> ended;
    std::vector<Json> told;
};
using Texts = std::vector<std::string>;

TEST_F(JobsTest, OneRunsOnAWorkerAndGivesItsResult) {
    make();
    bool on_loop = true;
    const auto id = jobs->start(
        "verify", {{"path", "a"}},
        [&](JobContext& context) -> Result<Json> {
            on_loop = false;
            context.set_stage("hashing");
            context.set_total(10);
            context.advance(10);
            return Json{{"cid", "b"}};
        },
        note());
    ASSERT_TRUE(id.ok());
    EXPECT_EQ(state(*id), JobState::queued);
    EXPECT_TRUE(on_loop);
    outside.run_ready();
    EXPECT_EQ(ended, Texts{"1 done"});
    const JobInfo job = *jobs->find(*id);
    EXPECT_EQ(job.result, (Json{{"cid", "b"}}));
    EXPECT_EQ(job.done_bytes, 10U);
    EXPECT_EQ(job.total_bytes, 10U);
    EXPECT_EQ(job.stage, "hashing");
    EXPECT_FALSE(job.error);
    const auto events = events_of(*id);
    ASSERT_EQ(events.size(), 3U);
    EXPECT_EQ(events[0]["state"], "queued");
    EXPECT_EQ(events[1]["state"], "running");
    EXPECT_EQ(events[2], json_of(job));
    EXPECT_EQ(events[2]["params"]["path"], "a");
    EXPECT_EQ(events[2]["ended_at"], 1'767'225'600.0);
    EXPECT_EQ(events[2]["error"], Json());
}

TEST_F(JobsTest, AFailureIsKeptWithItsRemedy) {
    make();
    const auto id = jobs->start("verify", {}, [](JobContext&) -> Result<Json> {
        return Error(ErrorCode::io, "the disk is full", "free some space");
    });
    outside.run_ready();
    EXPECT_EQ(state(*id), JobState::failed);
    EXPECT_EQ(json_of(*jobs->find(*id))["error"],
              (Json{{"code", "io"}, {"message", "the disk is full"}, {"remedy", "free some space"}}));
}

TEST_F(JobsTest, OfAKindSoManyRunAtOnceInTheirOrder) {
    make({.at_once = {{"verify", 2}}});
    std::vector<Manual> all(5);
    std::vector<std::uint64_t> ids;
    for (Manual& job : all) ids.push_back(*jobs->start_on_loop("verify", {}, manual(job), note()));
    Manual snapshot;
    Manual waiting;
    const std::uint64_t other = *jobs->start_on_loop("snapshot", {}, manual(snapshot), note());
    const std::uint64_t last = *jobs->start_on_loop("snapshot", {}, manual(waiting), note());
    outside.run_ready();
    EXPECT_EQ(jobs->running(), 3U);
    EXPECT_EQ(jobs->queued(), 4U);
    EXPECT_EQ(state(ids[1]), JobState::running);
    EXPECT_EQ(state(ids[2]), JobState::queued);
    EXPECT_EQ(state(other), JobState::running);
    EXPECT_EQ(state(last), JobState::queued);
    all[1].done(Json(1));
    outside.run_ready();
    EXPECT_EQ(state(ids[2]), JobState::running);
    EXPECT_EQ(state(ids[3]), JobState::queued);
    snapshot.done(Json(1));
    outside.run_ready();
    EXPECT_EQ(state(last), JobState::running);
    EXPECT_EQ(ended, (Texts{"2 done", "6 done"}));
}

TEST_F(JobsTest, ProgressIsToldFourTimesASecondAtMostWithRateAndTimeLeft) {
    make();
    Manual job;
    const std::uint64_t id = *jobs->start_on_loop("snapshot", {}, manual(job));
    outside.run_ready();
    job.context->set_total(1000);
    const std::size_t before = told.size();
    for (int i = 0; i < 20; ++i) {
        for (int k = 0; k < 5; ++k) job.context->advance(1);
        outside.advance(50ms);
    }
    EXPECT_EQ(told.size() - before, 4U);
    JobInfo info = *jobs->find(id);
    EXPECT_EQ(info.done_bytes, 100U);
    EXPECT_NEAR(info.bytes_a_second, 100, 1);
    EXPECT_NEAR(info.seconds_left.value_or(0), 9, 0.1);

    // Nothing is told where nothing happens, and the rate is that of the last seconds.
    outside.advance(9s);
    const std::size_t idle = told.size();
    outside.advance(5s);
    EXPECT_LE(told.size() - idle, 1U);
    info = *jobs->find(id);
    EXPECT_EQ(info.bytes_a_second, 0);
    EXPECT_FALSE(info.seconds_left);
    job.context->set_stage("naming");
    outside.advance(250ms);
    EXPECT_EQ(told.back()["stage"], "naming");
    job.done(Json());
    outside.run_ready();
    // Without a job that runs nothing goes on.
    outside.advance(1s);
    EXPECT_FALSE(outside.clock.next_due());
}

TEST_F(JobsTest, OneThatWaitsIsCancelledAtOnce) {
    make();
    Manual first;
    Manual second;
    ASSERT_TRUE(jobs->start_on_loop("snapshot", {}, manual(first), note()).ok());
    const std::uint64_t id = *jobs->start_on_loop("snapshot", {}, manual(second), note());
    outside.run_ready();
    ASSERT_TRUE(jobs->cancel(id).ok());
    EXPECT_TRUE(ended.empty());
    outside.run_ready();
    EXPECT_EQ(ended, Texts{"2 cancelled"});
    first.done(Json());
    outside.run_ready();
    EXPECT_FALSE(second.done);
    EXPECT_EQ(ended, (Texts{"2 cancelled", "1 done"}));
}

TEST_F(JobsTest, OneThatIsCancelledBeforeItsTurnNeverRuns) {
    make();
    bool ran = false;
    const std::uint64_t id = *jobs->start("snapshot", {}, [&](JobContext&) -> Result<Json> {
        ran = true;
        return Json();
    });
    ASSERT_TRUE(jobs->cancel(id).ok());
    outside.run_ready();
    EXPECT_FALSE(ran);
    EXPECT_EQ(state(id), JobState::cancelled);
}

TEST_F(JobsTest, OneThatRunsIsAskedToStop) {
    make();
    Manual job;
    const std::uint64_t id = *jobs->start_on_loop("snapshot", {}, manual(job), note());
    outside.run_ready();
    EXPECT_FALSE(job.context->stop().stop_requested());
    ASSERT_TRUE(jobs->cancel(id).ok());
    ASSERT_TRUE(jobs->cancel(id).ok());
    EXPECT_TRUE(job.context->stop().stop_requested());
    EXPECT_EQ(state(id), JobState::running);
    EXPECT_TRUE(jobs->find(id)->stopping);
    job.done(Error(ErrorCode::cancelled, "stopped"));
    outside.run_ready();
    EXPECT_EQ(state(id), JobState::cancelled);
    EXPECT_EQ(ended, Texts{"1 cancelled"});
    EXPECT_TRUE(jobs->cancel(id).ok());
    EXPECT_EQ(jobs->cancel(99).error().code, ErrorCode::not_found);
}

TEST_F(JobsTest, OneThatWasDoneBeforeItSawTheRequestIsDone) {
    make();
    Manual job;
    const std::uint64_t id = *jobs->start_on_loop("snapshot", {}, manual(job));
    outside.run_ready();
    ASSERT_TRUE(jobs->cancel(id).ok());
    job.done(Json(5));
    job.done(Json(6));
    outside.run_ready();
    EXPECT_EQ(state(id), JobState::done);
    EXPECT_EQ(jobs->find(id)->result, Json(5));
    EXPECT_FALSE(jobs->find(id)->stopping);
}

TEST_F(JobsTest, WatchersAreToldOnceAlsoAfterTheEnd) {
    make();
    Manual job;
    const std::uint64_t id = *jobs->start_on_loop("snapshot", {}, manual(job));
    outside.run_ready();
    ASSERT_TRUE(jobs->watch(id, note()).ok());
    job.done(Json());
    outside.run_ready();
    ASSERT_TRUE(jobs->watch(id, note()).ok());
    EXPECT_EQ(ended.size(), 1U);
    outside.run_ready();
    EXPECT_EQ(ended, (Texts{"1 done", "1 done"}));
    EXPECT_EQ(jobs->watch(99, note()).error().code, ErrorCode::not_found);
}

TEST_F(JobsTest, TooManyAreRefusedAndOldOnesForgotten) {
    make({.queue = 3, .history = 2});
    for (int i = 0; i < 3; ++i)
        ASSERT_TRUE(jobs->start("a", {}, [](JobContext&) -> Result<Json> { return Json(); }).ok());
    const auto refused = jobs->start("a", {}, [](JobContext&) -> Result<Json> { return Json(); });
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().code, ErrorCode::busy);
    outside.run_ready();
    EXPECT_FALSE(jobs->find(1));
    ASSERT_EQ(jobs->list().size(), 2U);
    EXPECT_EQ(jobs->list()[0].id, 3U);
    EXPECT_EQ(jobs->list("a", 1).size(), 1U);
    EXPECT_TRUE(jobs->list("b").empty());
    EXPECT_EQ(*jobs->start("b", {}, [](JobContext&) -> Result<Json> { return Json(); }), 4U);
}

TEST_F(JobsTest, StopEndsAllAndThenCallsBack) {
    make();
    Manual running;
    Manual waiting;
    ASSERT_TRUE(jobs->start_on_loop("snapshot", {}, manual(running), note()).ok());
    ASSERT_TRUE(jobs->start_on_loop("snapshot", {}, manual(waiting), note()).ok());
    outside.run_ready();
    bool stopped = false;
    jobs->stop([&] { stopped = true; });
    EXPECT_EQ(jobs->start("a", {}, [](JobContext&) -> Result<Json> { return Json(); }).error().code, ErrorCode::busy);
    outside.run_ready();
    EXPECT_FALSE(stopped);
    EXPECT_TRUE(running.context->stop().stop_requested());
    running.done(Error(ErrorCode::cancelled, "stopped"));
    outside.run_ready();
    EXPECT_TRUE(stopped);
    EXPECT_EQ(ended, (Texts{"2 cancelled", "1 cancelled"}));
    bool again = false;
    jobs->stop([&] { again = true; });
    outside.run_ready();
    EXPECT_TRUE(again);
}

TEST_F(JobsTest, MayBeDestroyedWhileOneRuns) {
    make();
    Manual job;
    ASSERT_TRUE(jobs->start_on_loop("snapshot", {}, manual(job), note()).ok());
    ASSERT_TRUE(jobs->start_on_loop("snapshot", {}, manual(job), note()).ok());
    outside.run_ready();
    ASSERT_TRUE(jobs->watch(1, note()).ok());
    jobs.reset();
    EXPECT_TRUE(job.context->stop().stop_requested());
    job.context->advance(5);
    job.context->set_stage("late");
    job.done(Json());
    outside.advance(1s);
    EXPECT_TRUE(ended.empty());
}

TEST(Jobs, RealThreadsReportWhileTheLoopLooks) {
    SystemClock clock;
    CrashFiles files;
    VirtualClock wires_clock;
    ManualExecutor wires(wires_clock);
    MemoryNetwork network(wires);
    MemoryTransport transport(network);
    SeededRandom random(1);
    RecordedLog log;
    constexpr unsigned count = 20;
    std::atomic<unsigned> ended{0};
    {
        ThreadPool loop(1);
        ThreadPool workers(4);
        World world{clock, loop, workers, files, transport, random, log};
        EventBus bus(clock);
        std::unique_ptr<Jobs> jobs;
        loop.post([&] {
            jobs = std::make_unique<Jobs>(world, bus, JobOptions{.at_once = {{"a", 4}}, .publish_every = 1ms});
            for (unsigned i = 0; i < count; ++i)
                (void)jobs->start(
                    "a", {},
                    [](JobContext& context) -> Result<Json> {
                        context.set_total(1000);
                        for (int k = 0; k < 1000 && !context.stop().stop_requested(); ++k) {
                            context.advance(1);
                            if (k % 100 == 0) context.set_stage(std::to_string(k));
                        }
                        return Json(1);
                    },
                    [&](const JobInfo&) {
                        ++ended;
                        ended.notify_all();
                    });
        });
        for (unsigned now = 0; now < count; now = ended.load()) ended.wait(now);
        std::atomic<bool> gone{false};
        loop.post([&] {
            jobs.reset();
            gone = true;
            gone.notify_all();
        });
        gone.wait(false);
    }
    EXPECT_EQ(ended.load(), count);
}

}    // namespace
}    // namespace filfil::service
