// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// Downloads that last, on virtual time: what they keep, and whom they slow.
#include "service_rig.hpp"

#include <array>
#include <functional>
#include <map>
#include "commp/hash_source.hpp"
#include "service/times.hpp"

namespace filfil::service {
namespace {

using namespace std::chrono_literals;

std::string commp_of(std::string_view bytes) {
    InlineExecutor at_once;
    const SystemClock clock;
    auto backend = commp::make_cpu_backend("portable", at_once, clock);
    const auto file = memory_file("piece", bytes_of(bytes));
    const auto hashed = commp::hash_source(*file, **backend, at_once, {.allow_small = true, .stop = {}});
    return hashed.ok() ? commp::piece_cid_v1(hashed->piece).text() : hashed.error().text();
}

/// Clients of retrieval that read as fast as each of them is said to.
class Clients {
public:
    explicit Clients(ServiceRig& rig) : m_rig(rig) {
        rig.network.set_hook([this](const Delivery& delivery) {
            const auto rate = m_rates.find(delivery.peer);
            const bool slow = delivery.kind == Delivery::Kind::answer && rate != m_rates.end();
            return Fate{.bytes_per_second = slow ? rate->second : 0};
        });
    }
    ~Clients() { m_rig.network.set_hook({}); }
    Clients(const Clients&) = delete;
    Clients& operator=(const Clients&) = delete;

    struct Download {
        std::unique_ptr<Machine> machine{};
        std::optional<Result<HttpResponse>> answer{};
        Clock::Duration ended_at{};

        [[nodiscard]] std::string body() const {
            return answer && answer->ok() ? (*answer)->body : answer ? answer->error().text() : "it goes on";
        }
    };

    std::shared_ptr<Download> start(const std::string& target, std::uint64_t bytes_per_second, HttpFields fields = {}) {
        const std::string name = "client-" + std::to_string(m_rates.size());
        m_rates[name] = bytes_per_second;
        auto out = std::make_shared<Download>();
        out->machine =
            std::make_unique<Machine>(m_rig.clock, m_rig.network, m_rig.node_files, m_rig.node_log, 90, name);
        ClientOptions options;
        options.answer_timeout = 100h;
        out->machine->transport.request({.scheme = Url::Scheme::http, .at = {"127.0.0.1", 5347}, .target = target},
                                        {.method = "GET", .target = target, .fields = std::move(fields)}, options,
                                        [this, weak = std::weak_ptr(out)](Result<HttpResponse> got) {
                                            if (const auto download = weak.lock()) {
                                                download->answer = std::move(got);
                                                download->ended_at = m_rig.clock.steady();
                                            }
                                        });
        return out;
    }

private:
    ServiceRig& m_rig;
    std::map<std::string, std::uint64_t> m_rates;
};

/// A daemon that prunes all the time.
class DownloadTest : public testing::Test {
protected:
    static std::unique_ptr<ServiceRig> begin() {
        auto rig = std::make_unique<ServiceRig>(ServiceRig::Options{.fork_rate = 100, .start = false});
        rig->config.snapshots.keep_layout = 10min;
        rig->config.recipe.piece_size = MiB;
        EXPECT_FALSE(rig->start());
        EXPECT_TRUE(rig->wait_state("synced"));
        return rig;
    }

    /// Half a minute of a network's life: an epoch.
    static void live(ServiceRig& rig) {
        const Clock::Duration end = rig.clock.steady() + 30s;
        EXPECT_TRUE(rig.devnet->step().ok());
        rig.clock.advance(end - rig.clock.steady());
    }

    /// A snapshot in memory at every fourth epoch for so long, and the numbers that end it.
    static void live_for(ServiceRig& rig, Clock::Duration time, const std::function<void()>& look = [] {}) {
        const Clock::Duration end = rig.clock.steady() + time;
        for (int epoch = 0; rig.clock.steady() < end && !testing::Test::HasFailure(); ++epoch) {
            live(rig);
            if (epoch % 4 == 0) EXPECT_EQ(rig.take({{"target", "none"}})["state"], "done");
            if (epoch % 10 == 9) look();
        }
    }

