// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/transport.hpp"
#include "incentive/contract_abi.hpp"
#include "rpc/json.hpp"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>

namespace filfil::service {

/// An EVM node with a contract of whose views a test says what they answer.
class FakeContract final : public HttpServer {
public:
    std::uint64_t chain_id = 31'415'926;
    rpc::Json code = "0x60";

    /// What a view answers from now on.
    template <class Call>
    void answer(typename Call::Output output) {
        const auto data = incentive::write_abi(Call::outputs, output);
        m_answers[to_hex(Call::selector)] = "0x" + to_hex(data.value());
    }

    /// How often a view was asked for.
    template <class Call>
    [[nodiscard]] int asked() const {
        const auto found = m_asked.find(to_hex(Call::selector));
        return found == m_asked.end() ? 0 : found->second;
    }

    void handle(HttpRequest request, Respond respond) override {
        const rpc::Json call = rpc::Json::parse(request.body);
        rpc::Json answer = {{"jsonrpc", "2.0"}, {"id", call["id"]}};
        const std::string method = call["method"];
        if (method == "eth_chainId") {
            answer["result"] = "0x" + to_hex_number(chain_id);
        } else if (method == "eth_getCode") {
            answer["result"] = code;
        } else if (method == "eth_call") {
            const std::string data = call["params"][0]["data"];
            const std::string selector = data.substr(2, 8);
            ++m_asked[selector];
            const auto found = m_answers.find(selector);
            if (found != m_answers.end())
                answer["result"] = found->second;
            else
                answer["error"] = {{"code", 3}, {"message", "execution reverted"}, {"data", "0x"}};
        } else {
            answer["error"] = {{"code", -32601}, {"message", "Method not found"}};
        }
        respond({200, {{"Content-Type", "application/json"}}, answer.dump(), nullptr});
    }
    std::optional<HttpResponse> refuse_socket(const HttpRequest&) override {
        return HttpResponse{404, {}, "", nullptr};
    }
    SocketEvents open_socket(std::shared_ptr<WebSocket>, const HttpRequest&) override { return {}; }

private:
    static std::string to_hex_number(std::uint64_t value) {
        std::string out;
        for (; value != 0; value /= 16) out.insert(out.begin(), "0123456789abcdef"[value % 16]);
        return out.empty() ? "0" : out;
    }

    std::map<std::string, std::string> m_answers;
    std::map<std::string, int> m_asked;
};

}    // namespace filfil::service
