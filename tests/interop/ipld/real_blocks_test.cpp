// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "base/files.hpp"
#include "car/reader.hpp"
#include "ipld/dag_cbor.hpp"
#include "ipld/link_scan.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

namespace filfil::ipld {
namespace {

std::string data_folder() {
    const char* given = std::getenv("FILFIL_INTEROP_DATA");
    return given != nullptr ? given : FILFIL_SOURCE_DIR "/../shared/data";
}

/// What a file holds, counted by an independent scanner (a few lines of Python over the same files).
struct File {
    std::string_view name;
    std::uint64_t dag_cbor_blocks;
    std::uint64_t links_to_dag_cbor;
    std::uint64_t links_to_raw;
    std::uint64_t links_to_sealed;
    std::uint64_t links_to_unsealed;
    std::uint64_t not_utf8;    ///< blocks with text that is no UTF-8: HAMT keys of an early test network
};

constexpr File files[] = {
    {"closed_states.car", 681, 3614, 2465, 0, 0, 0},
    {"cpp_block_validator.car", 154, 1052, 144, 192, 0, 0},
    {"cpp_compacter.car", 353, 643, 192, 0, 0, 0},
    {"forest_chain4.car", 1222, 1418, 37, 2304, 4608, 0},
    {"forest_export40.car", 1581, 2001, 37, 2304, 4608, 0},
    {"gocar_sample-v1.car", 1043, 4832, 1918, 0, 0, 140},
    {"mainnet_genesis.car", 1212, 1399, 37, 2304, 4608, 0},
    {"forest_carv2.car.zst", 7153, 8603, 37, 1440, 2880, 0},
    {"lotus_calibnet_genesis.car.zst", 1197, 1375, 18, 2304, 4608, 0},
    {"synth_small/store.car", 6942, 35097, 26099, 2368, 4878, 0},
};

// What the genesis block names as its parent: made by hand before there was a chain, and the one block of all these
// files that is no strict DAG-CBOR.
constexpr std::string_view genesis_parent = "bafyreiaqpwbbyjo4a42saasj36kkrpv4tsherf2e7bvezkert2a7dhonoi";

constexpr DagCborOptions any_text{.check_utf8 = false};

struct Counts {
    std::uint64_t blocks = 0;
    std::uint64_t not_utf8 = 0;
    std::uint64_t to_dag_cbor = 0;
    std::uint64_t to_raw = 0;
    std::uint64_t to_sealed = 0;
    std::uint64_t to_unsealed = 0;
};

void count(Counts& counts, const Cid& cid) {
    counts.to_dag_cbor += cid.codec() == Codec::dag_cbor ? 1 : 0;
    counts.to_raw += cid.codec() == Codec::raw ? 1 : 0;
    counts.to_sealed += cid.codec() == Codec::fil_commitment_sealed ? 1 : 0;
    counts.to_unsealed += cid.codec() == Codec::fil_commitment_unsealed ? 1 : 0;
}

void collect(const Value& value, std::vector<Cid>& links) {
    if (const Cid* cid = value.as_link()) links.push_back(*cid);
    if (const Value::List* list = value.as_list())
        for (const Value& inner : *list) collect(inner, links);
    if (const Value::Map* map = value.as_map())
        for (const MapEntry& entry : *map) collect(entry.value, links);
}

void PrintTo(const File& file, std::ostream* out) { *out << file.name; }

class RealBlocks : public testing::TestWithParam<File> {};

// Every block of real chain data scans; every one but the genesis block's parent decodes strictly once text may be any
// bytes, has the links that the scan saw, and encodes to itself.
TEST_P(RealBlocks, ScanDecodeAndEncode) {
    const File& want = GetParam();
    SystemFiles system;
    const std::string path = data_folder() + "/" + std::string(want.name);
    if (!system.info(path).ok())
        GTEST_SKIP() << path << " does not exist: set FILFIL_INTEROP_DATA to the folder of real chain data";

    auto reader = car::Reader::open(system, path);
    ASSERT_TRUE(reader.ok()) << reader.error().text();
    Counts counts;
    for (;;) {
        auto section = reader->next();
        ASSERT_TRUE(section.ok()) << section.error().text();
        if (!section->has_value()) break;
        if ((*section)->codec != Codec::dag_cbor) continue;
        const ByteView block = (*section)->data;
        const std::string name = (*section)->cid_copy().text();
        ++counts.blocks;

        std::vector<Cid> links;
        const auto scanned = scan_links(block, [&](ByteView cid) { links.push_back(Cid::from_bytes(cid).value()); });
        ASSERT_TRUE(scanned.ok()) << name << ": " << scanned.error().text();
        for (const Cid& cid : links) count(counts, cid);

        if (!decode_dag_cbor(block).ok() && decode_dag_cbor(block, any_text).ok()) ++counts.not_utf8;
        const auto value = decode_dag_cbor(block, any_text);
        if (name == genesis_parent) {
            ASSERT_FALSE(value.ok());
            EXPECT_NE(value.error().message.find("not in order"), std::string::npos) << value.error().message;
            continue;
        }
        ASSERT_TRUE(value.ok()) << name << ": " << value.error().text();
        std::vector<Cid> strict;
        collect(*value, strict);
        EXPECT_EQ(strict, links) << name;
        const auto encoded = encode_dag_cbor(*value, any_text);
        ASSERT_TRUE(encoded.ok()) << name << ": " << encoded.error().text();
        EXPECT_EQ(chars_of(*encoded), chars_of(block)) << name;
    }
    EXPECT_EQ(counts.not_utf8, want.not_utf8);
    EXPECT_EQ(counts.blocks, want.dag_cbor_blocks);
    EXPECT_EQ(counts.to_dag_cbor, want.links_to_dag_cbor);
    EXPECT_EQ(counts.to_raw, want.links_to_raw);
    EXPECT_EQ(counts.to_sealed, want.links_to_sealed);
    EXPECT_EQ(counts.to_unsealed, want.links_to_unsealed);
}

std::string test_name(const testing::TestParamInfo<File>& info) {
    std::string name(info.param.name);
    for (char& c : name)
        if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
    return name;
}

INSTANTIATE_TEST_SUITE_P(Files, RealBlocks, testing::ValuesIn(files), test_name);

}    // namespace
}    // namespace filfil::ipld
