// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "base/random.hpp"
#include "live.hpp"

#include <fstream>

namespace filfil::e2e {
namespace {

/// The chain of shared data that another implementation of Lotus's rules has laid out: expected.json.
class SynthTest : public testing::Test {
protected:
    void SetUp() override {
        const std::string data = data_folder_of_tests();
        m_synth = data + "/synth_small";
        if (data.empty() || !std::filesystem::exists(m_synth + "/expected.json"))
            GTEST_SKIP() << "no real chain data: FILFIL_INTEROP_DATA names its folder";
        std::ifstream file(m_synth + "/expected.json");
        m_expected = Json::parse(file);
    }

    [[nodiscard]] Words replay(const Words& more = {}) const {
        Words out = {"--replay", m_synth + "/store.car", "--events", m_synth + "/events.jsonl"};
        out.insert(out.end(), more.begin(), more.end());
        return out;
    }

    [[nodiscard]] Words follow(const LiveNode& node) const {
        return {"--node", node.url(), "--bootstrap", "node", "--log-level", "error"};
    }

    /// Every row that skips old messages, from the daemon's memory.
    void expect_rows(const LiveDaemon& daemon) const {
        for (const Json& row : m_expected["expected"]) {
            if (!row["skip_old_msgs"].get<bool>()) continue;
            const std::string epoch = row["height"].dump();
            const std::string recent = row["recent_roots"].dump();
            SCOPED_TRACE("epoch " + epoch + ", N = " + recent);
            const Ended ended = daemon.command({"take-snapshot", "--epoch", epoch, "--recent-stateroots", recent,
                                                "--skip-old-msgs", "--sha256", "--no-file"});
            ASSERT_EQ(ended.code, 0) << ended.err;
            const Json taken = object_of(ended);
            EXPECT_EQ(taken["head"], row["head"]);
            EXPECT_EQ(taken["car_sha256"], row["lotus"]["car_sha256"]);
            EXPECT_EQ(taken["car_bytes"], row["lotus"]["bytes"]);
            EXPECT_EQ(taken["blocks"], row["lotus"]["blocks"]);
        }
    }

    std::string m_synth;
    Json m_expected;
    static constexpr std::int64_t last_epoch = 126;
};

TEST_F(SynthTest, EverySnapshotIsWhatLotusWouldWrite) {
    const TemporaryFolder folder;
    const LiveNode node(replay({"--period", "10ms"}));
    LiveDaemon daemon(folder.path("data"), follow(node));
    ASSERT_TRUE(daemon.synced_at(last_epoch));
    expect_rows(daemon);

    const Json status = daemon.status();
    for (const char* field :
         {"network", "head_epoch", "synced_epoch", "lag", "blocks", "bytes", "pinned_roots", "holds", "rss", "state"})
        EXPECT_TRUE(status.contains(field)) << field;
    EXPECT_EQ(status["lag"], 0);
    EXPECT_EQ(status["network"], "devnet");
    const Ended ended = daemon.stop();
    EXPECT_EQ(ended.code, 0) << ended.err;
}

struct LiveFault {
    const char* name;
    Words options;
};

void PrintTo(const LiveFault& fault, std::ostream* out) { *out << fault.name; }

class SynthFaultTest : public SynthTest, public testing::WithParamInterface<LiveFault> {};

TEST_P(SynthFaultTest, ChangesNoSnapshot) {
    for (const char* flavour : {"lotus", "forest"}) {
        SCOPED_TRACE(flavour);
        const TemporaryFolder folder;
        Words options = GetParam().options;
        options.insert(options.end(), {"--period", "10ms", "--flavour", flavour, "--seed", "5"});
        const LiveNode node(replay(options));
        LiveDaemon daemon(folder.path("data"), follow(node));
        ASSERT_TRUE(daemon.synced_at(last_epoch));
        expect_rows(daemon);
        EXPECT_EQ(daemon.stop().code, 0);
    }
}

INSTANTIATE_TEST_SUITE_P(Faults, SynthFaultTest,
                         testing::Values(LiveFault{"drop", {"--fault", "drop=0.001"}},
                                         LiveFault{"channel_close", {"--fault", "channel-close=0.1"}},
                                         LiveFault{"missing_once", {"--fault", "missing-once=0.02"}},
                                         LiveFault{"slow", {"--fault", "slow=0.001"}},
                                         LiveFault{"wrong_bytes", {"--fault", "wrong-bytes=0.02"}},
                                         LiveFault{"reorg", {"--fault", "reorg=0.2"}},
                                         LiveFault{"all",
                                                   {"--fault", "drop=0.0005", "--fault", "channel-close=0.02",
                                                    "--fault", "missing-once=0.005", "--fault", "slow=0.0005",
                                                    "--fault", "wrong-bytes=0.005", "--fault", "reorg=0.05"}}),
                         [](const auto& info) { return std::string(info.param.name); });

TEST_F(SynthTest, IsRightAfterTheDaemonWasKilledAtAnyTime) {
    const TemporaryFolder folder;
    const LiveNode node(replay({"--period", "40ms", "--fault", "reorg=0.05"}));
    LiveDaemon daemon(folder.path("data"), follow(node));
    SeededRandom random(3);
    for (int round = 0; round < 8; ++round) {
        SCOPED_TRACE(round);
        // Some questions later, at some time in them.
        const std::uint64_t questions = random.below(12);
        for (std::uint64_t i = 0; i < questions; ++i) (void)daemon.status();
        daemon.kill();
        daemon.start();
    }
    ASSERT_TRUE(daemon.synced_at(last_epoch));
    expect_rows(daemon);
    EXPECT_EQ(daemon.stop().code, 0);
}

TEST_F(SynthTest, StartsWithoutANodeFromWhatTheDiskHas) {
    const TemporaryFolder folder;
    {
        LiveNode node(replay({"--period", "10ms"}));
        LiveDaemon daemon(folder.path("data"), follow(node));
        ASSERT_TRUE(daemon.synced_at(last_epoch));
        daemon.kill();
        node.process().kill(SIGKILL);
        (void)node.process().wait();
    }
    LiveDaemon daemon(folder.path("data"), {"--node", "ws://127.0.0.1:9/rpc/v1", "--log-level", "error"});
    ASSERT_TRUE(daemon.until(
        [](const Json& status) { return status["state"] == "node_lost" && status["synced_epoch"] == last_epoch; }));
    expect_rows(daemon);
    EXPECT_EQ(daemon.stop().code, 0);
}

}    // namespace
}    // namespace filfil::e2e
