// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "retrieval/zstd_stream.hpp"
#include "retrieval/piece_stream.hpp"
#include "served.hpp"
#include "unzip.hpp"

#include <gtest/gtest.h>

namespace filfil::retrieval {
namespace {

using samples::drain;

std::shared_ptr<BodyStream> plain_of(Bytes bytes) {
    const std::uint64_t size = bytes.size();
    return std::make_shared<PieceStream>(std::make_shared<samples::MemoryPiece>(std::move(bytes)), 0, size);
}

/// Half random, half not: compresses, and not to nothing.
Bytes mixed(std::size_t size) {
    Bytes out = samples::random_bytes(size, size);
    for (std::size_t i = 0; i < size; ++i)
        if (i / 100 % 2 == 0) out[i] = std::byte{'x'};
    return out;
}

TEST(ZstdStream, GivesBackWhatWentIn) {
    for (const std::size_t size : {0U, 1U, 1000U, 131'072U, 131'073U, 3'000'000U})
        for (const std::size_t step : {1U, 7U, 65'536U, 10'000'000U}) {
            if (step < 100 && size > 2000) continue;
            auto stream = zstd_stream(plain_of(mixed(size)), 3);
            ASSERT_TRUE(stream.ok());
            EXPECT_EQ((*stream)->size(), std::nullopt);
            const auto packed = drain(**stream, step);
            ASSERT_TRUE(packed.ok());
            EXPECT_EQ(samples::unzip(*packed), mixed(size)) << size << " by " << step;
            if (size > 1000) EXPECT_LT(packed->size(), size / 10 * 8);
        }
}

TEST(ZstdStream, KeepsToTheWindowThatClientsTakeAtAnyLevel) {
    for (const int level : {-5, 1, 22}) {
        auto stream = zstd_stream(plain_of(mixed(level > 3 ? 2'000'000 : 20'000'000)), level);
        ASSERT_TRUE(stream.ok());
        EXPECT_FALSE(samples::unzip(*drain(**stream, 100'000)).empty()) << level;
    }
}

class Breaking final : public BodyStream {
public:
    std::optional<std::uint64_t> size() const noexcept override { return 1'000'000; }
    Result<std::size_t> read(ByteSpan out) override {
        if (m_reads++ == 3) return Error(ErrorCode::io, "the disk is gone");
        return out.size();
    }

private:
    int m_reads = 0;
};

TEST(ZstdStream, BreaksWhereWhatIsBelowBreaks) {
    auto stream = zstd_stream(std::make_shared<Breaking>(), 3);
    ASSERT_TRUE(stream.ok());
    const auto packed = drain(**stream);
    ASSERT_FALSE(packed.ok());
    EXPECT_EQ(packed.error().message, "the disk is gone");
}

/// One that gives less than it said.
class Short final : public BodyStream {
public:
    std::optional<std::uint64_t> size() const noexcept override { return 1000; }
    Result<std::size_t> read(ByteSpan) override { return m_reads++ == 0 ? std::size_t{10} : std::size_t{0}; }

private:
    int m_reads = 0;
};

TEST(ZstdStream, ABodyThatIsShorterThanItSaidIsAnErrorAndNotAnEnd) {
    auto stream = zstd_stream(std::make_shared<Short>(), 3);
    ASSERT_TRUE(stream.ok());
    EXPECT_FALSE(drain(**stream).ok());
}

}    // namespace
}    // namespace filfil::retrieval
