// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "ledger.hpp"

#include <cstdlib>

namespace filfil::e2e {
namespace {

/// How often each is played: with another seed each time.
std::uint64_t times() {
    const char* set = std::getenv("FILFIL_ROUNDS_TIMES");
    return set == nullptr ? 1 : std::strtoull(set, nullptr, 10);
}

/// The first seed.
std::uint64_t first_seed() {
    const char* set = std::getenv("FILFIL_ROUNDS_SEED");
    return set == nullptr ? 1 : std::strtoull(set, nullptr, 10);
}

class RoundsByTheClock : public testing::Test {
protected:
    void SetUp() override {
        if (const std::string missing = missing_for_anvil(); !missing.empty()) GTEST_SKIP() << missing;
    }

    template <class Make>
    static void play(const Make& make_upsets) {
        for (std::uint64_t seed = first_seed(); seed < first_seed() + times() && !HasFailure(); ++seed) {
            SCOPED_TRACE("seed " + std::to_string(seed));
            RoundsScene scene;
            scene.start(seed);
            if (HasFailure()) return;
            const auto upsets = make_upsets(seed);
            Story story(scene, *upsets);
            story.play();
            if (!HasFailure()) Ledger(scene, story).check();
        }
    }
};

TEST_F(RoundsByTheClock, BalancesReconcileToTheLastAttoFil) {
    play([](std::uint64_t) { return std::make_unique<Upsets>(); });
}

TEST_F(RoundsByTheClock, TheSameWhereReorganisationsTakeBackWhatWasSent) {
    play([](std::uint64_t) { return std::make_unique<Reorgs>(); });
}

TEST_F(RoundsByTheClock, TheSameWhereEachDaemonIsKilledAtAnyTime) {
    play([](std::uint64_t seed) { return std::make_unique<Kills>(seed); });
}

}    // namespace
}    // namespace filfil::e2e
