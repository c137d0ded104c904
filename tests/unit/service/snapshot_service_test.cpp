// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service_rig.hpp"

#include "commp/hash_source.hpp"
#include "ipld/digest.hpp"
#include "reference_walk.hpp"
#include "snapshot/recipe.hpp"

namespace filfil::service {
namespace {

/// The piece commitment of bytes, by the way of `fil-fil commp`.
std::string commp_of(ByteView bytes) {
    InlineExecutor at_once;
    const SystemClock clock;
    auto backend = commp::make_cpu_backend("portable", at_once, clock);
    const auto file = memory_file("piece", bytes);
    const auto hashed = commp::hash_source(*file, **backend, at_once, {.allow_small = true, .stop = {}});
    return hashed.ok() ? commp::piece_cid_v1(hashed->piece).text() : hashed.error().text();
}

ByteView bytes_of_body(const HttpResponse& response) { return bytes_of(response.body); }

/// A body that the transport gave as it was sent.
Bytes body_of(const HttpResponse& response) { return to_bytes(bytes_of_body(response)); }

std::vector<std::string> snapshot_files(const ServiceRig& rig) {
    std::vector<std::string> out;
    for (const std::string& path : rig.files.paths())
        if (path.find("filfil_snapshot") != std::string::npos) out.push_back(path);
    return out;
}

TEST(SnapshotService, TakesWhatTheReferenceWalkGives) {
    ServiceRig rig({.seed = 3});
    ASSERT_TRUE(rig.wait_state("synced"));
    const Json job = rig.take({{"target", "file"}, {"sha256", true}, {"recent_stateroots", 5}});
    ASSERT_EQ(job["state"], "done") << job.dump();
    const Json& result = job["result"];
    const Bytes file = rig.files.contents(result["path"].get<std::string>());
    EXPECT_EQ(file.size(), result["car_bytes"].get<std::uint64_t>());
    EXPECT_EQ(Json(to_hex(ipld::sha2_256(file))), result["car_sha256"]);
    EXPECT_EQ(result["load_seconds"], 0.0);
    EXPECT_FALSE(result["reused"].get<bool>());
    EXPECT_EQ(job["done_bytes"], job["total_bytes"]);
    EXPECT_EQ(result["epoch"], rig.devnet->status().epoch.value);

    const auto loaded = reference::load_car(file);
    ASSERT_TRUE(loaded.ok()) << loaded.error().text();
    EXPECT_EQ(loaded->roots, rig.devnet->status().head);
    const reference::Walk walk = reference::walk(loaded->blocks, loaded->roots, {5, true, reference::Rules::lotus});
    ASSERT_FALSE(walk.fault) << walk.fault->why;
    EXPECT_EQ(walk.order, loaded->order);
    EXPECT_EQ(result["blocks"], loaded->order.size());
}

TEST(SnapshotService, ServesPiecesFromMemoryThenFromTheFile) {
    ServiceRig rig({});
    ASSERT_TRUE(rig.wait_state("synced"));
    const Json result = rig.take(Json::object())["result"];
    ASSERT_GT(result["pieces"].size(), 1U) << result.dump();
    const auto check = [&] {
        for (const Json& piece : result["pieces"]) {
            const HttpResponse got = rig.get("/piece/" + piece["piece_cid"].get<std::string>());
            EXPECT_EQ(got.status, 200);
            EXPECT_EQ(Json(commp_of(body_of(got))), piece["piece_cid"]);
        }
    };
    rig.clock.advance(std::chrono::seconds(6));
    EXPECT_EQ(rig.ask("FilFil.Status")["layouts"], 1);
    EXPECT_EQ(rig.ask("FilFil.Holds")["holds"].size(), 1U);
    check();
    rig.clock.advance(std::chrono::minutes(70));
    EXPECT_EQ(rig.ask("FilFil.Status")["layouts"], 0);
    EXPECT_TRUE(rig.ask("FilFil.Holds")["holds"].empty());
    check();
    rig.files.erase(result["path"].get<std::string>());
    EXPECT_GE(rig.get("/piece/" + result["pieces"][0]["piece_cid"].get<std::string>()).status, 400);
}

TEST(SnapshotService, LaysOutAnewWhatHasNoFileAsLongAsItsHoldLasts) {
    ServiceRig rig({});
    ASSERT_TRUE(rig.wait_state("synced"));
    const Json result = rig.take({{"target", "none"}, {"keep_seconds", 3 * 3600}})["result"];
    EXPECT_TRUE(snapshot_files(rig).empty());
    rig.go_on(12);
    rig.clock.advance(std::chrono::minutes(70));
    EXPECT_EQ(rig.ask("FilFil.Status")["layouts"], 0);
    ASSERT_EQ(rig.ask("FilFil.Holds")["holds"].size(), 1U);
    const Json piece = result["pieces"].back();
    const HttpResponse got = rig.get("/piece/" + piece["piece_cid"].get<std::string>());
    EXPECT_EQ(got.status, 200);
    EXPECT_EQ(Json(commp_of(body_of(got))), piece["piece_cid"]);
    EXPECT_EQ(rig.ask("FilFil.Status")["layouts"], 1);
    rig.clock.advance(std::chrono::hours(4));
    EXPECT_TRUE(rig.ask("FilFil.Holds")["holds"].empty());
    EXPECT_EQ(rig.get("/piece/" + piece["piece_cid"].get<std::string>()).status, 404);
}

TEST(SnapshotService, WhatIsBeingReadKeepsItsHold) {
    ServiceRig rig({});
    ASSERT_TRUE(rig.wait_state("synced"));
    const Json result = rig.take({{"target", "none"}, {"keep_seconds", 600}})["result"];
    const std::string path = "/piece/" + result["pieces"][0]["piece_cid"].get<std::string>();
    for (int i = 0; i < 12; ++i) {
        rig.clock.advance(std::chrono::minutes(20));
        ASSERT_EQ(rig.get(path, {{"Range", "bytes=0-99"}}).status, 206) << i;
    }
    EXPECT_EQ(rig.ask("FilFil.Holds")["holds"].size(), 1U);
    rig.clock.advance(std::chrono::hours(2));
    EXPECT_TRUE(rig.ask("FilFil.Holds")["holds"].empty());
    EXPECT_EQ(rig.get(path).status, 404);
}

TEST(SnapshotService, HashesTheSameSnapshotOnce) {
    ServiceRig rig({});
    ASSERT_TRUE(rig.wait_state("synced"));
    const Json epoch = rig.ask("FilFil.Status")["head_epoch"];
    const Json first = rig.take({{"epoch", epoch}, {"target", "none"}})["result"];
    const Json again = rig.take({{"epoch", epoch}, {"target", "none"}})["result"];
    EXPECT_FALSE(first["reused"].get<bool>());
    EXPECT_TRUE(again["reused"].get<bool>());
    EXPECT_EQ(again["id"], first["id"]);
    EXPECT_EQ(again["pieces"], first["pieces"]);
    // Files are still written, and once only.
    const Json filed = rig.take({{"epoch", epoch}, {"target", "pieces"}})["result"];
    EXPECT_TRUE(filed["reused"].get<bool>());
    ASSERT_EQ(snapshot_files(rig).size(), filed["pieces"].size());
    for (const Json& piece : filed["pieces"])
        EXPECT_EQ(Json(commp_of(rig.files.contents(piece["path"].get<std::string>()))), piece["piece_cid"]);
    const std::uint64_t changes = rig.files.changes();
    EXPECT_EQ(rig.take({{"epoch", epoch}, {"target", "pieces"}})["state"], "done");
    EXPECT_EQ(rig.files.changes(), changes);
    // A row that a crash kept from being written: the receipts still spare the hashing.
    rig.journal.snapshots.clear();
    rig.kill();
    ASSERT_FALSE(rig.start());
    ASSERT_TRUE(rig.wait_state("synced"));
    const Json after = rig.take({{"epoch", epoch}, {"target", "none"}})["result"];
    EXPECT_TRUE(after["reused"].get<bool>());
    EXPECT_EQ(after["pieces"][0]["piece_cid"], first["pieces"][0]["piece_cid"]);
}

TEST(SnapshotService, TwoOfTheSameAtOnceAreOneJob) {
    ServiceRig rig({});
    ASSERT_TRUE(rig.wait_state("synced"));
    rig.connect();
    std::vector<Json> answers;
    for (int i = 0; i < 3; ++i)
        rig.client->call("FilFil.TakeSnapshot", {{"target", i < 2 ? "file" : "pieces"}},
                         [&](rpc::Answer answer) { answers.push_back(answer.result.value_or(Json::object())); });
    ASSERT_TRUE(rig.clock.run_until([&] { return answers.size() == 3; }));
    EXPECT_EQ(answers[0], answers[1]);
    EXPECT_NE(answers[0], answers[2]);
    const Json one = rig.job(answers[0]);
    const Json other = rig.job(answers[2]);
    EXPECT_EQ(one["state"], "done");
    EXPECT_EQ(other["state"], "done") << other.dump();
    EXPECT_EQ(one["result"]["id"], other["result"]["id"]);
    rig.clock.advance(std::chrono::seconds(10));
    EXPECT_EQ(rig.ask("FilFil.Holds")["holds"].size(), 1U);
    const Json row = rig.ask("FilFil.Snapshot", {{"id", one["result"]["id"]}});
    EXPECT_TRUE(row["path"].is_string());
    EXPECT_TRUE(row["pieces"][0]["path"].is_string());
}

TEST(SnapshotService, NamesTheEpochsThatCanBeHad) {
    ServiceRig rig({.null_rate = 0});
    ASSERT_TRUE(rig.wait_state("synced"));
    const std::int64_t head = rig.ask("FilFil.Status")["head_epoch"];
    for (const std::int64_t epoch : {head + 1, head + 1'000'000}) {
        const rpc::Answer answer = rig.call("FilFil.TakeSnapshot", {{"epoch", epoch}});
        ASSERT_TRUE(answer.error);
        EXPECT_EQ((*answer.error->data)["code"], "not_found");
        const std::string remedy = (*answer.error->data)["remedy"];
        EXPECT_NE(remedy.find(" to " + std::to_string(head)), std::string::npos) << remedy;
    }
    // The range is right: its ends can be had, and what is below cannot.
    const rpc::Answer answer = rig.call("FilFil.TakeSnapshot", {{"epoch", 0}, {"recent_stateroots", 5}});
    ASSERT_TRUE(answer.error) << answer.result->dump();
    const std::string remedy = (*answer.error->data)["remedy"];
    const std::size_t at = remedy.find("of epochs ");
    ASSERT_NE(at, std::string::npos) << remedy;
    const std::int64_t first = std::stoll(remedy.substr(at + 10));
    EXPECT_EQ(rig.take({{"epoch", first}, {"target", "none"}})["state"], "done");
    EXPECT_TRUE(rig.call("FilFil.TakeSnapshot", {{"epoch", first - 1}, {"target", "none"}}).error);
}

TEST(SnapshotService, ANullRoundMeansTheTipsetBeforeIt) {
    ServiceRig rig({.seed = 5, .null_rate = 300});
    ASSERT_TRUE(rig.wait_state("synced"));
    rig.go_on(15);
    const std::int64_t head = rig.ask("FilFil.Status")["head_epoch"];
    int null_rounds = 0;
    for (std::int64_t epoch = head; epoch > head - 10; --epoch) {
        const Json result = rig.take({{"epoch", epoch}, {"target", "none"}})["result"];
        EXPECT_LE(result["epoch"].get<std::int64_t>(), epoch);
        null_rounds += result["epoch"].get<std::int64_t>() < epoch ? 1 : 0;
    }
    EXPECT_GT(null_rounds, 0);
}

TEST(SnapshotService, TakesTheFinalizedTipset) {
    ServiceRig rig({.null_rate = 0});
    ASSERT_TRUE(rig.wait_state("synced"));
    rig.go_on(15);
    const Json status = rig.ask("FilFil.Status");
    ASSERT_TRUE(status["finalized_epoch"].is_number()) << status.dump();
    EXPECT_EQ(status["finality"], "f3");
    const Json job = rig.take({{"finalized", true}, {"target", "none"}});
    ASSERT_EQ(job["state"], "done") << job.dump();
    EXPECT_EQ(job["result"]["epoch"], status["finalized_epoch"]);
}

TEST(SnapshotService, WritesEveryKindOfFile) {
    ServiceRig rig({});
    ASSERT_TRUE(rig.wait_state("synced"));
    const Json plain = rig.take({{"target", "file"}, {"folder", "/elsewhere/deep"}})["result"];
    EXPECT_EQ(plain["path"].get<std::string>().rfind("/elsewhere/deep/filfil_snapshot_devnet_", 0), 0U);
    const Json packed = rig.take(
        {{"target", "file"}, {"compression", "forest"}, {"folder", "packed"}, {"network", "my.net"}})["result"];
    EXPECT_EQ(packed["path"].get<std::string>().rfind("/data/snapshots/packed/filfil_snapshot_my.net_", 0), 0U);
    EXPECT_TRUE(packed["path"].get<std::string>().ends_with(".forest.car.zst"));
    const auto one = reference::load_car(rig.files, plain["path"].get<std::string>());
    const auto other = reference::load_car(rig.files, packed["path"].get<std::string>());
    ASSERT_TRUE(one.ok() && other.ok());
    EXPECT_EQ(one->order, other->order);
    const Json second = rig.take({{"format", "v2"}, {"target", "file"}})["result"];
    ASSERT_EQ(second["root_cids"].size(), 1U);
    EXPECT_NE(second["root_cids"], plain["root_cids"]);
    EXPECT_NE(second["id"], plain["id"]);
    const HttpResponse got = rig.get("/piece/" + second["pieces"].back()["piece_cid"].get<std::string>());
    EXPECT_EQ(Json(commp_of(body_of(got))), second["pieces"].back()["piece_cid"]);
}

TEST(SnapshotService, AFileOfAnotherRecipeTakesThePlaceOfTheOneBefore) {
    ServiceRig rig({});
    ASSERT_TRUE(rig.wait_state("synced"));
    for (const char* target : {"file", "pieces"}) {
        const Json first = rig.take({{"target", target}, {"recent_stateroots", 5}})["result"];
        const Json second = rig.take({{"target", target}, {"recent_stateroots", 6}})["result"];
        ASSERT_NE(first["id"], second["id"]);
        const Json row = rig.ask("FilFil.Snapshot", {{"id", first["id"]}});
        const bool same = target == std::string("file") || first["pieces"].size() == second["pieces"].size();
        if (same) {
            EXPECT_TRUE(row["path"].is_null());
            EXPECT_TRUE(row["pieces"][0]["path"].is_null());
        }
        // From memory as it was, and from the disk no more.
        const std::string cid = first["pieces"].back()["piece_cid"];
        EXPECT_EQ(commp_of(body_of(rig.get("/piece/" + cid))), cid);
        EXPECT_EQ(rig.take({{"target", target}, {"recent_stateroots", 5}})["state"], "done");
        EXPECT_EQ(commp_of(body_of(rig.get("/piece/" + cid))), cid);
        const std::string other = second["pieces"].back()["piece_cid"];
        EXPECT_EQ(commp_of(body_of(rig.get("/piece/" + other))), other);
    }
}

TEST(SnapshotService, ForgetsFilesAndHold) {
    ServiceRig rig({});
    ASSERT_TRUE(rig.wait_state("synced"));
    const Json result = rig.take(Json::object())["result"];
    const Json forgotten = rig.ask("FilFil.ForgetSnapshot", {{"id", result["id"]}});
    EXPECT_EQ(forgotten["bytes_freed"], result["car_bytes"]);
    EXPECT_TRUE(forgotten["hold_released"].get<bool>());
    EXPECT_TRUE(snapshot_files(rig).empty());
    EXPECT_TRUE(rig.ask("FilFil.Holds")["holds"].empty());
    EXPECT_EQ(rig.get("/piece/" + result["pieces"][0]["piece_cid"].get<std::string>()).status, 404);
    EXPECT_TRUE(rig.take(Json::object())["result"]["reused"].get<bool>());
    EXPECT_TRUE(rig.call("FilFil.ForgetSnapshot", {{"id", 999}}).error);
}

TEST(SnapshotService, VerifiesFilesOfItsFolderAlone) {
    ServiceRig rig({});
    ASSERT_TRUE(rig.wait_state("synced"));
    const Json result = rig.take({{"target", "pieces"}})["result"];
    const std::string path = result["pieces"][0]["path"];
    for (const char* name : {"piece_cid", "piece_cid_v2"}) {
        const Json job =
            rig.job(rig.ask("FilFil.VerifyFile", {{"path", path}, {"piece_cid", result["pieces"][0][name]}}));
        EXPECT_EQ(job["state"], "done") << job.dump();
        EXPECT_TRUE(job["result"]["match"].get<bool>());
    }
    const Json wrong =
        rig.job(rig.ask("FilFil.VerifyFile", {{"path", path}, {"piece_cid", result["pieces"][1]["piece_cid"]}}));
    EXPECT_FALSE(wrong["result"]["match"].get<bool>());
    for (const char* outside : {"/data/token.admin", "/data/snapshotsX/a", "/etc/passwd"}) {
        const Json job =
            rig.job(rig.ask("FilFil.VerifyFile", {{"path", outside}, {"piece_cid", result["pieces"][0]["piece_cid"]}}));
        EXPECT_EQ(job["state"], "failed");
        EXPECT_EQ(job["error"]["code"], "denied") << job.dump();
    }
    EXPECT_TRUE(
        rig.call("FilFil.VerifyFile", {{"path", "../token.admin"}, {"piece_cid", result["pieces"][0]["piece_cid"]}})
            .error);
}

TEST(SnapshotService, NothingIsLostOrLeftBehindByAKillAtAnyChangeOfTheDisk) {
    // How many changes a take makes.
    std::uint64_t changes = 0;
    {
        ServiceRig rig({.events = 12});
        ASSERT_TRUE(rig.wait_state("synced"));
        const std::uint64_t before = rig.files.changes();
        ASSERT_EQ(rig.take({{"target", "pieces"}})["state"], "done");
        changes = rig.files.changes() - before;
    }
    ASSERT_GT(changes, 5U);
    for (std::uint64_t at = 1; at <= changes; ++at) {
        ServiceRig rig({.events = 12});
        ASSERT_TRUE(rig.wait_state("synced"));
        const Json epoch = rig.ask("FilFil.Status")["head_epoch"];
        rig.connect();
        rig.files.crash_at(at);
        rig.client->call("FilFil.TakeSnapshot", {{"target", "pieces"}}, [](const rpc::Answer&) {});
        (void)rig.clock.run_until([&] { return rig.files.crashed(); }, std::chrono::minutes(1));
        rig.client.reset();
        rig.process.reset();
        SeededRandom random(at);
        rig.files.restart(random);
        ASSERT_FALSE(rig.start()) << "change " << at;
        ASSERT_TRUE(rig.wait_state("synced")) << "change " << at;
        rig.clock.advance(std::chrono::seconds(10));
        for (const std::string& path : rig.files.paths())
            EXPECT_FALSE(path.ends_with(".car.part")) << path << ", change " << at;
        const Json rows = rig.ask("FilFil.Snapshots")["snapshots"];
        EXPECT_EQ(rig.ask("FilFil.Holds")["holds"].size(), rows.size()) << "change " << at;
        // What is in the journal is there; what is not can be had.
        const Json again = rig.take({{"epoch", epoch}, {"target", "pieces"}});
        ASSERT_EQ(again["state"], "done") << "change " << at << again.dump();
        for (const Json& piece : again["result"]["pieces"])
            EXPECT_EQ(Json(commp_of(rig.files.contents(piece["path"].get<std::string>()))), piece["piece_cid"]);
    }
}

}    // namespace
}    // namespace filfil::service
