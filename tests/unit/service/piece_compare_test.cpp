// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "preflight_rig.hpp"

#include "car/header.hpp"
#include "ipld/varint.hpp"
#include "service/market/piece_compare.hpp"
#include "service/market/section_walk.hpp"

#include <functional>
#include <stop_token>

namespace filfil::service {
namespace {

/// A CAR, and where its sections begin.
struct MadeCar {
    Bytes bytes;
    std::vector<std::uint64_t> begins;
    std::vector<ipld::Cid> cids;
};

MadeCar make_car(std::size_t blocks, std::size_t block_size) {
    MadeCar out;
    const auto cid_of = [](ByteView data) { return ipld::cid_of_block(ipld::Codec::raw, data); };
    const ipld::Cid root = cid_of(bytes_of("root"));
    out.bytes = car::encode_header(std::span(&root, 1));
    for (std::size_t i = 0; i < blocks; ++i) {
        Bytes data(block_size + i, static_cast<std::byte>(i));
        out.cids.push_back(cid_of(data));
        out.begins.push_back(out.bytes.size());
        ipld::append_varint(out.bytes, out.cids.back().bytes().size() + data.size());
        out.bytes.insert(out.bytes.end(), out.cids.back().bytes().begin(), out.cids.back().bytes().end());
        out.bytes.insert(out.bytes.end(), data.begin(), data.end());
    }
    return out;
}

TEST(SectionWalk, KnowsWhereTheSectionOfTheNextByteBeginsHoweverTheBytesCome) {
    const MadeCar car = make_car(4, 200);
    for (const std::size_t part : {std::size_t{1}, std::size_t{7}, std::size_t{300}, car.bytes.size()}) {
        SectionWalk walk;
        EXPECT_TRUE(walk.in_header());
        for (std::size_t at = 0; at < car.bytes.size(); at += part) {
            std::uint64_t begin = 0;
            for (const std::uint64_t one : car.begins)
                if (one <= at) begin = one;
            EXPECT_EQ(walk.begin(), begin) << part << " " << at;
            EXPECT_EQ(walk.in_header(), at < car.begins.front());
            walk.feed(ByteView(car.bytes).subspan(at, std::min(part, car.bytes.size() - at)));
        }
        EXPECT_EQ(walk.begin(), car.bytes.size()) << "the next would begin there";
        EXPECT_FALSE(walk.lost());
    }
}

TEST(SectionWalk, IsLostInWhatHasNoLengths) {
    SectionWalk zero;
    zero.feed(Bytes(3, std::byte{0}));
    EXPECT_TRUE(zero.lost());
    SectionWalk endless;
    endless.feed(Bytes(30, std::byte{0xff}));
    EXPECT_TRUE(endless.lost());
}

/// Who serves pieces, as badly as a test wants it.
class Holder final : public HttpServer {
public:
    void handle(HttpRequest request, Respond respond) override {
        ++requests;
        if (answer)
            if (auto other = answer(request)) return respond(*std::move(other));
        if (request.method == "HEAD") return respond({.status = 200, .body = std::string(chars_of(piece))});
        const std::string range(find_field(request.fields, "Range").value_or(""));
        const std::uint64_t from = std::stoull(range.substr(6));
        const std::uint64_t to = std::stoull(range.substr(range.find('-') + 1));
        largest = std::max(largest, to - from + 1);
        respond({.status = 206,
                 .fields = {{"Content-Range", "bytes " + std::to_string(from) + "-" + std::to_string(to) + "/" +
                                                  std::to_string(piece.size())}},
                 .body = std::string(chars_of(ByteView(piece).subspan(from, to - from + 1)))});
    }
    std::optional<HttpResponse> refuse_socket(const HttpRequest&) override { return HttpResponse{.status = 404}; }
    SocketEvents open_socket(std::shared_ptr<WebSocket>, const HttpRequest&) override { return {}; }

