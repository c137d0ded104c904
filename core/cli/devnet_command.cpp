// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cli/add_command.hpp"
#include "cli/commands.hpp"
#include "cli/devnet_options.hpp"
#include "cli/hash_path.hpp"
#include "cli/output.hpp"
#include "net/asio_transport.hpp"
#include "node/devnet/devnet.hpp"
#include "node/devnet/replay_chain.hpp"
#ifdef FILFIL_SHOWCASE
#include "showcase/showcase.hpp"
#endif
#ifdef FILFIL_DAEMON
#include "service/config_file.hpp"
#endif

#include <algorithm>
#include <condition_variable>
#include <future>
#include <mutex>

namespace filfil::cli {
namespace {

/// It may be forgetting old states just then, and lets go of a whole chain.
constexpr Clock::Duration devnet_patience = std::chrono::seconds(30);

/// Messages for people go to standard error, from warnings on.
class ConsoleLog final : public LogSink {
public:
    explicit ConsoleLog(Context& context) : m_context(context) {}
    void write(LogLevel level, std::string_view module, std::string_view message) noexcept override {
        if (level < LogLevel::warning) return;
        m_context.console.err("fil-fil: " + std::string(module) + ": " + std::string(message) + '\n');
    }

private:
    Context& m_context;
};

using Fields = std::vector<std::pair<std::string, std::string>>;

Json texts_of(const chain::TipsetKey& key) {
    Json out = Json::array();
    for (const ipld::Cid& cid : key) out.push_back(cid.text());
    return out;
}

/// Waits until all has run that was posted before.
void drain(Executor& loop) {
    std::promise<void> reached;
    loop.post([&] { reached.set_value(); });
    reached.get_future().wait();
}

void wait_for(const std::stop_token& stop) {
    std::mutex mutex;
    std::condition_variable_any wake;
    std::unique_lock lock(mutex);
    wake.wait(lock, stop, [] { return false; });
}

class Running {
public:
    Running(Context& context, const DevnetSettings& settings)
        : m_context(context), m_settings(settings), m_log(context), m_loop(1), m_transport(m_log) {}
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;

    /// Nothing may call into what is gone: first the listener's handlers end, then what lives on the loop.
    ~Running() {
        m_listener.reset();
#ifdef FILFIL_SHOWCASE
        if (m_show) m_loop.post([this] { m_show->close(); });
        drain(m_loop);
#endif
        m_devnet.reset();
        drain(m_loop);
#ifdef FILFIL_SHOWCASE
        m_show.reset();
        drain(m_loop);
#endif
    }

    Result<void> run() {
        FILFIL_TRY(std::unique_ptr<node::DevnetChain> chain, make_chain());
        if (m_settings.contract) {
            FILFIL_CHECK(make_with_contract(std::move(chain)));
        } else {
            FILFIL_TRY(m_devnet, node::Devnet::make(m_world, std::move(chain), m_settings.node, m_settings.tipsets));
        }
        if (m_context.stop.stop_requested()) return Error(ErrorCode::cancelled, "stopped before the devnet had begun");
        const node::Devnet::Status first = m_devnet->status();
        m_devnet->on_head([this](const chain::HeadChanges& changes, std::uint64_t event) { tell(changes, event); });
        ListenOptions options;
        options.at = {m_settings.host, m_settings.port};
        options.request_limit = 100 * MiB;
        options.connections_a_peer = options.connections;
        FILFIL_TRY(m_listener, m_transport.listen(options, *m_devnet));
        FILFIL_CHECK(prepare_daemon());
        tell_listening(first);
        m_devnet->start();
        wait_for(m_context.stop);
        if (m_context.allow_time) m_context.allow_time(devnet_patience);
        return {};
    }

private:
    Result<std::unique_ptr<node::DevnetChain>> make_chain() {
        if (m_settings.replay.empty()) {
            FILFIL_TRY(std::unique_ptr<node::DevnetChain> made, node::GeneratedChain::make(m_settings.chain));
            return made;
        }
        ThreadPool threads(std::max(1U, usable_cpus() - 1));
        FILFIL_TRY(std::unique_ptr<node::DevnetChain> read,
                   node::ReplayChain::load(m_context.files, m_settings.replay, m_settings.events, threads, m_random,
                                           m_context.stop));
        return read;
    }

#ifdef FILFIL_SHOWCASE
    Result<void> make_with_contract(std::unique_ptr<node::DevnetChain> chain) {
        FILFIL_TRY(m_show, showcase::Showcase::make(m_world, {.deals = deals_folder()}));
        node::DevnetOptions options = m_settings.node;
        options.evm = m_show->url();
        node::DevnetChain& kept = *chain;
        FILFIL_TRY(m_devnet, node::Devnet::make(m_world, std::move(chain), std::move(options), m_settings.tipsets));
        std::promise<void> played;
        m_loop.post([&] {
            m_show->watch(kept, [this] { return m_devnet->status().head; }, m_devnet->status().epoch);
            played.set_value();
        });
        played.get_future().wait();
        return {};
    }

