// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/progress.hpp"
#include "base/world.hpp"
#include "rpc/json.hpp"
#include "service/event_bus.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace filfil::service {

enum class JobState : std::uint8_t { queued, running, done, failed, cancelled };

/// As it stands in JSON.
std::string_view name_of(JobState state) noexcept;

/// Work that takes a while: what it is and how far.
struct JobInfo {
    std::uint64_t id = 0;    ///< from 1, anew with each start of the daemon
    std::string kind;        ///< "snapshot", "verify", …
    rpc::Json params;
    JobState state = JobState::queued;
    bool stopping = false;    ///< cancel() was called, and it has not ended yet
    std::string stage{};      ///< what it is at: "layout", "hashing"
    std::uint64_t done_bytes = 0;
    std::uint64_t total_bytes = 0;    ///< 0: not known
    double bytes_a_second = 0;        ///< of the last seconds
    std::optional<double> seconds_left{};
    Clock::Duration queued_at{};    ///< wall clock, as those below
    std::optional<Clock::Duration> started_at{};
    std::optional<Clock::Duration> ended_at{};
    rpc::Json result{};              ///< of one that is done
    std::optional<Error> error{};    ///< of one that failed
    [[nodiscard]] bool ended() const noexcept { return state != JobState::queued && state != JobState::running; }
};

/// {"id", "kind", "params", "state", "stopping", "stage", "done_bytes", "total_bytes", "bytes_per_second",
/// "seconds_left", "queued_at", "started_at", "ended_at", "result", "error": {"code", "message", "remedy"}}; times in
/// seconds since 1970; what is not there is null.
rpc::Json json_of(const JobInfo& job);

/// What a job tells and is told while it runs. Thread-safe; may outlive the registry.
class JobContext : public Progress {
public:
    virtual void set_stage(std::string stage) = 0;
    virtual void set_total(std::uint64_t bytes) noexcept = 0;

    /// Asked to stop when it is cancelled or the daemon ends: the job returns Error::cancelled soon then.
    [[nodiscard]] virtual std::stop_token stop() const noexcept = 0;
};

struct JobOptions {
    std::map<std::string, unsigned, std::less<>> at_once{};    ///< of a kind; 1 for those not named
    std::size_t queue = 100;                                   ///< waiting, of all kinds
    std::size_t history = 200;                                 ///< ended ones that are remembered
    Clock::Duration publish_every = std::chrono::milliseconds(250);
};

/// All jobs of the daemon. Publishes an event "job" (its JSON) at each change of state, and of progress at most four
/// times a second. On the loop only.
class Jobs {
public:
    /// Runs on a worker and may take its time.
    using Work = std::function<Result<rpc::Json>(JobContext& context)>;

    /// Begins on the loop; `done` is called once, on any thread.
    using LoopWork =
        std::function<void(std::shared_ptr<JobContext> context, std::function<void(Result<rpc::Json>)> done)>;
    using Watcher = std::function<void(const JobInfo&)>;

    /// Both must outlive it. What runs on workers when it is destroyed is asked to stop and told nobody.
    Jobs(World& world, EventBus& events, JobOptions options = {});
    ~Jobs();

    /// Runs it now, or when those of its kind before it have ended. @param ended called on the loop, also where it is
    /// cancelled before it ran; not from within this call
    /// @return its id; Error::busy with too many waiting, or after stop()
    Result<std::uint64_t> start(std::string kind, rpc::Json params, Work work, Watcher ended = {});
    Result<std::uint64_t> start_on_loop(std::string kind, rpc::Json params, LoopWork work, Watcher ended = {});

    /// One that waits ends at once, one that runs at its next safe point; for one that has ended nothing happens.
    /// @return Error::not_found
    Result<void> cancel(std::uint64_t id);

    /// Called on the loop when that job ends, later than this call also where it has already.
    /// @return Error::not_found
    Result<void> watch(std::uint64_t id, Watcher ended);

    /// @return nothing where there is none, or it was forgotten
    [[nodiscard]] std::optional<JobInfo> find(std::uint64_t id) const;

    /// Newest first. @param kind "" for all
    [[nodiscard]] std::vector<JobInfo> list(std::string_view kind = {}, std::size_t limit = 200) const;

    [[nodiscard]] std::size_t running() const noexcept;
    [[nodiscard]] std::size_t queued() const noexcept;

    /// Cancels all, starts none any more; calls back on the loop when none runs.
    void stop(std::function<void()> stopped);

private:
    struct Impl;
    std::shared_ptr<Impl> m_impl;
};

}    // namespace filfil::service
