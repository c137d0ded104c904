// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cli/add_command.hpp"
#include "cli/commands.hpp"
#include "cli/daemon_link.hpp"
#include "cli/device_options.hpp"
#include "cli/device_report.hpp"
#include "cli/environment.hpp"
#include "cli/output.hpp"
#include "net/asio_transport.hpp"
#include "service/config_file.hpp"
#include "service/daemon.hpp"
#include "service/file_log.hpp"
#include "service/notify.hpp"
#include "service/system_memory.hpp"

#include <unistd.h>

#include <condition_variable>
#include <mutex>

namespace filfil::cli {
namespace {

/// A stop writes what has to be written; a hashing that is under way ends within a buffer.
constexpr auto stop_patience = std::chrono::seconds(60);

struct RunOptions {
    std::vector<std::string> nodes;
    std::string node_token_file;
    std::string network;
    std::string eth;
    std::string data;
    std::string bootstrap;
    std::string recent_stateroots;
    std::string slack;
    std::string memory_limit;
    std::string api;
    std::string tls_cert;
    std::string tls_key;
    std::string retrieval;
    std::string locator_token_file;
    std::string log_level;
    DeviceOptions device;
};

/// The file's settings with those of the command line over them.
Result<service::Config> read_settings(Context& context, const RunOptions& options) {
    const std::string folder = options.data.empty() ? default_data_folder() : options.data;
    FILFIL_TRY(service::Config config, service::load_config(context.files, folder));
    config.data_folder = folder;
    if (!options.nodes.empty()) {
        config.nodes.clear();
        for (const std::string& url : options.nodes) config.nodes.push_back({url, options.node_token_file});
    } else if (!options.node_token_file.empty()) {
        for (service::NodeSetting& node : config.nodes) node.token_file = options.node_token_file;
    }
    // Certificate and key belong together, so they are set at once.
    if (!options.tls_cert.empty()) config.api.tls_cert = options.tls_cert;
    if (!options.tls_key.empty()) config.api.tls_key = options.tls_key;
    if (!options.network.empty()) config.network = options.network;
    const std::pair<const char*, const std::string*> others[] = {
        {"chain.eth_url", &options.eth},
        {"chain.bootstrap", &options.bootstrap},
        {"chain.recent_stateroots", &options.recent_stateroots},
        {"chain.slack", &options.slack},
        {"memory.limit", &options.memory_limit},
        {"api.listen", &options.api},
        {"retrieval.listen", &options.retrieval},
        {"retrieval.locator_token_file", &options.locator_token_file},
        {"log.level", &options.log_level},
        {"compute.isa", &options.device.isa},
        {"compute.threads", &options.device.threads},
    };
    for (const auto& [key, text] : others)
        if (!text->empty()) FILFIL_CHECK(service::set_text(config, key, *text));
    if (options.device.device != "auto")
        FILFIL_CHECK(service::set_text(config, "compute.device", options.device.device));
    FILFIL_CHECK(service::check(config));
    return config;
}

/// Lines on standard error; none where the log goes to a file and nobody looks.
class ConsoleLog final : public LogSink {
public:
    ConsoleLog(Console& console, const Clock& clock) : m_console(console), m_clock(clock) {}
    void write(LogLevel level, std::string_view module, std::string_view message) noexcept override {
        m_console.err(service::log_line(m_clock.wall(), level, module, message) + "\n");
    }

private:
    Console& m_console;
    const Clock& m_clock;
};

class BothLogs final : public LogSink {
public:
    BothLogs(LogSink& one, LogSink& other) : m_one(one), m_other(other) {}
    void write(LogLevel level, std::string_view module, std::string_view message) noexcept override {
        m_one.write(level, module, message);
        m_other.write(level, module, message);
    }

private:
    LogSink& m_one;
    LogSink& m_other;
};

/// Waits on the main thread for what happens on the loop.
class Signal {
public:
    void set() {
        const std::lock_guard lock(m_mutex);
        m_set = true;
        m_changed.notify_all();
    }
    void wait() {
        std::unique_lock lock(m_mutex);
        m_changed.wait(lock, [this] { return m_set; });
    }

    /// @return false where the stop came first
    bool wait(const std::stop_token& stop) {
        std::unique_lock lock(m_mutex);
        return m_changed.wait(lock, stop, [this] { return m_set; });
    }

private:
    std::mutex m_mutex;
    std::condition_variable_any m_changed;
    bool m_set = false;
};

class Running {
public:
    Running(Context& context, service::Config config, DeviceOptions device)
        : m_context(context), m_config(std::move(config)), m_device(std::move(device)) {}

