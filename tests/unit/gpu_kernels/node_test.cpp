// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "gpu/sha256_node.hpp"

#include "base/random.hpp"
#include "commp/kernel.hpp"
#include "commp/tree.hpp"
#include "ipld/digest.hpp"
#include "variants.hpp"
#include "words.hpp"

#include <gtest/gtest.h>

namespace filfil::gpu {
namespace {

using commp::Node;

class EachVariant : public testing::TestWithParam<TileVariant> {
protected:
    static Node parent(const Node& left, const Node& right) {
        return gpu::with_variant(GetParam(), [&]<class Variant>(Variant) {
            return test::node_of(hash_children<Variant>(test::words_of(left), test::words_of(right), Factors()));
        });
    }
};

/// Two children of which none of the 512 bits is always the same.
std::array<Node, 2> random_children(Random& random) {
    std::array<Node, 2> children;
    for (Node& child : children) random.fill(child);
    return children;
}

TEST_P(EachVariant, HashesAsTheCpuDoes) {
    SeededRandom random(1);
    for (int i = 0; i < 2000; ++i) {
        const auto [left, right] = random_children(random);
        ASSERT_EQ(parent(left, right), commp::parent_of(left, right)) << "pair " << i;
    }
}

#ifdef FILFIL_COMMP_OPENSSL
TEST_P(EachVariant, HashesAsOpensslDoes) {
    SeededRandom random(2);
    for (int i = 0; i < 2000; ++i) {
        const std::array<Node, 2> children = random_children(random);
        Node expected;
        commp::openssl_kernel.parents(children.data(), &expected, 1);
        ASSERT_EQ(parent(children[0], children[1]), expected) << "pair " << i;
    }
}
#endif

TEST_P(EachVariant, HashesEverySingleBitAndItsAbsence) {
    for (unsigned bit = 0; bit < 512; ++bit) {
        std::array<Node, 2> children{};
        children[bit / 256][bit % 256 / 8] = static_cast<std::byte>(1U << bit % 8);
        ASSERT_EQ(parent(children[0], children[1]), commp::parent_of(children[0], children[1])) << "bit " << bit;
        for (Node& child : children)
            for (std::byte& byte : child) byte = ~byte;
        ASSERT_EQ(parent(children[0], children[1]), commp::parent_of(children[0], children[1]))
            << "all but bit " << bit;
    }
}

TEST_P(EachVariant, MakesTheZeroTree) {
    Node node{};
    for (unsigned level = 1; level <= commp::max_level; ++level) {
        node = parent(node, node);
        ASSERT_EQ(node, commp::zero_node(level)) << "level " << level;
    }
}

TEST_P(EachVariant, ClearsTheTwoTopBitsAndNoOthers) {
    SeededRandom random(3);
    std::array<int, 4> seen{};
    for (int i = 0; i < 64; ++i) {
        const auto [left, right] = random_children(random);
        Bytes both(left.begin(), left.end());
        both.insert(both.end(), right.begin(), right.end());
        Node digest = ipld::sha2_256_portable(both);
        ++seen[std::to_integer<unsigned>(digest[31]) >> 6];
        digest[31] &= std::byte{0x3f};
        ASSERT_EQ(parent(left, right), digest) << "pair " << i;
    }
    for (const int digests : seen) EXPECT_GT(digests, 0) << "one value of the two bits never came up";
}

INSTANTIATE_TEST_SUITE_P(Variants, EachVariant, testing::ValuesIn(all_tile_variants),
                         [](const auto& param) { return test::test_name(param.param); });

}    // namespace
}    // namespace filfil::gpu
