// SPDX-License-Identifier: Apache-2.0 OR MIT
// What a client says when the other side is not there, silent, or no server.
#include "raw_socket.hpp"
#include "rig.hpp"

#include <thread>

namespace filfil::net {
namespace {

using std::chrono::milliseconds;

/// A server that says `text` to whoever comes, after the request, and ends.
class Babbler {
public:
    explicit Babbler(std::string text)
        : m_text(std::move(text)), m_thread([this] {
              RawSocket peer = m_raw.accept();
              peer.read_until("\r\n\r\n");
              peer.send(m_text);
              peer.shut_down_send();
              peer.read_all();
          }) {}
    [[nodiscard]] Url url(Url::Scheme scheme = Url::Scheme::http) const {
        return {scheme, m_raw.at(), "/x?token=secret"};
    }

private:
    RawListener m_raw;
    const std::string m_text;
    std::jthread m_thread;
};

Endpoint nobodys_port() { return RawListener().at(); }

class ClientFailure : public testing::Test {
protected:
    Error error_from(std::string text, const ClientOptions& options = {}) {
        const Babbler babbler(std::move(text));
        auto answer = ask(transport, babbler.url(), {}, options);
        if (answer.ok()) return {ErrorCode::internal, "it was answered"};
        EXPECT_NE(answer.error().message.find(text_of(babbler.url(), true)), std::string::npos)
            << answer.error().text();
        EXPECT_EQ(answer.error().text().find("secret"), std::string::npos);
        return answer.error();
    }

