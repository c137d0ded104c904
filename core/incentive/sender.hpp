// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/world.hpp"
#include "incentive/send_log.hpp"
#include "incentive/wallet.hpp"
#include "journal/journal.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace filfil::incentive {

struct SenderOptions {
    /// A transaction counts as done when its block and so many more lie on one another, itself counted in…
    std::uint64_t confirmations = 900;

    /// …or, with this, as soon as the node says that its block is final.
    bool finality = true;

    /// Blocks that a transaction waits before one with higher fees takes its place, at most so often.
    std::uint64_t stuck_after = 10;
    unsigned most_replacements = 8;

    /// How often the node is asked for news.
    Clock::Duration poll = std::chrono::seconds(10);

    /// What only the node can name, and it may be signing still, is not asked for a second time before that.
    Clock::Duration resend_after = std::chrono::minutes(2);

    RevertReader revert{};    ///< empty: plain_revert()
};

/// How far a transaction is.
enum class SendPhase : std::uint8_t {
    checking,     ///< the journal, and a dry run
    preparing,    ///< fees, balance, nonce, signature
    sending,      ///< written down, and the node has not said yet that it has it
    pending,      ///< in the node's pool
    included,     ///< in the chain, and not deep enough yet
    finishing,    ///< being written down as done or failed
};

/// "checking", "preparing", …
std::string_view name_of(SendPhase phase) noexcept;

struct SendInfo {
    std::string key;
    std::string title;
    SendPhase phase = SendPhase::checking;
    std::optional<Hash32> hash{};    ///< of the newest draft, or of the one that was included
    std::optional<std::uint64_t> nonce{};
    std::optional<std::uint64_t> block{};    ///< while included
    std::size_t replacements = 0;
    std::optional<Error> trouble{};    ///< why it does not go on, while it does not; it is tried all the time
};

/// What is to take effect once.
struct SendOrder {
    std::string key;      ///< names the effect; the same effect has the same key, ever
    std::string title;    ///< for people: "stage slot 65537"
    Call call;
};

/// The one place that spends. What is asked for takes effect at most once, whatever crashes, and the answer comes when
/// that is certain:
///
///     journal ──► dry run (eth_call) ──► fees, balance, nonce, signature ──► journal ──► send
///                                                                                         │
///     journal ◄── deep enough ◄── in the chain ◄── look ◄── every few seconds ◄───────────┘
///                                                   └──► gone: the same again · stuck: +25 % · nonce lost: a new one
///
/// Before it has sent anything, a failure ends the matter and is told: nothing was spent. Once a draft stands in the
/// journal it goes on until the chain has taken one of its transactions, or another one with their nonce so deep that
/// they can never come in: only then is another nonce used.
///
/// Lives on the loop. Nothing is told after it was destroyed.
class Sender {
public:
    using Handler = std::function<void(Result<SendOutcome>)>;

    /// @param node, wallet must outlive it @param changed told (with the key) when something of list() is another
    Sender(World& world, std::shared_ptr<journal::Journal> journal, EthNode& node, Wallet& wallet,
           SenderOptions options, std::function<void(const std::string& key)> changed = {});
    ~Sender();
    Sender(const Sender&) = delete;
    Sender& operator=(const Sender&) = delete;

    /// Takes up what an earlier run left open. @param started how many there are, once they are known
    void start(std::function<void(Result<std::size_t>)> started);

    /// @param handler called once: the outcome, also of one that was done long ago; or why it did not take effect, by
    /// the revert reader where the contract refused. Error::mismatch where the key stands for another call. The same
    /// key again, while it is under way, waits for the same end; after a failure it is a new attempt
    void send(SendOrder order, Handler handler);

    /// Waits for the end of one that is under way. @return false where there is none; `handler` is forgotten then
    [[nodiscard]] bool wait(const std::string& key, Handler handler);

    /// Asks the node for news now, where there is anything to hear of: to be called when the chain has gone on.
    void look();

    /// Those under way, by key.
    [[nodiscard]] std::vector<SendInfo> list() const;

private:
    struct Impl;
    std::shared_ptr<Impl> m_impl;
};

}    // namespace filfil::incentive
