// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "base/random.hpp"
#include "trie_reader.hpp"

#include <gtest/gtest.h>

namespace filfil::ipld {
namespace {

// Known from the chain: a block without messages, and a miner without sectors.
TEST(Amt, EmptyListsAreThoseOfTheChain) {
    BlockKeeper keeper;
    const auto messages = write_amt({}, message_amt, keeper.out());
    const auto sectors = write_amt({}, {.bit_width = 5}, keeper.out());
    ASSERT_TRUE(messages.ok() && sectors.ok());
    EXPECT_EQ(to_hex(messages->bytes()),
              "0171a0e40220e5658b3d18cd06e1db9015b4b0ec55c123a24d5be1ea24d83938c5b8397b4f2f");
    EXPECT_EQ(to_hex(sectors->bytes()), "0171a0e40220054de1cd03c0741eec69f34aabfec51f64b304c307a5f5beb965d94fba91d9e0");
}

TEST(Amt, HeightIsTheLeastThatHoldsTheLastIndex) {
    EXPECT_EQ(amt_height(0, 3), 0);
    EXPECT_EQ(amt_height(7, 3), 0);
    EXPECT_EQ(amt_height(8, 3), 1);
    EXPECT_EQ(amt_height(63, 3), 1);
    EXPECT_EQ(amt_height(64, 3), 2);
    EXPECT_EQ(amt_height((std::uint64_t{1} << 63) - 1, 3), 20);
    EXPECT_EQ(amt_height((std::uint64_t{1} << 63) - 1, 1), 62);
}

struct Case {
    unsigned width;
    std::size_t size;
    std::uint64_t gaps;    ///< how far apart indices stand at most
};

class AmtLists : public testing::TestWithParam<Case> {};

TEST_P(AmtLists, ReadBack) {
    const auto [width, size, gaps] = GetParam();
    SeededRandom random(width);
    std::map<std::uint64_t, Bytes> want;
    std::uint64_t index = 0;
    for (std::size_t i = 0; i < size; ++i) {
        index += (i == 0 ? 0 : 1) + random.below(gaps);
        want.emplace(index, encode_dag_cbor(Value(index + 3)).value());
    }
    std::vector<AmtEntry> entries;
    for (const auto& [at, value] : want) entries.push_back({at, value});
    for (const bool width_in_root : {true, false}) {
        const AmtShape shape{.bit_width = width, .width_in_root = width_in_root};
        BlockKeeper keeper;
        const auto root = write_amt(entries, shape, keeper.out());
        ASSERT_TRUE(root.ok()) << root.error().text();
        TrieReader reader(keeper.blocks());
        EXPECT_EQ(reader.amt(*root, shape), want);
        EXPECT_EQ(reader.seen().size(), keeper.blocks().size());
    }
}

INSTANTIATE_TEST_SUITE_P(Lists, AmtLists,
                         testing::Values(Case{3, 0, 1}, Case{3, 1, 1}, Case{3, 8, 1}, Case{3, 9, 1}, Case{3, 65, 1},
                                         Case{3, 1000, 1}, Case{3, 200, 1'000'000}, Case{1, 100, 3}, Case{2, 100, 3},
                                         Case{5, 5000, 4}, Case{5, 40, std::uint64_t{1} << 57}, Case{8, 3000, 5}));

TEST(Amt, SaysWhatIsWrong) {
    BlockKeeper keeper;
    const Bytes value = encode_dag_cbor(Value(7)).value();
    const auto error = [&](std::vector<AmtEntry> entries, AmtShape shape) {
        const auto root = write_amt(entries, shape, keeper.out());
        if (root.ok()) return std::string("no error");
        EXPECT_EQ(root.error().code, ErrorCode::invalid_argument);
        return root.error().message;
    };
    EXPECT_EQ(error({{5, value}, {5, value}}, {}), "entry 1 of an AMT has the index 5 behind 5");
    EXPECT_EQ(error({{5, value}, {4, value}}, {}), "entry 1 of an AMT has the index 4 behind 5");
    EXPECT_EQ(error({{std::uint64_t{1} << 63, value}}, {}), "entry 0 of an AMT has an index of 2^63 or more");
    EXPECT_EQ(error({{1, {}}}, {}), "entry 0 of an AMT has an empty value");
    EXPECT_EQ(error({}, {.bit_width = 0}), "an AMT's bit width is 1 to 8, not 0");
    EXPECT_EQ(error({}, {.bit_width = 9}), "an AMT's bit width is 1 to 8, not 9");
    EXPECT_TRUE(keeper.blocks().empty());
}

}    // namespace
}    // namespace filfil::ipld
