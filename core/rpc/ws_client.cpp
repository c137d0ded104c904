// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "rpc/ws_client.hpp"

#include "rpc/ws_calls.hpp"

#include <utility>

namespace filfil::rpc {
namespace {

class WsClient final : public Client {
public:
    WsClient(World& world, ClientConfig config) : m_calls(std::make_shared<WsCalls>(world, std::move(config))) {}
    ~WsClient() override { m_calls->drop(); }
    WsClient(const WsClient&) = delete;
    WsClient& operator=(const WsClient&) = delete;

    void open(std::function<void(Result<void>)> handler, std::function<void(Error)> on_lost) override {
        m_calls->open(std::move(handler), std::move(on_lost));
    }
    void call(std::string method, Json params, AnswerHandler handler) override {
        m_calls->call(std::move(method), params, std::move(handler), nullptr);
    }
    std::uint64_t open_channel(std::string method, Json params, AnswerHandler handler, ChannelEvents events) override {
        return m_calls->call(std::move(method), params, std::move(handler),
                             std::make_shared<ChannelEvents>(std::move(events)));
    }
    void cancel_channel(std::uint64_t number) override { m_calls->cancel_channel(number); }
    void on_notification(std::function<void(std::string, Json)> handler) override {
        m_calls->on_notification(std::move(handler));
    }
    void close() override { m_calls->close(); }
    std::size_t pending() const noexcept override { return m_calls->pending(); }

private:
    std::shared_ptr<WsCalls> m_calls;
};

}    // namespace

std::unique_ptr<Client> make_ws_client(World& world, ClientConfig config) {
    return std::make_unique<WsClient>(world, std::move(config));
}

}    // namespace filfil::rpc
