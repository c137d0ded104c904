// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "api_user.hpp"
#include "commp/backend.hpp"
#include "crash_files.hpp"
#include "service/daemon.hpp"
#include "sim_vfs.hpp"
#include "simulated_machine.hpp"
#include "trace.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace filfil::sim {

/// A daemon on virtual time, on a disk and beside a network that fail as a seed decides, started again whenever it has
/// ended; and somebody who uses its API. What stands around it (nodes, chains, markets) is a derived class's.
class DaemonWorld {
public:
    DaemonWorld(const DaemonWorld&) = delete;
    DaemonWorld& operator=(const DaemonWorld&) = delete;

protected:
    /// How long things last, in seconds, and how soon a planned power loss comes, in changes of the disk.
    struct Habits {
        std::uint64_t least_away = 0;    ///< from a power loss or a kill to the next start
        std::uint64_t most_away = 19;
        std::uint64_t after_failed_start = 10;
        std::uint64_t most_full = 60;
        std::uint64_t changes_to_crash = 120;
    };

    /// @param random_seed of what the derived class draws
    DaemonWorld(std::uint64_t seed, std::uint64_t random_seed, commp::Backend& hasher, bool print, Habits habits);
    virtual ~DaemonWorld();

    struct Process;

    /// Once in so many times.
    bool one_in(std::uint64_t times) { return m_random.below(times) == 0; }
    std::uint64_t pick(std::uint64_t least, std::uint64_t most) { return least + m_random.below(most - least + 1); }
    void wrong(const std::string& what) { m_wrong.push_back(what); }
    void put(const std::string& path, Bytes bytes) { files.put(path, std::move(bytes)); }

    // What the derived class has to say

    /// The daemon is being started.
    virtual void starts() {}
    virtual Result<std::unique_ptr<journal::Journal>> open_journal(const std::string& path);
    virtual void node_goes_down() = 0;
    virtual void nodes_come_back() = 0;    ///< those whose time it is
    virtual void stopped() {}              ///< in the middle of things, by who may start it again
    [[nodiscard]] virtual bool is_down(const Delivery& delivery) const = 0;

    // The daemon's process

    void start_process();
    void end_process();
    void power_loss();
    void kill(std::uint64_t least_away, std::uint64_t most_away);
    void plan_power_loss(std::uint64_t changes);
    void look_after_process();

    /// @return false where the power went meanwhile
    bool stop();
    void disturb();

    /// Nobody uses the daemon any more, and it is gone: the first thing in a derived class's destructor.
    void leave_world();

    /// Disk and network are well from now on; what was planned comes now.
    void calm_down();

    [[nodiscard]] Fate fate_of(const Delivery& delivery);

    /// @return nothing where there was no answer within 40 s
    std::optional<Json> ask(const std::string& method, Json params = Json::object());

    const std::uint64_t m_seed;
    commp::Backend& m_hasher;
    SeededRandom m_random;
    std::vector<std::string> m_wrong;
    std::uint64_t m_crashes = 0;
    std::uint64_t m_kills = 0;

    VirtualClock clock;
    Trace trace;
    ManualExecutor wires{clock};
    MemoryNetwork network{wires};
    CrashFiles files;
    CrashFiles no_files;
    NullLogSink no_log;
    SimVfs vfs;
    service::Config config;
    Machine client_machine;
    ApiUser user;

    std::unique_ptr<Process> m_process;
    unsigned m_starts = 0;
    bool m_start_failed = false;
    bool m_crash_planned = false;
    bool m_full = false;
    Clock::Duration m_start_at{};
    Clock::Duration m_started_at{};
    std::uint64_t m_net_rate = 0;    ///< of the network's faults, in ten-thousandths

private:
    const Habits m_habits;
    SeededRandom m_net_random;
    Clock::Duration m_room_at{};
};

}    // namespace filfil::sim
