// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "net/asio_transport.hpp"
#include "node/devnet/devnet.hpp"
#include "node/devnet/generated_chain.hpp"
#include "node/tipset_json.hpp"
#include "rpc/client.hpp"

#include <gtest/gtest.h>

#include <future>

namespace filfil::node {
namespace {

using rpc::Json;

/// A devnet and its client over real sockets, each on a thread of its own.
struct SocketRig {
    SocketRig() {
        GeneratedChain::Options chain;
        chain.chain.state_bytes = 64 * KiB;
        chain.chain.tipset_bytes = 16 * KiB;
        chain.chain.fork_rate = 150;
        DevnetOptions options;
        options.period = Clock::Duration::zero();
        devnet =
            std::move(Devnet::make(node_world, std::move(GeneratedChain::make(chain).value()), options, 3).value());
        listener = std::move(transport.listen({.at = {"127.0.0.1", 0}}, *devnet).value());
    }

    ~SocketRig() {
        client_loop.post([this] { client.reset(); });
        drain(client_loop);
        listener.reset();
        devnet.reset();
        drain(node_loop);
    }

    static void drain(Executor& loop) {
        std::promise<void> reached;
        loop.post([&] { reached.set_value(); });
        reached.get_future().wait();
    }

    void connect(const std::string& scheme) {
        std::promise<bool> open;
        client_loop.post([&] {
            rpc::ClientConfig config;
            config.url = parse_url(scheme + "://" + text_of(listener->endpoint()) + "/rpc/v1").value();
            config.batch = 10;
            client = rpc::make_client(client_world, config);
            client->open([&](Result<void> opened) { open.set_value(opened.ok()); }, [](const Error&) {});
        });
        ASSERT_TRUE(open.get_future().get());
    }

    SystemClock clock;
    NullLogSink log;
    SystemRandom random;
    SystemFiles files;
    ThreadPool node_loop{1};
    ThreadPool client_loop{1};
    net::AsioTransport transport{log};
    World node_world{clock, node_loop, node_loop, files, transport, random, log};
    World client_world{clock, client_loop, client_loop, files, transport, random, log};
    std::unique_ptr<Devnet> devnet;
    std::unique_ptr<Transport::Listener> listener;
    std::unique_ptr<rpc::Client> client;
};

TEST(DevnetOverSockets, AClientFollowsThreeHundredHeadChanges) {
    SocketRig rig;
    rig.connect("ws");
    std::promise<bool> done;
    chain::TipsetKey head;
    std::size_t arrays = 0;
    rig.client_loop.post([&] {
        rig.client->open_channel("Filecoin.ChainNotify", Json::array(), {},
                                 {[&](const Json& value) {
                                      if (arrays > 300) return;
                                      const auto changes = parse_head_changes(value);
                                      bool good = changes.ok();
                                      for (std::size_t i = 0; good && i < changes->size(); ++i) {
                                          const JsonHeadChange& change = (*changes)[i];
                                          const bool revert = change.change.type == chain::HeadChange::Type::revert;
                                          if (change.change.type == chain::HeadChange::Type::apply)
                                              good = change.tipset->parents() == head;
                                          head = revert ? change.tipset->parents() : change.change.key;
                                      }
                                      if (++arrays > 300 || !good) {
                                          arrays = 301;
                                          done.set_value(good);
                                      }
                                  },
                                  [](const Error&) {}});
    });
    rig.devnet->start();
    EXPECT_TRUE(done.get_future().get());
}

TEST(DevnetOverSockets, BatchesAndSingleCallsWorkOverHttp) {
    SocketRig rig;
    rig.connect("http");
    constexpr int calls = 100;
    std::promise<int> done;
    int answered = 0;
    int good = 0;
    rig.client_loop.post([&] {
        for (int i = 0; i < calls; ++i)
            rig.client->call("Filecoin.ChainHead", Json::array(), [&](const rpc::Answer& answer) {
                good += answer.result && parse_tipset(*answer.result).ok() ? 1 : 0;
                if (++answered == calls) done.set_value(good);
            });
    });
    EXPECT_EQ(done.get_future().get(), calls);
}

TEST(DevnetOverSockets, ItMayGoWhileClientsAreConnectedAndBusy) {
    for (int round = 0; round < 5; ++round) {
        SocketRig rig;
        rig.connect("ws");
        rig.client_loop.post([&] {
            rig.client->open_channel("Filecoin.ChainNotify", Json::array(), {},
                                     {[](const Json&) {}, [](const Error&) {}});
            for (int i = 0; i < 50; ++i)
                rig.client->call("Filecoin.ChainHead", Json::array(), [](const rpc::Answer&) {});
        });
        rig.devnet->start();
        SocketRig::drain(rig.client_loop);
        if (round % 2 == 0) SocketRig::drain(rig.node_loop);
    }
}

}    // namespace
}    // namespace filfil::node
