// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "ipld/piece_cid.hpp"
#include "served.hpp"
#include "unzip.hpp"

#include <gtest/gtest.h>

#include <thread>

namespace filfil::retrieval {
namespace {

using samples::Answer;
using samples::expect_plain_line;
using samples::Sample;
using samples::Served;

class PieceServer : public ::testing::Test {
protected:
    PieceServer() { served.catalog.add(sample.served); }

    [[nodiscard]] Bytes part(std::size_t offset, std::size_t length) const {
        return to_bytes(ByteView(sample.payload).subspan(offset, length));
    }

    Sample sample = samples::make_sample(samples::random_bytes(7, 300'001));
    Served served;
    std::string path = "/piece/" + sample.v1;
};

void expect_piece_fields(const Answer& answer, const Sample& sample) {
    EXPECT_EQ(answer.field("ETag"), "\"" + sample.v1 + "\"");
    EXPECT_EQ(answer.field("Content-Type"), "application/octet-stream");
    EXPECT_EQ(answer.field("Accept-Ranges"), "bytes");
    EXPECT_EQ(answer.field("Cache-Control"), "public, max-age=29030400, immutable");
    EXPECT_EQ(answer.field("Content-Disposition"), "attachment; filename=\"sample.car\"");
    EXPECT_EQ(answer.field("Vary"), "Accept-Encoding");
    EXPECT_EQ(answer.field("Content-Encoding"), "");
}

TEST_F(PieceServer, GivesTheWholePieceByEitherCid) {
    for (const std::string& cid : {sample.v1, sample.v2}) {
        const Answer answer = served.get("/piece/" + cid);
        EXPECT_EQ(answer.status, 200);
        EXPECT_EQ(answer.size, sample.payload.size());
        EXPECT_EQ(answer.body, sample.payload);
        expect_piece_fields(answer, sample);
    }
}

TEST_F(PieceServer, HeadTellsTheExactLengthAndReadsNothing) {
    for (const std::string& target : {path, "/piece/" + sample.v2}) {
        const Answer answer = served.head(target);
        EXPECT_EQ(answer.status, 200);
        EXPECT_EQ(answer.size, sample.payload.size());
        expect_piece_fields(answer, sample);
    }
    EXPECT_EQ(served.head(path, {{"Range", "bytes=0-9"}}).size, sample.payload.size())
        << "ranges mean nothing for HEAD";
    EXPECT_EQ(served.head(path, {{"Range", "bytes=999999999-"}}).status, 200);
    EXPECT_EQ(served.server.counters().bytes, 0U);
}

TEST_F(PieceServer, GivesRanges) {
    const std::size_t size = sample.payload.size();
    const std::string of = "/" + std::to_string(size);
    struct Case {
        std::string range;
        std::string content_range;
        Bytes body;
    };
    for (const Case& wanted : {Case{"bytes=0-0", "bytes 0-0" + of, part(0, 1)},
                               Case{"bytes=127-1126", "bytes 127-1126" + of, part(127, 1000)},
                               Case{"bytes=300000-", "bytes 300000-300000" + of, part(300'000, 1)},
                               Case{"bytes=-5", "bytes 299996-300000" + of, part(size - 5, 5)},
                               Case{"bytes=299990-400000", "bytes 299990-300000" + of, part(299'990, 11)}}) {
        const Answer answer = served.get(path, {{"Range", wanted.range}});
        EXPECT_EQ(answer.status, 206) << wanted.range;
        EXPECT_EQ(answer.field("Content-Range"), wanted.content_range);
        EXPECT_EQ(answer.size, wanted.body.size());
        EXPECT_EQ(answer.body, wanted.body);
        expect_piece_fields(answer, sample);
    }
}

TEST_F(PieceServer, RangesThatAreFetchedApartHaveThePiecesCommitment) {
    const std::size_t size = sample.payload.size();
    Bytes together(size);
    std::vector<std::jthread> clients;
    constexpr std::size_t parts = 7;
    for (std::size_t i = 0; i < parts; ++i)
        clients.emplace_back([&, i] {
            const std::size_t begin = size * i / parts;
            const std::size_t end = size * (i + 1) / parts;
            const Answer answer =
                served.get(path, {{"Range", "bytes=" + std::to_string(begin) + "-" + std::to_string(end - 1)}});
            EXPECT_EQ(answer.body.size(), end - begin);
            std::ranges::copy(answer.body, together.begin() + static_cast<std::ptrdiff_t>(begin));
        });
    clients.clear();
    EXPECT_EQ(commp::piece_cid_v1(samples::commit(together)).text(), sample.v1);
    together[100] ^= std::byte{1};
    EXPECT_NE(commp::piece_cid_v1(samples::commit(together)).text(), sample.v1);
}

TEST_F(PieceServer, OutsideOfThePieceIs416WithTheSize) {
    for (const char* range : {"bytes=300001-", "bytes=400000-500000", "bytes=-0"}) {
        const Answer answer = served.get(path, {{"Range", range}});
        EXPECT_EQ(answer.status, 416) << range;
        EXPECT_EQ(answer.field("Content-Range"), "bytes */300001");
        expect_plain_line(answer);
    }
}

TEST_F(PieceServer, SeveralRangesAndNonsenseGiveTheWhole) {
    for (const char* range : {"bytes=0-1,5-6", "lines=1-2", "bytes=2-1", "bytes=x"}) {
        const Answer answer = served.get(path, {{"Range", range}});
        EXPECT_EQ(answer.status, 200) << range;
        EXPECT_EQ(answer.field("Content-Range"), "");
        EXPECT_EQ(answer.body.size(), sample.payload.size());
    }
    EXPECT_EQ(served.get(path, {{"Range", "bytes=0-1"}, {"Range", "bytes=3-4"}}).status, 200);
}

TEST_F(PieceServer, IfRangeGivesAPartOfTheSamePieceOnly) {
    const std::string tag = "\"" + sample.v1 + "\"";
    EXPECT_EQ(served.get(path, {{"Range", "bytes=0-1"}, {"If-Range", tag}}).status, 206);
    EXPECT_EQ(served.get(path, {{"If-Range", tag}}).status, 200) << "without a Range it means nothing";
    for (const std::string& other : {"W/" + tag, sample.v1, std::string("\"other\""), "\"" + sample.v1 + ".zst\"",
                                     std::string("Sat, 29 Oct 1994 19:43:31 GMT"), std::string()}) {
        const Answer answer = served.get(path, {{"Range", "bytes=0-1"}, {"If-Range", other}});
        EXPECT_EQ(answer.status, 200) << other;
        EXPECT_EQ(answer.body.size(), sample.payload.size());
    }
    EXPECT_EQ(served.get(path, {{"Range", "bytes=999999-"}, {"If-Range", "\"other\""}}).status, 200);
}

TEST_F(PieceServer, WhatIsKnownAlreadyIsNotSentAgain) {
    const std::string tag = "\"" + sample.v1 + "\"";
    for (const std::string& known : {tag, "W/" + tag, "\"x\", " + tag, std::string("*")}) {
        const Answer answer = served.get(path, {{"If-None-Match", known}, {"Range", "bytes=0-1"}});
        EXPECT_EQ(answer.status, 304) << known;
        EXPECT_EQ(answer.field("ETag"), tag);
        EXPECT_TRUE(answer.body.empty());
        EXPECT_FALSE(answer.streamed);
    }
    EXPECT_EQ(served.get(path, {{"If-None-Match", "\"x\""}}).status, 200);
}

TEST_F(PieceServer, ZstdIsGivenToWhoTakesItWithoutARange) {
    const Answer answer = served.get(path, {{"Accept-Encoding", "gzip, zstd;q=0.8"}});
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.field("Content-Encoding"), "zstd");
    EXPECT_EQ(answer.field("Vary"), "Accept-Encoding");
    EXPECT_EQ(answer.field("ETag"), "\"" + sample.v1 + ".zst\"") << "other bytes have another tag";
    EXPECT_EQ(answer.size, std::nullopt);
    EXPECT_EQ(samples::unzip(answer.body), sample.payload);
    EXPECT_EQ(served.server.counters().bytes, answer.body.size());

    for (const HttpFields& fields :
         {HttpFields{{"Accept-Encoding", "zstd"}, {"Range", "bytes=0-9"}},
          HttpFields{{"Accept-Encoding", "zstd"}, {"Range", "bytes=nonsense"}},
          HttpFields{{"Accept-Encoding", "zstd;q=0"}}, HttpFields{{"Accept-Encoding", "gzip"}}}) {
        const Answer plain = served.get(path, fields);
        EXPECT_EQ(plain.field("Content-Encoding"), "");
        EXPECT_EQ(plain.field("Vary"), "Accept-Encoding");
        EXPECT_TRUE(plain.size.has_value());
    }
    EXPECT_EQ(served.get(path, {{"Accept-Encoding", "zstd"}, {"If-None-Match", "\"" + sample.v1 + ".zst\""}}).status,
              304);
    const Answer head = served.head(path, {{"Accept-Encoding", "zstd"}});
    EXPECT_EQ(head.field("Content-Encoding"), "zstd");
    EXPECT_EQ(head.size, std::nullopt) << "a length that GET would not have";
}

TEST_F(PieceServer, APieceThatIsNotServedIs404) {
    const Sample other = samples::make_sample(samples::random_bytes(8, 1000));
    for (const std::string& cid : {other.v1, other.v2}) {
        const Answer answer = served.get("/piece/" + cid);
        EXPECT_EQ(answer.status, 404);
        expect_plain_line(answer);
        EXPECT_NE(answer.text().find(other.v1), std::string::npos);
        EXPECT_EQ(served.head("/piece/" + cid).status, 404);
    }
    EXPECT_EQ(served.server.counters().not_found, 4U);
}

TEST_F(PieceServer, ACidOfVersion2ThatSaysAnotherSizeIs404WithBoth) {
    const auto wrong = ipld::piece_cid_v2(sample.piece.root, sample.piece.payload_size - 1, sample.piece.padded_size);
    ASSERT_TRUE(wrong.ok());
    const Answer answer = served.get("/piece/" + wrong->text());
    EXPECT_EQ(answer.status, 404);
    expect_plain_line(answer);
    EXPECT_NE(answer.text().find("300001 bytes"), std::string::npos) << answer.text();
    EXPECT_NE(answer.text().find("300000 bytes"), std::string::npos) << answer.text();

    const auto padded = ipld::piece_cid_v2(sample.piece.root, sample.piece.payload_size, sample.piece.padded_size * 2);
    ASSERT_TRUE(padded.ok());
    EXPECT_EQ(served.get("/piece/" + padded->text()).status, 404);
}

TEST_F(PieceServer, WhatIsNoPieceCidIs400) {
    const std::string block = ipld::cid_of_block(ipld::Codec::raw, bytes_of("x")).text();
    for (const std::string& cid : {std::string(), std::string("x"), block, sample.v1 + "x", sample.v1.substr(1)}) {
        const Answer answer = served.get("/piece/" + cid);
        EXPECT_EQ(answer.status, 400) << cid;
        expect_plain_line(answer);
    }
}

TEST_F(PieceServer, TheLocatorWantsItsToken) {
    const std::string target = "/pieces?id=" + sample.v2;
    for (const HttpFields& fields :
         {HttpFields{}, HttpFields{{"Authorization", "Bearer wrong"}}, HttpFields{{"Authorization", "secret"}},
          HttpFields{{"Authorization", "Basic secret"}}, HttpFields{{"Authorization", "Bearer "}},
          HttpFields{{"Authorization", "Bearer secret2"}}, HttpFields{{"X-Token", "secret"}}}) {
        const Answer answer = served.get(target, fields);
        EXPECT_EQ(answer.status, 401);
        EXPECT_EQ(answer.field("WWW-Authenticate"), "Bearer realm=\"pieces\"");
        expect_plain_line(answer);
        EXPECT_EQ(answer.text().find("secret"), std::string::npos);
    }
    EXPECT_EQ(served.server.counters().refused, 7U);
    const HttpFields right = {{"authorization", "bearer secret"}};
    for (const std::string& id : {sample.v1, sample.v2}) {
        const Answer head = served.head("/pieces?id=" + id, right);
        EXPECT_EQ(head.status, 200);
        EXPECT_EQ(head.size, sample.payload.size());
        EXPECT_EQ(served.get("/pieces?id=" + id, right).body, sample.payload);
    }
    EXPECT_EQ(served.get(target, {right[0], {"Range", "bytes=0-4"}}).body, part(0, 5));
    EXPECT_EQ(served.head(target, {right[0], {"Accept-Encoding", "zstd"}}).size, sample.payload.size())
        << "a market node compares the length with its deal";
}

TEST_F(PieceServer, TheLocatorSaysWhatIsMissing) {
    const HttpFields right = {{"Authorization", "Bearer secret"}};
    EXPECT_EQ(served.get("/pieces", right).status, 400);
    EXPECT_EQ(served.get("/pieces?id=", right).status, 400);
    EXPECT_EQ(served.get("/pieces?id=x", right).status, 400);
    EXPECT_EQ(served.get("/pieces?id=" + sample.v1 + "&id=" + sample.v1, right).status, 400);
    const Sample other = samples::make_sample(samples::random_bytes(8, 1000));
    EXPECT_EQ(served.head("/pieces?id=" + other.v2, right).status, 404) << "Curio goes on to the next locator";
    Served off({.requests_a_second_a_peer = 0});
    off.catalog.add(sample.served);
    EXPECT_EQ(off.get("/pieces?id=" + sample.v1).status, 404);
    EXPECT_EQ(off.get("/pieces?id=" + sample.v1, {{"Authorization", "Bearer "}}).status, 404);
}

TEST_F(PieceServer, AFileThatIsGoneIsAnErrorThatNamesNoPath) {
    served.catalog.fail(Error(ErrorCode::not_found, "/var/lib/secret/piece.car: is gone"));
    const Answer answer = served.get(path);
    EXPECT_EQ(answer.status, 500);
    expect_plain_line(answer);
    EXPECT_EQ(answer.text().find("/var"), std::string::npos);
    EXPECT_TRUE(served.outside.log.has("/var/lib/secret/piece.car", LogLevel::error));

    served.catalog.fail(Error(ErrorCode::busy, "the disk is slow"));
    EXPECT_EQ(served.get(path).status, 503);
    EXPECT_EQ(served.get(path).field("Retry-After"), "10");
}

TEST_F(PieceServer, BytesOfAnotherLengthThanRecordedAreNotSent) {
    ServedPiece shorter = sample.served;
    shorter.bytes = std::make_shared<samples::MemoryPiece>(samples::random_bytes(1, 10));
    served.catalog.add(shorter);
    EXPECT_EQ(served.get(path).status, 500);
    shorter.bytes = nullptr;
    served.catalog.add(shorter);
    EXPECT_EQ(served.get(path).status, 500);
}

class FailingPiece final : public PieceBytes {
public:
    std::uint64_t size() const noexcept override { return 300'001; }
    Result<void> read(std::uint64_t offset, ByteSpan out) const override {
        if (offset + out.size() > 100'000) return Error(ErrorCode::io, "the disk broke");
        return {};
    }
    bool in_memory() const noexcept override { return false; }
};

TEST_F(PieceServer, ADiskThatBreaksInTheMiddleBreaksTheConnection) {
    ServedPiece failing = sample.served;
    failing.bytes = std::make_shared<FailingPiece>();
    served.catalog.add(failing);
    const Answer answer = served.get(path);
    ASSERT_TRUE(answer.broken);
    EXPECT_EQ(answer.broken->code, ErrorCode::io);
    EXPECT_TRUE(served.outside.log.has("the disk broke", LogLevel::warning));
    EXPECT_TRUE(served.outside.log.has("192.0.2.1"));
    EXPECT_EQ(served.server.counters().in_flight, 0U);
}

TEST_F(PieceServer, FileNamesCannotBreakOutOfTheirHeader) {
    ServedPiece odd = sample.served;
    odd.file_name = "a\"\r\nX: y/../ü.car";
    served.catalog.add(odd);
    EXPECT_EQ(served.get(path).field("Content-Disposition"), "attachment; filename=\"a___X__y_..___.car\"");
    odd.file_name = "";
    served.catalog.add(odd);
    EXPECT_EQ(served.get(path).field("Content-Disposition"), "attachment; filename=\"" + sample.v1 + ".car\"");
}

TEST_F(PieceServer, ABodyThatIsBeingSentKeepsItsBytesAndNothingElse) {
    std::atomic<int> alive{0};
    const Sample held = samples::make_sample(samples::random_bytes(9, 200'000), "held.car", &alive);
    // The sample holds the bytes too.
    ServedPiece piece = held.served;
    served.catalog.add(piece);
    auto response = served.respond({.target = "/piece/" + held.v1});
    const std::weak_ptr<const PieceBytes> bytes = piece.bytes;
    served.catalog.drop_pieces();
    piece.bytes.reset();
    EXPECT_EQ(served.get("/piece/" + held.v1).status, 404);
    EXPECT_EQ(samples::drain(*response.stream).value(), held.payload);
    EXPECT_EQ(bytes.use_count(), 2) << "the sample and the stream";
    response.stream.reset();
    EXPECT_EQ(bytes.use_count(), 1);
    EXPECT_EQ(alive, 1);
}

TEST_F(PieceServer, EightReadersKeepTheirBytesWhileTheCatalogDropsThem) {
    std::atomic<int> alive{0};
    Bytes payload = samples::random_bytes(11, 1'000'000);
    std::string cid;
    {
        Sample shared = samples::make_sample(payload, "shared.car", &alive);
        cid = shared.v1;
        served.catalog.add(shared.served);
    }
    ASSERT_EQ(alive, 1);
    std::atomic<int> opened{0};
    std::atomic<bool> dropped{false};
    {
        std::vector<std::jthread> readers;
        for (std::size_t i = 0; i < 8; ++i)
            readers.emplace_back([&, i] {
                const std::size_t begin = i * 100'000;
                auto response = served.respond(
                    {.target = "/piece/" + cid,
                     .fields = {{"Range", "bytes=" + std::to_string(begin) + "-" + std::to_string(begin + 199'999)}}});
                ASSERT_EQ(response.status, 206);
                Bytes half(100'000);
                ASSERT_EQ(response.stream->read(half).value(), half.size());
                ++opened;
                opened.notify_all();
                dropped.wait(false);
                const auto rest = samples::drain(*response.stream, 1 + i * 1000);
                ASSERT_TRUE(rest.ok());
                half.insert(half.end(), rest->begin(), rest->end());
                EXPECT_TRUE(std::ranges::equal(half, ByteView(payload).subspan(begin, 200'000))) << i;
                EXPECT_EQ(alive, 1);
            });
        for (int now = opened; now < 8; now = opened) opened.wait(now);
        served.catalog.drop_pieces();
        EXPECT_EQ(served.server.counters().in_flight, 8U);
        dropped = true;
        dropped.notify_all();
    }
    EXPECT_EQ(alive, 0) << "the last reader took them along";
    EXPECT_EQ(served.server.counters().in_flight, 0U);
}

}    // namespace
}    // namespace filfil::retrieval
