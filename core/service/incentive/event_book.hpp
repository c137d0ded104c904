// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "incentive/event_follower.hpp"
#include "journal/journal.hpp"
#include "node/profile.hpp"
#include "rpc/json.hpp"
#include "service/event_bus.hpp"
#include "service/worker_queue.hpp"

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace filfil::service {

/// The contract's events, from its first to the newest, in the journal: read through reorganisations, each there once,
/// with how far they were read in the same transaction. What a crash or a failing disk takes is read again.
///
/// Lives on the loop; nothing is told after it was destroyed.
class EventBook {
public:
    struct Parts {
        World& world;
        incentive::Ask ask;
        std::shared_ptr<WorkerQueue> queue;
        std::shared_ptr<journal::Journal> journal;
        EventBus& events;
        node::Profile network;
        incentive::EthAddress contract;
        std::uint64_t from = 0;    ///< no event stands in a block before
    };

    explicit EventBook(Parts parts);

    /// Goes on where an earlier one came to.
    void start();

    /// There may be news.
    void on_head();

    /// All that were read so far: the journal's, newest first.
    using Handler = std::function<void(Result<std::vector<journal::EventRecord>>)>;
    void list(const journal::EventFilter& filter, Handler handler);

    /// Shows all of them, newest first, as of now: what is new meanwhile is left out.
    /// @param look called on a worker, never twice at once
    /// @param done told whether all were of one chain: false where some were taken back meanwhile, and it has to be
    /// done anew
    void read_all(std::function<void(const journal::EventRecord&)> look, std::function<void(Result<bool>)> done);

    /// Another one whenever what list() gives has changed.
    [[nodiscard]] std::uint64_t revision() const noexcept { return m_revision; }

    /// {"read_to_epoch", "caught_up", "trouble"}: the first null before anything was read.
    [[nodiscard]] rpc::Json state() const;

    /// {"epoch", "time", "index", "name", "slot", "miner", "fields"}
    [[nodiscard]] rpc::Json json_of(const journal::EventRecord& event) const;

private:
    void follow(Result<std::optional<std::string>> stored);
    void take(const incentive::EventBatch& batch);
    void write_next();
    void written(const Result<void>& done);
    void on_trouble(const Error& why);
    void read_anew();
    void note(const Error& why);
    void next_page(std::optional<journal::EventPlace> before, std::uint64_t takings,
                   std::shared_ptr<const std::function<void(const journal::EventRecord&)>> look,
                   std::function<void(Result<bool>)> done);

    Parts m_parts;
    const std::string m_log;    ///< its name in the journal
    std::unique_ptr<incentive::EventFollower> m_follower;
    std::deque<journal::EventChange> m_unwritten;
    std::optional<std::uint64_t> m_read_to;    ///< the last block whose events stand in the journal
    std::optional<Error> m_trouble;
    bool m_starting = false;
    bool m_writing = false;
    std::uint64_t m_revision = 0;
    std::uint64_t m_takings = 0;    ///< how often events were taken back
    std::shared_ptr<int> m_alive = std::make_shared<int>(0);
};

}    // namespace filfil::service
