// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "car/cut.hpp"
#include "base/random.hpp"
#include "base/units.hpp"
#include "car/boundary_map.hpp"
#include "ipld/piece_cid.hpp"

#include <algorithm>
#include <numeric>
#include <set>

namespace filfil::car {
namespace {

using Sizes = std::vector<std::uint64_t>;

Result<std::vector<BodyRange>> cut(std::uint64_t header, const Sizes& sections, std::uint64_t piece_size) {
    BoundaryMap map;
    for (const std::uint64_t size : sections) map.add(size);
    return cut_pieces({header, map.total()}, piece_size,
                      [&](std::uint64_t at) -> Result<std::uint64_t> { return map.first_at(at); });
}

/// The rule as docs/architecture.md words it, over all boundaries in a list.
std::optional<std::vector<BodyRange>> cut_by_the_words(std::uint64_t header, const Sizes& sections,
                                                       std::uint64_t piece_size) {
    Sizes boundaries{0};
    for (const std::uint64_t size : sections) boundaries.push_back(boundaries.back() + size);
    const std::uint64_t body = boundaries.back();
    const std::uint64_t payload = piece_size / 128 * 127;
    for (std::uint64_t n = (body + header + payload - 1) / payload; n < 5000; ++n) {
        std::vector<BodyRange> ranges;
        std::uint64_t begin = 0;
        for (std::uint64_t i = 1; i <= n; ++i) {
            std::uint64_t end = body;
            if (i < n) end = *std::ranges::lower_bound(boundaries, (i * body + n - 1) / n);
            if (end != begin) ranges.push_back({begin, end});
            begin = end;
        }
        if (body == 0) ranges = {{0, 0}};
        if (std::ranges::all_of(ranges, [&](const BodyRange& r) { return header + r.end - r.begin <= payload; }))
            return ranges;
    }
    return std::nullopt;
}

constexpr std::uint64_t piece = 1024;
constexpr std::uint64_t payload = 1016;
constexpr std::uint64_t header = 60;
constexpr std::uint64_t room = payload - header;

std::vector<BodyRange> expect_cut(const Sizes& sections) {
    const auto ranges = cut(header, sections, piece);
    EXPECT_TRUE(ranges.ok()) << ranges.error().text();
    EXPECT_EQ(*ranges, cut_by_the_words(header, sections, piece));
    return *ranges;
}

TEST(CutPieces, OnePieceUpToExactlyU) {
    EXPECT_EQ(expect_cut({}), (std::vector<BodyRange>{{0, 0}}));
    EXPECT_EQ(expect_cut({1}), (std::vector<BodyRange>{{0, 1}}));
    EXPECT_EQ(expect_cut({room}), (std::vector<BodyRange>{{0, room}}));
    EXPECT_EQ(expect_cut({room - 100, 100}), (std::vector<BodyRange>{{0, room}}));
    // One byte more: two pieces, cut at the first boundary behind the middle.
    EXPECT_EQ(expect_cut({400, 100, room - 500, 1}), (std::vector<BodyRange>{{0, 500}, {500, room + 1}}));
}

TEST(CutPieces, AroundMultiplesOfU) {
    for (std::uint64_t n = 1; n <= 6; ++n)
        for (const std::uint64_t body : {n * payload - header - 1, n * payload - header, n * payload - header + 1,
                                         n * room - 1, n * room, n * room + 1}) {
            Sizes ones(static_cast<std::size_t>(body), 1);
            const auto ranges = expect_cut(ones);
            for (const BodyRange& range : ranges) EXPECT_LE(header + range.end - range.begin, payload);
            // Even pieces of n · U bytes with a header each do not fit n times; n pieces do up to n · (U - H).
            EXPECT_EQ(ranges.size(), (body + room - 1) / room);
        }
}

TEST(CutPieces, ASectionLargerThanWhatIsLeftMovesToTheNextPiece) {
    // Two pieces would be cut behind the section of 700, at 1100, which is too much: three are taken.
    const auto ranges = expect_cut({400, 700, 500});
    EXPECT_EQ(ranges, (std::vector<BodyRange>{{0, 400}, {400, 1100}, {1100, 1600}}));
}

TEST(CutPieces, ASectionOfExactlyTheRoomHasAPieceOfItsOwn) {
    EXPECT_EQ(expect_cut({room, room, room}),
              (std::vector<BodyRange>{{0, room}, {room, 2 * room}, {2 * room, 3 * room}}));
    const auto ranges = expect_cut({300, room, 300});
    EXPECT_EQ(ranges, (std::vector<BodyRange>{{0, 300}, {300, 300 + room}, {300 + room, 600 + room}}));
}

TEST(CutPieces, CutsThatFallTogetherMakeNoEmptyPiece) {
    // Sections of about three fifths of U fit one a piece. The rule needs eleven parts before that comes out, and then
    // the last two cuts both fall on the end of the body.
    Sizes sections;
    for (int i = 0; i < 5; ++i) {
        sections.push_back(570);
        sections.push_back(580);
    }
    const auto ranges = expect_cut(sections);
    EXPECT_EQ(ranges.size(), 10U);
    for (const BodyRange& range : ranges) EXPECT_LT(range.begin, range.end);
}

TEST(CutPieces, ASectionThatFitsNowhereIsNamed) {
    for (const Sizes& sections : {Sizes{room + 1}, Sizes{100, 200, room + 1, 50}, Sizes{100, 5000}}) {
        const auto ranges = cut(header, sections, piece);
        ASSERT_FALSE(ranges.ok());
        EXPECT_EQ(ranges.error().code, ErrorCode::too_small);
    }
    const auto error = cut(header, {100, 200, 5000, 50}, piece).error();
    EXPECT_NE(error.message.find("ends at byte 5360 of the CAR"), std::string::npos) << error.message;
    EXPECT_FALSE(error.remedy.empty());
}

TEST(CutPieces, GivesUpWhereNoEvenCutFits) {
    // A tiny section before one that fills a piece: a cut would have to fall on its one byte.
    Sizes sections;
    for (int i = 0; i < 100; ++i) {
        sections.push_back(1);
        sections.push_back((1U << 20) / 128 * 127 - header);
    }
    const auto ranges = cut(header, sections, 1 << 20);
    ASSERT_FALSE(ranges.ok());
    EXPECT_EQ(ranges.error().code, ErrorCode::too_small);
}

TEST(CutPieces, HeadersThatLeaveNoRoom) {
    EXPECT_TRUE(cut(payload, {}, piece).ok());
    EXPECT_FALSE(cut(payload + 1, {}, piece).ok());
    EXPECT_FALSE(cut(payload, {1}, piece).ok());
    EXPECT_EQ(cut(payload - 1, {1, 1, 1}, piece)->size(), 3U);
}

TEST(CutPieces, PieceSizesThatAreNone) {
    for (const std::uint64_t bad : {0ULL, 1ULL, 64ULL, 127ULL, 129ULL, 1000ULL, 32'000'000'000ULL})
        EXPECT_EQ(cut(header, {10}, bad).error().code, ErrorCode::invalid_argument) << bad;
}

TEST(CutPieces, SnapshotsOfRealSizeCutIntoTheNumberThatTheyMust) {
    // 100 GiB of sections of 1 KiB, without a list of them.
    const std::uint64_t body = 100 * GiB;
    const auto at_kib = [](std::uint64_t at) -> Result<std::uint64_t> { return (at + 1023) / 1024 * 1024; };
    const auto ranges = cut_pieces({header, body}, 32 * GiB, at_kib);
    ASSERT_TRUE(ranges.ok());
    ASSERT_EQ(ranges->size(), 4U);
    EXPECT_EQ((*ranges)[0].end, 25 * GiB);
    EXPECT_EQ(ranges->back().end, body);
    EXPECT_EQ(ipld::capacity_of(32 * GiB), 34'091'302'912U);
    // 2^62 bytes do not overflow.
    const auto large = cut_pieces({header, std::uint64_t{1} << 62}, std::uint64_t{1} << 50, at_kib);
    ASSERT_TRUE(large.ok());
    EXPECT_EQ(large->size(), 4129U);
}

TEST(CutPieces, AgreesWithTheWordsOfTheRule) {
    SeededRandom random(1);
    std::set<std::size_t> counts;
    for (int round = 0; round < 600; ++round) {
        Sizes sections(static_cast<std::size_t>(random.below(60)));
        const std::uint64_t most = 1 + random.below(random.below(2) == 0 ? 600 : 60);
        for (std::uint64_t& size : sections) size = 1 + random.below(most);
        const auto ranges = cut(header, sections, piece);
        ASSERT_TRUE(ranges.ok()) << ranges.error().text();
        ASSERT_EQ(*ranges, cut_by_the_words(header, sections, piece));
        counts.insert(ranges->size());
        std::uint64_t place = 0;
        for (const BodyRange& range : *ranges) {
            EXPECT_EQ(range.begin, place);
            place = range.end;
        }
        EXPECT_EQ(place, std::accumulate(sections.begin(), sections.end(), std::uint64_t{0}));
    }
    EXPECT_GT(counts.size(), 10U);
}

TEST(CutPieces, FaultsOfTheBoundariesArePassedOn) {
    const CarShape shape{60, 5000};
    EXPECT_EQ(
        cut_pieces(shape, piece, [](std::uint64_t) -> Result<std::uint64_t> { return Error(ErrorCode::io, "gone"); })
            .error()
            .code,
        ErrorCode::io);
    EXPECT_EQ(cut_pieces(shape, piece, [](std::uint64_t at) -> Result<std::uint64_t> { return at - 1; }).error().code,
              ErrorCode::internal);
    EXPECT_EQ(cut_pieces(shape, piece, [](std::uint64_t) -> Result<std::uint64_t> { return std::uint64_t{5001}; })
                  .error()
                  .code,
              ErrorCode::internal);
}

TEST(BoundaryMap, FindsEveryBoundary) {
    SeededRandom random(2);
    for (const std::size_t n : {0U, 1U, 2U, 255U, 256U, 257U, 2000U}) {
        BoundaryMap map;
        Sizes boundaries{0};
        for (std::size_t i = 0; i < n; ++i) {
            const std::uint64_t size = 1 + random.below(random.below(10) == 0 ? 100'000 : 200);
            map.add(size);
            boundaries.push_back(boundaries.back() + size);
        }
        EXPECT_EQ(map.total(), boundaries.back());
        for (const std::uint64_t boundary : boundaries) {
            EXPECT_EQ(map.first_at(boundary), boundary);
            if (boundary > 0)
                EXPECT_EQ(map.first_at(boundary - 1), *std::ranges::lower_bound(boundaries, boundary - 1));
            if (boundary < map.total())
                EXPECT_EQ(map.first_at(boundary + 1), *std::ranges::lower_bound(boundaries, boundary + 1));
        }
    }
}

}    // namespace
}    // namespace filfil::car
