// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "node_process.hpp"

#include "base/base64.hpp"
#include "checked.hpp"
#include "net/asio_transport.hpp"
#include "node/devnet/devnet.hpp"
#include "node/devnet/generated_chain.hpp"
#include "process.hpp"

#include <cstdio>

#include <unistd.h>

namespace filfil::bench {
namespace {

/// Knows of a call only its number.
class ReadyAnswers final : public HttpServer {
public:
    void handle(HttpRequest, Respond respond) override { respond({.status = 404, .fields = {}, .body = {}}); }
    std::optional<HttpResponse> refuse_socket(const HttpRequest&) override { return std::nullopt; }
    SocketEvents open_socket(std::shared_ptr<WebSocket> socket, const HttpRequest&) override {
        const std::string result = to_base64(Bytes(answer_bytes, std::byte{0x5a}));
        return {[socket, result](const std::string& text) {
                    const std::size_t begin = text.find("\"id\":");
                    if (begin == std::string::npos) return;
                    const std::size_t end = text.find_first_of(",}", begin);
                    socket->send("{\"jsonrpc\":\"2.0\"," + text.substr(begin, end - begin) + ",\"result\":\"" + result +
                                 "\"}");
                },
                [](const Error&) {}};
    }
};

}    // namespace

chaingen::Config config_of(ChainKind kind, std::uint64_t tipsets, std::uint64_t seed) {
    chaingen::Config out;
    out.seed = seed;
    out.tipsets = tipsets;
    if (kind == ChainKind::long_run) {
        out.state_bytes = 400'000'000;
        out.tipset_bytes = 200'000;
        out.blocks_per_tipset = 2;
        out.messages_per_block = 20;
        return out;
    }
    out.state_bytes = 600'000'000;
    out.tipset_bytes = 8'000'000;
    out.messages_per_block = 60;
    out.sector_leaf_bytes = 3000;
    out.fork_rate = 0;
    out.grow_rate = 0;
    return out;
}

std::vector<std::string> node_arguments(ChainKind kind, std::uint64_t tipsets, std::uint64_t seed) {
    return {own_path(), "--serve", std::to_string(static_cast<int>(kind)), std::to_string(tipsets),
            std::to_string(seed)};
}

int serve_node(const std::vector<std::string>& arguments) {
    const chaingen::Config config = config_of(static_cast<ChainKind>(std::stoi(arguments.at(0))),
                                              std::stoull(arguments.at(1)), std::stoull(arguments.at(2)));
    const SystemClock clock;
    NullLogSink log;
    SystemRandom random;
    SystemFiles files;
    ThreadPool loop(1);
    ThreadPool workers(1);
    net::AsioTransport transport(log, 1);
    World world{clock, loop, workers, files, transport, random, log};
    node::DevnetOptions options;
    options.test_hooks = true;
    const auto devnet = checked(node::Devnet::make(world, checked(node::GeneratedChain::make({config})), options));
    ReadyAnswers ready;
    ListenOptions at;
    at.at = {"127.0.0.1", 0};
    const auto node = checked(transport.listen(at, *devnet));
    const auto other = checked(transport.listen(at, ready));
    std::printf("%u %u\n", static_cast<unsigned>(node->endpoint().port), static_cast<unsigned>(other->endpoint().port));
    std::fflush(stdout);
    for (;;) ::pause();
}

}    // namespace filfil::bench
