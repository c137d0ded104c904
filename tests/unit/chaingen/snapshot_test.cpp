// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "chain_keeper.hpp"
#include "import_check.hpp"
#include "reference_walk.hpp"

#include <gtest/gtest.h>

namespace filfil::chaingen {
namespace {

// A generated chain is one that nodes would take snapshots of and take in, at every head it had.
TEST(Snapshots, OfEveryHeadAreWholeAndCanBeImported) {
    for (const bool oddities : {false, true}) {
        Config config = busy_config();
        config.oddities = oddities;
        config.tipsets = 12;
        config.state_bytes = 512 * KiB;
        ChainKeeper keeper;
        const auto events = generate(config, keeper);
        const reference::Blocks blocks(keeper.blocks().begin(), keeper.blocks().end());
        for (const chain::HeadChanges& changes : events) {
            const chain::HeadChange& head = changes.back();
            for (const std::int64_t depth : {1, 10, 2000}) {
                const reference::Walk walk = reference::walk(blocks, head.key, {.recent_state_roots = depth});
                ASSERT_FALSE(walk.fault.has_value())
                    << "epoch " << head.epoch.value << ": " << walk.fault->why << " " << walk.fault->block.text();
                if (depth < 2000 && &changes != &events.back()) continue;    // import looks at all of a file
                const Bytes car = reference::car_bytes(blocks, head.key, walk.order);
                const auto lotus = reference::lotus_import(car);
                ASSERT_TRUE(lotus.ok()) << lotus.error().text();
                EXPECT_EQ(lotus->head_height, head.epoch.value);
                const auto forest = reference::forest_import(car, {.check_links = depth});
                EXPECT_TRUE(forest.ok()) << forest.error().text();
            }
        }
    }
}

}    // namespace
}    // namespace filfil::chaingen
