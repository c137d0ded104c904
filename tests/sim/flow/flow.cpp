// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "flow.hpp"

#include "api_user.hpp"
#include "flow_checks.hpp"
#include "node/devnet/devnet.hpp"
#include "node/devnet/generated_chain.hpp"
#include "paying_chain.hpp"
#include "service/daemon.hpp"
#include "shop.hpp"
#include "sim_vfs.hpp"

#include <array>
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

constexpr Clock::Duration period = seconds(60);    ///< from one epoch to the next
constexpr Clock::Duration rested = minutes(4);     ///< after a start a daemon is taken to be at work

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
        if (on_log) on_log(message);
        add(std::string("    ") + std::to_string(static_cast<int>(level)) + " " + std::string(module) + ": " +
            std::string(message));
    }
    [[nodiscard]] std::uint64_t hash() const noexcept { return m_hash; }

    std::function<void(std::string_view)> on_log;    ///< told of what the daemon says

private:
    void mix(std::string_view bytes) noexcept {
        for (const char byte : bytes) m_hash = (m_hash ^ static_cast<unsigned char>(byte)) * 1'099'511'628'211U;
    }
    const Clock& m_clock;
    bool m_print;
    std::uint64_t m_hash = 14'695'981'039'346'656'037U;
};

class Flow {
public:
    Flow(std::uint64_t seed, commp::Backend& hasher, bool print)
        : backend(hasher),
          m_random(seed * 7919 + 13),
          m_net_random(seed ^ 0x9e3779b97f4a7c15U),
          m_seed(seed),
          trace(clock, print),
          vfs(files, clock, seed),
          node(clock, network, no_files, no_log, seed * 7 + 3, "node"),
          paying(clock, network, no_files, no_log, seed * 31 + 5, [this](const std::string& what) { trace.add(what); }),
          yard(paying.chain(), paying.at),
          client_machine(clock, network, no_files, no_log, seed + 1, "client"),
          user(client_machine.world, [this](const std::string& text) { trace.add("  user: " + text); }) {}
    Flow(const Flow&) = delete;
    Flow& operator=(const Flow&) = delete;
    ~Flow() {
        network.set_hook({});
        user.leave();
        end_process();
        trace.on_log = {};
        m_shops.clear();
        m_listener.reset();
        m_devnet.reset();
        while (wires.clear() > 0) {
        }
    }

    FlowOutcome run();

    commp::Backend& backend;

private:
    struct Process {
        Process(Flow& flow, unsigned number)
            : log(flow.clock, &flow.trace),
              machine(flow.clock, flow.network, flow.files, log, flow.m_seed * 1000 + number, "daemon") {
            service::DaemonTools tools{
                .world = machine.world,
                .log = log,
                .backend = flow.backend,
                .hashing = at_once,
                .writing = at_once,
                .loading = at_once,
                .open_journal = [&flow](const std::string& path) -> Result<std::unique_ptr<journal::Journal>> {
                    return journal::open_sqlite_journal(path, flow.clock, flow.vfs.options());
                },
                .read_memory = [] { return service::MemoryReading{.rss = 100, .available = 1000, .total = 2000}; },
                .notify = [](const std::string&) {},
                .version = "0.0.0",
                .arena = {.segment_bits = 16, .huge_pages = false}};
            daemon = std::make_unique<service::Daemon>(std::move(tools), flow.config);
        }
        service::LogStore log;
        InlineExecutor at_once;
        Machine machine;
        std::unique_ptr<service::Daemon> daemon;
    };

    bool one_in(std::uint64_t times) { return m_random.below(times) == 0; }
    std::uint64_t pick(std::uint64_t least, std::uint64_t most) { return least + m_random.below(most - least + 1); }
    void wrong(const std::string& what) { m_outcome.wrong.push_back(what); }
    [[nodiscard]] std::uint64_t epoch() const { return static_cast<std::uint64_t>(m_devnet->status().epoch.value); }

    bool make_world();
    bool open_shops();
    Fate fate_of(Delivery& delivery);
    void start_process();
    void end_process();
    void power_loss();
    void look_after_process();
    void on_head();
    void disturb();
    void use_api();
    void stage_slots();
    void calm();
    std::optional<Json> ask(const std::string& method, Json params = Json::object());
    bool all_ended();
    bool stop();
    void look_at_holds();
    void look_at_disk();
    FlowOutcome finish();

