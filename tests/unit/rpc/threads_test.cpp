// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "crash_files.hpp"
#include "memory_transport.hpp"
#include "rpc/client.hpp"
#include "rpc/server.hpp"

#include <gtest/gtest.h>

#include <future>

namespace filfil::rpc {
namespace {

/// A world whose loop, workers and wires are threads.
class ThreadedRpc : public testing::Test {
protected:
    /// Runs `body` there and waits for it.
    static void on(Executor& executor, const std::function<void()>& body) {
        std::promise<void> done;
        executor.post([&] {
            body();
            done.set_value();
        });
        done.get_future().wait();
    }
    void on_loop(const std::function<void()>& body) { on(loop, body); }

    SystemClock clock;
    CrashFiles files;
    SeededRandom random{1};
    NullLogSink log;
    ThreadPool loop{1};
    ThreadPool wires{1};
    ThreadPool workers{1};
    MemoryNetwork network{wires};
    std::unique_ptr<MemoryTransport> transport = std::make_unique<MemoryTransport>(network);
    World world{clock, loop, workers, files, *transport, random, log};
};

TEST_F(ThreadedRpc, CallsAreAnsweredFromWhereverTheReplyIsGivenOrDropped) {
    constexpr int calls = 300;
    std::unique_ptr<Server> server;
    std::unique_ptr<Client> socket;
    std::unique_ptr<Client> http;
    std::unique_ptr<Transport::Listener> listener;
    int results = 0;
    int errors = 0;
    std::promise<void> all;
    const auto count = [&](const Answer& answer) {
        ++(answer.result ? results : errors);
        if (results + errors == 4 * calls) all.set_value();
    };
    on_loop([&] {
        server = std::make_unique<Server>(world, ServerOptions{.read_token = "r"});
        server->add("Work", {Permission::read, [&](const Json& params, const auto&, const Reply& reply) {
                                 workers.post([this, params, reply] { loop.post([params, reply] { reply(params); }); });
                             }});
        server->add("Drop", {Permission::read, [&](const Json&, const auto&, Reply reply) {
                                 workers.post([kept = std::make_shared<Reply>(std::move(reply))] {});
                             }});
        listener = std::move(*transport->listen({.at = {"api", 80}}, *server));
        socket = make_client(world, {.url = {Url::Scheme::ws, {"api", 80}, "/rpc/v1"}, .token = "r"});
        http = make_client(world, {.url = {Url::Scheme::http, {"api", 80}, "/rpc/v1"}, .token = "r", .batch = 7});
        for (Client* const client : {socket.get(), http.get()}) {
            client->open([](const Result<void>& opened) { EXPECT_TRUE(opened.ok()); }, {});
            for (int i = 0; i < calls; ++i) {
                client->call("Work", Json::array({i}), count);
                client->call("Drop", Json::array(), count);
            }
        }
    });
    all.get_future().wait();
    on_loop([&] {
        EXPECT_EQ(results, 2 * calls);
        EXPECT_EQ(errors, 2 * calls);
        // In the middle of more of the same.
        for (Client* const client : {socket.get(), http.get()})
            for (int i = 0; i < calls; ++i) client->call("Work", Json::array({i}), [](const Answer&) {});
    });
    on_loop([&] {
        socket.reset();
        http.reset();
    });
    // A listener waits for the handlers that run on the wires, as one with real sockets does.
    on(wires, [&] { listener.reset(); });
    on_loop([&] { server.reset(); });
    // What is still on its way from one thread to the next may not find that one gone.
    on(workers, [] {});
    on_loop([] {});
    on(wires, [&] { transport.reset(); });
}

}    // namespace
}    // namespace filfil::rpc
