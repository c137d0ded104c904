// SPDX-License-Identifier: Apache-2.0 OR MIT
// What a listener bears: limits, slow and hostile clients, its own end.
#include "raw_socket.hpp"
#include "rig.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <thread>

namespace filfil::net {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// A body without end that tells when it is destroyed.
class Endless final : public BodyStream {
public:
    explicit Endless(std::shared_ptr<Gate> gone) : m_gone(std::move(gone)) {}
    ~Endless() override { m_gone->open(); }
    [[nodiscard]] std::optional<std::uint64_t> size() const noexcept override { return 1ULL << 40; }
    Result<std::size_t> read(ByteSpan out) override {
        std::ranges::fill(out, std::byte{'x'});
        return out.size();
    }

private:
    const std::shared_ptr<Gate> m_gone;
};

std::string status_line(const std::string& answer) { return answer.substr(0, answer.find("\r\n")); }

constexpr std::string_view plain_request = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";

TEST(Listener, APortInUseIsNamed) {
    Rig rig;
    ListenOptions options;
    options.at = rig.at();
    const auto second = rig.transport.listen(options, rig.server);
    ASSERT_FALSE(second.ok());
    EXPECT_EQ(second.error().code, ErrorCode::io);
    EXPECT_NE(second.error().message.find(text_of(rig.at())), std::string::npos);
    EXPECT_NE(second.error().message.find("in use"), std::string::npos);
    EXPECT_NE(second.error().remedy.find("port"), std::string::npos);
    options.at = {"192.0.2.1", 0};
    EXPECT_EQ(rig.transport.listen(options, rig.server).error().code, ErrorCode::io);
}

TEST(Listener, ItsPortIsFreeAfterIt) {
    Rig rig;
    const Endpoint at = rig.at();
    ASSERT_TRUE(ask(rig.transport, rig.url()).ok());
    rig.listener.reset();
    ListenOptions options;
    options.at = at;
    auto again = rig.transport.listen(options, rig.server);
    ASSERT_TRUE(again.ok()) << again.error().text();
    EXPECT_EQ((*again)->endpoint(), at);
    EXPECT_TRUE(ask(rig.transport, Url{Url::Scheme::http, at, "/"}).ok());
}

TEST(Listener, OneConnectionTooManyHears503) {
    ListenOptions options;
    options.connections = 2;
    Rig rig(options);
    RawSocket first = RawSocket::connect(rig.at());
    RawSocket second = RawSocket::connect(rig.at());
    for (RawSocket* one : {&first, &second}) {
        one->send(plain_request);
        EXPECT_TRUE(one->read_until("GET / ").starts_with("HTTP/1.1 200"));
    }
    RawSocket third = RawSocket::connect(rig.at());
    third.send(plain_request);
    const std::string answer = third.read_all();
    EXPECT_EQ(status_line(answer), "HTTP/1.1 503 Service Unavailable");
    EXPECT_NE(answer.find("\r\nRetry-After: "), std::string::npos);
    EXPECT_NE(answer.find("\r\nConnection: close\r\n"), std::string::npos);
    EXPECT_EQ(rig.listener->connections(), 2U);
    EXPECT_EQ(ask(rig.transport, rig.url())->status, 503);
    EXPECT_EQ(open(rig.transport, rig.socket_url()).error().code, ErrorCode::unsupported);

    // One goes, and there is room again.
    first.close();
    Result<HttpResponse> answered = ask(rig.transport, rig.url());
    while (answered.ok() && answered->status == 503) answered = ask(rig.transport, rig.url());
    EXPECT_EQ(answered->status, 200);
}

TEST(Listener, APeerHasNoMoreThanItsShare) {
    ListenOptions options;
    options.connections_a_peer = 1;
    Rig rig(options);
    RawSocket first = RawSocket::connect(rig.at());
    first.send(plain_request);
    EXPECT_TRUE(first.read_until("GET / ").starts_with("HTTP/1.1 200"));
    RawSocket second = RawSocket::connect(rig.at());
    EXPECT_EQ(status_line(second.read_all()), "HTTP/1.1 503 Service Unavailable");
}

TEST(Listener, WhatIsTooLargeIs413Or431) {
    ListenOptions options;
    options.request_limit = 1000;
    Rig rig(options);
    EXPECT_EQ(ask(rig.transport, rig.url(), request_of("POST", std::string(1000, 'x')))->status, 200);
    EXPECT_EQ(ask(rig.transport, rig.url(), request_of("POST", std::string(1001, 'x')))->status, 413);
    EXPECT_EQ(ask(rig.transport, rig.url(), request_of("POST", std::string(700'000, 'x')))->status, 413);
    RawSocket chunked = RawSocket::connect(rig.at());
    chunked.send("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n400\r\n" + std::string(0x400, 'x') +
                 "\r\n0\r\n\r\n");
    EXPECT_EQ(status_line(chunked.read_all()), "HTTP/1.1 413 Content Too Large");

    HttpRequest request;
    request.fields = {{"X", std::string(15'000, 'x')}};
    EXPECT_EQ(ask(rig.transport, rig.url(), request)->status, 200);
    request.fields = {{"X", std::string(17'000, 'x')}};
    EXPECT_EQ(ask(rig.transport, rig.url(), request)->status, 431);
    RawSocket endless = RawSocket::connect(rig.at());
    endless.send("GET /" + std::string(20'000, 'x'));
    EXPECT_EQ(status_line(endless.read_all()), "HTTP/1.1 431 Request Header Fields Too Large");
}

TEST(Listener, WhatIsNoHttpIs400) {
    Rig rig;
    for (const char* text :
         {"hello\r\n\r\n", "GET /\r\n\r\n", "GET / HTTP/2.0\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
          "GET / HTTP/1.1\r\nA b: c\r\n\r\n", "GET / HTTP/1.1\r\nContent-Length: x\r\n\r\n",
          "GET / HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
          "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
          "GET / HTTP/1.1\r\n: x\r\n\r\n", "GET  / HTTP/1.1\r\n\r\n", "GET /\x01 HTTP/1.1\r\n\r\n"}) {
        RawSocket raw = RawSocket::connect(rig.at());
        raw.send(text);
        EXPECT_EQ(status_line(raw.read_all()), "HTTP/1.1 400 Bad Request") << text;
    }
    EXPECT_TRUE(ask(rig.transport, rig.url()).ok());
}

TEST(Listener, RandomBytesDoItNoHarm) {
    Rig rig;
    std::uint64_t state = 7;
    for (int round = 0; round < 100; ++round) {
        std::string text = round % 3 == 0   ? ""
                           : round % 3 == 1 ? "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
                                            : "GET / HTTP/1.1\r\n";
        for (int i = 0; i < 300; ++i) {
            state = state * 6364136223846793005ULL + 1442695040888963407ULL;
            text += static_cast<char>(state >> 56);
        }
        RawSocket raw = RawSocket::connect(rig.at());
        raw.send(text);
        raw.shut_down_send();
        EXPECT_FALSE(raw.read_all().starts_with("HTTP/1.1 200"));
    }
    EXPECT_TRUE(ask(rig.transport, rig.url()).ok());
}

TEST(Listener, ATruncatedRequestIsNoRequest) {
    Rig rig;
    std::atomic<int> requests = 0;
    rig.server.on_request = [&](const HttpRequest&, const HttpServer::Respond& respond) {
        ++requests;
        respond({});
    };
    const std::string whole = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\n12345";
    for (std::size_t cut = 0; cut < whole.size(); ++cut) {
        RawSocket raw = RawSocket::connect(rig.at());
        raw.send(whole.substr(0, cut));
        raw.shut_down_send();
        EXPECT_FALSE(raw.read_all().starts_with("HTTP/1.1 200"));
    }
    EXPECT_EQ(requests, 0);
}

TEST(Listener, WhoNeverFinishesARequestIsDropped) {
    ListenOptions options;
    options.request_timeout = milliseconds(50);
    options.idle_timeout = seconds(3600);
    Rig rig(options);
    for (const char* text : {"GET / HTT", "POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\n123"}) {
        RawSocket raw = RawSocket::connect(rig.at());
        raw.send(text);
        EXPECT_EQ(raw.read_all(), "");
    }
    // Byte by byte is no way out: the whole of it has to come in time.
    RawSocket dribbler = RawSocket::connect(rig.at());
    while (dribbler.send("G")) std::this_thread::yield();
    SUCCEED();
}

TEST(Listener, WhoIsIdleIsDropped) {
    ListenOptions options;
    options.idle_timeout = milliseconds(1000);
    options.request_timeout = seconds(3600);
    Rig rig(options);
    RawSocket silent = RawSocket::connect(rig.at());
    EXPECT_EQ(silent.read_all(), "");
    RawSocket asked = RawSocket::connect(rig.at());
    asked.send(plain_request);
    EXPECT_TRUE(asked.read_all().ends_with("GET / "));
}

TEST(Listener, WhoTakesNothingIsDropped) {
    ListenOptions options;
    options.write_timeout = milliseconds(100);
    Rig rig(options);
    const auto gone = std::make_shared<Gate>();
    rig.server.on_request = [&](const HttpRequest&, const HttpServer::Respond& respond) {
        HttpResponse response;
        response.stream = std::make_shared<Endless>(gone);
        respond(std::move(response));
    };
    RawSocket stuck = RawSocket::connect(rig.at(), 4096);
    stuck.send(plain_request);
    gone->wait();
}

TEST(Listener, ASlowClientSlowsNobody) {
    Rig rig;
    const auto gone = std::make_shared<Gate>();
    rig.server.on_request = [&](const HttpRequest& request, const HttpServer::Respond& respond) {
        HttpResponse response;
        if (request.target == "/endless")
            response.stream = std::make_shared<Endless>(gone);
        else
            response.stream = std::make_shared<TextStream>(std::string(5'000'000, 'x'));
        respond(std::move(response));
    };
    std::vector<RawSocket> slow;
    for (int i = 0; i < 20; ++i) {
        slow.push_back(RawSocket::connect(rig.at(), 4096));
        slow.back().send("GET /endless HTTP/1.1\r\nHost: h\r\n\r\n");
        EXPECT_FALSE(slow.back().read_some(1).empty());
    }
    for (int i = 0; i < 5; ++i) {
        const auto answer = ask(rig.transport, rig.url("/quick"));
        ASSERT_TRUE(answer.ok()) << answer.error().text();
        EXPECT_EQ(answer->body.size(), 5'000'000U);
    }
    EXPECT_FALSE(gone->is_open());
}

TEST(Listener, ABodyThatIsSlowToReadSlowsNobody) {
    class Blocked final : public BodyStream {
    public:
        explicit Blocked(Gate& gate) : m_gate(gate) {}
        [[nodiscard]] std::optional<std::uint64_t> size() const noexcept override { return 1; }
        Result<std::size_t> read(ByteSpan out) override {
            m_gate.wait();
            out[0] = std::byte{'x'};
            return std::size_t{1};
        }

    private:
        Gate& m_gate;
    };
    Rig rig;
    Gate gate;
    rig.server.on_request = [&](const HttpRequest& request, const HttpServer::Respond& respond) {
        HttpResponse response;
        if (request.target == "/blocked") response.stream = std::make_shared<Blocked>(gate);
        respond(std::move(response));
    };
    Inbox<Result<HttpResponse>> blocked;
    for (int i = 0; i < 10; ++i)
        rig.transport.request(rig.url("/blocked"), {}, {}, [&](auto answer) { blocked.put(std::move(answer)); });
    for (int i = 0; i < 5; ++i) EXPECT_TRUE(ask(rig.transport, rig.url()).ok());
    EXPECT_EQ(blocked.size(), 0U);
    gate.open();
    for (int i = 0; i < 10; ++i) EXPECT_EQ(blocked.take()->body, "x");
}

TEST(Listener, AClientThatGoesTakesItsBodyWithIt) {
    for (const bool limited : {false, true}) {
        ListenOptions options;
        if (limited) options.bytes_a_second_a_connection = 100'000;
        Rig rig(options);
        const auto gone = std::make_shared<Gate>();
        rig.server.on_request = [&](const HttpRequest&, const HttpServer::Respond& respond) {
            HttpResponse response;
            response.stream = std::make_shared<Endless>(gone);
            respond(std::move(response));
        };
        RawSocket raw = RawSocket::connect(rig.at());
        raw.send(plain_request);
        EXPECT_FALSE(raw.read_some(1000).empty());
        raw.close();
        gone->wait();
    }
}

TEST(Listener, LimitedBodiesArriveWhole) {
    ListenOptions options;
    options.bytes_a_second = 2'000'000;
    options.bytes_a_second_a_connection = 1'000'000;
    Rig rig(options);
    rig.server.on_request = [](const HttpRequest& request, const HttpServer::Respond& respond) {
        HttpResponse response;
        if (request.target == "/text")
            response.body = std::string(200'000, 'x');
        else
            response.stream = std::make_shared<TextStream>(std::string(200'000, 'x'), request.target == "/known");
        respond(std::move(response));
    };
    Inbox<Result<HttpResponse>> answers;
    for (const char* target : {"/text", "/known", "/unknown"})
        rig.transport.request(rig.url(target), {}, {}, [&](auto answer) { answers.put(std::move(answer)); });
    for (int i = 0; i < 3; ++i) {
        const auto answer = answers.take();
        ASSERT_TRUE(answer.ok()) << answer.error().text();
        EXPECT_EQ(answer->body, std::string(200'000, 'x'));
    }
}

TEST(Listener, RunningOutOfFilesDoesNotEndIt) {
    Rig rig;
    RawSocket waiting[2] = {RawSocket::unconnected(), RawSocket::unconnected()};
    rlimit before{};
    ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
    {
        // All numbers below the new limit are taken.
        rlimit low = before;
        low.rlim_cur = 256;
        ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &low), 0);
        std::vector<RawSocket> filling;
        for (int fd = 0; fd >= 0;) {
            fd = ::open("/dev/null", O_RDONLY);
            if (fd >= 0) filling.emplace_back(fd);
        }
        for (RawSocket& one : waiting) {
            one.connect_to(rig.at());
            ASSERT_TRUE(one.send(plain_request));
        }
        EXPECT_NE(rig.log.lines().take().find("Too many open files"), std::string::npos);
    }
    ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
    for (RawSocket& one : waiting) EXPECT_TRUE(one.read_until("GET / ").starts_with("HTTP/1.1 200"));
    EXPECT_NE(rig.log.lines().take().find("accepted again"), std::string::npos);
}

TEST(Listener, NothingOfItRunsAfterItWasDestroyed) {
    for (int round = 0; round < 20; ++round) {
        Rig rig;
        struct Part {
            std::atomic<bool> over = false;
        };
        const auto part = std::make_shared<Part>();
        class Watched final : public BodyStream {
        public:
            explicit Watched(std::shared_ptr<Part> part_) : m_part(std::move(part_)) {}
            ~Watched() override { EXPECT_FALSE(m_part->over); }
            [[nodiscard]] std::optional<std::uint64_t> size() const noexcept override { return 100'000'000; }
            Result<std::size_t> read(ByteSpan out) override {
                EXPECT_FALSE(m_part->over);
                std::ranges::fill(out, std::byte{'x'});
                return out.size();
            }

        private:
            const std::shared_ptr<Part> m_part;
        };
        std::atomic<int> requests = 0;
        Inbox<HttpServer::Respond> kept;
        Inbox<int> closed;
        std::atomic<int> opened = 0;
        rig.server.on_request = [&, part](const HttpRequest& request, HttpServer::Respond respond) {
            EXPECT_FALSE(part->over);
            ++requests;
            if (request.target == "/kept") return kept.put(std::move(respond));
            HttpResponse response;
            if (request.target == "/body") response.stream = std::make_shared<Watched>(part);
            respond(std::move(response));
        };
        rig.server.on_socket = [&, part](std::shared_ptr<WebSocket> socket, const HttpRequest&) {
            ++opened;
            EXPECT_FALSE(part->over);
            SocketEvents events;
            events.on_message = [part, socket](std::string text) {
                EXPECT_FALSE(part->over);
                socket->send(std::move(text));
            };
            events.on_closed = [&, part](const Error&) {
                EXPECT_FALSE(part->over);
                closed.put(1);
            };
            return events;
        };
        // Clients that go on for as long as they are answered.
        std::atomic<bool> stop = false;
        Inbox<int> ended;
        const auto again = std::make_shared<std::function<void(std::string)>>();
        *again = [&rig, &stop, &ended, url = rig.url(), weak = std::weak_ptr(again)](const std::string& target) {
            Url to = url;
            to.target = target;
            rig.transport.request(to, {}, {}, [&stop, &ended, weak, target](const Result<HttpResponse>& answer) {
                const auto next = weak.lock();
                if (answer.ok() && !stop && next)
                    (*next)(target);
                else
                    ended.put(1);
            });
        };
        constexpr int clients = 9;
        for (int i = 0; i < clients; ++i) (*again)(i % 3 == 0 ? "/quick" : i % 3 == 1 ? "/body" : "/kept");
        auto socket = open(rig.transport, rig.socket_url());
        ASSERT_TRUE(socket.ok());
        (*socket)->socket->send("hello");
        EXPECT_EQ((*socket)->messages.take(), "hello");
        auto respond = kept.take();

        rig.listener.reset();
        part->over = true;
        EXPECT_EQ(closed.size(), static_cast<std::size_t>(opened));
        HttpResponse late;
        late.stream = std::make_shared<TextStream>("late");
        respond(std::move(late));
        stop = true;
        for (int i = 0; i < clients; ++i) ended.take();
        (*socket)->closed.take();
        EXPECT_GT(requests, 0);
    }
}

TEST(Listener, MayBeDestroyedInsideAHandler) {
    Rig rig;
    Gate done;
    rig.server.on_request = [&](const HttpRequest&, const HttpServer::Respond&) {
        rig.listener.reset();
        done.open();
    };
    EXPECT_FALSE(ask(rig.transport, rig.url()).ok());
    done.wait();
}

TEST(Listener, AnswersThatNobodyWaitsForAnyMoreAreDropped) {
    Rig rig;
    Inbox<HttpServer::Respond> waiting;
    rig.server.on_request = [&](const HttpRequest&, HttpServer::Respond respond) { waiting.put(std::move(respond)); };
    RawSocket raw = RawSocket::connect(rig.at());
    raw.send(plain_request);
    const auto respond = waiting.take();
    raw.reset();
    const auto gone = std::make_shared<Gate>();
    HttpResponse response;
    response.stream = std::make_shared<Endless>(gone);
    respond(std::move(response));
    gone->wait();
}

}    // namespace
}    // namespace filfil::net
