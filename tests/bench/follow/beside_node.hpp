// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/executor.hpp"
#include "net/asio_transport.hpp"
#include "node/follower.hpp"
#include "node_process.hpp"
#include "process.hpp"
#include "rpc/client.hpp"

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

namespace filfil::bench {

/// A node in a process of its own and a follower of it in this one, over sockets, with its engine in a folder.
class BesideNode final : public node::FollowerEvents {
public:
    /// Told on the loop, with the follower's figures as they are then.
    using OnHead = std::function<void(const node::FollowerStatus&)>;

    BesideNode(ChainKind kind, std::uint64_t tipsets, std::uint64_t seed, std::string folder,
               const snapshot::EngineOptions& options);
    ~BesideNode() override;

    /// Follows from the node's first tipset on, and returns when it is in step with it.
    void start(OnHead on_head);

    /// Lets the node go on by so many events. @return what Devnet.Step gives
    [[nodiscard]] rpc::Json step(std::uint64_t events);

    /// Waits until the engine is at this epoch or higher.
    void wait_for(Epoch epoch);

    /// Waits until nothing is left to be tidied up.
    void wait_for_rest();

    /// Ends the follower.
    void stop();

    [[nodiscard]] node::FollowerStatus status();
    [[nodiscard]] snapshot::DurableEngine& engine() noexcept { return *m_engine; }
    [[nodiscard]] const Process& node() const noexcept { return m_node; }

    /// Reads by a client of the same kind that does nothing with the answers. @return reads a second
    [[nodiscard]] double bare_reads(bool of_devnet, std::uint64_t reads);

private:
    void on_head(const chain::HeadChanges& changes) override;
    void on_state() override;
    template <class F>
    auto on_loop(F&& f);
    [[nodiscard]] std::unique_ptr<rpc::Client> open(unsigned port);
    void close(std::unique_ptr<rpc::Client> client);

    Process m_node;
    unsigned m_node_port = 0;
    unsigned m_ready_port = 0;
    SystemClock m_clock;
    NullLogSink m_log;
    SeededRandom m_random{1};
    SystemFiles m_files;
    InlineExecutor m_inline;
    ThreadPool m_loop{1};
    ThreadPool m_workers{1};
    net::AsioTransport m_transport{m_log, 1};
    World m_world{m_clock, m_loop, m_workers, m_files, m_transport, m_random, m_log};
    std::unique_ptr<snapshot::DurableEngine> m_engine;
    std::unique_ptr<node::Follower> m_follower;
    std::unique_ptr<rpc::Client> m_control;
    OnHead m_on_head;
    std::mutex m_mutex;
    std::condition_variable m_changed;
    Epoch m_epoch{-1};
    bool m_failed = false;
    std::string m_why;
};

}    // namespace filfil::bench
