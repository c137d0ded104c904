// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "base/random.hpp"
#include "trie_reader.hpp"

#include <gtest/gtest.h>

namespace filfil::ipld {
namespace {

struct Map {
    std::vector<Bytes> keys;
    std::vector<Bytes> values;
    std::vector<HamtEntry> entries;
};

Map make_map(std::size_t size, std::uint64_t seed) {
    SeededRandom random(seed);
    Map map;
    for (std::size_t i = 0; i < size; ++i) {
        Bytes key(4 + random.below(30));
        random.fill(key);
        map.keys.push_back(key);
        map.values.push_back(encode_dag_cbor(Value(Value::List{i, Value(key)})).value());
    }
    for (std::size_t i = 0; i < size; ++i) map.entries.push_back({map.keys[i], map.values[i]});
    return map;
}

// Known from the chain: every actor's empty map.
TEST(Hamt, EmptyMapIsTheOneOfTheChain) {
    BlockKeeper keeper;
    const auto root = write_hamt({}, {}, keeper.out());
    ASSERT_TRUE(root.ok());
    EXPECT_EQ(to_hex(root->bytes()), "0171a0e4022018fe6acc61a3a36b0c373c4a3a8ea64b812bf2ca9b528050909c78d408558a0c");
    EXPECT_EQ(to_hex(keeper.blocks().at(*root)), "824080");
}

TEST(Hamt, OneEntryOfEitherForm) {
    // SHA-256 of "a" is ca97…: the topmost five bits are 25, so bit 25 of the bit field, whose first byte is 02.
    const Bytes value = encode_dag_cbor(Value(7)).value();
    const std::vector<HamtEntry> entries{{bytes_of("a"), value}};
    BlockKeeper plain;
    BlockKeeper keyed;
    const Cid first = write_hamt(entries, {}, plain.out()).value();
    const Cid second = write_hamt(entries, {.pointers = HamtPointers::keyed}, keyed.out()).value();
    EXPECT_EQ(to_hex(plain.blocks().at(first)), "824402000000818182416107");
    EXPECT_EQ(to_hex(keyed.blocks().at(second)), "82440200000081a161318182416107");
}

class HamtSizes : public testing::TestWithParam<std::size_t> {};

TEST_P(HamtSizes, ReadsBackWhateverTheOrder) {
    Map map = make_map(GetParam(), 3);
    std::map<Bytes, Bytes> want;
    for (std::size_t i = 0; i < map.keys.size(); ++i) want.emplace(map.keys[i], map.values[i]);
    ASSERT_EQ(want.size(), map.keys.size());
    const HamtShape shapes[] = {{}, {.pointers = HamtPointers::keyed}, {.bit_width = 3}, {.bit_width = 1}};
    for (const HamtShape& shape : shapes) {
        BlockKeeper keeper;
        const auto root = write_hamt(map.entries, shape, keeper.out());
        ASSERT_TRUE(root.ok()) << root.error().text();
        TrieReader reader(keeper.blocks());
        EXPECT_EQ(reader.hamt(*root, shape.bit_width), want);
        EXPECT_EQ(reader.seen().size(), keeper.blocks().size());

        std::vector<HamtEntry> turned(map.entries.rbegin(), map.entries.rend());
        BlockKeeper other;
        EXPECT_EQ(write_hamt(turned, shape, other.out()).value(), *root);
    }
}

INSTANTIATE_TEST_SUITE_P(Sizes, HamtSizes, testing::Values(0, 1, 2, 3, 4, 5, 32, 97, 1000, 5000));

TEST(Hamt, PlanNamesEveryParent) {
    const Map map = make_map(5000, 9);
    const std::vector<ByteView> keys(map.keys.begin(), map.keys.end());
    const auto plan = plan_hamt(keys);
    ASSERT_TRUE(plan.ok());
    std::size_t entries = 0;
    for (std::size_t i = 0; i < plan->nodes.size(); ++i) {
        const HamtPlan::Node& node = plan->nodes[i];
        EXPECT_EQ(std::popcount(node.bit_field), static_cast<int>(node.count));
        for (std::uint32_t p = 0; p < node.count; ++p) {
            const HamtPlan::Pointer& pointer = plan->pointers[node.first_pointer + p];
            entries += pointer.entries;
            if (!pointer.is_node) continue;
            EXPECT_LT(pointer.node, i);
            EXPECT_EQ(plan->nodes[pointer.node].parent, i);
        }
    }
    EXPECT_EQ(entries, keys.size());
    EXPECT_EQ(plan->nodes.back().parent, plan->nodes.size() - 1);
}

TEST(Hamt, SaysWhatIsWrong) {
    BlockKeeper keeper;
    const Bytes value = encode_dag_cbor(Value(7)).value();
    const std::vector<HamtEntry> twice{{bytes_of("ab"), value}, {bytes_of("c"), value}, {bytes_of("ab"), value}};
    const auto same = write_hamt(twice, {}, keeper.out());
    ASSERT_FALSE(same.ok());
    EXPECT_EQ(same.error().code, ErrorCode::invalid_argument);
    EXPECT_NE(same.error().message.find("6162 twice"), std::string::npos) << same.error().message;

    const std::vector<HamtEntry> nothing{{bytes_of("ab"), {}}};
    const auto empty = write_hamt(nothing, {}, keeper.out());
    ASSERT_FALSE(empty.ok());
    EXPECT_EQ(empty.error().code, ErrorCode::invalid_argument);

    for (const unsigned width : {0U, 6U}) {
        const auto root = write_hamt({}, {.bit_width = width}, keeper.out());
        ASSERT_FALSE(root.ok());
        EXPECT_EQ(root.error().code, ErrorCode::invalid_argument);
    }
}

TEST(Hamt, StopsWhereTheSinkFails) {
    const Map map = make_map(100, 3);
    std::size_t calls = 0;
    const auto root = write_hamt(map.entries, {}, [&](const Cid&, ByteView) -> Result<void> {
        ++calls;
        return Error(ErrorCode::io, "full");
    });
    ASSERT_FALSE(root.ok());
    EXPECT_EQ(root.error().message, "full");
    EXPECT_EQ(calls, 1);
}

}    // namespace
}    // namespace filfil::ipld
