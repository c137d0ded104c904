// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/transport.hpp"
#include "incentive/contract_abi.hpp"
#include "rpc/json.hpp"

#include <map>
#include <string>
#include <vector>

namespace filfil::e2e {

/// A node's Ethereum API with one contract, which has one slot with a snapshot: what `fil-fil fetch` asks for.
class FakeContract final : public HttpServer {
public:
    static constexpr std::string_view address = "0x00000000000000000000000000000000000f11f1";
    static constexpr std::uint32_t slot = 3U << 16 | 5;

    std::uint64_t epoch = 5'000'000;
    std::vector<incentive::contract::calls::Piece::Output> pieces;
    std::vector<incentive::contract::Holder> holders;
    std::map<std::uint64_t, std::string> endpoints;    ///< by miner

    void handle(HttpRequest request, Respond respond) override;
    std::optional<HttpResponse> refuse_socket(const HttpRequest&) override { return HttpResponse{.status = 404}; }
    SocketEvents open_socket(std::shared_ptr<WebSocket>, const HttpRequest&) override { return {}; }

private:
    rpc::Json answer(const rpc::Json& call) const;
    [[nodiscard]] Bytes view(ByteView input) const;
    [[nodiscard]] rpc::Json logs() const;
};

}    // namespace filfil::e2e
