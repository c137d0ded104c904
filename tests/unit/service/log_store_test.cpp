// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/log_store.hpp"
#include "outside.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace filfil::service {
namespace {

using namespace std::chrono_literals;

std::vector<std::string> texts(const std::vector<LogRecord>& records) {
    std::vector<std::string> out;
    for (const LogRecord& record : records) out.push_back(record.message);
    return out;
}
using Texts = std::vector<std::string>;

TEST(LogStore, KeepsTheLastRecords) {
    VirtualClock clock;
    LogStore log(clock, nullptr, {.records = 3});
    for (int i = 1; i <= 5; ++i) log.write(LogLevel::info, "node", "message " + std::to_string(i));
    const auto records = log.query({});
    EXPECT_EQ(texts(records), (Texts{"message 3", "message 4", "message 5"}));
    EXPECT_EQ(records[0].sequence, 3U);
    EXPECT_EQ(records[0].time, VirtualClock::first_wall);
    EXPECT_EQ(log.last(), 5U);
    EXPECT_EQ(texts(log.query({.limit = 2})), (Texts{"message 4", "message 5"}));
    EXPECT_EQ(texts(log.query({.after = 3, .limit = 1})), (Texts{"message 4"}));
    EXPECT_EQ(texts(log.query({.after = 1})), (Texts{"message 3", "message 4", "message 5"}));
    EXPECT_TRUE(log.query({.after = 5}).empty());
    EXPECT_TRUE(log.query({.after = 500}).empty());
    EXPECT_TRUE(log.query({.limit = 0}).empty());
}

TEST(LogStore, FindsByLevelModuleAndText) {
    VirtualClock clock;
    LogStore log(clock, nullptr, {.level = LogLevel::debug});
    log.write(LogLevel::debug, "node", "a Block came");
    log.write(LogLevel::warning, "service", "the disk is full");
    log.write(LogLevel::error, "node", "no block came");
    EXPECT_EQ(texts(log.query({.level = LogLevel::warning})), (Texts{"the disk is full", "no block came"}));
    EXPECT_EQ(texts(log.query({.module = "node"})), (Texts{"a Block came", "no block came"}));
    EXPECT_EQ(texts(log.query({.text = "bLOCK"})), (Texts{"a Block came", "no block came"}));
    EXPECT_EQ(texts(log.query({.level = LogLevel::error, .module = "service"})), Texts{});
    EXPECT_EQ(texts(log.query({.text = "block", .limit = 1})), (Texts{"no block came"}));
}

TEST(LogStore, DropsWhatIsBelowItsLevel) {
    VirtualClock clock;
    LogStore log(clock);
    log.write(LogLevel::debug, "node", "one");
    log.set_level(LogLevel::debug);
    log.write(LogLevel::debug, "node", "two");
    log.set_level(LogLevel::error);
    log.write(LogLevel::warning, "node", "three");
    EXPECT_EQ(texts(log.query({})), Texts{"two"});
}

TEST(LogStore, CountsRepeatsInsteadOfWritingThem) {
    VirtualClock clock;
    RecordedLog next;
    LogStore log(clock, &next);
    for (int i = 0; i < 38; ++i) log.write(LogLevel::warning, "node", "no answer");
    log.write(LogLevel::warning, "node", "something else");
    EXPECT_EQ(texts(log.query({})), (Texts{"no answer", "something else"}));
    clock.advance(29s);
    log.write(LogLevel::info, "node", "one more");
    EXPECT_EQ(log.last(), 3U);
    clock.advance(1s);
    log.write(LogLevel::info, "node", "and one");
    EXPECT_EQ(texts(log.query({})),
              (Texts{"no answer", "something else", "one more", "no answer (37 times more in 30.0 s)", "and one"}));
    EXPECT_EQ(log.query({.text = "times more"})[0].level, LogLevel::warning);
    EXPECT_EQ(next.lines().size(), 5U);

    // Now it is new again; the same words of another module or level are another message.
    log.write(LogLevel::warning, "node", "no answer");
    log.write(LogLevel::error, "node", "no answer");
    log.write(LogLevel::warning, "rpc", "no answer");
    EXPECT_EQ(log.last(), 8U);
}

TEST(LogStore, TellsOpenCountsAtTheEnd) {
    VirtualClock clock;
    RecordedLog next;
    {
        LogStore log(clock, &next);
        log.write(LogLevel::info, "node", "a");
        log.write(LogLevel::info, "node", "a");
        log.flush();
        EXPECT_TRUE(next.has("a (1 times more"));
        log.write(LogLevel::info, "node", "b");
        log.write(LogLevel::info, "node", "b");
    }
    EXPECT_TRUE(next.has("b (1 times more"));
}

TEST(LogStore, AFloodOfDifferentMessagesCostsNoMemory) {
    VirtualClock clock;
    LogStore log(clock, nullptr, {.records = 10});
    for (int i = 0; i < 5000; ++i) log.write(LogLevel::info, "node", "message " + std::to_string(i));
    EXPECT_EQ(log.last(), 5000U);
    EXPECT_EQ(log.query({}).size(), 10U);
}

TEST(LogStore, MessagesAreOneLineAndNoCommandsToATerminal) {
    VirtualClock clock;
    LogStore log(clock, nullptr, {.message_bytes = 20});
    log.write(LogLevel::info, "no\nde", "a\nb\r\x1b[31m\x7f");
    log.write(LogLevel::info, "node", std::string(30, 'x'));
    log.write(LogLevel::info, "node", std::string(19, 'x') + "ää");
    const auto records = log.query({});
    EXPECT_EQ(records[0].module, "no\\nde");
    EXPECT_EQ(records[0].message, "a\\nb\\x0d\\x1b[31m\\x7f");
    EXPECT_EQ(records[1].message, std::string(20, 'x') + "…");
    EXPECT_EQ(records[2].message, std::string(19, 'x') + "…");
}

TEST(LogStore, SubscribersGetEverythingInOrderUntilTheyEnd) {
    VirtualClock clock;
    LogStore log(clock);
    log.write(LogLevel::info, "node", "before");
    Texts told;
    auto subscription = log.subscribe([&](const LogRecord& record) {
        told.push_back(record.message);
        if (record.message == "one") log.write(LogLevel::info, "node", "one begets two");
    });
    Texts others;
    std::unique_ptr<LogStore::Subscription> other;
    other = log.subscribe([&](const LogRecord& record) {
        others.push_back(record.message);
        if (record.message == "three") other.reset();
    });
    log.write(LogLevel::info, "node", "one");
    log.write(LogLevel::info, "node", "three");
    log.write(LogLevel::info, "node", "four");
    subscription.reset();
    log.write(LogLevel::info, "node", "five");
    EXPECT_EQ(told, (Texts{"one", "one begets two", "three", "four"}));
    EXPECT_EQ(others, (Texts{"one", "one begets two", "three"}));
}

TEST(LogStore, ASubscriptionMayOutliveIt) {
    VirtualClock clock;
    auto log = std::make_unique<LogStore>(clock);
    const auto subscription = log->subscribe([](const LogRecord&) {});
    log.reset();
}

TEST(LogStore, TheNextSinkCanComeLater) {
    VirtualClock clock;
    RecordedLog next;
    LogStore log(clock);
    log.write(LogLevel::info, "node", "one");
    log.set_next(&next);
    log.write(LogLevel::info, "node", "two");
    log.set_next(nullptr);
    log.write(LogLevel::info, "node", "three");
    ASSERT_EQ(next.lines().size(), 1U);
    EXPECT_EQ(next.lines()[0].message, "two");
}

TEST(LogStore, ManyThreadsWriteAndReadAndNoneIsLostOrOutOfOrder) {
    VirtualClock clock;
    LogStore log(clock, nullptr, {.records = 100'000});
    std::uint64_t last = 0;
    std::uint64_t told = 0;
    bool ordered = true;
    const auto subscription = log.subscribe([&](const LogRecord& record) {
        ordered = ordered && record.sequence == last + 1;
        last = record.sequence;
        ++told;
    });
    constexpr int threads = 4;
    constexpr int each = 500;
    {
        std::vector<std::jthread> writers;
        for (int t = 0; t < threads; ++t)
            writers.emplace_back([&, t] {
                for (int i = 0; i < each; ++i) {
                    log.write(LogLevel::info, "node", std::to_string(t) + " " + std::to_string(i));
                    if (i % 50 == 0) {
                        (void)log.query({.limit = 3});
                        const auto brief = log.subscribe([](const LogRecord&) {});
                    }
                }
            });
    }
    log.flush();
    EXPECT_TRUE(ordered);
    EXPECT_EQ(told, static_cast<std::uint64_t>(threads * each));
    EXPECT_EQ(log.last(), static_cast<std::uint64_t>(threads * each));
}

TEST(LogLevel, NamesReadBack) {
    for (const LogLevel level : {LogLevel::debug, LogLevel::info, LogLevel::warning, LogLevel::error})
        EXPECT_EQ(*parse_log_level(name_of(level)), level);
    for (const std::string_view text : {"", "Info", "warn", "infox"}) EXPECT_FALSE(parse_log_level(text).ok());
}

}    // namespace
}    // namespace filfil::service
