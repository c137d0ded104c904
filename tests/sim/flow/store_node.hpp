// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/transport.hpp"
#include "chain/address.hpp"
#include "incentive/model/model_node.hpp"

namespace filfil::sim {

/// A node that has the contract's chain, and of Filecoin's methods what storing needs: a wallet that signs by hashing,
/// and what f05 wants as collateral.
class StoreNode final : public HttpServer {
public:
    explicit StoreNode(incentive::model::ModelChain& chain) : eth(chain) {}

    incentive::model::ModelNode eth;

    /// Whether the signature is the wallet's.
    static bool verify(const chain::Address& by, ByteView message, ByteView signature);

    void handle(HttpRequest request, Respond respond) override;
    std::optional<HttpResponse> refuse_socket(const HttpRequest&) override { return HttpResponse{.status = 404}; }
    SocketEvents open_socket(std::shared_ptr<WebSocket>, const HttpRequest&) override { return {}; }
};

}    // namespace filfil::sim
