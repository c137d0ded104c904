// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "fake_boost.hpp"
#include "fake_mk12.hpp"
#include "fake_mk20.hpp"
#include "incentive/model/model_chain.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace filfil::market {

/// What is behind fake markets on a chain with the contract's model: sectors, the miner's actor that notifies the
/// contract of their pieces, and the built-in market with its deals. All on the executor of the markets.
class SealingYard {
public:
    /// Both must outlive it.
    SealingYard(incentive::model::ModelChain& chain, incentive::EthAddress contract)
        : m_chain(chain), m_contract(contract) {}

    // A market of that miner: what it proves, and publishes, happens on the chain; before it takes a deal the contract
    // is asked.
    void join(FakeMk20& market, std::uint64_t miner);
    void join(FakeMk12& market, std::uint64_t miner);
    void join(FakeBoost& market, std::uint64_t miner);

    std::uint64_t sector_life = 600 * 2880;    ///< epochs
    std::size_t sealed = 0;                    ///< sectors, ever
    std::size_t published = 0;

private:
    void prove(const FakeDeal& deal, std::uint64_t miner);
    void publish(const FakeDeal& deal);
    void activate(const FakeDeal& deal, std::uint64_t miner);
    [[nodiscard]] Result<bool> wants(const rpc::Json& deal) const;
    [[nodiscard]] bool authenticates(const incentive::DealProposal& proposal) const;
    void join_f05(FakeMarket& market, F05Rules& rules, std::uint64_t miner);
    std::uint64_t new_sector(std::uint64_t miner);

    incentive::model::ModelChain& m_chain;
    incentive::EthAddress m_contract;
    std::uint64_t m_next_sector = 100;
    std::map<std::string, std::uint64_t> m_chain_deals;    ///< by the market's name
};

}    // namespace filfil::market