    SeededRandom m_random;
    SeededRandom m_net_random;
    const std::uint64_t m_seed;
    FlowOutcome m_outcome;

public:
    VirtualClock clock;
    Trace trace;
    ManualExecutor wires{clock};
    MemoryNetwork network{wires};
    CrashFiles files;
    CrashFiles no_files;
    NullLogSink no_log;
    SimVfs vfs;
    service::Config config;
    Machine node;
    PayingChain paying;
    market::SealingYard yard;
    Machine client_machine;
    ApiUser user;

private:
    std::unique_ptr<node::Devnet> m_devnet;
    std::unique_ptr<Transport::Listener> m_listener;
    std::vector<std::unique_ptr<Shop>> m_shops;
    std::unique_ptr<Process> m_process;
    Asked m_asked;
    std::vector<std::int64_t> m_open_deals;    ///< as somebody has seen them
    Weather m_weather;
    unsigned m_starts = 0;
    bool m_start_failed = false;
    bool m_crash_planned = false;
    bool m_peace = false;
    Clock::Duration m_start_at{};
    Clock::Duration m_started_at{};
    Clock::Duration m_room_at{};
    Clock::Duration m_node_back_at{};
    bool m_full = false;
    bool m_node_down = false;
    std::uint64_t m_net_rate = 0;     ///< of the network's faults, in ten-thousandths
    std::uint64_t m_rage = 8;         ///< one disturbance in so many epochs
    std::uint64_t m_last_open = 0;    ///< windows that open later are not looked at
};

bool Flow::make_world() {
    chaingen::Config what;
    what.seed = m_seed;
    what.state_bytes = 64 * KiB;
    what.tipset_bytes = 2 * KiB;
    what.blocks_per_tipset = 2;
    what.messages_per_block = 1;
    what.fork_rate = one_in(2) ? 0 : pick(0, 100);
    what.max_fork = 3;
    what.null_rate = pick(0, 80);
    what.genesis_time = 1'767'225'600;
    auto generated = node::GeneratedChain::make({.chain = what, .retention = std::nullopt});
    if (!generated.ok()) return wrong("no chain: " + generated.error().text()), false;
    node::DevnetOptions options;
    options.flavour = one_in(3) ? node::Flavour::forest : node::Flavour::lotus;
    options.seed = m_seed;
    options.period = period;
    auto devnet = node::Devnet::make(node.world, *std::move(generated), options, pick(10, 14));
    if (!devnet.ok()) return wrong("no node: " + devnet.error().text()), false;
    m_devnet = *std::move(devnet);
    auto listener = node.transport.listen({.at = {"node", 1234}}, *m_devnet);
    if (!listener.ok()) return wrong("no node: " + listener.error().text()), false;
    m_listener = *std::move(listener);

    config.data_folder = "/data";
    config.network = "devnet";
    config.nodes = {{.url = "ws://node:1234/rpc/v1"}};
    config.chain.bootstrap = "node";
    config.chain.recent_stateroots = 15;
    config.chain.slack = 25;
    config.recipe.piece_size = one_in(2) ? 128 * KiB : 256 * KiB;
    config.recipe.recent_stateroots = 4;
    config.api.listen = "daemon:5346";
    config.retrieval.listen = "daemon:5347";
    config.retrieval.locator_token_file = "/keys/locator";
    config.checkpoint.every = minutes(pick(10, 60));
    config.deals.poll = seconds(30);
    config.deals.start_after = seconds(150 * 30);    // epochs have half a minute for the network
    const auto put = [this](const std::string& path, Bytes bytes) { files.put(path, std::move(bytes)); };
    put("/keys/locator", to_bytes(bytes_of("secret")));
    const auto begun = paying.begin(epoch(), config, put);
    if (!begun.ok()) return wrong("no contract: " + begun.error().text()), false;
    if (!open_shops()) return false;
    trace.on_log = [this](std::string_view said) {
        const std::size_t id = said.rfind(" as ");
        if (id == std::string_view::npos || said.find(" the market") == std::string_view::npos) return;
        for (const auto& shop : m_shops) shop->heard.insert(std::string(said.substr(id + 4)));
    };
    m_devnet->on_head([this](const chain::HeadChanges&, std::uint64_t) { on_head(); });
    m_net_rate = one_in(3) ? pick(1, 40) : 0;
    m_rage = one_in(4) ? pick(20, 60) : pick(5, 16);
    network.set_hook([this](Delivery& delivery) { return fate_of(delivery); });
    m_devnet->start();
    return true;
}