    Bytes piece;
    std::size_t requests = 0;
    std::uint64_t largest = 0;
    std::function<std::optional<HttpResponse>(const HttpRequest&)> answer;
};

class Mine final : public retrieval::PieceBytes {
public:
    explicit Mine(Bytes bytes) : m_bytes(std::move(bytes)) {}
    [[nodiscard]] std::uint64_t size() const noexcept override { return m_bytes.size(); }
    [[nodiscard]] Result<void> read(std::uint64_t offset, ByteSpan out) const override {
        if (offset == fails_at) return Error(ErrorCode::io, "the disk is broken");
        std::ranges::copy(ByteView(m_bytes).subspan(offset, out.size()), out.begin());
        return {};
    }
    [[nodiscard]] bool in_memory() const noexcept override { return true; }
    std::uint64_t fails_at = ~std::uint64_t{0};

private:
    Bytes m_bytes;
};

class Told final : public JobContext {
public:
    void set_stage(std::string) override {}
    void set_total(std::uint64_t bytes) noexcept override { total = bytes; }
    [[nodiscard]] std::stop_token stop() const noexcept override { return source.get_token(); }
    void advance(std::uint64_t bytes) noexcept override { done += bytes; }

    std::stop_source source;
    std::uint64_t total = 0;
    std::uint64_t done = 0;
};

class ComparePieces : public testing::Test {
protected:
    void SetUp() override {
        car = make_car(40, 500);
        for (const char* name : {"one", "two"}) {
            holders[name].piece = car.bytes;
            listeners.push_back(std::move(*outside.transport.listen({.at = {name, 5347}}, holders[name])));
        }
    }

    Result<PieceDifference> compare(const std::vector<std::string>& from = {"one"}) {
        std::optional<Result<PieceDifference>> out;
        ComparedPieces pieces;
        mine = std::make_shared<Mine>(own.empty() ? car.bytes : own);
        mine->fails_at = fails_at;
        pieces.own = mine;
        pieces.other = ipld::piece_cid_v1(ipld::Digest256{std::byte{1}});
        pieces.other_size = holders["one"].piece.size();
        for (const std::string& name : from) pieces.servers.push_back(*read_endpoint("http://" + name + ":5347"));
        pieces.range = 1000;
        compare_pieces(outside.world, WorkerQueue::make(outside.world), std::move(pieces), context,
                       [&](Result<PieceDifference> told) { out = std::move(told); });
        EXPECT_FALSE(out.has_value());
        outside.run_until([&] { return out.has_value(); });
        return out.value_or(Error(ErrorCode::internal, "no answer"));
    }

