// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "outside.hpp"

#include <gtest/gtest.h>

namespace filfil {
namespace {

using std::chrono::seconds;

TEST(VirtualClock, RunsTasksAtTheirTimeAndThoseOfOneTimeInTheOrderOfPosts) {
    VirtualClock clock;
    ManualExecutor one(clock);
    ManualExecutor two(clock);
    const Clock::Duration start = clock.steady();
    std::vector<std::pair<int, Clock::Duration>> ran;
    const auto task = [&](int name) { return [&, name] { ran.emplace_back(name, clock.steady() - start); }; };
    one.post_after(seconds(2), task(4));
    two.post_after(seconds(1), task(3));
    two.post(task(1));
    one.post(task(2));
    EXPECT_EQ(clock.run_ready(), 2U);
    clock.advance(seconds(5));
    const std::vector<std::pair<int, Clock::Duration>> wanted = {{1, {}}, {2, {}}, {3, seconds(1)}, {4, seconds(2)}};
    EXPECT_EQ(ran, wanted);
    EXPECT_EQ(clock.steady() - start, seconds(5));
}

TEST(VirtualClock, RunUntilStopsWhereItsConditionHolds) {
    VirtualClock clock;
    ManualExecutor executor(clock);
    int count = 0;
    std::function<void()> again = [&] {
        ++count;
        executor.post_after(seconds(1), again);
    };
    executor.post(again);
    EXPECT_TRUE(clock.run_until([&] { return count == 3; }));
    EXPECT_EQ(count, 3);
    EXPECT_FALSE(clock.run_until([&] { return count == 1000; }, seconds(10)));
    EXPECT_EQ(count, 13);
}

TEST(VirtualClock, WallJumpsAndSteadyDoesNot) {
    VirtualClock clock;
    const Clock::Duration steady = clock.steady();
    const Clock::Duration wall = clock.wall();
    EXPECT_EQ(wall, VirtualClock::first_wall);
    clock.jump_wall(-seconds(100));
    EXPECT_EQ(clock.wall(), wall - seconds(100));
    EXPECT_EQ(clock.steady(), steady);
}

TEST(ManualExecutor, ClearDropsItsTasksAndNoOthers) {
    VirtualClock clock;
    ManualExecutor killed(clock);
    ManualExecutor other(clock);
    int ran = 0;
    killed.post([&] { ran += 100; });
    killed.post_after(seconds(1), [&] { ran += 100; });
    other.post([&] { ++ran; });
    EXPECT_EQ(killed.waiting(), 2U);
    EXPECT_EQ(killed.clear(), 2U);
    clock.advance(seconds(2));
    EXPECT_EQ(ran, 1);
}

TEST(ManualExecutor, RunReadyRunsItsOwnTasksOnly) {
    VirtualClock clock;
    ManualExecutor one(clock);
    ManualExecutor two(clock);
    std::string ran;
    two.post([&] { ran += "b"; });
    one.post([&] {
        ran += "a";
        one.post([&] { ran += "c"; });
    });
    EXPECT_EQ(one.run_ready(), 2U);
    EXPECT_EQ(ran, "ac");
}

TEST(ManualExecutor, JitterLetsTasksOvertake) {
    VirtualClock clock;
    ManualExecutor executor(clock);
    int next = 3;
    executor.set_jitter([&] { return seconds(next--); });
    std::string ran;
    for (const char* name : {"a", "b", "c"}) executor.post([&ran, name] { ran += name; });
    clock.advance(seconds(5));
    EXPECT_EQ(ran, "cba");
}

/// Answers with what it was sent.
class Echo final : public HttpServer {
public:
    void handle(HttpRequest request, Respond respond) override {
        requests.push_back(request);
        if (keep) {
            kept.push_back(std::move(respond));
            return;
        }
        if (drop) return;
        respond({.body = request.method + " " + request.target + " " + request.body});
    }
    std::optional<HttpResponse> refuse_socket(const HttpRequest& request) override {
        if (request.target == "/no") return HttpResponse{.status = 401};
        return std::nullopt;
    }
    SocketEvents open_socket(std::shared_ptr<WebSocket> socket, const HttpRequest&) override {
        sockets.push_back(socket);
        return {.on_message = [weak = std::weak_ptr(socket)](std::string text) { weak.lock()->send("re: " + text); },
                .on_closed = [this](const Error& why) { closed.push_back(why); }};
    }

