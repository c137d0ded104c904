// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "base/executor.hpp"
#include "fake_contract.hpp"
#include "fetch_scene.hpp"
#include "ipld/piece_cid.hpp"
#include "net/asio_transport.hpp"
#include "rpc/server.hpp"
#include "support/process.hpp"
#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <bit>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <future>
#include <thread>

namespace filfil::e2e {
namespace {

using Json = nlohmann::ordered_json;
using retrieval::samples::CutCar;
using retrieval::samples::Provider;

/// Gives some bytes and breaks off.
class BrokenBody final : public BodyStream {
public:
    BrokenBody(std::string bytes, std::uint64_t size) : m_bytes(std::move(bytes)), m_size(size) {}
    std::optional<std::uint64_t> size() const noexcept override { return m_size; }
    Result<std::size_t> read(ByteSpan out) override {
        if (m_given == m_bytes.size()) return Error(ErrorCode::io, "the provider dies");
        const std::size_t size = std::min(out.size(), m_bytes.size() - m_given);
        std::ranges::copy(bytes_of(m_bytes).subspan(m_given, size), out.begin());
        m_given += size;
        return size;
    }

private:
    std::string m_bytes;
    std::uint64_t m_size;
    std::size_t m_given = 0;
};

/// Providers over real sockets, and a node that tells of them.
class Scene {
public:
    Scene() : car(retrieval::samples::cut_car(1, 2, 40, 900'000, 1'100'000)) {
        for (std::uint64_t i = 0; i < 3; ++i) add_provider(1000 + i);
        for (const Bytes& bytes : car.pieces) {
            const auto sample = retrieval::samples::make_sample(bytes);
            for (const auto& provider : providers) provider->catalog.add(sample.served);
            contract.pieces.push_back(
                {.root = sample.piece.root,
                 .raw_size = sample.piece.payload_size,
                 .log2_padded = static_cast<std::uint8_t>(std::countr_zero(sample.piece.padded_size))});
        }
        auto listener = m_transport.listen({.at = {"127.0.0.1", 0}}, contract);
        EXPECT_TRUE(listener.ok());
        m_listeners.push_back(std::move(*listener));
        m_eth = "http://" + text_of(m_listeners.back()->endpoint()) + "/rpc/v1";
    }
    Scene(const Scene&) = delete;
    Scene& operator=(const Scene&) = delete;
    ~Scene() { m_listeners.clear(); }

    [[nodiscard]] std::vector<std::string> command(const TemporaryFolder& folder) const {
        return {"fetch",      "5000000",
                "--eth",      m_eth,
                "--contract", std::string(FakeContract::address),
                "-o",         folder.path("snapshot.car"),
                "--json"};
    }

    CutCar car;
    std::vector<std::unique_ptr<Provider>> providers;
    FakeContract contract;

private:
    void add_provider(std::uint64_t miner) {
        providers.push_back(
            std::make_unique<Provider>(m_world, retrieval::RetrievalOptions{.requests_a_second_a_peer = 0}));
        auto listener = m_transport.listen({.at = {"127.0.0.1", 0}}, *providers.back());
        EXPECT_TRUE(listener.ok());
        m_listeners.push_back(std::move(*listener));
        contract.endpoints[miner] = "http://" + text_of(m_listeners.back()->endpoint()) + "#region=test";
        for (const std::uint8_t piece : {std::uint8_t{0}, std::uint8_t{1}})
            contract.holders.push_back({.miner = miner, .piece = piece, .state = 2, .sector = miner, .until = 1});
    }

    NullLogSink m_log;
    SystemClock m_clock;
    SystemFiles m_files;
    SystemRandom m_random;
    ThreadPool m_workers{1};
    ThreadPool m_loop{1};
    net::AsioTransport m_transport{m_log, 2};
    World m_world{m_clock, m_loop, m_workers, m_files, m_transport, m_random, m_log};
    std::string m_eth;
    std::vector<std::unique_ptr<Transport::Listener>> m_listeners;
};

Bytes bytes_of_file(const std::string& path) {
    SystemFiles files;
    const auto file = files.open(path);
    if (!file.ok()) return {};
    auto bytes = read_all(**file, std::uint64_t{1} << 30);
    return bytes.ok() ? std::move(*bytes) : Bytes{};
}

std::vector<std::string> names_in(const TemporaryFolder& folder) {
    SystemFiles files;
    return files.list(folder.path()).value();
}

TEST(FetchCommand, OfThreeProvidersOneMayLieAndOneDieAndTheBytesAreRight) {
    Scene scene;
    std::atomic<int> asked_of_dying = 0;
    scene.providers[1]->spoil = [](const HttpRequest&, HttpResponse& answer, std::uint64_t) {
        if (answer.status == 206) answer.body[answer.body.size() / 3] ^= 4;
    };
    scene.providers[2]->spoil = [&](const HttpRequest&, HttpResponse& answer, std::uint64_t) {
        if (++asked_of_dying == 1) return;
        const std::uint64_t size = answer.body.size();
        answer.stream = std::make_shared<BrokenBody>(answer.body.substr(0, size / 2), size);
        answer.body.clear();
    };
    const TemporaryFolder folder;
    const Ended ended = run(scene.command(folder));
    ASSERT_EQ(ended.code, 0) << ended.err;
    EXPECT_EQ(bytes_of_file(folder.path("snapshot.car")), scene.car.whole);
    EXPECT_EQ(names_in(folder), std::vector<std::string>{"snapshot.car"});

    const Json said = Json::parse(ended.out, nullptr, false);
    EXPECT_EQ(said["epoch"], 5'000'000);
    EXPECT_EQ(said["slot"], std::uint64_t{FakeContract::slot});
    EXPECT_EQ(said["bytes"], scene.car.whole.size());
    ASSERT_EQ(said["pieces"].size(), 2U);
    for (const Json& piece : said["pieces"]) EXPECT_EQ(piece["commp_ok"], true);
    bool liar = false;
    const std::string url = scene.contract.endpoints[1001];
    for (const Json& bad : said["bad_sources"])
        if (bad["lied"] == true) liar = url.starts_with(bad["url"].get<std::string>());
    EXPECT_TRUE(liar) << ended.out;
    EXPECT_NE(ended.err.find("wrong bytes"), std::string::npos) << ended.err;
}

/// A daemon's API as far as a fetch asks for it.
class FakeDaemon {
public:
    FakeDaemon(const Scene& scene, const TemporaryFolder& folder) : m_scene(scene) {
        add("FilFil.Status", [](const Json&) { return Json{{"network", "devnet"}}; });
        add("FilFil.Slots", [](const Json&) {
            return Json{{"slots", Json::array({{{"slot", 65537}, {"tipset", std::string(64, 'c')}}})}};
        });
        add("FilFil.Holders", [this](const Json& params) { return holders(params); });
        auto listener = m_transport.listen({.at = {"127.0.0.1", 0}}, *m_server);
        EXPECT_TRUE(listener.ok());
        m_listener = std::move(*listener);
        folder.write("token.read", "a-token-for-reading");
        folder.write("api.url", "ws://" + text_of(m_listener->endpoint()) + "/rpc/v1");
    }
    FakeDaemon(const FakeDaemon&) = delete;
    FakeDaemon& operator=(const FakeDaemon&) = delete;
    ~FakeDaemon() {
        m_listener.reset();
        std::promise<void> gone;
        m_loop.post([&] {
            m_server.reset();
            gone.set_value();
        });
        gone.get_future().wait();
    }

