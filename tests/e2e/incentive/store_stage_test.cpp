// SPDX-License-Identifier: Apache-2.0 OR MIT

// store_stage: what store_e2e plays, for somebody who looks on and claims: the desktop's test, tests/gui/e2e. It is
// told in the file that FILFIL_STAGE_FILE names where the daemons are, and everything ends with this program.

#include "store_play.hpp"

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <unistd.h>

namespace filfil::e2e {
namespace {

/// One line of JSON, there as a whole or not at all.
void tell(const std::string& file, RoundsScene& scene) {
    Json daemons = Json::array();
    for (std::size_t i = 0; i < Play::slots; ++i) {
        const Party& party = scene.providers()[i];
        daemons.push_back({{"miner", party.miner_text()}, {"folder", party.daemon->folder()}});
    }
    std::ofstream(file + ".part") << Json({{"daemons", daemons}}).dump() << "\n";
    std::filesystem::rename(file + ".part", file);
}

TEST(StoreStage, EachPieceIsStoredAndWhoLooksOnClaims) {
    const char* file = std::getenv("FILFIL_STAGE_FILE");
    if (file == nullptr) GTEST_SKIP() << "FILFIL_STAGE_FILE names no file: nobody looks on";
    if (const std::string missing = missing_for_anvil(); !missing.empty()) GTEST_SKIP() << missing;
    // Whatever is started is in one group, which goes at once where this program has to.
    ::setpgid(0, 0);
    std::signal(SIGTERM, [](int) { ::kill(0, SIGKILL); });
    constexpr std::uint64_t slot_length = 250;
    constexpr std::uint64_t seed = 1;
    RoundsScene scene(slot_length);
    scene.start(seed);
    if (HasFailure()) return;
    Upsets none;
    StorePlay play(scene, none, seed, 0);
    play.claim_by_hand();
    play.when_gathered([&] { tell(file, scene); });
    play.play();
}

}    // namespace
}    // namespace filfil::e2e
