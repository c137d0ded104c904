// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "base/base64.hpp"
#include "chain/address.hpp"
#include "devnet_rig.hpp"

#include <charconv>

namespace filfil::node {
namespace {

/// As much of anvil as the bridge asks for.
class FakeEvm final : public HttpServer {
public:
    std::string mining = "anvil_mine";    ///< the one way of mining that it knows
    std::int64_t number = 0;
    std::vector<std::int64_t> snapshots;
    std::vector<Json> asked;
    bool automine = true;
    int reverts = 0;

    void handle(HttpRequest request, Respond respond) override {
        const Json call = Json::parse(request.body);
        asked.push_back(call);
        Json answer = {{"jsonrpc", "2.0"}, {"id", call["id"]}};
        const auto result = run(call["method"].get<std::string>(), call["params"]);
        if (result)
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

private:
    static std::string hex(std::int64_t value) {
        char digits[20];
        return "0x" + std::string(digits, std::to_chars(digits, digits + 20, value, 16).ptr);
    }

    std::optional<Json> run(const std::string& method, const Json& params) {
        if (method == mining) {
            number += method == "evm_mine" ? 1 : std::stoll(params[0].get<std::string>().substr(2), nullptr, 16);
            return Json(nullptr);
        }
        if (method == "evm_setAutomine") {
            automine = params[0].get<bool>();
            return Json(true);
        }
        if (method == "eth_blockNumber") return Json(hex(number));
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
        if (method == "eth_sendTransaction") return Json("0x" + std::string(64, 'b'));
        return std::nullopt;
    }
};

class DevnetEvm : public testing::Test {
protected:
    explicit DevnetEvm(std::uint64_t events = 30) {
        DevnetOptions options;
        options.evm = parse_url("http://127.0.0.1:8545").value();
        options.token = "secret";
        options.accounts["f1abjxfbp274xpdqcpuaykwkfb43omjotacm2p3za"] = "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266";
        rig = std::make_unique<DevnetRig>(options, events);
        evm_listener = std::move(rig->outside.transport.listen({.at = {"127.0.0.1", 8545}}, evm).value());
    }

    void start() {
        rig->devnet->start();
        EXPECT_TRUE(rig->outside.run_until([&] { return rig->devnet->evm_in_step(); }, std::chrono::minutes(1)));
    }