    NullLogSink log;
    AsioTransport transport{log};
};

TEST_F(ClientFailure, ARefusedPortIsNamedWithARemedy) {
    const Endpoint at = nobodys_port();
    for (const auto scheme : {Url::Scheme::http, Url::Scheme::https}) {
        const auto answer = ask(transport, Url{scheme, at, "/"});
        ASSERT_FALSE(answer.ok());
        EXPECT_EQ(answer.error().code, ErrorCode::io);
        EXPECT_NE(answer.error().message.find(text_of(at)), std::string::npos);
        EXPECT_NE(answer.error().message.find("Connection refused"), std::string::npos);
        EXPECT_NE(answer.error().remedy.find("running"), std::string::npos);
    }
    const auto socket = open(transport, Url{Url::Scheme::ws, at, "/"});
    ASSERT_FALSE(socket.ok());
    EXPECT_NE(socket.error().message.find("Connection refused"), std::string::npos);
}

TEST_F(ClientFailure, AnUnknownHostIsNamed) {
    ClientOptions options;
    options.connect_timeout = std::chrono::seconds(5);
    const auto answer = ask(transport, *parse_url("http://no-such-host.invalid:1/"), {}, options);
    ASSERT_FALSE(answer.ok());
    EXPECT_EQ(answer.error().code, ErrorCode::io);
    EXPECT_NE(answer.error().message.find("no-such-host.invalid"), std::string::npos);
    EXPECT_FALSE(answer.error().remedy.empty());
}

TEST_F(ClientFailure, ASilentServerRunsIntoTheAnswersLimit) {
    const RawListener raw;
    ClientOptions options;
    options.answer_timeout = milliseconds(50);
    const auto answer = ask(transport, Url{Url::Scheme::http, raw.at(), "/"}, {}, options);
    ASSERT_FALSE(answer.ok());
    EXPECT_EQ(answer.error().code, ErrorCode::io);
    EXPECT_NE(answer.error().message.find("within 50 ms"), std::string::npos);
    const auto socket = open(transport, Url{Url::Scheme::ws, raw.at(), "/"}, options);
    ASSERT_FALSE(socket.ok());
    EXPECT_NE(socket.error().message.find("within 50 ms"), std::string::npos);
}

TEST_F(ClientFailure, AServerThatDribblesRunsIntoItToo) {
    RawListener raw;
    Gate over;
    std::jthread dribbler([&] {
        RawSocket peer = raw.accept();
        peer.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n");
        while (!over.is_open() && peer.send("x")) std::this_thread::yield();
    });
    ClientOptions options;
    options.answer_timeout = milliseconds(50);
    const auto answer = ask(transport, Url{Url::Scheme::http, raw.at(), "/"}, {}, options);
    over.open();
    // A very fast dribbler may come to the end of it.
    if (!answer.ok()) EXPECT_NE(answer.error().message.find("within 50 ms"), std::string::npos);
}

TEST_F(ClientFailure, AHandshakeWithoutAnAnswerRunsIntoTheConnectionsLimit) {
    const RawListener raw;
    ClientOptions options;
    options.connect_timeout = milliseconds(50);
    const auto answer = ask(transport, Url{Url::Scheme::https, raw.at(), "/"}, {}, options);
    ASSERT_FALSE(answer.ok());
    EXPECT_EQ(answer.error().code, ErrorCode::io);
    EXPECT_NE(answer.error().message.find("within 50 ms"), std::string::npos);
}

TEST_F(ClientFailure, WhatIsNoHttpIsCorrupt) {
    for (const char* text : {"SSH-2.0-OpenSSH_9.2\r\n\r\n", "HTTP/9.9 200 OK\r\n\r\n", "HTTP/1.1 OK\r\n\r\n",
                             "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
                             "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999999\r\n\r\n",
                             "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
                             "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n",
                             "HTTP/1.1 200 OK\r\nA b: c\r\n\r\n"}) {
        const Error error = error_from(text);
        EXPECT_EQ(error.code, ErrorCode::corrupt) << text << error.text();
        EXPECT_FALSE(error.remedy.empty());
    }
}

TEST_F(ClientFailure, AnAnswerThatBreaksOffIsAnError) {
    for (const char* text : {"", "HTTP/1.1 200 O", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345",
                             "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n12345\r\n"})
        EXPECT_EQ(error_from(text).code, ErrorCode::io) << text;
}

TEST_F(ClientFailure, AHeadWithoutEndIsTooLarge) {
    EXPECT_EQ(error_from("HTTP/1.1 200 OK\r\nX: " + std::string(70'000, 'x') + "\r\n\r\n").code, ErrorCode::too_large);
}

TEST_F(ClientFailure, AnAnnouncedSizeCostsNoMemoryAndIsRefusedAtOnce) {
    EXPECT_EQ(error_from("HTTP/1.1 200 OK\r\nContent-Length: 9999999999999\r\n\r\n").code, ErrorCode::too_large);
}

TEST_F(ClientFailure, AnAnswerUpToTheConnectionsEndIsNone) {
    const Babbler babbler("HTTP/1.1 200 OK\r\n\r\nall of it");
    const auto answer = ask(transport, babbler.url());
    ASSERT_TRUE(answer.ok()) << answer.error().text();
    EXPECT_EQ(answer->body, "all of it");
}

TEST_F(ClientFailure, SchemesAndFieldsThatDoNotFitAreInvalid) {
    EXPECT_EQ(ask(transport, *parse_url("ws://127.0.0.1:1/")).error().code, ErrorCode::invalid_argument);
    EXPECT_EQ(open(transport, *parse_url("http://127.0.0.1:1/")).error().code, ErrorCode::invalid_argument);
    ClientOptions options;
    options.fields = {{"Authorization", "Bearer a\r\nX: y"}};
    EXPECT_EQ(ask(transport, *parse_url("http://127.0.0.1:1/"), {}, options).error().code, ErrorCode::invalid_argument);
    EXPECT_EQ(open(transport, *parse_url("ws://127.0.0.1:1/"), options).error().code, ErrorCode::invalid_argument);
}

TEST_F(ClientFailure, RandomBytesAreNeverAnAnswer) {
    std::uint64_t state = 1;
    for (int round = 0; round < 50; ++round) {
        std::string text = round % 2 == 0 ? "" : "HTTP/1.1 200 OK\r\n";
        for (int i = 0; i < 200; ++i) {
            state = state * 6364136223846793005ULL + 1442695040888963407ULL;
            text += static_cast<char>(state >> 56);
        }
        EXPECT_NE(error_from(text).code, ErrorCode::internal);
    }
}

TEST_F(ClientFailure, WhatIsUnderWayIsCancelledWhenTheTransportGoes) {
    RawListener raw;
    auto own = std::make_unique<AsioTransport>(log);
    Inbox<Result<HttpResponse>> answers;
    Inbox<Result<std::shared_ptr<WebSocket>>> sockets;
    own->request(Url{Url::Scheme::http, raw.at(), "/"}, {}, {}, [&](auto answer) { answers.put(std::move(answer)); });
    own->request(Url{Url::Scheme::https, raw.at(), "/"}, {}, {}, [&](auto answer) { answers.put(std::move(answer)); });
    own->open_socket(Url{Url::Scheme::ws, raw.at(), "/"}, {}, {}, [&](auto socket) { sockets.put(std::move(socket)); });
    RawSocket peers[3] = {raw.accept(), raw.accept(), raw.accept()};
    own.reset();
    EXPECT_EQ(answers.take().error().code, ErrorCode::cancelled);
    EXPECT_EQ(answers.take().error().code, ErrorCode::cancelled);
    EXPECT_EQ(sockets.take().error().code, ErrorCode::cancelled);
}

TEST_F(ClientFailure, ATransportMayGoAtAnyTime) {
    Rig rig;
    for (int round = 0; round < 50; ++round) {
        AsioTransport own(log, 2);
        for (int i = 0; i < round % 8; ++i) {
            own.request(rig.url(), {}, {}, [](const Result<HttpResponse>&) {});
            own.open_socket(rig.socket_url(), {}, {}, [](const Result<std::shared_ptr<WebSocket>>&) {});
        }
        if (round % 3 == 0) EXPECT_TRUE(ask(own, rig.url()).ok());
    }
}

}    // namespace
}    // namespace filfil::net
