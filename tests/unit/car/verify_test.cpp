// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "car/verify.hpp"

#include "ipld/digest.hpp"
#include "samples.hpp"

#include <set>

namespace filfil::car {
namespace {

using namespace samples;

VerifyReport checked(Bytes car, unsigned threads = 3, VerifyOptions options = {}) {
    ThreadPool pool(threads);
    options.reader.batch_bytes = 2000;    // many batches, so that workers share the file
    auto report = verify(file_of(std::move(car)), pool, options);
    EXPECT_TRUE(report.ok()) << report.error().text();
    return std::move(report).value();
}

TEST(CarVerify, GoodCarsAreGood) {
    const auto blocks = random_blocks(1, 300, 0, 900);
    const Bytes car = car_of(blocks);
    for (const Bytes& file : {car, v2_of(car, 9, "index"), zstd_of(car)})
        for (const unsigned threads : {1U, 2U, 7U}) {
            const VerifyReport report = checked(file, threads);
            EXPECT_TRUE(report.good());
            EXPECT_EQ(report.blocks, 300U);
            EXPECT_EQ(report.bytes, car.size());
            EXPECT_FALSE(report.missing_links);
        }
    InlineExecutor same_thread;
    EXPECT_TRUE(verify(file_of(car), same_thread)->good());
}

TEST(CarVerify, EachChangedBlockIsNamedInOrder) {
    auto blocks = random_blocks(2, 400, 1, 600);
    const std::set<std::size_t> changed{0, 5, 6, 133, 200, 201, 202, 350, 399};
    for (const std::size_t i : changed) blocks[i].data[blocks[i].data.size() / 2] ^= std::byte{1};
    const Bytes car = car_of(blocks);
    const auto offsets = read_car(car).offsets;
    VerifyOptions options;
    options.name_at_most = 4;
    const VerifyReport report = checked(car, 3, options);
    EXPECT_FALSE(report.good());
    EXPECT_EQ(report.blocks, 400U);
    EXPECT_EQ(report.bad_blocks, changed.size());
    ASSERT_EQ(report.bad.size(), 4U);
    auto expected = changed.begin();
    for (const BadBlock& bad : report.bad) {
        EXPECT_EQ(bad.section, *expected);
        EXPECT_EQ(bad.offset, offsets[*expected]);
        EXPECT_EQ(bad.cid, blocks[*expected++].cid);
    }
}

TEST(CarVerify, ChecksEveryHashThatCanBeComputed) {
    const Bytes data = to_bytes(bytes_of("some data"));
    const auto sha = ipld::sha2_256(data);
    const std::vector<Block> good{{ipld::Cid(ipld::Codec::raw, {ipld::HashCode::sha2_256, sha}), data},
                                  {ipld::Cid(ipld::Codec::raw, {ipld::HashCode::identity, data}), data},
                                  raw_block("some data")};
    EXPECT_TRUE(checked(car_of(good)).good());
    std::vector<Block> bad = good;
    for (Block& block : bad) block.data[0] = std::byte{'S'};
    EXPECT_EQ(checked(car_of(bad)).bad_blocks, 3U);

    const std::vector<Block> unknown{good[0],
                                     {ipld::Cid(ipld::Codec::raw, {static_cast<ipld::HashCode>(0x1e), sha}), data}};
    const VerifyReport report = checked(car_of(unknown));
    EXPECT_EQ(report.bad_blocks, 0U);
    EXPECT_EQ(report.unchecked_blocks, 1U);
    EXPECT_EQ(report.unchecked->section, 1U);
    EXPECT_FALSE(report.good());
}

TEST(CarVerify, AFaultEndsTheCountAndStandsInTheReport) {
    const auto blocks = random_blocks(3, 100, 1, 600);
    const Bytes car = car_of(blocks);
    const VerifyReport cut = checked(to_bytes(ByteView(car).first(car.size() - 1)));
    EXPECT_EQ(cut.blocks, 99U);
    EXPECT_EQ(cut.damage, Damage::truncated);
    EXPECT_EQ(cut.fault->code, ErrorCode::truncated);
    EXPECT_EQ(cut.bytes, read_car(car).offsets.back());
    const VerifyReport padded = checked(concat({car, Bytes(100)}));
    EXPECT_EQ(padded.blocks, 100U);
    EXPECT_EQ(padded.damage, Damage::zero_padding);
    EXPECT_EQ(padded.bytes, car.size());
    InlineExecutor executor;
    EXPECT_EQ(verify(file_of(Bytes(3)), executor).error().code, ErrorCode::corrupt);
}

TEST(CarVerify, StopsWhenAsked) {
    std::stop_source stop;
    stop.request_stop();
    VerifyOptions options;
    options.stop = stop.get_token();
    InlineExecutor executor;
    EXPECT_EQ(verify(file_of(car_of(random_blocks(4, 3, 1, 5))), executor, options).error().code, ErrorCode::cancelled);
}

class CarLinks : public testing::Test {
protected:
    /// A DAG-CBOR block that links to one CID of 38 bytes.
    static Block link_to(const ipld::Cid& cid) {
        Bytes data = from_hex("d82a582700").value();
        data.insert(data.end(), cid.bytes().begin(), cid.bytes().end());
        ipld::Cid own = ipld::cid_of_block(ipld::Codec::dag_cbor, data);
        return {std::move(own), std::move(data)};
    }