    FakeEvm evm;
    std::unique_ptr<DevnetRig> rig;
    std::unique_ptr<Transport::Listener> evm_listener;
    const HttpFields admin = {{"Authorization", "Bearer secret"}};
};

TEST_F(DevnetEvm, TheBlockNumberIsTheEpochThroughForksAndNullRounds) {
    start();
    EXPECT_FALSE(evm.automine);
    EXPECT_EQ(evm.number, rig->devnet->status().epoch.value);
    for (int event = 0; event < 100; ++event) {
        ASSERT_TRUE(rig->devnet->step().value());
        ASSERT_TRUE(rig->outside.run_until([&] { return rig->devnet->evm_in_step(); }, std::chrono::minutes(1)));
        ASSERT_EQ(evm.number, rig->devnet->status().epoch.value);
    }
    EXPECT_GT(evm.reverts, 3);
    EXPECT_FALSE(rig->outside.log.has("out of step"));
}

TEST_F(DevnetEvm, EventsThatComeFasterThanItMinesAreCaughtUpWith) {
    start();
    for (int event = 0; event < 50; ++event) ASSERT_TRUE(rig->devnet->step().value());
    EXPECT_TRUE(rig->outside.run_until([&] { return rig->devnet->evm_in_step(); }, std::chrono::minutes(1)));
    EXPECT_EQ(evm.number, rig->devnet->status().epoch.value);
}

TEST_F(DevnetEvm, OtherWaysOfMiningAreTried) {
    for (const char* way : {"hardhat_mine", "evm_mine"}) {
        evm.mining = way;
        start();
        ASSERT_TRUE(rig->devnet->step().value());
        EXPECT_TRUE(rig->outside.run_until([&] { return rig->devnet->evm_in_step(); }, std::chrono::minutes(1)));
        EXPECT_EQ(evm.number, rig->devnet->status().epoch.value) << way;
    }
}

TEST_F(DevnetEvm, OneThatCannotMineIsReportedAndStillAsked) {
    evm.mining = "none";
    rig->devnet->start();
    rig->advance(std::chrono::seconds(1));
    EXPECT_TRUE(rig->outside.log.has("out of step", LogLevel::warning));
    EXPECT_EQ(rig->result("eth_chainId"), "0x1df5e76");
}

TEST_F(DevnetEvm, OneThatIsAheadIsReported) {
    evm.number = 1'000'000;
    rig->devnet->start();
    rig->advance(std::chrono::seconds(1));
    EXPECT_TRUE(rig->outside.log.has("above the head's epoch", LogLevel::warning));
}

TEST_F(DevnetEvm, EthCallsArePassedOnAndErrorsComeBackWhole) {
    start();
    EXPECT_EQ(rig->result("eth_chainId"), "0x1df5e76");
    const Json answer = rig->call("eth_call", Json::array({Json{{"to", "0x1"}}, "latest"}));
    EXPECT_EQ(answer["error"]["code"], -32601);
    EXPECT_EQ(answer["error"]["data"], "0x08c379a0");
    EXPECT_EQ(evm.last("eth_call").value(), Json::array({Json{{"to", "0x1"}}, "latest"}));
    const auto wire = rig->connect();
    EXPECT_EQ(rig->ask(*wire, "eth_chainId")["result"], "0x1df5e76");
}

TEST_F(DevnetEvm, SigningNeedsATokenAndAKnownAccount) {
    start();
    const Json params = Json::array({"f1abjxfbp274xpdqcpuaykwkfb43omjotacm2p3za", to_base64(bytes_of("hello"))});
    const Json refused = rig->call("Filecoin.WalletSign", params);
    EXPECT_EQ(refused["error"]["message"], "missing permission to invoke 'WalletSign' (need 'sign')");
    const Json answer = rig->call("Filecoin.WalletSign", params, admin);
    ASSERT_TRUE(answer.contains("result")) << answer.dump();
    EXPECT_EQ(answer["result"]["Type"], 1);
    EXPECT_EQ(from_base64(answer["result"]["Data"].get<std::string>()).value().size(), 65U);
    EXPECT_EQ(evm.last("eth_sign").value(),
              Json::array({"0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266", "0x68656c6c6f"}));
    const Json unknown =
        rig->call("Filecoin.WalletSign", Json::array({"f17uoq6tp427uzv7fztkbsnn64iwotfrristwpryy", ""}), admin);
    EXPECT_EQ(unknown["error"]["code"], 1);
}

TEST_F(DevnetEvm, ACallOfAContractBecomesATransaction) {
    start();
    Bytes contract = {std::byte{4}, std::byte{10}};
    contract.insert(contract.end(), 20, std::byte{0xcd});
    const std::string to = chain::Address::from_bytes(contract).value().text();
    Json message = {{"Version", 0},
                    {"To", to},
                    {"From", "f1abjxfbp274xpdqcpuaykwkfb43omjotacm2p3za"},
                    {"Nonce", 0},
                    {"Value", "1000000000000000000"},
                    {"GasLimit", 0},
                    {"GasFeeCap", "0"},
                    {"GasPremium", "0"},
                    {"Method", 3844450837},
                    {"Params", to_base64(from_hex("44a9059cbb").value())}};
    EXPECT_TRUE(rig->call("Filecoin.MpoolPushMessage", Json::array({message, nullptr})).contains("error"));
    const Json answer = rig->call("Filecoin.MpoolPushMessage", Json::array({message, nullptr}), admin);
    ASSERT_TRUE(answer.contains("result")) << answer.dump();
    const Json sent = evm.last("eth_sendTransaction").value()[0];
    EXPECT_EQ(sent["from"], "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266");
    EXPECT_EQ(sent["to"], "0x" + std::string("cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd"));
    EXPECT_EQ(sent["value"], "0xde0b6b3a7640000");
    EXPECT_EQ(sent["data"], "0xa9059cbb");
    // The CID holds the transaction's hash, as Lotus has it.
    const ipld::Cid cid = ipld::Cid::parse(cid_text(answer["result"]["CID"])).value();
    EXPECT_EQ(to_hex(cid.hash().digest), std::string(64, 'b'));
    message["Method"] = 7;
    EXPECT_TRUE(rig->call("Filecoin.MpoolPushMessage", Json::array({message, nullptr}), admin).contains("error"));
    for (const char* field : {"To", "From", "Method", "Params"}) {
        Json broken = message;
        broken["Method"] = 3844450837;
        broken[field] = "?";
        EXPECT_TRUE(rig->call("Filecoin.MpoolPushMessage", Json::array({broken, nullptr}), admin).contains("error"))
            << field;
    }
    EXPECT_TRUE(rig->call("Filecoin.MpoolPushMessage", Json::array({7, nullptr}), admin).contains("error"));
}

}    // namespace
}    // namespace filfil::node
