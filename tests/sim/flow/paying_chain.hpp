// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "incentive/contract_abi.hpp"
#include "incentive/contract_client.hpp"
#include "incentive/model/model_chain.hpp"
#include "service/config.hpp"
#include "simulated_machine.hpp"
#include "store_node.hpp"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace filfil::sim {

namespace calls = incentive::contract::calls;
namespace contract = incentive::contract;

/// The contract's chain, which goes with the devnet's epochs: two own providers, and one of somebody else's that never
/// stores anything; its node, and what may go wrong with both.
class PayingChain {
public:
    static constexpr std::uint64_t first_own = 1000;
    static constexpr std::uint64_t second_own = 1001;
    static constexpr std::uint64_t stranger = 1002;

    /// @param trace told what happens
    PayingChain(VirtualClock& clock, MemoryNetwork& network, Files& files, LogSink& log, std::uint64_t seed,
                std::function<void(const std::string&)> trace);
    ~PayingChain();
    PayingChain(const PayingChain&) = delete;
    PayingChain& operator=(const PayingChain&) = delete;

    /// Puts the contract there; the node listens; and the settings name them. @param put writes a file, durably
    Result<void> begin(std::uint64_t epoch, service::Config& config,
                       const std::function<void(std::string, Bytes)>& put);

    /// The devnet is at that epoch.
    void follow(std::uint64_t epoch);

    /// Something may go wrong, or be well again. @param heavy blocks may be taken back
    void act();

    /// Nothing fails from now on.
    void calm();

    /// Whether the node or its blocks are out of order now.
    [[nodiscard]] bool troubled() const { return m_node.eth.dead || !m_node.eth.has_index || !m_chain.takes_in; }

    template <class Call>
    typename Call::Output look(const typename Call::Input& input = {}) const {
        const auto out =
            m_chain.look(m_chain.head(), {}, {.to = at, .data = incentive::encode_call<Call>(input).value()});
        return out.succeeded ? incentive::decode_output<Call>(out.output).value() : typename Call::Output{};
    }

    /// Windows of own providers, by provider and slot, as far as they were seen.
    [[nodiscard]] const std::map<std::pair<std::uint64_t, std::uint32_t>, contract::Window>& windows() const {
        return m_windows;
    }
    [[nodiscard]] const incentive::model::State& state() const { return m_chain.contract(at)->state(); }
    [[nodiscard]] incentive::model::ModelChain& chain() noexcept { return m_chain; }
    [[nodiscard]] const incentive::model::ModelChain& chain() const noexcept { return m_chain; }
    [[nodiscard]] const incentive::EthAddress& sender() const { return m_operator; }

    /// No transaction of the daemon's waits.
    [[nodiscard]] bool settled() const;
    [[nodiscard]] bool deep() const noexcept { return m_deep; }
    [[nodiscard]] std::uint64_t confirmations() const noexcept { return m_confirmations; }
    [[nodiscard]] std::uint64_t reorged() const noexcept { return m_reorged; }
    [[nodiscard]] std::int64_t last_reorg() const noexcept { return m_last_reorg; }

    const incentive::EthAddress at;    ///< of the contract

private:
    bool one_in(std::uint64_t times) { return m_random.below(times) == 0; }
    std::uint64_t pick(std::uint64_t least, std::uint64_t most) { return least + m_random.below(most - least + 1); }

    SeededRandom m_random;
    std::function<void(const std::string&)> m_trace;
    Machine m_machine;
    incentive::model::ModelChain m_chain;
    StoreNode m_node;
    std::unique_ptr<Transport::Listener> m_listener;
    incentive::EthAddress m_operator;
    std::map<std::pair<std::uint64_t, std::uint32_t>, contract::Window> m_windows;
    std::uint64_t m_epoch = 0;
    std::uint64_t m_first = 0;    ///< behind what was set up
    std::uint64_t m_confirmations = 1;
    bool m_deep = false;    ///< reorganisations reach behind what counts as certain
    std::uint64_t m_reorged = 0;
    std::int64_t m_last_reorg = -1;    ///< epoch
    std::uint64_t m_back_at = 0;       ///< epochs
    std::uint64_t m_room_at = 0;
    std::uint64_t m_index_at = 0;
};

}    // namespace filfil::sim
