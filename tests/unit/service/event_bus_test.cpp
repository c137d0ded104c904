// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/event_bus.hpp"
#include "virtual_clock.hpp"

#include <gtest/gtest.h>

namespace filfil::service {
namespace {

using rpc::Json;

/// What a subscriber was told: type and data.
struct Told {
    std::vector<std::string> events;
    std::vector<std::uint64_t> seqs;
    EventBus::Handler handler() {
        return [this](const Event& event) {
            events.push_back(event.type + event.data.dump());
            seqs.push_back(event.seq);
            return true;
        };
    }
};
using Texts = std::vector<std::string>;

TEST(EventBus, NumbersGrowByOneFromTheClock) {
    VirtualClock clock;
    EventBus bus(clock);
    const std::uint64_t start = bus.last();
    EXPECT_EQ(start, 1'767'225'600'000'000U);
    EXPECT_EQ(bus.publish("a", 1), start + 1);
    EXPECT_EQ(bus.publish("b", 2), start + 2);
    EXPECT_EQ(bus.last(), start + 2);
}

TEST(EventBus, TellsWhatComesAfterAndWhatWasMissed) {
    VirtualClock clock;
    EventBus bus(clock);
    Told now;
    const auto first = bus.subscribe(std::nullopt, {}, now.handler());
    EXPECT_FALSE(first.resync);
    bus.publish("a", 1);
    const std::uint64_t seen = bus.publish("b", 2);
    bus.publish("c", 3);
    Told later;
    const auto second = bus.subscribe(seen, {}, later.handler());
    EXPECT_FALSE(second.resync);
    EXPECT_EQ(second.seq, seen + 1);
    EXPECT_EQ(later.events, Texts{"c3"});
    bus.publish("d", 4);
    EXPECT_EQ(later.events, (Texts{"c3", "d4"}));
    EXPECT_EQ(now.events, (Texts{"a1", "b2", "c3", "d4"}));
    bus.unsubscribe(first.id);
    bus.unsubscribe(first.id);
    bus.publish("e", 5);
    EXPECT_EQ(now.events.size(), 4U);
    EXPECT_EQ(later.events.size(), 3U);
    EXPECT_EQ(bus.subscriptions(), 1U);
}

TEST(EventBus, TellsOnlyTheTypesThatWereAskedFor) {
    VirtualClock clock;
    EventBus bus(clock);
    const std::uint64_t start = bus.last();
    bus.publish("head", 1);
    bus.publish("job", 2);
    Told told;
    bus.subscribe(start, {"head", "log"}, told.handler());
    bus.publish("job", 3);
    bus.publish("log", 4);
    EXPECT_EQ(told.events, (Texts{"head1", "log4"}));
}

TEST(EventBus, WhoAsksForWhatIsGoneHasToResync) {
    VirtualClock clock;
    EventBus bus(clock, 3);
    const std::uint64_t start = bus.last();
    for (int i = 1; i <= 5; ++i) bus.publish("a", i);
    for (const std::uint64_t after : {std::uint64_t{0}, start, start + 1, start + 6, ~std::uint64_t{0}}) {
        Told told;
        const auto made = bus.subscribe(after, {}, told.handler());
        EXPECT_TRUE(made.resync) << after;
        EXPECT_EQ(made.seq, start + 5);
        EXPECT_TRUE(told.events.empty());
        bus.unsubscribe(made.id);
    }
    Told told;
    EXPECT_FALSE(bus.subscribe(start + 2, {}, told.handler()).resync);
    EXPECT_FALSE(bus.subscribe(start + 5, {}, told.handler()).resync);
    EXPECT_EQ(told.events, (Texts{"a3", "a4", "a5"}));
    // Who has to resync is told all the same what comes from now on.
    Told late;
    EXPECT_TRUE(bus.subscribe(start, {}, late.handler()).resync);
    bus.publish("b", 6);
    EXPECT_EQ(late.events, Texts{"b6"});
}

TEST(EventBus, ANumberFromBeforeARestartIsSeenToBe) {
    VirtualClock clock;
    std::uint64_t before = 0;
    {
        EventBus bus(clock);
        before = bus.publish("a", 1);
    }
    clock.advance(std::chrono::seconds(1));
    EventBus bus(clock);
    for (int i = 0; i < 10; ++i) bus.publish("a", i);
    Told told;
    EXPECT_TRUE(bus.subscribe(before, {}, told.handler()).resync);
}

TEST(EventBus, WhatHandlersPublishComesInOrderToAll) {
    VirtualClock clock;
    EventBus bus(clock);
    Told first;
    bus.subscribe(std::nullopt, {}, [&](const Event& event) {
        if (event.type == "a") bus.publish("b", 2);
        return first.handler()(event);
    });
    Told second;
    bus.subscribe(std::nullopt, {}, second.handler());
    bus.publish("a", 1);
    EXPECT_EQ(first.events, (Texts{"a1", "b2"}));
    EXPECT_EQ(second.events, (Texts{"a1", "b2"}));
}

TEST(EventBus, HandlersMayEndAndBeginSubscriptions) {
    VirtualClock clock;
    EventBus bus(clock);
    Told told;
    Told late;
    std::uint64_t other = 0;
    const auto first = bus.subscribe(std::nullopt, {}, [&](const Event& event) {
        told.events.push_back(event.type);
        bus.unsubscribe(other);
        bus.subscribe(event.seq - 1, {}, late.handler());
        return false;
    });
    Told never;
    other = bus.subscribe(std::nullopt, {}, never.handler()).id;
    bus.publish("a", 1);
    bus.publish("b", 2);
    EXPECT_EQ(told.events, Texts{"a"});
    EXPECT_EQ(late.events, (Texts{"a1", "b2"}));
    EXPECT_TRUE(never.events.empty());
    EXPECT_EQ(bus.subscriptions(), 1U);
    bus.unsubscribe(first.id);

    std::uint64_t own = 0;
    int calls = 0;
    own = bus.subscribe(std::nullopt, {},
                        [&](const Event&) {
                            ++calls;
                            bus.unsubscribe(own);
                            return true;
                        })
              .id;
    bus.publish("c", 3);
    bus.publish("d", 4);
    EXPECT_EQ(calls, 1);
}

TEST(EventBus, KeepsNoMoreThanItSays) {
    VirtualClock clock;
    EventBus bus(clock, 0);
    Told told;
    bus.subscribe(std::nullopt, {}, told.handler());
    bus.publish("a", 1);
    EXPECT_EQ(told.events, Texts{"a1"});
    EXPECT_FALSE(bus.subscribe(bus.last(), {}, told.handler()).resync);
    EXPECT_TRUE(bus.subscribe(bus.last() - 1, {}, told.handler()).resync);
}

TEST(EventBus, AnEventIsJson) {
    VirtualClock clock;
    EventBus bus(clock);
    Json json;
    bus.subscribe(std::nullopt, {}, [&](const Event& event) {
        json = json_of(event);
        return true;
    });
    const std::uint64_t seq = bus.publish("head", {{"epoch", 5}});
    EXPECT_EQ(json, (Json{{"seq", seq}, {"type", "head"}, {"time", 1'767'225'600.0}, {"data", {{"epoch", 5}}}}));
}

}    // namespace
}    // namespace filfil::service
