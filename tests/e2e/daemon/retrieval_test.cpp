// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "base/log.hpp"
#include "base/random.hpp"
#include "base/units.hpp"
#include "commp/cpu_backend.hpp"
#include "commp/hash_source.hpp"
#include "live.hpp"
#include "net/asio_transport.hpp"

#include <atomic>
#include <future>
#include <thread>

namespace filfil::e2e {
namespace {

std::string commp_of(ByteView bytes) {
    InlineExecutor at_once;
    const SystemClock clock;
    auto backend = commp::make_cpu_backend("", at_once, clock);
    const auto file = memory_file("piece", bytes);
    const auto hashed = commp::hash_source(*file, **backend, at_once, {.allow_small = true, .stop = {}});
    return hashed.ok() ? commp::piece_cid_v1(hashed->piece).text() : hashed.error().text();
}

/// Takes pieces in ranges of any length, in any order, by several clients at once.
class RangeFetcher {
public:
    RangeFetcher(const std::string& address, std::uint64_t seed) : m_random(seed) {
        const std::size_t colon = address.rfind(':');
        m_at = {address.substr(0, colon), static_cast<std::uint16_t>(std::stoi(address.substr(colon + 1)))};
    }

    /// @return the piece; nothing where a range did not come as it should
    std::optional<Bytes> fetch(const Json& piece) {
        Bytes out(piece["payload_size"].get<std::size_t>());
        std::vector<ByteSpan> parts;
        for (ByteSpan left = out; !left.empty(); left = left.subspan(parts.back().size()))
            parts.push_back(left.first(std::min<std::size_t>(left.size(), 1 + m_random.below(MiB))));
        for (std::size_t i = parts.size(); i > 1; --i) std::swap(parts[i - 1], parts[m_random.below(i)]);

        constexpr std::size_t clients = 6;
        std::atomic<bool> good = true;
        {
            std::vector<std::jthread> threads;
            for (std::size_t client = 0; client < clients; ++client)
                threads.emplace_back([&, client] {
                    for (std::size_t i = client; i < parts.size() && good; i += clients) {
                        const auto begin = static_cast<std::size_t>(parts[i].data() - out.data());
                        good = good && take(piece["piece_cid"], begin, parts[i]);
                    }
                });
        }
        return good ? std::optional(std::move(out)) : std::nullopt;
    }

private:
    bool take(const std::string& piece_cid, std::size_t begin, ByteSpan part) {
        HttpRequest request;
        request.method = "GET";
        request.target = "/piece/" + piece_cid;
        request.fields = {{"Range", "bytes=" + std::to_string(begin) + "-" + std::to_string(begin + part.size() - 1)}};
        std::promise<Result<HttpResponse>> promise;
        auto answer = promise.get_future();
        m_transport.request({.scheme = Url::Scheme::http, .at = m_at, .target = request.target}, request, {},
                            [&](Result<HttpResponse> got) { promise.set_value(std::move(got)); });
        const Result<HttpResponse> got = answer.get();
        if (!got.ok() || got->status != 206 || got->body.size() != part.size()) {
            ADD_FAILURE() << (got.ok() ? std::to_string(got->status) + " " + got->body.substr(0, 200)
                                       : got.error().text());
            return false;
        }
        std::ranges::copy(bytes_of(got->body), part.begin());
        return true;
    }

    NullLogSink m_log;
    net::AsioTransport m_transport{m_log, 2};
    Endpoint m_at;
    SeededRandom m_random;
};

TEST(Retrieval, APieceFromMemoryIsRightWhileTheNextSnapshotIsTakenAndTheHeadMoves) {
    const TemporaryFolder folder;
    const LiveNode node({"--state", "16MiB", "--tipset", "128KiB", "--period", "60ms", "--seed", "3", "--prune", "200",
                         "--fault", "reorg=0.05"});
    LiveDaemon daemon(folder.path("data"), {"--node", node.url(), "--bootstrap", "node", "--log-level", "error",
                                            "--recent-stateroots", "20", "--slack", "10"});
    const auto command = [&](const Words& words) { return run(words); };
    EXPECT_EQ(command({"config", "set", "retrieval.requests_per_second_per_peer", "0", "--data", daemon.folder()}).code,
              0);
    EXPECT_EQ(daemon.stop().code, 0);
    daemon.start();
    ASSERT_TRUE(daemon.until([](const Json& status) { return status["state"] == "synced"; }));

    RangeFetcher fetcher(daemon.retrieval(), 1);
    const Words take = {"take-snapshot", "--no-file", "--recent-stateroots", "10"};
    Json taken = object_of(daemon.command(take));
    std::int64_t first = taken["epoch"];
    for (int round = 0; round < 6 && !testing::Test::HasFailure(); ++round) {
        SCOPED_TRACE(round);
        // Each is fetched from before the next is begun until that is taken.
        std::atomic<bool> next_is_taken = false;
        std::optional<Ended> next;
        std::atomic<int> fetched = 0;
        std::jthread taking([&] {
            fetched.wait(0);
            next = daemon.command(take);
            next_is_taken = true;
        });
        do {
            for (const Json& piece : taken["pieces"]) {
                const auto bytes = fetcher.fetch(piece);
                ++fetched;
                fetched.notify_all();
                ASSERT_TRUE(bytes);
                EXPECT_EQ(Json(commp_of(*bytes)), piece["piece_cid"]);
            }
        } while (!next_is_taken);
        taking.join();
        ASSERT_EQ(next->code, 0) << next->err;
        taken = object_of(*next);
        // So far that nothing but its hold keeps the first one's state.
        ASSERT_TRUE(daemon.until([&](const Json& status) {
            return status["synced_epoch"].get<std::int64_t>() >= taken["epoch"].get<std::int64_t>() + 8;
        }));
    }
    EXPECT_GT(taken["epoch"].get<std::int64_t>(), first + 30);
    const Json status = daemon.status();
    EXPECT_GE(status["retrieval"]["pieces_in_memory"], 5);
    EXPECT_EQ(status["retrieval"]["refused"], 0);
    EXPECT_EQ(daemon.stop().code, 0);
}

}    // namespace
}    // namespace filfil::e2e
