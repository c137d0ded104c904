// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "incentive/model/model_node.hpp"
#include "service/config.hpp"
#include "simulated_machine.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace filfil::sim {

/// An EVM chain with the contract that pays for snapshots, one slot of which wants that of an epoch of the other chain;
/// a node of it that fails, and reorganisations, all by a seed of its own. The daemon under test has the operator's
/// key.
class PaidChain {
public:
    /// @param trace told what happens
    PaidChain(VirtualClock& clock, MemoryNetwork& network, Files& files, LogSink& log, std::uint64_t seed,
              std::function<void(const std::string&)> trace);
    ~PaidChain();
    PaidChain(const PaidChain&) = delete;
    PaidChain& operator=(const PaidChain&) = delete;

    /// Puts the contract there, whose slot 1 << 16 wants the snapshot of `target`; the node listens; and the settings
    /// name them. @param put writes a file, durably
    Result<void> begin(Epoch target, service::Config& config, const std::function<void(std::string, Bytes)>& put);

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

    /// How often the slot was staged on any fork, and how many blocks left the chain.
    [[nodiscard]] std::uint64_t reorged() const noexcept { return m_reorged; }

private:
    bool one_in(std::uint64_t times) { return m_random.below(times) == 0; }
    std::uint64_t pick(std::uint64_t least, std::uint64_t most) { return least + m_random.below(most - least + 1); }
    void mine_on();

    SeededRandom m_random;
    std::function<void(const std::string&)> m_trace;
    NullLogSink m_no_log;
    Machine m_machine;
    incentive::model::ModelChain m_chain;
    incentive::model::ModelNode m_node;
    std::unique_ptr<Transport::Listener> m_listener;
    incentive::EthAddress m_operator;
    Clock::Duration m_period{};
    Epoch m_target;
    std::uint64_t m_confirmations = 1;
    bool m_deep = false;    ///< reorganisations reach behind what counts as certain
    std::uint64_t m_reorged = 0;
    Clock::Duration m_back_at{};
    Clock::Duration m_room_at{};
};

}    // namespace filfil::sim
