// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/world.hpp"
#include "incentive/contract_abi.hpp"
#include "incentive/eth_error.hpp"
#include "incentive/event_cursor.hpp"
#include "incentive/lifeline.hpp"

#include <functional>
#include <optional>
#include <vector>

namespace filfil::incentive {

struct EventFollowerConfig {
    EthAddress contract;
    std::uint64_t start = 0;               ///< the block at which the contract was made, or any before
    std::uint64_t finality = 900;          ///< blocks: older ones do not change
    std::uint64_t longest_range = 2000;    ///< blocks in one question; Lotus takes 2880
    Clock::Duration poll_every = std::chrono::seconds(10);
};

/// A log of the contract, and what it says.
struct ContractEvent {
    EthLog log;
    Result<contract::Event> event;    ///< or why it cannot be read: unsupported for one of a newer contract
};

/// What happened since the last batch: first what is undone, newest first, then what is new, oldest first.
struct EventBatch {
    std::vector<ContractEvent> removed{};
    std::vector<ContractEvent> added{};
    EventCursor cursor{};    ///< to start from when all of this was taken in
};

/// Follows the events of one contract through eth_getLogs, over reorganisations: each event is told as added once, and
/// as removed once where its block leaves the chain, always in such an order that what was told is a chain's. Blocks
/// that are older than the finality are taken as they are; younger ones in one batch, and only if the head is the same
/// before and after. Ranges are halved where the node says that there is too much in them, and grow again.
///
/// Nothing is skipped: a log that cannot be decoded is told with its error, and an answer that is no list of logs of
/// this contract, in this range, is an error after which the same is asked again.
///
/// Lives on the loop; handlers are called there, none of them after it was destroyed. They must not destroy it.
class EventFollower {
public:
    struct Handlers {
        /// Never empty, but for those that move the cursor on.
        std::function<void(EventBatch)> on_batch;

        /// What is wrong with the node's answers; it goes on asking. Error::mismatch: the chain was reorganised below
        /// the finality, and it has stopped: events have to be read again from the start.
        std::function<void(Error)> on_trouble;
    };

    /// @param from where an earlier one came to; nothing: the start
    /// @param world must outlive this
    EventFollower(World& world, Ask ask, const EventFollowerConfig& config, std::optional<EventCursor> from,
                  Handlers handlers);
    EventFollower(const EventFollower&) = delete;
    EventFollower& operator=(const EventFollower&) = delete;

    /// Begins, and polls from then on.
    void start();

    /// Looks now: a new head was heard of.
    void poke();

    [[nodiscard]] const EventCursor& cursor() const noexcept { return m_cursor; }

    /// The head that was seen last; nothing before the first.
    [[nodiscard]] const std::optional<BlockRef>& head() const noexcept { return m_head; }

    /// Whether the chain was found to be another below the finality: it asks for nothing any more.
    [[nodiscard]] bool stopped() const noexcept { return m_stopped; }

    /// Whether all up to that head was told.
    [[nodiscard]] bool caught_up() const noexcept { return m_head && m_cursor.next > m_head->number; }

private:
    template <class T>
    using Then = std::function<void(Result<T>)>;

    void ask(const std::string& method, rpc::Json params, Then<rpc::Json> then);
    void ask_block(const std::string& tag, Then<std::optional<BlockRef>> then);

    void poll();
    void poll_later();
    void end_poll();
    void fail(Error why);

    void on_head(const BlockRef& head);
    void check_newest();
    void search(std::size_t good, std::size_t bad);
    void go_on_from(std::size_t kept);
    void next_range();
    void ask_logs(std::uint64_t from, std::uint64_t to);
    void on_logs(std::uint64_t from, std::uint64_t to, std::vector<EthLog> logs);
    void check_head();
    void deliver(std::vector<EthLog> logs, std::uint64_t to, bool settled);
    void prune();
    [[nodiscard]] Result<std::vector<EthLog>> read_logs(const rpc::Json& answer, std::uint64_t from,
                                                        std::uint64_t to) const;
    /// The last block that does not change any more; nothing where all may.
    [[nodiscard]] std::optional<std::uint64_t> settled_to() const noexcept;

    World& m_world;
    Ask m_ask;
    EventFollowerConfig m_config;
    Handlers m_handlers;
    EventCursor m_cursor;
    std::optional<BlockRef> m_head{};

    // Of the poll that is going on.
    std::size_t m_kept = 0;              ///< checkpoints that are still in the chain
    std::uint64_t m_from = 0;            ///< the next block to ask for
    std::vector<EthLog> m_gathered{};    ///< of blocks that may still change

    std::uint64_t m_range;
    unsigned m_torn = 0;
    bool m_polling = false;
    bool m_again = false;
    bool m_started = false;
    bool m_stopped = false;
    bool m_timer = false;
    Lifeline m_here;
};

}    // namespace filfil::incentive
