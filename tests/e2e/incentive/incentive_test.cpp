// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "ipld/piece_cid.hpp"
#include "scene.hpp"

#include <array>
#include <csignal>
#include <functional>
#include <map>
#include <optional>

namespace filfil::e2e {
namespace {

constexpr const char* two_fil = "2000000000000000000";

/// All on one chain: it takes its time to get there.
class Incentive : public testing::Test {
protected:
    void SetUp() override {
        if (const std::string missing = missing_for_anvil(); !missing.empty()) GTEST_SKIP() << missing;
        if (!s_scene) {
            s_scene = std::make_unique<Scene>();
            s_scene->start();
        }
        ASSERT_TRUE(s_scene->ready()) << "there is no chain to test on";
    }
    static void TearDownTestSuite() { s_scene.reset(); }

    static Scene& scene() { return *s_scene; }
    static LiveDaemon& daemon() { return s_scene->daemon(); }
    static Anvil& evm() { return s_scene->evm(); }

    static std::int64_t epoch_at(const Json& window, const char* name) { return window[name].get<std::int64_t>(); }

    static Words incentivize(const Json& window) {
        return {"incentivize", window["target_epoch"].dump(), "--reward", "2 FIL"};
    }

    /// What `operator status` says of a slot.
    static Json operator_slot(const Json& slot) {
        const Json status = scene().done({"operator", "status"});
        for (const Json& one : status.value("slots", Json::array()))
            if (one["slot"] == slot) return one;
        ADD_FAILURE() << "operator status does not show slot " << slot;
        return Json::object();
    }

    /// The pieces of a snapshot, as the script takes them.
    static Words pieces_of(const Json& snapshot) {
        Words out;
        const Json taken = scene().ask_daemon("FilFil.Snapshot", {{"id", snapshot}});
        EXPECT_TRUE(taken.is_object());
        for (const Json& piece : taken.is_object() ? taken["pieces"] : Json::array()) {
            const auto cid = ipld::Cid::parse(piece["piece_cid"].get<std::string>());
            EXPECT_TRUE(cid.ok());
            const auto info = ipld::read_piece_cid(*cid);
            EXPECT_TRUE(info.ok());
            out.push_back(to_hex(std::as_bytes(std::span(info->root))) + ":" + piece["padded_size"].dump());
        }
        return out;
    }

    /// As people see it: with --json errors stand on standard output.
    static Ended in_text(const LiveDaemon& daemon, Words words) {
        words.insert(words.end(), {"--data", daemon.folder()});
        return run(words);
    }

