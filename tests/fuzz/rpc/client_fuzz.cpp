// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "outside.hpp"
#include "require.hpp"
#include "rpc/client.hpp"

#include <array>

using namespace filfil;

namespace {

/// Says each line of a text to who connects, and answers every POST with all of it.
class Node final : public HttpServer {
public:
    explicit Node(std::string text) : m_text(std::move(text)) {}

    void handle(HttpRequest, Respond respond) override {
        const int status = m_text.starts_with('5') ? 500 : 200;
        respond({.status = status, .body = m_text.substr(status == 500 ? 1 : 0)});
    }
    std::optional<HttpResponse> refuse_socket(const HttpRequest&) override { return std::nullopt; }
    SocketEvents open_socket(std::shared_ptr<WebSocket> socket, const HttpRequest&) override {
        m_socket = std::move(socket);
        return {};
    }
    void talk() {
        std::string_view left = m_text;
        while (!left.empty()) {
            const std::string_view line = left.substr(0, left.find('\n'));
            left.remove_prefix(std::min(left.size(), line.size() + 1));
            m_socket->send(std::string(line));
        }
    }

private:
    std::string m_text;
    std::shared_ptr<WebSocket> m_socket;
};

void check(const rpc::Answer& answer) {
    fuzz::require((answer.result ? 1 : 0) + (answer.error ? 1 : 0) + (answer.failure ? 1 : 0) == 1,
                  "an answer is one of three");
    fuzz::require(std::move(rpc::Answer(answer)).to_result("m").ok() == answer.result.has_value(),
                  "only a result is one");
}

/// Makes some calls. Each must be answered exactly once, and a channel says nothing before its answer or behind its
/// end.
void play(Outside& outside, Node& node, Url::Scheme scheme, std::size_t batch) {
    rpc::ClientConfig config{.url = {scheme, {"node", 1}, "/"}};
    config.batch = batch;
    const auto client = rpc::make_client(outside.world, config);
    int answers = 0;
    int lost = 0;
    struct Channel {
        bool open = false;
        bool closed = false;
    };
    std::array<Channel, 2> channels;
    client->on_notification([](const std::string& method, const rpc::Json&) {
        fuzz::require(!method.empty(), "a notification has a method");
    });
    client->open([](const Result<void>& opened) { fuzz::require(opened.ok(), "it opens"); },
                 [&](const Error&) { ++lost; });
    outside.run_ready();
    for (int i = 0; i < 3; ++i)
        client->call("m", rpc::Json::array(), [&](const rpc::Answer& answer) {
            ++answers;
            check(answer);
        });
    for (Channel& channel : channels)
        client->open_channel(
            "c", rpc::Json::array(),
            [&](const rpc::Answer& answer) {
                ++answers;
                check(answer);
                channel.open = answer.result.has_value();
            },
            {.on_value =
                 [&](const rpc::Json&) {
                     fuzz::require(channel.open && !channel.closed, "a channel speaks between its answer and its end");
                 },
             .on_closed =
                 [&](const Error&) {
                     fuzz::require(channel.open && !channel.closed, "a channel speaks between its answer and its end");
                     channel.closed = true;
                 }});
    if (scheme == Url::Scheme::ws) node.talk();
    outside.run_ready();
    client->close();
    outside.run_ready();
    fuzz::require(answers == 5, "each call is answered once");
    fuzz::require(client->pending() == 0, "nothing is pending behind a close");
    fuzz::require(lost <= 1, "a connection is lost once");
    for (const Channel& channel : channels)
        fuzz::require(channel.open == channel.closed, "every channel that was opened ends");
}

}    // namespace

// Bytes as what a node says to a client with calls and channels open, then as its answer over HTTP.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    Outside outside;
    Node node({reinterpret_cast<const char*>(data), size});
    const auto listener = std::move(*outside.transport.listen({.at = {"node", 1}}, node));
    play(outside, node, Url::Scheme::ws, 1);
    play(outside, node, Url::Scheme::http, 1);
    play(outside, node, Url::Scheme::http, 4);
    return 0;
}
