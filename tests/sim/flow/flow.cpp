// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "flow.hpp"

#include "daemon_world.hpp"
#include "flow_checks.hpp"
#include "node/devnet/devnet.hpp"
#include "node/devnet/generated_chain.hpp"
#include "paying_chain.hpp"
#include "shop.hpp"
#include "weather.hpp"

#include <array>
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

/// One seed; see run_flow().
class Flow final : public DaemonWorld {
public:
    Flow(std::uint64_t seed, commp::Backend& hasher, bool print)
        : DaemonWorld(
              seed, seed * 7919 + 13, hasher, print,
              {.least_away = 3, .most_away = 120, .after_failed_start = 20, .most_full = 300, .changes_to_crash = 300}),
          node(clock, network, no_files, no_log, seed * 7 + 3, "node"),
          paying(clock, network, no_files, no_log, seed * 31 + 5, [this](const std::string& what) { trace.add(what); }),
          yard(paying.chain(), paying.at),
          m_worst(seed * 17 + 11) {}
    ~Flow() override {
        leave_world();
        m_shops.clear();
        m_listener.reset();
        m_devnet.reset();
    }

    FlowOutcome run();

private:
    [[nodiscard]] std::uint64_t epoch() const { return static_cast<std::uint64_t>(m_devnet->status().epoch.value); }

    void node_goes_down() override;
    void nodes_come_back() override {
        if (m_node_down && clock.steady() >= m_node_back_at) m_node_down = false;
    }
    void stopped() override { m_start_at = clock.steady() + seconds(m_random.below(60)); }
    [[nodiscard]] bool is_down(const Delivery& delivery) const override;

    bool make_world();
    bool open_shops();
    void on_head();
    void look_at_weather();
    void heard_of(const std::string& id);
    void use_api();
    void stage_slots();
    void calm();
    bool all_ended();
    void look_at_holds();
    void look_at_disk();
    FlowOutcome finish();

    FlowOutcome m_outcome;
    Machine node;
    PayingChain paying;
    market::SealingYard yard;
    std::unique_ptr<node::Devnet> m_devnet;
    std::unique_ptr<Transport::Listener> m_listener;
    std::vector<std::unique_ptr<Shop>> m_shops;
    Asked m_asked;
    std::vector<std::int64_t> m_open_deals;    ///< as somebody has seen them
    Weather m_weather;
    Clock::Duration m_wall_ahead = clock.wall() - clock.steady();    ///< of the clock that does not jump
    SeededRandom m_worst;                                            ///< of what comes at the worst moment
    bool m_peace = false;
    bool m_has_stored = false;    ///< the daemon has just seen a piece in the contract
    Clock::Duration m_node_back_at{};
    bool m_node_down = false;
    std::uint64_t m_rage = 8;         ///< one disturbance in so many epochs
    std::uint64_t m_last_open = 0;    ///< windows that open later are not looked at
};

void Flow::node_goes_down() {
    trace.add("the node is down");
    m_node_down = true;
    m_node_back_at = clock.steady() + seconds(pick(1, 200));
    network.break_sockets();
}

bool Flow::is_down(const Delivery& delivery) const {
    return (delivery.at.host == "node" && m_node_down) ||
           std::ranges::any_of(m_shops, [&](const std::unique_ptr<Shop>& shop) {
               return shop->down() && shop->host() == delivery.at.host;
           });
}

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
    put("/keys/locator", to_bytes(bytes_of("secret")));
    const auto begun =
        paying.begin(epoch(), config, [this](const std::string& path, Bytes bytes) { put(path, std::move(bytes)); });
    if (!begun.ok()) return wrong("no contract: " + begun.error().text()), false;
    if (!open_shops()) return false;
    trace.on_log = [this](std::string_view said) {
        if (said.find(" is stored in sector ") != std::string_view::npos) m_has_stored = true;
        const std::size_t id = said.rfind(" as ");
        if (id == std::string_view::npos || said.find(" the market") == std::string_view::npos) return;
        heard_of(std::string(said.substr(id + 4)));
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
    for (std::size_t i = 0; i < 2; ++i) {
        m_shops.push_back(
            std::make_unique<Shop>(Shop::Parts{.clock = clock,
                                               .network = network,
                                               .files = files,
                                               .own_files = no_files,
                                               .log = no_log,
                                               .hasher = m_hasher,
                                               .chain = paying,
                                               .yard = yard,
                                               .seed = m_seed * 101 + i,
                                               .trace = [this](const std::string& text) { trace.add(text); }},
                                   kinds.at(i), i == 0 ? PayingChain::first_own : PayingChain::second_own));
        const auto begun = m_shops.back()->begin(
            config, [this](const std::string& path, Bytes bytes) { put(path, std::move(bytes)); });
        if (!begun.ok()) return wrong("no market: " + begun.error().text()), false;
    }
    return true;
}