    Result<void> run() {
        FILFIL_TRY(const std::unique_ptr<service::Notifier> notifier,
                   service::open_notifier(environment("NOTIFY_SOCKET")));
        m_device.device = m_config.compute.device;
        m_device.isa = m_config.compute.isa;
        m_device.threads = m_config.compute.threads == 0 ? "" : std::to_string(m_config.compute.threads);
        FILFIL_TRY(Engine hasher, open_engine(m_device, m_context));

        ConsoleLog console(m_context.console, m_context.clock);
        service::LogStoreOptions log_options;
        log_options.level = m_config.log.level;
        service::LogStore log(m_context.clock, &console, log_options);
        // The folder is the daemon's to make, and its files are opened once it is.
        std::unique_ptr<LogSink> file;
        std::unique_ptr<BothLogs> both;
        SystemRandom random;
        ThreadPool loop(1);
        ThreadPool workers(4);
        ThreadPool writing(2);
        ThreadPool loading(std::max(1U, usable_cpus()));
        net::AsioTransport transport(log, 2);
        World world{m_context.clock, loop, workers, m_context.files, transport, random, log};

        Signal started;
        Signal over;
        Signal stopped;
        std::optional<Error> fault;
        service::DaemonTools tools{
            .world = world,
            .log = log,
            .backend = *hasher.backend,
            .hashing = *hasher.threads,
            .writing = writing,
            .readers = hasher.readers,
            .loading = loading,
            .open_journal =
                [this](const std::string& path) { return journal::open_sqlite_journal(path, m_context.clock); },
            .read_memory = [this] { return service::read_system_memory(m_context.files); },
            .notify = [&](const std::string& text) { notifier->notify(text); },
            .devices = [this](bool) { return device_report(m_context); },
            .stop_requested = [&] { over.set(); },
            .version = FILFIL_VERSION};
        service::Daemon daemon(std::move(tools), m_config);
        loop.post([&] {
            daemon.start([&](Result<void> result) {
                if (!result.ok()) fault = result.error();
                started.set();
            });
        });
        started.wait();
        if (!fault) {
            if (m_config.log.files > 0) open_log(log, console, file, both);
            announce(daemon);
            watch_dog(loop, *notifier);
            (void)over.wait(m_context.stop);
        }
        if (m_context.allow_time) m_context.allow_time(stop_patience);
        loop.post([&] { daemon.stop([&] { stopped.set(); }); });
        stopped.wait();
        (void)m_context.files.remove(join_path(m_config.data_folder, address_file));
        log.flush();
        log.set_next(&console);
        if (fault) return *fault;
        return {};
    }

private:
    void open_log(service::LogStore& log, LogSink& console, std::unique_ptr<LogSink>& file,
                  std::unique_ptr<BothLogs>& both) {
        auto opened = service::open_file_log(join_path(m_config.data_folder, "log"), m_context.clock,
                                             {.file_size = m_config.log.file_size, .files = m_config.log.files});
        if (!opened.ok()) return log.write(LogLevel::warning, "cli", opened.error().text());
        file = std::move(*opened);
        both = std::make_unique<BothLogs>(console, *file);
        log.set_next(both.get());
    }

    /// Where it listens, for people, for scripts, and for other commands over the same folder.
    void announce(const service::Daemon& daemon) {
        Endpoint api = daemon.api_endpoint();
        const Endpoint retrieval = daemon.retrieval_endpoint();
        if (api.host == "0.0.0.0") api.host = "127.0.0.1";
        if (api.host == "::") api.host = "::1";
        const Url url{.scheme = m_config.api.tls_cert.empty() ? Url::Scheme::ws : Url::Scheme::wss,
                      .at = api,
                      .target = "/rpc/v1"};
        const auto write = [&]() -> Result<void> {
            FILFIL_TRY(const auto file, m_context.files.create(join_path(m_config.data_folder, address_file)));
            FILFIL_CHECK(file->write(bytes_of(text_of(url))));
            return file->commit();
        };
        if (auto written = write(); !written.ok()) hint(m_context, written.error().text());
        Json line = {{"api", text_of(url)}, {"data", m_config.data_folder}, {"network", m_config.network}};
        line["retrieval"] = retrieval.host.empty() ? Json(nullptr) : Json(text_of(retrieval));
        if (m_context.json)
            emit(m_context, line);
        else
            print(m_context,
                  "fil-fil daemon: API at " + text_of(url) +
                      (retrieval.host.empty() ? "" : ", pieces at http://" + text_of(retrieval) + "/piece/") +
                      ", data in " + m_config.data_folder + "\n");
    }

