// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "memory_journal.hpp"
#include "memory_transport.hpp"
#include "node/devnet/devnet.hpp"
#include "node/devnet/generated_chain.hpp"
#include "outside.hpp"
#include "rpc/client.hpp"
#include "service/daemon.hpp"

#include "commp/cpu_backend.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace filfil::service {

using rpc::Json;

/// A machine's part of a world: what is gone when its process is killed.
struct Machine {
    Machine(VirtualClock& clock, MemoryNetwork& network, Files& files, LogSink& log, std::uint64_t seed,
            const std::string& address)
        : loop(clock),
          workers(clock),
          transport(network, address),
          random(seed),
          world{clock, loop, workers, files, transport, random, log} {}
    ~Machine() {
        while (loop.clear() + workers.clear() > 0) {
        }
    }
    Machine(const Machine&) = delete;
    Machine& operator=(const Machine&) = delete;

    ManualExecutor loop;
    ManualExecutor workers;
    MemoryTransport transport;
    SeededRandom random;
    World world;
};

/// A daemon beside a devnet, on virtual time, and a client of its API.
class ServiceRig {
public:
    struct Options {
        std::uint64_t seed = 1;
        std::uint64_t events = 30;    ///< of the chain, before the daemon starts
        std::uint64_t null_rate = 100;
        std::uint64_t fork_rate = 0;
        bool f3 = true;
        bool start = true;
    };

    explicit ServiceRig(const Options& options)
        : m_options(options),
          node(clock, network, node_files, node_log, 77, "node"),
          client_machine(clock, network, files, node_log, 78, "client") {
        chaingen::Config chain;
        chain.seed = options.seed;
        chain.state_bytes = 64 * KiB;
        chain.tipset_bytes = 8 * KiB;
        chain.blocks_per_tipset = 2;
        chain.messages_per_block = 2;
        chain.null_rate = options.null_rate;
        chain.fork_rate = options.fork_rate;
        chain.genesis_time = 1'767'225'600;
        auto generated = node::GeneratedChain::make({.chain = chain, .retention = std::nullopt});
        EXPECT_TRUE(generated.ok());
        node::DevnetOptions devnet_options;
        devnet_options.f3 = options.f3;
        auto made = node::Devnet::make(node.world, *std::move(generated), devnet_options, options.events);
        EXPECT_TRUE(made.ok());
        devnet = *std::move(made);
        auto listening = node.transport.listen({.at = {"node", 1234}}, *devnet);
        EXPECT_TRUE(listening.ok());
        m_node_listener = *std::move(listening);

        config.data_folder = "/data";
        config.network = "devnet";
        config.nodes = {{.url = "ws://node:1234/rpc/v1"}};
        config.chain.bootstrap = "node";
        config.chain.recent_stateroots = 10;
        config.chain.slack = 20;
        config.recipe.piece_size = 64 * KiB;
        config.recipe.recent_stateroots = 5;
        config.api.listen = "127.0.0.1:5346";
        config.retrieval.listen = "127.0.0.1:5347";
        if (options.start) start();
    }
    ~ServiceRig() { kill(); }
    ServiceRig(const ServiceRig&) = delete;
    ServiceRig& operator=(const ServiceRig&) = delete;

    /// A process begins. @return why it could not
    std::optional<Error> start() {
        process = std::make_unique<Process>(*this, ++m_starts);
        std::optional<Result<void>> started;
        process->daemon->start([&](Result<void> done) { started = std::move(done); });
        EXPECT_TRUE(clock.run_until([&] { return started.has_value(); }));
        if (!started || !started->ok()) return started ? started->error() : Error(ErrorCode::internal, "never started");
        return std::nullopt;
    }

    /// As SIGKILL.
    void kill() {
        client.reset();
        process.reset();
        files.kill();
    }

    void stop() {
        client.reset();
        bool stopped = false;
        process->daemon->stop([&] { stopped = true; });
        EXPECT_TRUE(clock.run_until([&] { return stopped; }));
        process.reset();
    }

    /// A call with the admin's token, over a WebSocket.
    rpc::Answer call(const std::string& method, Json params = Json::object()) {
        connect();
        std::optional<rpc::Answer> answer;
        client->call(method, std::move(params), [&](rpc::Answer got) { answer = std::move(got); });
        EXPECT_TRUE(clock.run_until([&] { return answer.has_value(); }, std::chrono::minutes(2))) << method;
        return answer.value_or(rpc::Answer{});
    }

    Json ask(const std::string& method, Json params = Json::object()) {
        const rpc::Answer answer = call(method, std::move(params));
        EXPECT_TRUE(answer.result.has_value()) << method << ": "
                                               << (answer.error     ? answer.error->message
                                                   : answer.failure ? answer.failure->text()
                                                                    : "no answer");
        return answer.result.value_or(Json::object());
    }

