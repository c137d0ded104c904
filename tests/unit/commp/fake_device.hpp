// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/executor.hpp"
#include "base/random.hpp"
#include "commp/backend.hpp"
#include "commp/kernel.hpp"

#include <atomic>
#include <condition_variable>
#include <mutex>

namespace filfil::test {

/// A device as a backend sees one: few buffers of its own size, several submissions in flight, jobs that end in a
/// random order on other threads, and failures on demand. Its arithmetic is the portable kernel's.
class FakeDevice final : public commp::Backend {
public:
    struct Options {
        std::size_t staging_quads = 64;
        std::size_t staging_count = 3;
        unsigned job_level = 4;
        unsigned fillers = 0;    ///< see commp::BackendLimits
        std::uint64_t seed = 1;
        std::uint64_t fail_job = ~std::uint64_t{0};       ///< the job of this number, counted from 0, fails
        std::uint64_t fail_submit = ~std::uint64_t{0};    ///< the submission of this number is refused
    };

    explicit FakeDevice(Options options) : m_options(options), m_random(options.seed), m_workers(2) {}
    ~FakeDevice() override { FakeDevice::drain(); }

    [[nodiscard]] std::string name() const override { return "fake:0"; }
    [[nodiscard]] std::string description() const override { return "a device made of threads"; }
    [[nodiscard]] commp::BackendLimits limits() const noexcept override {
        return {m_options.staging_quads, m_options.staging_count, commp::max_level, m_options.job_level,
                m_options.fillers};
    }

    [[nodiscard]] Result<std::unique_ptr<commp::Staging>> acquire() override {
        std::unique_lock lock(m_mutex);
        m_changed.wait(lock, [&] { return m_lent < m_options.staging_count; });
        ++m_lent;
        m_most_lent = std::max(m_most_lent, m_lent);
        return std::unique_ptr<commp::Staging>(std::make_unique<Buffer>(*this));
    }

    [[nodiscard]] Result<void> submit(commp::Submission submission) override {
        const std::scoped_lock lock(m_mutex);
        if (m_submissions++ == m_options.fail_submit)
            return Error(ErrorCode::device, "the fake device refuses the submission");
        // The order of jobs inside a submission is the device's business.
        for (std::size_t i = submission.jobs.size(); i > 1; --i)
            std::swap(submission.jobs[i - 1], submission.jobs[m_random.below(i)]);
        ++m_under_way;
        auto shared = std::make_shared<commp::Submission>(std::move(submission));
        const auto delay = std::chrono::microseconds(m_random.below(300));
        m_workers.post_after(delay, [this, shared] { run(shared); });
        return {};
    }

    void drain() override {
        std::unique_lock lock(m_mutex);
        m_changed.wait(lock, [&] { return m_under_way == 0; });
    }

    [[nodiscard]] std::size_t most_lent() const {
        const std::scoped_lock lock(m_mutex);
        return m_most_lent;
    }
    [[nodiscard]] std::size_t lent() const {
        const std::scoped_lock lock(m_mutex);
        return m_lent;
    }

private:
    class Buffer final : public commp::Staging {
    public:
        explicit Buffer(FakeDevice& device)
            : m_device(device), m_memory(device.m_options.staging_quads * 127 + 64, std::byte{0xa5}) {}
        ~Buffer() override {
            // A real device hands the same memory to the next one: whoever still reads this must show in the hashes.
            std::fill(m_memory.begin(), m_memory.end(), std::byte{0x3c});
            const std::scoped_lock lock(m_device.m_mutex);
            --m_device.m_lent;
            m_device.m_changed.notify_all();
        }
        [[nodiscard]] ByteSpan bytes() noexcept override { return ByteSpan(m_memory).first(m_memory.size() - 64); }

    private:
        FakeDevice& m_device;
        Bytes m_memory;
    };

    void run(const std::shared_ptr<commp::Submission>& submission) {
        for (const commp::Job& job : submission->jobs) {
            const ByteView quads = submission->staging->bytes().subspan(job.offset, job.quads * 127);
            if (m_jobs++ == m_options.fail_job) {
                job.sink->on_failure(job.ticket, Error(ErrorCode::device, "the fake device lost a job"), quads);
                continue;
            }
            std::vector<commp::Node> nodes;
            commp::hash_quads(commp::portable_kernel, quads.data(), job.quads, job.level, nodes);
            job.sink->on_nodes(job.ticket, nodes);
        }
        submission->staging.reset();
        const std::scoped_lock lock(m_mutex);
        --m_under_way;
        m_changed.notify_all();
    }

    Options m_options;
    mutable std::mutex m_mutex;
    std::condition_variable m_changed;
    SeededRandom m_random;
    std::size_t m_lent = 0;
    std::size_t m_most_lent = 0;
    std::uint64_t m_submissions = 0;
    std::size_t m_under_way = 0;
    std::atomic<std::uint64_t> m_jobs = 0;
    ThreadPool m_workers;    ///< last: its threads use all of the above
};

}    // namespace filfil::test
