// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "gpu/gpu_backend.hpp"

#include "commp/in_flight.hpp"
#include "commp/shelf.hpp"
#include "gpu/lane_pool.hpp"

#include <algorithm>
#include <atomic>
#include <bit>
#include <mutex>
#include <optional>
#include <set>

namespace filfil::gpu {
namespace {

using Nodes = std::vector<std::vector<commp::Node>>;

/// Levels at the top of a full submission that are left to whoever joins submissions: on a card each is a step for ever
/// fewer threads, and takes the time of one hash in one of them; on a CPU their 15 hashes are done as soon.
constexpr unsigned levels_left = 4;

/// Pinned memory of whichever of the cards gives some, or ordinary memory where none does: copies from that are slower,
/// not wrong.
class PinnedBuffers final : public commp::BufferSource {
public:
    PinnedBuffers(Runtime& runtime, const std::vector<CardUse>& cards) : m_runtime(runtime), m_cards(cards) {}

    [[nodiscard]] std::byte* allocate(std::size_t bytes) noexcept override {
        for (const CardUse& use : m_cards) {
            const auto pinned = m_runtime.allocate_pinned(use.card, bytes);
            if (!pinned.ok()) continue;
            const std::scoped_lock lock(m_mutex);
            m_pinned.insert(static_cast<std::byte*>(*pinned));
            return static_cast<std::byte*>(*pinned);
        }
        return m_pageable.allocate(bytes);
    }

    void release(std::byte* buffer) noexcept override {
        const std::scoped_lock lock(m_mutex);
        if (m_pinned.erase(buffer) != 0)
            m_runtime.free_pinned(buffer);
        else
            m_pageable.release(buffer);
    }

private:
    Runtime& m_runtime;
    const std::vector<CardUse> m_cards;    ///< a copy: buffers may outlive the backend
    commp::PageableBuffers m_pageable;
    std::mutex m_mutex;
    std::set<std::byte*> m_pinned;
};

class GpuBackend final : public commp::Backend {
public:
    GpuBackend(Runtime& runtime, std::unique_ptr<Executor> threads, const GpuBackendOptions& options)
        : m_options(options),
          m_shelf(std::make_shared<commp::Shelf>(std::make_unique<PinnedBuffers>(runtime, options.cards), options.quads,
                                                 options.staging_count)),
          m_threads(std::move(threads)) {
        m_limits.staging_quads = options.quads;
        m_limits.staging_count = options.staging_count;
        m_limits.fillers = options.fillers;
        m_limits.max_level = commp::quad_level + static_cast<unsigned>(std::bit_width(options.quads) - 1);
        m_limits.job_level = std::max(commp::quad_level, m_limits.max_level - levels_left);
    }

    ~GpuBackend() override {
        GpuBackend::drain();
        // Tasks that have told their sinks may still be on their way out.
        m_threads.reset();
    }
    GpuBackend(const GpuBackend&) = delete;
    GpuBackend& operator=(const GpuBackend&) = delete;

    /// Opens the cards' lanes. @return the last error if no card can be used
    Result<void> open(Runtime& runtime) {
        std::optional<Error> last;
        for (const CardUse& use : m_options.cards) {
            unsigned lanes = 0;
            for (; lanes < use.lanes; ++lanes) {
                auto lane = Lane::open(runtime, use.card, {m_options.quads, m_limits.max_level});
                if (!lane.ok()) {
                    last = std::move(lane).error();
                    break;
                }
                (*lane)->use(use.variant);
                m_lanes.add(std::move(*lane));
            }
            // With fewer lanes than wished for a card is slower; with none it is no use.
            if (lanes == 0) {
                if (m_options.cards.size() > 1) log(card_name(use.card) + ": is left out: " + last->message);
                continue;
            }
            m_name += (m_name.empty() ? "cuda:" : ",") + std::to_string(use.card);
            m_description += (m_description.empty() ? "" : "; ") + use.description;
        }
        return m_name.empty() ? Result<void>(std::move(*last)) : Result<void>();
    }