    void tell_contract(Json& out, Fields& rows) const {
        if (!m_show) return;
        const showcase::Showcase::Facts facts = m_show->facts();
        const std::string recipe = snapshot::text_of(facts.recipe);
        for (const auto& [name, value] : {std::pair("contract", facts.contract), std::pair("wallet", facts.wallet),
                                          std::pair("miner", facts.miner), std::pair("recipe", recipe)}) {
            out[name] = value;
            rows.emplace_back(name, value);
        }
        if (m_settings.daemon.empty()) return;
        out["daemon"] = m_settings.daemon;
        rows.emplace_back("daemon", "fil-fil daemon --data " + m_settings.daemon);
    }

    [[nodiscard]] std::string deals_folder() const {
        return m_settings.daemon.empty() ? "" : join_path(m_settings.daemon, "deals");
    }
#else
    Result<void> make_with_contract(std::unique_ptr<node::DevnetChain>) {
        return Error(ErrorCode::unsupported, "this build plays no contract",
                     "build it with libsecp256k1-dev and libsqlite3-dev");
    }
    void tell_contract(Json&, Fields&) const {}
#endif

    /// Settings for the daemon that takes part, so that it can be started by its folder alone. What its user has
    /// changed beside them stays.
    [[nodiscard]] Result<void> prepare_daemon() const {
        if (m_settings.daemon.empty()) return {};
#if defined(FILFIL_SHOWCASE) && defined(FILFIL_DAEMON)
        const std::string& folder = m_settings.daemon;
        const showcase::Showcase::Facts facts = m_show->facts();
        FILFIL_TRY(Json nodes, service::setting_value("nodes", url()));
        Json market = Json::object();
        market["kind"] = "file";
        Json markets = Json::array();
        markets.push_back(std::move(market));
        Json changes = {{"network", m_settings.node.network}, {"nodes", std::move(nodes)},
                        {"chain.bootstrap", "node"},          {"incentive.contract", facts.contract},
                        {"incentive.wallet", facts.wallet},   {"incentive.miners", Json::array({facts.miner})},
                        {"markets", std::move(markets)}};
        changes["chain.genesis_time"] = m_settings.chain.chain.genesis_time;
        changes["chain.epoch_seconds"] = m_settings.chain.chain.seconds_per_epoch;
        if (!m_context.files.info(join_path(folder, "config.toml")).ok()) {
            changes["incentive.policy"] = "automatic";
            changes["retrieval.listen"] = "127.0.0.1:0";
            changes["deals.poll"] = "2s";
        }
        FILFIL_CHECK(m_context.files.make_folders(folder));
        FILFIL_TRY([[maybe_unused]] const service::Config config,
                   service::change_config(m_context.files, folder, changes));
        return {};
#else
        return Error(ErrorCode::unsupported, "this build has no daemon");
#endif
    }

    [[nodiscard]] std::string url() const { return "ws://" + text_of(m_listener->endpoint()) + "/rpc/v1"; }

