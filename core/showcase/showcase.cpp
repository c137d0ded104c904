// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "showcase/showcase.hpp"

#include "commp/cpu_backend.hpp"
#include "incentive/keccak.hpp"
#include "incentive/model/dev_node.hpp"
#include "showcase/play.hpp"
#include "showcase/sealing_plant.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace filfil::showcase {
namespace {

/// Everybody's: a devnet's money is nobody's.
constexpr std::string_view wallet_phrase = "the wallet of fil-fil devnet --contract";

/// As many epochs as a devnet's F3 is behind its head.
constexpr std::uint64_t final_after = 20;

}    // namespace

struct Showcase::Impl {
    explicit Impl(World& where) : world(where), node(chain, where.loop) {}

    World& world;
    InlineExecutor here;
    std::unique_ptr<commp::Backend> backend;
    incentive::model::ModelChain chain;
    incentive::model::DevNode node;
    std::optional<Play> play;
    std::optional<SealingPlant> plant;
    incentive::EthAddress wallet;
    std::unique_ptr<Transport::Listener> listener;    ///< to be gone before the node
};

Showcase::Showcase(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}

Showcase::~Showcase() {
    if (m_impl == nullptr) return;
    m_impl->listener.reset();
    // What is on its way there refers to it.
    Executor& loop = m_impl->world.loop;
    loop.post([impl = std::shared_ptr<Impl>(std::move(m_impl))] {});
}

Result<std::unique_ptr<Showcase>> Showcase::make(World& world, Options options) {
    auto impl = std::make_unique<Impl>(world);
    FILFIL_TRY(impl->backend, commp::make_cpu_backend("", impl->here, world.clock));
    FILFIL_TRY(incentive::SecretKey key,
               incentive::SecretKey::from_bytes(incentive::keccak_256(bytes_of(wallet_phrase))));
    impl->wallet = impl->node.add_account(std::move(key));
    impl->play.emplace(impl->chain, *impl->backend, world.log, Play::Terms{}, impl->wallet);
    FILFIL_CHECK(impl->play->set_up());
    if (!options.deals.empty()) impl->plant.emplace(world, *impl->play, *impl->backend, std::move(options.deals));
    impl->node.eth.final_after = final_after;
    impl->node.before_block = [impl = impl.get()] {
        if (impl->plant) impl->plant->act(impl->chain.head() + 1);
        impl->play->act();
    };
    ListenOptions listen;
    listen.at = {"127.0.0.1", 0};
    // The one who asks is the devnet, for all of its clients.
    listen.connections_a_peer = listen.connections;
    FILFIL_TRY(impl->listener, world.transport.listen(listen, impl->node));
    return std::unique_ptr<Showcase>(new Showcase(std::move(impl)));
}

Url Showcase::url() const { return {.scheme = Url::Scheme::http, .at = m_impl->listener->endpoint()}; }

Showcase::Facts Showcase::facts() const {
    const auto wallet = incentive::filecoin_address_of(m_impl->wallet);
    return {.contract = m_impl->play->contract().text(),
            .wallet = wallet.ok() ? wallet->text(chain::testnet_letter) : "",
            .miner = chain::Address::of_id(own_miner).text(chain::testnet_letter),
            .recipe = m_impl->play->terms().recipe};
}

void Showcase::watch(node::DevnetChain& chain, std::function<chain::TipsetKey()> head, Epoch epoch) {
    m_impl->play->curtain_up(static_cast<std::uint64_t>(epoch.value));
    m_impl->play->watch(chain, [&chain, head = std::move(head)](Epoch at) -> Result<const node::DevnetChain::Known*> {
        FILFIL_TRY(const node::DevnetChain::Known* now, chain.tipset(head()));
        return chain.at(at, *now);
    });
    const auto last = static_cast<std::uint64_t>(epoch.value);
    const std::uint64_t past = last - std::min(last, m_impl->chain.head());
    (void)m_impl->node.answer("anvil_mine", rpc::Json::array({incentive::quantity(past)}));
}

void Showcase::close() { m_impl->node.before_block = nullptr; }

}    // namespace filfil::showcase
