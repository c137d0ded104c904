// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "payloads.hpp"
#include "reference.hpp"

#include <gtest/gtest.h>

#include <set>

namespace filfil::commp {
namespace {

/// The portable kernel under a sanitizer takes minutes for the largest payloads; the others still go all the way.
constexpr unsigned largest_log2 = test::sanitized ? 21 : 26;

TEST(EveryLength, UpTo4096IsTheReferencesPiece) {
    const Bytes payload = test::vector_payload(4096);
    std::vector<std::unique_ptr<test::InlineCpu>> cpus;
    for (const std::string& isa : usable_isas()) cpus.push_back(std::make_unique<test::InlineCpu>(isa));
    for (std::size_t size = 0; size <= payload.size(); ++size) {
        const ByteView cut = ByteView(payload).first(size);
        const Piece expected = reference::piece(cut);
        for (auto& cpu : cpus) {
            const auto piece = test::hash_pushed(**cpu, cut);
            ASSERT_TRUE(piece.ok()) << piece.error().text();
            ASSERT_EQ(*piece, expected) << size << " bytes, " << (**cpu).name();
        }
    }
}

class PowerOfTwo : public testing::TestWithParam<unsigned> {};

TEST_P(PowerOfTwo, AroundItEveryPayloadIsTheReferencesPiece) {
    const unsigned log2 = GetParam();
    if (log2 > largest_log2) GTEST_SKIP() << "2^" << log2 << " bytes take minutes under a sanitizer";
    const std::size_t padded = std::size_t{1} << log2;
    const std::size_t full = padded / 128 * 127;
    const Bytes payload = test::vector_payload(padded + 1);
    for (const std::size_t size : std::set<std::size_t>{full - 1, full, full + 1, padded - 1, padded, padded + 1}) {
        // Of the largest trees, which take the reference a second each, those on the two sides of the step.
        if (log2 > 22 && size != full && size != full + 1) continue;
        const ByteView cut = ByteView(payload).first(size);
        const Piece expected = reference::piece(cut);
        for (const std::string& isa : usable_isas()) {
            if (log2 > 22 && isa == "portable") continue;
            test::InlineCpu cpu(isa);
            const auto piece = test::hash_pushed(*cpu, cut);
            ASSERT_TRUE(piece.ok()) << piece.error().text();
            ASSERT_EQ(*piece, expected) << size << " bytes, " << isa;
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Log2, PowerOfTwo, testing::Range(12U, 27U));

}    // namespace
}    // namespace filfil::commp
