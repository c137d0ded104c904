// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "raw_socket.hpp"
#include "rig.hpp"

#include <thread>

namespace filfil::net {
namespace {

TEST(Http, ARequestIsAnswered) {
    Rig rig;
    rig.server.on_request = [](const HttpRequest& request, const HttpServer::Respond& respond) {
        HttpResponse response;
        response.status = 404;
        response.fields = {{"X-Peer", request.peer}, {"X-Token", std::string(*find_field(request.fields, "x-token"))}};
        response.body = request.method + " " + request.target + " " + request.body;
        respond(std::move(response));
    };
    HttpRequest request = request_of("POST", "hello");
    request.target = "/not/this";
    ClientOptions options;
    options.fields = {{"X-Token", "secret"}};
    const auto answer = ask(rig.transport, rig.url("/a?b=c"), request, options);
    ASSERT_TRUE(answer.ok()) << answer.error().text();
    EXPECT_EQ(answer->status, 404);
    EXPECT_EQ(answer->body, "POST /a?b=c hello");
    EXPECT_EQ(find_field(answer->fields, "x-peer"), "127.0.0.1");
    EXPECT_EQ(find_field(answer->fields, "x-token"), "secret");
    EXPECT_TRUE(find_field(answer->fields, "date"));
}

TEST(Http, HandlersAreNeverCalledInsideTheCall) {
    Rig rig;
    const Url url = *parse_url("ws://127.0.0.1:1/");
    std::mutex mutex;
    Inbox<int> inbox;
    {
        const std::scoped_lock lock(mutex);
        rig.transport.request(url, {}, {}, [&](Result<HttpResponse> answer) {
            const std::scoped_lock wait(mutex);
            EXPECT_FALSE(answer.ok());
            inbox.put(1);
        });
    }
    inbox.take();
}

TEST(Http, AConnectionIsUsedAgain) {
    Rig rig;
    for (int i = 0; i < 20; ++i) ASSERT_TRUE(ask(rig.transport, rig.url()).ok());
    EXPECT_EQ(rig.listener->connections(), 1U);
}

TEST(Http, ALargeBodyGoesBothWays) {
    ListenOptions options;
    options.request_limit = 40'000'000;
    Rig rig(options);
    std::string large(20'000'000, 'x');
    for (std::size_t i = 0; i < large.size(); i += 1001) large[i] = static_cast<char>('a' + i % 26);
    const auto answer = ask(rig.transport, rig.url(), request_of("POST", large));
    ASSERT_TRUE(answer.ok()) << answer.error().text();
    EXPECT_EQ(answer->body, "POST / " + large);
}

TEST(Http, AnAnswerAboveTheLimitIsTooLarge) {
    Rig rig;
    ClientOptions options;
    options.body_limit = 100;
    const auto answer =
        ask(rig.transport, rig.url("/a?token=secret"), request_of("POST", std::string(101, 'x')), options);
    ASSERT_FALSE(answer.ok());
    EXPECT_EQ(answer.error().code, ErrorCode::too_large);
    EXPECT_NE(answer.error().message.find(text_of(rig.at()) + "/a"), std::string::npos);
    EXPECT_EQ(answer.error().text().find("secret"), std::string::npos);

    rig.server.on_request = [](const HttpRequest&, const HttpServer::Respond& respond) {
        HttpResponse response;
        response.stream = std::make_shared<TextStream>(std::string(101, 'x'), false);
        respond(std::move(response));
    };
    EXPECT_EQ(ask(rig.transport, rig.url(), {}, options).error().code, ErrorCode::too_large);
    options.body_limit = 101;
    EXPECT_TRUE(ask(rig.transport, rig.url(), {}, options).ok());
}

TEST(Http, HeadTellsTheSizeAndNothingIsRead) {
    class Unread final : public BodyStream {
    public:
        [[nodiscard]] std::optional<std::uint64_t> size() const noexcept override { return 1ULL << 40; }
        Result<std::size_t> read(ByteSpan) override {
            ADD_FAILURE() << "read for HEAD";
            return std::size_t{0};
        }
    };
    Rig rig;
    rig.server.on_request = [](const HttpRequest& request, const HttpServer::Respond& respond) {
        HttpResponse response;
        if (request.target == "/stream")
            response.stream = std::make_shared<Unread>();
        else
            response.body = "12345";
        respond(std::move(response));
    };
    for (int i = 0; i < 3; ++i) {
        const auto answer = ask(rig.transport, rig.url("/stream"), request_of("HEAD"));
        ASSERT_TRUE(answer.ok()) << answer.error().text();
        EXPECT_EQ(find_field(answer->fields, "content-length"), std::to_string(1ULL << 40));
        EXPECT_EQ(answer->body, "");
        EXPECT_EQ(find_field(ask(rig.transport, rig.url(), request_of("HEAD"))->fields, "content-length"), "5");
    }
    EXPECT_EQ(rig.listener->connections(), 1U);
}

TEST(Http, AStreamedBodyArrivesWhole) {
    std::string whole(3'000'000, '\0');
    for (std::size_t i = 0; i < whole.size(); ++i) whole[i] = static_cast<char>(i * 7 + i / 251);
    Rig rig;
    rig.server.on_request = [&](const HttpRequest& request, const HttpServer::Respond& respond) {
        HttpResponse response;
        response.status = 206;
        response.stream = std::make_shared<TextStream>(whole, request.target == "/known");
        respond(std::move(response));
    };
    for (const char* target : {"/known", "/unknown", "/known"}) {
        const auto answer = ask(rig.transport, rig.url(target));
        ASSERT_TRUE(answer.ok()) << answer.error().text();
        EXPECT_EQ(answer->status, 206);
        EXPECT_TRUE(answer->body == whole);
        EXPECT_EQ(find_field(answer->fields, "transfer-encoding").has_value(), std::string_view(target) == "/unknown");
    }
    EXPECT_EQ(rig.listener->connections(), 1U);
}

TEST(Http, AnEmptyStreamIsAnEmptyBody) {
    Rig rig;
    for (const bool known : {true, false}) {
        rig.server.on_request = [known](const HttpRequest&, const HttpServer::Respond& respond) {
            HttpResponse response;
            response.stream = std::make_shared<TextStream>("", known);
            respond(std::move(response));
        };
        const auto answer = ask(rig.transport, rig.url());
        ASSERT_TRUE(answer.ok()) << answer.error().text();
        EXPECT_EQ(answer->body, "");
    }
}

TEST(Http, AStreamIsNeverReadMoreThanAChunkAhead) {
    class Counting final : public BodyStream {
    public:
        explicit Counting(std::atomic<std::size_t>& largest_) : largest(largest_) {}
        [[nodiscard]] std::optional<std::uint64_t> size() const noexcept override { return 8'000'000; }
        Result<std::size_t> read(ByteSpan out) override {
            largest = std::max(largest.load(), out.size());
            std::ranges::fill(out, std::byte{'x'});
            return out.size();
        }
        std::atomic<std::size_t>& largest;
    };
    Rig rig;
    std::atomic<std::size_t> largest = 0;
    rig.server.on_request = [&](const HttpRequest&, const HttpServer::Respond& respond) {
        HttpResponse response;
        response.stream = std::make_shared<Counting>(largest);
        respond(std::move(response));
    };
    EXPECT_EQ(ask(rig.transport, rig.url())->body.size(), 8'000'000U);
    EXPECT_EQ(largest, 256U * 1024);
}

TEST(Http, AStreamThatFailsOrEndsEarlyIsAnErrorOfTheClient) {
    class Failing final : public BodyStream {
    public:
        Failing(bool knows_, bool fails_) : knows(knows_), fails(fails_) {}
        [[nodiscard]] std::optional<std::uint64_t> size() const noexcept override {
            return knows ? std::optional<std::uint64_t>(1'000'000) : std::nullopt;
        }
        Result<std::size_t> read(ByteSpan out) override {
            if (std::exchange(begun, true)) {
                if (fails) return Error(ErrorCode::io, "the disk is gone");
                return std::size_t{0};
            }
            out[0] = std::byte{'x'};
            return std::size_t{1};
        }
        const bool knows;
        const bool fails;
        bool begun = false;
    };
    Rig rig;
    rig.server.on_request = [](const HttpRequest& request, const HttpServer::Respond& respond) {
        HttpResponse response;
        response.stream = std::make_shared<Failing>(request.target != "/unknown", request.target != "/short");
        respond(std::move(response));
    };
    for (const char* target : {"/known", "/unknown", "/short"}) {
        const auto answer = ask(rig.transport, rig.url(target));
        ASSERT_FALSE(answer.ok()) << target;
        EXPECT_EQ(answer.error().code, ErrorCode::io);
        EXPECT_NE(rig.log.lines().take().find("broke off"), std::string::npos);
    }
    // A client of the old kind takes the connection's end for the body's, unless it breaks.
    RawSocket old = RawSocket::connect(rig.at());
    ASSERT_TRUE(old.send("GET /unknown HTTP/1.0\r\n\r\n"));
    old.read_all();
    EXPECT_TRUE(old.was_reset());
}

TEST(Http, PreliminaryAnswersArePassedOver) {
    NullLogSink log;
    RawListener raw;
    AsioTransport transport(log);
    std::jthread server([&] {
        RawSocket peer = raw.accept();
        peer.read_until("\r\n\r\n");
        peer.send(
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    });
    const auto answer = ask(transport, Url{Url::Scheme::http, raw.at(), "/"});
    ASSERT_TRUE(answer.ok()) << answer.error().text();
    EXPECT_EQ(answer->status, 200);
    EXPECT_EQ(answer->body, "ok");
}

/// Answers the first request and closes without a word at the second, on the first connection; then answers on another.
void close_at_the_second(RawListener& raw, std::string_view first_answer, bool take_the_second) {
    {
        RawSocket peer = raw.accept();
        peer.read_until("\r\n\r\n");
        peer.send(first_answer);
        if (take_the_second) peer.read_until("\r\n\r\n");
    }
    RawSocket peer = raw.accept();
    peer.read_until("\r\n\r\n");
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 6\r\nConnection: close\r\n\r\nsecond");
    peer.read_all();
}

constexpr std::string_view first_answer = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nfirst";

TEST(Http, AKeptConnectionThatWasClosedIsReplaced) {
    for (const bool take_the_second : {false, true}) {
        NullLogSink log;
        RawListener raw;
        AsioTransport transport(log);
        std::jthread server([&] { close_at_the_second(raw, first_answer, take_the_second); });
        const Url url{Url::Scheme::http, raw.at(), "/"};
        EXPECT_EQ(ask(transport, url)->body, "first");
        const auto second = ask(transport, url);
        ASSERT_TRUE(second.ok()) << second.error().text();
        EXPECT_EQ(second->body, "second");
    }
}

TEST(Http, WhatMayHaveBeenActedUponIsNotSentAgain) {
    NullLogSink log;
    RawListener raw;
    AsioTransport transport(log);
    std::jthread server([&] { close_at_the_second(raw, first_answer, true); });
    const Url url{Url::Scheme::http, raw.at(), "/"};
    EXPECT_EQ(ask(transport, url, request_of("POST"))->body, "first");
    EXPECT_EQ(ask(transport, url, request_of("POST")).error().code, ErrorCode::io);
    EXPECT_EQ(ask(transport, url, request_of("POST"))->body, "second");
}

TEST(Http, HundredContinueIsSaidToWhoExpectsIt) {
    Rig rig;
    RawSocket raw = RawSocket::connect(rig.at());
    raw.send("POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
    EXPECT_EQ(raw.read_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
    raw.send("abc");
    raw.shut_down_send();
    const std::string answer = raw.read_all();
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 200 OK\r\n"));
    EXPECT_TRUE(answer.ends_with("POST /x abc"));
}

TEST(Http, OldClientsAndImpatientOnesAreServed) {
    Rig rig;
    RawSocket old = RawSocket::connect(rig.at());
    old.send("GET /x HTTP/1.0\r\n\r\n");
    const std::string answer = old.read_all();
    EXPECT_NE(answer.find("Connection: close\r\n"), std::string::npos);
    EXPECT_TRUE(answer.ends_with("GET /x "));

    RawSocket kept = RawSocket::connect(rig.at());
    kept.send("GET /x HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    EXPECT_NE(kept.read_until("GET /x ").find("Connection: keep-alive\r\n"), std::string::npos);
    kept.send("GET /y HTTP/1.0\r\n\r\n");
    EXPECT_TRUE(kept.read_all().ends_with("GET /y "));

    RawSocket impatient = RawSocket::connect(rig.at());
    impatient.send("GET /1 HTTP/1.1\r\nHost: h\r\n\r\nGET /2 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    const std::string both = impatient.read_all();
    EXPECT_NE(both.find("GET /1 "), std::string::npos);
    EXPECT_TRUE(both.ends_with("GET /2 "));
}

TEST(Http, AnswersMayComeLaterFromAnyThread) {
    Rig rig;
    Inbox<HttpServer::Respond> waiting;
    rig.server.on_request = [&](const HttpRequest&, HttpServer::Respond respond) { waiting.put(std::move(respond)); };
    std::jthread later([&] {
        const auto respond = waiting.take();
        HttpResponse response;
        response.body = "later";
        respond(response);
        response.body = "twice";
        respond(std::move(response));
    });
    EXPECT_EQ(ask(rig.transport, rig.url())->body, "later");
    std::jthread again([&] { waiting.take()({}); });
    EXPECT_EQ(ask(rig.transport, rig.url())->body, "");
}

TEST(Http, ADroppedAnswerAndABadOneAre500) {
    Rig rig;
    rig.server.on_request = [](const HttpRequest& request, const HttpServer::Respond& respond) {
        HttpResponse response;
        if (request.target == "/field") response.fields = {{"X", "a\r\nSet-Cookie: b"}};
        if (request.target == "/status") response.status = 7;
        if (request.target != "/dropped") respond(std::move(response));
    };
    for (const char* target : {"/dropped", "/field", "/status"}) {
        const auto answer = ask(rig.transport, rig.url(target));
        ASSERT_TRUE(answer.ok()) << answer.error().text();
        EXPECT_EQ(answer->status, 500) << target;
        EXPECT_FALSE(find_field(answer->fields, "Set-Cookie"));
    }
}

TEST(Http, WithoutABodyByItsStatusNoneIsSent) {
    Rig rig;
    for (const int status : {204, 304}) {
        rig.server.on_request = [status](const HttpRequest&, const HttpServer::Respond& respond) {
            HttpResponse response;
            response.status = status;
            response.body = "left out";
            respond(std::move(response));
        };
        for (int i = 0; i < 2; ++i) {
            const auto answer = ask(rig.transport, rig.url());
            ASSERT_TRUE(answer.ok()) << answer.error().text();
            EXPECT_EQ(answer->status, status);
            EXPECT_EQ(answer->body, "");
        }
    }
    EXPECT_EQ(rig.listener->connections(), 1U);
}

TEST(Http, TwoHundredClientsAtOnceAreServed) {
    ListenOptions options;
    options.connections_a_peer = 200;
    Rig rig(options);
    Inbox<HttpServer::Respond> waiting;
    rig.server.on_request = [&](const HttpRequest&, HttpServer::Respond respond) { waiting.put(std::move(respond)); };
    Inbox<Result<HttpResponse>> answers;
    for (int i = 0; i < 200; ++i)
        rig.transport.request(rig.url(), {}, {}, [&](Result<HttpResponse> answer) { answers.put(std::move(answer)); });
    std::vector<HttpServer::Respond> all;
    for (int i = 0; i < 200; ++i) all.push_back(waiting.take());
    EXPECT_EQ(rig.listener->connections(), 200U);
    for (const auto& respond : all) {
        HttpResponse response;
        response.stream = std::make_shared<TextStream>(std::string(300'000, 'x'));
        respond(std::move(response));
    }
    for (int i = 0; i < 200; ++i) {
        const auto answer = answers.take();
        ASSERT_TRUE(answer.ok()) << answer.error().text();
        EXPECT_EQ(answer->body.size(), 300'000U);
    }
}

TEST(Http, Ipv6IsSpoken) {
    ListenOptions options;
    options.at.host = "::1";
    std::unique_ptr<Rig> rig;
    try {
        rig = std::make_unique<Rig>(options);
    } catch (const std::runtime_error& error) {
        GTEST_SKIP() << "this machine has no IPv6: " << error.what();
    }
    rig->server.on_request = [](const HttpRequest& request, const HttpServer::Respond& respond) {
        HttpResponse response;
        response.body = request.peer;
        respond(std::move(response));
    };
    const auto answer = ask(rig->transport, rig->url());
    ASSERT_TRUE(answer.ok()) << answer.error().text();
    EXPECT_EQ(answer->body, "::1");
}

TEST(Http, AllAddressesOfANameAreTried) {
    Rig rig;
    // Where it stands for ::1 first, nobody listens there.
    const auto answer = ask(rig.transport, Url{Url::Scheme::http, {"localhost", rig.at().port}, "/"});
    ASSERT_TRUE(answer.ok()) << answer.error().text();
    EXPECT_EQ(answer->body, "GET / ");
}

}    // namespace
}    // namespace filfil::net