    Outside outside;
    MadeCar car;
    Bytes own;
    std::uint64_t fails_at = ~std::uint64_t{0};
    std::shared_ptr<Mine> mine;
    std::map<std::string, Holder> holders;
    std::vector<std::unique_ptr<Transport::Listener>> listeners;
    std::shared_ptr<Told> context = std::make_shared<Told>();
};

TEST_F(ComparePieces, NamesTheFirstByteItsSectionAndTheBlocksOfBothSides) {
    const std::uint64_t at = car.begins[17] + 100;
    holders["one"].piece[at] ^= std::byte{1};
    const auto found = compare();
    ASSERT_TRUE(found.ok()) << found.error().text();
    EXPECT_EQ(found->from, "http://one:5347");
    EXPECT_EQ(found->compared, at);
    EXPECT_EQ(found->offset, at);
    EXPECT_EQ(found->section, car.begins[17]);
    EXPECT_FALSE(found->in_header);
    EXPECT_EQ(found->own.block, car.cids[17]);
    EXPECT_EQ(found->other.block, car.cids[17]) << "the same CID, and other bytes";
    EXPECT_EQ(found->own.sound, true);
    EXPECT_EQ(found->other.sound, false) << "which of the two is damaged can be told";
    EXPECT_EQ(found->own.length, car.begins[18] - car.begins[17]);
    EXPECT_LE(holders["one"].largest, 1000U) << "never more than a range at a time";
    EXPECT_EQ(context->total, car.bytes.size());
    EXPECT_EQ(context->done, at);
}

TEST_F(ComparePieces, FindsEveryPlaceWhereTwoCanPart) {
    const Bytes right = car.bytes;
    for (std::uint64_t at = 0; at < right.size(); at += 97) {
        holders["one"].piece = right;
        holders["one"].piece[at] ^= std::byte{0x10};
        const auto found = compare();
        ASSERT_TRUE(found.ok());
        EXPECT_EQ(found->offset, at);
        std::uint64_t begin = 0;
        for (const std::uint64_t one : car.begins)
            if (one <= at) begin = one;
        EXPECT_EQ(found->section, begin) << at;
        EXPECT_EQ(found->in_header, at < car.begins.front());
        EXPECT_EQ(found->own.block.has_value(), at >= car.begins.front());
    }
}

TEST_F(ComparePieces, OneThatEndsWhereTheOtherGoesOnPartsThere) {
    holders["one"].piece.resize(car.begins[30]);
    const auto found = compare();
    ASSERT_TRUE(found.ok());
    EXPECT_EQ(found->offset, car.begins[30]);
    EXPECT_EQ(found->own.block, car.cids[30]);
    EXPECT_FALSE(found->other.block);
}

TEST_F(ComparePieces, BlocksThatAreOthersAreNamedOnBothSides) {
    // Two blocks have changed places: the sections part in the CID.
    MadeCar other = make_car(41, 499);
    holders["one"].piece = other.bytes;
    const auto found = compare();
    ASSERT_TRUE(found.ok());
    EXPECT_EQ(found->section, car.begins[0]);
    EXPECT_EQ(found->own.block, car.cids[0]);
    EXPECT_EQ(found->other.block, other.cids[0]);
    EXPECT_EQ(found->own.sound, true);
    EXPECT_EQ(found->other.sound, true);
}

TEST_F(ComparePieces, TheSameBytesHaveNoDifference) {
    const auto found = compare();
    ASSERT_TRUE(found.ok());
    EXPECT_EQ(found->from, "http://one:5347");
    EXPECT_FALSE(found->offset);
    EXPECT_EQ(found->compared, car.bytes.size());
}

TEST_F(ComparePieces, WhereOneServerFailsTheNextGoesOn) {
    const std::uint64_t at = car.begins[20] + 60;
    for (auto& [name, holder] : holders) holder.piece[at] ^= std::byte{1};
    int asked = 0;
    holders["one"].answer = [&](const HttpRequest& request) -> std::optional<HttpResponse> {
        if (request.method == "GET" && ++asked == 4) return HttpResponse{.status = 503};
        return std::nullopt;
    };
    const auto found = compare({"nobody", "one", "two"});
    ASSERT_TRUE(found.ok());
    EXPECT_EQ(found->offset, at);
    EXPECT_EQ(found->from, "http://two:5347");
    ASSERT_EQ(found->failed.size(), 2U);
    EXPECT_EQ(found->failed[0].server, "http://nobody:5347");
    EXPECT_NE(found->failed[1].why.find("503"), std::string::npos);
    EXPECT_EQ(context->done, at) << "what was the same is not compared twice";
}

TEST_F(ComparePieces, AServerThatGivesOtherThanItWasAskedForIsNoUse) {
    const std::vector<std::function<std::optional<HttpResponse>(const HttpRequest&)>> bad = {
        [](const HttpRequest&) { return HttpResponse{.status = 404}; },
        [](const HttpRequest&) { return HttpResponse{.status = 200, .body = "short"}; },
        [](const HttpRequest&) { return HttpResponse{.status = 302, .fields = {{"Location", "http://two:5347/"}}}; },
        [](const HttpRequest& request) -> std::optional<HttpResponse> {
            if (request.method == "HEAD") return std::nullopt;
            return HttpResponse{.status = 200, .body = std::string(1000, 'x')};
        },
        [](const HttpRequest& request) -> std::optional<HttpResponse> {
            if (request.method == "HEAD") return std::nullopt;
            return HttpResponse{.status = 206, .fields = {{"Content-Range", "bytes 0-999/5"}}, .body = "x"};
        },
        [](const HttpRequest& request) -> std::optional<HttpResponse> {
            if (request.method == "HEAD") return std::nullopt;
            return HttpResponse{.status = 206, .body = std::string(20'000'000, 'x')};
        }};
    for (const auto& one : bad) {
        holders["one"].answer = one;
        const auto found = compare();
        ASSERT_TRUE(found.ok());
        EXPECT_FALSE(found->from);
        EXPECT_FALSE(found->offset);
        ASSERT_EQ(found->failed.size(), 1U);
        EXPECT_FALSE(found->failed[0].why.empty());
    }
}

TEST_F(ComparePieces, StopsWhenItIsToldAndSaysWhatOwnBytesSay) {
    context->source.request_stop();
    auto found = compare();
    ASSERT_FALSE(found.ok());
    EXPECT_EQ(found.error().code, ErrorCode::cancelled);
    EXPECT_EQ(holders["one"].requests, 0U);
    context = std::make_shared<Told>();
    fails_at = 2000;
    found = compare();
    ASSERT_FALSE(found.ok());
    EXPECT_EQ(found.error().message, "the disk is broken");
}

TEST_F(ComparePieces, WhatIsNoCarHasAnOffsetAndNoSection) {
    own = Bytes(5000, std::byte{0});
    holders["one"].piece = own;
    holders["one"].piece[3000] = std::byte{1};
    const auto found = compare();
    ASSERT_TRUE(found.ok());
    EXPECT_EQ(found->offset, 3000U);
    EXPECT_FALSE(found->section);
}

// ------------------------------------------------------------------------------------------------------- the method

class ComparePiecesApi : public PreflightRig {
protected:
    void SetUp() override {
        PreflightRig::SetUp();
        listener_of_holder = std::move(*rig->node.transport.listen({.at = {"holder", 5347}}, holder));
        office->put<calls::Latest>({.slots = {slot}});
    }