    /// Waits for a job. @return as FilFil.Job
    Json job(const Json& answer) {
        if (!answer.contains("job")) {
            ADD_FAILURE() << answer.dump();
            return Json::object();
        }
        Json out;
        for (int i = 0; i < 1000; ++i) {
            out = ask("FilFil.Job", {{"id", answer["job"]}});
            const std::string state = out.value("state", "");
            if (state != "queued" && state != "running") break;
            clock.advance(std::chrono::milliseconds(200));
        }
        return out;
    }
    Json take(Json params) { return job(ask("FilFil.TakeSnapshot", std::move(params))); }

    bool wait_state(const std::string& state, Clock::Duration limit = std::chrono::minutes(10)) {
        const Clock::Duration end = clock.steady() + limit;
        while (clock.steady() < end) {
            if (ask("FilFil.Status")["state"] == state) return true;
            clock.advance(std::chrono::seconds(1));
        }
        return false;
    }

    /// Lets the chain go on, and the daemon come after it.
    void go_on(std::uint64_t steps) {
        for (std::uint64_t i = 0; i < steps; ++i) {
            EXPECT_TRUE(devnet->step().ok());
            clock.advance(std::chrono::seconds(3));
        }
        EXPECT_TRUE(clock.run_until([&] { return true; }));
        clock.advance(std::chrono::seconds(10));
    }

    void connect() {
        if (client) return;
        const Bytes token = files.contents("/data/token.admin");
        std::string text(chars_of(token));
        while (!text.empty() && text.back() == '\n') text.pop_back();
        rpc::ClientConfig settings;
        settings.url = {.scheme = Url::Scheme::ws, .at = {"127.0.0.1", 5346}, .target = "/rpc/v1"};
        settings.token = text;
        client = rpc::make_client(client_machine.world, settings);
        client->on_notification([this](const std::string& method, const Json& params) {
            if (method == "FilFil.Event") events.push_back(params);
        });
        bool open = false;
        client->open(
            [&](const Result<void>& done) {
                open = done.ok();
                EXPECT_TRUE(done.ok()) << done.error().text();
            },
            [](const Error&) {});
        EXPECT_TRUE(clock.run_until([&] { return open; }, std::chrono::minutes(1)));
    }

    /// GET from retrieval.
    HttpResponse get(const std::string& target, HttpFields fields = {}) {
        std::optional<Result<HttpResponse>> answer;
        client_machine.transport.request({.scheme = Url::Scheme::http, .at = {"127.0.0.1", 5347}, .target = target},
                                         {.method = "GET", .target = target, .fields = std::move(fields)}, {},
                                         [&](Result<HttpResponse> got) { answer = std::move(got); });
        EXPECT_TRUE(clock.run_until([&] { return answer.has_value(); }, std::chrono::minutes(2)));
        if (!answer || !answer->ok()) {
            ADD_FAILURE() << (answer ? answer->error().text() : "no answer");
            return {};
        }
        return **answer;
    }

    struct Process {
        Process(ServiceRig& rig, std::uint64_t seed)
            : log(rig.clock),
              machine(rig.clock, rig.network, rig.files, log, seed, "daemon"),
              backend(*commp::make_cpu_backend("portable", at_once, rig.clock)) {
            DaemonTools tools{
                .world = machine.world,
                .log = log,
                .backend = *backend,
                .hashing = at_once,
                .writing = at_once,
                .loading = at_once,
                .open_journal = [&rig](const std::string&) -> Result<std::unique_ptr<journal::Journal>> {
                    if (rig.journal_fault) return *rig.journal_fault;
                    return std::unique_ptr<journal::Journal>(std::make_unique<MemoryJournal>(rig.journal));
                },
                .read_memory = [] { return MemoryReading{.rss = 100, .available = 1000, .total = 2000}; },
                .notify = [this](const std::string& text) { notified.push_back(text); },
                .stop_requested = [this] { stop_asked = true; },
                .version = "9.9.9",
                .arena = {.segment_bits = 16, .huge_pages = false}};
            daemon = std::make_unique<Daemon>(std::move(tools), rig.config);
        }
        LogStore log;
        InlineExecutor at_once;
        Machine machine;
        std::unique_ptr<commp::Backend> backend;
        std::vector<std::string> notified;
        bool stop_asked = false;
        std::unique_ptr<Daemon> daemon;
    };

    [[nodiscard]] bool logged(const std::string& text) const {
        LogQuery query;
        query.text = text;
        return !process->log.query(query).empty();
    }

private:
    Options m_options;
    std::uint64_t m_starts = 1000;

public:
    VirtualClock clock;
    ManualExecutor wires{clock};
    MemoryNetwork network{wires};
    CrashFiles files;
    CrashFiles node_files;
    NullLogSink node_log;
    JournalDisk journal;
    std::optional<Error> journal_fault;
    Config config;
    Machine node;
    Machine client_machine;
    std::unique_ptr<node::Devnet> devnet;
    std::vector<Json> events;

private:
    std::unique_ptr<Transport::Listener> m_node_listener;

public:
    std::unique_ptr<Process> process;
    std::unique_ptr<rpc::Client> client;
};

}    // namespace filfil::service
