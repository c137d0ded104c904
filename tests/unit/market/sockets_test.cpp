// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "market_rig.hpp"
#include "net/asio_transport.hpp"

#include <future>

namespace filfil::market {
namespace {

/// What the other tests do on wires in memory, once over sockets: requests and answers as HTTP carries them.
class OverSockets : public testing::Test {
protected:
    ~OverSockets() override {
        on_loop([this] { backend.reset(); });
    }

    void on_loop(const std::function<void()>& task) {
        std::promise<void> done;
        loop.post([&] {
            task();
            done.set_value();
        });
        done.get_future().wait();
    }

    template <class Fake>
    Url listen(Fake& fake) {
        auto listening = transport.listen({.at = {"127.0.0.1", 0}}, fake);
        EXPECT_TRUE(listening.ok()) << listening.error().text();
        listener = std::move(*listening);
        return {Url::Scheme::http, listener->endpoint(), "/"};
    }

    Result<DealStatus> propose() {
        std::promise<Result<DealStatus>> told;
        loop.post(
            [&] { backend->propose(order, [&](Result<DealStatus> status) { told.set_value(std::move(status)); }); });
        return told.get_future().get();
    }

    void expect_one_deal(const FakeMarket& fake) {
        for (int i = 0; i < 2; ++i) {
            const auto told = propose();
            ASSERT_TRUE(told.ok()) << told.error().text();
            EXPECT_LT(told->state, DealState::failed);
            EXPECT_GE(told->state, DealState::accepted);
            EXPECT_EQ(told->found, i == 1);
        }
        on_loop([&] { EXPECT_EQ(fake.accepted(), 1U); });
    }

    SystemClock clock;
    SystemFiles files;
    SystemRandom random;
    NullLogSink log;
    ThreadPool loop{1};
    net::AsioTransport transport{log, 1};
    World world{clock, loop, loop, files, transport, random, log};
    std::unique_ptr<Transport::Listener> listener;
    DealOrder order = test_order();
    std::unique_ptr<DealBackend> backend;
};

TEST_F(OverSockets, CuriosMk20TakesADeal) {
    FakeMk20 fake(loop, clock, transport, TestWallet::verify);
    fake.contracts[order.contract.text()] = true;
    TestWallet wallet;
    Url at = listen(fake);
    at.target = "/market/mk20";
    backend = std::move(*make_mk20_backend(world, wallet.ask(loop), {.market = at, .wallet = wallet.address}));
    expect_one_deal(fake);
    listener.reset();
    on_loop([this] { backend.reset(); });
}

// Curio asks for bodies of GET requests there.
TEST_F(OverSockets, CuriosMk12TakesADeal) {
    FakeMk12 fake(loop, clock, transport);
    Url at = listen(fake);
    at.target = "/market/mk12";
    backend = make_mk12_backend(world, {.market = at});
    expect_one_deal(fake);
    listener.reset();
    on_loop([this] { backend.reset(); });
}

TEST_F(OverSockets, BoostTakesADeal) {
    FakeBoost fake(loop, clock, transport);
    Url api = listen(fake);
    Url graphql = api;
    api.target = "/rpc/v0";
    graphql.target = "/graphql/query";
    backend = make_boost_backend(world, {.api = api, .token = "admin", .graphql = graphql});
    expect_one_deal(fake);
    listener.reset();
    on_loop([this] { backend.reset(); });
}

}    // namespace
}    // namespace filfil::market