    std::atomic<bool> old = false;    ///< it does not tell of pieces

private:
    void add(const std::string& name, std::function<Json(const Json&)> give) {
        m_server->add(name, {.run = [give = std::move(give)](const rpc::Json& params, const auto&,
                                                             const rpc::Reply& reply) { reply(give(params)); }});
    }

    Json holders(const Json& params) {
        EXPECT_EQ(params["epoch"], 5'000'000);
        Json out = {{"slot", 65537}, {"epoch", 5'000'000}, {"alternative_pieces", Json::array()}};
        if (!old) {
            out["pieces"] = Json::array();
            for (const auto& piece : m_scene.contract.pieces) {
                const std::uint64_t padded = std::uint64_t{1} << piece.log2_padded;
                out["pieces"].push_back(
                    {{"piece", out["pieces"].size()},
                     {"piece_cid", ipld::piece_cid_v1(piece.root).text()},
                     {"piece_cid_v2", ipld::piece_cid_v2(piece.root, piece.raw_size, padded)->text()},
                     {"payload_size", piece.raw_size},
                     {"padded_size", padded}});
            }
        }
        // A page has two of them.
        const auto from = params["from"].get<std::size_t>();
        const auto& all = m_scene.contract.holders;
        out["holders"] = Json::array();
        for (std::size_t i = from; i < std::min(from + 2, all.size()); ++i)
            out["holders"].push_back({{"piece", all[i].piece},
                                      {"alternative", false},
                                      {"state", "active"},
                                      {"endpoint", m_scene.contract.endpoints.at(all[i].miner)}});
        out["next"] = from + 2 < all.size() ? Json(from + 2) : Json(nullptr);
        return out;
    }

