// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "net/asio_transport.hpp"
#include "raw_socket.hpp"
#include "served.hpp"
#include "waiting.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace filfil::retrieval {
namespace {

/// Holds requests back until so many are there, and lets them go on together.
class Together final : public HttpServer {
public:
    explicit Together(HttpServer& behind) : m_behind(behind) {}

    /// The next `count` requests; `when_there` is called when the last of them has come.
    void hold(std::size_t count, std::function<void()> when_there) {
        const std::lock_guard lock(m_mutex);
        m_count = count;
        m_when_there = std::move(when_there);
    }

    void handle(HttpRequest request, Respond respond) override {
        std::vector<std::pair<HttpRequest, Respond>> ready;
        {
            const std::lock_guard lock(m_mutex);
            m_held.emplace_back(std::move(request), std::move(respond));
            if (m_held.size() < m_count) return;
            if (m_count > 0) m_when_there();
            m_count = 0;
            ready.swap(m_held);
        }
        for (auto& [held, answer] : ready) m_behind.handle(std::move(held), std::move(answer));
    }
    std::optional<HttpResponse> refuse_socket(const HttpRequest& request) override {
        return m_behind.refuse_socket(request);
    }
    SocketEvents open_socket(std::shared_ptr<WebSocket> socket, const HttpRequest& request) override {
        return m_behind.open_socket(std::move(socket), request);
    }

private:
    HttpServer& m_behind;
    std::mutex m_mutex;
    std::size_t m_count = 0;
    std::function<void()> m_when_there;
    std::vector<std::pair<HttpRequest, Respond>> m_held;
};

/// A client that takes its ranges of a piece one after the other.
class RangeClient : public std::enable_shared_from_this<RangeClient> {
public:
    struct Work {
        Transport& transport;
        Url url;
        ByteSpan out;
        std::size_t clients;
        std::size_t ranges;                ///< of all clients together
        net::Inbox<std::string>& ended;    ///< "" or what went wrong
    };

    RangeClient(Work& work, std::size_t number) : m_work(work), m_range(number) {}

    void go_on() {
        if (m_range >= m_work.ranges) return m_work.ended.put("");
        const std::size_t begin = m_work.out.size() * m_range / m_work.ranges;
        const std::size_t end = m_work.out.size() * (m_range + 1) / m_work.ranges;
        HttpRequest request;
        request.fields = {{"Range", "bytes=" + std::to_string(begin) + "-" + std::to_string(end - 1)}};
        ClientOptions options;
        options.answer_timeout = std::chrono::minutes(10);
        m_work.transport.request(
            m_work.url, std::move(request), options,
            [self = shared_from_this(), begin, end](Result<HttpResponse> answer) { self->take(answer, begin, end); });
    }

private:
    void take(const Result<HttpResponse>& answer, std::size_t begin, std::size_t end) {
        if (!answer.ok()) return m_work.ended.put(answer.error().text());
        if (answer->status != 206 || answer->body.size() != end - begin)
            return m_work.ended.put("status " + std::to_string(answer->status) + ": " + answer->body.substr(0, 200));
        std::ranges::copy(bytes_of(answer->body), m_work.out.begin() + static_cast<std::ptrdiff_t>(begin));
        m_range += m_work.clients;
        go_on();
    }

    Work& m_work;
    std::size_t m_range;
};

class ManyClients : public ::testing::Test {
protected:
    ManyClients() {
        catalog.add(sample.served);
        ListenOptions options;
        options.at = {"127.0.0.1", 0};
        options.connections_a_peer = 1000;
        options.write_timeout = std::chrono::minutes(10);
        auto listening = transport.listen(options, together);
        EXPECT_TRUE(listening.ok());
        listener = std::move(listening).value();
    }

    [[nodiscard]] std::string path() const { return "/piece/" + sample.v1; }

    /// Asks for the whole piece and reads nothing but the answer's head.
    net::RawSocket open_slow() {
        net::RawSocket out = net::RawSocket::connect(listener->endpoint(), 4096);
        EXPECT_TRUE(out.send("GET " + path() + " HTTP/1.1\r\nHost: x\r\n\r\n"));
        const std::string head = out.read_until("\r\n\r\n");
        EXPECT_TRUE(head.starts_with("HTTP/1.1 200 ")) << head;
        EXPECT_NE(head.find("Content-Length: " + std::to_string(sample.payload.size())), std::string::npos) << head;
        return out;
    }

