// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "node/devnet/devnet.hpp"
#include "node/devnet/generated_chain.hpp"
#include "outside.hpp"

#include <cstdlib>

namespace {

using namespace filfil;

/// A devnet of one flavour, that lasts over all inputs.
struct Rig {
    explicit Rig(node::Flavour flavour) {
        node::GeneratedChain::Options chain;
        chain.chain.state_bytes = 64 * KiB;
        chain.chain.tipset_bytes = 0;
        chain.chain.messages_per_block = 2;
        node::DevnetOptions options;
        options.flavour = flavour;
        devnet = std::move(
            node::Devnet::make(outside.world, std::move(node::GeneratedChain::make(chain).value()), options, 10)
                .value());
    }

    Outside outside;
    std::unique_ptr<node::Devnet> devnet;
};

/// Takes what it is sent.
class Sink final : public WebSocket {
public:
    void send(std::string text) override {
        if (text.empty()) std::abort();
    }
    [[nodiscard]] std::size_t queued() const noexcept override { return 0; }
    void close() noexcept override {}
};

}    // namespace

// Any text, as the body of a request or as a message, is answered once or not at all, and the devnet goes on.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static Rig lotus(node::Flavour::lotus);
    static Rig forest(node::Flavour::forest);
    const std::string text(reinterpret_cast<const char*>(data), size);
    for (Rig* rig : {&lotus, &forest}) {
        int answers = 0;
        rig->devnet->handle({"POST", "/rpc/v1", {}, text, {}}, [&](const HttpResponse&) { ++answers; });
        rig->outside.run_ready();
        if (answers != 1) std::abort();
        const SocketEvents events = rig->devnet->open_socket(std::make_shared<Sink>(), {});
        events.on_message(text);
        events.on_message(R"({"jsonrpc":"2.0","id":1,"method":"Filecoin.ChainNotify","params":[]})");
        events.on_message(text);
        rig->outside.advance(std::chrono::seconds(1));
        events.on_closed(Error(ErrorCode::io, "gone"));
        rig->outside.advance(std::chrono::seconds(1));
        if (rig->devnet->subscribers() != 0) std::abort();
    }
    return 0;
}
