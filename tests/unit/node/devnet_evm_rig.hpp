// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "devnet_rig.hpp"

#include <charconv>

namespace filfil::node {

/// As much of anvil as the bridge asks for.
class FakeEvm : public HttpServer {
public:
    std::string mining = "anvil_mine";    ///< the one way of mining that it knows
    std::int64_t number = 0;
    std::vector<std::int64_t> snapshots;
    std::vector<Json> asked;
    bool automine = true;
    int reverts = 0;
    char next = 'b';       ///< digit of the hash of what is sent with a nonce
    bool knows = true;     ///< what was sent
    int times_lost = 0;    ///< so often it does not find its newest block

    void handle(HttpRequest request, Respond respond) override {
        const Json call = Json::parse(request.body);
        asked.push_back(call);
        Json answer = {{"jsonrpc", "2.0"}, {"id", call["id"]}};
        const auto method = call["method"].get<std::string>();
        const bool lost = method == "eth_getBalance" && times_lost > 0 && times_lost-- > 0;
        const auto result = lost ? std::nullopt : run(method, call["params"]);
        if (lost)
            answer["error"] = {{"code", -32602},
                               {"message", "BlockOutOfRangeError: block height is 4 but requested was 5"}};
        else if (result)
            answer["result"] = *result;
        else
            answer["error"] = {{"code", -32601}, {"message", "Method not found"}, {"data", "0x08c379a0"}};
        respond({200, {{"Content-Type", "application/json"}}, answer.dump(), nullptr});
    }
    std::optional<HttpResponse> refuse_socket(const HttpRequest&) override {
        return HttpResponse{404, {}, "", nullptr};
    }
    SocketEvents open_socket(std::shared_ptr<WebSocket>, const HttpRequest&) override { return {}; }

    [[nodiscard]] std::optional<Json> last(const std::string& method) const {
        for (auto call = asked.rbegin(); call != asked.rend(); ++call)
            if ((*call)["method"] == method) return (*call)["params"];
        return std::nullopt;
    }

protected:
    static std::string hex(std::int64_t value) {
        char digits[20];
        return "0x" + std::string(digits, std::to_chars(digits, digits + 20, value, 16).ptr);
    }

    virtual std::optional<Json> run(const std::string& method, const Json& params) {
        if (method == mining) {
            number += method == "evm_mine" ? 1 : std::stoll(params[0].get<std::string>().substr(2), nullptr, 16);
            return Json(nullptr);
        }
        if (method == "evm_setAutomine") {
            automine = params[0].get<bool>();
            return Json(true);
        }
        if (method == "eth_blockNumber") return Json(hex(number));
        if (method == "eth_getBalance") return Json("0x5");
        if (method == "eth_chainId") return Json("0x1df5e76");
        if (method == "evm_snapshot") {
            snapshots.push_back(number);
            return Json(hex(static_cast<std::int64_t>(snapshots.size()) - 1));
        }
        if (method == "evm_revert") {
            const auto at = static_cast<std::size_t>(std::stoll(params[0].get<std::string>().substr(2), nullptr, 16));
            if (at >= snapshots.size() || snapshots[at] < 0) return Json(false);
            number = snapshots[at];
            ++reverts;
            for (std::size_t i = at; i < snapshots.size(); ++i) snapshots[i] = -1;
            return Json(true);
        }
        if (method == "eth_sign") return Json("0x" + std::string(130, 'a'));
        if (method == "eth_sendTransaction")
            return Json("0x" + std::string(64, params[0].contains("nonce") ? next : 'b'));
        if (method == "eth_getTransactionByHash" && knows)
            return Json{{"nonce", "0x7"},
                        {"gas", "0x5208"},
                        {"maxFeePerGas", "0x77359400"},
                        {"maxPriorityFeePerGas", "0x3b9aca00"}};
        if (method == "eth_estimateGas" && knows) return Json("0x190");
        if (method == "eth_signTransaction") return Json("0x02f86e");
        if (method == "web3_sha3") return Json("0x" + std::string(64, 'c'));
        return std::nullopt;
    }
};

/// A devnet before an EVM node. @tparam Evm a FakeEvm
template <class Evm>
class DevnetBefore : public testing::Test {
protected:
    DevnetBefore() {
        constexpr std::uint64_t events = 30;
        DevnetOptions options;
        options.evm = parse_url("http://127.0.0.1:8545").value();
        options.token = "secret";
        options.accounts["f1abjxfbp274xpdqcpuaykwkfb43omjotacm2p3za"] = "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266";
        options.accounts["t17uoq6tp427uzv7fztkbsnn64iwotfrristwpryy"] = "0xff0000000000000000000000000000000007a508";
        rig = std::make_unique<DevnetRig>(options, events);
        evm_listener = std::move(rig->outside.transport.listen({.at = {"127.0.0.1", 8545}}, evm).value());
    }

    void start() {
        rig->devnet->start();
        EXPECT_TRUE(rig->outside.run_until([&] { return rig->devnet->evm_in_step(); }, std::chrono::minutes(1)));
    }

    Evm evm;
    std::unique_ptr<DevnetRig> rig;
    std::unique_ptr<Transport::Listener> evm_listener;
    const HttpFields admin = {{"Authorization", "Bearer secret"}};
};

}    // namespace filfil::node
