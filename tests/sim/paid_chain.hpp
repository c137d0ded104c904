// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "contract_chain.hpp"
#include "rpc/json.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace filfil::sim {

/// An EVM chain with the contract that pays for snapshots, one slot of which wants that of an epoch of the other chain;
/// a node of it that fails, and reorganisations, all by a seed of its own. The daemon under test has the operator's
/// key.
class PaidChain final : public ContractChain {
public:
    /// @param trace told what happens
    PaidChain(VirtualClock& clock, MemoryNetwork& network, Files& files, LogSink& log, std::uint64_t seed,
              std::function<void(const std::string&)> trace);
    ~PaidChain() override;

    /// Puts the contract there, whose slot 1 << 16 wants the snapshot of `target`; the node listens; and the settings
    /// name them. @param put writes a file, durably
    Result<void> begin(Epoch target, service::Config& config, const Put& put);

    /// What an operator may do about the slot, and what may happen to the chain: a call of the API in some cases.
    /// @param call of the daemon's API
    void act(const std::function<void(const std::string&, rpc::Json)>& call);

    /// Nothing fails from now on.
    void calm();

    /// FilFil.Incentivize's parameters.
    [[nodiscard]] rpc::Json wanted() const;

    /// Whether the slot is staged, and no transaction to stage it waits any more.
    [[nodiscard]] bool settled() const;

    /// What is not as it should be: more than one staging, more than one transaction of ours for it.
    [[nodiscard]] std::vector<std::string> findings() const;

private:
    void mine_on();

    incentive::model::ModelNode m_node;
    Clock::Duration m_period{};
    Epoch m_target;
    Clock::Duration m_back_at{};
    Clock::Duration m_room_at{};
};

}    // namespace filfil::sim
