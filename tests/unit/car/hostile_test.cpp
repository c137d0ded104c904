// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "car/reader.hpp"
#include "ipld/varint.hpp"
#include "samples.hpp"

#include <set>

namespace filfil::car {
namespace {

using namespace samples;

Bytes hex(std::string_view text) { return from_hex(text).value(); }

TEST(HostileCar, CutAtEveryByteIsTruncatedUnlessBetweenSections) {
    const auto blocks = random_blocks(1, 4, 20, 200);
    for (const bool v2 : {false, true}) {
        const Bytes v1 = car_of(blocks);
        const Bytes car = v2 ? v2_of(v1, 3) : v1;
        const std::uint64_t start = car.size() - v1.size();
        std::set<std::uint64_t> ends{start + encode_header(std::vector{blocks[0].cid}).size()};
        for (const std::uint64_t offset : read_car(car).offsets) ends.insert(offset);
        for (std::size_t size = 0; size < car.size(); ++size) {
            const Outcome read = read_car(to_bytes(ByteView(car).first(size)));
            if (!v2 && ends.contains(size)) {
                EXPECT_FALSE(read.error) << size << ": " << read.error->text();
                continue;
            }
            ASSERT_TRUE(read.error) << size;
            EXPECT_EQ(read.error->code, ErrorCode::truncated) << size << ": " << read.error->text();
            EXPECT_FALSE(read.error->remedy.empty());
            EXPECT_NE(read.error->message.find("sample.car"), std::string::npos);
            if (read.header) EXPECT_EQ(read.damage, Damage::truncated) << size;
            EXPECT_LT(read.blocks.size(), blocks.size());
        }
    }
}

TEST(HostileCar, FilesThatAreNoCar) {
    const std::vector<std::pair<Bytes, ErrorCode>> cases{
        {{}, ErrorCode::truncated},
        {to_bytes(bytes_of("{\"hello\": \"world\"}")), ErrorCode::corrupt},
        {to_bytes(bytes_of("\x7f"
                           "ELF\x02\x01\x01")),
         ErrorCode::corrupt},
        {hex("1f8b0800000000000003"), ErrorCode::corrupt},
        {Bytes(1000), ErrorCode::corrupt},
        {Bytes(1000, std::byte{0xff}), ErrorCode::corrupt},
        {hex("8100a0"), ErrorCode::corrupt},                        // a length that is not minimal
        {hex("8180808010a2"), ErrorCode::too_large},                // a header of 4 GiB
        {hex("ffffffffffffffff7fa2"), ErrorCode::too_large},        // a header of 2^63 bytes
        {hex("0aa16776657273696f6e03"), ErrorCode::unsupported},    // version 3
        {hex("0aa16776657273696f6e00"), ErrorCode::unsupported},
        {hex("0ba16776657273696f6e1802"), ErrorCode::corrupt},    // a pragma of 12 bytes
    };
    for (const auto& [bytes, code] : cases) {
        const Outcome read = read_car(bytes);
        ASSERT_TRUE(read.error) << to_hex(bytes);
        EXPECT_EQ(read.error->code, code) << to_hex(bytes) << ": " << read.error->text();
        EXPECT_FALSE(read.error->remedy.empty());
        EXPECT_EQ(read.error->message.find("sample.car"), 0U) << read.error->message;
    }
}

struct Tail {
    Bytes bytes;
    ErrorCode code;
    Damage damage;
};

TEST(HostileCar, WhatFollowsTheLastSectionIsToldApart) {
    const auto blocks = random_blocks(2, 2, 30, 40);
    const Bytes car = car_of(blocks);
    Bytes huge;
    ipld::append_varint(huge, 9 * MiB);
    const Bytes cid = to_bytes(blocks[0].cid.bytes());
    const std::vector<Tail> tails{
        {Bytes(1), ErrorCode::corrupt, Damage::zero_padding},
        {Bytes(5000), ErrorCode::corrupt, Damage::zero_padding},
        {concat({Bytes(10), bytes_of("x")}), ErrorCode::corrupt, Damage::no_section},
        {hex("80"), ErrorCode::truncated, Damage::truncated},
        {hex("ffffffffffffffffff01"), ErrorCode::corrupt, Damage::no_section},
        {hex("818000"), ErrorCode::corrupt, Damage::no_section},
        {hex("05"), ErrorCode::truncated, Damage::truncated},
        {hex("0501"), ErrorCode::truncated, Damage::truncated},
        {hex("0502"), ErrorCode::corrupt, Damage::no_section},          // CID version 2
        {hex("0401710102"), ErrorCode::corrupt, Damage::no_section},    // shorter than its CID
        {to_bytes(bytes_of("appended by mistake\n")), ErrorCode::corrupt, Damage::no_section},
        {hex("4001711400"), ErrorCode::truncated, Damage::truncated},
        {concat({huge, cid}), ErrorCode::too_large, Damage::oversized},
        {concat({huge, bytes_of("garbage")}), ErrorCode::corrupt, Damage::no_section},
        {huge, ErrorCode::truncated, Damage::truncated},
        {hex("ffffffffffffffff7f017112"), ErrorCode::truncated, Damage::truncated},
    };
    for (const Tail& tail : tails) {
        const Outcome read = read_car(concat({car, tail.bytes}));
        ASSERT_TRUE(read.error) << to_hex(tail.bytes);
        EXPECT_EQ(read.error->code, tail.code) << to_hex(tail.bytes) << ": " << read.error->text();
        EXPECT_EQ(read.damage, tail.damage) << to_hex(tail.bytes) << ": " << read.error->text();
        EXPECT_EQ(read.blocks, blocks);
        EXPECT_EQ(read.good_bytes, car.size());
        EXPECT_NE(read.error->message.find("at byte " + std::to_string(car.size()) + ": section 2"), std::string::npos)
            << read.error->message;
    }
}

TEST(HostileCar, V2HeadersThatLie) {
    const auto blocks = random_blocks(3, 3, 30, 40);
    const Bytes v1 = car_of(blocks);
    const auto with = [&](HeaderV2 header) { return concat({encode_header_v2(header), v1}); };
    // The data would begin behind the file.
    EXPECT_EQ(read_car(with({51 + v1.size() + 1, 10, 0, false})).error->code, ErrorCode::truncated);
    EXPECT_EQ(read_car(pipe_of(with({1'000'000, 10, 0, false}))).error->code, ErrorCode::truncated);
    EXPECT_EQ(read_car(with({std::uint64_t{1} << 62, 10, 0, false})).error->code, ErrorCode::truncated);
    // It begins in the middle of it.
    EXPECT_EQ(read_car(with({60, v1.size() - 9, 0, false})).error->code, ErrorCode::corrupt);
    // It is longer than the file: all blocks are there, and the file is still not whole.
    const Outcome longer = read_car(with({51, v1.size() + 1, 0, false}));
    EXPECT_EQ(longer.error->code, ErrorCode::truncated);
    EXPECT_EQ(longer.blocks, blocks);
    // It is shorter: the last section is cut by the data's end, not by the file's.
    const Outcome shorter = read_car(with({51, v1.size() - 1, 0, false}));
    EXPECT_EQ(shorter.error->code, ErrorCode::truncated);
    EXPECT_NE(shorter.error->message.find("data of the CARv2"), std::string::npos) << shorter.error->message;
    EXPECT_EQ(shorter.blocks.size(), 2U);
    // A CARv2 inside a CARv2.
    EXPECT_EQ(read_car(v2_of(v2_of(v1))).error->code, ErrorCode::corrupt);
}

TEST(HostileCar, MemoryFollowsTheBytesThatAreThere) {
    // A section of 1 GiB is allowed for here, and four bytes of it exist: the reader must not ask for it all.
    ReaderOptions options;
    options.limits.section = GiB;
    options.limits.header = GiB;
    Bytes car = car_of({raw_block("one")});
    ipld::append_varint(car, GiB);
    car.insert(car.end(), 4, std::byte{1});
    const Outcome read = read_car(car, options);
    EXPECT_EQ(read.error->code, ErrorCode::truncated) << read.error->text();
    Bytes header;
    ipld::append_varint(header, GiB);
    header.push_back(std::byte{0xa2});
    EXPECT_EQ(read_car(header, options).error->code, ErrorCode::truncated);
}

}    // namespace
}    // namespace filfil::car
