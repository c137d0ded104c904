// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "contract_chain.hpp"
#include "incentive/contract_abi.hpp"
#include "incentive/contract_client.hpp"
#include "store_node.hpp"
#include "weather.hpp"

#include <functional>
#include <map>
#include <string>
#include <utility>

namespace filfil::sim {

namespace calls = incentive::contract::calls;
namespace contract = incentive::contract;

/// The contract's chain, which goes with the devnet's epochs: two own providers, and one of somebody else's that never
/// stores anything; its node, and what may go wrong with both.
class PayingChain final : public ContractChain {
public:
    static constexpr std::uint64_t first_own = 1000;
    static constexpr std::uint64_t second_own = 1001;
    static constexpr std::uint64_t stranger = 1002;

    /// @param trace told what happens
    PayingChain(VirtualClock& clock, MemoryNetwork& network, Files& files, LogSink& log, std::uint64_t seed,
                std::function<void(const std::string&)> trace);
    ~PayingChain() override;

    /// Puts the contract there; the node listens; and the settings name them. @param put writes a file, durably
    Result<void> begin(std::uint64_t epoch, service::Config& config, const Put& put);

    /// The devnet is at that epoch.
    void follow(std::uint64_t epoch);

    /// Something may go wrong, or be well again. @param heavy blocks may be taken back
    void act();

    /// A piece that has just come into the contract is taken out of it, as far as what is certain allows, and stays
    /// away long enough to be seen. @return whether there was one
    bool take_back();

    /// Nothing fails from now on.
    void calm();

    /// What is out of order now: bits of Weather.
    [[nodiscard]] std::uint64_t traps() const {
        return (m_node.eth.dead ? Weather::contract : 0U) | (m_node.eth.has_index ? 0U : Weather::index) |
               (m_chain.takes_in ? 0U : Weather::blocks);
    }

    /// What the contract had in an epoch, at one time or another.
    struct Was {
        bool so = false;
        bool otherwise = false;
    };
    using Days = std::map<std::uint64_t, Was>;    ///< by epoch

    /// Whether a slot was staged.
    [[nodiscard]] Days staged(std::uint32_t slot) const;

    /// Whether it had a piece of a provider as stored, or was told that f05 has it.
    using Place = std::pair<incentive::model::PieceKey, std::uint64_t>;
    [[nodiscard]] Days stored(const Place& place) const;
    [[nodiscard]] Days published(const Place& place) const;

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
    [[nodiscard]] bool settled() const { return nothing_waits(); }
    [[nodiscard]] bool deep() const noexcept { return m_deep; }
    [[nodiscard]] std::uint64_t confirmations() const noexcept { return m_confirmations; }
    [[nodiscard]] std::int64_t last_reorg() const noexcept { return m_last_reorg; }
    /// When it lost more blocks than the daemon waits for, or -1.
    [[nodiscard]] std::int64_t last_deep_reorg() const noexcept { return m_last_deep_reorg; }

private:
    StoreNode m_node;
    std::map<std::pair<std::uint64_t, std::uint32_t>, contract::Window> m_windows;
    void look_back();
    [[nodiscard]] bool activates(const incentive::model::ModelChain::Block& block) const;

    std::map<std::uint32_t, Days> m_staged;
    std::map<Place, Days> m_stored;
    std::map<Place, Days> m_published;
    SeededRandom m_worst;    ///< of what makes the worst of a reorganisation
    std::uint64_t m_epoch = 0;
    std::uint64_t m_first = 0;         ///< behind what was set up
    std::int64_t m_last_reorg = -1;    ///< epoch
    std::int64_t m_last_deep_reorg = -1;
    std::uint64_t m_back_at = 0;    ///< epochs
    std::uint64_t m_room_at = 0;
    std::uint64_t m_index_at = 0;
};

}    // namespace filfil::sim