    inline static std::unique_ptr<Scene> s_scene;
};

TEST_F(Incentive, GoesFromAnEmptyContractToAPieceThatIsPaid) {
    const Json next = scene().done({"next-window"});
    EXPECT_EQ(next["miner"], "t01000");
    EXPECT_EQ(next["standing"], "active");
    EXPECT_EQ(next["state"], "ahead");
    const Json window = scene().window_of("t01000");
    ASSERT_FALSE(HasFailure());
    EXPECT_EQ(window["slot"], next["slot"]);
    EXPECT_EQ(window["target_epoch"], next["target_epoch"]);
    EXPECT_EQ(epoch_at(window, "open_epoch") - epoch_at(window, "target_epoch"), 120);
    EXPECT_EQ(operator_slot(window["slot"])["staged"], false);
    EXPECT_EQ(scene().totals_that_reconcile()["pool"], "100000000000000000000");

    const Json staged = scene().done(incentivize(window));
    ASSERT_FALSE(HasFailure());
    EXPECT_EQ(staged["slot"], window["slot"]);
    EXPECT_EQ(staged["reward"], two_fil);
    EXPECT_EQ(staged["already_staged"], false);
    const Json slot = operator_slot(window["slot"]);
    EXPECT_EQ(slot["staged"], true);
    EXPECT_EQ(slot["reward"], two_fil);
    EXPECT_EQ(slot["tipset"], staged["tipset"]);
    const Words holders = {"holders", staged["epoch"].dump()};
    EXPECT_EQ(scene().done(holders)["holders"], Json::array());
    EXPECT_EQ(scene().totals_that_reconcile()["locked"], two_fil);
    EXPECT_EQ(scene().stagings_of(window["slot"]), 1U);

    const Words pieces = pieces_of(staged["snapshot"]);
    EXPECT_EQ(Json(pieces.size()), staged["pieces"]);
    Process following(Words{"payouts", "--follow", "--data", daemon().folder()});
    ASSERT_TRUE(following.wait_for_error_text("waiting for what is earned"));
    ASSERT_TRUE(daemon().until([&](const Json& status) {
        return status["head_epoch"].get<std::int64_t>() >= epoch_at(window, "open_epoch");
    }));
    Words prove = {FILFIL_SOURCE_DIR "/tests/e2e/incentive/prove.mjs", evm().url(), scene().contract(), "1000",
                   "600000"};
    prove.insert(prove.end(), pieces.begin(), pieces.end());
    // The devnet may change to another branch, whose blocks have no proof: then it is proven again.
    Json sectors;
    Json held;
    for (int tries = 0; tries < 3 && held.size() != pieces.size() && !HasFailure(); ++tries) {
        const Ended proven = run_script(prove);
        ASSERT_EQ(proven.code, 0) << proven.err;
        sectors = object_of(proven);
        const std::uint64_t settled = evm().height() + Anvil::deepest_fork;
        ASSERT_TRUE(daemon().until([&](const Json&) { return evm().height() >= settled; }));
        held = scene().done(holders)["holders"];
    }
    ASSERT_EQ(held.size(), pieces.size());
    for (std::size_t i = 0; i < held.size(); ++i) {
        EXPECT_EQ(held[i]["miner"], "t01000");
        EXPECT_EQ(held[i]["piece"], i);
        EXPECT_EQ(held[i]["state"], "active");
        EXPECT_EQ(held[i]["sector"], sectors["sectors"][i]);
        EXPECT_EQ(held[i]["until_epoch"], sectors["until"]);
    }
    const Json totals = scene().totals_that_reconcile();
    EXPECT_EQ(totals["locked"], "0");
    EXPECT_EQ(totals["pool"], "98000000000000000000");
    EXPECT_EQ(totals["owed"], "1400000000000000000");    // three tenths are paid at once

    // What the contract told, as the daemon has kept it.
    const std::uint64_t now = evm().height();
    Json told;
    ASSERT_TRUE(daemon().until([&](const Json&) {
        told = scene().done({"contract", "events", "--slot", window["slot"].dump()});
        return told["read_to_epoch"].is_number() && told["read_to_epoch"].get<std::uint64_t>() >= now;
    }));
    EXPECT_EQ(told["trouble"], nullptr);
    std::map<std::string, std::size_t> events;
    for (const Json& event : told["events"]) ++events[event["name"]];
    EXPECT_EQ(events["SnapshotStaged"], 1U);
    EXPECT_EQ(events["PieceActivated"], pieces.size());
    EXPECT_EQ(events["SlotCompleted"], 1U);
    const Json own =
        scene().done({"contract", "events", "--miner", "t01000", "--name", "PieceActivated", "--limit", "1"});
    ASSERT_EQ(own["events"].size(), 1U);
    EXPECT_EQ(own["events"][0]["fields"]["sector"], sectors["sectors"].back());
    EXPECT_EQ(own["events"][0]["fields"]["until"], sectors["until"]);

    // Who followed has read it, and ends well.
    EXPECT_TRUE(following.wait_for_output_text("FIL for storing piece 0 of slot " + window["slot"].dump()));
    following.kill(SIGINT);
    const Ended followed = following.wait_with_open_input();
    EXPECT_EQ(followed.code, 0) << followed.err;

    // Where it serves is announced, found by others, and tried out.
    const std::string base = "http://" + daemon().retrieval();
    const Json announced = scene().done({"endpoint", "set", base, "--region", "here"});
    EXPECT_EQ(announced["url"], base + "#region=here");
    ASSERT_TRUE(
        daemon().until([&](const Json&) { return scene().done({"endpoint"})["endpoints"][0]["endpoint"] == base; }));
    const Json found = scene().done({"holders", staged["epoch"].dump(), "--region", "here", "--success-rate", "100%"});
    ASSERT_EQ(found["holders"].size(), pieces.size());
    EXPECT_EQ(found["holders"][0]["endpoint"], base);
    EXPECT_EQ(found["holders"][0]["alive"], true);
    EXPECT_EQ(Json(found["pieces"].size()), staged["pieces"]);
    EXPECT_EQ(scene().done({"holders", staged["epoch"].dump(), "--region", "there"})["holders"], Json::array());
    const Json known = scene().done({"reputation", "t01000"})["providers"];
    ASSERT_EQ(known.size(), 1U);
    EXPECT_EQ(known[0]["completed"], 1);
    EXPECT_EQ(known[0]["live_replicas"], 1);
    EXPECT_EQ(known[0]["earned"], "600000000000000000");
    const Json tested = scene().done({"test-retrieval"});
    EXPECT_EQ(tested["tested"], pieces.size());
    EXPECT_EQ(tested["failed"], 0) << tested.dump(1);
    for (const Json& piece : tested["pieces"]) EXPECT_EQ(piece["compared"], true) << piece.dump(1);

    // Who needs the snapshot gets it from there: by a daemon, and by an Ethereum node alone.
    const std::string by_daemon = scene().folder().path("by_daemon.car");
    const std::string by_node = scene().folder().path("by_node.car");
    const Json fetched = scene().done({"fetch", staged["epoch"].dump(), "-o", by_daemon});
    EXPECT_EQ(fetched["pieces"].size(), pieces.size());
    EXPECT_EQ(fetched["bad_sources"], Json::array());
    const Ended alone = run({"fetch", staged["epoch"].dump(), "-o", by_node, "--eth", evm().url(), "--contract",
                             scene().contract(), "--json"});
    ASSERT_EQ(alone.code, 0) << alone.err;
    const Json snapshots = scene().ask_daemon("FilFil.Snapshots", {{"epoch", staged["epoch"]}})["snapshots"];
    ASSERT_FALSE(snapshots.empty());
    const std::string bytes = scene().folder().read("by_daemon.car");
    EXPECT_EQ(Json(bytes.size()), snapshots[0]["car_bytes"]);
    EXPECT_TRUE(bytes == scene().folder().read("by_node.car"));
    EXPECT_EQ(run({"car", "verify", by_daemon}).code, 0);
}

TEST_F(Incentive, StagesOnceThoughTwoAskAtOnce) {
    const Json window = scene().window_of("t01001");
    ASSERT_FALSE(HasFailure());
    const std::uint64_t before = evm().nonce(Scene::wallet);
    Words words = incentivize(window);
    words.insert(words.end(), {"--data", daemon().folder(), "--json"});
    std::array<Process, 2> both{Process(words), Process(words)};
    std::size_t sent = 0;
    for (Process& one : both) {
        const Ended ended = one.wait();
        ASSERT_EQ(ended.code, 0) << ended.err;
        const Json told = object_of(ended);
        EXPECT_EQ(told["slot"], window["slot"]);
        if (told["already_staged"] == false) ++sent;
    }
    EXPECT_EQ(sent, 1U);
    const Json again = scene().done(incentivize(window));
    EXPECT_EQ(again["already_staged"], true);
    EXPECT_EQ(scene().stagings_of(window["slot"]), 1U);
    EXPECT_EQ(evm().nonce(Scene::wallet), before + 1);
    (void)scene().totals_that_reconcile();
}

/// Somewhere on the way of `incentivize`; true from there on.
struct Moment {
    const char* name;
    std::function<bool()> reached;
};

TEST_F(Incentive, StagesOnceThoughTheDaemonIsKilledOnTheWay) {
    const Json window = scene().window_of("t01002");
    ASSERT_FALSE(HasFailure());
    const std::uint64_t before = evm().nonce(Scene::wallet);
    const auto stage = [] {
        const Json jobs = scene().ask_daemon("FilFil.Jobs", {{"kind", "transaction"}, {"limit", 1}});
        const bool running = jobs.is_object() && !jobs["jobs"].empty() && jobs["jobs"][0]["state"] == "running";
        return running ? jobs["jobs"][0]["stage"].get<std::string>() : std::string();
    };
    const auto in_node = [&] { return evm().nonce(Scene::wallet, "pending") > before; };
    const auto in_block = [&] { return scene().stagings_of(window["slot"]) > 0; };
    const auto in_hands = [&] {
        const Json all = scene().ask_daemon("FilFil.Transactions", Json::object());
        return (all.is_object() && !all["transactions"].empty()) || in_node();
    };
    const std::array<Moment, 6> moments = {{
        {"begun", [&] { return !stage().empty() || in_node(); }},
        {"taking the snapshot", [&] { return stage() == "taking the snapshot" || stage() == "sending" || in_node(); }},
        {"with the sender", in_hands},
        {"with the node", in_node},
        {"in a block", in_block},
        {"taken up again", in_block},
    }};
    Words words = incentivize(window);
    words.insert(words.end(), {"--data", daemon().folder(), "--json"});
    for (const Moment& moment : moments) {
        SCOPED_TRACE(moment.name);
        bool reached = false;
        // Until the wallet is open nothing begins, and it ends at once.
        for (int tries = 0; tries < 300 && !reached; ++tries) {
            Process process(words);
            while (!(reached = moment.reached()) && process.is_running()) {
            }
            if (reached) daemon().kill();
            const Ended ended = process.wait();
            if (!reached && ended.err.find("opened") == std::string::npos) ASSERT_EQ(ended.code, 0) << ended.err;
        }
        ASSERT_TRUE(reached);
        daemon().start();
        ASSERT_TRUE(daemon().until([](const Json& status) { return status["state"] == "synced"; }));
    }
    Ended ended;
    do ended = daemon().command(incentivize(window));
    while (ended.code != 0 && ended.err.find("opened") != std::string::npos);
    ASSERT_EQ(ended.code, 0) << ended.err;
    EXPECT_EQ(object_of(ended)["slot"], window["slot"]);
    EXPECT_EQ(scene().stagings_of(window["slot"]), 1U);
    ASSERT_TRUE(daemon().until(
        [](const Json&) { return scene().ask_daemon("FilFil.Transactions", Json::object())["transactions"].empty(); }));
    EXPECT_EQ(evm().nonce(Scene::wallet, "pending"), before + 1);
    EXPECT_EQ(operator_slot(window["slot"])["staged"], true);
    (void)scene().totals_that_reconcile();
}

TEST_F(Incentive, SaysWhatIsWrongInASentence) {
    const Ended stranger = in_text(daemon(), {"next-window", "--miner", "t01999"});
    EXPECT_EQ(stranger.code, 0) << stranger.err;
    EXPECT_EQ(stranger.out, "t01999: no window: it is not registered; `fil-fil register` does that\n");

    expect_refusal(in_text(daemon(), {"incentivize", "1", "--reward", "2 FIL"}),
                   "no slot of this round or the next wants the snapshot of epoch 1", "the nearest targets are");
    const Json window = scene().window_of("t01000");
    expect_refusal(in_text(daemon(), {"incentivize", window["target_epoch"].dump(), "--reward", "11 FIL"}),
                   "a reward of 11 FIL is above the round's cap of 10 FIL", "no more than that");
    const Ended other = in_text(daemon(), {"register", "t01001"});
    EXPECT_EQ(other.code, 2) << other.out;
    EXPECT_TRUE(other.err.starts_with("fil-fil: register: ")) << other.err;

    // Another daemon, with nothing at its contract's address, and no wallet.
    scene().folder().write("other/config.toml",
                           "[incentive]\ncontract = \"0x00000000000000000000000000000000deadbeef\"\n");
    const LiveDaemon lost(scene().folder().path("other"), scene().follow());
    ASSERT_TRUE(lost.until([](const Json& status) { return status["state"] == "synced"; }));
    for (const Words& words :
         {Words{"contract", "info"}, Words{"next-window", "--miner", "t01000"}, Words{"windows", "--miner", "t01000"},
          Words{"operator", "status"}, Words{"holders", "5"}}) {
        SCOPED_TRACE(words.front());
        expect_refusal(in_text(lost, words), "there is no contract at 0x", "check the contract's address");
    }
    for (const Words& words : {Words{"register", "t01000"}, Words{"exit", "t01000"}, Words{"contract", "deploy"},
                               Words{"incentivize", "5", "--reward", "1 FIL"}, Words{"operator", "cancel", "65536"}}) {
        SCOPED_TRACE(words.front());
        expect_refusal(in_text(lost, words), "nothing can be sent: the settings name neither a wallet nor a key",
                       "set incentive.wallet");
    }
}

}    // namespace
}    // namespace filfil::e2e
