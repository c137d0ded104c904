// SPDX-License-Identifier: Apache-2.0 OR MIT
// What core/car does in a build without libzstd.
#include "car/forest_car.hpp"
#include "car/forest_writer.hpp"
#include "car/zstd_sink.hpp"
#include "car/zstd_source.hpp"
#include "samples.hpp"

namespace filfil::car {
namespace {

using namespace samples;

void expect_refused(const Error& error, std::string_view start) {
    EXPECT_EQ(error.code, ErrorCode::unsupported) << error.text();
    EXPECT_TRUE(error.message.starts_with(start)) << error.text();
    EXPECT_NE(error.message.find("without libzstd"), std::string::npos) << error.text();
    EXPECT_NE(error.remedy.find("libzstd-dev"), std::string::npos) << error.text();
}

TEST(ZstdMissing, PlainCarsAreReadAsEver) {
    const auto blocks = random_blocks(1, 20, 0, 5000);
    const Outcome read = read_car(car_of(blocks));
    ASSERT_FALSE(read.error) << read.error->text();
    EXPECT_EQ(read.blocks, blocks);
    EXPECT_EQ(read.header->compression, Compression::none);
}

TEST(ZstdMissing, ACompressedCarIsKnownAndRefused) {
    const Bytes car = car_of(random_blocks(2, 3, 10, 1000));
    for (const Bytes& file : {zstd_of(car), concat({skippable_of(bytes_of("skipped")), zstd_of(car)})}) {
        EXPECT_TRUE(begins_zstd(file));
        const Outcome read = read_car(file_of(file, "a.car.zst"));
        ASSERT_TRUE(read.error);
        expect_refused(*read.error, "a.car.zst: cannot be decompressed");
        EXPECT_TRUE(read.blocks.empty());
    }
    const auto file = file_of(zstd_of(car), "a.car.zst");
    const auto frame = open_zstd_frame(*file, 0);
    ASSERT_FALSE(frame.ok());
    expect_refused(frame.error(), "a.car.zst: cannot be decompressed");
}

TEST(ZstdMissing, AForestCarIsKnownAndRefused) {
    const std::string path = FILFIL_SOURCE_DIR "/tests/fuzz/car/seeds/forest/small.forest.car.zst";
    SystemFiles files;
    ASSERT_TRUE((*read_forest_footer(**files.open(path))).has_value());
    const auto opened = ForestCar::open(*files.open(path));
    ASSERT_FALSE(opened.ok());
    expect_refused(opened.error(), path + ": cannot be decompressed");
    const auto checked = check_forest_car(*files.open(path));
    ASSERT_FALSE(checked.ok());
    expect_refused(checked.error(), path + ": cannot be decompressed");
}

TEST(ZstdMissing, NothingIsCompressedAndNothingWritten) {
    MemorySink out;
    const auto frame = ZstdSink::open(out, 100, 2);
    ASSERT_FALSE(frame.ok());
    expect_refused(frame.error(), "a CAR cannot be compressed");
    const auto writer = ForestWriter::open(out);
    ASSERT_FALSE(writer.ok());
    expect_refused(writer.error(), "a CAR cannot be compressed");
    auto reader = Reader::open(file_of(car_of(random_blocks(3, 3, 10, 1000))));
    ASSERT_TRUE(reader.ok());
    const auto summary = write_forest_car(*reader, out);
    ASSERT_FALSE(summary.ok());
    expect_refused(summary.error(), "a CAR cannot be compressed");
    EXPECT_TRUE(out.bytes().empty());
}

}    // namespace
}    // namespace filfil::car
