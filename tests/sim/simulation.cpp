// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "simulation.hpp"

#include "api_user.hpp"
#include "checks.hpp"
#include "crash_files.hpp"
#include "node/devnet/devnet.hpp"
#include "node/devnet/replay_chain.hpp"
#include "paid_chain.hpp"
#include "recorded_chain.hpp"
#include "service/daemon.hpp"
#include "sim_vfs.hpp"
#include "simulated_machine.hpp"
#include "watched_journal.hpp"

#include <cstdio>
#include <optional>
#include <set>
#include <utility>

namespace filfil::sim {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::int64_t window = 10;
constexpr std::int64_t slack = 20;

/// Everything that happened, as one number, and on demand as text.
class Trace final : public LogSink {
public:
    Trace(const Clock& clock, bool print) : m_clock(clock), m_print(print) {}
    void add(std::string_view what) noexcept {
        const auto now = static_cast<std::uint64_t>(m_clock.steady().count());
        mix(std::string_view(reinterpret_cast<const char*>(&now), sizeof now));
        mix(what);
        if (m_print)
            (void)std::fprintf(stderr, "%10.3f %.*s\n", static_cast<double>(now) / 1e9, static_cast<int>(what.size()),
                               what.data());
    }
    void write(LogLevel level, std::string_view module, std::string_view message) noexcept override {
        if (message.find(" is given up: ") != std::string_view::npos)
            given_up.insert(std::string(message.substr(0, message.find(" is given up: "))));
        add(std::string("    ") + std::to_string(static_cast<int>(level)) + " " + std::string(module) + ": " +
            std::string(message));
    }
    [[nodiscard]] std::uint64_t hash() const noexcept { return m_hash; }

    /// What was said to be given up: "schedule ID: epoch N".
    std::set<std::string> given_up;

private:
    void mix(std::string_view bytes) noexcept {
        for (const char byte : bytes) m_hash = (m_hash ^ static_cast<unsigned char>(byte)) * 1'099'511'628'211U;
    }
    const Clock& m_clock;
    bool m_print;
    std::uint64_t m_hash = 14'695'981'039'346'656'037U;
};

class Simulation {
public:
    Simulation(std::uint64_t seed, commp::Backend& hasher, bool print)
        : backend(hasher),
          m_random(seed),
          m_net_random(seed ^ 0x9e3779b97f4a7c15U),
          m_seed(seed),
          trace(clock, print),
          vfs(files, clock, seed),
          client_machine(clock, network, no_files, no_log, seed + 1, "client"),
          user(client_machine.world, [this](const std::string& text) { trace.add("  user: " + text); }) {}
    Simulation(const Simulation&) = delete;
    Simulation& operator=(const Simulation&) = delete;
    ~Simulation() {
        network.set_hook({});
        user.leave();
        end_process();
        m_listeners.clear();
        m_paid.reset();
        devnets.clear();
        machines.clear();
        while (wires.clear() > 0) {
        }
    }

    Outcome run();

    commp::Backend& backend;

private:
    struct Process {
        Process(Simulation& sim, unsigned number)
            : log(sim.clock, &sim.trace),
              machine(sim.clock, sim.network, sim.files, log, sim.m_seed * 1000 + number, "daemon") {
            service::DaemonTools tools{
                .world = machine.world,
                .log = log,
                .backend = sim.backend,
                .hashing = at_once,
                .writing = at_once,
                .loading = at_once,
                .open_journal = [&sim](const std::string& path) { return sim.open_journal(path); },
                .read_memory = [] { return service::MemoryReading{.rss = 100, .available = 1000, .total = 2000}; },
                .notify = [](const std::string&) {},
                .version = "0.0.0",
                .arena = {.segment_bits = 16, .huge_pages = false}};
            daemon = std::make_unique<service::Daemon>(std::move(tools), sim.config);
        }
        service::LogStore log;
        InlineExecutor at_once;
        Machine machine;
        std::unique_ptr<service::Daemon> daemon;
    };

    /// Once in so many times.
    bool one_in(std::uint64_t times) { return m_random.below(times) == 0; }
    std::uint64_t pick(std::uint64_t least, std::uint64_t most) { return least + m_random.below(most - least + 1); }
    void wrong(const std::string& what) { m_outcome.wrong.push_back(what); }

    Result<std::unique_ptr<journal::Journal>> open_journal(const std::string& path) {
        FILFIL_TRY(auto journal, journal::open_sqlite_journal(path, clock, vfs.options()));
        return watch(std::move(journal), acknowledged);
    }

