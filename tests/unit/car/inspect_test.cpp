// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "car/inspect.hpp"

#include "samples.hpp"

namespace filfil::car {
namespace {

using namespace samples;

TEST(CarInspect, CountsWhatIsThere) {
    auto blocks = random_blocks(1, 7, 10, 300);
    const Bytes empty_map{std::byte{0xa0}};
    blocks.push_back({ipld::cid_of_block(ipld::Codec::dag_cbor, empty_map), empty_map});
    blocks.push_back({ipld::Cid(static_cast<ipld::Codec>(0x9999), {ipld::HashCode::identity, {}}), {}});
    const Bytes car = car_of(blocks);
    std::uint64_t largest = 0;
    for (const Block& block : blocks) largest = std::max<std::uint64_t>(largest, block.data.size());
    for (const Bytes& file : {car, v2_of(car), zstd_of(car)}) {
        const auto found = inspect(file_of(file));
        ASSERT_TRUE(found.ok()) << found.error().text();
        EXPECT_EQ(found->blocks, 9U);
        EXPECT_EQ(found->bytes, car.size());
        EXPECT_EQ(found->codecs, (std::map<std::string, std::uint64_t>{{"0x9999", 1}, {"dag-cbor", 1}, {"raw", 7}}));
        EXPECT_EQ(found->largest_block, largest);
    }
}

TEST(CarInspect, StopsWhenAskedAndPassesFaultsOn) {
    std::stop_source stop;
    stop.request_stop();
    EXPECT_EQ(inspect(file_of(car_of(random_blocks(2, 3, 1, 5))), {}, stop.get_token()).error().code,
              ErrorCode::cancelled);
    EXPECT_EQ(inspect(file_of(concat({car_of({raw_block("a")}), Bytes(3)}))).error().code, ErrorCode::corrupt);
}

}    // namespace
}    // namespace filfil::car
