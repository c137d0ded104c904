// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "anvil.hpp"
#include "daemon/live.hpp"
#include "incentive/u256.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace filfil::e2e {

/// An EVM node that stands in for FEVM, a devnet over it, and a daemon whose wallet has deployed the contract, is its
/// operator and has registered t01000; t01001 and t01002 have registered by others. The pool has 100 FIL.
///
/// Each of the three has its own slot of every round. A slot is 200 epochs of 200 ms; its target comes 120 epochs
/// before it opens, so that the first is there when the providers have registered.
class Scene {
public:
    static constexpr const char* wallet = "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266";    ///< the first account
    static constexpr const char* staged_event =
        "SnapshotStaged(uint32,uint8,uint64,bytes32,bytes32,uint128,bytes,(bytes32,uint64,uint8)[])";

    /// To be called once. Where it fails it says so to the test, and nothing else may be called.
    void start();
    [[nodiscard]] bool ready() const noexcept { return m_ready; }

    [[nodiscard]] Anvil& evm() { return *m_evm; }
    [[nodiscard]] LiveDaemon& daemon() { return *m_daemon; }
    [[nodiscard]] const std::string& contract() const { return m_contract; }

    /// Options of a daemon that follows the devnet.
    [[nodiscard]] Words follow() const;

    /// A command of the first daemon that has to succeed, and what it says.
    [[nodiscard]] Json done(const Words& words) const;

    /// The first of a provider's windows that is not staged yet, once its target is final.
    [[nodiscard]] Json window_of(const std::string& miner) const;

    /// A call of the daemon's API; null where it fails, e.g. because the daemon does not run.
    [[nodiscard]] Json ask_daemon(const std::string& method, const Json& params) const;

    [[nodiscard]] std::size_t stagings_of(const Json& slot) {
        return m_evm->events(m_contract, staged_event, slot.get<std::uint64_t>());
    }

    /// The contract's counters, of which the sum has to be its balance.
    [[nodiscard]] Json totals_that_reconcile();

    [[nodiscard]] const TemporaryFolder& folder() const { return m_folder; }

private:
    void deploy();
    void register_all();

    TemporaryFolder m_folder;
    std::unique_ptr<Anvil> m_evm;
    std::unique_ptr<Process> m_node;
    std::string m_node_url;
    std::unique_ptr<LiveDaemon> m_daemon;
    std::string m_contract;
    bool m_ready = false;
};

/// The number that decimal text or "0x…" says.
incentive::U256 amount_of(const Json& text);

}    // namespace filfil::e2e