    const Scene& m_scene;
    NullLogSink m_log;
    SystemClock m_clock;
    SystemFiles m_files;
    SystemRandom m_random;
    ThreadPool m_loop{1};
    net::AsioTransport m_transport{m_log, 1};
    World m_world{m_clock, m_loop, m_loop, m_files, m_transport, m_random, m_log};
    std::unique_ptr<rpc::Server> m_server =
        std::make_unique<rpc::Server>(m_world, rpc::ServerOptions{.read_token = "a-token-for-reading"});
    std::unique_ptr<Transport::Listener> m_listener;
};

TEST(FetchCommand, ADaemonIsAskedAndNamesTheFile) {
    Scene scene;
    const TemporaryFolder data;
    const TemporaryFolder folder;
    FakeDaemon daemon(scene, data);
    Process::Options here;
    here.folder = folder.path();
    const std::vector<std::string> words = {"fetch", "5000000", "--data", data.path()};
    const std::string name = "filfil_snapshot_devnet_5000000_cccccccc.car";
    const Ended ended = run(words, here);
    ASSERT_EQ(ended.code, 0) << ended.err;
    EXPECT_EQ(names_in(folder), std::vector<std::string>{name});
    EXPECT_EQ(bytes_of_file(folder.path(name)), scene.car.whole);
    for (const auto& provider : scene.providers) EXPECT_GT(provider->asked, 0U);

    auto pieces = words;
    pieces.insert(pieces.end(), {"--pieces", "parts"});
    ASSERT_EQ(run(pieces, here).code, 0);
    const Ended joined = run({"car", "join", "parts/filfil_snapshot_devnet_5000000_cccccccc.p1of2.car",
                              "parts/filfil_snapshot_devnet_5000000_cccccccc.p2of2.car", "-o", "joined.car"},
                             here);
    ASSERT_EQ(joined.code, 0) << joined.err;
    EXPECT_EQ(bytes_of_file(folder.path("joined.car")), scene.car.whole);

    daemon.old = true;
    const Ended old = run(words, here);
    EXPECT_EQ(old.code, 2);
    EXPECT_NE(old.err.find("too old"), std::string::npos) << old.err;
}

TEST(FetchCommand, WhatIsInterruptedGoesOnWhereItWas) {
    Scene scene;
    // Of each piece the first chunk comes, and the others only to the second run. Who is asked for one three times has
    // been left in peace for seconds before.
    std::atomic<bool> open = false;
    std::atomic<int> refused = 0;
    for (const auto& provider : scene.providers)
        provider->spoil = [&](const HttpRequest&, HttpResponse& answer, std::uint64_t offset) {
            if (open || offset == 0) return;
            answer = {.status = 503, .fields = {{"Retry-After", "1"}}, .body = "later"};
            ++refused;
        };
    const TemporaryFolder folder;
    {
        Process process(scene.command(folder));
        while (refused < 9 && process.is_running()) std::this_thread::sleep_for(std::chrono::milliseconds(10));
        ASSERT_GE(refused, 9) << process.wait().err;
        process.kill(SIGINT);
        const Ended ended = process.wait();
        EXPECT_TRUE(ended.signal == SIGINT || ended.code != 0);
    }
    open = true;
    EXPECT_EQ(names_in(folder), (std::vector<std::string>{"snapshot.car.part", "snapshot.car.part.json"}));
    const Ended ended = run(scene.command(folder));
    ASSERT_EQ(ended.code, 0) << ended.err;
    EXPECT_EQ(bytes_of_file(folder.path("snapshot.car")), scene.car.whole);
    EXPECT_EQ(names_in(folder), std::vector<std::string>{"snapshot.car"});
    const Json said = Json::parse(ended.out, nullptr, false);
    EXPECT_GT(said["resumed_bytes"], 1'000'000);
}

TEST(FetchCommand, WhereAllLieItSaysSoAndGivesNothing) {
    Scene scene;
    for (const auto& provider : scene.providers)
        provider->spoil = [](const HttpRequest&, HttpResponse& answer, std::uint64_t) {
            if (!answer.body.empty()) answer.body.back() ^= 1;
        };
    const TemporaryFolder folder;
    const Ended ended = run(scene.command(folder));
    EXPECT_EQ(ended.code, 2);
    EXPECT_FALSE(std::filesystem::exists(folder.path("snapshot.car")));
    const Json said = Json::parse(ended.out, nullptr, false);
    EXPECT_EQ(said["error"]["code"], "mismatch") << ended.out;
    EXPECT_NE(said["error"]["remedy"], "");
}

TEST(FetchCommand, WhatCannotBeIsSaidInOneSentence) {
    Scene scene;
    const TemporaryFolder folder;
    const auto expect_error = [&](std::vector<std::string> words, std::string_view part) {
        const Ended ended = run(words);
        EXPECT_EQ(ended.code, 2) << ended.out;
        EXPECT_NE(ended.err.find(part), std::string::npos) << ended.err;
        EXPECT_TRUE(names_in(folder).empty() || names_in(folder) == std::vector<std::string>{"snapshot.car"});
    };
    auto words = scene.command(folder);
    words[1] = "4999999";
    expect_error(words, "no snapshot of epoch 4999999");
    words[1] = "x";
    expect_error(words, "'x' is not a whole number");
    words = scene.command(folder);
    words[3] = "http://127.0.0.1:1/";
    expect_error(words, "127.0.0.1:1");
    words = scene.command(folder);
    words.push_back("--from");
    words.push_back("ftp://a");
    expect_error(words, "ftp://a");
    scene.contract.endpoints.clear();
    expect_error(scene.command(folder), "nobody is known who serves piece 1 of 2");
    std::ofstream(folder.path("snapshot.car")) << "mine";
    Scene other;
    expect_error(other.command(folder), "is there already");
    EXPECT_EQ(chars_of(bytes_of_file(folder.path("snapshot.car"))), "mine");
}

}    // namespace
}    // namespace filfil::e2e
