// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "raw_socket.hpp"
#include "rig.hpp"
#include "self_signed.hpp"

#include <filesystem>
#include <fstream>

#include <stdlib.h>

namespace filfil::net {
namespace {

class Tls : public testing::Test {
protected:
    void SetUp() override {
        std::string pattern = (std::filesystem::temp_directory_path() / "filfil-test-XXXXXX").string();
        ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
        folder = pattern;
        files = {folder + "/cert.pem", folder + "/key.pem"};
        ASSERT_TRUE(write_self_signed(files, {"DNS:localhost", "IP:127.0.0.1"}));
        options.tls = files;
        options.at.host = "127.0.0.1";
    }
    void TearDown() override {
        std::error_code ignored;
        std::filesystem::remove_all(folder, ignored);
    }

    /// A rig whose client trusts the server.
    std::unique_ptr<Rig> trusting() { return std::make_unique<Rig>(options, files.certificate); }

    std::string folder;
    TlsFiles files;
    ListenOptions options;
};

TEST_F(Tls, RequestsAndSocketsPass) {
    const auto rig = trusting();
    const std::string large(1'000'000, 'x');
    for (int i = 0; i < 3; ++i) {
        const auto answer = ask(rig->transport, rig->url("/a"), request_of("POST", large));
        ASSERT_TRUE(answer.ok()) << answer.error().text();
        EXPECT_TRUE(answer->body == "POST /a " + large);
    }
    EXPECT_EQ(rig->listener->connections(), 1U);
    const auto socket = open(rig->transport, rig->socket_url());
    ASSERT_TRUE(socket.ok()) << socket.error().text();
    for (int i = 0; i < 1000; ++i) (*socket)->socket->send(std::to_string(i));
    for (int i = 0; i < 1000; ++i) ASSERT_EQ((*socket)->messages.take(), std::to_string(i));
    (*socket)->socket->send(large);
    EXPECT_TRUE((*socket)->messages.take() == large);
    (*socket)->socket->close();
    EXPECT_EQ((*socket)->closed.take().code, ErrorCode::cancelled);
}

TEST_F(Tls, AStreamPassesAndABrokenOneIsAnError) {
    class Failing final : public BodyStream {
    public:
        [[nodiscard]] std::optional<std::uint64_t> size() const noexcept override { return std::nullopt; }
        Result<std::size_t> read(ByteSpan out) override {
            if (std::exchange(m_begun, true)) return Error(ErrorCode::io, "the disk is gone");
            return out.size();
        }

    private:
        bool m_begun = false;
    };
    const auto rig = trusting();
    rig->server.on_request = [](const HttpRequest& request, const HttpServer::Respond& respond) {
        HttpResponse response;
        if (request.target == "/failing")
            response.stream = std::make_shared<Failing>();
        else
            response.stream = std::make_shared<TextStream>(std::string(2'000'000, 'x'));
        respond(std::move(response));
    };
    EXPECT_EQ(ask(rig->transport, rig->url())->body.size(), 2'000'000U);
    EXPECT_EQ(ask(rig->transport, rig->url("/failing")).error().code, ErrorCode::io);
}

TEST_F(Tls, ACertificateThatNobodyVouchesForIsRefused) {
    Rig rig(options);
    const auto answer = ask(rig.transport, rig.url("/x?token=secret"));
    ASSERT_FALSE(answer.ok());
    EXPECT_EQ(answer.error().code, ErrorCode::io);
    EXPECT_NE(answer.error().message.find("not trusted"), std::string::npos) << answer.error().text();
    EXPECT_NE(answer.error().message.find(text_of(rig.at())), std::string::npos);
    EXPECT_NE(answer.error().remedy.find("trust file"), std::string::npos);
    EXPECT_EQ(answer.error().text().find("secret"), std::string::npos);
    EXPECT_FALSE(open(rig.transport, rig.socket_url()).ok());
}

TEST_F(Tls, ACertificateForAnotherHostIsRefused) {
    ASSERT_TRUE(write_self_signed(files, {"DNS:other.example"}));
    const auto rig = trusting();
    for (const char* host : {"127.0.0.1", "localhost"}) {
        const auto answer = ask(rig->transport, Url{Url::Scheme::https, {host, rig->at().port}, "/"});
        ASSERT_FALSE(answer.ok());
        EXPECT_NE(answer.error().message.find("mismatch"), std::string::npos) << answer.error().text();
        EXPECT_NE(answer.error().remedy.find("host name"), std::string::npos);
    }
}

TEST_F(Tls, TheHostsNameIsCheckedToo) {
    const auto rig = trusting();
    const auto answer = ask(rig->transport, Url{Url::Scheme::https, {"localhost", rig->at().port}, "/"});
    ASSERT_TRUE(answer.ok()) << answer.error().text();
}

TEST_F(Tls, PlainAndTlsDoNotMix) {
    const auto rig = trusting();
    EXPECT_FALSE(ask(rig->transport, Url{Url::Scheme::http, rig->at(), "/"}).ok());
    RawSocket garbage = RawSocket::connect(rig->at());
    garbage.send("GET / HTTP/1.1\r\n\r\n" + std::string(10'000, '\xff'));
    garbage.read_all();
    EXPECT_TRUE(ask(rig->transport, rig->url()).ok());

    Rig plain;
    const auto answer = ask(plain.transport, Url{Url::Scheme::https, plain.at(), "/"});
    ASSERT_FALSE(answer.ok());
    EXPECT_NE(answer.error().remedy.find("TLS"), std::string::npos);
}

TEST_F(Tls, WhoNeverShakesHandsIsDropped) {
    options.request_timeout = std::chrono::milliseconds(50);
    const auto rig = trusting();
    RawSocket silent = RawSocket::connect(rig->at());
    EXPECT_EQ(silent.read_all(), "");
}

TEST_F(Tls, OneConnectionTooManyHears503) {
    options.connections = 0;
    const auto rig = trusting();
    const auto answer = ask(rig->transport, rig->url());
    ASSERT_TRUE(answer.ok()) << answer.error().text();
    EXPECT_EQ(answer->status, 503);
}

TEST_F(Tls, BadFilesAreNamed) {
    NullLogSink log;
    ScriptedServer server;
    AsioTransport transport(log);
    const auto error_of = [&](const TlsFiles& these) {
        ListenOptions wrong = options;
        wrong.tls = these;
        auto listener = transport.listen(wrong, server);
        return listener.ok() ? Error(ErrorCode::internal, "it listens") : listener.error();
    };
    std::ofstream(folder + "/none.pem") << "this is no PEM";
    const TlsFiles other = {folder + "/other.pem", folder + "/other.key"};
    ASSERT_TRUE(write_self_signed(other, {"DNS:localhost"}));
    for (const TlsFiles& these :
         {TlsFiles{folder + "/missing", files.key}, TlsFiles{files.certificate, folder + "/missing"},
          TlsFiles{folder + "/none.pem", files.key}, TlsFiles{files.certificate, folder + "/none.pem"},
          TlsFiles{files.certificate, other.key}}) {
        const Error error = error_of(these);
        EXPECT_EQ(error.code, ErrorCode::invalid_argument) << error.text();
        EXPECT_NE(error.message.find(folder), std::string::npos);
    }
    AsioTransport mistrusting(log, 1, folder + "/none.pem");
    const auto answer = ask(mistrusting, *parse_url("https://127.0.0.1:1/"));
    ASSERT_FALSE(answer.ok());
}

TEST_F(Tls, ATrustFileThatIsNoneIsAnErrorOfTheRequest) {
    std::ofstream(folder + "/none.pem") << "this is no PEM";
    Rig rig(options, folder + "/none.pem");
    const auto answer = ask(rig.transport, rig.url());
    ASSERT_FALSE(answer.ok());
    EXPECT_EQ(answer.error().code, ErrorCode::invalid_argument);
    EXPECT_NE(answer.error().message.find("none.pem"), std::string::npos);
}

TEST_F(Tls, TheListenerMayGoUnderLoad) {
    for (int round = 0; round < 10; ++round) {
        const auto rig = trusting();
        Inbox<int> ended;
        for (int i = 0; i < 8; ++i) {
            rig->transport.request(rig->url(), request_of("POST", std::string(100'000, 'x')), {},
                                   [&](const Result<HttpResponse>&) { ended.put(1); });
            rig->transport.open_socket(rig->socket_url(), {}, {}, [&](const auto&) { ended.put(1); });
        }
        if (round % 2 == 0) ended.take();
        rig->listener.reset();
        for (int i = round % 2 == 0 ? 1 : 0; i < 16; ++i) ended.take();
    }
}

}    // namespace
}    // namespace filfil::net
