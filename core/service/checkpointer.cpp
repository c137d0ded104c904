// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/checkpointer.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace filfil::service {
namespace {

constexpr Clock::Duration first_pause = std::chrono::minutes(1);
constexpr Clock::Duration longest_pause = std::chrono::hours(1);

/// A log shorter than this is replayed in no time, however small the store is.
constexpr std::uint64_t least_log = 4 * MiB;

}    // namespace

Checkpointer::Checkpointer(World& world, std::shared_ptr<snapshot::DurableEngine> engine, Jobs& jobs,
                           CheckpointSettings settings)
    : m_world(world), m_engine(std::move(engine)), m_jobs(jobs), m_settings(settings), m_since(world.clock.steady()) {}

void Checkpointer::look(std::uint64_t live_bytes) {
    const Clock::Duration now = m_world.clock.steady();
    if (m_job || (m_not_before && now < *m_not_before)) return;
    if (const auto behind = m_engine->not_durable()) {
        (void)begin("the folder is behind: " + behind->message);
        return;
    }
    const std::uint64_t log = m_engine->log_bytes();
    if (log > least_log && log / m_settings.log_percent > live_bytes / 100) {
        (void)begin("the log has " + format_size(log));
        return;
    }
    if (log > 0 && now - m_since >= m_settings.every) (void)begin("the last one is old");
}

Result<std::uint64_t> Checkpointer::begin(std::string why) {
    if (m_job) return *m_job;
    FILFIL_TRY(const std::uint64_t job, m_jobs.start(
                                            "checkpoint", {{"why", why}},
                                            [engine = m_engine](JobContext& context) -> Result<rpc::Json> {
                                                context.set_stage("writing");
                                                context.set_total(engine->engine().stats().store.live_bytes);
                                                FILFIL_CHECK(engine->checkpoint(context.stop(), &context));
                                                return rpc::Json{{"log_bytes", engine->log_bytes()}};
                                            },
                                            [this](const JobInfo& info) { ended(info); }));
    m_job = job;
    return job;
}

void Checkpointer::ended(const JobInfo& job) {
    m_job.reset();
    const Clock::Duration now = m_world.clock.steady();
    if (job.state == JobState::done) {
        m_last_error.reset();
        m_last_at = m_world.clock.wall();
        m_since = now;
        m_failures = 0;
        m_not_before.reset();
        return;
    }
    if (job.state == JobState::failed && job.error) {
        m_last_error = job.error;
        m_world.log.write(LogLevel::warning, "service", "no checkpoint could be written: " + job.error->text());
    }
    Clock::Duration pause = first_pause;
    for (unsigned i = 0; i < m_failures && pause < longest_pause; ++i) pause *= 2;
    ++m_failures;
    m_not_before = now + std::min(pause, longest_pause);
}

}    // namespace filfil::service
