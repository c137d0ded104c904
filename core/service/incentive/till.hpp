// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "incentive/gas.hpp"
#include "incentive/sender.hpp"
#include "incentive/wallet.hpp"
#include "service/config.hpp"
#include "service/event_bus.hpp"
#include "service/worker_queue.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace filfil::service {

/// What pays for transactions: the wallet that the settings name, and the sender that lets each take effect once.
/// Lives on the loop; nothing is told after it was destroyed.
class Till {
public:
    struct Parts {
        World& world;
        std::shared_ptr<WorkerQueue> queue;
        std::shared_ptr<journal::Journal> journal;
        EventBus& events;
        incentive::EthNode& node;
        std::uint64_t chain_id = 0;
    };

    Till(Parts parts, Config::Incentive settings) : m_parts(std::move(parts)), m_settings(std::move(settings)) {}

    /// Reads the key where there is one, and takes up what an earlier run left open; again after a while where the node
    /// does not answer.
    void start();

    /// See incentive::Sender::send. @return Error::unsupported at once where the settings name no wallet, or why its
    /// key cannot be read; Error::busy while it is being opened
    Result<void> send(incentive::SendOrder order, std::function<void(Result<incentive::SendOutcome>)> handler);

    /// For what can be asked for again and again: where one whose key begins with `prefix` is under way, that one is
    /// waited for, and nothing is sent. @param order whose key begins with it, and was never used @return as send()
    Result<void> send_or_wait(std::string_view prefix, incentive::SendOrder order,
                              std::function<void(Result<incentive::SendOutcome>)> handler);

    /// Whether one whose key begins so is under way.
    [[nodiscard]] bool under_way(std::string_view prefix) const;

    /// The address that sends. @return as send()
    Result<incentive::EthAddress> address() const;

    /// As people know it: "f1…", or "0x…".
    [[nodiscard]] std::string name() const;

    /// What it has, looked at now and then; nothing before that.
    [[nodiscard]] const std::optional<incentive::U256>& balance() const noexcept { return m_balance; }

    /// A sentence where less is left than incentive.gas_alarm.
    [[nodiscard]] std::optional<std::string> running_low() const;

    /// Asks the node for the balance anew, and for news of what is under way. To be called when the chain has gone on.
    void look();

    [[nodiscard]] std::vector<incentive::SendInfo> list() const;

private:
    void open(Result<std::unique_ptr<incentive::Wallet>> wallet);
    void begin();
    [[nodiscard]] Result<void> ready() const;
    [[nodiscard]] incentive::FeeLimits limits() const;

    Parts m_parts;
    Config::Incentive m_settings;
    std::unique_ptr<incentive::Wallet> m_wallet;
    std::unique_ptr<incentive::Sender> m_sender;
    std::optional<Error> m_error;    ///< why nothing can be sent
    bool m_open = false;
    std::optional<incentive::U256> m_balance;
    bool m_looking = false;
    std::shared_ptr<int> m_alive = std::make_shared<int>(0);
};

/// {"key", "title", "phase", "hash", "nonce", "block", "replacements", "trouble"}
rpc::Json json_of(const incentive::SendInfo& info);

}    // namespace filfil::service