    bool keep = false;
    bool drop = false;
    std::vector<HttpRequest> requests;
    std::vector<Respond> kept;
    std::vector<std::shared_ptr<WebSocket>> sockets;
    std::vector<Error> closed;
};

class MemoryNetworkTest : public testing::Test {
protected:
    MemoryNetworkTest() {
        auto listening = outside.transport.listen({.at = {"node", 1234}}, echo);
        EXPECT_TRUE(listening.ok());
        listener = std::move(*listening);
    }

    void request(HttpRequest what = {.method = "POST", .body = "hello"}, const ClientOptions& options = {}) {
        outside.transport.request(url, std::move(what), options,
                                  [this](Result<HttpResponse> answer) { answers.push_back(std::move(answer)); });
    }

    void open(std::string target = "/", const ClientOptions& options = {}) {
        Url at = url;
        at.target = std::move(target);
        outside.transport.open_socket(
            at, options,
            {.on_message = [this](std::string text) { messages.push_back(std::move(text)); },
             .on_closed = [this](const Error& why) { closed.push_back(why); }},
            [this](Result<std::shared_ptr<WebSocket>> result) { opened.push_back(std::move(result)); });
        outside.run_ready();
    }

    Outside outside;
    Echo echo;
    std::unique_ptr<Transport::Listener> listener;
    Url url{Url::Scheme::http, {"node", 1234}, "/a?b"};
    std::vector<Result<HttpResponse>> answers;
    std::vector<Result<std::shared_ptr<WebSocket>>> opened;
    std::vector<std::string> messages;
    std::vector<Error> closed;
};

TEST_F(MemoryNetworkTest, CarriesARequestAndItsAnswer) {
    request({.method = "POST", .body = "hello"}, {.fields = {{"Authorization", "Bearer x"}}});
    EXPECT_TRUE(answers.empty());
    outside.run_ready();
    ASSERT_EQ(answers.size(), 1U);
    ASSERT_TRUE(answers[0].ok());
    EXPECT_EQ(answers[0]->body, "POST /a?b hello");
    EXPECT_EQ(echo.requests[0].peer, "127.0.0.1");
    EXPECT_EQ(find_field(echo.requests[0].fields, "authorization"), "Bearer x");
    outside.advance(seconds(100));
    EXPECT_EQ(answers.size(), 1U);
}

TEST_F(MemoryNetworkTest, NobodyListeningIsAnError) {
    listener.reset();
    request();
    outside.run_ready();
    ASSERT_EQ(answers.size(), 1U);
    EXPECT_EQ(answers[0].error().code, ErrorCode::io);
    open();
    EXPECT_EQ(opened[0].error().code, ErrorCode::io);
}

TEST_F(MemoryNetworkTest, APortIsTakenOnceAndPortZeroIsAnyFree) {
    EXPECT_EQ(outside.transport.listen({.at = {"node", 1234}}, echo).error().code, ErrorCode::io);
    const auto first = outside.transport.listen({.at = {"node", 0}}, echo);
    const auto second = outside.transport.listen({.at = {"node", 0}}, echo);
    EXPECT_NE((*first)->endpoint().port, (*second)->endpoint().port);
    EXPECT_NE((*first)->endpoint().port, 0);
}

TEST_F(MemoryNetworkTest, ARespondThatIsDroppedIs500) {
    echo.drop = true;
    request();
    outside.run_ready();
    EXPECT_EQ(answers.at(0)->status, 500);
}

TEST_F(MemoryNetworkTest, TooLargeOnEitherSideIsSaid) {
    request({.method = "POST", .body = std::string(9 << 20, 'x')});
    request({.method = "POST", .body = "xxxxxxxx"}, {.body_limit = 4});
    outside.run_ready();
    EXPECT_EQ(answers.at(0)->status, 413);
    EXPECT_EQ(answers.at(1).error().code, ErrorCode::too_large);
}

TEST_F(MemoryNetworkTest, WhatIsLostEndsByTheTimeout) {
    outside.network.set_hook([](const Delivery&) { return Fate{.drop = true}; });
    request({.method = "POST"}, {.answer_timeout = seconds(5)});
    outside.advance(seconds(4));
    EXPECT_TRUE(answers.empty());
    outside.advance(seconds(2));
    EXPECT_EQ(answers.at(0).error().code, ErrorCode::io);
}

TEST_F(MemoryNetworkTest, HooksSeeAndChangeWhatIsSent) {
    std::string seen;
    outside.network.set_hook([&](Delivery& delivery) {
        seen += delivery.to_server ? "> " : "< ";
        seen += delivery.text + "\n";
        if (delivery.kind == Delivery::Kind::answer) delivery.text = "changed";
        return Fate{};
    });
    request();
    outside.run_ready();
    EXPECT_EQ(answers.at(0)->body, "changed");
    EXPECT_EQ(seen, "> hello\n< POST /a?b hello\n");
}

TEST_F(MemoryNetworkTest, RequestsOvertakeWhereOneIsDelayed) {
    int count = 0;
    outside.network.set_hook([&](const Delivery& delivery) {
        return Fate{.delay = delivery.kind == Delivery::Kind::request && ++count == 1 ? seconds(1) : seconds(0)};
    });
    request({.method = "A"});
    request({.method = "B"});
    outside.advance(seconds(2));
    EXPECT_EQ(echo.requests.at(0).method, "B");
    EXPECT_EQ(echo.requests.at(1).method, "A");
}

class Stream final : public BodyStream {
public:
    std::optional<std::uint64_t> size() const noexcept override { return 10; }
    Result<std::size_t> read(ByteSpan out) override {
        if (m_breaks && m_left <= 5) return Error(ErrorCode::io, "a disk");
        const std::size_t n = std::min({m_left, out.size(), std::size_t{3}});
        std::fill_n(out.begin(), n, std::byte{'s'});
        m_left -= n;
        return n;
    }
    explicit Stream(bool breaks) : m_breaks(breaks) {}

private:
    bool m_breaks;
    std::size_t m_left = 10;
};

TEST_F(MemoryNetworkTest, StreamsAreReadUnlessTheyBreakOrAreNotAskedFor) {
    echo.keep = true;
    request();
    request();
    request({.method = "HEAD"});
    outside.run_ready();
    echo.kept.at(0)({.stream = std::make_shared<Stream>(false)});
    echo.kept.at(1)({.stream = std::make_shared<Stream>(true)});
    echo.kept.at(2)({.stream = std::make_shared<Stream>(true)});
    outside.run_ready();
    EXPECT_EQ(answers.at(0)->body, "ssssssssss");
    EXPECT_EQ(answers.at(1).error().code, ErrorCode::io);
    EXPECT_EQ(answers.at(2)->body, "");
    EXPECT_EQ(find_field(answers.at(2)->fields, "Content-Length"), "10");
}

TEST_F(MemoryNetworkTest, CarriesMessagesBothWaysInOrder) {
    open();
    ASSERT_TRUE(opened.at(0).ok());
    for (const char* text : {"1", "2", "3"}) (*opened[0])->send(text);
    echo.sockets.at(0)->send("first");
    EXPECT_EQ((*opened[0])->queued(), 3U);
    outside.run_ready();
    EXPECT_EQ((*opened[0])->queued(), 0U);
    EXPECT_EQ(messages, (std::vector<std::string>{"first", "re: 1", "re: 2", "re: 3"}));
    EXPECT_EQ(listener->connections(), 1U);
}

TEST_F(MemoryNetworkTest, ADelayedMessageDelaysThoseBehindItUnlessTheyMayOvertake) {
    open();
    bool overtake = false;
    outside.network.set_hook([&](const Delivery& delivery) {
        if (delivery.text != "slow") return Fate{};
        return Fate{.delay = seconds(1), .overtake = overtake};
    });
    const auto socket = *opened.at(0);
    socket->send("slow");
    socket->send("quick");
    outside.run_ready();
    EXPECT_TRUE(messages.empty());
    EXPECT_EQ(socket->queued(), 9U);
    outside.advance(seconds(1));
    EXPECT_EQ(messages, (std::vector<std::string>{"re: slow", "re: quick"}));
    overtake = true;
    messages.clear();
    socket->send("slow");
    socket->send("quick");
    outside.advance(seconds(1));
    EXPECT_EQ(messages, (std::vector<std::string>{"re: quick", "re: slow"}));
}

TEST_F(MemoryNetworkTest, CloseDeliversWhatIsQueuedThenTellsBothSides) {
    open();
    (*opened.at(0))->send("last");
    (*opened[0])->close();
    (*opened[0])->send("after");
    outside.run_ready();
    EXPECT_EQ(closed.at(0).code, ErrorCode::cancelled);
    EXPECT_EQ(echo.closed.at(0).code, ErrorCode::io);
    EXPECT_EQ(outside.network.open_sockets(), 0U);
}

TEST_F(MemoryNetworkTest, DroppingTheLastPointerCloses) {
    open();
    opened.clear();
    outside.run_ready();
    EXPECT_EQ(echo.closed.size(), 1U);
    EXPECT_EQ(closed.at(0).code, ErrorCode::cancelled);
}

TEST_F(MemoryNetworkTest, RefusedSocketsSayWhy) {
    open("/no");
    EXPECT_EQ(opened.at(0).error().code, ErrorCode::denied);
    EXPECT_TRUE(echo.sockets.empty());
}

TEST_F(MemoryNetworkTest, SilenceIsNoticedByThePings) {
    open("/", {.idle_timeout = seconds(30)});
    outside.network.set_hook([](const Delivery&) { return Fate{.silence = true}; });
    (*opened.at(0))->send("lost");
    outside.run_ready();
    outside.network.set_hook({});
    (*opened[0])->send("lost too");
    outside.advance(seconds(29));
    EXPECT_TRUE(closed.empty());
    EXPECT_TRUE(messages.empty());
    outside.advance(seconds(2));
    EXPECT_EQ(closed.at(0).code, ErrorCode::io);
    EXPECT_EQ(echo.closed.at(0).code, ErrorCode::io);
}

TEST_F(MemoryNetworkTest, ALostMessageIsOnlyThat) {
    open();
    outside.network.set_hook([](const Delivery& delivery) { return Fate{.drop = delivery.text == "a"}; });
    (*opened.at(0))->send("a");
    (*opened[0])->send("b");
    outside.run_ready();
    EXPECT_EQ(messages, std::vector<std::string>{"re: b"});
    EXPECT_EQ((*opened[0])->queued(), 0U);
}

TEST_F(MemoryNetworkTest, MessagesAboveTheLimitEndIt) {
    open("/", {.body_limit = 10});
    echo.sockets.at(0)->send(std::string(11, 'x'));
    outside.run_ready();
    EXPECT_EQ(closed.at(0).code, ErrorCode::too_large);
    EXPECT_EQ(echo.closed.at(0).code, ErrorCode::io);
    EXPECT_TRUE(messages.empty());
}

TEST_F(MemoryNetworkTest, AListenerThatIsGoneTakesItsConnectionsWithIt) {
    open();
    listener.reset();
    EXPECT_EQ(echo.closed.size(), 1U);
    outside.run_ready();
    EXPECT_EQ(closed.at(0).code, ErrorCode::io);
    EXPECT_EQ(echo.closed.size(), 1U);
}

TEST_F(MemoryNetworkTest, AMachineThatIsGoneBreaksItsConnectionsAndHearsNothing) {
    auto other = std::make_unique<MemoryTransport>(outside.network, "10.0.0.7");
    std::string heard;
    other->open_socket(url, {},
                       {.on_message = [&](const std::string& text) { heard += text; },
                        .on_closed = [&](const Error& why) { heard += why.message; }},
                       [&](Result<std::shared_ptr<WebSocket>> result) { opened.push_back(std::move(result)); });
    other->request(url, {}, {}, [&](const Result<HttpResponse>&) { heard += "an answer"; });
    outside.run_ready();
    EXPECT_EQ(heard, "an answer");
    other->request(url, {}, {}, [&](const Result<HttpResponse>&) { heard += "a late answer"; });
    echo.sockets.at(0)->send("x");
    other.reset();
    outside.advance(seconds(100));
    EXPECT_EQ(heard, "an answer");
    EXPECT_EQ(echo.closed.size(), 1U);
    EXPECT_EQ(echo.requests.at(0).peer, "10.0.0.7");
}

TEST_F(MemoryNetworkTest, BreakSocketsBreaksAll) {
    open();
    open();
    outside.network.break_sockets();
    outside.run_ready();
    EXPECT_EQ(closed.size(), 2U);
    EXPECT_EQ(echo.closed.size(), 2U);
}

}    // namespace
}    // namespace filfil