    [[nodiscard]] std::string name() const override {
        return m_on_cpu ? m_name + "+cpu:" + std::string(m_options.cpu->name) : m_name;
    }
    [[nodiscard]] std::string description() const override { return m_description; }
    [[nodiscard]] commp::BackendLimits limits() const noexcept override { return m_limits; }
    [[nodiscard]] Result<std::unique_ptr<commp::Staging>> acquire() override { return m_shelf->lend(); }
    [[nodiscard]] std::uint64_t revocations() const noexcept override { return m_revocations; }

    [[nodiscard]] Result<void> submit(commp::Submission submission) override {
        FILFIL_CHECK(commp::check_submission(submission, m_limits));
        m_in_flight.post(*m_threads, std::move(submission), [this](commp::Submission& taken) { run(taken); });
        return {};
    }

    void drain() override { m_in_flight.drain(); }

private:
    void log(const std::string& line) const {
        if (m_options.log != nullptr) m_options.log->write(LogLevel::warning, "gpu", line);
    }

    void run(commp::Submission& submission) {
        const std::byte* const payload = submission.staging->bytes().data();
        Nodes nodes;
        while (!hash_on_card(payload, submission.jobs, nodes)) {
        }
        for (std::size_t i = 0; i < submission.jobs.size(); ++i)
            submission.jobs[i].sink->on_nodes(submission.jobs[i].ticket, nodes[i]);
    }

    /// On the next card, or on the CPU where there is none. @return false if the card failed
    bool hash_on_card(const std::byte* payload, const std::vector<commp::Job>& jobs, Nodes& nodes) {
        std::unique_ptr<Lane> lane = m_lanes.take();
        if (lane == nullptr) {
            m_on_cpu = true;
            nodes = hash_on_cpu(payload, jobs);
            return true;
        }
        const std::string card = card_name(lane->card());
        if (auto hashed = lane->hash(payload, jobs, nodes); !hashed.ok()) {
            retire(std::move(lane), hashed.error().message, "");
            return false;
        }
        // Counted by the lane: counted over all of them, lanes that take turns would leave it to always the same one.
        if (m_options.check_every != 0 && (lane->hashed() - 1) % m_options.check_every == 0) {
            Nodes right = hash_on_cpu(payload, jobs);
            if (right != nodes) {
                // First the card: whoever reads the number before a piece gets none of its nodes from there any more.
                retire(std::move(lane), card + ": computed a wrong node",
                       ", and what this run had from it before is in doubt");
                // Before anyone is told of the right nodes: whoever has all nodes of a piece then sees the change.
                ++m_revocations;
                m_on_cpu = true;
                nodes = std::move(right);
                return true;
            }
        }
        m_lanes.put(std::move(lane));
        return true;
    }

    [[nodiscard]] Nodes hash_on_cpu(const std::byte* payload, const std::vector<commp::Job>& jobs) const {
        Nodes nodes(jobs.size());
        for (std::size_t i = 0; i < jobs.size(); ++i)
            commp::hash_quads(*m_options.cpu, payload + jobs[i].offset, jobs[i].quads, jobs[i].level, nodes[i]);
        return nodes;
    }

    void retire(std::unique_ptr<Lane> lane, const std::string& what, const std::string& besides) {
        if (!m_lanes.retire(std::move(lane))) return;
        const std::string next = m_lanes.names();
        log(what + "; it is not used any more" + besides + ", and the work goes on with " +
            (next.empty() ? "cpu:" + std::string(m_options.cpu->name) : next));
    }

    const GpuBackendOptions m_options;
    commp::BackendLimits m_limits;
    std::string m_name;
    std::string m_description;
    std::shared_ptr<commp::Shelf> m_shelf;
    LanePool m_lanes;
    std::atomic<std::uint64_t> m_revocations = 0;
    std::atomic<bool> m_on_cpu = false;
    commp::InFlight m_in_flight;
    std::unique_ptr<Executor> m_threads;    ///< last: its tasks use all of the above
};

}    // namespace

Result<std::unique_ptr<commp::Backend>> make_gpu_backend(Runtime& runtime, std::unique_ptr<Executor> threads,
                                                         const GpuBackendOptions& options) {
    auto backend = std::make_unique<GpuBackend>(runtime, std::move(threads), options);
    FILFIL_CHECK(backend->open(runtime));
    return std::unique_ptr<commp::Backend>(std::move(backend));
}

}    // namespace filfil::gpu
