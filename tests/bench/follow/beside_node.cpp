// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "beside_node.hpp"

#include "checked.hpp"

#include <chrono>
#include <future>
#include <sstream>
#include <thread>

namespace filfil::bench {

using rpc::Json;

BesideNode::BesideNode(ChainKind kind, std::uint64_t tipsets, std::uint64_t seed, std::string folder,
                       const snapshot::EngineOptions& options)
    : m_node(node_arguments(kind, tipsets, seed)) {
    std::istringstream ports(m_node.line());
    ports >> m_node_port >> m_ready_port;
    if (m_ready_port == 0) throw std::runtime_error("the node does not start");
    m_engine = checked(snapshot::DurableEngine::open(m_files, std::move(folder), options, m_random, m_clock, m_inline));
    m_control = open(m_node_port);
}

BesideNode::~BesideNode() {
    stop();
    close(std::move(m_control));
}

/// Runs `f` on the loop and waits for it.
template <class F>
auto BesideNode::on_loop(F&& f) {
    std::promise<decltype(f())> done;
    m_loop.post([&] {
        if constexpr (std::is_void_v<decltype(f())>) {
            f();
            done.set_value();
        } else {
            done.set_value(f());
        }
    });
    return done.get_future().get();
}

std::unique_ptr<rpc::Client> BesideNode::open(unsigned port) {
    rpc::ClientConfig config;
    config.url = checked(parse_url("ws://127.0.0.1:" + std::to_string(port) + "/rpc/v1"));
    config.call_timeout = std::chrono::minutes(10);
    std::promise<Result<void>> opened;
    auto client = on_loop([&] {
        auto made = rpc::make_client(m_world, config);
        made->open([&](Result<void> done) { opened.set_value(std::move(done)); }, [](const Error&) {});
        return made;
    });
    checked(opened.get_future().get());
    return client;
}

void BesideNode::close(std::unique_ptr<rpc::Client> client) {
    on_loop([&] { client.reset(); });
}

void BesideNode::start(OnHead on_head) {
    m_on_head = std::move(on_head);
    node::FollowerOptions options;
    options.nodes.push_back(
        {checked(parse_url("ws://127.0.0.1:" + std::to_string(m_node_port) + "/rpc/v1")), std::string()});
    options.network = *node::find_profile("devnet");
    options.bootstrap_from_node = true;
    on_loop([&] {
        m_follower = std::make_unique<node::Follower>(m_world, *m_engine, std::move(options), *this);
        m_follower->start();
    });
    wait_for(Epoch{0});
}

void BesideNode::stop() {
    if (!m_follower) return;
    std::promise<void> stopped;
    m_loop.post([&] { m_follower->stop([&] { stopped.set_value(); }); });
    stopped.get_future().wait();
    on_loop([&] { m_follower.reset(); });
}

void BesideNode::on_head(const chain::HeadChanges& changes) {
    (void)changes;
    // It may be told before the constructor's result is kept.
    if (!m_follower) return;
    const node::FollowerStatus& status = m_follower->status();
    if (m_on_head) m_on_head(status);
    const std::lock_guard lock(m_mutex);
    m_epoch = status.synced;
    m_changed.notify_all();
}

void BesideNode::on_state() {
    if (!m_follower) return;
    const node::FollowerStatus& status = m_follower->status();
    if (status.state != node::SyncState::failed && status.state != node::SyncState::rebootstrap_needed &&
        status.state != node::SyncState::node_lost)
        return;
    const std::lock_guard lock(m_mutex);
    m_failed = true;
    m_why = status.why;
    m_changed.notify_all();
}

Json BesideNode::step(std::uint64_t events) {
    std::promise<Result<Json>> answered;
    m_loop.post([&] {
        m_control->call("Devnet.Step", Json::array({events}),
                        [&](rpc::Answer answer) { answered.set_value(std::move(answer).to_result("Devnet.Step")); });
    });
    return checked(answered.get_future().get());
}

void BesideNode::wait_for(Epoch epoch) {
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, [&] { return m_failed || m_epoch >= epoch; });
    if (m_failed) throw std::runtime_error("the follower: " + m_why);
}

void BesideNode::wait_for_rest() {
    snapshot::StoreStats last;
    for (int even = 0; even < 20;) {
        std::this_thread::sleep_for(std::chrono::milliseconds(25));
        const snapshot::StoreStats now = m_engine->engine().stats().store;
        even = now.written_bytes == last.written_bytes && now.stored_blocks == last.stored_blocks && now.dying == 0
                   ? even + 1
                   : 0;
        last = now;
    }
}

node::FollowerStatus BesideNode::status() {
    return on_loop([&] { return m_follower->status(); });
}

double BesideNode::bare_reads(bool of_devnet, std::uint64_t reads) {
    constexpr std::uint64_t window = 256;
    std::unique_ptr<rpc::Client> client = open(of_devnet ? m_node_port : m_ready_port);
    const Json params = Json::array({{{"/", m_engine->engine().stats().head.front().text()}}});
    std::promise<void> done;
    std::uint64_t sent = 0;
    std::uint64_t came = 0;
    std::function<void()> more = [&] {
        while (sent < reads && sent - came < window) {
            ++sent;
            client->call("Filecoin.ChainReadObj", params, [&](const rpc::Answer& answer) {
                if (!answer.result) std::terminate();
                ++came;
                if (came == reads) return done.set_value();
                more();
            });
        }
    };
    const Clock::Duration start = m_clock.steady();
    m_loop.post(more);
    done.get_future().wait();
    const double seconds = seconds_between(start, m_clock.steady());
    close(std::move(client));
    return static_cast<double>(reads) / seconds;
}

}    // namespace filfil::bench