    /// Until the daemon has read that there are no events, so that those of the test stay.
    void start_reading() {
        start();
        for (int i = 0; i < 30 && rig->ask("FilFil.ContractEvents")["caught_up"] != true; ++i) rig->clock.advance(1s);
        ASSERT_EQ(rig->journal.event_logs.size(), 1U);
    }
    void announce(std::uint64_t miner, const std::string& url) {
        journal::EventRecord event{.block = 1,
                                   .index = 1,
                                   .name = "EndpointSet",
                                   .miner = miner,
                                   .fields = rpc::write_json(Json{{"miner", miner}, {"url", url}})};
        const std::lock_guard lock(rig->journal.mutex);
        rig->journal.event_logs.begin()->second.events[{event.block, event.index}] = event;
    }

    Json compare(Json params = Json::object()) {
        const Json job = rig->job(rig->ask("FilFil.ComparePieces", std::move(params)));
        EXPECT_EQ(job["kind"], "compare_pieces");
        if (job["state"] != "done") return job;
        return job["result"];
    }

    /// The snapshot is taken here; staged is another, that has one byte of its last piece otherwise.
    journal::SnapshotRecord stage_other() {
        const auto own = take();
        stage_own(own);
        staged.back().root[3] ^= std::byte{1};
        const std::string cid = own.pieces.back().piece_cid.text();
        holder.piece = to_bytes(bytes_of(rig->get("/piece/" + cid).body));
        EXPECT_EQ(holder.piece.size(), own.pieces.back().payload_size);
        at = holder.piece.size() / 2;
        holder.piece[at] ^= std::byte{1};
        return own;
    }

