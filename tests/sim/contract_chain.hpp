// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "incentive/eth_address.hpp"
#include "incentive/model/model_chain.hpp"
#include "incentive/model/model_node.hpp"
#include "incentive/secp256k1.hpp"
#include "service/config.hpp"
#include "simulated_machine.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace filfil::sim {

/// An EVM chain with the contract's model, a machine for its node, and the key of the snapshots' operator, which the
/// daemon under test has. What is the same in all simulators; who derives decides what happens to it.
class ContractChain {
public:
    using Put = std::function<void(std::string, Bytes)>;

    ContractChain(const ContractChain&) = delete;
    ContractChain& operator=(const ContractChain&) = delete;

    const incentive::EthAddress at = person(99);    ///< of the contract

    /// Blocks that left the chain.
    [[nodiscard]] std::uint64_t reorged() const noexcept { return m_reorged; }

protected:
    /// @param trace told what happens
    ContractChain(VirtualClock& clock, MemoryNetwork& network, Files& files, LogSink& log, std::uint64_t seed,
                  std::function<void(const std::string&)> trace);
    virtual ~ContractChain() = default;

    bool one_in(std::uint64_t times) { return m_random.below(times) == 0; }
    std::uint64_t pick(std::uint64_t least, std::uint64_t most) { return least + m_random.below(most - least + 1); }

    /// An account's address.
    static incentive::EthAddress person(std::uint8_t number);
    static incentive::U256 fil(std::uint64_t amount);

    /// Makes the operator's key, and its account rich.
    void make_operator();

    /// Writes the key down, durably, and names it, the node and the contract in the settings; the node listens.
    Result<void> serve(HttpServer& node, service::Config& config, const Put& put);

    /// Nothing fails from now on.
    void calm(incentive::model::ModelNode& node);

    /// No transaction of the operator's waits.
    [[nodiscard]] bool nothing_waits() const;

    SeededRandom m_random;
    std::function<void(const std::string&)> m_trace;
    Machine m_machine;
    incentive::model::ModelChain m_chain;
    incentive::EthAddress m_operator;
    std::uint64_t m_confirmations = 1;
    bool m_deep = false;    ///< reorganisations reach behind what counts as certain
    std::uint64_t m_reorged = 0;

    std::unique_ptr<Transport::Listener> m_listener;    ///< to be gone before the node

private:
    std::unique_ptr<incentive::SecretKey> m_key;
};

}    // namespace filfil::sim
