// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "import_check.hpp"
#include "random_chain.hpp"
#include "reference_blocks.hpp"
#include "support/said.hpp"
#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>

namespace filfil::e2e {
namespace {

using Words = std::vector<std::string>;

/// Files as `fil-fil snapshot export` writes them, by the rules of those who import them.
class Imported : public testing::TestWithParam<Words> {};

TEST_P(Imported, ByTheRulesOfBothNodes) {
    const reference::RandomChain chain = reference::random_chain(21, {.tipsets = 150});
    const reference::RandomTipset& head = chain.tipsets.back();
    std::vector<ipld::Cid> order;
    for (const auto& [cid, data] : chain.blocks) order.push_back(cid);
    const TemporaryFolder folder;
    const std::string store =
        folder.write("store.car", std::string(chars_of(reference::car_bytes(chain.blocks, head.key, order))));

    Words words{"snapshot", "export", "--from", store, "--recent-stateroots", "40", "-o", folder.path("snapshot")};
    words.insert(words.end(), GetParam().begin(), GetParam().end());
    const Ended ended = run(words);
    ASSERT_EQ(ended.code, 0) << ended.err;
    const std::string file = folder.read("snapshot");

    const auto lotus = reference::lotus_import(bytes_of(file));
    ASSERT_TRUE(lotus.ok()) << lotus.error().text();
    EXPECT_EQ(lotus->head, head.key);
    EXPECT_EQ(lotus->head_height, head.height);
    const auto forest = reference::forest_import(bytes_of(file), {.check_links = 40});
    ASSERT_TRUE(forest.ok()) << forest.error().text();
    EXPECT_EQ(forest->head, head.key);
    EXPECT_EQ(forest->blocks, lotus->blocks);
}

INSTANTIATE_TEST_SUITE_P(Forms, Imported,
                         testing::Values(Words{"--skip-old-msgs"}, Words{}, Words{"--skip-old-msgs", "--format", "v2"},
                                         Words{"--skip-old-msgs", "--compress", "zstd"},
                                         Words{"--skip-old-msgs", "--compress", "forest"},
                                         Words{"--skip-old-msgs", "--compress", "forest", "--format", "v2"},
                                         Words{"--skip-old-msgs", "--compress", "zstd", "--format", "v2"}),
                         [](const auto& info) {
                             std::string name = "form";
                             for (const std::string& word : info.param)
                                 for (const char c : word)
                                     if (c != '-') name += c;
                             return name;
                         });

}    // namespace
}    // namespace filfil::e2e
