// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "showcase/showcase.hpp"

#include "incentive/contract_client.hpp"
#include "node/devnet/devnet.hpp"
#include "rpc/client.hpp"
#include "showcase_rig.hpp"

namespace filfil::showcase {
namespace {

namespace calls = incentive::contract::calls;

/// A devnet with the contract beside it, on virtual time.
struct ShowRig {
    static constexpr std::uint64_t events = 130;

    Outside outside;
    std::unique_ptr<Showcase> show = std::move(Showcase::make(outside.world, {}).value());
    std::unique_ptr<node::Devnet> devnet;
    std::unique_ptr<Transport::Listener> listener;
    std::unique_ptr<rpc::Client> client;

    explicit ShowRig(std::uint64_t fork_rate = 0) {
        node::GeneratedChain::Options what;
        what.chain.state_bytes = 64 * KiB;
        what.chain.tipset_bytes = 2 * KiB;
        what.chain.blocks_per_tipset = 1;
        what.chain.messages_per_block = 2;
        what.chain.fork_rate = fork_rate;
        std::unique_ptr<node::DevnetChain> chain = std::move(node::GeneratedChain::make(what).value());
        node::DevnetChain& kept = *chain;
        node::DevnetOptions options;
        options.evm = show->url();
        devnet = std::move(node::Devnet::make(outside.world, std::move(chain), options, events).value());
        show->watch(kept, [this] { return devnet->status().head; }, devnet->status().epoch);
        listener = std::move(outside.transport.listen({.at = {"127.0.0.1", 1234}}, *devnet).value());
        client = rpc::make_client(outside.world, {.url = parse_url("ws://127.0.0.1:1234/rpc/v1").value()});
        bool open = false;
        client->open([&](Result<void> opened) { open = opened.ok(); }, [](Error) {});
        devnet->start();
        EXPECT_TRUE(outside.run_until([&] { return open && devnet->evm_in_step(); }, std::chrono::minutes(5)));
    }
    ~ShowRig() {
        show->close();
        client.reset();
        listener.reset();
        devnet.reset();
    }

    template <class Call>
    typename Call::Output look(const typename Call::Input& input = {}) {
        const auto at = incentive::EthAddress::parse(show->facts().contract).value();
        incentive::ContractClient contract(outside.world, incentive::ask_of(*client), at);
        std::optional<Result<typename Call::Output>> out;
        contract.call<Call>(input, incentive::BlockTag::latest(), [&](auto answer) { out = std::move(answer); });
        EXPECT_TRUE(outside.run_until([&] { return out.has_value(); }, std::chrono::minutes(1)));
        EXPECT_TRUE(out && out->ok());
        return out && out->ok() ? **out : typename Call::Output();
    }
};

TEST(Showcase, ADevnetHasTheContractAndItsPast) {
    ShowRig rig;
    EXPECT_EQ(rig.show->facts().miner, "t01000");
    EXPECT_TRUE(rig.show->facts().wallet.starts_with("t410f"));
    EXPECT_EQ(rig.look<calls::Round>().value.number, 1U);
    EXPECT_FALSE(rig.look<calls::Latest>({.count = 10}).slots.empty());
    EXPECT_EQ(rig.look<calls::ActiveProviders>().value, incentive::U256(5));
}

TEST(Showcase, ItGoesOnWithTheDevnetThroughItsForks) {
    ShowRig rig(300);
    const auto staged = rig.look<calls::Latest>({.count = 64}).slots.size();
    const Epoch before = rig.devnet->status().epoch;
    const auto passed = [&] {
        return rig.devnet->status().epoch.value > before.value + 120 && rig.devnet->evm_in_step();
    };
    EXPECT_TRUE(rig.outside.run_until(passed, std::chrono::hours(2)));
    EXPECT_GT(rig.look<calls::Latest>({.count = 64}).slots.size(), staged);
    EXPECT_FALSE(rig.outside.log.has("out of step", LogLevel::warning));
}

}    // namespace
}    // namespace filfil::showcase
