// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service_rig.hpp"

namespace filfil::service {
namespace {

TEST(Daemon, FollowsANodeFromNothingAndTellsHowFarItIs) {
    ServiceRig rig({});
    ASSERT_TRUE(rig.wait_state("synced"));
    const Json status = rig.ask("FilFil.Status");
    EXPECT_EQ(status["network"], "devnet");
    EXPECT_EQ(status["head_epoch"], rig.devnet->status().epoch.value);
    EXPECT_EQ(status["synced_epoch"], rig.devnet->status().epoch.value);
    EXPECT_EQ(status["lag"], 0);
    EXPECT_GT(status["blocks"].get<std::uint64_t>(), 100U);
    EXPECT_TRUE(status["durable"].get<bool>()) << status.dump();
    EXPECT_EQ(status["node"], "ws://node:1234/rpc/v1");
    EXPECT_TRUE(status["alerts"].empty()) << status["alerts"].dump();
    ASSERT_FALSE(rig.process->notified.empty());
    EXPECT_EQ(rig.process->notified.front(), "READY=1");

    rig.go_on(5);
    EXPECT_EQ(rig.ask("FilFil.Status")["synced_epoch"], rig.devnet->status().epoch.value);
}

TEST(Daemon, LetsNobodyAtTheEngineWhileItIsFilled) {
    ServiceRig rig({});
    bool waited = false;
    for (;;) {
        const Json status = rig.ask("FilFil.Status");
        for (const char* method : {"FilFil.TakeSnapshot", "FilFil.Hold", "FilFil.Audit", "FilFil.Checkpoint"}) {
            const rpc::Answer answer = rig.call(method);
            if (!answer.error) continue;
            EXPECT_EQ((*answer.error->data)["code"], "busy") << method << ": " << answer.error->message;
            waited = true;
        }
        if (status["state"] == "synced") break;
        rig.clock.advance(std::chrono::milliseconds(1));
    }
    EXPECT_TRUE(waited);
}

TEST(Daemon, ComesBackAfterAKillWithoutTheNode) {
    ServiceRig rig({});
    ASSERT_TRUE(rig.wait_state("synced"));
    rig.go_on(3);
    const Json before = rig.ask("FilFil.Status");
    rig.kill();
    rig.config.nodes = {{.url = "ws://node:9/rpc/v1"}};
    ASSERT_FALSE(rig.start());
    ASSERT_TRUE(rig.wait_state("node_lost"));
    const Json after = rig.ask("FilFil.Status");
    EXPECT_EQ(after["synced_epoch"], before["synced_epoch"]);
    rig.clock.advance(std::chrono::seconds(20));
    EXPECT_EQ(rig.ask("FilFil.Status")["blocks"], before["blocks"]);
    const Json alerts = rig.ask("FilFil.Status")["alerts"];
    ASSERT_EQ(alerts.size(), 1U);
    EXPECT_EQ(alerts[0]["code"], "node_lost");
    // Snapshots can be taken all the same.
    EXPECT_EQ(rig.take({{"target", "none"}})["state"], "done");
}

TEST(Daemon, StopsWithEverythingWrittenAndStartsAgain) {
    ServiceRig rig({});
    ASSERT_TRUE(rig.wait_state("synced"));
    const Json hold = rig.ask("FilFil.Hold", {{"reason", "kept"}});
    rig.stop();
    ASSERT_FALSE(rig.start());
    ASSERT_TRUE(rig.wait_state("synced"));
    const Json holds = rig.ask("FilFil.Holds")["holds"];
    ASSERT_EQ(holds.size(), 1U);
    EXPECT_EQ(holds[0]["number"], hold["number"]);
    EXPECT_EQ(holds[0]["reason"], "kept");
}

TEST(Daemon, IsToldToStopByItsApi) {
    ServiceRig rig({});
    EXPECT_EQ(rig.ask("FilFil.Stop")["stopping"], true);
    EXPECT_FALSE(rig.process->stop_asked);
    rig.clock.advance(std::chrono::seconds(1));
    EXPECT_TRUE(rig.process->stop_asked);
    rig.stop();
}

TEST(Daemon, CanBeStoppedAtAnyMomentOfItsStart) {
    for (int steps = 0; steps < 60; ++steps) {
        ServiceRig rig({.events = 5, .start = false});
        rig.process = std::make_unique<ServiceRig::Process>(rig, 5);
        int started = 0;
        bool stopped = false;
        rig.process->daemon->start([&](const Result<void>&) { ++started; });
        int tasks = 0;
        rig.clock.run_until([&] { return tasks++ >= steps * 3; }, std::chrono::minutes(1));
        rig.process->daemon->stop([&] { stopped = true; });
        EXPECT_TRUE(rig.clock.run_until([&] { return stopped; }, std::chrono::minutes(1))) << steps;
        EXPECT_EQ(started, 1) << steps;
    }
}

TEST(Daemon, CanBeKilledAtAnyMomentAndItsNextStartSyncs) {
    for (int steps = 0; steps < 40; ++steps) {
        ServiceRig rig({.events = 5, .start = false});
        rig.process = std::make_unique<ServiceRig::Process>(rig, 5);
        rig.process->daemon->start([](const Result<void>&) {});
        int tasks = 0;
        rig.clock.run_until([&] { return tasks++ >= steps * 7; }, std::chrono::minutes(1));
        rig.kill();
        ASSERT_FALSE(rig.start()) << steps;
        ASSERT_TRUE(rig.wait_state("synced")) << steps;
    }
}

TEST(Daemon, SaysWhyItCannotStart) {
    {
        ServiceRig rig({.start = false});
        rig.journal_fault = Error(ErrorCode::corrupt, "/data/journal.db: is damaged", "restore a backup");
        const auto why = rig.start();
        ASSERT_TRUE(why);
        EXPECT_EQ(why->code, ErrorCode::corrupt);
        EXPECT_EQ(why->remedy, "restore a backup");
        EXPECT_TRUE(rig.logged("is damaged"));
    }
    {
        ServiceRig rig({.start = false});
        auto taken = rig.client_machine.transport.listen({.at = {"127.0.0.1", 5346}}, *rig.devnet);
        ASSERT_TRUE(taken.ok());
        const auto why = rig.start();
        ASSERT_TRUE(why);
        EXPECT_EQ(why->code, ErrorCode::io);
    }
    {
        ServiceRig rig({});
        // Another process in the same folder.
        ServiceRig::Process other(rig, 4);
        std::optional<Result<void>> started;
        other.daemon->start([&](Result<void> done) { started = std::move(done); });
        ASSERT_TRUE(rig.clock.run_until([&] { return started.has_value(); }));
        ASSERT_FALSE(started->ok());
        EXPECT_EQ(started->error().code, ErrorCode::busy);
        ASSERT_TRUE(rig.wait_state("synced"));
    }
}

TEST(Daemon, SaysWhyTheChainCannotBeLoadedAndTriesAgain) {
    ServiceRig rig({.start = false});
    rig.config.chain.bootstrap = "/chain.car";
    ASSERT_FALSE(rig.start());
    ASSERT_TRUE(rig.wait_state("failed"));
    Json status = rig.ask("FilFil.Status");
    EXPECT_NE(status["why"].get<std::string>().find("/chain.car"), std::string::npos);
    ASSERT_EQ(status["alerts"].size(), 1U);
    EXPECT_EQ(status["alerts"][0]["code"], "failed");
    EXPECT_TRUE(rig.logged("/chain.car"));
    const rpc::Answer refused = rig.call("FilFil.TakeSnapshot");
    ASSERT_TRUE(refused.error);
    EXPECT_NE(refused.error->message.find("/chain.car"), std::string::npos);

    // A CAR of the same chain, taken by another daemon.
    ServiceRig source({});
    ASSERT_TRUE(source.wait_state("synced"));
    const Json made = source.take({{"recent_stateroots", 10}});
    ASSERT_EQ(made["state"], "done") << made.dump();
    rig.files.put("/chain.car", source.files.contents(made["result"]["path"].get<std::string>()));
    EXPECT_EQ(rig.ask("FilFil.Retry")["retrying"], true);
    ASSERT_TRUE(rig.wait_state("synced"));
    EXPECT_TRUE(rig.ask("FilFil.Status")["alerts"].empty());
}

TEST(Daemon, RefusesAChainOfAnotherNetworkAndKeepsNothingOfIt) {
    ServiceRig source({});
    ASSERT_TRUE(source.wait_state("synced"));
    const Json made = source.take({{"recent_stateroots", 10}});
    ASSERT_EQ(made["state"], "done") << made.dump();
    ServiceRig rig({.start = false});
    rig.config.network = "calibnet";
    rig.config.chain.bootstrap = "/chain.car";
    rig.files.put("/chain.car", source.files.contents(made["result"]["path"].get<std::string>()));
    ASSERT_FALSE(rig.start());
    ASSERT_TRUE(rig.wait_state("failed"));
    const std::string why = rig.ask("FilFil.Status")["why"];
    EXPECT_NE(why.find("genesis"), std::string::npos) << why;
    for (const std::string& path : rig.files.paths()) EXPECT_EQ(path.find("checkpoint"), std::string::npos) << path;
    rig.stop();
    rig.config.network = "devnet";
    ASSERT_FALSE(rig.start());
    EXPECT_TRUE(rig.wait_state("synced"));
}

TEST(Daemon, FollowsOnWithAFullDiskAndSaysSoUntilThereIsRoom) {
    ServiceRig rig({});
    ASSERT_TRUE(rig.wait_state("synced"));
    rig.files.fill_up_after(0);
    rig.go_on(4);
    Json status = rig.ask("FilFil.Status");
    EXPECT_EQ(status["synced_epoch"], rig.devnet->status().epoch.value);
    EXPECT_FALSE(status["durable"].get<bool>());
    ASSERT_FALSE(status["alerts"].empty());
    EXPECT_EQ(status["alerts"][0]["code"], "not_durable");
    EXPECT_FALSE(status["alerts"][0]["remedy"].get<std::string>().empty());

    // Nothing half written of a snapshot, and its hold is gone.
    const Json failed = rig.take(Json::object());
    EXPECT_EQ(failed["state"], "failed");
    EXPECT_FALSE(failed["error"]["message"].get<std::string>().empty());
    for (const std::string& path : rig.files.paths())
        EXPECT_EQ(path.find("filfil_snapshot"), std::string::npos) << path;
    rig.clock.advance(std::chrono::seconds(10));
    EXPECT_TRUE(rig.ask("FilFil.Holds")["holds"].empty());

    rig.files.make_room();
    rig.clock.advance(std::chrono::minutes(70));
    rig.go_on(1);
    status = rig.ask("FilFil.Status");
    EXPECT_TRUE(status["durable"].get<bool>()) << status.dump();
    // The chain stood still for an hour, which the clock tells.
    ASSERT_EQ(status["alerts"].size(), 1U) << status["alerts"].dump();
    EXPECT_EQ(status["alerts"][0]["code"], "node_behind");
}

TEST(Daemon, ServesMetricsAndHealth) {
    ServiceRig rig({});
    ASSERT_TRUE(rig.wait_state("synced"));
    rig.clock.advance(std::chrono::seconds(10));
    EXPECT_EQ(rig.get("/healthz").status, 200);
    const HttpResponse metrics = rig.get("/metrics");
    EXPECT_EQ(metrics.status, 200);
    EXPECT_NE(metrics.body.find("filfil_state{state=\"synced\"} 1"), std::string::npos) << metrics.body;
    EXPECT_NE(metrics.body.find("filfil_synced_epoch " + std::to_string(rig.devnet->status().epoch.value)),
              std::string::npos);
}

}    // namespace
}    // namespace filfil::service
