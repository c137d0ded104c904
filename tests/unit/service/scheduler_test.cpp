// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service_rig.hpp"

#include <map>
#include <set>

namespace filfil::service {
namespace {

/// Epochs of all snapshots that were taken, each as often as a row has it.
std::multiset<std::int64_t> taken(ServiceRig& rig) {
    std::multiset<std::int64_t> out;
    const Json rows = rig.ask("FilFil.Snapshots")["snapshots"];
    for (const Json& row : rows) out.insert(row["epoch"].get<std::int64_t>());
    return out;
}

TEST(Scheduler, TakesEachMultipleOnce) {
    ServiceRig rig({.null_rate = 0});
    ASSERT_TRUE(rig.wait_state("synced"));
    const std::int64_t start = rig.ask("FilFil.Status")["head_epoch"];
    const Json added = rig.ask("FilFil.AddSchedule", {{"every_epochs", 4}, {"finalized", false}, {"to_file", false}});
    rig.go_on(13);
    std::multiset<std::int64_t> wanted;
    for (std::int64_t epoch = (start + 3) / 4 * 4; epoch <= start + 13; epoch += 4) wanted.insert(epoch);
    EXPECT_EQ(taken(rig), wanted);
    // The same again is refused, and nothing is taken twice after a restart.
    EXPECT_TRUE(rig.call("FilFil.AddSchedule", {{"every_epochs", 4}, {"finalized", false}, {"to_file", false}}).error);
    rig.kill();
    ASSERT_FALSE(rig.start());
    ASSERT_TRUE(rig.wait_state("synced"));
    rig.clock.advance(std::chrono::minutes(1));
    EXPECT_EQ(taken(rig), wanted);
    EXPECT_TRUE(rig.ask("FilFil.Jobs")["jobs"].empty());
    const Json schedules = rig.ask("FilFil.Schedules")["schedules"];
    ASSERT_EQ(schedules.size(), 1U);
    EXPECT_EQ(schedules[0]["id"], added["id"]);
    EXPECT_EQ(rig.ask("FilFil.RemoveSchedule", {{"id", added["id"]}})["removed"], true);
    EXPECT_TRUE(rig.ask("FilFil.Schedules")["schedules"].empty());
}

TEST(Scheduler, OfMissedMultiplesTakesTheNewest) {
    ServiceRig rig({.null_rate = 0});
    ASSERT_TRUE(rig.wait_state("synced"));
    rig.ask("FilFil.AddSchedule", {{"every_epochs", 4}, {"finalized", false}, {"to_file", false}});
    rig.go_on(4);
    const auto before = taken(rig);
    rig.kill();
    for (int i = 0; i < 70; ++i) ASSERT_TRUE(rig.devnet->step().ok());
    ASSERT_FALSE(rig.start());
    ASSERT_TRUE(rig.wait_state("synced"));
    rig.clock.advance(std::chrono::minutes(1));
    const auto after = taken(rig);
    EXPECT_EQ(after.size(), before.size() + 1);
    EXPECT_EQ(*after.rbegin(), rig.devnet->status().epoch.value / 4 * 4);
}

TEST(Scheduler, OfTheConfigTakesWhatWasMissedWhileNobodyRan) {
    ServiceRig rig({.null_rate = 0, .start = false});
    rig.config.schedules = {{.every_epochs = 4, .finalized = false, .to_file = false}};
    ASSERT_FALSE(rig.start());
    ASSERT_TRUE(rig.wait_state("synced"));
    rig.go_on(4);
    std::multiset<std::int64_t> wanted = taken(rig);
    ASSERT_FALSE(wanted.empty());
    rig.kill();
    for (int i = 0; i < 6; ++i) ASSERT_TRUE(rig.devnet->step().ok());
    // The head that the next start finds is no multiple itself.
    if (rig.devnet->status().epoch.value % 4 == 0) ASSERT_TRUE(rig.devnet->step().ok());
    for (std::int64_t epoch = *wanted.rbegin() + 4; epoch <= rig.devnet->status().epoch.value; epoch += 4)
        wanted.insert(epoch);
    ASSERT_FALSE(rig.start());
    ASSERT_TRUE(rig.wait_state("synced"));
    rig.clock.advance(std::chrono::minutes(1));
    EXPECT_EQ(taken(rig), wanted);
}

TEST(Scheduler, TakesNothingThatTheJournalSaysIsDone) {
    ServiceRig rig({.null_rate = 0, .f3 = false});
    ASSERT_TRUE(rig.wait_state("synced"));
    const std::int64_t head = rig.ask("FilFil.Status")["head_epoch"];
    const std::string id = rig.ask("FilFil.AddSchedule", {{"at_epoch", head + 1}, {"finalized", true}})["id"];
    rig.go_on(2);
    ASSERT_EQ(rig.ask("FilFil.Holds")["holds"].size(), 1U);
    rig.kill();
    // As where the process ended between writing that down and letting go of the hold.
    MemoryJournal journal(rig.journal);
    const std::string key = "schedule/" + id + "/" + std::to_string(head + 1);
    const std::string request = Json({{"schedule", id}, {"epoch", head + 1}}).dump();
    ASSERT_TRUE(journal.intend(key, "snapshot", request).ok());
    ASSERT_TRUE(journal.finish(key, journal::EffectRecord::State::done, "{}").ok());
    ASSERT_FALSE(rig.start());
    ASSERT_TRUE(rig.wait_state("synced"));
    for (int i = 0; i < 960; ++i) {
        ASSERT_TRUE(rig.devnet->step().ok());
        rig.clock.advance(std::chrono::milliseconds(500));
    }
    rig.clock.advance(std::chrono::minutes(1));
    EXPECT_TRUE(taken(rig).empty());
    const Json jobs = rig.ask("FilFil.Jobs")["jobs"];
    for (const Json& job : jobs) EXPECT_NE(job["kind"], "snapshot") << job.dump();
    EXPECT_TRUE(rig.ask("FilFil.Holds")["holds"].empty());
    const Json schedules = rig.ask("FilFil.Schedules")["schedules"];
    EXPECT_TRUE(schedules[0]["waiting"].empty()) << schedules.dump();
}

TEST(Scheduler, TakesUpWhatTheJournalSaysWasBegun) {
    ServiceRig rig({.null_rate = 0});
    ASSERT_TRUE(rig.wait_state("synced"));
    const std::int64_t head = rig.ask("FilFil.Status")["head_epoch"];
    const std::string id =
        rig.ask("FilFil.AddSchedule", {{"every_epochs", 1000}, {"finalized", false}, {"to_file", false}})["id"];
    rig.kill();
    // As where the hold, and how far the schedule was, were lost with a full disk.
    MemoryJournal journal(rig.journal);
    for (const std::string& of : {id, std::string("every-7-head-file-00000000")}) {
        const std::string key = "schedule/" + of + "/" + std::to_string(head - 1);
        ASSERT_TRUE(journal.intend(key, "snapshot", Json({{"schedule", of}, {"epoch", head - 1}}).dump()).ok());
    }
    ASSERT_FALSE(rig.start());
    ASSERT_TRUE(rig.wait_state("synced"));
    rig.clock.advance(std::chrono::seconds(20));
    EXPECT_EQ(taken(rig), std::multiset<std::int64_t>{head - 1});
    EXPECT_TRUE(journal.open_effects()->empty());
}

TEST(Scheduler, KeepsTryingToWriteDownWhatWasDone) {
    ServiceRig rig({.null_rate = 0});
    ASSERT_TRUE(rig.wait_state("synced"));
    const std::int64_t at = rig.ask("FilFil.Status")["head_epoch"].get<std::int64_t>() + 1;
    rig.ask("FilFil.AddSchedule", {{"at_epoch", at}, {"finalized", false}, {"to_file", false}});
    ASSERT_TRUE(rig.devnet->step().ok());
    ASSERT_TRUE(rig.clock.run_until([&] { return !rig.journal.snapshots.empty(); }, std::chrono::minutes(1)));
    rig.journal.failure = Error(ErrorCode::io, "the journal is full");
    rig.clock.advance(std::chrono::minutes(2));
    rig.journal.failure.reset();
    rig.clock.advance(std::chrono::minutes(2));
    MemoryJournal journal(rig.journal);
    EXPECT_TRUE(journal.open_effects()->empty());
    EXPECT_EQ(taken(rig), std::multiset<std::int64_t>{at});
    const Json schedules = rig.ask("FilFil.Schedules")["schedules"];
    EXPECT_TRUE(schedules[0]["waiting"].empty()) << schedules.dump();
}

TEST(Scheduler, WaitsUntilTheEpochIsFinalAndHoldsItMeanwhile) {
    ServiceRig rig({.null_rate = 0, .f3 = false});
    ASSERT_TRUE(rig.wait_state("synced"));
    const std::int64_t at = rig.ask("FilFil.Status")["head_epoch"].get<std::int64_t>() + 2;
    rig.ask("FilFil.AddSchedule", {{"at_epoch", at}, {"finalized", true}});
    rig.go_on(5);
    Json schedule = rig.ask("FilFil.Schedules")["schedules"][0];
    ASSERT_EQ(schedule["waiting"].size(), 1U) << schedule.dump();
    EXPECT_EQ(schedule["waiting"][0]["epoch"], at);
    Json holds = rig.ask("FilFil.Holds")["holds"];
    ASSERT_EQ(holds.size(), 1U);
    EXPECT_EQ(holds[0]["kind"], "schedule");
    EXPECT_EQ(holds[0]["epoch"], at);

    // The hold outlives a kill, and the window.
    rig.kill();
    ASSERT_FALSE(rig.start());
    ASSERT_TRUE(rig.wait_state("synced"));
    rig.clock.advance(std::chrono::seconds(20));
    ASSERT_EQ(rig.ask("FilFil.Holds")["holds"].size(), 1U);
    EXPECT_TRUE(taken(rig).empty());
    for (int i = 0; i < 960; ++i) {
        ASSERT_TRUE(rig.devnet->step().ok());
        rig.clock.advance(std::chrono::milliseconds(500));
    }
    rig.clock.advance(std::chrono::minutes(1));
    EXPECT_EQ(taken(rig), std::multiset<std::int64_t>{at});
    schedule = rig.ask("FilFil.Schedules")["schedules"][0];
    EXPECT_TRUE(schedule["waiting"].empty()) << schedule.dump();
    EXPECT_EQ(schedule["last_epoch"], at);
}

TEST(Scheduler, FollowsTheEpochThroughReorgs) {
    for (std::uint64_t seed = 1; seed <= 6; ++seed) {
        ServiceRig rig({.seed = seed, .null_rate = 100, .fork_rate = 300});
        ASSERT_TRUE(rig.wait_state("synced"));
        rig.ask("FilFil.AddSchedule", {{"every_epochs", 3}, {"finalized", true}, {"to_file", false}});
        std::size_t waited = 0;
        for (int i = 0; i < 60; ++i) {
            rig.go_on(1);
            // What is waited for is kept as the chain has it now, once it has that epoch again.
            const Json head = rig.ask("FilFil.Status")["synced_epoch"];
            std::map<Json, Json> held;
            const Json holds = rig.ask("FilFil.Holds")["holds"];
            for (const Json& hold : holds) held[hold["number"]] = hold["head"];
            const Json waiting = rig.ask("FilFil.Schedules")["schedules"][0]["waiting"];
            for (const Json& one : waiting) {
                if (one["hold"].is_null() || one["epoch"] > head) continue;
                const Json now = rig.ask("FilFil.Hold", {{"epoch", one["epoch"]}, {"recent_stateroots", 1}});
                EXPECT_EQ(held[one["hold"]], now["head"]) << "seed " << seed << ", epoch " << one["epoch"];
                rig.ask("FilFil.ReleaseHold", {{"number", now["number"]}});
                ++waited;
            }
        }
        EXPECT_GT(waited, 0U) << "seed " << seed;
        rig.clock.advance(std::chrono::minutes(2));
        const Json status = rig.ask("FilFil.Status");
        const std::int64_t final_epoch = status["finalized_epoch"];
        // Every snapshot is of the chain as it is now.
        std::size_t seen = 0;
        const Json rows = rig.ask("FilFil.Snapshots")["snapshots"];
        for (const Json& row : rows) {
            const rpc::Answer held = rig.call("FilFil.Hold", {{"epoch", row["epoch"]}, {"recent_stateroots", 1}});
            EXPECT_LE(row["epoch"].get<std::int64_t>(), final_epoch) << "seed " << seed;
            if (!held.result) continue;
            EXPECT_EQ((*held.result)["head"], row["head"]) << "seed " << seed << ", epoch " << row["epoch"];
            ++seen;
        }
        EXPECT_GT(seen, 0U) << "seed " << seed;
    }
}

TEST(Scheduler, DoesOnceWhatAKillCutShort) {
    for (int cut = 0; cut < 30; ++cut) {
        ServiceRig rig({.events = 12, .null_rate = 0});
        ASSERT_TRUE(rig.wait_state("synced"));
        const std::int64_t at = rig.ask("FilFil.Status")["head_epoch"].get<std::int64_t>() + 1;
        rig.ask("FilFil.AddSchedule", {{"at_epoch", at}, {"finalized", false}});
        ASSERT_TRUE(rig.devnet->step().ok());
        int tasks = 0;
        rig.clock.run_until([&] { return tasks++ >= cut * 4; }, std::chrono::seconds(30));
        rig.kill();
        ASSERT_FALSE(rig.start());
        ASSERT_TRUE(rig.wait_state("synced"));
        rig.go_on(3);
        rig.clock.advance(std::chrono::minutes(1));
        EXPECT_EQ(taken(rig), std::multiset<std::int64_t>{at}) << "cut after " << cut * 4;
        const Json schedule = rig.ask("FilFil.Schedules")["schedules"][0];
        EXPECT_TRUE(schedule["waiting"].empty()) << schedule.dump();
        std::size_t done = 0;
        for (const auto& [key, effect] : rig.journal.effects)
            done += effect.state == journal::EffectRecord::State::done ? 1 : 0;
        EXPECT_EQ(done, 1U);
        // Of kind take or schedule nothing is left.
        const Json all_holds = rig.ask("FilFil.Holds")["holds"];
        for (const Json& hold : all_holds) EXPECT_EQ(hold["kind"], "snapshot") << hold.dump();
    }
}

TEST(Scheduler, KeepsTheNewestFiles) {
    ServiceRig rig({.null_rate = 0, .start = false});
    rig.config.snapshots.keep_files = 2;
    rig.config.schedules = {{.every_epochs = 3, .finalized = false}};
    ASSERT_FALSE(rig.start());
    ASSERT_TRUE(rig.wait_state("synced"));
    rig.go_on(13);
    rig.clock.advance(std::chrono::minutes(1));
    std::size_t files = 0;
    for (const std::string& path : rig.files.paths())
        files += path.ends_with(".car") && path.find("filfil_snapshot") != std::string::npos ? 1U : 0U;
    EXPECT_EQ(files, 2U);
    EXPECT_GE(taken(rig).size(), 4U);
    EXPECT_TRUE(rig.call("FilFil.RemoveSchedule", {{"id", rig.ask("FilFil.Schedules")["schedules"][0]["id"]}}).error);
}

TEST(Scheduler, GivesUpWhatCannotBeHadWithAnAlert) {
    ServiceRig rig({.events = 60, .null_rate = 0});
    ASSERT_TRUE(rig.wait_state("synced"));
    rig.ask("FilFil.AddSchedule", {{"at_epoch", 2}, {"finalized", false}});
    rig.clock.advance(std::chrono::minutes(1));
    const Json schedule = rig.ask("FilFil.Schedules")["schedules"][0];
    EXPECT_EQ(schedule["given_up_epoch"], 2) << schedule.dump();
    const Json alerts = rig.ask("FilFil.Status")["alerts"];
    ASSERT_EQ(alerts.size(), 1U) << alerts.dump();
    EXPECT_EQ(alerts[0]["code"].get<std::string>().rfind("schedule_", 0), 0U);
}

}    // namespace
}    // namespace filfil::service
