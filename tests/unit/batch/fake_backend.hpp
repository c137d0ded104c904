// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/executor.hpp"
#include "commp/backend.hpp"
#include "reference_piece.hpp"

#include <algorithm>
#include <condition_variable>
#include <functional>
#include <mutex>

namespace filfil::batch {

/// A backend as a device would be one: jobs are kept back and told of later, in reverse order, from another thread.
/// Hashes with the reference tree; single jobs can be made to fail.
class FakeBackend final : public commp::Backend {
public:
    explicit FakeBackend(Executor* device) : m_device(device) {}
    ~FakeBackend() override { FakeBackend::drain(); }

    [[nodiscard]] std::string name() const override { return "fake:0"; }
    [[nodiscard]] std::string description() const override { return "reference tree"; }
    [[nodiscard]] commp::BackendLimits limits() const noexcept override { return {staging_quads, 4, 12, 8}; }

    [[nodiscard]] Result<std::unique_ptr<commp::Staging>> acquire() override {
        std::unique_lock lock(m_mutex);
        m_changed.wait(lock, [&] { return m_lent < 4; });
        ++m_lent;
        return std::unique_ptr<commp::Staging>(std::make_unique<Buffer>(*this));
    }

    [[nodiscard]] Result<void> submit(commp::Submission submission) override {
        if (refuse_submissions) return Error(ErrorCode::device, "the fake device is gone");
        auto shared = std::make_shared<commp::Submission>(std::move(submission));
        {
            const std::scoped_lock lock(m_mutex);
            ++m_open;
            largest_submission = std::max(largest_submission, shared->jobs.size());
        }
        const auto work = [this, shared] {
            std::reverse(shared->jobs.begin(), shared->jobs.end());
            for (const commp::Job& job : shared->jobs) run(job, shared->staging->bytes());
            shared->staging.reset();
            const std::scoped_lock lock(m_mutex);
            --m_open;
            m_changed.notify_all();
        };
        if (m_device != nullptr)
            m_device->post(work);
        else
            work();
        return {};
    }

    void drain() override {
        std::unique_lock lock(m_mutex);
        m_changed.wait(lock, [&] { return m_open == 0; });
    }

    static constexpr std::size_t staging_quads = 1024;
    std::function<bool(ByteView)> fails = [](ByteView) { return false; };
    bool refuse_submissions = false;
    std::size_t largest_submission = 0;    ///< jobs

private:
    class Buffer final : public commp::Staging {
    public:
        explicit Buffer(FakeBackend& backend) : m_backend(backend) {}
        ~Buffer() override {
            const std::scoped_lock lock(m_backend.m_mutex);
            --m_backend.m_lent;
            m_backend.m_changed.notify_all();
        }
        Buffer(const Buffer&) = delete;
        Buffer& operator=(const Buffer&) = delete;
        [[nodiscard]] ByteSpan bytes() noexcept override { return m_bytes; }

    private:
        FakeBackend& m_backend;
        // Not zeros: what a job does not fill must not matter.
        Bytes m_bytes = Bytes(staging_quads * commp::quad_payload + 64, std::byte{0xa5});
    };

    void run(const commp::Job& job, ByteView staging) {
        const ByteView quads = staging.subspan(job.offset, job.quads * commp::quad_payload);
        if (fails(quads)) return job.sink->on_failure(job.ticket, {ErrorCode::device, "the fake device failed"}, quads);
        const std::size_t per_node = (std::size_t{1} << (job.level - commp::quad_level)) * commp::quad_payload;
        std::vector<commp::Node> nodes;
        for (std::size_t at = 0; at < quads.size(); at += per_node) {
            const std::string_view part = chars_of(quads.subspan(at, std::min(per_node, quads.size() - at)));
            nodes.push_back(reference_piece(part, std::uint64_t{32} << job.level).root);
        }
        job.sink->on_nodes(job.ticket, nodes);
    }

    Executor* m_device;
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::size_t m_lent = 0;
    std::size_t m_open = 0;
};

}    // namespace filfil::batch
