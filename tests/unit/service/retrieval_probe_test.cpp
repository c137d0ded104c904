// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/incentive/retrieval_probe.hpp"
#include "outside.hpp"

#include "base/units.hpp"
#include "car/header.hpp"
#include "ipld/piece_cid.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <map>

namespace filfil::service {
namespace {

const ipld::Cid root = *ipld::Cid::parse("bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy");
const ipld::Cid other_root = ipld::piece_cid_v1(ipld::Digest256{std::byte{1}});

/// A CAR of so many bytes: its header, and what differs from place to place.
Bytes piece_of(std::size_t size) {
    Bytes out = car::encode_header(std::span(&root, 1));
    for (std::uint64_t i = 0; out.size() < size; ++i) out.push_back(static_cast<std::byte>(i * 31 + i / 251));
    out.resize(size);
    return out;
}

/// Another machine's retrieval server, as bad as a test wants it.
class Shelf final : public HttpServer {
public:
    void handle(HttpRequest request, Respond respond) override {
        asked.push_back(request.method + " " + request.target);
        if (const auto range = find_field(request.fields, "Range")) ranges.emplace_back(*range);
        if (answer)
            if (auto other = answer(request)) return respond(*std::move(other));
        if (request.method == "HEAD") return respond({.status = 200, .body = std::string(chars_of(piece))});
        const std::string range(*find_field(request.fields, "Range"));
        const std::uint64_t from = std::stoull(range.substr(6));
        const std::uint64_t to = std::stoull(range.substr(range.find('-') + 1));
        respond({.status = 206,
                 .fields = {{"Content-Range", "bytes " + std::to_string(from) + "-" + std::to_string(to) + "/" +
                                                  std::to_string(piece.size())}},
                 .body = std::string(chars_of(ByteView(piece).subspan(from, to - from + 1)))});
    }
    std::optional<HttpResponse> refuse_socket(const HttpRequest&) override { return HttpResponse{.status = 404}; }
    SocketEvents open_socket(std::shared_ptr<WebSocket>, const HttpRequest&) override { return {}; }

    Bytes piece;
    std::vector<std::string> asked;
    std::vector<std::string> ranges;
    std::function<std::optional<HttpResponse>(const HttpRequest&)> answer;
};

class OwnBytes final : public retrieval::PieceBytes {
public:
    explicit OwnBytes(Bytes bytes) : m_bytes(std::move(bytes)) {}
    [[nodiscard]] std::uint64_t size() const noexcept override { return m_bytes.size(); }
    [[nodiscard]] Result<void> read(std::uint64_t offset, ByteSpan out) const override {
        std::ranges::copy(ByteView(m_bytes).subspan(offset, out.size()), out.begin());
        return {};
    }
    [[nodiscard]] bool in_memory() const noexcept override { return true; }

private:
    Bytes m_bytes;
};

class OwnCatalog final : public retrieval::Catalog {
public:
    Result<std::optional<retrieval::ServedPiece>> find(const ipld::Cid& cid) override {
        if (failure) return *failure;
        if (!bytes) return std::optional<retrieval::ServedPiece>();
        return std::optional(retrieval::ServedPiece{
            .piece_cid = cid, .payload_size = bytes->size(), .padded_size = 0, .file_name = {}, .bytes = bytes});
    }
    Result<std::optional<Bytes>> block(const ipld::Cid&) override { return std::optional<Bytes>(); }
    [[nodiscard]] Counts counts() const override { return {}; }

    std::shared_ptr<const OwnBytes> bytes;
    std::optional<Error> failure;
};

class RetrievalProbe : public testing::Test {
protected:
    void SetUp() override {
        shelf.piece = piece_of(MiB);
        listener = std::move(outside.transport.listen({.at = {"sp", 5347}}, shelf).value());
    }

    ProbeResult probe(const std::string& url = "http://sp:5347", std::optional<ipld::Cid> wanted = root) {
        std::optional<ProbeResult> out;
        probe_retrieval(outside.world, WorkerQueue::make(outside.world), catalog,
                        {.endpoint = read_endpoint(url).value(),
                         .piece_cid = piece_cid,
                         .payload_size = size,
                         .root = std::move(wanted)},
                        [&](ProbeResult result) {
                            EXPECT_FALSE(out) << "told twice";
                            out = std::move(result);
                        });
        EXPECT_FALSE(out) << "told within the call";
        outside.advance(std::chrono::minutes(2));
        EXPECT_TRUE(out);
        return out.value_or(ProbeResult{});
    }

    /// Why it fails; "" where it does not.
    std::string fault() {
        const ProbeResult result = probe();
        EXPECT_EQ(result.ok, result.why.empty());
        return result.why;
    }

