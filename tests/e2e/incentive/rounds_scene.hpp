// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "daemon/live.hpp"
#include "on_chain.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace filfil::e2e {

/// Who has a daemon: the operator, or a storage provider.
struct Party {
    std::string name{};
    std::uint64_t miner = 0;    ///< 0: none
    std::string account{};      ///< that the EVM node knows it by, in lower case
    std::string wallet{};       ///< the same for Filecoin
    Money balance = 0;          ///< of the account, before anything has happened
    std::unique_ptr<LiveDaemon> daemon{};
    unsigned kills = 0;
    unsigned errands = 0;                ///< commands that it has given and that are not done
    std::string incentive_settings{};    ///< lines of its [incentive], and…
    std::string other_settings{};        ///< …other tables of its configuration

    [[nodiscard]] std::string miner_text() const { return "t0" + std::to_string(miner); }
    void kill_and_start();
};

/// The chain, in which time passes by its own clock, and the daemons over it. Everything is a process of its own.
/// One provider's wallet is an f1 address, one's an f3, and all others are f410.
///
/// A slot is 60 epochs of 80 ms, or as many as are wanted; its target comes 50 epochs before it opens. Sectors have to
/// last 40 epochs.
class RoundsScene {
public:
    RoundsScene() = default;
    explicit RoundsScene(std::uint64_t slot_length) : m_slot_length(slot_length) {}

    static constexpr std::uint64_t slot_epochs = 60;
    static constexpr std::uint64_t lead_epochs = 50;
    static constexpr std::uint64_t least_term = 40;
    static constexpr std::uint64_t deep = Anvil::deepest_fork;    ///< what is so deep stays

    /// Puts the contract on the chain and 100 FIL into its pool. Where it fails it says so to the test.
    /// @param seed of the chain
    void start(std::uint64_t seed);

    [[nodiscard]] std::uint64_t slot_length() const noexcept { return m_slot_length; }

    [[nodiscard]] Party& crew() { return m_operator; }
    [[nodiscard]] std::array<Party, 4>& providers() { return m_providers; }
    void start_daemon(Party& party);

    [[nodiscard]] Anvil& evm() { return *m_evm; }
    [[nodiscard]] OnChain& contract() { return *m_contract; }

    /// Waits for the devnet's next event; while it is paused only asks how it stands. Then the EVM node may still be on
    /// its way there.
    void turn();
    [[nodiscard]] std::uint64_t epoch() const { return m_epoch; }

    /// The clock stands still, or goes on.
    void hold(bool still);
    [[nodiscard]] bool held() const { return m_held; }

    /// Lets time pass as fast as it can, until an epoch has come.
    void skip_to(std::uint64_t epoch);

    /// How often a tipset goes back, from 0 to 1, and what was sent in it is forgotten.
    void set_reorgs(const char* rate);

    /// Waits until both chains are at one epoch, the clock standing still.
    void stand_still();

    /// A call of a daemon's API; null where it fails.
    [[nodiscard]] Json ask(const Party& party, const std::string& method, const Json& params) const;

    /// A command that only looks, and has to succeed.
    [[nodiscard]] static Json look(const Party& party, const Words& words);

    /// For people who look for what went wrong: transactions that failed, and what each daemon is at.
    [[nodiscard]] std::string story_so_far();

    // Accounts of the EVM node: who has given the pool's money, who looks after others' sectors, the mocks' own.
    static constexpr std::size_t sponsor = 7;
    static constexpr std::size_t watcher = 8;
    static constexpr std::size_t actors = 9;
    [[nodiscard]] const std::string& account(std::size_t number) const { return m_accounts[number]; }

    [[nodiscard]] const TemporaryFolder& folder() const { return m_folder; }

private:
    void start_evm();
    void give_account(Party& party, std::uint64_t number, const Bytes& address);
    void settle(const Json& hash);
    void start_node(std::uint64_t seed);
    void deploy();
    [[nodiscard]] std::string settings_of(const Party& party) const;
    [[nodiscard]] Words follow() const;

    std::uint64_t m_slot_length = slot_epochs;
    TemporaryFolder m_folder;
    std::unique_ptr<Anvil> m_evm;
    std::vector<std::string> m_accounts;
    std::unique_ptr<Process> m_node;
    std::string m_node_url;
    std::unique_ptr<JsonRpc> m_hooks;
    std::unique_ptr<OnChain> m_contract;
    Party m_operator{};
    std::array<Party, 4> m_providers{};
    std::uint64_t m_epoch = 0;
    bool m_held = false;
};

}    // namespace filfil::e2e
