// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "commp/cpu_backend.hpp"
#include "fetch_scene.hpp"
#include "retrieval/fetch/chunk_commitment.hpp"
#include "retrieval/fetch/fetch_state.hpp"
#include "retrieval/fetch/range_answer.hpp"
#include "retrieval/fetch/section_scanner.hpp"
#include "samples.hpp"

#include <gtest/gtest.h>

namespace filfil::retrieval::samples {
namespace {

TEST(ContentRangeField, GivesWhatItSaysAndNothingForWhatIsMalformed) {
    EXPECT_EQ(parse_content_range("bytes 0-99/100"), (ContentRange{0, 99, 100}));
    EXPECT_EQ(parse_content_range(" Bytes 5-5/*"), (ContentRange{5, 5, std::nullopt}));
    for (const char* bad :
         {"", "bytes", "bytes ", "bytes */100", "bytes 0-/100", "bytes -9/100", "bytes 9-0/100", "bytes 0-100/100",
          "bytes 0-9", "bytes 0-9/", "bytes 0-9/x", "bytes 0 - 9/10", "items 0-9/10",
          "bytes 0-99999999999999999999/100", "bytes +0-9/10", "bytes 0-9/10 ,x", "bytes=0-9/10"})
        EXPECT_FALSE(parse_content_range(bad)) << bad;
}

TEST(JudgedAnswer, IsGoodForTheBytesThatWereAskedForAlone) {
    const AskedRange asked{1000, 10, 5000};
    const auto judge = [&](int status, HttpFields fields, std::size_t size, AskedRange of) {
        return judge_answer({.status = status, .fields = std::move(fields), .body = std::string(size, 'x')}, of).kind;
    };
    using Kind = Judged::Kind;
    const auto part = [&](const char* range, std::size_t size = 10) {
        return judge(206, {{"Content-Range", range}}, size, asked);
    };
    EXPECT_EQ(part("bytes 1000-1009/5000"), Kind::good);
    EXPECT_EQ(part("bytes 1000-1009/*"), Kind::good);
    EXPECT_EQ(part("bytes 1001-1010/5000"), Kind::wrong);
    EXPECT_EQ(part("bytes 0-9/5000"), Kind::wrong);
    EXPECT_EQ(part("bytes 1000-1009/5001"), Kind::wrong);
    EXPECT_EQ(part("bytes 1000-1009/5000", 9), Kind::wrong);
    EXPECT_EQ(part("bytes 1000-1009/5000", 11), Kind::wrong);
    EXPECT_EQ(judge(206, {}, 10, asked), Kind::wrong);
    EXPECT_EQ(judge(200, {}, 10, asked), Kind::wrong);
    EXPECT_EQ(judge(200, {}, 5000, asked), Kind::wrong);
    EXPECT_EQ(judge(200, {}, 5000, {0, 5000, 5000}), Kind::good);
    EXPECT_EQ(judge(200, {}, 10, {1000, 10, 5000, true}), Kind::good);
    EXPECT_EQ(judge(200, {}, 9, {1000, 10, 5000, true}), Kind::wrong);
    EXPECT_EQ(judge(200, {{"Content-Encoding", "zstd"}}, 9, {1000, 10, 5000, true}), Kind::good);
    EXPECT_EQ(judge(200, {{"Content-Encoding", "gzip"}}, 10, {1000, 10, 5000, true}), Kind::wrong);
    EXPECT_EQ(judge(200, {{"Content-Encoding", "zstd"}}, 5000, {0, 5000, 5000}), Kind::wrong);
    for (const int status : {404, 410, 451}) EXPECT_EQ(judge(status, {}, 0, asked), Kind::missing);
    for (const int status : {429, 503}) EXPECT_EQ(judge(status, {}, 0, asked), Kind::later);
    for (const int status : {408, 500, 502, 599}) EXPECT_EQ(judge(status, {}, 0, asked), Kind::failed);
    for (const int status : {0, 100, 204, 301, 401, 403, 416}) EXPECT_EQ(judge(status, {}, 0, asked), Kind::refused);
}

TEST(JudgedAnswer, WaitsAsLongAsItIsToldWithinReason) {
    const auto wait = [](const char* text) {
        return judge_answer({.status = 429, .fields = {{"Retry-After", text}}}, {}).wait;
    };
    EXPECT_EQ(wait("7"), std::chrono::seconds(7));
    EXPECT_EQ(wait("0"), std::chrono::seconds(1));
    EXPECT_EQ(wait("99999999999"), std::chrono::seconds(60));
    for (const char* bad : {"", "-1", "soon", "Fri, 31 Dec 1999 23:59:59 GMT", "99999999999999999999999"})
        EXPECT_EQ(wait(bad), std::chrono::seconds(5)) << bad;
}

TEST(PieceSourceUrl, MayHaveAPathAndAFragmentAndNoOtherScheme) {
    const auto source = parse_source("https://sp.example:5347/base/#region=eu-west");
    ASSERT_TRUE(source.ok()) << source.error().text();
    EXPECT_EQ(source->name, "https://sp.example:5347/base");
    WantedPiece piece;
    EXPECT_EQ(piece_url(*source, piece).target, "/base/piece/" + cid_text(piece));
    for (const char* bad : {"", "sp.example", "ws://sp.example", "ftp://x", "http://", "http://user:pass@x/"})
        EXPECT_FALSE(parse_source(bad).ok()) << bad;
}

TEST(ChunkNodes, MakeTheRootOfThePiece) {
    InlineExecutor at_once;
    const SystemClock clock;
    const auto backend = commp::make_cpu_backend("portable", at_once, clock);
    ASSERT_TRUE(backend.ok());
    constexpr std::size_t quads = 4;
    for (const std::size_t size : {1U, 126U, 127U, 128U, 507U, 508U, 509U, 1016U, 1017U, 5000U, 65'000U}) {
        SCOPED_TRACE(size);
        const Bytes payload = random_bytes(size, size);
        std::vector<commp::Node> nodes;
        for (std::size_t at = 0; at < size; at += quads * 127) {
            const auto node =
                commit_chunk(**backend, ByteView(payload).subspan(at, std::min<std::size_t>(quads * 127, size - at)),
                             quads, size <= quads * 127);
            ASSERT_TRUE(node.ok());
            nodes.push_back(*node);
        }
        commp::Piece piece = commit(payload);
        EXPECT_EQ(*root_of_chunks(nodes, size, quads, piece.padded_size), piece.root);
        const auto larger = *commp::pad_to(piece, piece.padded_size * 4);
        EXPECT_EQ(*root_of_chunks(nodes, size, quads, larger.padded_size), larger.root);
        EXPECT_EQ(piece.padded_size > 128 && root_of_chunks(nodes, size, quads, piece.padded_size / 2).ok(), false);
    }
}

TEST(SectionScanner, TakesACarInPartsOfAnySize) {
    const Bytes car = cut_car(1, 1, 50, 1, 700).whole;
    for (const std::size_t step : {100U, 127U, 1016U, 100'000U}) {
        SectionScanner scanner;
        for (std::size_t at = 0; at < car.size(); at += step) {
            const std::size_t size = std::min(step, car.size() - at);
            const auto fault = scanner.feed(ByteView(car).subspan(at, size), at + size == car.size());
            ASSERT_FALSE(fault) << fault->why;
            EXPECT_EQ(scanner.fed(), at + size);
            EXPECT_LE(scanner.checked(), scanner.fed());
        }
        EXPECT_EQ(scanner.checked(), car.size());
        EXPECT_EQ(scanner.blocks(), 50U);
    }
}

TEST(SectionScanner, NamesThePlaceBehindWhichSomethingIsWrong) {
    const Bytes car = cut_car(2, 1, 50, 100, 700).whole;
    for (std::size_t at = 0; at < car.size(); at += 17) {
        Bytes bad = car;
        bad[at] ^= std::byte{0x20};
        SectionScanner scanner;
        const auto fault = scanner.feed(bad, true);
        // A root that is another CID is one still, and so is the CID of a block of another codec: the commitment finds
        // these out.
        if (!fault) {
            EXPECT_TRUE(at < 60 || (car[at] == std::byte{0x55} && car[at - 1] == std::byte{1})) << at;
            continue;
        }
        EXPECT_LE(fault->begin, at);
        EXPECT_FALSE(fault->why.empty());
    }
}

TEST(SectionScanner, RefusesWhatIsNoCarWithoutTakingItsWordForSizes) {
    SectionScanner cut;
    const Bytes car = cut_car(3, 1, 5, 100, 700).whole;
    EXPECT_TRUE(cut.feed(ByteView(car).first(car.size() - 1), true));
    for (const Bytes& bad :
         {Bytes{}, Bytes(100, std::byte{0xff}), Bytes(100, std::byte{0}), to_bytes(bytes_of("<html>"))}) {
        SectionScanner scanner;
        EXPECT_TRUE(scanner.feed(bad, false));
    }
    // A section that is said to have a gigabyte.
    Bytes large(car.begin(), car.begin() + 60);
    const auto header_size = static_cast<std::size_t>(std::to_integer<unsigned>(car[0])) + 1;
    large.assign(car.begin(), car.begin() + static_cast<std::ptrdiff_t>(header_size));
    for (const unsigned byte : {0x80U, 0x80U, 0x80U, 0x80U, 0x04U}) large.push_back(static_cast<std::byte>(byte));
    large.insert(large.end(), car.begin() + static_cast<std::ptrdiff_t>(header_size + 2),
                 car.begin() + static_cast<std::ptrdiff_t>(header_size + 100));
    SectionScanner scanner;
    EXPECT_TRUE(scanner.feed(large, false));
}

TEST(FetchStateFile, ReadsBackAndRefusesAnythingElse) {
    const FetchState state{"abc", 1016, Bytes{std::byte{1}, std::byte{2}}, {0, 5, 7}};
    const std::string text = write_state(state);
    const auto read = read_state(text);
    ASSERT_TRUE(read.ok()) << read.error().text();
    EXPECT_EQ(*read, state);
    for (std::size_t i = 0; i + 2 < text.size(); ++i) EXPECT_FALSE(read_state(text.substr(0, i)).ok()) << i;
    for (const char* bad : {"", "[]", "{}", R"({"fil-fil fetch":2,"plan":"","chunk_bytes":1,"header":"","chunks":[1]})",
                            R"({"fil-fil fetch":1,"plan":"","chunk_bytes":0,"header":"","chunks":[1]})",
                            R"({"fil-fil fetch":1,"plan":"","chunk_bytes":1,"header":"zz","chunks":[1]})",
                            R"({"fil-fil fetch":1,"plan":"","chunk_bytes":1,"header":"","chunks":[-1]})",
                            R"({"fil-fil fetch":1,"plan":"","chunk_bytes":1,"header":"","chunks":[]})",
                            R"({"fil-fil fetch":1,"plan":"","chunk_bytes":1,"header":"","chunks":[[1]]})"})
        EXPECT_FALSE(read_state(bad).ok()) << bad;
}

TEST(FetchPlanCheck, NamesThePieceThatCannotBe) {
    FetchPlan good;
    good.sources = {*parse_source("http://a")};
    good.pieces = {{.root = {}, .payload_size = 100, .padded_size = 128, .sources = {0}}};
    EXPECT_TRUE(good.check().ok());
    const std::vector<std::function<void(FetchPlan&)>> breaks = {
        [](FetchPlan& plan) { plan.pieces.clear(); },
        [](FetchPlan& plan) { plan.pieces[0].padded_size = 0; },
        [](FetchPlan& plan) { plan.pieces[0].padded_size = 127; },
        [](FetchPlan& plan) { plan.pieces[0].padded_size = std::uint64_t{1} << 63; },
        [](FetchPlan& plan) { plan.pieces[0].payload_size = 0; },
        [](FetchPlan& plan) { plan.pieces[0].payload_size = 128; },
        [](FetchPlan& plan) { plan.pieces[0].root[31] = std::byte{0x80}; },
        [](FetchPlan& plan) { plan.pieces[0].sources = {1}; },
        [](FetchPlan& plan) { plan.pieces[0].sources = {}; },
        [](FetchPlan& plan) { plan.pieces.resize(65, plan.pieces[0]); },
    };
    for (std::size_t i = 0; i < breaks.size(); ++i) {
        FetchPlan plan = good;
        breaks[i](plan);
        const auto checked = plan.check();
        ASSERT_FALSE(checked.ok()) << i;
        EXPECT_FALSE(checked.error().remedy.empty());
    }
}

}    // namespace
}    // namespace filfil::retrieval::samples