    const ipld::Cid piece_cid = ipld::piece_cid_v1(ipld::Digest256{std::byte{9}});
    Outside outside;
    Shelf shelf;
    OwnCatalog catalog;
    std::uint64_t size = MiB;
    std::unique_ptr<Transport::Listener> listener;
};

TEST_F(RetrievalProbe, AsksForTheSizeAndForThreeParts) {
    const ProbeResult result = probe();
    EXPECT_TRUE(result.ok) << result.why;
    EXPECT_FALSE(result.compared);
    const std::string path = "/piece/" + piece_cid.text();
    EXPECT_EQ(shelf.asked, (std::vector<std::string>{"HEAD " + path, "GET " + path, "GET " + path, "GET " + path}));
    ASSERT_EQ(shelf.ranges.size(), 3U);
    EXPECT_EQ(shelf.ranges[0], "bytes=0-65535");
    EXPECT_EQ(shelf.ranges[1], "bytes=983040-1048575");
    EXPECT_NE(shelf.ranges[2], shelf.ranges[0]);
}

TEST_F(RetrievalProbe, ComparesWithWhatIsHere) {
    catalog.bytes = std::make_shared<OwnBytes>(shelf.piece);
    EXPECT_TRUE(probe().ok);
    EXPECT_TRUE(probe().compared);
    shelf.piece.back() ^= std::byte{1};
    EXPECT_NE(fault().find("others than those here, from byte 1048575 on"), std::string::npos);
}

TEST_F(RetrievalProbe, WhatCannotBeReadHereIsNotComparedAndNoFault) {
    catalog.failure = Error(ErrorCode::io, "the file is gone");
    const ProbeResult result = probe();
    EXPECT_TRUE(result.ok);
    EXPECT_FALSE(result.compared);
}

TEST_F(RetrievalProbe, AHeaderOfAnotherSnapshotIsAFault) {
    EXPECT_NE(probe("http://sp:5347", other_root).why.find("has the root " + root.text()), std::string::npos);
    EXPECT_TRUE(probe("http://sp:5347", std::nullopt).ok) << "where nobody knows the root";
    std::ranges::fill(shelf.piece, std::byte{0xff});
    EXPECT_NE(fault().find("no CAR header"), std::string::npos);
    std::ranges::fill(shelf.piece, std::byte{0});
    EXPECT_NE(fault().find("no CAR header"), std::string::npos);
}

TEST_F(RetrievalProbe, ServesUnderAPath) {
    EXPECT_TRUE(probe("http://sp:5347/filecoin/").ok);
    EXPECT_EQ(shelf.asked.front(), "HEAD /filecoin/piece/" + piece_cid.text());
}

TEST_F(RetrievalProbe, EachFaultIsASentence) {
    const auto always = [&](HttpResponse response) {
        shelf.answer = [response](const HttpRequest&) { return std::optional(response); };
    };
    const auto for_ranges = [&](std::function<HttpResponse()> make) {
        shelf.answer = [make](const HttpRequest& request) {
            return request.method == "GET" ? std::optional(make()) : std::nullopt;
        };
    };
    always({.status = 404});
    EXPECT_EQ(fault(), "it does not have the piece: 404");
    always({.status = 503});
    EXPECT_EQ(fault(), "asked for the piece's size it answers 503");
    always({.status = 302, .fields = {{"Location", "http://elsewhere/"}}});
    EXPECT_EQ(fault(), "asked for the piece's size it answers 302");
    always({.status = 200, .body = "short"});
    EXPECT_EQ(fault(), "it says that the piece has 5 bytes, but what was staged has 1048576");
    for_ranges([&] { return HttpResponse{.status = 200, .body = std::string(chars_of(shelf.piece))}; });
    EXPECT_NE(fault().find("does not serve ranges"), std::string::npos);
    for_ranges([&] { return HttpResponse{.status = 200, .body = std::string(65'536, 'x')}; });
    EXPECT_NE(fault().find("does not serve ranges"), std::string::npos);
    for_ranges([] { return HttpResponse{.status = 206, .body = "few"}; });
    EXPECT_EQ(fault(), "asked for the first 65536 bytes it sends 3");
    for_ranges([&] {
        return HttpResponse{.status = 206,
                            .fields = {{"Content-Range", "bytes 1-65536/1048576"}},
                            .body = std::string(chars_of(ByteView(shelf.piece).first(65'536)))};
    });
    EXPECT_EQ(fault(), "asked for the first 65536 bytes it says that it sends others");
    for_ranges([] { return HttpResponse{.status = 416}; });
    EXPECT_EQ(fault(), "asked for the first 65536 bytes it answers 416");
}

TEST_F(RetrievalProbe, NobodyThereIsAFault) {
    listener.reset();
    EXPECT_NE(fault().find("sp:5347"), std::string::npos);
}

TEST_F(RetrievalProbe, AServerThatNeverAnswersIsAFault) {
    listener.reset();
    class Silent final : public HttpServer {
    public:
        void handle(HttpRequest, Respond respond) override { kept.push_back(std::move(respond)); }
        std::optional<HttpResponse> refuse_socket(const HttpRequest&) override { return HttpResponse{.status = 404}; }
        SocketEvents open_socket(std::shared_ptr<WebSocket>, const HttpRequest&) override { return {}; }
        std::vector<Respond> kept;
    } silent;
    const auto other = std::move(outside.transport.listen({.at = {"sp", 5347}}, silent).value());
    EXPECT_NE(fault().find("no answer in time"), std::string::npos);
}

TEST_F(RetrievalProbe, SmallPiecesAreProbedToo) {
    for (const std::uint64_t small : {1U, 2U, 127U, 5000U}) {
        size = small;
        shelf.piece = piece_of(small);
        catalog.bytes = std::make_shared<OwnBytes>(shelf.piece);
        // So few bytes that no header fits are no CAR.
        EXPECT_EQ(probe().ok, small >= 127) << small << " " << probe().why;
    }
    size = 0;
    EXPECT_EQ(fault(), "the piece has no bytes");
}

}    // namespace
}    // namespace filfil::service
