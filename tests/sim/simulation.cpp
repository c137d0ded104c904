// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "simulation.hpp"

#include "node/devnet/replay_chain.hpp"
#include "simulation_run.hpp"

#include <array>
#include <utility>

namespace filfil::sim {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

Simulation::Simulation(std::uint64_t seed, commp::Backend& hasher, bool print)
    : DaemonWorld(seed, seed, hasher, print, Habits{}) {
    trace.on_log = [this](std::string_view said) {
        const std::size_t end = said.find(" is given up: ");
        if (end != std::string_view::npos) m_given_up.insert(std::string(said.substr(0, end)));
    };
}

Simulation::~Simulation() {
    leave_world();
    m_listeners.clear();
    m_paid.reset();
    devnets.clear();
    machines.clear();
}

Result<std::unique_ptr<journal::Journal>> Simulation::open_journal(const std::string& path) {
    FILFIL_TRY(auto journal, DaemonWorld::open_journal(path));
    return watch(std::move(journal), acknowledged);
}

void Simulation::node_goes_down() {
    trace.add("a node is down");
    m_node_down = static_cast<std::uint16_t>(1234 + m_random.below(devnets.size()));
    m_node_back_at = clock.steady() + seconds(pick(1, 60));
    network.break_sockets();
}

void Simulation::nodes_come_back() {
    if (m_node_down != 0 && clock.steady() >= m_node_back_at) m_node_down = 0;
}

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

void Simulation::wait() {
    if (one_in(3)) {
        std::uint64_t tasks = m_random.below(400);
        (void)clock.run_until([&] { return files.crashed() || tasks-- == 0; }, seconds(20));
    } else {
        (void)clock.run_until([&] { return files.crashed(); }, milliseconds(m_random.below(6000)));
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

Outcome Simulation::run() {
    if (!make_world()) return finish();
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
    m_outcome.wrong = m_wrong;
    m_outcome.crashes = m_crashes;
    m_outcome.kills = m_kills;
    for (const std::string& what : m_outcome.wrong) trace.add("wrong: " + what);
    m_outcome.trace_hash = trace.hash();
    return m_outcome;
}

Outcome run_seed(std::uint64_t seed, commp::Backend& hasher, bool trace) {
    return Simulation(seed, hasher, trace).run();
}

}    // namespace filfil::sim
