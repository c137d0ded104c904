// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "../commp/payloads.hpp"
#include "../commp/reference.hpp"
#include "fake_runtime.hpp"
#include "gpu/gpu_backend.hpp"
#include "log_lines.hpp"
#include "shared_threads.hpp"

#include <condition_variable>
#include <mutex>

namespace filfil::test {

inline const commp::Kernel& cpu_kernel() {
    for (const commp::Kernel* kernel : commp::all_kernels())
        if (kernel->supported()) return *kernel;
    return commp::portable_kernel;
}

/// Cards 0, 1, … of a machine.
inline std::vector<FakeCard> fake_cards(unsigned count) {
    std::vector<FakeCard> cards;
    for (unsigned i = 0; i < count; ++i) cards.push_back(fake_card(i));
    return cards;
}

/// A backend over the first `cards` cards of a machine, with buffers of one tile.
inline gpu::GpuBackendOptions backend_options(unsigned cards, unsigned lanes, LogSink* log) {
    gpu::GpuBackendOptions options;
    for (unsigned i = 0; i < cards; ++i)
        options.cards.push_back({i, "Fake " + std::to_string(i), gpu::TileVariant::fma, lanes});
    options.quads = 256;
    options.staging_count = 6;
    options.cpu = &cpu_kernel();
    options.log = log;
    return options;
}

/// Keeps the nodes of each job by its ticket.
class NodeSink final : public commp::JobSink {
public:
    void on_nodes(std::uint64_t ticket, std::span<const commp::Node> nodes) noexcept override {
        const std::scoped_lock lock(m_mutex);
        m_twice = m_twice || m_nodes.contains(ticket);
        m_nodes[ticket].assign(nodes.begin(), nodes.end());
        m_changed.notify_all();
    }
    void on_failure(std::uint64_t, Error, ByteView) noexcept override {
        const std::scoped_lock lock(m_mutex);
        ++m_failures;
        m_changed.notify_all();
    }

    void wait_for(std::size_t jobs) {
        std::unique_lock lock(m_mutex);
        m_changed.wait(lock, [&] { return m_nodes.size() + m_failures >= jobs; });
    }
    [[nodiscard]] std::map<std::uint64_t, std::vector<commp::Node>> nodes() const {
        const std::scoped_lock lock(m_mutex);
        return m_nodes;
    }
    [[nodiscard]] std::size_t failures() const {
        const std::scoped_lock lock(m_mutex);
        return m_failures;
    }
    [[nodiscard]] bool told_twice() const {
        const std::scoped_lock lock(m_mutex);
        return m_twice;
    }

private:
    mutable std::mutex m_mutex;
    std::condition_variable m_changed;
    std::map<std::uint64_t, std::vector<commp::Node>> m_nodes;
    std::size_t m_failures = 0;
    bool m_twice = false;
};

/// Payload and the nodes that the CPU's plainest kernel gives for it.
struct KnownJob {
    Bytes payload;    ///< whole quads
    unsigned level = 0;
    std::vector<commp::Node> nodes;
};

inline KnownJob known_job(std::size_t quads, unsigned level, std::uint64_t seed) {
    KnownJob job{random_payload(quads * commp::quad_payload, seed), level, {}};
    Bytes with_slack = job.payload;
    with_slack.resize(with_slack.size() + 1);
    commp::hash_quads(commp::portable_kernel, with_slack.data(), quads, level, job.nodes);
    return job;
}

/// Submits one job in a buffer of its own.
inline Result<void> submit(commp::Backend& backend, const KnownJob& job, std::uint64_t ticket, commp::JobSink& sink) {
    FILFIL_TRY(commp::Submission submission, [&]() -> Result<commp::Submission> {
        commp::Submission made;
        FILFIL_TRY(made.staging, backend.acquire());
        return made;
    }());
    std::copy(job.payload.begin(), job.payload.end(), submission.staging->bytes().begin());
    submission.jobs.push_back({0, job.payload.size() / commp::quad_payload, job.level, ticket, &sink});
    return backend.submit(std::move(submission));
}

}    // namespace filfil::test
