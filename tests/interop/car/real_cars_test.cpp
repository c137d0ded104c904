// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "car/forest_car.hpp"
#include "car/forest_writer.hpp"
#include "car/inspect.hpp"
#include "car/reader.hpp"
#include "car/verify.hpp"
#include "ipld/digest.hpp"

#include <cstdlib>
#include <set>

namespace filfil::car {
namespace {

/// The folder of real chain data; its README says what must come out of each file.
std::string data_folder() {
    const char* given = std::getenv("FILFIL_INTEROP_DATA");
    return given != nullptr ? given : FILFIL_SOURCE_DIR "/../shared/data";
}

class RealCars : public testing::Test {
protected:
    void SetUp() override {
        if (!m_files.info(data_folder()).ok())
            GTEST_SKIP() << data_folder()
                         << " does not exist: set FILFIL_INTEROP_DATA to the folder of real chain data";
    }

    std::string path(std::string_view name) { return join_path(data_folder(), name); }

    SystemFiles m_files;
};

struct Contents {
    Header header;
    std::uint64_t blocks = 0;
    std::uint64_t bytes = 0;
    std::uint64_t identity = 0;
    std::multiset<std::string> sections;
};

Result<Contents> contents_of(Files& files, const std::string& path) {
    FILFIL_TRY(Reader reader, Reader::open(files, path));
    Contents out;
    out.header = reader.header();
    for (;;) {
        FILFIL_TRY(const auto section, reader.next());
        if (!section) break;
        ++out.blocks;
        if (section->hash.code == ipld::HashCode::identity) ++out.identity;
        EXPECT_TRUE(ipld::matches(section->hash, section->data).value()) << path << " section " << section->number;
        out.sections.emplace(chars_of(section->bytes));
    }
    out.bytes = reader.good_bytes();
    return out;
}

struct Known {
    std::string_view name;
    unsigned version;
    Compression compression;
    std::uint64_t blocks;
    std::uint64_t identity;
};

TEST_F(RealCars, HoldWhatTheirReadmeSays) {
    const std::vector<Known> known{
        {"forest_chain4.car", 1, Compression::none, 1222, 0},
        {"forest_chain4.car.zst", 1, Compression::zstd, 1222, 0},
        {"forest_chain4.forest.car.zst", 1, Compression::forest, 1222, 0},
        {"forest_export40.car", 1, Compression::none, 1581, 0},
        {"mainnet_genesis.car", 1, Compression::none, 1222, 10},
        {"lotus_calibnet_genesis.car.zst", 1, Compression::zstd, 1207, 10},
        {"cpp_compacter.car", 1, Compression::none, 353, 0},
        {"cpp_block_validator.car", 1, Compression::none, 154, 0},
        {"forest_carv2.car.zst", 2, Compression::zstd, 7153, 0},
        {"gocar_sample-v1.car", 1, Compression::none, 1049, 6},
        {"gocar_sample-wrapped-v2.car", 2, Compression::none, 1049, 6},
        {"closed_states.car", 1, Compression::none, 681, 0},
    };
    for (const Known& file : known) {
        auto contents = contents_of(m_files, path(file.name));
        ASSERT_TRUE(contents.ok()) << contents.error().text();
        EXPECT_EQ(contents->header.version, file.version) << file.name;
        EXPECT_EQ(contents->header.compression, file.compression) << file.name;
        EXPECT_EQ(contents->blocks, file.blocks) << file.name;
        EXPECT_EQ(contents->identity, file.identity) << file.name;
        EXPECT_EQ(contents->header.roots.size(), 1U) << file.name;
        EXPECT_EQ(contents->header.bytes, encode_header(contents->header.roots)) << file.name;
    }
}

TEST_F(RealCars, TheSameChainReadsTheSameInEveryForm) {
    const auto plain = contents_of(m_files, path("forest_chain4.car")).value();
    EXPECT_EQ(plain.bytes, 1'107'835U);
    for (const std::string_view name : {"forest_chain4.car.zst", "forest_chain4.forest.car.zst"}) {
        const auto packed = contents_of(m_files, path(name)).value();
        EXPECT_EQ(packed.bytes, plain.bytes);
        EXPECT_EQ(packed.sections, plain.sections);
        EXPECT_EQ(packed.header.roots, plain.header.roots);
    }
    const auto v1 = contents_of(m_files, path("gocar_sample-v1.car")).value();
    const auto v2 = contents_of(m_files, path("gocar_sample-wrapped-v2.car")).value();
    EXPECT_EQ(v1.sections, v2.sections);
    EXPECT_EQ(v1.bytes, v2.bytes);
    EXPECT_EQ(v1.bytes, 479'907U);
}

TEST_F(RealCars, EveryBlockHasTheHashItsCidSaysAndLinksAreMissingWhereTheyMust) {
    struct Expected {
        std::string_view name;
        std::uint64_t missing;    ///< distinct CIDs, counted by an independent scan of each file
    };
    // The nodes' exports lack receipts and old state roots by design; the C++ node's test data was pruned.
    const std::vector<Expected> files{
        {"forest_chain4.car", 3},     {"forest_chain4.car.zst", 3},       {"forest_chain4.forest.car.zst", 3},
        {"forest_export40.car", 38},  {"mainnet_genesis.car", 0},         {"lotus_calibnet_genesis.car.zst", 0},
        {"cpp_compacter.car", 1},     {"cpp_block_validator.car", 339},   {"forest_carv2.car.zst", 16},
        {"gocar_sample-v1.car", 0},   {"gocar_sample-wrapped-v2.car", 0}, {"closed_states.car", 0},
        {"synth_small/store.car", 0},
    };
    ThreadPool pool(2);
    SeededRandom random(1);
    for (const Expected& file : files) {
        VerifyOptions options;
        options.link_key = &random;
        const auto report = verify(m_files, path(file.name), pool, options);
        ASSERT_TRUE(report.ok()) << report.error().text();
        EXPECT_FALSE(report->fault) << file.name;
        EXPECT_EQ(report->bad_blocks, 0U) << file.name;
        EXPECT_EQ(report->unchecked_blocks, 0U) << file.name;
        EXPECT_EQ(report->unscanned_blocks, 0U) << file.name;
        EXPECT_EQ(report->missing_links, file.missing) << file.name;
        EXPECT_EQ(report->missing.size(), std::min<std::uint64_t>(file.missing, options.name_at_most)) << file.name;
    }
}

TEST_F(RealCars, InspectionGivesTheCodecs) {
    const auto found = inspect(m_files.open(path("forest_carv2.car.zst")).value());
    ASSERT_TRUE(found.ok());
    EXPECT_EQ(found->blocks, 7153U);
    std::uint64_t sum = 0;
    for (const auto& [name, count] : found->codecs) sum += count;
    EXPECT_EQ(sum, 7153U);
    EXPECT_TRUE(found->codecs.contains("dag-cbor"));
}

TEST_F(RealCars, ForestsOwnIndexResolvesEveryKey) {
    const auto forest = ForestCar::open(m_files.open(path("forest_chain4.forest.car.zst")).value());
    ASSERT_TRUE(forest.ok()) << forest.error().text();
    Reader plain = Reader::open(m_files, path("forest_chain4.car")).value();
    EXPECT_EQ(forest->roots(), plain.header().roots);
    std::uint64_t found = 0;
    for (auto section = plain.next(); section.ok() && *section; section = plain.next()) {
        const auto data = forest->get((*section)->cid_copy());
        ASSERT_TRUE(data.ok()) << data.error().text();
        ASSERT_TRUE(*data) << (*section)->number;
        EXPECT_TRUE(std::ranges::equal(**data, (*section)->data));
        ++found;
    }
    EXPECT_EQ(found, 1222U);
    const auto check = check_forest_car(m_files.open(path("forest_chain4.forest.car.zst")).value());
    ASSERT_TRUE(check.ok()) << check.error().text();
    EXPECT_EQ(check->blocks, 1222U);
    EXPECT_EQ(check->frames, 53U);    // and one for the header
    EXPECT_EQ(check->unresolved, 0U);
}

TEST_F(RealCars, OurForestCarsHoldTheSameBytes) {
    for (const std::string_view name : {"forest_chain4.car", "gocar_sample-wrapped-v2.car", "forest_carv2.car.zst"}) {
        Reader reader = Reader::open(m_files, path(name)).value();
        MemorySink sink;
        const auto summary = write_forest_car(reader, sink);
        ASSERT_TRUE(summary.ok()) << summary.error().text();
        const auto check = check_forest_car(memory_file("ours", sink.bytes()));
        ASSERT_TRUE(check.ok()) << check.error().text();
        EXPECT_EQ(check->blocks, reader.sections());
        EXPECT_EQ(check->frames, summary->frames);
        EXPECT_EQ(check->unresolved, 0U);
        const auto ours = inspect(memory_file("ours", sink.bytes()));
        EXPECT_EQ(ours->bytes, reader.good_bytes());
    }
}

TEST_F(RealCars, OurForestCarIsForestsOwnByteForByte) {
    Reader reader = Reader::open(m_files, path("forest_chain4.car")).value();
    MemorySink sink;
    ASSERT_TRUE(write_forest_car(reader, sink).ok());
    const Bytes theirs = read_all(*m_files.open(path("forest_chain4.forest.car.zst")).value(), 1 * MiB).value();
    // Frames depend on the version of zstd; where they come out alike, all the rest has to.
    ASSERT_GT(sink.bytes().size(), 450'000U);
    if (!std::ranges::equal(ByteView(sink.bytes()).first(450'000), ByteView(theirs).first(450'000)))
        GTEST_SKIP() << "this machine's zstd compresses otherwise than the one that made forest_chain4.forest.car.zst";
    EXPECT_EQ(sink.bytes(), theirs);
}

}    // namespace
}    // namespace filfil::car
