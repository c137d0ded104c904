// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "daemon_world.hpp"

#include <utility>

namespace filfil::sim {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

struct DaemonWorld::Process {
    Process(DaemonWorld& world, unsigned number)
        : log(world.clock, &world.trace),
          machine(world.clock, world.network, world.files, log, world.m_seed * 1000 + number, "daemon") {
        service::DaemonTools tools{
            .world = machine.world,
            .log = log,
            .backend = world.m_hasher,
            .hashing = at_once,
            .writing = at_once,
            .loading = at_once,
            .open_journal = [&world](const std::string& path) { return world.open_journal(path); },
            .read_memory = [] { return service::MemoryReading{.rss = 100, .available = 1000, .total = 2000}; },
            .notify = [](const std::string&) {},
            .version = "0.0.0",
            .arena = {.segment_bits = 16, .huge_pages = false}};
        daemon = std::make_unique<service::Daemon>(std::move(tools), world.config);
    }
    service::LogStore log;
    InlineExecutor at_once;
    Machine machine;
    std::unique_ptr<service::Daemon> daemon;
};

DaemonWorld::DaemonWorld(std::uint64_t seed, std::uint64_t random_seed, commp::Backend& hasher, bool print,
                         Habits habits)
    : m_seed(seed),
      m_hasher(hasher),
      m_random(random_seed),
      trace(clock, print),
      vfs(files, clock, seed),
      client_machine(clock, network, no_files, no_log, seed + 1, "client"),
      user(client_machine.world, [this](const std::string& text) { trace.add("  user: " + text); }),
      m_habits(habits),
      m_net_random(seed ^ 0x9e3779b97f4a7c15U) {}

DaemonWorld::~DaemonWorld() {
    m_process.reset();
    while (wires.clear() > 0) {
    }
}

void DaemonWorld::leave_world() {
    network.set_hook({});
    user.leave();
    end_process();
    trace.on_log = {};
}

Result<std::unique_ptr<journal::Journal>> DaemonWorld::open_journal(const std::string& path) {
    return journal::open_sqlite_journal(path, clock, vfs.options());
}

void DaemonWorld::start_process() {
    ++m_starts;
    starts();
    trace.add("the daemon starts");
    m_start_failed = false;
    m_started_at = clock.steady();
    user.meet(m_starts);
    m_process = std::make_unique<Process>(*this, m_starts);
    m_process->daemon->start([this](const Result<void>& started) {
        if (started.ok()) return;
        trace.add("it cannot start: " + started.error().text());
        m_start_failed = true;
    });
}

void DaemonWorld::end_process() {
    m_process.reset();
    user.meet(m_starts);
}

void DaemonWorld::power_loss() {
    trace.add("power loss");
    ++m_crashes;
    files.crash_at(1);
    end_process();
    files.restart(m_random);
    m_crash_planned = false;
    m_start_at = clock.steady() + seconds(pick(m_habits.least_away, m_habits.most_away));
}

void DaemonWorld::kill(std::uint64_t least_away, std::uint64_t most_away) {
    trace.add("killed");
    ++m_kills;
    files.kill();
    m_crash_planned = false;
    end_process();
    m_start_at = clock.steady() + seconds(pick(least_away, most_away));
}

void DaemonWorld::plan_power_loss(std::uint64_t changes) {
    m_crash_planned = true;
    files.crash_at(changes);
    trace.add("the power will go");
}

void DaemonWorld::look_after_process() {
    if (files.crashed()) power_loss();
    if (m_process && m_start_failed) {
        end_process();
        m_start_at = clock.steady() + seconds(m_habits.after_failed_start);
    }
    if (!m_process && clock.steady() >= m_start_at) start_process();
    nodes_come_back();
    if (m_full && clock.steady() >= m_room_at) {
        trace.add("the disk has room");
        files.make_room();
        m_full = false;
    }
    const Bytes token = files.contents("/data/token.admin");
    std::string text(chars_of(token));
    while (!text.empty() && text.back() == '\n') text.pop_back();
    user.set_token(text);
}

bool DaemonWorld::stop() {
    bool ended = false;
    m_process->daemon->stop([&ended] { ended = true; });
    (void)clock.run_until([&] { return ended || files.crashed(); }, minutes(10));
    if (files.crashed()) return power_loss(), false;
    if (!ended && !m_start_failed) wrong("the daemon did not stop within ten minutes");
    trace.add("stopped");
    end_process();
    return true;
}

void DaemonWorld::disturb() {
    switch (m_random.below(8)) {
        case 0:
            if (m_process) power_loss();
            break;
        case 1:
        case 2:
            if (!m_crash_planned) plan_power_loss(pick(1, m_habits.changes_to_crash));
            break;
        case 3:
            if (m_process) kill(m_habits.least_away, m_habits.most_away);
            break;
        case 4:
            trace.add("the disk is full soon");
            m_full = true;
            files.fill_up_after(m_random.below(40'000));
            m_room_at = clock.steady() + seconds(pick(1, m_habits.most_full));
            break;
        case 5: node_goes_down(); break;
        case 6: {
            const auto by = static_cast<std::int64_t>(m_random.below(7200)) - 3600;
            trace.add("the wall clock jumps " + std::to_string(by) + " s");
            clock.jump_wall(seconds(by));
            break;
        }
        default:
            if (!m_process) break;
            trace.add("stop");
            if (stop()) stopped();
            break;
    }
}

void DaemonWorld::calm_down() {
    files.make_room();
    m_full = false;
    m_net_rate = 0;
    if (m_crash_planned) power_loss();
    // What was lost on the wires is given up by then.
    network.break_sockets();
}

Fate DaemonWorld::fate_of(const Delivery& delivery) {
    Fate out;
    if (is_down(delivery)) {
        out.close = true;
        return out;
    }
    if (m_net_rate == 0) return out;
    const std::uint64_t draw = m_net_random.below(10'000);
    if (draw < m_net_rate)
        out.drop = true;
    else if (draw < m_net_rate * 2)
        out.close = true;
    else if (draw < m_net_rate * 2 + 2)
        out.silence = true;
    else if (draw < m_net_rate * 30)
        out.delay = milliseconds(m_net_random.below(1500));
    return out;
}

std::optional<Json> DaemonWorld::ask(const std::string& method, Json params) {
    std::optional<Json> out;
    user.call(method, std::move(params), [&out](const Json& answer) { out = answer; });
    (void)clock.run_until([&] { return out.has_value() || m_start_failed; }, seconds(40));
    if (!out) user.leave(), user.meet(m_starts);
    return out;
}

}    // namespace filfil::sim