    bool make_world();
    bool add_node(std::uint16_t port);
    Fate fate_of(Delivery& delivery);
    void start_process();
    void end_process();
    void power_loss();
    void look_after_process();
    void wait();
    void act();
    void disturb();
    void use_api();
    void take_a_snapshot();
    void look_at_schedules();

    // What is paid for.
    bool make_paid_chain();
    void stage_under_fire();
    void stage_in_the_end();

    // The end.
    void calm();
    std::optional<Json> ask(const std::string& method, Json params = Json::object());
    bool until(const std::string& what, const std::function<bool()>& there, Clock::Duration limit);
    bool come_in_step();
    bool all_quiet();
    void last_snapshot();
    void check_holds();
    void look_at_disk();
    Outcome finish();

    SeededRandom m_random;
    SeededRandom m_net_random;
    const std::uint64_t m_seed;
    Outcome m_outcome;

public:
    VirtualClock clock;
    Trace trace;
    ManualExecutor wires{clock};
    MemoryNetwork network{wires};
    CrashFiles files;
    CrashFiles no_files;
    NullLogSink no_log;
    SimVfs vfs;
    Acknowledged acknowledged;
    service::Config config;
    std::shared_ptr<const RecordedChain> chain;
    std::vector<std::unique_ptr<Machine>> machines;
    std::vector<std::unique_ptr<node::Devnet>> devnets;
    Machine client_machine;
    ApiUser user;

private:
    std::vector<std::unique_ptr<Transport::Listener>> m_listeners;
    std::unique_ptr<PaidChain> m_paid;
    std::unique_ptr<Process> m_process;
    unsigned m_starts = 0;
    bool m_start_failed = false;
    bool m_crash_planned = false;
    Clock::Duration m_start_at{};
    Clock::Duration m_node_back_at{};
    Clock::Duration m_room_at{};
    bool m_full = false;
    std::uint16_t m_node_down = 0;
    std::uint64_t m_net_rate = 0;    ///< of the network's faults, in ten-thousandths
};

bool Simulation::make_world() {
    chaingen::Config what;
    what.seed = m_seed;
    what.tipsets = pick(22, 36);
    what.state_bytes = 64 * KiB;
    what.tipset_bytes = 3 * KiB;
    what.blocks_per_tipset = 2;
    what.messages_per_block = 1;
    what.fork_rate = pick(0, 250);
    what.max_fork = 3;
    what.null_rate = pick(0, 150);
    what.oddities = true;
    what.genesis_time = 1'767'225'600;
    auto made = record(what);
    if (!made.ok()) {
        wrong("no chain: " + made.error().text());
        return false;
    }
    chain = std::make_shared<const RecordedChain>(*std::move(made));

    config.data_folder = "/data";
    config.network = "devnet";
    config.chain.bootstrap = "node";
    config.chain.recent_stateroots = window;
    config.chain.slack = slack;
    config.recipe.piece_size = one_in(2) ? 128 * KiB : 4 * MiB;
    config.recipe.recent_stateroots = 5;
    config.api.listen = "daemon:5346";
    config.checkpoint.every = minutes(pick(1, 20));
    config.snapshots.keep_layout = minutes(pick(1, 30));
    m_net_rate = one_in(3) ? 0 : pick(1, 40);
    const std::uint64_t nodes = pick(1, 2);
    for (std::uint64_t i = 0; i < nodes; ++i) {
        const auto port = static_cast<std::uint16_t>(1234 + i);
        config.nodes.push_back({.url = "ws://node:" + std::to_string(port) + "/rpc/v1"});
        if (!add_node(port)) return false;
    }
    if (!make_paid_chain()) return false;
    network.set_hook([this](Delivery& delivery) { return fate_of(delivery); });
    return true;
}

/// One slot wants a snapshot that can be taken to the end.
bool Simulation::make_paid_chain() {
    m_paid = std::make_unique<PaidChain>(clock, network, no_files, no_log, m_seed * 31 + 5,
                                         [this](const std::string& what) { trace.add(what); });
    const std::int64_t last = chain->last().epoch.value;
    const Epoch target{std::max<std::int64_t>(1, last - static_cast<std::int64_t>(m_seed % 4) - 20)};
    const auto begun = m_paid->begin(
        target, config, [this](const std::string& path, Bytes bytes) { files.put(path, std::move(bytes)); });
    if (!begun.ok()) wrong("no EVM chain: " + begun.error().text());
    return begun.ok();
}

bool Simulation::add_node(std::uint16_t port) {
    machines.push_back(
        std::make_unique<Machine>(clock, network, no_files, no_log, m_seed * 7 + port, "node-" + std::to_string(port)));
    node::DevnetOptions options;
    options.flavour = one_in(3) ? node::Flavour::forest : node::Flavour::lotus;
    options.seed = m_seed + port;
    options.period = seconds(pick(2, 8));
    options.huge_bytes = 64 * KiB;
    for (const node::Fault fault : node::all_faults)
        if (one_in(3)) options.faults.set(fault, static_cast<double>(pick(1, 20)) / 1000);
    auto replay = node::ReplayChain::make(std::make_unique<RecordedSource>(chain), chain->events);
    if (!replay.ok()) {
        wrong("no node: " + replay.error().text());
        return false;
    }
    auto devnet = node::Devnet::make(machines.back()->world, *std::move(replay), options, pick(3, 15));
    if (!devnet.ok()) {
        wrong("no node: " + devnet.error().text());
        return false;
    }
    devnets.push_back(*std::move(devnet));
    auto listener = machines.back()->transport.listen({.at = {"node", port}}, *devnets.back());
    if (!listener.ok()) {
        wrong("no node: " + listener.error().text());
        return false;
    }
    m_listeners.push_back(*std::move(listener));
    devnets.back()->start();
    return true;
}

Fate Simulation::fate_of(Delivery& delivery) {
    Fate out;
    if (delivery.at.host == "node" && m_node_down == delivery.at.port) {
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

void Simulation::start_process() {
    ++m_starts;
    acknowledged.start = m_starts;
    trace.add("the daemon starts");
    m_start_failed = false;
    user.meet(m_starts);
    m_process = std::make_unique<Process>(*this, m_starts);
    m_process->daemon->start([this](const Result<void>& started) {
        if (started.ok()) return;
        trace.add("it cannot start: " + started.error().text());
        m_start_failed = true;
    });
}

void Simulation::end_process() {
    m_process.reset();
    user.meet(m_starts);
}

void Simulation::power_loss() {
    trace.add("power loss");
    ++m_outcome.crashes;
    files.crash_at(1);
    end_process();
    files.restart(m_random);
    m_crash_planned = false;
    m_start_at = clock.steady() + seconds(m_random.below(20));
}

void Simulation::look_after_process() {
    if (files.crashed()) power_loss();
    if (m_process && m_start_failed) {
        end_process();
        m_start_at = clock.steady() + seconds(10);
    }
    if (!m_process && clock.steady() >= m_start_at) start_process();
    if (m_node_down != 0 && clock.steady() >= m_node_back_at) m_node_down = 0;
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

void Simulation::wait() {
    if (one_in(3)) {
        std::uint64_t tasks = m_random.below(400);
        (void)clock.run_until([&] { return files.crashed() || tasks-- == 0; }, seconds(20));
    } else {
        (void)clock.run_until([&] { return files.crashed(); }, milliseconds(m_random.below(6000)));
    }
}

void Simulation::disturb() {
    switch (m_random.below(8)) {
        case 0:
            if (m_process) power_loss();
            break;
        case 1:
        case 2:
            if (m_crash_planned) break;
            m_crash_planned = true;
            files.crash_at(pick(1, 120));
            trace.add("the power will go");
            break;
        case 3:
            if (!m_process) break;
            trace.add("killed");
            ++m_outcome.kills;
            files.kill();
            m_crash_planned = false;
            end_process();
            m_start_at = clock.steady() + seconds(m_random.below(20));
            break;
        case 4:
            trace.add("the disk is full soon");
            m_full = true;
            files.fill_up_after(m_random.below(40'000));
            m_room_at = clock.steady() + seconds(pick(1, 60));
            break;
        case 5:
            trace.add("a node is down");
            m_node_down = static_cast<std::uint16_t>(1234 + m_random.below(devnets.size()));
            m_node_back_at = clock.steady() + seconds(pick(1, 60));
            network.break_sockets();
            break;
        case 6: {
            const auto by = static_cast<std::int64_t>(m_random.below(7200)) - 3600;
            trace.add("the wall clock jumps " + std::to_string(by) + " s");
            clock.jump_wall(seconds(by));
            break;
        }
        default: {
            if (!m_process) break;
            trace.add("stop");
            bool stopped = false;
            m_process->daemon->stop([&stopped] { stopped = true; });
            (void)clock.run_until([&] { return stopped || files.crashed(); }, minutes(10));
            if (!stopped && !files.crashed() && !m_start_failed) wrong("the daemon did not stop within ten minutes");
            if (files.crashed()) return power_loss();
            trace.add("stopped");
            end_process();
            break;
        }
    }
}

void Simulation::take_a_snapshot() {
    static constexpr std::array<std::string_view, 3> targets = {"file", "pieces", "none"};
    Json params = {{"recent_stateroots", pick(1, 7)}, {"target", targets[m_random.below(3)]}, {"sha256", one_in(2)}};
    if (one_in(3))
        params["epoch"] =
            static_cast<std::int64_t>(m_random.below(static_cast<std::uint64_t>(chain->last().epoch.value) + 1));
    if (one_in(4)) params["keep_seconds"] = pick(1, 300);
    user.call("FilFil.TakeSnapshot", std::move(params));
}

void Simulation::look_at_schedules() {
    user.call("FilFil.Schedules", Json::object(), [this](const Json& answer) {
        for (const Json& schedule : answer.at("schedules")) {
            // What is being added may stand there, and is not promised yet.
            const auto promised = user.schedules.find(schedule.at("id").get<std::string>());
            if (promised == user.schedules.end()) continue;
            Json& known = promised->second;
            const Json first = known.value("first_last", Json());
            known = schedule;
            if (!first.is_null())
                known["first_last"] = first;
            else if (!schedule.at("last_epoch").is_null())
                known["first_last"] = schedule.at("last_epoch");
        }
    });
}

void Simulation::use_api() {
    switch (m_random.below(9)) {
        case 0:
        case 1:
        case 2: return take_a_snapshot();
        case 3:
            return user.call("FilFil.AddSchedule",
                             {{"every_epochs", pick(4, 9)}, {"finalized", one_in(2)}, {"to_file", one_in(2)}},
                             [this](const Json& schedule) {
                                 user.schedules.emplace(schedule.at("id").get<std::string>(), schedule);
                             });
        case 4:
            return user.call("FilFil.Hold", {{"reason", "kept"}, {"recent_stateroots", pick(1, 5)}},
                             [this](const Json& hold) { user.holds[hold.at("number").get<std::uint64_t>()] = hold; });
        case 5: return user.call("FilFil.Checkpoint", Json::object());
        case 6: return user.call("FilFil.CancelJob", {{"id", pick(1, 12)}});
        case 7: {
            if (user.holds.empty()) return;
            const std::uint64_t number = user.holds.begin()->first;
            // Whatever the answer is, from now on nothing is promised.
            user.holds.erase(number);
            return user.call("FilFil.ReleaseHold", {{"number", number}});
        }
        default: return user.call("FilFil.Retry", Json::object());
    }
}

void Simulation::act() {
    trace.add("changes " + std::to_string(files.changes()));
    if (one_in(4)) disturb();
    if (one_in(2)) use_api();
    m_paid->act([this](const std::string& method, Json params) { user.call(method, std::move(params)); });
    user.look_at_jobs();
    look_at_schedules();
}

void Simulation::calm() {
    trace.add("peace");
    files.make_room();
    m_full = false;
    m_node_down = 0;
    m_net_rate = 0;
    m_paid->calm();
    network.set_hook({});
    if (m_crash_planned) power_loss();
    // What was lost on the wires is given up by then.
    network.break_sockets();
    for (const auto& devnet : devnets)
        for (const node::Fault fault : node::all_faults) devnet->set_fault(fault, 0);
}

std::optional<Json> Simulation::ask(const std::string& method, Json params) {
    std::optional<Json> out;
    user.call(method, std::move(params), [&out](const Json& answer) { out = answer; });
    (void)clock.run_until([&] { return out.has_value() || m_start_failed; }, seconds(40));
    if (!out) user.leave(), user.meet(m_starts);
    return out;
}

bool Simulation::until(const std::string& what, const std::function<bool()>& there, Clock::Duration limit) {
    const Clock::Duration end = clock.steady() + limit;
    while (clock.steady() < end) {
        look_after_process();
        if (m_process && there()) return true;
        clock.advance(seconds(2));
    }
    wrong("a hang: not " + what);
    return false;
}

bool Simulation::come_in_step() {
    std::string last;
    const bool there = until(
        "in step with the chain's last head",
        [&] {
            const auto status = ask("FilFil.Status");
            if (!status) return false;
            last = status->dump();
            if (status->at("state") == "failed") (void)ask("FilFil.Retry");
            for (const auto& devnet : devnets)
                if (!devnet->status().ended) return false;
            return status->at("state") == "synced" && status->at("durable") == true &&
                   status->at("synced_epoch") == Json(chain->last().epoch.value);
        },
        hours(2));
    if (!there) wrong("the last status: " + last);
    return there;
}

bool Simulation::all_quiet() {
    std::string last;
    const bool there = until(
        "done with its jobs and schedules",
        [&] {
            look_at_schedules();
            user.look_at_jobs();
            const auto schedules = ask("FilFil.Schedules");
            const auto jobs = ask("FilFil.Jobs");
            const auto status = ask("FilFil.Status");
            if (!schedules || !jobs || !status) return false;
            last = schedules->dump() + jobs->dump();
            // The follower asks what is final when a head comes, and none comes any more: so it, and those behind it,
            // may wait.
            bool waits = false;
            for (const Json& job : jobs->at("jobs")) waits = waits || job.at("stage") == "waiting for finality";
            for (const Json& job : jobs->at("jobs")) {
                if (waits && job.at("kind") == "transaction") continue;
                if (job.at("state") == "queued" || job.at("state") == "running") return false;
            }
            for (const Json& schedule : schedules->at("schedules"))
                for (const Json& waiting : schedule.at("waiting")) {
                    // Nothing is known to be final where the daemon started after the last head.
                    const Json& finalized = status->at("finalized_epoch");
                    const bool later = schedule.at("finalized").get<bool>() &&
                                       (!finalized.is_number() ||
                                        waiting.at("epoch").get<std::int64_t>() > finalized.get<std::int64_t>());
                    if (!later) return false;
                }
            return true;
        },
        hours(1));
    if (!there) wrong("what was left: " + last);
    return there;
}

void Simulation::last_snapshot() {
    for (const auto& [method, params] : {std::pair<std::string, Json>{"FilFil.TakeSnapshot", {{"sha256", true}}},
                                         {"FilFil.Audit", {{"repair", false}}}}) {
        const auto begun = ask(method, params);
        if (!begun || !begun->contains("job")) return wrong(method + " was not begun at the end");
        std::optional<Json> job;
        if (!until(
                "done with " + method,
                [&] {
                    job = ask("FilFil.Job", {{"id", begun->at("job")}});
                    return job && job->at("state") != "queued" && job->at("state") != "running";
                },
                minutes(30)))
            return;
        if (job->at("state") != "done") wrong(method + " failed at the end: " + job->dump());
        if (method == "FilFil.Audit" && job->at("state") == "done" && job->at("result").at("good") != true)
            wrong("the audit at the end: " + job->dump());
    }
    user.look_at_jobs();
    look_at_schedules();
    clock.advance(seconds(5));
}

/// The slot's target is final now, and all that can go wrong while it is staged does.
void Simulation::stage_under_fire() {
    trace.add("staging under fire");
    m_net_rate = one_in(3) ? 0 : pick(1, 40);
    network.set_hook([this](Delivery& delivery) { return fate_of(delivery); });
    for (std::uint64_t turns = pick(15, 40); turns > 0; --turns) {
        look_after_process();
        wait();
        look_after_process();
        m_paid->act([this](const std::string& method, Json params) { user.call(method, std::move(params)); });
        if (!one_in(3) || !m_process) continue;
        if (one_in(2)) {
            if (m_crash_planned) continue;
            m_crash_planned = true;
            files.crash_at(pick(1, 40));
            trace.add("the power will go");
        } else {
            trace.add("killed");
            ++m_outcome.kills;
            files.kill();
            m_crash_planned = false;
            end_process();
            m_start_at = clock.steady() + seconds(m_random.below(10));
        }
    }
    calm();
}

/// However often it was asked for, and whatever came between: the slot is staged, once.
void Simulation::stage_in_the_end() {
    std::string last;
    std::optional<std::uint64_t> number;
    bool too_late = false;
    int patience = 100;
    const bool there = until(
        "staged",
        [&] {
            if (!number) {
                const auto begun = ask("FilFil.Incentivize", m_paid->wanted());
                if (begun && begun->contains("job")) number = begun->at("job").get<std::uint64_t>();
                return false;
            }
            const auto job = ask("FilFil.Job", {{"id", *number}});
            if (job) last = job->dump();
            const auto jobs = ask("FilFil.Jobs");
            if (!job || !jobs) return false;
            if (job->at("state") == "queued" || job->at("state") == "running") {
                // The follower asks what is final when a head comes, and none comes any more: it, or one before it,
                // waits.
                bool waits = false;
                for (const Json& one : jobs->at("jobs")) waits = waits || one.at("stage") == "waiting for finality";
                too_late = waits && --patience == 0;
                return too_late;
            }
            if (job->at("state") != "done") {
                // Nobody was there to hold it in time: it is final twenty epochs late, and the window has ten.
                too_late = last.find("needs older state than is kept") != std::string::npos;
                number.reset();
                return too_late;
            }
            if (!m_paid->settled()) return false;
            return true;
        },
        hours(2));
    if (!there) wrong("the last answer to FilFil.Incentivize: " + last);
    if (too_late) return;
    ++m_outcome.staged;
    m_outcome.reorged += m_paid->reorged();
    for (const std::string& what : m_paid->findings()) wrong(what);
}

void Simulation::check_holds() {
    const auto holds = ask("FilFil.Holds");
    const auto schedules = ask("FilFil.Schedules");
    if (!holds || !schedules) return wrong("the API does not answer at the end");
    std::map<std::uint64_t, Json> there;
    for (const Json& hold : holds->at("holds")) there[hold.at("number").get<std::uint64_t>()] = hold;
    for (const auto& [number, hold] : user.holds)
        if (!there.contains(number) || there[number].at("head") != hold.at("head"))
            wrong("hold " + std::to_string(number) + " was promised, and is gone");
    for (const auto& [number, hold] : there) {
        if (hold.at("kind") == "take") wrong("a hold of a job that is over: " + hold.dump());
        if (hold.at("kind") != "schedule") continue;
        bool waited_for = false;
        for (const Json& schedule : schedules->at("schedules"))
            for (const Json& waiting : schedule.at("waiting"))
                waited_for = waited_for || waiting.at("hold") == Json(number);
        if (!waited_for) wrong("a schedule's hold that it does not have: " + hold.dump());
    }
    for (const auto& [id, schedule] : user.schedules) {
        bool found = false;
        for (const Json& one : schedules->at("schedules")) found = found || one.at("id") == Json(id);
        if (!found) wrong("schedule " + id + " was promised, and is gone");
    }
}

void Simulation::look_at_disk() {
    bool stopped = false;
    m_process->daemon->stop([&stopped] { stopped = true; });
    if (!clock.run_until([&] { return stopped; }, minutes(10))) return wrong("the daemon did not stop at the end");
    end_process();
    for (const std::string& path : files.paths())
        if (path.ends_with(".part")) wrong(path + " was left");
    auto journal = journal::open_sqlite_journal("/data/journal.db", clock, vfs.options());
    if (!journal.ok()) return wrong("the journal at the end: " + journal.error().text());
    snapshot::EngineOptions options;
    options.store.arena = {.segment_bits = 16, .huge_pages = false};
    options.recent_stateroots = window;
    options.slack = slack;
    Findings found;
    check_engine(found, files, "/data/engine", options, clock, *chain, **journal);
    m_outcome.snapshots = check_snapshots(found, **journal, *chain, acknowledged, user, files, backend);
    m_outcome.scheduled = check_schedules(found, **journal, *chain, acknowledged, user, trace.given_up);
    for (const std::string& what : found.wrong) wrong(what);
}

Outcome Simulation::run() {
    if (!make_world()) return m_outcome;
    const std::uint64_t actions = pick(20, 45);
    for (std::uint64_t i = 0; i < actions; ++i) {
        look_after_process();
        wait();
        look_after_process();
        act();
    }
    calm();
    if (!come_in_step()) return finish();
    stage_under_fire();
    if (come_in_step() && all_quiet()) {
        stage_in_the_end();
        last_snapshot();
        check_holds();
        look_at_disk();
    }
    return finish();
}

Outcome Simulation::finish() {
    for (const std::string& what : m_outcome.wrong) trace.add("wrong: " + what);
    m_outcome.trace_hash = trace.hash();
    return m_outcome;
}

}    // namespace

Outcome run_seed(std::uint64_t seed, commp::Backend& hasher, bool trace) {
    return Simulation(seed, hasher, trace).run();
}

}    // namespace filfil::sim
