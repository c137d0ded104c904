// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "node/devnet/devnet.hpp"
#include "node/devnet/generated_chain.hpp"
#include "node/tipset_json.hpp"
#include "outside.hpp"
#include "rpc/json.hpp"

#include <gtest/gtest.h>

namespace filfil::node {

using rpc::Json;

/// A small chain with forks, null rounds and odd blocks.
inline GeneratedChain::Options small_chain_options(std::uint64_t seed = 1) {
    GeneratedChain::Options options;
    options.chain.seed = seed;
    options.chain.state_bytes = 64 * KiB;
    options.chain.tipset_bytes = 8 * KiB;
    options.chain.blocks_per_tipset = 2;
    options.chain.messages_per_block = 3;
    options.chain.null_rate = 100;
    options.chain.fork_rate = 150;
    options.chain.oddities = true;
    return options;
}

inline std::unique_ptr<GeneratedChain> small_chain(std::uint64_t seed = 1) {
    return std::move(GeneratedChain::make(small_chain_options(seed)).value());
}

/// One side of a WebSocket, and what came over it.
struct Wire {
    std::shared_ptr<WebSocket> socket;
    std::vector<std::string> messages;
    std::optional<Error> refused;
    std::optional<Error> closed;
    std::uint64_t next_id = 1;

    /// Messages as JSON.
    [[nodiscard]] std::vector<Json> all() const {
        std::vector<Json> out;
        for (const std::string& message : messages) out.push_back(Json::parse(message, nullptr, false));
        return out;
    }

    /// Values of a channel so far.
    [[nodiscard]] std::vector<Json> values(std::uint64_t channel) const {
        std::vector<Json> out;
        for (const Json& json : all())
            if (json.is_object() && json.value("method", "") == "xrpc.ch.val" && json["params"][0] == channel)
                out.push_back(json["params"][1]);
        return out;
    }

    [[nodiscard]] bool channel_closed(std::uint64_t channel) const {
        for (const Json& json : all())
            if (json.is_object() && json.value("method", "") == "xrpc.ch.close" && json["params"] == Json{channel})
                return true;
        return false;
    }
};

/// A devnet that listens on a network in memory, with virtual time.
class DevnetRig {
public:
    explicit DevnetRig(DevnetOptions options = {}, std::uint64_t events = 5, std::unique_ptr<DevnetChain> chain = {}) {
        auto made = Devnet::make(outside.world, chain ? std::move(chain) : small_chain(), std::move(options), events);
        EXPECT_TRUE(made.ok()) << made.error().text();
        devnet = std::move(*made);
        auto listening = outside.transport.listen({.at = {"127.0.0.1", 1234}}, *devnet);
        EXPECT_TRUE(listening.ok());
        listener = std::move(*listening);
    }

    /// Any request. @return the answer, or why none came
    Result<HttpResponse> send(HttpRequest request) {
        std::optional<Result<HttpResponse>> out;
        ClientOptions options;
        options.answer_timeout = std::chrono::hours(1);
        const Url url = parse_url("http://127.0.0.1:1234" + request.target).value();
        outside.transport.request(url, std::move(request), options,
                                  [&](Result<HttpResponse> answer) { out = std::move(answer); });
        EXPECT_TRUE(outside.run_until([&] { return out.has_value(); }, std::chrono::hours(2)));
        return std::move(*out);
    }

    Result<HttpResponse> post(std::string body, HttpFields fields = {}, std::string target = "/rpc/v1") {
        return send({"POST", std::move(target), std::move(fields), std::move(body), {}});
    }

    /// The whole answer to one call over HTTP.
    Json call(const std::string& method, const Json& params = Json::array(), HttpFields fields = {}) {
        const Json request = {{"jsonrpc", "2.0"}, {"id", 1}, {"method", method}, {"params", params}};
        const auto answer = post(request.dump(), std::move(fields));
        EXPECT_TRUE(answer.ok()) << answer.error().text();
        return answer.ok() ? Json::parse(answer->body, nullptr, false) : Json();
    }

    Json result(const std::string& method, const Json& params = Json::array()) {
        const Json answer = call(method, params);
        EXPECT_TRUE(answer.contains("result")) << method << ": " << answer.dump();
        return answer.value("result", Json());
    }

    std::shared_ptr<Wire> connect(const std::string& target = "/rpc/v1", HttpFields fields = {}) {
        auto wire = std::make_shared<Wire>();
        ClientOptions options;
        options.fields = std::move(fields);
        SocketEvents events{[wire](std::string text) { wire->messages.push_back(std::move(text)); },
                            [wire](Error why) { wire->closed = std::move(why); }};
        outside.transport.open_socket(parse_url("ws://127.0.0.1:1234" + target).value(), options, events,
                                      [wire](Result<std::shared_ptr<WebSocket>> opened) {
                                          if (opened.ok())
                                              wire->socket = std::move(*opened);
                                          else
                                              wire->refused = opened.error();
                                      });
        EXPECT_TRUE(outside.run_until([&] { return wire->socket != nullptr || wire->refused; }));
        return wire;
    }

    /// Sends a call and waits for its answer; null where none comes within a minute.
    Json ask(Wire& wire, const std::string& method, const Json& params = Json::array()) {
        const std::uint64_t id = wire.next_id++;
        wire.socket->send(Json{{"jsonrpc", "2.0"}, {"id", id}, {"method", method}, {"params", params}}.dump());
        std::size_t looked_at = 0;
        Json found;
        outside.run_until(
            [&] {
                for (; looked_at < wire.messages.size(); ++looked_at) {
                    Json json = Json::parse(wire.messages[looked_at], nullptr, false);
                    if (json.is_object() && json.contains("id") && json["id"] == id) found = std::move(json);
                }
                return !found.is_null() || wire.closed;
            },
            std::chrono::minutes(1));
        return found;
    }

    void advance(Clock::Duration by) { outside.advance(by); }

    Outside outside;
    std::unique_ptr<Devnet> devnet;
    std::unique_ptr<Transport::Listener> listener;
};

inline std::string cid_text(const Json& link) { return link.at("/").get<std::string>(); }

}    // namespace filfil::node