    /// As long as the loop takes tasks, the service lives.
    static void watch_dog(Executor& loop, service::Notifier& notifier) {
        const auto period =
            service::watchdog_period(environment("WATCHDOG_USEC"), environment("WATCHDOG_PID"), getpid());
        if (period) pet(loop, notifier, *period);
    }
    static void pet(Executor& loop, service::Notifier& notifier, Clock::Duration period) {
        notifier.notify("WATCHDOG=1");
        loop.post_after(period, [&loop, &notifier, period] { pet(loop, notifier, period); });
    }

    Context& m_context;
    service::Config m_config;
    DeviceOptions m_device;
};

int run_daemon(Context& context, const RunOptions& options) {
    auto config = read_settings(context, options);
    if (!config.ok()) return fail(context, std::move(config).error().in("daemon"));
    if (auto done = Running(context, std::move(*config), options.device).run(); !done.ok())
        return fail(context, std::move(done).error().in("daemon"));
    return exit_ok;
}

}    // namespace

void add_daemon_command(CLI::App& app, Context& context) {
    auto options = std::make_shared<RunOptions>();
    CLI::App* command = add_command(
        app, context,
        {"daemon", "Follow a node, keep the snapshot's blocks in memory, take snapshots on demand, serve them",
         "Runs until it is stopped (Ctrl-C, SIGTERM, or FilFil.Stop). Settings stand in DIR/config.toml (`fil-fil "
         "config`);\n"
         "what is given here goes before them. The first start needs a chain: --bootstrap SNAPSHOT.car, or "
         "--bootstrap\n"
         "node on small networks. Later starts take it from the disk. Commands like `fil-fil status` and `fil-fil\n"
         "take-snapshot` talk to the daemon over the folder of the same --data.",
         "  fil-fil daemon --node ws://127.0.0.1:1234/rpc/v1 --bootstrap snapshot.car.zst\n"
         "  fil-fil daemon --network calibnet --node wss://node.example/rpc/v1 --node-token-file token\n"
         "  fil-fil daemon --network devnet --node ws://127.0.0.1:1234/rpc/v1 --bootstrap node --retrieval "
         "0.0.0.0:5347\n"},
        [&context, options] { return run_daemon(context, *options); });
    add_texts(
        command, "--node", options->nodes,
        "A Lotus or Forest node, ws://HOST:PORT/rpc/v1; given several times: the next is followed where one fails")
        ->allow_extra_args(false)
        ->option_text("URL");
    add_text(command, "--node-token-file", options->node_token_file, "FILE",
             "What the nodes let one in with, where they ask");
    add_text(command, "--network", options->network, "NAME", "mainnet (the default), calibnet or devnet");
    add_text(command, "--eth", options->eth, "URL", "The node's Ethereum RPC; by default the first node's");
    add_text(command, "--data", options->data, "DIR", "The daemon's folder; by default ~/.local/share/fil-fil");
    add_text(command, "--bootstrap", options->bootstrap, "CAR|node", "Where the first chain comes from");
    add_text(command, "--recent-stateroots", options->recent_stateroots, "N",
             "Keep state of so many epochs; by default 2000");
    add_text(command, "--slack", options->slack, "EPOCHS", "Keep so many more, for heads that go back; by default 900");
    add_text(command, "--memory-limit", options->memory_limit, "SIZE",
             "Take no more than this; by default what the machine has");
    add_text(command, "--api", options->api, "HOST:PORT", "Where the API listens; by default 127.0.0.1:5346");
    add_text(command, "--tls-cert", options->tls_cert, "FILE.pem", "The API's certificate; needed beyond this machine");
    add_text(command, "--tls-key", options->tls_key, "FILE.pem", "Its key");
    add_text(command, "--retrieval", options->retrieval, "HOST:PORT",
             "Serve pieces and blocks by HTTP there; by default off");
    add_text(command, "--locator-token-file", options->locator_token_file, "FILE",
             "What Curio's piece locator has to send");
    add_text(command, "--log-level", options->log_level, "LEVEL", "debug, info (the default), warning or error");
    add_device_options(command, options->device);
}

}    // namespace filfil::cli
