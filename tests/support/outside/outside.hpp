// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/world.hpp"
#include "crash_files.hpp"
#include "memory_transport.hpp"
#include "virtual_clock.hpp"

#include <algorithm>
#include <mutex>
#include <string>
#include <vector>

namespace filfil {

/// Keeps what was logged.
class RecordedLog final : public LogSink {
public:
    struct Line {
        LogLevel level;
        std::string module;
        std::string message;
    };

    void write(LogLevel level, std::string_view module, std::string_view message) noexcept override {
        const std::lock_guard lock(m_mutex);
        m_lines.push_back({level, std::string(module), std::string(message)});
    }
    [[nodiscard]] std::vector<Line> lines() const {
        const std::lock_guard lock(m_mutex);
        return m_lines;
    }

    /// Whether a line at `level` or above has `part` in it.
    [[nodiscard]] bool has(std::string_view part, LogLevel level = LogLevel::debug) const {
        return std::ranges::any_of(lines(), [&](const Line& line) {
            return line.level >= level && line.message.find(part) != std::string::npos;
        });
    }

private:
    mutable std::mutex m_mutex;
    std::vector<Line> m_lines;
};

/// A whole World on virtual time, of one machine on a network of its own: servers and clients of a test find each other
/// on it. The same seed and calls give the same run. For several machines make their parts one by one, on one clock and
/// one network.
///
///     Outside outside;
///     auto client = rpc::make_client(outside.world, …);
///     outside.advance(std::chrono::seconds(5));
class Outside {
public:
    explicit Outside(std::uint64_t seed = 1) : random(seed) {}

    /// What tasks hold may post when it is dropped, to any of the executors.
    ~Outside() {
        while (loop.clear() + workers.clear() + wires.clear() > 0) {
        }
    }
    Outside(const Outside&) = delete;
    Outside& operator=(const Outside&) = delete;

    std::size_t run_ready() { return clock.run_ready(); }
    void advance(Clock::Duration by) { clock.advance(by); }
    bool run_until(const std::function<bool()>& done, Clock::Duration limit = std::chrono::hours(1)) {
        return clock.run_until(done, limit);
    }

    VirtualClock clock;
    ManualExecutor loop{clock};
    ManualExecutor workers{clock};
    ManualExecutor wires{clock};
    CrashFiles files;
    MemoryNetwork network{wires};
    MemoryTransport transport{network};
    SeededRandom random;
    RecordedLog log;
    World world{clock, loop, workers, files, transport, random, log};
};

}    // namespace filfil