    void tell_listening(const node::Devnet::Status& status) {
        Json out = {{"url", url()},
                    {"network", m_settings.node.network},
                    {"genesis", status.genesis.front().text()},
                    {"head_epoch", status.epoch.value}};
        Fields rows = {{"url", url()},
                       {"network", m_settings.node.network},
                       {"genesis", status.genesis.front().text()},
                       {"head", "epoch " + std::to_string(status.epoch.value)}};
        tell_contract(out, rows);
        if (m_context.json)
            emit(m_context, out);
        else
            print(m_context, table("devnet", rows));
    }

    void tell(const chain::HeadChanges& changes, std::uint64_t event) {
        const auto reverted = std::ranges::count(changes, chain::HeadChange::Type::revert, &chain::HeadChange::type);
        const auto applied = std::ranges::ssize(changes) - reverted;
        const node::Devnet::Status status = m_devnet->status();
        if (m_context.json)
            return emit(m_context, {{"event", event},
                                    {"epoch", status.epoch.value},
                                    {"head", texts_of(status.head)},
                                    {"reverted", reverted},
                                    {"applied", applied},
                                    {"faults", counts_of_faults()}});
        std::string line = "epoch " + std::to_string(status.epoch.value) + ": " + std::to_string(applied) + " applied";
        if (reverted > 0) line += ", " + std::to_string(reverted) + " reverted";
        print(m_context, line + "\n");
    }

    /// Those that have happened, with how often.
    [[nodiscard]] Json counts_of_faults() const {
        Json out = Json::object();
        for (const node::Fault fault : node::all_faults)
            if (const std::uint64_t times = m_devnet->happened(fault); times > 0) out[node::name_of(fault)] = times;
        return out;
    }

    Context& m_context;
    const DevnetSettings& m_settings;
    ConsoleLog m_log;
    SystemRandom m_random;
    ThreadPool m_loop;
    net::AsioTransport m_transport;
    World m_world{m_context.clock, m_loop, m_loop, m_context.files, m_transport, m_random, m_log};
#ifdef FILFIL_SHOWCASE
    std::unique_ptr<showcase::Showcase> m_show;    ///< to be gone after the devnet
#endif
    std::unique_ptr<node::Devnet> m_devnet;
    std::unique_ptr<Transport::Listener> m_listener;
};

int run_devnet(Context& context, const DevnetTexts& texts) {
    auto settings = read_devnet_options(texts, context.clock);
    if (!settings.ok()) return fail(context, std::move(settings).error().in("devnet"));
    const auto done = Running(context, *settings).run();
    return done.ok() ? exit_ok : fail(context, done.error());
}

}    // namespace

void add_devnet_command(CLI::App& app, Context& context) {
    auto texts = std::make_shared<DevnetTexts>();
    CLI::App* command = add_command(
        app, context,
        {"devnet", "Be a Filecoin node: Lotus's or Forest's JSON-RPC over a replayed or a generated chain",
         "A node for tests, demonstrations and development. Its chain is made while it runs (in memory, without end),\n"
         "or replayed from a CAR of all blocks and a file of head changes. It listens on 127.0.0.1, tells where, and\n"
         "runs until it is stopped (Ctrl-C, SIGTERM), which ends it with exit code 0. With --json a line follows for\n"
         "every head change. Faults happen on purpose, at a rate: --fault drop=0.01 and so on.\n"
         "With --contract the contract that pays for snapshots is played beside it, with a past: what a daemon has to "
         "be\n"
         "told is said at the start.",
         "  fil-fil devnet\n"
         "  fil-fil devnet --seed 7 --state 64MiB --tipset 1MiB --period 500ms --fault reorg=0.1 --fault slow=0.05\n"
         "  fil-fil devnet --replay store.car --events events.jsonl --period 0 --flavour forest --json\n"
         "  fil-fil devnet --contract --daemon data     (then: fil-fil daemon --data data)\n"
         "  fil-fil devnet --token secret --evm http://127.0.0.1:8545 --account f1abc…=0xf39f…\n"},
        [&context, texts] { return run_devnet(context, *texts); });
    add_devnet_options(command, *texts);
}

}    // namespace filfil::cli
