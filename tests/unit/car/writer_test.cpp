// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "car/writer.hpp"

#include "samples.hpp"

namespace filfil::car {
namespace {

using namespace samples;

TEST(CarWriter, WritesWhatTheFormatSays) {
    const auto blocks = random_blocks(1, 50, 0, 100'000);
    MemorySink sink;
    Writer writer(sink);
    ASSERT_TRUE(writer.header(std::vector{blocks[0].cid}).ok());
    for (const Block& block : blocks) ASSERT_TRUE(writer.block(block.cid.bytes(), block.data).ok());
    ASSERT_TRUE(writer.finish().ok());
    EXPECT_EQ(sink.bytes(), car_of(blocks));
    EXPECT_EQ(writer.written(), sink.bytes().size());
}

TEST(CarWriter, RawRunsKeepTheirOrderWhateverTheirSize) {
    const auto blocks = random_blocks(2, 3, 2'000'000, 3'000'000);
    const Bytes car = car_of(blocks);
    for (const std::size_t step : {std::size_t{1000}, std::size_t{1'500'000}, car.size()}) {
        MemorySink sink;
        Writer writer(sink);
        for (std::size_t at = 0; at < car.size(); at += step)
            ASSERT_TRUE(writer.raw(ByteView(car).subspan(at, std::min(step, car.size() - at))).ok());
        ASSERT_TRUE(writer.finish().ok());
        EXPECT_EQ(sink.bytes(), car);
    }
}

TEST(CarWriter, AFullSinkIsReported) {
    class FullSink final : public ByteSink {
    public:
        Result<void> write(ByteView) override { return Error(ErrorCode::io, "no space left"); }
    };
    FullSink sink;
    Writer writer(sink);
    ASSERT_TRUE(writer.header({}).ok());
    EXPECT_FALSE(writer.raw(Bytes(2 * MiB)).ok());
    EXPECT_FALSE(writer.finish().ok());
}

}    // namespace
}    // namespace filfil::car
