// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/world.hpp"
#include "service/jobs.hpp"
#include "snapshot/durable_engine.hpp"

#include <functional>
#include <memory>
#include <optional>

namespace filfil::service {

struct CheckpointSettings {
    std::uint64_t log_percent = 25;                   ///< of the live bytes: a longer log gets a new checkpoint
    Clock::Duration every = std::chrono::hours(6);    ///< at the latest, where the log has anything in it
};

/// Writes checkpoints beside the chain being followed: when the log is long, when the last one is old, when the folder
/// is behind (a disk that was full), and when somebody asks. One at a time, as a job "checkpoint". After one that
/// failed it waits a minute, then twice as long each time, up to an hour.
///
/// Lives on the loop.
class Checkpointer {
public:
    Checkpointer(World& world, std::shared_ptr<snapshot::DurableEngine> engine, Jobs& jobs,
                 CheckpointSettings settings);

    void set(CheckpointSettings settings) { m_settings = settings; }

    /// Begins one where it is due. To be called now and then. @param live_bytes of the store
    void look(std::uint64_t live_bytes);

    /// @param why stands in the job's params @return its job's id, also where one is under way already
    Result<std::uint64_t> begin(std::string why);

    [[nodiscard]] bool running() const noexcept { return m_job.has_value(); }
    [[nodiscard]] const std::optional<Error>& last_error() const noexcept { return m_last_error; }

    /// Wall clock, of the last one that succeeded; nothing where that was before this start.
    [[nodiscard]] const std::optional<Clock::Duration>& last_at() const noexcept { return m_last_at; }
    void set_last_at(Clock::Duration at) { m_last_at = at; }

private:
    void ended(const JobInfo& job);

    World& m_world;
    std::shared_ptr<snapshot::DurableEngine> m_engine;
    Jobs& m_jobs;
    CheckpointSettings m_settings;
    std::optional<std::uint64_t> m_job;
    std::optional<Error> m_last_error;
    std::optional<Clock::Duration> m_last_at;
    Clock::Duration m_since;    ///< steady: of the last one, or of the start
    std::optional<Clock::Duration> m_not_before;
    unsigned m_failures = 0;
};

}    // namespace filfil::service