    Holder holder;
    std::unique_ptr<Transport::Listener> listener_of_holder;
    std::uint64_t at = 0;
};

TEST_F(ComparePiecesApi, FindsTheFirstDifferentPieceByteAndBlockAtAHoldersEndpoint) {
    start_reading();
    const auto own = stage_other();
    auto& held = office->hold(static_cast<std::uint8_t>(staged.size() - 1), incentive::Held::active, 7, 10, 5000);
    held.holder.miner = 2000;
    announce(2000, "http://holder:5347#region=eu");
    const Json found = compare({{"epoch", target}});
    EXPECT_EQ(found["same"], false) << found.dump(1);
    EXPECT_EQ(found["slot"], slot);
    EXPECT_EQ(found["piece"], own.pieces.size() - 1);
    EXPECT_EQ(found["own"]["piece_cid"], own.pieces.back().piece_cid.text());
    EXPECT_EQ(found["staged"]["piece_cid"], ipld::piece_cid_v1(staged.back().root).text());
    EXPECT_EQ(found["served"], true);
    EXPECT_EQ(found["from"], "http://holder:5347");
    EXPECT_EQ(found["offset"], at);
    EXPECT_EQ(found["own_block"]["sound"], true);
    EXPECT_TRUE(ipld::Cid::parse(found["own_block"]["cid"].get<std::string>()).ok());
    EXPECT_LE(found["section"], found["offset"]);
    EXPECT_NE(found["sentence"].get<std::string>().find("from byte " + std::to_string(at)), std::string::npos);
    // Without an epoch it is the one that the own window wants.
    EXPECT_EQ(compare({{"from", "http://holder:5347"}})["offset"], at);
}

TEST_F(ComparePiecesApi, SaysWhereNobodyServesIt) {
    start_reading();
    const auto own = stage_other();
    Json found = compare({{"epoch", target}});
    EXPECT_EQ(found["served"], false);
    EXPECT_TRUE(found["offset"].is_null());
    EXPECT_NE(found["sentence"].get<std::string>().find("--from"), std::string::npos) << found.dump(1);
    found = compare({{"epoch", target}, {"from", "http://gone:1"}});
    EXPECT_EQ(found["served"], false);
    ASSERT_EQ(found["failed"].size(), 1U) << found.dump(1);
    EXPECT_EQ(found["failed"][0]["server"], "http://gone:1");
}

TEST_F(ComparePiecesApi, TheSamePiecesNeedNobody) {
    start_reading();
    stage_own(take());
    const Json found = compare({{"epoch", target}});
    EXPECT_EQ(found["same"], true) << found.dump(1);
    EXPECT_TRUE(found["piece"].is_null());
    EXPECT_EQ(holder.requests, 0U);
}

TEST_F(ComparePiecesApi, SaysWhatIsMissing) {
    start_reading();
    Json job = compare();
    EXPECT_EQ(job["error"]["code"], "not_found");
    EXPECT_NE(job["error"]["message"].get<std::string>().find("nothing is staged"), std::string::npos) << job.dump(1);
    contract::Piece piece;
    piece.raw_size = 1000;
    piece.log2_padded = 10;
    stage({piece});
    job = compare();
    EXPECT_NE(job["error"]["message"].get<std::string>().find("not been taken here"), std::string::npos) << job.dump(1);
    EXPECT_NE(job["error"]["remedy"].get<std::string>().find("take-snapshot --epoch 27"), std::string::npos);
}

TEST_F(ComparePiecesApi, CanBeCancelledWhileAServerIsSilent) {
    start_reading();
    (void)stage_other();
    class Silent final : public HttpServer {
    public:
        void handle(HttpRequest, Respond respond) override { kept.push_back(std::move(respond)); }
        std::optional<HttpResponse> refuse_socket(const HttpRequest&) override { return HttpResponse{.status = 404}; }
        SocketEvents open_socket(std::shared_ptr<WebSocket>, const HttpRequest&) override { return {}; }
        std::vector<Respond> kept;
    } silent;
    const auto listening = std::move(*rig->node.transport.listen({.at = {"silent", 80}}, silent));
    const Json started = rig->ask("FilFil.ComparePieces", {{"from", "http://silent"}});
    for (int i = 0; i < 20 && silent.kept.empty(); ++i) rig->clock.advance(200ms);
    ASSERT_EQ(silent.kept.size(), 1U);
    rig->ask("FilFil.CancelJob", {{"id", started["job"]}});
    EXPECT_EQ(rig->job(started)["state"], "cancelled");
    silent.kept.clear();
    rig->clock.advance(5s);
}

}    // namespace
}    // namespace filfil::service
