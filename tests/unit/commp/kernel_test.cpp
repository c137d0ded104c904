// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "commp/kernel.hpp"

#include "payloads.hpp"
#include "reference.hpp"

#include <gtest/gtest.h>

namespace filfil::commp {
namespace {

class EachKernel : public testing::TestWithParam<const Kernel*> {
protected:
    void SetUp() override {
        if (!GetParam()->supported()) GTEST_SKIP() << "this CPU cannot run " << GetParam()->name;
    }
};

std::vector<Node> reference_nodes(ByteView quads, unsigned level) {
    const std::size_t count = quads.size() / quad_payload;
    const std::size_t a_node = std::size_t{1} << (level - quad_level);
    const std::size_t nodes = (count + a_node - 1) / a_node;
    std::vector<Node> elements = reference::fr32(quads, nodes * a_node * 4);
    std::vector<Node> out;
    for (std::size_t n = 0; n < nodes; ++n) {
        const auto first = elements.begin() + static_cast<std::ptrdiff_t>(n * a_node * 4);
        out.push_back(reference::root({first, first + static_cast<std::ptrdiff_t>(a_node * 4)}));
    }
    return out;
}

TEST_P(EachKernel, GivesTheReferenceNodesForEveryCountAndLevel) {
    // Counts around a lane, a call of each kernel's width and a few calls; levels below, at and above a lane's.
    for (const std::size_t quads : {1U,  2U,  3U,  4U,  5U,  7U,   8U,   9U,   15U,  16U,   17U,   31U,  47U,
                                    48U, 49U, 95U, 96U, 97U, 255U, 256U, 257U, 300U, 1535U, 1536U, 1537U}) {
        const Bytes payload = test::random_payload(quads * quad_payload + 1, quads);
        for (const unsigned level : {2U, 3U, 4U, 6U, 7U, 8U, 11U, 13U}) {
            std::vector<Node> nodes{Node{}};
            hash_quads(*GetParam(), payload.data(), quads, level, nodes);
            EXPECT_EQ(nodes, reference_nodes(ByteView(payload).first(quads * quad_payload), level))
                << quads << " quads, level " << level;
        }
    }
}

TEST_P(EachKernel, GivesTheSameAtEveryAlignment) {
    constexpr std::size_t quads = 200;
    const Bytes payload = test::random_payload(quads * quad_payload, 7);
    std::vector<Node> expected;
    hash_quads(portable_kernel, payload.data(), quads, 9, expected);
    for (std::size_t shift = 0; shift < 64; ++shift) {
        Bytes moved(shift + payload.size() + 1, std::byte{0xff});
        std::copy(payload.begin(), payload.end(), moved.begin() + static_cast<std::ptrdiff_t>(shift));
        std::vector<Node> nodes;
        hash_quads(*GetParam(), moved.data() + shift, quads, 9, nodes);
        EXPECT_EQ(nodes, expected) << "shifted by " << shift;
    }
}

TEST_P(EachKernel, TakesNoNoticeOfBytesAfterTheQuads) {
    for (const std::size_t quads : {1U, 47U, 48U, 1536U}) {
        Bytes payload = test::random_payload(quads * quad_payload + 1, quads);
        std::vector<Node> with_zero;
        std::vector<Node> with_ones;
        payload.back() = std::byte{0};
        hash_quads(*GetParam(), payload.data(), quads, 6, with_zero);
        payload.back() = std::byte{0xff};
        hash_quads(*GetParam(), payload.data(), quads, 6, with_ones);
        EXPECT_EQ(with_zero, with_ones);
    }
}

TEST_P(EachKernel, MakesParentsInPlaceForEveryCount) {
    for (std::size_t count = 0; count <= 130; ++count) {
        std::vector<Node> children(2 * count);
        SeededRandom random(count);
        for (Node& child : children) random.fill(child);
        std::vector<Node> expected;
        for (std::size_t i = 0; i < count; ++i)
            expected.push_back(reference::parent(children[2 * i], children[2 * i + 1]));
        GetParam()->parents(children.data(), children.data(), count);
        children.resize(count);
        EXPECT_EQ(children, expected) << count;
    }
}

TEST_P(EachKernel, PassesItsSelfTest) { EXPECT_TRUE(self_test(*GetParam())); }

INSTANTIATE_TEST_SUITE_P(Isa, EachKernel, testing::ValuesIn(all_kernels().begin(), all_kernels().end()),
                         [](const auto& param) { return std::string(param.param->name); });

/// A kernel with one defect each: the self-test exists to catch these.
template <int defect>
struct Broken {
    static bool yes() noexcept { return true; }
    static void subtrees(const std::byte* const* payload, unsigned log2_quads, Node* roots) noexcept {
        portable_kernel.subtrees(payload, log2_quads, roots);
        if (defect == 0 && log2_quads == 3) roots[0][31] |= std::byte{0x40};
        if (defect == 1 && log2_quads == 5) roots[0][0] ^= std::byte{1};
    }
    static void parents(const Node* children, Node* parents, std::size_t count) noexcept {
        portable_kernel.parents(children, parents, count);
        if (defect == 2 && count > 1) parents[count - 1] = parents[0];
    }
    static Kernel kernel() { return {"broken", "", &yes, 1, 5, &subtrees, &parents}; }
};

TEST(SelfTest, CatchesDefectsOfSubtreesAndParents) {
    EXPECT_FALSE(self_test(Broken<0>::kernel()));
    EXPECT_FALSE(self_test(Broken<1>::kernel()));
    EXPECT_FALSE(self_test(Broken<2>::kernel()));
    EXPECT_TRUE(self_test(Broken<3>::kernel()));
}

}    // namespace
}    // namespace filfil::commp