    samples::Sample sample = samples::make_sample(samples::random_bytes(5, std::size_t{8} << 20));
    Outside outside;
    samples::FakeCatalog catalog;
    Server server{outside.world, catalog, nullptr, {.requests_a_second_a_peer = 0}};
    Together together{server};
    net::AsioTransport transport{outside.log, 2};
    net::AsioTransport client_transport{outside.log, 2};
    std::unique_ptr<Transport::Listener> listener;
};

TEST_F(ManyClients, TwoHundredHoldWhileSlowOnesWait) {
    constexpr std::size_t clients = 200;
    constexpr std::size_t slow_clients = 8;    // more than the transport has threads
    std::vector<net::RawSocket> slow;
    for (std::size_t i = 0; i < slow_clients; ++i) slow.push_back(open_slow());
    ASSERT_EQ(server.counters().in_flight, slow_clients);

    std::size_t connections = 0;
    together.hold(clients, [&] { connections = listener->connections(); });
    Bytes out(sample.payload.size());
    net::Inbox<std::string> ended;
    RangeClient::Work work{
        client_transport, {Url::Scheme::http, listener->endpoint(), path()}, out, clients, 800, ended};
    const auto begin = std::chrono::steady_clock::now();
    for (std::size_t i = 0; i < clients; ++i) std::make_shared<RangeClient>(work, i)->go_on();
    for (std::size_t i = 0; i < clients; ++i) ASSERT_EQ(ended.take(), "");
    const double seconds =
        seconds_between(begin.time_since_epoch(), std::chrono::steady_clock::now().time_since_epoch());

    EXPECT_EQ(connections, clients + slow_clients) << "all were there at the same time";
    EXPECT_EQ(commp::piece_cid_v1(samples::commit(out)).text(), sample.v1);
    EXPECT_GE(server.counters().in_flight, slow_clients) << "the slow ones wait, and nobody waited for them";
    RecordProperty("mib_per_s", std::to_string(static_cast<double>(out.size()) / seconds / (1 << 20)));

    const std::string wanted(chars_of(sample.payload));
    for (net::RawSocket& one : slow) EXPECT_TRUE(one.read_all(wanted.size()) == wanted);
}

TEST_F(ManyClients, ClientsThatLeaveInTheMiddleLeaveNothingBehind) {
    std::atomic<int> alive{0};
    const auto held = [&] {
        auto out = samples::make_sample(samples::random_bytes(6, std::size_t{4} << 20), "held.car", &alive);
        catalog.add(out.served);
        return out.v1;
    }();
    std::vector<net::RawSocket> leaving;
    for (int i = 0; i < 50; ++i) {
        leaving.push_back(net::RawSocket::connect(listener->endpoint(), 4096));
        ASSERT_TRUE(leaving.back().send("GET /piece/" + held + " HTTP/1.1\r\nHost: x\r\n\r\n"));
        leaving.back().read_until("\r\n\r\n");
    }
    catalog.drop_pieces();
    EXPECT_EQ(alive, 1);
    for (net::RawSocket& one : leaving) one.reset();
    // It waits for the last body to be destroyed.
    listener.reset();
    EXPECT_EQ(alive, 0);
    EXPECT_EQ(server.counters().in_flight, 0U);
}

TEST_F(ManyClients, ABodyThatBreaksOffIsNotTakenForWhole) {
    ipld::Cid missing = ipld::cid_of_block(ipld::Codec::raw, bytes_of("missing"));
    const ipld::Cid root = catalog.add_block(ipld::Codec::dag_cbor, samples::node_of({missing}));
    net::Inbox<std::string> ended;
    client_transport.request({Url::Scheme::http, listener->endpoint(), "/ipfs/" + root.text() + "?format=car"}, {}, {},
                             [&](const Result<HttpResponse>& answer) {
                                 ended.put(answer.ok() ? std::to_string(answer->status) : "broke off");
                             });
    EXPECT_EQ(ended.take(), "broke off");
    client_transport.request({Url::Scheme::http, listener->endpoint(), "/healthz"}, {}, {},
                             [&](const Result<HttpResponse>& answer) { ended.put(answer.ok() ? answer->body : ""); });
    EXPECT_EQ(ended.take(), "ok\n");
}

}    // namespace
}    // namespace filfil::retrieval
