// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/jobs.hpp"

#include <algorithm>
#include <atomic>
#include <deque>
#include <mutex>

namespace filfil::service {
namespace {

using rpc::Json;

Json seconds_of(const std::optional<Clock::Duration>& time) {
    return time ? Json(std::chrono::duration<double>(*time).count()) : Json();
}

/// The rate is that of about so long.
constexpr Clock::Duration rate_over = std::chrono::seconds(10);

/// What a job that runs is seen through from both sides.
class Running final : public JobContext {
public:
    void advance(std::uint64_t bytes) noexcept override { m_done.fetch_add(bytes, std::memory_order_relaxed); }
    void set_total(std::uint64_t bytes) noexcept override { m_total.store(bytes, std::memory_order_relaxed); }
    void set_stage(std::string stage) override {
        const std::lock_guard lock(m_mutex);
        m_stage = std::move(stage);
    }
    [[nodiscard]] std::stop_token stop() const noexcept override { return m_stop.get_token(); }

    void request_stop() { m_stop.request_stop(); }
    [[nodiscard]] std::uint64_t done() const noexcept { return m_done.load(std::memory_order_relaxed); }
    [[nodiscard]] std::uint64_t total() const noexcept { return m_total.load(std::memory_order_relaxed); }
    [[nodiscard]] std::string stage() const {
        const std::lock_guard lock(m_mutex);
        return m_stage;
    }

private:
    std::atomic<std::uint64_t> m_done{0};
    std::atomic<std::uint64_t> m_total{0};
    mutable std::mutex m_mutex;
    std::string m_stage;
    std::stop_source m_stop;
};

struct Job {
    JobInfo info;
    Jobs::LoopWork work;
    std::shared_ptr<Running> running;
    std::vector<Jobs::Watcher> watchers;
    std::deque<std::pair<Clock::Duration, std::uint64_t>> points;    ///< of its progress, in the last seconds
};

}    // namespace

std::string_view name_of(JobState state) noexcept {
    switch (state) {
        case JobState::queued: return "queued";
        case JobState::running: return "running";
        case JobState::done: return "done";
        case JobState::failed: return "failed";
        case JobState::cancelled: return "cancelled";
    }
    return "failed";
}

Json json_of(const JobInfo& job) {
    Json error;
    if (job.error)
        error = {{"code", std::string(name_of(job.error->code))},
                 {"message", job.error->message},
                 {"remedy", job.error->remedy}};
    return {{"id", job.id},
            {"kind", job.kind},
            {"params", job.params},
            {"state", std::string(name_of(job.state))},
            {"stopping", job.stopping},
            {"stage", job.stage},
            {"done_bytes", job.done_bytes},
            {"total_bytes", job.total_bytes},
            {"bytes_per_second", job.bytes_a_second},
            {"seconds_left", job.seconds_left ? Json(*job.seconds_left) : Json()},
            {"queued_at", seconds_of(job.queued_at)},
            {"started_at", seconds_of(job.started_at)},
            {"ended_at", seconds_of(job.ended_at)},
            {"result", job.result},
            {"error", std::move(error)}};
}

struct Jobs::Impl : std::enable_shared_from_this<Impl> {
    Impl(World& world_, EventBus& events_, JobOptions options_)
        : world(world_), loop(world_.loop), events(events_), options(std::move(options_)) {}

    World& world;
    Executor& loop;
    EventBus& events;
    const JobOptions options;
    bool alive = true;    ///< the registry is there; what comes back from workers later is of no use
    bool stopping = false;
    bool ticking = false;
    std::uint64_t next_id = 1;
    std::map<std::uint64_t, Job> jobs;
    std::vector<std::function<void()>> stopped;

    [[nodiscard]] std::size_t count(JobState state, std::string_view kind = {}) const noexcept {
        return static_cast<std::size_t>(std::ranges::count_if(jobs, [&](const auto& entry) {
            return entry.second.info.state == state && (kind.empty() || entry.second.info.kind == kind);
        }));
    }

    [[nodiscard]] unsigned at_once(const std::string& kind) const {
        const auto found = options.at_once.find(kind);
        return found == options.at_once.end() ? 1 : std::max(1U, found->second);
    }

    void publish(const Job& job) { events.publish("job", json_of(job.info)); }

