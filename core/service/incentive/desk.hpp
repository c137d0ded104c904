// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "incentive/contract_abi.hpp"
#include "incentive/contract_client.hpp"
#include "incentive/eth_node.hpp"
#include "node/profile.hpp"
#include "service/config.hpp"
#include "service/incentive/slot_policies.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace filfil::service {

namespace contract = incentive::contract;
namespace calls = incentive::contract::calls;

/// Where the daemon deals with the contract that pays for snapshots: the node through which it is asked, whose windows
/// are looked after, and what is done by itself. Lives on the loop; nothing is told after it was destroyed.
class Desk {
public:
    template <class T>
    using Handler = std::function<void(Result<T>)>;

    struct Parts {
        World& world;
        incentive::EthNode& node;
        std::shared_ptr<WorkerQueue> queue;
        std::shared_ptr<journal::Journal> journal;
        node::Profile network;
        std::function<std::optional<Epoch>()> head;
    };

    /// What of the contract changes only with a round, as of the last look.
    struct Terms {
        contract::Round round;
        contract::Params params;
        std::uint64_t at = 0;    ///< the epoch of that look
    };

    /// @return nothing where no contract is set; Error::invalid_argument for settings that name no contract or provider
    static Result<std::unique_ptr<Desk>> make(Parts parts, const Config& config);

    /// Reads what the journal remembers, and looks for the first time.
    void start();

    /// The head is another: the terms are looked at again where a round may have begun.
    void on_head();

    /// One window of an own miner, and what is done about it.
    struct OwnWindow {
        std::uint64_t miner = 0;
        calls::Windows::Output window;
        SlotPolicy policy = SlotPolicy::ask;
    };
    void next_windows(const std::vector<std::uint64_t>& miners, Handler<std::vector<OwnWindow>> handler);

    /// Own windows that open before `until` (an epoch), soonest first.
    struct PlannedWindow {
        std::uint64_t miner = 0;
        contract::Window window;
        bool staged = false;
    };
    void windows_until(const std::vector<std::uint64_t>& miners, std::uint64_t until,
                       Handler<std::vector<PlannedWindow>> handler);

    /// Asks the contract as of the newest block. @return the errors of incentive::ContractClient
    template <class Call>
    void read(const typename Call::Input& input, Handler<typename Call::Output> handler) {
        m_client->call<Call>(input, incentive::BlockTag::latest(), std::move(handler));
    }

    /// The same as of an epoch. A null round has no state: that is an error too.
    template <class Call>
    void read_at(std::uint64_t epoch, const typename Call::Input& input, Handler<typename Call::Output> handler) {
        m_client->call<Call>(input, incentive::BlockTag::number(epoch), std::move(handler));
    }

    [[nodiscard]] const incentive::EthAddress& address() const noexcept { return m_contract; }
    [[nodiscard]] const incentive::EthNode& node() const noexcept { return m_parts.node; }
    [[nodiscard]] const std::vector<std::uint64_t>& miners() const noexcept { return m_miners; }
    [[nodiscard]] SlotPolicies& policies() noexcept { return m_policies; }
    [[nodiscard]] SlotPolicy policy_of(std::uint64_t miner) const {
        return m_policies.of(miner).value_or(m_default_policy);
    }
    [[nodiscard]] const std::optional<Terms>& terms() const noexcept { return m_terms; }
    [[nodiscard]] const node::Profile& network() const noexcept { return m_parts.network; }

    /// What was found at the address; nothing before that.
    [[nodiscard]] const std::optional<incentive::ContractFacts>& facts() const noexcept { return m_facts; }

    /// Why the contract could not be looked at, the last time that was tried.
    [[nodiscard]] const std::optional<Error>& trouble() const noexcept { return m_trouble; }

    /// Expires with it: for those who come back to it later.
    [[nodiscard]] std::weak_ptr<const void> life() const noexcept { return m_alive; }

    void set_default_policy(SlotPolicy policy) noexcept { m_default_policy = policy; }

private:
    explicit Desk(Parts parts) : m_parts(std::move(parts)), m_policies(m_parts.queue, m_parts.journal) {}
    void look();
    void look_at_terms();
    void failed(const Error& why);

    Parts m_parts;
    incentive::EthAddress m_contract;
    SlotPolicies m_policies;
    SlotPolicy m_default_policy = SlotPolicy::ask;
    std::vector<std::uint64_t> m_miners;
    std::unique_ptr<incentive::ContractClient> m_client;
    std::optional<incentive::ContractFacts> m_facts;
    std::optional<Terms> m_terms;
    std::optional<Error> m_trouble;
    bool m_looking = false;
    std::shared_ptr<int> m_alive = std::make_shared<int>(0);
};

}    // namespace filfil::service