/// An epoch: the contract's chain goes on with the devnet's, then the markets.
void Flow::on_head() {
    const std::uint64_t now = epoch();
    paying.follow(now);
    for (const auto& shop : m_shops) shop->advance(now);
    look_at_weather();
}

void Flow::look_at_weather() {
    const std::uint64_t now = epoch();
    std::uint64_t bad = paying.traps();
    if (!m_process || m_start_failed || clock.steady() < m_started_at + rested) bad |= Weather::daemon;
    if (m_full) bad |= Weather::disk;
    if (m_node_down) bad |= Weather::node;
    if (m_net_rate != 0) bad |= Weather::network;
    if (paying.last_reorg() + 1 >= static_cast<std::int64_t>(now)) bad |= Weather::reorg;
    const Clock::Duration wall_ahead = clock.wall() - clock.steady();
    if (std::exchange(m_wall_ahead, wall_ahead) != wall_ahead) bad |= Weather::clock;
    for (std::size_t i = 0; i < m_shops.size(); ++i) bad |= Weather::market(i, m_shops[i]->traps());
    m_weather.at[now] |= bad;
    m_weather.walls.emplace(clock.wall(), now);
}

/// The market has just taken a deal, and the daemon has said so and has not written all of it down.
void Flow::heard_of(const std::string& id) {
    for (const auto& shop : m_shops) {
        shop->heard.insert(id);
        if (m_peace || m_worst.below(6) != 0 || !shop->fake().deals().contains(id)) continue;
        if (!m_crash_planned) plan_power_loss(1);
        if (m_worst.below(2) == 0) shop->forget(id);
    }
}

void Flow::use_api() {
    auto id = static_cast<std::int64_t>(pick(1, 10));
    if (!m_open_deals.empty() && one_in(2)) id = m_open_deals.at(m_random.below(m_open_deals.size()));
    switch (m_random.below(6)) {
        case 0: m_asked.cancelled.insert(id); return user.call("FilFil.CancelDeal", {{"id", id}});
        case 1:
        case 2: ++m_asked.retried[id]; return user.call("FilFil.RetryDeal", {{"id", id}});
        case 3: {
            if (paying.windows().empty()) return;
            auto window = paying.windows().begin();
            std::advance(window, static_cast<std::ptrdiff_t>(m_random.below(paying.windows().size())));
            ++m_asked.stored[window->second.target];
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
    m_node_down = false;
    paying.calm();
    for (const auto& shop : m_shops) shop->calm();
    calm_down();
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
    const FlowSeen seen{.journal = **journal,
                        .paying = paying,
                        .shops = shops,
                        .asked = m_asked,
                        .weather = m_weather,
                        .last_open = m_last_open};
    FlowLook look(seen, m_outcome);
    if (!look.read()) return;
    check_reasons(look);
    check_windows(look);
    check_book(look);
    check_markets(look);
    check_chain(look);
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
    while (!m_peace && m_wrong.empty()) {
        look_after_process();
        const Clock::Duration until =
            one_in(4) ? milliseconds(m_random.below(2000)) : period / 2 + milliseconds(m_random.below(60'000));
        (void)clock.run_until([&] { return files.crashed(); }, until);
        look_after_process();
        if (one_in(m_rage)) disturb();
        paying.act();
        if (std::exchange(m_has_stored, false) && m_worst.below(2) == 0) (void)paying.take_back();
        for (const auto& shop : m_shops)
            if (m_rage < 20 || one_in(3)) shop->act(epoch());
        if (one_in(m_rage)) use_api();
        look_at_weather();
        stage_slots();
        if (seen()) {
            m_last_open = opens.at(slots - 1);
            const std::size_t last = slots - 1 - std::min<std::uint64_t>(quiet_from, slots - 1);
            if (epoch() >= opens.at(last) + 12 + m_seed % 20) calm();
        }
        if (epoch() > 1500) wrong("a hang: the windows do not come");
    }
    if (!m_wrong.empty()) return finish();
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
    if (m_process && m_wrong.empty()) look_at_holds();
    look_at_disk();
    return finish();
}

FlowOutcome Flow::finish() {
    m_outcome.reorged = paying.reorged();
    m_outcome.crashes = m_crashes;
    m_outcome.kills = m_kills;
    m_outcome.wrong.insert(m_outcome.wrong.begin(), m_wrong.begin(), m_wrong.end());
    for (const std::string& what : m_outcome.wrong) trace.add("wrong: " + what);
    m_outcome.trace_hash = trace.hash();
    return m_outcome;
}

}    // namespace

FlowOutcome run_flow(std::uint64_t seed, commp::Backend& hasher, bool trace) { return Flow(seed, hasher, trace).run(); }

}    // namespace filfil::sim
