// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "raw_socket.hpp"
#include "rig.hpp"

#include <thread>

namespace filfil::net {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::string_view raw_handshake =
    "GET / HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";

/// A frame as a client sends it, masked with zeros.
std::string frame(unsigned first_byte, std::string_view payload, bool masked = true) {
    std::string out(1, static_cast<char>(first_byte));
    const unsigned mask = masked ? 0x80U : 0U;
    if (payload.size() < 126) {
        out += static_cast<char>(mask | payload.size());
    } else {
        out += static_cast<char>(mask | 126U);
        out += static_cast<char>(payload.size() >> 8);
        out += static_cast<char>(payload.size());
    }
    if (masked) out += std::string(4, '\0');
    return out.append(payload);
}

/// What the server's side of a rig hears, socket by socket.
class ServerEnd {
    // The server may still be busy with it when the test is over.
    struct State {
        Inbox<std::shared_ptr<Heard>> opened;
        Inbox<std::string> targets;
    };
    const std::shared_ptr<State> m_state = std::make_shared<State>();

public:
    explicit ServerEnd(ScriptedServer& server) {
        server.on_socket = [state = m_state](std::shared_ptr<WebSocket> socket, const HttpRequest& request) {
            const auto heard = std::make_shared<Heard>();
            heard->socket = std::move(socket);
            state->targets.put(request.target);
            state->opened.put(heard);
            return Heard::events(heard);
        };
    }
    Inbox<std::shared_ptr<Heard>>& opened = m_state->opened;
    Inbox<std::string>& targets = m_state->targets;
};

TEST(Socket, TenThousandMessagesComeBackInOrder) {
    Rig rig;
    const auto socket = open(rig.transport, rig.socket_url());
    ASSERT_TRUE(socket.ok()) << socket.error().text();
    for (int i = 0; i < 10'000; ++i) (*socket)->socket->send("message " + std::to_string(i));
    for (int i = 0; i < 10'000; ++i) ASSERT_EQ((*socket)->messages.take(), "message " + std::to_string(i));
}

TEST(Socket, LargeAndEmptyMessagesPass) {
    ListenOptions options;
    options.request_limit = 20'000'000;
    Rig rig(options);
    const auto socket = open(rig.transport, rig.socket_url());
    ASSERT_TRUE(socket.ok());
    for (const std::size_t size : {0UL, 1UL, 125UL, 126UL, 65'535UL, 65'536UL, 10'000'000UL}) {
        const std::string text(size, 'x');
        (*socket)->socket->send(text);
        EXPECT_TRUE((*socket)->messages.take() == text) << size;
    }
}

TEST(Socket, TheServerSeesTheRequestAndTheFields) {
    Rig rig;
    ServerEnd end(rig.server);
    Inbox<std::string> asked;
    rig.server.on_ask = [&](const HttpRequest& request) -> std::optional<HttpResponse> {
        asked.put(request.method + " " + request.target + " " +
                  std::string(*find_field(request.fields, "authorization")) + " " + request.peer);
        return std::nullopt;
    };
    ClientOptions options;
    options.fields = {{"Authorization", "Bearer t"}};
    ASSERT_TRUE(open(rig.transport, rig.socket_url("/rpc/v1?a=b"), options).ok());
    EXPECT_EQ(asked.take(), "GET /rpc/v1?a=b Bearer t 127.0.0.1");
    EXPECT_EQ(end.targets.take(), "/rpc/v1?a=b");
}

TEST(Socket, WhatIsRefusedSaysWhy) {
    Rig rig;
    int status = 0;
    rig.server.on_ask = [&](const HttpRequest&) {
        HttpResponse response;
        response.status = status;
        response.body = "no";
        return std::optional(response);
    };
    for (const auto& [number, code] : std::vector<std::pair<int, ErrorCode>>{{401, ErrorCode::denied},
                                                                             {403, ErrorCode::denied},
                                                                             {404, ErrorCode::unsupported},
                                                                             {200, ErrorCode::unsupported}}) {
        status = number;
        const auto socket = open(rig.transport, rig.socket_url("/x?token=secret"));
        ASSERT_FALSE(socket.ok());
        EXPECT_EQ(socket.error().code, code);
        EXPECT_NE(socket.error().message.find(std::to_string(number)), std::string::npos);
        EXPECT_EQ(socket.error().text().find("secret"), std::string::npos);
    }
}

TEST(Socket, AServerThatSpeaksNoWebSocketIsNone) {
    NullLogSink log;
    for (const char* text : {"HTTP/1.1 101 Switching Protocols\r\n\r\n", "SSH-2.0\r\n\r\n",
                             "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                             "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"}) {
        RawListener raw;
        AsioTransport transport(log);
        std::jthread server([&] {
            RawSocket peer = raw.accept();
            peer.read_until("\r\n\r\n");
            peer.send(text);
            peer.read_all();
        });
        const auto socket = open(transport, Url{Url::Scheme::ws, raw.at(), "/"});
        ASSERT_FALSE(socket.ok());
        EXPECT_TRUE(socket.error().code == ErrorCode::corrupt || socket.error().code == ErrorCode::unsupported)
            << socket.error().text();
    }
}

TEST(Socket, EitherSideClosesAfterWhatIsQueued) {
    for (const bool client_closes : {true, false}) {
        Rig rig;
        ServerEnd end(rig.server);
        const auto client = open(rig.transport, rig.socket_url());
        ASSERT_TRUE(client.ok());
        const auto server = end.opened.take();
        Heard& closer = client_closes ? **client : *server;
        Heard& other = client_closes ? *server : **client;
        for (int i = 0; i < 1000; ++i) closer.socket->send(std::to_string(i));
        closer.socket->close();
        closer.socket->close();
        for (int i = 0; i < 1000; ++i) ASSERT_EQ(other.messages.take(), std::to_string(i));
        EXPECT_EQ(closer.closed.take().code, ErrorCode::cancelled);
        const Error why = other.closed.take();
        EXPECT_EQ(why.code, ErrorCode::io);
        EXPECT_NE(why.message.find("1000"), std::string::npos);
        closer.socket->send("too late");
        EXPECT_EQ(closer.socket->queued(), 0U);
    }
}

TEST(Socket, BothSidesMayCloseAtOnce) {
    Rig rig;
    ServerEnd end(rig.server);
    for (int round = 0; round < 50; ++round) {
        const auto client = open(rig.transport, rig.socket_url());
        ASSERT_TRUE(client.ok());
        const auto server = end.opened.take();
        client.value()->socket->close();
        server->socket->close();
        // Whose close() the other's frame overtakes was closed by its peer; that cannot be so for both.
        const ErrorCode near = (*client)->closed.take().code;
        const ErrorCode far = server->closed.take().code;
        EXPECT_TRUE(near == ErrorCode::cancelled || far == ErrorCode::cancelled);
        for (const ErrorCode code : {near, far}) EXPECT_TRUE(code == ErrorCode::cancelled || code == ErrorCode::io);
    }
}

TEST(Socket, DroppingTheLastPointerClosesIt) {
    Rig rig;
    ServerEnd end(rig.server);
    const auto client = open(rig.transport, rig.socket_url());
    ASSERT_TRUE(client.ok());
    const auto server = end.opened.take();
    (*client)->socket.reset();
    EXPECT_EQ(server->closed.take().code, ErrorCode::io);
    EXPECT_EQ((*client)->closed.take().code, ErrorCode::cancelled);

    rig.server.on_socket = [](const std::shared_ptr<WebSocket>&, const HttpRequest&) { return SocketEvents{}; };
    const auto dropped = open(rig.transport, rig.socket_url());
    ASSERT_TRUE(dropped.ok());
    EXPECT_EQ((*dropped)->closed.take().code, ErrorCode::io);
}

TEST(Socket, APeerThatDoesNotCloseBackIsLeftAlone) {
    Rig rig;
    ServerEnd end(rig.server);
    RawSocket raw = RawSocket::connect(rig.at());
    raw.send(raw_handshake);
    EXPECT_TRUE(raw.read_until("\r\n\r\n").starts_with("HTTP/1.1 101"));
    const auto server = end.opened.take();
    server->socket->close();
    EXPECT_EQ(raw.read_all(4), std::string("\x88\x02\x03\xe8", 4));
    EXPECT_EQ(server->closed.take().code, ErrorCode::cancelled);
    EXPECT_EQ(raw.read_all(), "");
}

TEST(Socket, WhoSaysNothingIsGone) {
    ListenOptions listening;
    listening.idle_timeout = milliseconds(1000);
    Rig rig(listening);
    ServerEnd end(rig.server);
    RawSocket raw = RawSocket::connect(rig.at());
    raw.send(raw_handshake);
    const Error why = end.opened.take()->closed.take();
    EXPECT_EQ(why.code, ErrorCode::io);
    EXPECT_NE(why.message.find("127.0.0.1"), std::string::npos);

    RawListener silent;
    std::jthread server([&] {
        RawSocket peer = silent.accept();
        std::string request = peer.read_until("\r\n\r\n");
        // The only right answer needs SHA-1: let the real server make it.
        RawSocket real = RawSocket::connect(rig.at());
        real.send(request);
        peer.send(real.read_until("\r\n\r\n"));
        peer.read_all();
    });
    ClientOptions options;
    options.idle_timeout = milliseconds(1000);
    options.ping_every = milliseconds(20);
    const Url url{Url::Scheme::ws, silent.at(), "/"};
    const auto client = open(rig.transport, url, options);
    ASSERT_TRUE(client.ok()) << client.error().text();
    const Error gone = (*client)->closed.take();
    EXPECT_EQ(gone.code, ErrorCode::io);
    EXPECT_NE(gone.message.find(text_of(url)), std::string::npos);
}

TEST(Socket, PingsKeepAQuietOneOpen) {
    ListenOptions listening;
    listening.idle_timeout = milliseconds(2000);
    Rig rig(listening);
    ServerEnd end(rig.server);
    ClientOptions options;
    options.idle_timeout = milliseconds(2000);
    options.ping_every = milliseconds(50);
    const auto client = open(rig.transport, rig.socket_url(), options);
    ASSERT_TRUE(client.ok());
    const auto server = end.opened.take();
    // As long as it takes another one, which never pings, to be given up.
    RawSocket raw = RawSocket::connect(rig.at());
    raw.send(raw_handshake);
    end.opened.take()->closed.take();
    server->socket->send("still there");
    EXPECT_EQ((*client)->messages.take(), "still there");
    EXPECT_EQ(server->closed.size(), 0U);
    EXPECT_EQ((*client)->closed.size(), 0U);
}

TEST(Socket, WhoTakesNothingIsGoneAndSeenInTheQueue) {
    ListenOptions listening;
    listening.write_timeout = milliseconds(2000);
    Rig rig(listening);
    ServerEnd end(rig.server);
    RawSocket raw = RawSocket::connect(rig.at(), 4096);
    raw.send(raw_handshake);
    const auto server = end.opened.take();
    for (int i = 0; i < 200; ++i) server->socket->send(std::string(100'000, 'x'));
    EXPECT_GT(server->socket->queued(), 1'000'000U);
    EXPECT_EQ(server->closed.take().code, ErrorCode::io);
    EXPECT_EQ(server->socket->queued(), 0U);
}

TEST(Socket, AMessageAboveTheLimitEndsIt) {
    ListenOptions listening;
    listening.request_limit = 1000;
    Rig rig(listening);
    ServerEnd end(rig.server);
    ClientOptions options;
    options.body_limit = 2000;
    {
        const auto client = open(rig.transport, rig.socket_url(), options);
        ASSERT_TRUE(client.ok());
        const auto server = end.opened.take();
        (*client)->socket->send(std::string(1000, 'x'));
        EXPECT_EQ(server->messages.take().size(), 1000U);
        (*client)->socket->send(std::string(1001, 'x'));
        EXPECT_EQ(server->closed.take().code, ErrorCode::too_large);
        const Error why = (*client)->closed.take();
        EXPECT_NE(why.message.find("1009"), std::string::npos) << why.text();
    }
    const auto client = open(rig.transport, rig.socket_url(), options);
    ASSERT_TRUE(client.ok());
    const auto server = end.opened.take();
    server->socket->send(std::string(2000, 'x'));
    EXPECT_EQ((*client)->messages.take().size(), 2000U);
    server->socket->send(std::string(2001, 'x'));
    EXPECT_EQ((*client)->closed.take().code, ErrorCode::too_large);
    EXPECT_EQ(server->closed.take().code, ErrorCode::io);
}

TEST(Socket, WrongFramesEndItAndNothingElse) {
    Rig rig;
    ServerEnd end(rig.server);
    const std::string huge_frame = std::string("\x81\xff\x7f\xff\xff\xff\xff\xff\xff\xff", 10) + std::string(4, '\0');
    const std::string wrong_length = std::string("\x81\xfe\x00\x01", 4) + std::string(4, '\0') + "x";
    for (const std::string& bytes :
         {frame(0x82, "binary"), frame(0x81, "unmasked", false), frame(0x83, "reserved"), frame(0xc1, "compressed"),
          frame(0x80, "continues nothing"), frame(0x01, "a") + frame(0x81, "b"), frame(0x81, "\xff\xfe"),
          frame(0x81, "\xc3"), frame(0x89, std::string(126, 'x')), frame(0x09, "ping in parts"), frame(0x88, "x"),
          frame(0x88, std::string("\x00\x00", 2)), huge_frame, wrong_length}) {
        RawSocket raw = RawSocket::connect(rig.at());
        // What comes right behind the handshake is not lost.
        raw.send(std::string(raw_handshake) + bytes);
        raw.shut_down_send();
        const auto server = end.opened.take();
        EXPECT_NE(server->closed.take().code, ErrorCode::cancelled);
        EXPECT_EQ(server->messages.size(), 0U);
        raw.read_all();
    }
    const auto client = open(rig.transport, rig.socket_url());
    ASSERT_TRUE(client.ok());
    (*client)->socket->send("fine");
    EXPECT_EQ(end.opened.take()->messages.take(), "fine");
}

TEST(Socket, FramesMayComeInAnyPieces) {
    Rig rig;
    ServerEnd end(rig.server);
    RawSocket raw = RawSocket::connect(rig.at());
    raw.send(raw_handshake);
    const auto server = end.opened.take();
    const std::string bytes = frame(0x01, "one ") + frame(0x89, "ping") + frame(0x00, "message ") +
                              frame(0x8a, "pong") + frame(0x80, "in parts") + frame(0x81, "") +
                              frame(0x81, std::string(300, 'x'));
    for (const char byte : bytes) ASSERT_TRUE(raw.send(std::string_view(&byte, 1)));
    EXPECT_EQ(server->messages.take(), "one message in parts");
    EXPECT_EQ(server->messages.take(), "");
    EXPECT_EQ(server->messages.take(), std::string(300, 'x'));
    raw.read_until("\r\n\r\n");
    EXPECT_EQ(raw.read_all(6), std::string("\x8a\x04ping", 6));
    raw.send(frame(0x81, "a") + frame(0x81, "b") + frame(0x88, std::string("\x03\xe9", 2) + "going"));
    raw.shut_down_send();
    EXPECT_EQ(server->messages.take(), "a");
    EXPECT_EQ(server->messages.take(), "b");
    const Error why = server->closed.take();
    EXPECT_EQ(why.code, ErrorCode::io);
    EXPECT_NE(why.message.find("1001: going"), std::string::npos) << why.text();
}

TEST(Socket, AHalfHandshakeIsARequestLikeOthers) {
    Rig rig;
    RawSocket raw = RawSocket::connect(rig.at());
    raw.send("GET /x HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\n\r\n");
    EXPECT_TRUE(raw.read_until("GET /x ").starts_with("HTTP/1.1 200"));
    RawSocket keyless = RawSocket::connect(rig.at());
    keyless.send(
        "GET / HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n\r\n");
    EXPECT_TRUE(keyless.read_all().starts_with("HTTP/1.1 4"));
}

TEST(Socket, RandomFramesDoNoHarm) {
    ListenOptions listening;
    listening.request_limit = 100'000;
    Rig rig(listening);
    ServerEnd end(rig.server);
    std::uint64_t state = 3;
    for (int round = 0; round < 60; ++round) {
        std::string bytes(raw_handshake);
        for (int i = 0; i < 400; ++i) {
            state = state * 6364136223846793005ULL + 1442695040888963407ULL;
            bytes += static_cast<char>(state >> 56);
        }
        RawSocket raw = RawSocket::connect(rig.at());
        raw.send(bytes);
        raw.shut_down_send();
        end.opened.take()->closed.take();
        raw.read_all();
    }
}

TEST(Socket, APeerThatBreaksOffIsAnError) {
    Rig rig;
    ServerEnd end(rig.server);
    for (const bool reset : {false, true}) {
        RawSocket raw = RawSocket::connect(rig.at());
        raw.send(raw_handshake);
        raw.read_until("\r\n\r\n");
        const auto server = end.opened.take();
        if (reset)
            raw.reset();
        else
            raw.close();
        EXPECT_EQ(server->closed.take().code, ErrorCode::io);
    }
}

TEST(Socket, ItMayBeUsedAfterItsTransport) {
    Rig rig;
    auto transport = std::make_unique<AsioTransport>(rig.log);
    const auto client = open(*transport, rig.socket_url());
    ASSERT_TRUE(client.ok());
    transport.reset();
    EXPECT_EQ((*client)->closed.take().code, ErrorCode::cancelled);
    (*client)->socket->send("nobody");
    (*client)->socket->close();
    EXPECT_EQ((*client)->socket->queued(), 0U);
}

TEST(Socket, TheListenerMayGoWhileTheyAreOpened) {
    for (int round = 0; round < 40; ++round) {
        Rig rig;
        const ServerEnd end(rig.server);
        const auto ended = std::make_shared<Inbox<int>>();
        for (int i = 0; i < 8; ++i)
            rig.transport.open_socket(rig.socket_url(), {}, {}, [ended](const auto&) { ended->put(1); });
        for (int i = 0; i < round % 8; ++i) ended->take();
        rig.listener.reset();
        for (int i = round % 8; i < 8; ++i) ended->take();
    }
}

TEST(Socket, ManyThreadsMaySendAndClose) {
    Rig rig;
    for (int round = 0; round < 10; ++round) {
        const auto client = open(rig.transport, rig.socket_url());
        ASSERT_TRUE(client.ok());
        {
            std::vector<std::jthread> senders;
            for (int i = 0; i < 4; ++i)
                senders.emplace_back([&, i] {
                    for (int k = 0; k < 200; ++k) (*client)->socket->send("x");
                    if (i == 3) (*client)->socket->close();
                });
        }
        EXPECT_EQ((*client)->closed.take().code, ErrorCode::cancelled);
    }
}

TEST(Socket, EventsOfOneConnectionComeOneAtATimeAndTheEndComesLast) {
    Rig rig;
    std::atomic<int> inside = 0;
    std::atomic<bool> over = false;
    Inbox<int> closed;
    rig.server.on_socket = [&](std::shared_ptr<WebSocket> socket, const HttpRequest&) {
        SocketEvents events;
        events.on_message = [&, socket](const std::string&) {
            EXPECT_EQ(++inside, 1);
            EXPECT_FALSE(over);
            --inside;
        };
        events.on_closed = [&](const Error&) {
            EXPECT_EQ(++inside, 1);
            EXPECT_FALSE(over.exchange(true));
            --inside;
            closed.put(1);
        };
        return events;
    };
    const auto client = open(rig.transport, rig.socket_url());
    ASSERT_TRUE(client.ok());
    for (int i = 0; i < 2000; ++i) (*client)->socket->send("x");
    (*client)->socket->close();
    closed.take();
}

}    // namespace
}    // namespace filfil::net
