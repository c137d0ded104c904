// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "car/reader.hpp"

#include "car/writer.hpp"
#include "ipld/digest.hpp"
#include "samples.hpp"

#include <atomic>

namespace filfil::car {
namespace {

using namespace samples;

TEST(CarReader, GivesBackWhatWasWritten) {
    const auto blocks = random_blocks(1, 200, 0, 3000);
    const Bytes car = car_of(blocks);
    const Outcome read = read_car(car);
    ASSERT_FALSE(read.error) << read.error->text();
    EXPECT_EQ(read.blocks, blocks);
    EXPECT_EQ(read.header->version, 1U);
    EXPECT_EQ(read.header->roots, std::vector{blocks[0].cid});
    EXPECT_EQ(read.good_bytes, car.size());
    EXPECT_EQ(read.damage, Damage::none);
}

TEST(CarReader, BatchSizeDoesNotMatter) {
    const auto blocks = random_blocks(2, 60, 0, 900);
    const Bytes car = car_of(blocks);
    for (const std::size_t size : {1U, 7U, 64U, 100U, 1000U, 4096U, 1U << 20}) {
        ReaderOptions options;
        options.batch_bytes = size;
        const Outcome read = read_car(car, options);
        ASSERT_FALSE(read.error) << size << ": " << read.error->text();
        EXPECT_EQ(read.blocks, blocks) << size;
    }
}

TEST(CarReader, OffsetsAndRunsOfBytesAreThoseOfTheFile) {
    const auto blocks = random_blocks(3, 40, 10, 500);
    const Bytes car = car_of(blocks);
    ReaderOptions options;
    options.batch_bytes = 1000;
    auto reader = Reader::open(file_of(car), options);
    ASSERT_TRUE(reader.ok());
    Bytes joined = reader->header().bytes;
    Batch batch;
    std::uint64_t number = 0;
    while (*reader->read(batch)) {
        EXPECT_EQ(batch.sections().front().offset, joined.size());
        joined.insert(joined.end(), batch.bytes().begin(), batch.bytes().end());
        for (const Section& section : batch.sections()) {
            EXPECT_EQ(section.number, number++);
            EXPECT_TRUE(std::ranges::equal(
                section.bytes, ByteView(car).subspan(static_cast<std::size_t>(section.offset), section.bytes.size())));
        }
    }
    EXPECT_EQ(joined, car);
}

TEST(CarReader, NextGivesOneSectionAtATime) {
    const auto blocks = random_blocks(4, 30, 0, 400);
    auto reader = Reader::open(file_of(car_of(blocks)));
    ASSERT_TRUE(reader.ok());
    for (const Block& block : blocks) {
        auto section = reader->next();
        ASSERT_TRUE(section.ok() && section->has_value());
        EXPECT_EQ((*section)->cid_copy(), block.cid);
        EXPECT_TRUE(std::ranges::equal((*section)->data, block.data));
    }
    EXPECT_FALSE(reader->next()->has_value());
    EXPECT_FALSE(reader->next()->has_value());
}

TEST(CarReader, ReadsFromAPipe) {
    const auto blocks = random_blocks(5, 30, 0, 400);
    EXPECT_EQ(read_car(pipe_of(car_of(blocks))).blocks, blocks);
    EXPECT_EQ(read_car(pipe_of(v2_of(car_of(blocks), 5, "index"))).blocks, blocks);
    EXPECT_EQ(read_car(pipe_of(zstd_of(car_of(blocks)))).blocks, blocks);
}

TEST(CarReader, ReadsV2WithGapAndIndexAndNotesBoth) {
    const auto blocks = random_blocks(6, 20, 0, 400);
    const Bytes v1 = car_of(blocks);
    for (const std::size_t gap : {0U, 1U, 13U, 200'000U}) {
        const Outcome read = read_car(v2_of(v1, gap, "no section at all"));
        ASSERT_FALSE(read.error) << read.error->text();
        EXPECT_EQ(read.blocks, blocks);
        EXPECT_EQ(read.header->version, 2U);
        EXPECT_EQ(read.header->payload_offset, 51 + gap);
        EXPECT_EQ(read.header->v2->index_offset, 51 + gap + v1.size());
        EXPECT_EQ(read.header->bytes, encode_header(read.header->roots));
        EXPECT_EQ(read.offsets[0], 51 + gap + read.header->bytes.size());
        EXPECT_EQ(read.good_bytes, v1.size());
    }
}

TEST(CarReader, ReadsCidsOfEveryKind) {
    const Bytes text = to_bytes(bytes_of("every kind"));
    const auto sha = ipld::sha2_256(text);
    Bytes v0;
    ipld::append_multihash(v0, {ipld::HashCode::sha2_256, sha});
    std::vector<Block> blocks{
        {ipld::Cid::from_bytes(v0).value(), text},
        {ipld::Cid(ipld::Codec::raw, {ipld::HashCode::identity, text}), text},
        {ipld::Cid(ipld::Codec::raw, {ipld::HashCode::identity, {}}), {}},
        {ipld::Cid(ipld::Codec::fil_commitment_sealed, {ipld::HashCode::poseidon_bls12_381_a2_fc1, sha}), text},
        {ipld::Cid(static_cast<ipld::Codec>(0x1234), {static_cast<ipld::HashCode>(0x4321), ByteView(sha).first(20)}),
         text},
        raw_block("last")};
    const Outcome read = read_car(car_of(blocks));
    ASSERT_FALSE(read.error) << read.error->text();
    EXPECT_EQ(read.blocks, blocks);
}

TEST(CarReader, AnEmptyBodyAndNoRootsAreLegal) {
    const Outcome read = read_car(encode_header({}));
    ASSERT_FALSE(read.error) << read.error->text();
    EXPECT_TRUE(read.blocks.empty());
    EXPECT_TRUE(read.header->roots.empty());
}

TEST(CarReader, SectionsUpToTheLimitAndNotBeyond) {
    ReaderOptions options;
    options.limits.section = 100;
    const Block fits = random_blocks(7, 1, 62, 62)[0];    // 38 bytes of CID
    const Block large = random_blocks(8, 1, 63, 63)[0];
    EXPECT_EQ(read_car(car_of({fits}), options).blocks, std::vector{fits});
    const Outcome refused = read_car(car_of({fits, fits, large}), options);
    ASSERT_TRUE(refused.error);
    EXPECT_EQ(refused.blocks.size(), 2U);
    EXPECT_EQ(refused.error->code, ErrorCode::too_large);
    EXPECT_EQ(refused.damage, Damage::oversized);
    EXPECT_NE(refused.error->message.find("sample.car at byte 263: section 2 announces 101 bytes"), std::string::npos)
        << refused.error->message;
}

TEST(CarReader, TheF3BlockAloneMayBeLarger) {
    const Block f3 = random_blocks(9, 1, 5000, 5000)[0];
    // FRC-0108 metadata names the block; what else it says does not matter here.
    Bytes metadata = to_bytes(bytes_of("F3Data"));
    metadata.insert(metadata.end(), f3.cid.bytes().begin(), f3.cid.bytes().end());
    const Block first{ipld::cid_of_block(ipld::Codec::dag_cbor, metadata), metadata};
    const Block other = random_blocks(10, 1, 5000, 5000)[0];
    ReaderOptions options;
    options.limits.section = 1000;
    options.batch_bytes = 128;
    EXPECT_EQ(read_car(car_of({first, f3}), options).blocks, (std::vector{first, f3}));
    EXPECT_EQ(read_car(car_of({first, other}), options).error->code, ErrorCode::too_large);
    EXPECT_EQ(read_car(car_of({first, first, f3}), options).error->code, ErrorCode::too_large);
    EXPECT_EQ(read_car(car_of({first.cid, f3.cid}, {first, f3}), options).error->code, ErrorCode::too_large);
    options.limits.f3_section = 5000;
    EXPECT_EQ(read_car(car_of({first, f3}), options).error->code, ErrorCode::too_large);
}

TEST(CarReader, ProgressAddsUpToTheFile) {
    class Sum final : public Progress {
    public:
        void advance(std::uint64_t bytes) noexcept override { m_sum += bytes; }
        [[nodiscard]] std::uint64_t sum() const { return m_sum; }

    private:
        std::atomic<std::uint64_t> m_sum = 0;
    };
    const Bytes car = car_of(random_blocks(11, 300, 0, 3000));
    for (const Bytes& file : {car, zstd_of(car)}) {
        Sum sum;
        ReaderOptions options;
        options.progress = &sum;
        ASSERT_FALSE(read_car(file, options).error);
        EXPECT_EQ(sum.sum(), file.size());
    }
}

TEST(CarReader, ABatchGivesFaultlessSectionsFirst) {
    const auto blocks = random_blocks(12, 3, 50, 60);
    Bytes car = car_of(blocks);
    car.push_back(std::byte{0x80});
    auto reader = Reader::open(file_of(car));
    Batch batch;
    auto first = reader->read(batch);
    ASSERT_TRUE(first.ok());
    EXPECT_TRUE(*first);
    EXPECT_EQ(batch.sections().size(), 3U);
    for (int i = 0; i < 2; ++i) {
        const auto second = reader->read(batch);
        ASSERT_FALSE(second.ok());
        EXPECT_EQ(second.error().code, ErrorCode::truncated);
        EXPECT_TRUE(batch.sections().empty());
    }
}

}    // namespace
}    // namespace filfil::car
