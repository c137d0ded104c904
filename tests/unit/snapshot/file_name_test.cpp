// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "snapshot/file_name.hpp"

#include "car/join.hpp"
#include "source_samples.hpp"

namespace filfil::snapshot {
namespace {

TEST(FileName, NamesNetworkEpochAndHead) {
    const chain::TipsetKey head{car::samples::raw_block("a").cid, car::samples::raw_block("b").cid};
    const std::string stem = file_stem("mainnet", {5'000'000}, head);
    EXPECT_EQ(stem, "filfil_snapshot_mainnet_5000000_" + chain::short_name(head));
    EXPECT_NE(file_stem("mainnet", {5'000'000}, {head[0]}), stem);
    EXPECT_EQ(file_stem("../a net", {0}, head), "filfil_snapshot_..-a-net_0_" + chain::short_name(head));
    EXPECT_EQ(file_ending(car::Compression::none), ".car");
    EXPECT_EQ(file_ending(car::Compression::zstd), ".car.zst");
    EXPECT_EQ(file_ending(car::Compression::forest), ".forest.car.zst");
    EXPECT_EQ(network_of(head[0]), "devnet");
    const auto genesis = ipld::Cid::parse("bafy2bzacecnamqgqmifpluoeldx7zzglxcljo6oja4vrmtj7432rphldpdmm2");
    EXPECT_EQ(network_of(*genesis), "mainnet");
    const auto part = car::parse_part_name(piece_file_name(stem, 3, 7));
    ASSERT_TRUE(part);
    EXPECT_EQ(part->stem, stem);
    EXPECT_EQ(part->number, 3U);
    EXPECT_EQ(part->count, 7U);
}

}    // namespace
}    // namespace filfil::snapshot
