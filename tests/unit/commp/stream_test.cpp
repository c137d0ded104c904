// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "commp/stream.hpp"

#include "fake_device.hpp"
#include "payloads.hpp"
#include "reference.hpp"

#include <gtest/gtest.h>

namespace filfil::commp {
namespace {

TEST(PieceStream, GivesTheSameForAnyCutsOnDevicesOfAnyShape) {
    SeededRandom random(3);
    for (std::uint64_t round = 0; round < 60; ++round) {
        const unsigned job_level = 2 + static_cast<unsigned>(random.below(5));
        const std::size_t staging_quads = (1 + random.below(5)) << (job_level - quad_level);
        test::FakeDevice device({.staging_quads = staging_quads,
                                 .staging_count = 1 + random.below(4),
                                 .job_level = job_level,
                                 .seed = round});
        const Bytes payload = test::random_payload(random.below(20'000), round);
        PieceStream stream(device);
        for (ByteView left = payload; !left.empty();) {
            const std::size_t n = std::min<std::size_t>(left.size(), 1 + random.below(3000));
            if (random.below(2) == 0) {
                ASSERT_TRUE(stream.write(left.first(n)).ok());
                left = left.subspan(n);
            } else {
                auto room = stream.room();
                ASSERT_TRUE(room.ok());
                const std::size_t taken = std::min(n, room->size());
                std::copy_n(left.begin(), taken, room->begin());
                ASSERT_TRUE(stream.advance(taken).ok());
                left = left.subspan(taken);
            }
        }
        EXPECT_EQ(stream.payload_size(), payload.size());
        const auto piece = stream.finish();
        ASSERT_TRUE(piece.ok()) << piece.error().text();
        EXPECT_EQ(*piece, reference::piece(payload))
            << payload.size() << " bytes, " << staging_quads << " quads a buffer, level " << job_level;
    }
}

TEST(PieceStream, OfNothingIsTheZeroQuad) {
    test::InlineCpu cpu;
    PieceStream stream(*cpu);
    const auto piece = stream.finish();
    ASSERT_TRUE(piece.ok());
    EXPECT_EQ(piece->root, zero_node(2));
    EXPECT_EQ(piece->payload_size, 0U);
    EXPECT_EQ(piece->padded_size, 128U);
}

TEST(PieceStream, ManyAtOnceShareABackendOfFewBuffers) {
    test::FakeDevice device({.staging_quads = 16, .staging_count = 4, .job_level = 4});
    ThreadPool pool(3);
    run_parallel(pool, 4, [&](unsigned i) {
        const Bytes payload = test::random_payload(30'000 + i, i);
        const auto piece = test::hash_pushed(device, payload);
        ASSERT_TRUE(piece.ok());
        EXPECT_EQ(*piece, reference::piece(payload));
    });
    EXPECT_LE(device.most_lent(), 4U);
}

TEST(PieceStream, ReportsALostJobOnceAndForEver) {
    test::FakeDevice device({.staging_quads = 16, .job_level = 4, .fail_job = 3});
    const Bytes payload = test::random_payload(40'000, 1);
    PieceStream stream(device);
    Result<void> written;
    for (ByteView left = payload; written.ok() && !left.empty(); left = left.subspan(1000))
        written = stream.write(left.first(1000));
    const auto piece = stream.finish();
    ASSERT_FALSE(piece.ok());
    EXPECT_EQ(piece.error().code, ErrorCode::device);
    EXPECT_EQ(stream.write(bytes_of("more")).error().message, piece.error().message);
    EXPECT_EQ(stream.finish().error().message, piece.error().message);
}

TEST(PieceStream, ReportsARefusedSubmission) {
    test::FakeDevice device({.staging_quads = 16, .job_level = 4, .fail_submit = 2});
    const Bytes payload = test::random_payload(40'000, 1);
    PieceStream stream(device);
    EXPECT_EQ(stream.write(payload).error().code, ErrorCode::device);
    EXPECT_EQ(stream.finish().error().code, ErrorCode::device);
}

TEST(PieceStream, RefusesMoreThanThereIsRoomFor) {
    test::InlineCpu cpu;
    PieceStream stream(*cpu);
    EXPECT_EQ(stream.advance(1).error().code, ErrorCode::invalid_argument);
}

TEST(PieceStream, MayBeDroppedHalfWay) {
    test::FakeDevice device({.staging_quads = 16, .job_level = 4});
    {
        PieceStream stream(device);
        ASSERT_TRUE(stream.write(test::random_payload(10'000, 1)).ok());
    }
    device.drain();
    EXPECT_EQ(device.lent(), 0U);
}

}    // namespace
}    // namespace filfil::commp