    static std::string path_of(const Json& taken) {
        return "/piece/" + taken["pieces"][0]["piece_cid"].get<std::string>();
    }
};

TEST_F(DownloadTest, OfAnHourIsRightToItsLastByteAndKeepsItsOwnHoldAlone) {
    struct Figures {
        std::uint64_t blocks = 0;
        std::uint64_t stored = 0;
        std::uint64_t memory = 0;
    };
    const auto figures = [](ServiceRig& rig) {
        const Json status = rig.ask("FilFil.Status");
        return Figures{status["blocks"], status["stored_blocks"], status["store_bytes"]};
    };
    // The same life twice, with and without somebody who takes an hour for the first snapshot.
    std::array<std::array<Figures, 2>, 2> seen{};
    Json own;
    for (const bool downloads : {false, true}) {
        SCOPED_TRACE(downloads);
        const auto rig = begin();
        own = rig->take({{"target", "none"}})["result"];
        const std::uint64_t size = own["pieces"][0]["payload_size"];
        ASSERT_EQ(own["pieces"].size(), 1U);
        Clients clients(*rig);
        const Clock::Duration began = rig->clock.steady();
        std::shared_ptr<Clients::Download> download;
        if (downloads) download = clients.start(path_of(own), size / 3600);

        live_for(*rig, 59min, [&] {
            // A snapshot goes ten minutes after it was taken, and is noticed to be old a few seconds later.
            const Json holds = rig->ask("FilFil.Holds")["holds"];
            std::size_t mine = 0;
            for (const Json& hold : holds) {
                if (hold["snapshot"] == own["id"])
                    ++mine;
                else
                    EXPECT_GT(hold["made_at"].get<double>(), seconds_of(rig->clock.wall() - 11min)) << hold.dump();
            }
            if (downloads) EXPECT_EQ(mine, 1U) << holds.dump();
            EXPECT_LE(holds.size(), mine + 6) << holds.dump();
        });
        seen[downloads ? 1 : 0][0] = figures(*rig);
        if (downloads) ASSERT_FALSE(download->answer) << download->body().size();
        // Layouts that nobody reads go, so that what is left is the window, and what is being sent.
        for (int i = 0; i < 30; ++i) live(*rig);
        if (downloads) {
            ASSERT_TRUE(download->answer);
            EXPECT_GT(download->ended_at - began, 1h - 1min);
            ASSERT_TRUE(download->answer->ok()) << download->body();
            EXPECT_EQ(download->body().size(), size);
            EXPECT_EQ(Json(commp_of(download->body())), own["pieces"][0]["piece_cid"]);
        }
        for (int i = 0; i < 30; ++i) live(*rig);
        EXPECT_TRUE(rig->ask("FilFil.Holds")["holds"].empty());
        seen[downloads ? 1 : 0][1] = figures(*rig);
        const Json audit = rig->job(rig->ask("FilFil.Audit"));
        EXPECT_TRUE(audit["result"]["good"].get<bool>()) << audit.dump();
    }
    const auto& [without, with] = seen;
    EXPECT_GT(with[0].blocks, without[0].blocks);
    EXPECT_LE(with[0].blocks, without[0].blocks + own["blocks"].get<std::uint64_t>());
    EXPECT_LE(with[0].memory, without[0].memory + 2 * own["car_bytes"].get<std::uint64_t>());
    EXPECT_EQ(with[1].blocks, without[1].blocks);
    EXPECT_EQ(with[1].stored, with[1].blocks);
    EXPECT_LE(with[1].memory, without[1].memory + 4 * 64 * KiB);
}

TEST_F(DownloadTest, ThatIsSlowSlowsNobody) {
    struct Run {
        std::vector<Clock::Duration> others;    ///< how long each of them took
        Clock::Duration snapshot{};
        std::int64_t head = 0;
        bool operator==(const Run&) const = default;
    };
    std::array<Run, 2> runs;
    for (const bool slow_ones : {false, true}) {
        SCOPED_TRACE(slow_ones);
        const auto rig = begin();
        const Json taken = rig->take({{"target", "none"}})["result"];
        const std::string piece = path_of(taken);
        const std::string chain = "/ipfs/" + taken["head"][0].get<std::string>() + "?format=car";
        Clients clients(*rig);
        std::vector<std::shared_ptr<Clients::Download>> slow;
        if (slow_ones) {
            for (int i = 0; i < 40; ++i) slow.push_back(clients.start(piece, 1));
            for (int i = 0; i < 20; ++i) slow.push_back(clients.start(piece, 1, {{"Accept-Encoding", "zstd"}}));
            for (int i = 0; i < 4; ++i) slow.push_back(clients.start(chain, 1));
        }
        live(*rig);
        EXPECT_EQ(rig->ask("FilFil.Status")["retrieval"]["in_flight"], slow.size());

        const Clock::Duration began = rig->clock.steady();
        const std::uint64_t size = taken["pieces"][0]["payload_size"];
        std::vector<std::shared_ptr<Clients::Download>> others;
        for (std::uint64_t i = 1; i <= 8; ++i) others.push_back(clients.start(piece, size / (10 * i)));
        EXPECT_EQ(rig->take({{"target", "none"}})["state"], "done");
        Run& run = runs[slow_ones ? 1 : 0];
        run.snapshot = rig->clock.steady() - began;
        for (int i = 0; i < 6; ++i) live(*rig);
        run.head = rig->ask("FilFil.Status")["synced_epoch"];
        for (const auto& other : others) {
            EXPECT_EQ(Json(commp_of(other->body())), taken["pieces"][0]["piece_cid"]);
            run.others.push_back(other->ended_at - began);
        }
        for (const auto& one : slow) EXPECT_FALSE(one->answer) << one->body();
    }
    EXPECT_EQ(runs[0], runs[1]);
}

}    // namespace
}    // namespace filfil::service
