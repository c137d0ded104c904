// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "daemon/live.hpp"

#include <algorithm>

// `fil-fil devnet --contract`: no other program than fil-fil itself.

namespace filfil::e2e {
namespace {

constexpr int most_questions = 3000;

/// A daemon that was told what the devnet's first line says.
struct Show {
    TemporaryFolder folder;
    std::unique_ptr<Process> node;
    std::unique_ptr<LiveDaemon> daemon;
    Json facts = Json::object();

    void start() {
        Process::Options options;
        // It says something of each epoch, and nobody would read that.
        options.output_file = folder.write("devnet.out", "");
        node =
            std::make_unique<Process>(Words{"devnet", "--json", "--port", "0", "--state", "1MiB", "--tipset", "16KiB",
                                            "--period", "250ms", "--contract", "--daemon", folder.path("data")},
                                      options);
        for (int i = 0;
             i < most_questions && node->is_running() && folder.read("devnet.out").find('\n') == std::string::npos; ++i)
            (void)run({"--version"});    // which paces it
        const auto lines = lines_of(folder.read("devnet.out"));
        ASSERT_FALSE(lines.empty()) << "it does not start";
        facts = Json::parse(lines.front(), nullptr, false);
        for (const char* name : {"url", "contract", "wallet", "miner", "recipe"})
            ASSERT_TRUE(facts.contains(name)) << facts.dump();
        daemon = std::make_unique<LiveDaemon>(folder.path("data"), Words{"--log-level", "error"});
        ASSERT_TRUE(daemon->until([](const Json& status) { return status["state"] == "synced"; }));
    }

    /// Asks until the objects that the command prints are as they should be.
    template <class Done>
    bool until(const Words& words, Done done) const {
        Ended last;
        for (int i = 0; i < most_questions && !testing::Test::HasFailure(); ++i) {
            last = daemon->command(words);
            if (last.code == 0 && done(objects_of(last))) return true;
        }
        ADD_FAILURE() << words.front() << ": " << last.out << last.err;
        return false;
    }
};

TEST(Showcase, ASlotIsSeenStagedStoredPaidAndClaimedWithNothingButFilFil) {
    Show show;
    show.start();
    if (testing::Test::HasFailure()) return;

    // What was before the daemon.
    ASSERT_TRUE(show.until({"payouts"}, [](const std::vector<Json>& all) {
        return !all.empty() && all[0]["standing"] == "active" && !all[0]["holdings"].empty();
    }));
    ASSERT_TRUE(show.until({"reputation"}, [](const std::vector<Json>& all) {
        if (all.empty() || all[0]["providers"].size() != 5) return false;
        const auto any = [&](const char* count) {
            return std::ranges::any_of(all[0]["providers"], [&](const Json& one) { return one[count] > 0; });
        };
        return any("lost_pieces") && any("missed") && any("completed");
    }));

    // A window of the own miner, staged by somebody else, stored by the daemon itself.
    ASSERT_TRUE(show.until({"windows", "--days", "1"}, [](const std::vector<Json>& all) {
        return std::ranges::any_of(all, [](const Json& one) { return one["staged"] == true; });
    }));
    const auto stored_by_the_market = [](const Json& deal) {
        return deal["stage"] == "paid" &&
               std::ranges::any_of(deal["timeline"], [](const Json& step) { return step["stage"] == "proposed"; });
    };
    ASSERT_TRUE(show.until({"deals"}, [&](const std::vector<Json>& all) {
        return !all.empty() && std::ranges::any_of(all[0]["deals"], stored_by_the_market);
    }));

    const Ended claimed = show.daemon->command({"claim"});
    ASSERT_EQ(claimed.code, 0) << claimed.err;
    const Json result = objects_of(claimed).back();
    EXPECT_NE(result["withdrawn"], "0") << claimed.out;
    EXPECT_EQ(result["failed"], 0) << claimed.out;
    EXPECT_EQ(show.daemon->stop().code, 0);
    show.node->kill(SIGTERM);
    const Ended ended = show.node->wait_with_open_input();
    EXPECT_EQ(ended.code, 0) << ended.err;
    EXPECT_EQ(ended.err, "");
}

}    // namespace
}    // namespace filfil::e2e
