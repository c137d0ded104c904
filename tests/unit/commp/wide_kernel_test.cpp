// SPDX-License-Identifier: Apache-2.0 OR MIT

// The vector kernel's source at every width, compiled for the baseline CPU: its arithmetic is tested where the CPU has
// no registers of that width. Only the choice of instructions stays untested then.
#define FILFIL_WIDE_TARGET baseline

#include "commp/wide_kernel.hpp"

#include "payloads.hpp"

#include <gtest/gtest.h>

namespace filfil::commp::wide {
namespace {

template <class H>
class WideKernel : public testing::Test {};
using Widths = testing::Types<Hasher<16, 3>, Hasher<16, 2>, Hasher<16, 1>, Hasher<8, 3>, Hasher<8, 1>>;
TYPED_TEST_SUITE(WideKernel, Widths);

bool yes() noexcept { return true; }

TYPED_TEST(WideKernel, AgreesWithThePortableKernel) {
    const Kernel kernel{"wide", "", &yes, TypeParam::lanes, 3, &TypeParam::subtrees, &TypeParam::parents};
    for (const std::size_t quads : {1U, 5U, 8U, 16U, 47U, 48U, 100U, 383U, 384U, 385U, 1000U}) {
        const Bytes payload = test::random_payload(quads * quad_payload + 1, quads);
        for (const unsigned level : {2U, 4U, 5U, 9U}) {
            std::vector<Node> nodes;
            std::vector<Node> expected;
            hash_quads(kernel, payload.data(), quads, level, nodes);
            hash_quads(portable_kernel, payload.data(), quads, level, expected);
            EXPECT_EQ(nodes, expected) << quads << " quads, level " << level;
        }
    }
}

TYPED_TEST(WideKernel, HashesDeepSubtrees) {
    constexpr unsigned log2_quads = TypeParam::max_log2_quads;
    const std::size_t lane_bytes = quad_payload << log2_quads;
    const Bytes payload = test::random_payload(TypeParam::lanes * lane_bytes + 1, 3);
    std::vector<const std::byte*> lanes;
    for (std::size_t i = 0; i < TypeParam::lanes; ++i) lanes.push_back(payload.data() + i * lane_bytes);
    std::vector<Node> roots(TypeParam::lanes);
    TypeParam::subtrees(lanes.data(), log2_quads, roots.data());
    for (const std::size_t i : {std::size_t{0}, TypeParam::lanes / 2, TypeParam::lanes - 1}) {
        Node expected;
        portable_kernel.subtrees(&lanes[i], log2_quads, &expected);
        EXPECT_EQ(roots[i], expected) << "lane " << i;
    }
}

TYPED_TEST(WideKernel, PassesTheSelfTest) {
    const Kernel kernel{"wide", "", &yes, TypeParam::lanes, 5, &TypeParam::subtrees, &TypeParam::parents};
    EXPECT_TRUE(self_test(kernel));
}

}    // namespace
}    // namespace filfil::commp::wide