    VerifyReport check(const std::vector<Block>& blocks) {
        const std::string path = scratch_path("links.car");
        auto file = m_files.create(path);
        EXPECT_TRUE(file.ok() && (*file)->write(car_of(blocks)).ok() && (*file)->commit().ok());
        VerifyOptions options;
        options.link_key = &m_random;
        options.name_at_most = 2;
        options.reader.batch_bytes = 500;
        ThreadPool pool(2);
        auto report = verify(m_files, path, pool, options);
        EXPECT_TRUE(report.ok());
        EXPECT_TRUE(m_files.remove(path).ok());
        return std::move(report).value();
    }

    SystemFiles m_files;
    SeededRandom m_random{7};
};

TEST_F(CarLinks, AClosedCarMissesNothing) {
    std::vector<Block> blocks{raw_block("leaf")};
    for (int i = 0; i < 100; ++i) blocks.push_back(link_to(blocks.back().cid));
    const VerifyReport report = check(blocks);
    EXPECT_TRUE(report.good());
    EXPECT_EQ(report.missing_links, 0U);
}

TEST_F(CarLinks, MissingBlocksAreCountedOnceAndNamedInOrder) {
    std::vector<Block> blocks{raw_block("leaf")};
    const std::vector absent{raw_block("absent 1").cid, raw_block("absent 2").cid, raw_block("absent 3").cid};
    for (int i = 0; i < 50; ++i) blocks.push_back(link_to(blocks.back().cid));
    for (const ipld::Cid& cid : absent) blocks.push_back(link_to(cid));
    blocks.push_back(link_to(absent[0]));
    const VerifyReport report = check(blocks);
    EXPECT_FALSE(report.good());
    EXPECT_EQ(report.missing_links, 3U);
    ASSERT_EQ(report.missing.size(), 2U);
    EXPECT_EQ(report.missing[0].cid, absent[0]);
    EXPECT_EQ(report.missing[0].section, 51U);
    EXPECT_EQ(report.missing[1].cid, absent[1]);
}

TEST_F(CarLinks, ABadBlockIsNotHeldAndLeadsNowhere) {
    std::vector<Block> blocks{raw_block("leaf"), raw_block("other")};
    blocks.push_back(link_to(blocks[0].cid));
    blocks.push_back(link_to(raw_block("absent").cid));
    blocks[0].data[0] = std::byte{'L'};
    blocks[3].data.back() ^= std::byte{1};
    const VerifyReport report = check(blocks);
    EXPECT_EQ(report.bad_blocks, 2U);
    EXPECT_EQ(report.missing_links, 1U);
    EXPECT_EQ(report.missing[0].cid, blocks[0].cid);
}

}    // namespace
}    // namespace filfil::car
