// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/transport.hpp"
#include "incentive/model/model_chain.hpp"
#include "rpc/json.hpp"

#include <set>
#include <string>
#include <variant>

namespace filfil::incentive::model {

/// A node over a ModelChain: the eth_* methods that this program and its like ask for, over HTTP, as Lotus answers
/// them.
class ModelNode final : public HttpServer {
public:
    /// @param chain must outlive it
    explicit ModelNode(ModelChain& chain) : m_chain(chain) {}

    /// A refusal with its code: nodes say a good deal in their messages.
    struct Refused {
        std::int64_t code = -32000;
        std::string message{};
        rpc::Json data{};
    };
    using Reply = std::variant<rpc::Json, Refused>;

    std::uint64_t final_after = 900;    ///< epochs
    bool has_index = true;              ///< answers for receipts, hashes and logs
    bool dead = false;                  ///< answers 503 to all
    std::set<std::string> missing{};    ///< methods that it does not have

    Reply answer(const std::string& method, const rpc::Json& params);

    void handle(HttpRequest request, Respond respond) override;
    std::optional<HttpResponse> refuse_socket(const HttpRequest&) override { return HttpResponse{.status = 404}; }
    SocketEvents open_socket(std::shared_ptr<WebSocket>, const HttpRequest&) override { return {}; }

private:
    Reply of_account(const std::string& method, const rpc::Json& params);
    Reply of_call(const std::string& method, const rpc::Json& params);
    Reply of_block(const std::string& method, const rpc::Json& params);
    Reply of_transaction(const std::string& method, const rpc::Json& params);
    Reply logs(const rpc::Json& filter);
    /// The newest block at `epoch` or before: a null round is none, and never the head.
    [[nodiscard]] std::uint64_t block_at(std::uint64_t epoch) const;
    [[nodiscard]] std::optional<std::uint64_t> epoch_of(const rpc::Json& tag) const;
    [[nodiscard]] rpc::Json block_json(std::uint64_t epoch, bool whole) const;
    [[nodiscard]] rpc::Json transaction_json(const ModelChain::Transaction& one) const;
    [[nodiscard]] rpc::Json receipt_json(std::uint64_t epoch, std::size_t place) const;
    [[nodiscard]] rpc::Json logs_json(std::uint64_t epoch, std::size_t place) const;

    ModelChain& m_chain;
};

}    // namespace filfil::incentive::model
