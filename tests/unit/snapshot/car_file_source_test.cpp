// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "snapshot/car_file_source.hpp"

#include "source_samples.hpp"

#include <algorithm>

namespace filfil::snapshot {
namespace {

using namespace samples;

class Counted final : public Progress {
public:
    void advance(std::uint64_t bytes) noexcept override { m_bytes += bytes; }
    [[nodiscard]] std::uint64_t bytes() const noexcept { return m_bytes; }

private:
    std::uint64_t m_bytes = 0;
};

TEST(CarFileSource, GivesTheCarOfAFileOfEitherVersion) {
    const auto blocks = car::samples::random_blocks(1, 700, 0, 300);
    const Bytes car = car::samples::car_of(blocks);
    const MemorySource expected({blocks[0].cid}, blocks);
    MemoryFiles files;
    files.stored["v1.car"] = car;
    files.stored["v2.car"] = car::samples::v2_of(car, 17, "an index");
    for (const std::string path : {"v1.car", "v2.car"}) {
        Counted counted;
        const auto source = CarFileSource::open(files, path, &counted);
        ASSERT_TRUE(source.ok()) << source.error().text();
        EXPECT_EQ((*source)->sections(), blocks.size());
        EXPECT_EQ((*source)->roots(), std::vector{blocks[0].cid});
        EXPECT_EQ(car_of(**source), car);
        EXPECT_GE(counted.bytes(), car.size());
        for (std::uint64_t at = 0; at <= expected.body_size(); at += 61)
            EXPECT_EQ((*source)->boundary_at(at).value(), expected.boundary_at(at).value()) << at;
        EXPECT_EQ((*source)->boundary_at(expected.body_size()).value(), expected.body_size());
        Bytes part(1000);
        ASSERT_TRUE((*source)->read(12'345, part).ok());
        EXPECT_TRUE(std::ranges::equal(part, ByteView(car).subspan((*source)->header().size() + 12'345, 1000)));
    }
}

TEST(CarFileSource, RefusesWhatCannotBeReadAtWill) {
    const Bytes car = car::samples::car_of(car::samples::random_blocks(2, 20, 10, 20));
    MemoryFiles files;
    files.stored["a.car.zst"] = car::samples::zstd_of(car);
    files.stored["cut.car"] = Bytes(car.begin(), car.end() - 1);
    files.stored["good.car"] = car;
    EXPECT_EQ(CarFileSource::open(files, "a.car.zst").error().code, ErrorCode::unsupported);
    EXPECT_NE(CarFileSource::open(files, "a.car.zst").error().message.find("a.car.zst: is compressed"),
              std::string::npos);
    EXPECT_EQ(CarFileSource::open(files, "cut.car").error().code, ErrorCode::truncated);
    EXPECT_EQ(CarFileSource::open(files, "none.car").error().code, ErrorCode::not_found);
    std::stop_source stop;
    stop.request_stop();
    EXPECT_EQ(CarFileSource::open(files, "good.car", nullptr, stop.get_token()).error().code, ErrorCode::cancelled);
}

}    // namespace
}    // namespace filfil::snapshot
