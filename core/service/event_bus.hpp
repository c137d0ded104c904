// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/clock.hpp"
#include "rpc/json.hpp"

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace filfil::service {

/// Something that happened, for all who look on.
struct Event {
    std::uint64_t seq = 0;
    std::string type;          ///< "head", "job", …
    Clock::Duration time{};    ///< wall clock
    rpc::Json data;
};

/// {"seq", "type", "time", "data"}; time in seconds since 1970.
rpc::Json json_of(const Event& event);

/// Numbers what happens and tells those who asked. Numbers grow by one, and begin with the wall clock's microseconds,
/// so that one that a client kept over a restart of the daemon is seen to be of before. On the loop only.
class EventBus {
public:
    /// @return false ends the subscription: the client is gone or too slow
    using Handler = std::function<bool(const Event&)>;

    /// @param keep events for those who come back
    explicit EventBus(const Clock& clock, std::size_t keep = 4096);

    /// Tells all at once, in order also where a handler publishes in turn. @return its number
    std::uint64_t publish(std::string type, rpc::Json data);

    /// Of the newest event, or of none yet.
    [[nodiscard]] std::uint64_t last() const noexcept { return m_last; }

    struct Subscribed {
        std::uint64_t id = 0;
        std::uint64_t seq = 0;    ///< the last event of now

        /// Events after the one asked for are not there any more (or never were): the client has to ask for the whole
        /// state. It is subscribed all the same, to what comes after `seq`.
        bool resync = false;
    };

    /// @param after the last number the client has seen: what came since is told at once. Nothing: from now on
    /// @param types whose events are told; empty: all
    Subscribed subscribe(std::optional<std::uint64_t> after, std::vector<std::string> types, Handler handler);

    /// One that has ended already is no error.
    void unsubscribe(std::uint64_t id) noexcept;

    [[nodiscard]] std::size_t subscriptions() const noexcept { return m_subscriptions.size(); }

private:
    struct Subscription {
        std::vector<std::string> types;
        Handler handler;
        std::uint64_t told = 0;    ///< all events up to this number
    };

    void deliver();
    void tell(std::uint64_t id, Subscription& to, std::uint64_t last);

    const Clock& m_clock;
    const std::size_t m_keep;
    std::uint64_t m_last;
    std::uint64_t m_next_id = 1;
    bool m_delivering = false;
    std::deque<std::shared_ptr<const Event>> m_events;
    std::map<std::uint64_t, std::shared_ptr<Subscription>> m_subscriptions;
};

}    // namespace filfil::service
