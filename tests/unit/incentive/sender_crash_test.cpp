// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "sender_rig.hpp"

#include <gtest/gtest.h>

namespace filfil::incentive {
namespace {

using namespace std::chrono_literals;

const Bytes call_data = SenderRig::hex_bytes_of("c0ffee01");

std::string name_of_kind(const testing::TestParamInfo<WalletKind>& info) {
    return info.param == WalletKind::local ? "LocalKey" : info.param == WalletKind::lotus ? "Lotus" : "Forest";
}

/// What happens around the crashes.
struct Story {
    std::string name;
    std::function<void(SenderRig&)> set_up{};
};

std::vector<Story> stories() {
    return {
        {"quiet", [](SenderRig& rig) { rig.chain.mine_every(30s); }},
        {"stuck",
         [](SenderRig& rig) {
             rig.chain.least_tip = 15;
             rig.chain.mine_every(30s);
         }},
        {"no index of pending ones",
         [](SenderRig& rig) {
             rig.chain.shows_pending = false;
             rig.chain.mine_every(30s);
         }},
        {"a reorg",
         [](SenderRig& rig) {
             rig.options.confirmations = 6;
             rig.chain.mine_every(30s);
             rig.after(150s, [&rig] { rig.chain.reorg(3, false); });
             rig.after(400s, [&rig] { rig.chain.reorg(2, true); });
         }},
        {"somebody else's nonces",
         [](SenderRig& rig) {
             rig.options.confirmations = 4;
             rig.chain.takes_in = false;
             rig.chain.mine_every(30s);
             rig.after(70s, [&rig] { rig.chain.foreign(rig.account(), SenderRig::hex_bytes_of("aa")); });
             rig.after(400s, [&rig] { rig.chain.takes_in = true; });
         }},
    };
}

class SenderCrashTest : public testing::TestWithParam<WalletKind> {};
INSTANTIATE_TEST_SUITE_P(Wallets, SenderCrashTest,
                         testing::Values(WalletKind::local, WalletKind::lotus, WalletKind::forest), name_of_kind);

/// Goes on after a crash until it is done, and looks at what came of it. @return whether all is right
bool ends_well(SenderRig& rig, const std::string& what) {
    rig.start();
    rig.send("stage/1");
    if (!rig.ended("stage/1")) {
        ADD_FAILURE() << what << ": it never ends\n" << rig.log_text();
        return false;
    }
    const auto& result = rig.results.at("stage/1");
    if (!result.ok() || rig.effects_of(call_data) != 1) {
        ADD_FAILURE() << what << ": " << rig.effects_of(call_data) << " effects; "
                      << (result.ok() ? "" : result.error().text()) << "\n"
                      << rig.log_text();
        return false;
    }
    // It stays so, whatever was still on its way.
    rig.clock.advance(30min);
    EXPECT_EQ(rig.effects_of(call_data), 1U) << what << "\n" << rig.log_text();
    for (const auto& [name, effect] : rig.disk.effects)
        EXPECT_NE(effect.state, journal::EffectRecord::State::intended) << what << ": " << name;
    return !testing::Test::HasFailure();
}

TEST_P(SenderCrashTest, TakesEffectOnceWhateverTaskTheProcessDiesAt) {
    for (const Story& story : stories()) {
        std::uint64_t step = 1;
        for (bool died = true; died; ++step) {
            SenderRig rig(GetParam());
            // Each poll is a dozen of tasks.
            rig.options.poll = 30s;
            story.set_up(rig);
            rig.start();
            rig.send("stage/1");
            std::uint64_t tasks = 0;
            rig.clock.run_until([&] { return ++tasks > step || rig.results.contains("stage/1"); }, 6h);
            died = !rig.results.contains("stage/1");
            rig.kill();
            if (!ends_well(rig, story.name + ", task " + std::to_string(step))) return;
        }
        EXPECT_GT(step, 60U) << story.name;
    }
}

TEST_P(SenderCrashTest, TakesEffectOnceWhateverWriteTheDiskDiesAt) {
    for (const Story& story : stories())
        for (const bool after : {false, true}) {
            std::uint64_t step = 1;
            for (bool died = true; died; ++step) {
                SenderRig rig(GetParam());
                story.set_up(rig);
                rig.disk.crash_at = step;
                rig.disk.crash_after = after;
                rig.start();
                rig.send("stage/1");
                rig.clock.run_until([&] { return rig.disk.crashed() || rig.results.contains("stage/1"); }, 6h);
                died = rig.disk.crashed();
                // It may go on for a while before it dies.
                rig.clock.advance(40s);
                rig.kill();
                if (!ends_well(rig, story.name + ", write " + std::to_string(step) + (after ? " done" : " lost")))
                    return;
            }
            EXPECT_GE(step, 4U) << story.name;
        }
}

TEST_P(SenderCrashTest, TakesEffectOnceOverManyCrashes) {
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        SeededRandom random(seed);
        SenderRig rig(GetParam());
        const auto all = stories();
        const Story& story = all[random.below(all.size())];
        story.set_up(rig);
        for (std::uint64_t crashes = random.below(12); crashes > 0; --crashes) {
            rig.start();
            if (random.below(3) > 0) rig.send("stage/1");
            std::uint64_t tasks = random.below(120);
            rig.clock.run_until([&] { return tasks-- == 0; }, 6h);
            rig.kill();
            if (random.below(2) == 0) rig.clock.advance(std::chrono::seconds(random.below(300)));
        }
        if (!ends_well(rig, story.name + ", seed " + std::to_string(seed))) return;
    }
}

TEST_P(SenderCrashTest, TakesEffectOnceWhereTheNetworkLosesAnswers) {
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        SeededRandom random(seed);
        SenderRig rig(GetParam());
        rig.chain.mine_every(30s);
        bool bad = true;
        rig.network().set_hook([&](Delivery&) {
            Fate fate;
            if (!bad) return fate;
            fate.delay = std::chrono::milliseconds(random.below(3000));
            fate.drop = random.below(8) == 0;
            fate.close = random.below(8) == 0;
            return fate;
        });
        rig.start();
        // What fails before anything was sent is tried again by who wants it.
        for (int tries = 0; tries < 50; ++tries) {
            rig.send("stage/1");
            if (!rig.ended("stage/1", 1h) || rig.results.at("stage/1").ok()) break;
        }
        bad = false;
        rig.kill();
        if (!ends_well(rig, "seed " + std::to_string(seed))) return;
    }
}

}    // namespace
}    // namespace filfil::incentive
