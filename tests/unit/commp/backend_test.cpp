// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "commp/backend.hpp"

#include "commp/kernel.hpp"
#include "fake_device.hpp"
#include "payloads.hpp"
#include "reference.hpp"

#include <gtest/gtest.h>

#include <latch>
#include <map>

namespace filfil::commp {
namespace {

/// Keeps what each job gave, and tells when all have ended.
class Recorder final : public JobSink {
public:
    explicit Recorder(std::ptrdiff_t jobs) : m_left(jobs) {}
    void on_nodes(std::uint64_t ticket, std::span<const Node> nodes) noexcept override {
        {
            const std::scoped_lock lock(m_mutex);
            m_nodes[ticket].assign(nodes.begin(), nodes.end());
        }
        m_left.count_down();
    }
    void on_failure(std::uint64_t ticket, Error error, ByteView quads) noexcept override {
        {
            const std::scoped_lock lock(m_mutex);
            m_failures.emplace(ticket, std::move(error));
            m_payloads[ticket] = to_bytes(quads);
        }
        m_left.count_down();
    }
    void wait() { m_left.wait(); }

    std::map<std::uint64_t, std::vector<Node>> m_nodes;
    std::map<std::uint64_t, Error> m_failures;
    std::map<std::uint64_t, Bytes> m_payloads;

private:
    std::mutex m_mutex;
    std::latch m_left;
};

/// Many small pieces packed into few submissions, each its own job with its own level.
void hash_many_small_pieces(Backend& backend) {
    constexpr std::size_t pieces = 60;
    SeededRandom random(11);
    std::vector<Bytes> payloads;
    for (std::size_t i = 0; i < pieces; ++i) payloads.push_back(test::random_payload(65 + random.below(2000), i));
    Recorder recorder(pieces);
    const BackendLimits limits = backend.limits();
    Submission submission;
    std::size_t used = 0;
    for (std::size_t i = 0; i < pieces; ++i) {
        const std::size_t quads = (payloads[i].size() + 126) / 127;
        ASSERT_LE(quads, limits.staging_quads);
        if (submission.staging != nullptr && used + quads > limits.staging_quads) {
            ASSERT_TRUE(backend.submit(std::exchange(submission, Submission{})).ok());
            used = 0;
        }
        if (submission.staging == nullptr) {
            auto staging = backend.acquire();
            ASSERT_TRUE(staging.ok());
            submission.staging = std::move(*staging);
        }
        const ByteSpan room = submission.staging->bytes().subspan(used * 127, quads * 127);
        std::fill(room.begin(), room.end(), std::byte{});
        std::copy(payloads[i].begin(), payloads[i].end(), room.begin());
        submission.jobs.push_back(
            {used * 127, quads, ipld::height_of(ipld::padded_size_of(payloads[i].size())), i, &recorder});
        used += quads;
    }
    ASSERT_TRUE(backend.submit(std::move(submission)).ok());
    recorder.wait();
    backend.drain();
    for (std::size_t i = 0; i < pieces; ++i) {
        ASSERT_EQ(recorder.m_nodes[i].size(), 1U);
        EXPECT_EQ(recorder.m_nodes[i][0], reference::piece(payloads[i]).root) << "piece " << i;
    }
}

TEST(Backend, TakesManyPiecesInOneBufferOnTheFakeDevice) {
    test::FakeDevice device({});
    hash_many_small_pieces(device);
    EXPECT_EQ(device.lent(), 0U);
}

TEST(Backend, TakesManyPiecesInOneBufferOnThePool) {
    SystemClock clock;
    ThreadPool pool(4);
    for (const std::string& isa : usable_isas()) {
        auto backend = make_cpu_backend(isa, pool, clock);
        ASSERT_TRUE(backend.ok());
        hash_many_small_pieces(**backend);
    }
}

TEST(Backend, TellsTheSinkOfAFailedJobAndGivesItsPayloadBack) {
    test::FakeDevice device({.fail_job = 0});
    const Bytes payload = test::random_payload(10 * 127, 1);
    Recorder recorder(1);
    auto staging = device.acquire();
    ASSERT_TRUE(staging.ok());
    std::copy(payload.begin(), payload.end(), (*staging)->bytes().begin());
    Submission submission;
    submission.staging = std::move(*staging);
    submission.jobs.push_back({0, 10, 6, 42, &recorder});
    ASSERT_TRUE(device.submit(std::move(submission)).ok());
    recorder.wait();
    ASSERT_EQ(recorder.m_failures.count(42), 1U);
    EXPECT_EQ(recorder.m_payloads[42], payload);
}

TEST(CpuBackend, RefusesJobsThatDoNotFitItsBuffer) {
    test::InlineCpu cpu;
    Recorder recorder(1);
    const std::size_t room = (*cpu).limits().staging_quads;
    const std::vector<Job> bad{{0, 0, 4, 0, &recorder},
                               {0, room + 1, 4, 0, &recorder},
                               {127, room, 4, 0, &recorder},
                               {0, 1, 1, 0, &recorder},
                               {0, 1, max_level + 1, 0, &recorder},
                               {0, 1, 4, 0, nullptr},
                               {~std::size_t{0}, 1, 4, 0, &recorder}};
    for (const Job& job : bad) {
        auto staging = (*cpu).acquire();
        ASSERT_TRUE(staging.ok());
        Submission submission;
        submission.staging = std::move(*staging);
        submission.jobs.push_back(job);
        EXPECT_EQ((*cpu).submit(std::move(submission)).error().code, ErrorCode::invalid_argument);
    }
    EXPECT_EQ((*cpu).submit(Submission{}).error().code, ErrorCode::invalid_argument);
    EXPECT_TRUE(recorder.m_nodes.empty());
}

TEST(CpuBackend, NamesWhatTheMachineHasWhenAskedForAnother) {
    InlineExecutor executor;
    SystemClock clock;
    const auto backend = make_cpu_backend("sparc", executor, clock);
    ASSERT_FALSE(backend.ok());
    EXPECT_EQ(backend.error().code, ErrorCode::unsupported);
    EXPECT_NE(backend.error().message.find("sparc"), std::string::npos);
    EXPECT_NE(backend.error().remedy.find("portable"), std::string::npos);
    if (!avx512_kernel.supported()) {
        EXPECT_EQ(make_cpu_backend("avx512", executor, clock).error().code, ErrorCode::unsupported);
    }
}

TEST(CpuBackend, ChoosesOneOfTheUsableIsas) {
    InlineExecutor executor;
    SystemClock clock;
    const auto backend = make_cpu_backend("", executor, clock);
    ASSERT_TRUE(backend.ok());
    const auto isas = usable_isas();
    EXPECT_EQ(isas.back(), "portable");
    EXPECT_NE(std::find(isas.begin(), isas.end(), (*backend)->name().substr(4)), isas.end());
}

TEST(CpuBackend, ProbeTestsAndTimesEachUsableIsaAndSelectsOne) {
    SystemClock clock;
    const auto reports = probe_isas(clock);
    EXPECT_EQ(reports.size(), all_kernels().size());
    std::size_t selected = 0;
    double fastest = 0;
    for (const IsaReport& report : reports) {
        EXPECT_EQ(report.self_test, report.supported) << report.name;
        EXPECT_EQ(report.gib_per_s > 0, report.supported) << report.name;
        EXPECT_FALSE(report.reason.empty()) << report.name;
        fastest = std::max(fastest, report.gib_per_s);
        selected += report.selected ? 1U : 0U;
    }
    EXPECT_EQ(selected, 1U);
    for (const IsaReport& report : reports)
        if (report.selected) EXPECT_EQ(report.gib_per_s, fastest);
}

}    // namespace
}    // namespace filfil::commp
