// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "store_node.hpp"

#include "base/base64.hpp"
#include "ipld/digest.hpp"
#include "rpc/json.hpp"

#include <algorithm>
#include <utility>

namespace filfil::sim {
namespace {

using rpc::Json;

Bytes sign(const chain::Address& by, ByteView message) {
    Bytes in = to_bytes(by.bytes());
    in.insert(in.end(), message.begin(), message.end());
    const ipld::Digest256 half = ipld::sha2_256(in);
    Bytes out(65);
    std::ranges::copy(half, out.begin());
    std::ranges::copy(half, out.begin() + 32);
    return out;
}

}    // namespace

bool StoreNode::verify(const chain::Address& by, ByteView message, ByteView signature) {
    return !signature.empty() && signature[0] == std::byte{1} &&
           std::ranges::equal(signature.subspan(1), sign(by, message));
}

void StoreNode::handle(HttpRequest request, Respond respond) {
    const auto asked = rpc::parse_json(request.body);
    const std::string method = asked.ok() && asked->is_object() ? asked->value("method", "") : "";
    if (!method.starts_with("Filecoin.")) return eth.handle(std::move(request), std::move(respond));
    if (eth.dead) return respond({.status = 503, .fields = {}, .body = "down"});
    Json out = {{"jsonrpc", "2.0"}, {"id", (*asked)["id"]}};
    const Json& params = (*asked)["params"];
    if (method == "Filecoin.WalletSign") {
        const auto message = from_base64(params[1].get<std::string>());
        const auto by = chain::Address::parse(params[0].get<std::string>());
        if (message.ok() && by.ok())
            out["result"] = {{"Type", 1}, {"Data", to_base64(sign(*by, *message))}};
        else
            out["error"] = {{"code", 1}, {"message", "cannot sign"}};
    } else if (method == "Filecoin.StateDealProviderCollateralBounds") {
        out["result"] = {{"Min", "1000"}, {"Max", "100000"}};
    } else {
        out["error"] = {{"code", -32601}, {"message", "method '" + method + "' not found"}};
    }
    respond({.status = 200, .fields = {{"Content-Type", "application/json"}}, .body = rpc::write_json(out)});
}

}    // namespace filfil::sim