    Result<std::uint64_t> add(std::string kind, Json params, LoopWork work, Watcher ended) {
        if (stopping)
            return Error(ErrorCode::busy, "the daemon is stopping, so no " + kind + " is started any more",
                         "try again when it runs again");
        if (count(JobState::queued) >= options.queue)
            return Error(ErrorCode::busy,
                         std::to_string(options.queue) + " jobs are waiting already, so no " + kind + " is taken on",
                         "wait until some have ended, or cancel some");
        const std::uint64_t id = next_id++;
        Job& job = jobs[id];
        job.info.id = id;
        job.info.kind = std::move(kind);
        job.info.params = std::move(params);
        job.info.queued_at = world.clock.wall();
        job.work = std::move(work);
        if (ended) job.watchers.push_back(std::move(ended));
        publish(job);
        start_next_later();
        return id;
    }

    /// Not at once: nobody is called back from within his own call.
    void start_next_later() {
        loop.post([self = weak_from_this()] {
            if (const auto impl = self.lock(); impl && impl->alive) impl->start_next();
        });
    }

    void start_next() {
        std::vector<std::uint64_t> ready;
        std::map<std::string, std::size_t> busy;
        for (const auto& [id, job] : jobs)
            if (job.info.state == JobState::running) ++busy[job.info.kind];
        for (const auto& [id, job] : jobs)
            if (job.info.state == JobState::queued && !job.info.stopping &&
                busy[job.info.kind] < at_once(job.info.kind)) {
                ++busy[job.info.kind];
                ready.push_back(id);
            }
        for (const std::uint64_t id : ready) run(id);
    }

    void run(std::uint64_t id) {
        const auto found = jobs.find(id);
        // One begun before it may have cancelled it.
        if (found == jobs.end() || found->second.info.state != JobState::queued) return;
        Job& job = found->second;
        job.info.state = JobState::running;
        job.info.started_at = world.clock.wall();
        job.running = std::make_shared<Running>();
        job.points.emplace_back(world.clock.steady(), 0);
        const LoopWork work = std::exchange(job.work, {});
        const std::shared_ptr<Running> context = job.running;
        publish(job);
        tick_later();
        const auto first = std::make_shared<std::atomic<bool>>(true);
        work(context, [self = weak_from_this(), to = &loop, id, first](Result<Json> result) {
            // Called more than once it is a defect of the job's; the first counts.
            if (!first->exchange(false)) return;
            // The loop outlives what runs on workers; the registry may not.
            if (self.expired()) return;
            to->post([self, id, ended = std::make_shared<Result<Json>>(std::move(result))] {
                if (const auto impl = self.lock(); impl && impl->alive) impl->end(id, std::move(*ended));
            });
        });
    }

    void end(std::uint64_t id, Result<Json> result) {
        const auto found = jobs.find(id);
        if (found == jobs.end() || found->second.info.ended()) return;
        Job& job = found->second;
        if (job.running) measure(job);
        if (result.ok()) {
            job.info.state = JobState::done;
            job.info.result = std::move(*result);
        } else {
            job.info.state = result.error().code == ErrorCode::cancelled && job.info.stopping ? JobState::cancelled
                                                                                              : JobState::failed;
            job.info.error = std::move(result).error();
        }
        job.info.stopping = false;
        job.info.seconds_left.reset();
        job.info.ended_at = world.clock.wall();
        job.running.reset();
        job.work = {};
        job.points.clear();
        const JobInfo info = job.info;
        const std::vector<Watcher> watchers = std::exchange(job.watchers, {});
        publish(job);
        forget_old();
        for (const Watcher& watcher : watchers) watcher(info);
        if (!alive) return;
        start_next_later();
        check_stopped();
    }

    void cancel(std::uint64_t id) {
        Job& job = jobs.at(id);
        if (job.info.ended() || job.info.stopping) return;
        job.info.stopping = true;
        if (job.info.state == JobState::running) {
            publish(job);
            job.running->request_stop();
            return;
        }
        loop.post([self = weak_from_this(), id] {
            const auto impl = self.lock();
            if (impl && impl->alive)
                impl->end(id, Error(ErrorCode::cancelled, "the job was cancelled before it had begun"));
        });
    }

    /// Ended jobs beyond the history, oldest first.
    void forget_old() {
        std::size_t ended = jobs.size() - count(JobState::queued) - count(JobState::running);
        for (auto at = jobs.begin(); at != jobs.end() && ended > options.history;) {
            if (!at->second.info.ended() || !at->second.watchers.empty()) {
                ++at;
                continue;
            }
            at = jobs.erase(at);
            --ended;
        }
    }

    // Progress

    void tick_later() {
        if (std::exchange(ticking, true)) return;
        loop.post_after(options.publish_every, [self = weak_from_this()] {
            const auto impl = self.lock();
            if (!impl || !impl->alive) return;
            impl->ticking = false;
            impl->tick();
        });
    }

