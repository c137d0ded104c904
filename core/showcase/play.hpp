// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/log.hpp"
#include "commp/backend.hpp"
#include "incentive/contract_abi.hpp"
#include "incentive/model/model_chain.hpp"
#include "node/devnet/chain.hpp"
#include "showcase/cast.hpp"
#include "snapshot/recipe.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <vector>

namespace filfil::showcase {

/// The contract on a modelled chain, and people who do with it what they would do: providers register and store, or do
/// not; an operator stages what the devnet's chain gives; a sponsor pays; a watchman reports what is lost.
///
/// What they do follows from what the contract says at that block, so that a reorganisation makes them do again what it
/// took back. Lives on the loop.
class Play {
public:
    /// What everybody has agreed on.
    struct Terms {
        std::uint32_t slot = 60;           ///< epochs; a window lasts as long
        std::uint32_t lead = 40;           ///< epochs from a target to the window's opening
        std::uint64_t final_after = 22;    ///< epochs above a target at which the operator stages it
        snapshot::Recipe recipe{};
    };

    /// The devnet's tipset of an epoch, on the chain of its head now.
    using TipsetAt = std::function<Result<const node::DevnetChain::Known*>(Epoch)>;

    /// All references must outlive it.
    Play(incentive::model::ModelChain& chain, commp::Backend& backend, LogSink& log, const Terms& terms,
         const incentive::EthAddress& wallet);

    /// Puts contract, accounts and miners there, before the first block. @return why the contract refuses its terms
    Result<void> set_up();

    /// The chain whose snapshots are staged. Before it is known none are.
    void watch(node::DevnetChain& chain, TipsetAt tipset_at);

    /// From that epoch on the watcher's miner does nothing by itself.
    void curtain_up(std::uint64_t epoch) { m_curtain = epoch; }

    /// A block is about to be made: everybody looks, and acts.
    void act();

    /// A piece of a slot is in a new sector of the miner, whose actor tells the contract. Does nothing where the
    /// contract would not take it now, or has it. @return whether it was told
    bool prove(std::uint64_t miner, std::uint64_t deal);

    /// Whether the contract has the piece from the miner.
    [[nodiscard]] bool holds(std::uint64_t miner, std::uint64_t deal) const;

    [[nodiscard]] const incentive::EthAddress& contract() const noexcept { return m_at; }
    [[nodiscard]] const Terms& terms() const noexcept { return m_terms; }
    [[nodiscard]] const incentive::model::State& state() const { return m_chain.contract(m_at)->state(); }

private:
    template <class Call>
    std::optional<typename Call::Output> read(const typename Call::Input& input = {}) const;

    /// Sends what would succeed now.
    template <class Call>
    bool send(const incentive::EthAddress& from, const typename Call::Input& input, const incentive::U256& value = {});

    void look_after_money();
    void gather(const Provider& provider);
    void stage();
    void stage_slot(std::uint32_t slot, std::uint64_t target);
    void store(const Provider& provider);
    void look_after_sectors(const Provider& provider);
    void judge(const Provider& provider);
    void collect(const Provider& provider);
    [[nodiscard]] std::uint64_t now() const { return m_chain.head() + 1; }    ///< the block that is being made

    incentive::model::ModelChain& m_chain;
    commp::Backend& m_backend;
    LogSink& m_log;
    Terms m_terms;
    incentive::EthAddress m_at;
    std::vector<Provider> m_providers;
    node::DevnetChain* m_devnet = nullptr;
    TipsetAt m_tipset_at;
    std::optional<std::uint64_t> m_curtain{};
    std::set<std::uint64_t> m_announced;
};

}    // namespace filfil::showcase