bool Flow::open_shops() {
    std::array<service::MarketKind, 3> kinds = {service::MarketKind::curio_mk20, service::MarketKind::curio_mk12,
                                                service::MarketKind::boost};
    std::swap(kinds[0], kinds[pick(0, 2)]);
    std::swap(kinds[1], kinds[pick(1, 2)]);
    const auto put = [this](const std::string& path, Bytes bytes) { files.put(path, std::move(bytes)); };
    for (std::size_t i = 0; i < 2; ++i) {
        m_shops.push_back(
            std::make_unique<Shop>(Shop::Parts{.clock = clock,
                                               .network = network,
                                               .files = files,
                                               .own_files = no_files,
                                               .log = no_log,
                                               .hasher = backend,
                                               .chain = paying,
                                               .yard = yard,
                                               .seed = m_seed * 101 + i,
                                               .trace = [this](const std::string& text) { trace.add(text); }},
                                   kinds.at(i), i == 0 ? PayingChain::first_own : PayingChain::second_own));
        const auto begun = m_shops.back()->begin(config, put);
        if (!begun.ok()) return wrong("no market: " + begun.error().text()), false;
    }
    return true;
}

Fate Flow::fate_of(Delivery& delivery) {
    Fate out;
    const bool down = (delivery.at.host == "node" && m_node_down) ||
                      std::ranges::any_of(m_shops, [&](const std::unique_ptr<Shop>& shop) {
                          return shop->down() && shop->host() == delivery.at.host;
                      });
    if (down) {
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

void Flow::start_process() {
    ++m_starts;
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

void Flow::end_process() {
    m_process.reset();
    user.meet(m_starts);
}

void Flow::power_loss() {
    trace.add("power loss");
    ++m_outcome.crashes;
    files.crash_at(1);
    end_process();
    files.restart(m_random);
    m_crash_planned = false;
    m_start_at = clock.steady() + seconds(pick(3, 120));
}

void Flow::look_after_process() {
    if (files.crashed()) power_loss();
    if (m_process && m_start_failed) {
        end_process();
        m_start_at = clock.steady() + seconds(20);
    }
    if (!m_process && clock.steady() >= m_start_at) start_process();
    if (m_node_down && clock.steady() >= m_node_back_at) m_node_down = false;
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

/// An epoch: the contract's chain goes on with the devnet's, then the markets.
void Flow::on_head() {
    const std::uint64_t now = epoch();
    paying.follow(now);
    for (const auto& shop : m_shops) shop->advance(now);
    unsigned bad = 0;
    if (!m_process || m_start_failed || clock.steady() < m_started_at + rested) bad |= Weather::daemon;
    if (m_full) bad |= Weather::disk;
    if (m_node_down) bad |= Weather::node;
    if (m_net_rate != 0) bad |= Weather::network;
    if (paying.troubled()) bad |= Weather::contract;
    if (paying.last_reorg() + 1 >= static_cast<std::int64_t>(now)) bad |= Weather::reorg;
    for (std::size_t i = 0; i < m_shops.size(); ++i)
        if (m_shops[i]->troubled()) bad |= Weather::market(m_shops[i]->miner());
    m_weather.at[now] |= bad;
}

void Flow::disturb() {
    switch (m_random.below(8)) {
        case 0:
            if (m_process) power_loss();
            break;
        case 1:
        case 2:
            if (m_crash_planned) break;
            m_crash_planned = true;
            files.crash_at(pick(1, 300));
            trace.add("the power will go");
            break;
        case 3:
            if (!m_process) break;
            trace.add("killed");
            ++m_outcome.kills;
            files.kill();
            m_crash_planned = false;
            end_process();
            m_start_at = clock.steady() + seconds(pick(3, 120));
            break;
        case 4:
            trace.add("the disk is full soon");
            m_full = true;
            files.fill_up_after(m_random.below(40'000));
            m_room_at = clock.steady() + seconds(pick(1, 300));
            break;
        case 5:
            trace.add("the node is down");
            m_node_down = true;
            m_node_back_at = clock.steady() + seconds(pick(1, 200));
            network.break_sockets();
            break;
        case 6: {
            const auto by = static_cast<std::int64_t>(m_random.below(7200)) - 3600;
            trace.add("the wall clock jumps " + std::to_string(by) + " s");
            clock.jump_wall(seconds(by));
            break;
        }
        default:
            if (!m_process) break;
            trace.add("stop");
            if (!stop()) return;
            m_start_at = clock.steady() + seconds(m_random.below(60));
            break;
    }
}

/// @return false where the power went meanwhile
bool Flow::stop() {
    bool stopped = false;
    m_process->daemon->stop([&stopped] { stopped = true; });
    (void)clock.run_until([&] { return stopped || files.crashed(); }, minutes(10));
    if (files.crashed()) return power_loss(), false;
    if (!stopped && !m_start_failed) wrong("the daemon did not stop within ten minutes");
    trace.add("stopped");
    end_process();
    return true;
}

void Flow::use_api() {
    auto id = static_cast<std::int64_t>(pick(1, 10));
    if (!m_open_deals.empty() && one_in(2)) id = m_open_deals.at(m_random.below(m_open_deals.size()));
    switch (m_random.below(6)) {
        case 0: m_asked.cancelled.insert(id); return user.call("FilFil.CancelDeal", {{"id", id}});
        case 1:
        case 2: ++m_asked.retries; return user.call("FilFil.RetryDeal", {{"id", id}});
        case 3: {
            if (paying.windows().empty()) return;
            auto window = paying.windows().begin();
            std::advance(window, static_cast<std::ptrdiff_t>(m_random.below(paying.windows().size())));
            ++m_asked.retries;
            return user.call("FilFil.Store", {{"epoch", window->second.target}});
        }
        case 4:
            return user.call("FilFil.Deals", {{"open", true}}, [this](const Json& answer) {
                m_open_deals.clear();
                for (const Json& deal : answer.at("deals")) m_open_deals.push_back(deal.at("id").get<std::int64_t>());
            });
        default: return user.call("FilFil.Status", Json::object());
    }
}

/// As the operator: asks for what is not staged yet, now and then too early or twice.
void Flow::stage_slots() {
    const std::uint64_t now = epoch();
    for (const auto& [key, window] : paying.windows()) {
        if (window.target > now || window.close <= now || paying.state().slots.contains(window.slot)) continue;
        const bool final = now >= window.target + 20;
        if (!one_in(final ? 3 : 40)) continue;
        for (std::uint64_t times = one_in(6) ? 2 : 1; times > 0; --times)
            user.call("FilFil.Incentivize", {{"epoch", window.target}, {"reward", "1 FIL"}});
    }
}

void Flow::calm() {
    trace.add("peace");
    m_peace = true;
    files.make_room();
    m_full = false;
    m_node_down = false;
    m_net_rate = 0;
    paying.calm();
    for (const auto& shop : m_shops) shop->calm();
    if (m_crash_planned) power_loss();
    // What was lost on the wires is given up by then.
    network.break_sockets();
}

std::optional<Json> Flow::ask(const std::string& method, Json params) {
    std::optional<Json> out;
    user.call(method, std::move(params), [&out](const Json& answer) { out = answer; });
    (void)clock.run_until([&] { return out.has_value() || m_start_failed; }, seconds(40));
    if (!out) user.leave(), user.meet(m_starts);
    return out;
}

bool Flow::all_ended() {
    std::uint64_t end = 0;
    for (const auto& [key, window] : paying.windows())
        if (window.open <= m_last_open) end = std::max(end, window.close);
    if (epoch() < end + paying.confirmations() + 3 || !paying.settled()) return false;
    const auto open = ask("FilFil.Deals", {{"open", true}, {"limit", 1000}});
    if (!open) return false;
    for (const Json& deal : open->at("deals"))
        if (deal.at("open_epoch").get<std::uint64_t>() <= m_last_open) return false;
    return true;
}

/// The blocks of a piece are kept for a day behind its window's end.
void Flow::look_at_holds() {
    m_devnet->pause();
    if (!stop()) return;
    clock.advance(hours(30));
    const double now = std::chrono::duration<double>(clock.wall()).count();
    start_process();
    std::optional<Json> holds;
    for (int tries = 0; tries < 60 && !holds; ++tries) {
        clock.advance(seconds(10));
        const auto status = ask("FilFil.Status");
        if (status && status->at("state") == "synced" && tries > 12) holds = ask("FilFil.Holds");
    }
    // Of a window that opened meanwhile the snapshot is wanted.
    const auto open = holds ? ask("FilFil.Deals", {{"open", true}, {"limit", 1000}}) : std::nullopt;
    if (!open) return wrong("the daemon does not answer at the end");
    std::set<Json> wanted;
    for (const Json& deal : open->at("deals")) wanted.insert(deal.at("snapshot"));
    for (const Json& hold : holds->at("holds")) {
        if (!hold.at("snapshot").is_null() && wanted.contains(hold.at("snapshot"))) continue;
        if (hold.at("kind") == "take" ||
            (hold.at("kind") == "snapshot" && hold.at("made_at") < now && !hold.at("expires_at").is_null()))
            wrong("a hold was left: " + hold.dump());
    }
}

void Flow::look_at_disk() {
    if (!m_process || !stop()) return wrong("the daemon was not there at the end");
    for (const std::string& path : files.paths())
        if (path.ends_with(".part")) wrong(path + " was left");
    auto journal = journal::open_sqlite_journal("/data/journal.db", clock, vfs.options());
    if (!journal.ok()) return wrong("the journal at the end: " + journal.error().text());
    std::vector<const Shop*> shops;
    for (const auto& shop : m_shops) shops.push_back(shop.get());
    check_flow({.journal = **journal,
                .paying = paying,
                .shops = shops,
                .asked = m_asked,
                .weather = m_weather,
                .last_open = m_last_open},
               m_outcome);
}

FlowOutcome Flow::run() {
    if (!make_world()) return finish();
    // Windows are known a round ahead; own ones come one after the other.
    const std::uint64_t slots = pick(3, 5);
    const std::uint64_t quiet_from = pick(0, 3);    // the last so many may be left in peace
    std::vector<std::uint64_t> opens;
    const auto seen = [&] {
        opens.clear();
        for (const auto& [key, window] : paying.windows()) opens.push_back(window.open);
        std::ranges::sort(opens);
        return opens.size() >= slots;
    };
    while (!m_peace && m_outcome.wrong.empty()) {
        look_after_process();
        const Clock::Duration until =
            one_in(4) ? milliseconds(m_random.below(2000)) : period / 2 + milliseconds(m_random.below(60'000));
        (void)clock.run_until([&] { return files.crashed(); }, until);
        look_after_process();
        if (one_in(m_rage)) disturb();
        paying.act();
        for (const auto& shop : m_shops)
            if (m_rage < 20 || one_in(3)) shop->act(epoch());
        if (one_in(m_rage)) use_api();
        stage_slots();
        if (seen()) {
            m_last_open = opens.at(slots - 1);
            const std::size_t last = slots - 1 - std::min<std::uint64_t>(quiet_from, slots - 1);
            if (epoch() >= opens.at(last) + 12 + m_seed % 20) calm();
        }
        if (epoch() > 1500) wrong("a hang: the windows do not come");
    }
    if (!m_outcome.wrong.empty()) return finish();
    // What a market has paused is over with the start of its deal.
    const std::uint64_t patience = m_last_open + 260;
    while (true) {
        look_after_process();
        clock.advance(seconds(40));
        look_after_process();
        stage_slots();
        if (m_process && all_ended()) break;
        if (epoch() > patience) {
            wrong("a hang: deals are open long after their windows");
            break;
        }
    }
    for (const auto& shop : m_shops)
        for (const std::string& what : shop->wrong) wrong(what);
    if (m_process && m_outcome.wrong.empty()) look_at_holds();
    look_at_disk();
    return finish();
}

FlowOutcome Flow::finish() {
    m_outcome.reorged = paying.reorged();
    for (const std::string& what : m_outcome.wrong) trace.add("wrong: " + what);
    m_outcome.trace_hash = trace.hash();
    return m_outcome;
}

}    // namespace

FlowOutcome run_flow(std::uint64_t seed, commp::Backend& hasher, bool trace) { return Flow(seed, hasher, trace).run(); }

}    // namespace filfil::sim
