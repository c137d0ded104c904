// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "fetch_scene.hpp"

#include "car/header.hpp"
#include "car/split.hpp"
#include "commp/cpu_backend.hpp"
#include "commp/stream.hpp"
#include "retrieval/header_list.hpp"
#include "samples.hpp"

#include <gtest/gtest.h>

namespace filfil::retrieval::samples {
namespace {

/// Of those that are asked for: a source that is slow is asked for a slice instead of a range.
std::uint64_t first_byte(const HttpRequest& request) {
    constexpr std::string_view by_range = "bytes=";
    constexpr std::string_view by_slice = "?slice=";
    if (const auto range = find_field(request.fields, "Range"))
        return std::stoull(std::string(range->substr(by_range.size())));
    const std::size_t slice = request.target.find(by_slice);
    return slice == std::string::npos ? 0 : std::stoull(request.target.substr(slice + by_slice.size()));
}

}    // namespace

CutCar cut_car(std::uint64_t seed, std::size_t pieces, std::size_t blocks, std::size_t least, std::size_t most) {
    const auto all = car::samples::random_blocks(seed, blocks, least, most);
    CutCar out;
    out.whole = car::samples::car_of(all);
    const Bytes header = car::encode_header(std::vector{all[0].cid});
    const auto body = [&](std::size_t from, std::size_t to) {
        const std::vector part(all.begin() + static_cast<std::ptrdiff_t>(from),
                               all.begin() + static_cast<std::ptrdiff_t>(to));
        return car::samples::car_of(std::vector{all[0].cid}, part);
    };
    for (std::size_t i = 0; i < pieces; ++i) out.pieces.push_back(body(blocks * i / pieces, blocks * (i + 1) / pieces));
    EXPECT_TRUE(std::ranges::equal(header, ByteView(out.whole).first(header.size())));
    return out;
}

void Provider::handle(HttpRequest request, Respond respond) {
    ++asked;
    if (request.target.find("?slice=") != std::string::npos) ++slices;
    if (!spoil) return m_server.handle(std::move(request), std::move(respond));
    const HttpRequest copy = request;
    m_server.handle(std::move(request), [this, copy, respond = std::move(respond)](HttpResponse answer) {
        const std::uint64_t offset = first_byte(copy);
        if (answer.stream) {
            auto body = drain(*answer.stream);
            EXPECT_TRUE(body.ok());
            answer.body = chars_of(*body);
            answer.stream.reset();
        }
        spoil(copy, answer, offset);
        respond(std::move(answer));
    });
}

commp::Backend& shared_backend() {
    static InlineExecutor at_once;
    static const SystemClock clock;
    static const auto made = commp::make_cpu_backend("portable", at_once, clock);
    return **made;
}

FetchScene::FetchScene(CutCar car_, std::size_t count) : car(std::move(car_)) {
    for (std::size_t i = 0; i < count; ++i) {
        auto provider = std::make_unique<Provider>(outside.world, RetrievalOptions{.requests_a_second_a_peer = 0});
        auto listener = outside.transport.listen({.at = {"10.0.0." + std::to_string(i + 1), 80}}, *provider);
        EXPECT_TRUE(listener.ok());
        listeners.push_back(std::move(*listener));
        providers.push_back(std::move(provider));
        plan.sources.push_back(*parse_source("http://10.0.0." + std::to_string(i + 1) + ":80"));
    }
    for (std::size_t i = 0; i < car.pieces.size(); ++i) {
        commp::PieceStream stream(shared_backend());
        EXPECT_TRUE(stream.write(car.pieces[i]).ok());
        const commp::Piece piece = *stream.finish();
        const ServedPiece served{commp::piece_cid_v1(piece), piece.payload_size, piece.padded_size, "piece.car",
                                 std::make_shared<MemoryPiece>(car.pieces[i])};
        for (const auto& provider : providers) provider->catalog.add(served);
        WantedPiece wanted{piece.root, piece.payload_size, piece.padded_size};
        for (std::size_t source = 0; source < count; ++source) wanted.sources.push_back(source);
        plan.pieces.push_back(std::move(wanted));
    }
    backend = &shared_backend();
    patches = std::make_unique<CrashPatchFiles>(outside.files);
    options.chunk_quads = 8;
    options.memory = 64 * KiB;
    options.state_path = path + ".part.json";
    options.state_every = 4 * KiB;
    options.slices_below = 0;
}

void FetchScene::begin() {
    result.reset();
    fetcher.reset();
    target.reset();
    auto opened = JoinedTarget::open(*patches, path, plan);
    if (!opened.ok()) {
        result = opened.error();
        return;
    }
    target = std::move(*opened);
    auto made = Fetcher::make(outside.world, *backend, *target, plan, options);
    ASSERT_TRUE(made.ok()) << made.error().text();
    fetcher = std::move(*made);
    fetcher->start([this](Result<FetchReport> given) { result = std::move(given); });
}

std::optional<Result<FetchReport>> FetchScene::fetch() {
    begin();
    outside.run_until([this] { return result.has_value(); });
    return result;
}

}    // namespace filfil::retrieval::samples
