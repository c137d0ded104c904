// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "rpc/json.hpp"
#include "service/incentive/event_book.hpp"
#include "service/incentive/reputation.hpp"

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>

namespace filfil::service {

/// The reputation as the journal's events have it now. It is reckoned when somebody asks, all anew where events have
/// changed since: those that a reorganisation has taken back count no more. Lives on the loop, as long as the book of
/// the events.
class ReputationBook {
public:
    explicit ReputationBook(EventBook& events) : m_events(events) {}

    using Handler = std::function<void(Result<std::shared_ptr<const Reputation>>)>;

    /// Who asks while it is being reckoned is told of that same one.
    /// @param handler called later, or at once where nothing has changed; why the journal could not be read
    void read(Handler handler);

private:
    void reckon();
    void tell(const Result<std::shared_ptr<const Reputation>>& told);

    EventBook& m_events;
    std::shared_ptr<const Reputation> m_known;
    std::uint64_t m_revision = 0;    ///< of what is known
    std::deque<Handler> m_waiting;
    std::shared_ptr<int> m_alive = std::make_shared<int>(0);
};

/// {"miner", "standing", "registered_epoch", "registered_time", "ended_epoch", "ended_time", "windows", "completed",
/// "missed", "success_rate", "median_epochs", "median_seconds", "live_replicas", "live_pieces", "lost_pieces",
/// "lost_sectors", "slashed", "earned", "endpoint", "region"}; null for what is not known
rpc::Json json_of(const ProviderRecord& record, const node::Profile& network);

}    // namespace filfil::service
