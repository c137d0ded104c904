// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "base/random.hpp"
#include "car/forest_car.hpp"
#include "car/forest_writer.hpp"
#include "car/little_endian.hpp"
#include "samples.hpp"

#include <map>
#include <set>

namespace filfil::car {
namespace {

using namespace samples;

Bytes forest_of(ByteView car) {
    auto reader = Reader::open(file_of(to_bytes(car)));
    MemorySink sink;
    EXPECT_TRUE(reader.ok());
    const auto summary = write_forest_car(*reader, sink);
    EXPECT_TRUE(summary.ok()) << summary.error().text();
    EXPECT_EQ(summary->file_bytes, sink.bytes().size());
    return sink.bytes();
}

TEST(ForestIndex, HashesAsForestDoes) {
    // The snapshot tests of Forest's hash.rs: identity CIDs, and the default CID of all zeros.
    const auto identity = [](std::uint64_t codec, std::initializer_list<unsigned char> bytes) {
        Bytes data;
        for (const unsigned char b : bytes) data.push_back(static_cast<std::byte>(b));
        return forest_hash(static_cast<ipld::Codec>(codec), {ipld::HashCode::identity, data});
    };
    EXPECT_EQ(identity(0, {}), 0U);
    EXPECT_EQ(identity(0xAB, {}), 170U);
    EXPECT_EQ(identity(0xAC, {1, 2, 3, 4}), 171U);
    EXPECT_EQ(identity(0xAD, {1, 2, 3, 4, 5, 6, 7, 8}), 578437695752307371U);
    // DAG-CBOR of the text "forest", and of "lotus".
    EXPECT_EQ(forest_hash(ipld::Codec::dag_cbor,
                          ipld::cid_of_block(ipld::Codec::dag_cbor, from_hex("66666f72657374").value()).hash()),
              7060553106844083342U);
    EXPECT_EQ(forest_hash(ipld::Codec::dag_cbor,
                          ipld::cid_of_block(ipld::Codec::dag_cbor, from_hex("656c6f747573").value()).hash()),
              10998694778601859716U);
}

TEST(ForestIndex, IdealSlotsCoverTheTableEvenly) {
    const std::uint64_t greatest = ~std::uint64_t{0};
    EXPECT_EQ(forest_ideal_slot(0, 10), 0U);
    EXPECT_EQ(forest_ideal_slot(greatest, 10), 9U);
    EXPECT_EQ(forest_ideal_slot(greatest / 2, 2), 0U);
    EXPECT_EQ(forest_ideal_slot(greatest / 2 + 1, 2), 1U);
    EXPECT_EQ(forest_ideal_slot(greatest, greatest), greatest - 1);
    EXPECT_EQ(forest_ideal_slot(0x123456789abcdef0, 0xfedcba9876543210), 0x121fa00ad77d7422U);
}

using Entries = std::vector<std::pair<std::uint64_t, std::uint64_t>>;

/// Bytes of an index with its footer, as they stand behind the frames.
Bytes index_of(const Entries& entries, bool many_frames = false) {
    ForestIndexBuilder builder;
    for (const auto& [hash, frame] : entries) builder.add(hash, frame);
    MemorySink sink;
    const auto written = many_frames ? builder.write(sink, 0, 48) : builder.write(sink);
    EXPECT_EQ(*written, sink.bytes().size());
    return concat({sink.bytes(), encode_forest_footer({skippable_header_size})});
}

void expect_lookups(const Entries& entries, bool many_frames) {
    const auto file = file_of(index_of(entries, many_frames));
    const auto footer = read_forest_footer(*file);
    ASSERT_TRUE(footer.ok() && *footer);
    const auto index = ForestIndex::open(*file, **footer);
    ASSERT_TRUE(index.ok()) << index.error().text();
    std::map<std::uint64_t, std::set<std::uint64_t>> expected;
    for (const auto& [hash, frame] : entries) expected[hash].insert(frame);
    for (const auto& [hash, frames] : expected) {
        const auto found = index->frames_of(hash);
        ASSERT_TRUE(found.ok()) << found.error().text();
        EXPECT_EQ(*found, std::vector(frames.begin(), frames.end())) << hash;
        for (const std::uint64_t other : {hash - 1, hash + 1})
            if (!expected.contains(other) && other != ~std::uint64_t{0}) EXPECT_TRUE(index->frames_of(other)->empty());
    }
}

TEST(ForestIndex, FindsAllThatWasAddedAndNothingElse) {
    SeededRandom random(1);
    for (const std::size_t n : {0U, 1U, 2U, 4U, 5U, 100U, 3000U}) {
        Entries spread;
        Entries crowded;    // all at one place of the table
        Entries at_the_end;
        Entries colliding;    // few hashes, many frames
        for (std::size_t i = 0; i < n; ++i) {
            spread.emplace_back(random.next() >> 1, random.below(1 << 20));
            crowded.emplace_back(random.below(1000), i);
            at_the_end.emplace_back(~std::uint64_t{0} - 1 - random.below(1000), i);
            colliding.emplace_back(random.below(5) << 61, random.below(50));
        }
        for (const bool many : {false, true})
            for (const Entries& entries : {spread, crowded, at_the_end, colliding}) expect_lookups(entries, many);
    }
}

TEST(ForestIndex, HasTheLayoutOfTheFormat) {
    // Three entries: max(3, floor(3 / 0.8)) = 3 buckets. The first two want slot 0, the third slot 2.
    const Bytes bytes = index_of({{5, 100}, {6, 200}, {~std::uint64_t{0} - 1, 300}});
    const auto word = [&](std::size_t i) { return load_u64(bytes.data() + skippable_header_size + 8 * i); };
    EXPECT_EQ(to_hex(ByteView(bytes).first(8)), "502a4d1860000000");
    EXPECT_EQ(word(0), 0xdeadbef0U);
    EXPECT_EQ(word(1), 1U);    // longest distance
    EXPECT_EQ(word(2), 0U);    // collisions
    EXPECT_EQ(word(3), 3U);    // buckets
    EXPECT_EQ(word(4), 5U);
    EXPECT_EQ(word(5), 100U);
    EXPECT_EQ(word(6), 6U);
    EXPECT_EQ(word(8), ~std::uint64_t{0} - 1);
    EXPECT_EQ(word(9), 300U);
    EXPECT_EQ(word(10), ~std::uint64_t{0});    // the empty slot at the end
    EXPECT_EQ(word(11), ~std::uint64_t{0});
    EXPECT_EQ(to_hex(ByteView(bytes).last(16)), "502a4d18080000000800000000000000");
    // An empty index has no bucket and one empty slot.
    EXPECT_EQ(index_of({}).size(), 8 + 32 + 16 + 16U);
}

TEST(ForestIndex, BrokenOnesAreRefusedNotFollowed) {
    const Bytes good = index_of({{5, 100}, {6, 200}, {1ULL << 63, 300}});
    const auto open = [](Bytes bytes) -> Result<std::vector<std::uint64_t>> {
        const auto file = file_of(std::move(bytes));
        FILFIL_TRY(const auto footer, read_forest_footer(*file));
        if (!footer) return Error(ErrorCode::not_found, "no footer");
        FILFIL_TRY(const ForestIndex index, ForestIndex::open(*file, *footer));
        FILFIL_CHECK(index.frames_of(5));
        return index.frames_of(6);
    };
    ASSERT_EQ(*open(good), std::vector<std::uint64_t>{200});
    const auto with = [&](std::size_t at, std::uint64_t value) {
        Bytes bad = good;
        store_u64(bad.data() + at, value);
        return open(std::move(bad));
    };
    EXPECT_EQ(with(good.size() - 8, 9).error().code, ErrorCode::not_found);    // footer: elsewhere
    EXPECT_EQ(with(good.size() - 8, 7).error().code, ErrorCode::not_found);
    EXPECT_EQ(with(good.size() - 8, ~std::uint64_t{0}).error().code, ErrorCode::not_found);
    EXPECT_EQ(with(8, 0xdeadbeef).error().code, ErrorCode::not_found);                             // version 0
    EXPECT_EQ(with(0, 0x184D2A50U | std::uint64_t{97} << 32).error().code, ErrorCode::corrupt);    // a frame too long
    EXPECT_EQ(with(0, 0x184D2A50U | std::uint64_t{80} << 32).error().code, ErrorCode::corrupt);    // and too short
    EXPECT_EQ(with(32, 4).error().code, ErrorCode::corrupt);    // more buckets than slots
    EXPECT_EQ(with(32, ~std::uint64_t{0}).error().code, ErrorCode::corrupt);
    EXPECT_EQ(with(40, ~std::uint64_t{0}).error().code, ErrorCode::corrupt);    // an empty slot with an offset
    EXPECT_TRUE(
        with(16, ~std::uint64_t{0}).ok());    // a longest distance beyond the table costs no more than the table
    EXPECT_TRUE(with(32, 0)->empty());
    for (std::size_t size = 0; size < good.size(); ++size)
        EXPECT_FALSE(open(to_bytes(ByteView(good).first(size))).ok()) << size;
}

TEST(ForestCar, HoldsTheSameCarAndFindsEveryBlock) {
    auto blocks = random_blocks(2, 400, 0, 2000);
    const Bytes large(200'000);    // compresses to nothing: its frame goes on
    blocks.insert(blocks.begin() + 7, Block{ipld::cid_of_block(ipld::Codec::raw, large), large});
    blocks.push_back(blocks[3]);    // a block twice
    const Bytes car = car_of(blocks);
    const Bytes forest = forest_of(car);
    const Outcome read = read_car(forest);
    ASSERT_FALSE(read.error) << read.error->text();
    EXPECT_EQ(read.blocks, blocks);
    EXPECT_EQ(read.header->compression, Compression::forest);
    EXPECT_EQ(read.good_bytes, car.size());

    const auto opened = ForestCar::open(file_of(forest));
    ASSERT_TRUE(opened.ok()) << opened.error().text();
    EXPECT_EQ(opened->roots(), std::vector{blocks[0].cid});
    for (const Block& block : blocks) EXPECT_EQ(opened->get(block.cid).value(), block.data);
    EXPECT_FALSE(opened->get(raw_block("absent").cid)->has_value());

    const auto check = check_forest_car(file_of(forest));
    ASSERT_TRUE(check.ok()) << check.error().text();
    EXPECT_EQ(check->blocks, blocks.size());
    EXPECT_EQ(check->unresolved, 0U);
    EXPECT_GT(check->frames, 10U);
}

TEST(ForestCar, ADigestUnderTwoCodecsIsTwoBlocks) {
    const Bytes data{std::byte{0x80}};
    const Block raw{ipld::cid_of_block(ipld::Codec::raw, data), data};
    const auto opened = ForestCar::open(file_of(forest_of(car_of({raw}))));
    EXPECT_TRUE(opened->get(raw.cid)->has_value());
    EXPECT_FALSE(opened->get(ipld::cid_of_block(ipld::Codec::dag_cbor, data))->has_value());
}

TEST(ForestCar, BlocksThatShareAHashAreToldApart) {
    // The hash leaves out what is behind the last whole word, so these all share one.
    std::vector<Block> blocks;
    for (const std::string_view text : {"a", "b", "c", "dd"})
        blocks.push_back(
            {ipld::Cid(ipld::Codec::raw, {ipld::HashCode::identity, bytes_of(text)}), to_bytes(bytes_of(text))});
    const auto noise = random_blocks(3, 30, 900, 900);
    std::vector<Block> all;
    for (const Block& block : blocks) {
        all.push_back(block);
        all.insert(all.end(), noise.begin(), noise.end());
    }
    const auto opened = ForestCar::open(file_of(forest_of(car_of(all))));
    for (const Block& block : blocks) EXPECT_EQ(opened->get(block.cid).value(), block.data);
    EXPECT_FALSE(opened->get(ipld::Cid(ipld::Codec::raw, {ipld::HashCode::identity, bytes_of("e")}))->has_value());
}

TEST(ForestCar, AnEmptyCarHasAnEmptyIndex) {
    const Bytes forest = forest_of(encode_header({}));
    EXPECT_EQ(read_car(forest).good_bytes, encode_header({}).size());
    const auto opened = ForestCar::open(file_of(forest));
    ASSERT_TRUE(opened.ok()) << opened.error().text();
    EXPECT_FALSE(opened->get(raw_block("x").cid)->has_value());
    EXPECT_EQ(check_forest_car(file_of(forest))->frames, 0U);
}

TEST(ForestCar, AnIndexThatLacksBlocksIsFound) {
    const auto blocks = random_blocks(4, 50, 500, 900);
    const Bytes forest = forest_of(car_of(blocks));
    const std::uint64_t start = load_u64(forest.data() + forest.size() - 8);
    // The same frames under the index of another CAR.
    ForestIndexBuilder builder;
    MemorySink other;
    builder.add(forest_hash(blocks[0].cid.codec(), blocks[0].cid.hash()),
                encode_header(std::vector{blocks[0].cid}).size());
    ASSERT_TRUE(builder.write(other).ok());
    const Bytes wrong = concat(
        {ByteView(forest).first(static_cast<std::size_t>(start - 8)), other.bytes(), encode_forest_footer({start})});
    const auto check = check_forest_car(file_of(wrong));
    ASSERT_TRUE(check.ok()) << check.error().text();
    EXPECT_GE(check->unresolved, 49U);
    EXPECT_EQ(check->first_unresolved.size(), 10U);
    EXPECT_EQ(check_forest_car(file_of(zstd_of(car_of(blocks)))).error().code, ErrorCode::invalid_argument);
    EXPECT_EQ(ForestCar::open(pipe_of(forest)).error().code, ErrorCode::invalid_argument);
}

TEST(ForestCar, FaultsOfTheSourceLeaveNoFooter) {
    const Bytes car = car_of(random_blocks(5, 20, 10, 100));
    auto reader = Reader::open(file_of(to_bytes(ByteView(car).first(car.size() - 1))));
    MemorySink sink;
    EXPECT_EQ(write_forest_car(*reader, sink).error().code, ErrorCode::truncated);
}

}    // namespace
}    // namespace filfil::car