    void tick() {
        std::vector<std::uint64_t> running_jobs;
        for (auto& [id, job] : jobs)
            if (job.info.state == JobState::running) running_jobs.push_back(id);
        if (running_jobs.empty()) return;
        for (const std::uint64_t id : running_jobs) {
            const auto found = jobs.find(id);
            if (found != jobs.end() && found->second.running && measure(found->second)) publish(found->second);
        }
        tick_later();
    }

    /// @return whether there is anything new
    bool measure(Job& job) const {
        JobInfo& info = job.info;
        const std::uint64_t done = job.running->done();
        const std::uint64_t total = job.running->total();
        std::string stage = job.running->stage();
        const Clock::Duration now = world.clock.steady();
        job.points.emplace_back(now, done);
        while (job.points.size() > 2 && now - job.points.front().first > rate_over) job.points.pop_front();
        const auto& [since, before] = job.points.front();
        const double seconds = seconds_between(since, now);
        const double rate = seconds > 0 ? static_cast<double>(done - before) / seconds : 0;
        const bool changed = done != info.done_bytes || total != info.total_bytes || stage != info.stage ||
                             (rate == 0) != (info.bytes_a_second == 0);
        info.done_bytes = done;
        info.total_bytes = total;
        info.stage = std::move(stage);
        info.bytes_a_second = rate;
        info.seconds_left.reset();
        if (rate > 0 && total > done) info.seconds_left = static_cast<double>(total - done) / rate;
        return changed;
    }

    void check_stopped() {
        if (!stopping || count(JobState::running) + count(JobState::queued) != 0) return;
        for (const auto& told : std::exchange(stopped, {})) loop.post(told);
    }
};

Jobs::Jobs(World& world, EventBus& events, JobOptions options)
    : m_impl(std::make_shared<Impl>(world, events, std::move(options))) {}

Jobs::~Jobs() {
    m_impl->alive = false;
    for (auto& [id, job] : m_impl->jobs)
        if (job.running) job.running->request_stop();
}

Result<std::uint64_t> Jobs::start(std::string kind, Json params, Work work, Watcher ended) {
    Executor& workers = m_impl->world.workers;
    LoopWork on_worker = [&workers, work = std::move(work)](std::shared_ptr<JobContext> context,
                                                            std::function<void(Result<Json>)> done) {
        workers.post([work, context = std::move(context), done = std::move(done)] { done(work(*context)); });
    };
    return m_impl->add(std::move(kind), std::move(params), std::move(on_worker), std::move(ended));
}

Result<std::uint64_t> Jobs::start_on_loop(std::string kind, Json params, LoopWork work, Watcher ended) {
    return m_impl->add(std::move(kind), std::move(params), std::move(work), std::move(ended));
}

Result<void> Jobs::cancel(std::uint64_t id) {
    if (!m_impl->jobs.contains(id))
        return Error(ErrorCode::not_found, "there is no job " + std::to_string(id),
                     "the list of jobs shows those that are remembered");
    m_impl->cancel(id);
    return {};
}

Result<void> Jobs::watch(std::uint64_t id, Watcher ended) {
    const auto found = m_impl->jobs.find(id);
    if (found == m_impl->jobs.end())
        return Error(ErrorCode::not_found, "there is no job " + std::to_string(id),
                     "the list of jobs shows those that are remembered");
    if (!found->second.info.ended()) {
        found->second.watchers.push_back(std::move(ended));
        return {};
    }
    m_impl->loop.post([self = std::weak_ptr(m_impl), info = found->second.info, ended = std::move(ended)] {
        if (const auto impl = self.lock(); impl && impl->alive) ended(info);
    });
    return {};
}

std::optional<JobInfo> Jobs::find(std::uint64_t id) const {
    const auto found = m_impl->jobs.find(id);
    if (found == m_impl->jobs.end()) return std::nullopt;
    return found->second.info;
}

std::vector<JobInfo> Jobs::list(std::string_view kind, std::size_t limit) const {
    std::vector<JobInfo> out;
    for (auto at = m_impl->jobs.rbegin(); at != m_impl->jobs.rend() && out.size() < limit; ++at)
        if (kind.empty() || at->second.info.kind == kind) out.push_back(at->second.info);
    return out;
}

std::size_t Jobs::running() const noexcept { return m_impl->count(JobState::running); }

std::size_t Jobs::queued() const noexcept { return m_impl->count(JobState::queued); }

void Jobs::stop(std::function<void()> stopped) {
    m_impl->stopping = true;
    m_impl->stopped.push_back(std::move(stopped));
    std::vector<std::uint64_t> ids;
    for (const auto& [id, job] : m_impl->jobs) ids.push_back(id);
    for (const std::uint64_t id : ids)
        if (m_impl->jobs.contains(id)) m_impl->cancel(id);
    m_impl->check_stopped();
}

}    // namespace filfil::service
