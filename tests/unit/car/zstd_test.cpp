// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "car/byte_source.hpp"
#include "car/zstd_source.hpp"
#include "samples.hpp"

#include <zstd.h>

namespace filfil::car {
namespace {

using namespace samples;

Bytes pattern(std::size_t size) {
    Bytes out(size);
    for (std::size_t i = 0; i < size; ++i) out[i] = static_cast<std::byte>((i * i) >> 7);
    return out;
}

Result<Bytes> drain(std::unique_ptr<ReadableFile> file, std::size_t step = 1000) {
    FILFIL_TRY(auto source, open_source(std::move(file)));
    Bytes out;
    for (;;) {
        const std::size_t had = out.size();
        out.resize(had + step);
        auto n = source->read(ByteSpan(out).subspan(had));
        if (!n.ok()) return std::move(n).error();
        out.resize(had + *n);
        if (*n == 0) return out;
    }
}

TEST(ZstdSource, ReadsPlainFilesOfEveryLength) {
    for (const std::size_t size : {0U, 1U, 3U, 4U, 5U, 1000U, 10'000U})
        for (const std::size_t step : {1U, 3U, 4U, 4096U}) {
            const auto out = drain(file_of(pattern(size)), step);
            ASSERT_TRUE(out.ok());
            EXPECT_EQ(*out, pattern(size));
        }
}

TEST(ZstdSource, ReadsFramesInEveryArrangement) {
    const Bytes a = pattern(5000);
    const Bytes b = pattern(700'000);
    const Bytes skip = skippable_of(bytes_of("skipped"));
    const Bytes empty = zstd_of({});
    const std::vector<std::pair<Bytes, Bytes>> cases{
        {zstd_of(a), a},
        {empty, {}},
        {skip, {}},
        {concat({zstd_of(a), zstd_of(b)}), concat({a, b})},
        {concat({skip, zstd_of(a), skip, skip, zstd_of(b), skip}), concat({a, b})},
        {concat({empty, zstd_of(a), empty, skippable_of({}), zstd_of(b), empty}), concat({a, b})},
    };
    for (const auto& [file, expected] : cases)
        for (const std::size_t step : {13U, 4096U, 1U << 20}) {
            const auto out = drain(file_of(file), step);
            ASSERT_TRUE(out.ok()) << out.error().text();
            EXPECT_EQ(*out, expected);
        }
}

TEST(ZstdSource, GoesByTheFirstBytesNotTheName) {
    EXPECT_EQ(open_source(file_of(zstd_of(pattern(10)), "plain.car")).value()->compression(), Compression::zstd);
    EXPECT_EQ(open_source(file_of(pattern(10), "packed.car.zst")).value()->compression(), Compression::none);
    for (unsigned low = 0x50; low < 0x60; ++low) {
        const std::array head{static_cast<std::byte>(low), std::byte{0x2a}, std::byte{0x4d}, std::byte{0x18}};
        EXPECT_TRUE(begins_zstd(head));
    }
    EXPECT_FALSE(begins_zstd(from_hex("3ca26572").value()));
    EXPECT_FALSE(begins_zstd(from_hex("28b52f").value()));
}

TEST(ZstdSource, CutAtEveryByteIsTruncatedUnlessBetweenFrames) {
    const Bytes first = zstd_of(pattern(3000));
    const Bytes file = concat({first, skippable_of(bytes_of("abc")), zstd_of(pattern(100))});
    const std::size_t second = first.size() + 11;
    for (std::size_t size = 4; size < file.size(); ++size) {
        const auto out = drain(file_of(to_bytes(ByteView(file).first(size))));
        if (size == first.size() || size == second) {
            EXPECT_TRUE(out.ok()) << size << ": " << out.error().text();
            continue;
        }
        ASSERT_FALSE(out.ok()) << size;
        EXPECT_EQ(out.error().code, ErrorCode::truncated) << size << ": " << out.error().text();
        EXPECT_NE(out.error().message.find("sample.car: ends at byte " + std::to_string(size)), std::string::npos)
            << out.error().message;
    }
}

TEST(ZstdSource, TrailingBytesAndBrokenFramesAreNamed) {
    const Bytes first = zstd_of(pattern(300'000));
    const auto trailing = drain(file_of(concat({first, bytes_of("garbage")})));
    ASSERT_FALSE(trailing.ok());
    EXPECT_EQ(trailing.error().code, ErrorCode::corrupt);
    EXPECT_NE(trailing.error().message.find("follows zstd frame"), std::string::npos) << trailing.error().message;

    // A flipped bit in a checksummed frame is always found.
    std::unique_ptr<ZSTD_CCtx, std::size_t (*)(ZSTD_CCtx*)> context(ZSTD_createCCtx(), &ZSTD_freeCCtx);
    ZSTD_CCtx_setParameter(context.get(), ZSTD_c_checksumFlag, 1);
    const Bytes content = pattern(300'000);
    Bytes frame(ZSTD_compressBound(content.size()));
    frame.resize(ZSTD_compress2(context.get(), frame.data(), frame.size(), content.data(), content.size()));
    for (std::size_t at = 8; at < frame.size(); at += frame.size() / 7) {
        Bytes broken = frame;
        broken[at] ^= std::byte{0x10};
        const auto out = drain(file_of(broken));
        ASSERT_FALSE(out.ok()) << at;
        EXPECT_FALSE(out.error().remedy.empty());
    }
}

TEST(ZstdSource, BytesBeforeAFaultAreGiven) {
    const Bytes good = pattern(10'000);
    auto source = open_source(file_of(concat({zstd_of(good), bytes_of("garbage")}))).value();
    Bytes out(20'000);
    const auto n = source->read(out);
    ASSERT_TRUE(n.ok());
    EXPECT_EQ(*n, good.size());
    EXPECT_FALSE(source->read(out).ok());
    EXPECT_FALSE(source->read(out).ok());
}

TEST(ZstdSource, AWindowOver128MiBIsRefused) {
    // Magic, no flags, window exponent, one last raw block of no bytes (RFC 8878, 3.1.1).
    const auto with_exponent = [](unsigned log) {
        return concat({from_hex("28b52ffd00").value(), Bytes{static_cast<std::byte>((log - 10) << 3)},
                       from_hex("010000").value()});
    };
    EXPECT_TRUE(drain(file_of(with_exponent(27))).ok());
    const auto out = drain(file_of(with_exponent(28)));
    ASSERT_FALSE(out.ok());
    EXPECT_EQ(out.error().code, ErrorCode::unsupported) << out.error().text();
}

TEST(ZstdSource, ABombIsReadInBoundedMemory) {
    // 256 MiB of zeros in some kilobytes: the reader stops at the first fault and never holds more than a batch.
    Bytes zeros(16 * MiB);
    Bytes bomb = zstd_of(car_of({raw_block("one")}));
    for (int i = 0; i < 16; ++i) bomb = concat({bomb, zstd_of(zeros)});
    EXPECT_LT(bomb.size(), 64 * KiB);
    const Outcome read = read_car(bomb);
    ASSERT_TRUE(read.error);
    EXPECT_EQ(read.damage, Damage::zero_padding);
    EXPECT_EQ(read.blocks.size(), 1U);
}

TEST(ZstdSource, CarsInSeveralFramesReadAsOne) {
    const auto blocks = random_blocks(5, 100, 0, 3000);
    const Bytes car = car_of(blocks);
    Bytes file = skippable_of(bytes_of("note"));
    for (std::size_t at = 0; at < car.size(); at += 7777)
        file = concat({file, zstd_of(ByteView(car).subspan(at, std::min<std::size_t>(7777, car.size() - at)))});
    const Outcome read = read_car(file);
    ASSERT_FALSE(read.error) << read.error->text();
    EXPECT_EQ(read.blocks, blocks);
    EXPECT_EQ(read.header->compression, Compression::zstd);
    const Outcome v2 = read_car(zstd_of(v2_of(car, 100, "index")));
    EXPECT_EQ(v2.blocks, blocks);
    EXPECT_EQ(v2.header->version, 2U);
}

}    // namespace
}    // namespace filfil::car
