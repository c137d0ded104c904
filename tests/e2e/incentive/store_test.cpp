// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "store_play.hpp"

#include <cstdlib>

namespace filfil::e2e {
namespace {

std::uint64_t set_by(const char* variable, std::uint64_t otherwise) {
    const char* set = std::getenv(variable);
    return set == nullptr ? otherwise : std::strtoull(set, nullptr, 10);
}

/// Hands off: from the window to the money, with real processes and sockets, by each kind of market.
class StoreByTheClock : public testing::Test {
protected:
    void SetUp() override {
        if (const std::string missing = missing_for_anvil(); !missing.empty()) GTEST_SKIP() << missing;
    }

    static void play(unsigned kills) {
        const std::uint64_t seed = set_by("FILFIL_STORE_SEED", 1);
        SCOPED_TRACE("seed " + std::to_string(seed));
        constexpr std::uint64_t slot_length = 250;
        RoundsScene scene(slot_length);
        scene.start(seed);
        if (HasFailure()) return;
        Upsets none;
        StorePlay(scene, none, seed, kills).play();
    }
};

TEST_F(StoreByTheClock, EachPieceIsProposedOnceFetchedProvenAndPaidByEachMarket) { play(0); }

TEST_F(StoreByTheClock, TheSameWhereTheDaemonsAreKilledAtAnyTime) {
    play(static_cast<unsigned>(set_by("FILFIL_STORE_KILLS", 9)));
}

}    // namespace
}    // namespace filfil::e2e
