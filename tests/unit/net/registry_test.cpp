// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "net/registry.hpp"
#include "waiting.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace filfil::net {
namespace {

class Told final : public Registry::Member {
public:
    void end() override { told.open(); }
    Gate told;
};

TEST(Registry, KeepsItsMembersAlive) {
    Registry registry;
    auto member = std::make_shared<Told>();
    const std::weak_ptr<Told> weak = member;
    ASSERT_TRUE(registry.add(member));
    member.reset();
    EXPECT_FALSE(weak.expired());
    registry.remove(weak.lock().get());
    EXPECT_TRUE(weak.expired());
}

TEST(Registry, TellsAllToEndAndTakesNoMore) {
    Registry registry;
    const auto member = std::make_shared<Told>();
    ASSERT_TRUE(registry.add(member));
    registry.end_all();
    EXPECT_TRUE(member->told.is_open());
    EXPECT_FALSE(registry.add(std::make_shared<Told>()));
}

TEST(Registry, WaitsForMembersAndVisits) {
    Registry registry;
    const auto member = std::make_shared<Told>();
    ASSERT_TRUE(registry.add(member));
    ASSERT_TRUE(registry.enter());
    registry.end_all();
    std::atomic<bool> over = false;
    std::jthread waiter([&] {
        registry.wait_empty();
        EXPECT_TRUE(over);
    });
    registry.remove(member.get());
    over = true;
    registry.leave();
    waiter.join();
    EXPECT_FALSE(registry.enter());
}

TEST(Registry, AVisitToAMemberThatEndsIsLetIn) {
    Registry registry;
    const auto member = std::make_shared<Told>();
    ASSERT_TRUE(registry.add(member));
    registry.end_all();
    EXPECT_TRUE(registry.enter());
    registry.leave();
    registry.remove(member.get());
    EXPECT_FALSE(registry.enter());
}

}    // namespace
}    // namespace filfil::net
