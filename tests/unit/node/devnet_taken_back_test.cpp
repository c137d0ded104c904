// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "devnet_evm_rig.hpp"

#include <algorithm>
#include <map>

namespace filfil::node {
namespace {

/// With a pool and blocks, in which it drops and forgets as anvil does: what is in blocks is gone when they are taken
/// back, and what is in the pool is gone when its nonce is not the account's next one while a block is made.
class PoolEvm final : public FakeEvm {
public:
    struct Transaction {
        std::string from;
        std::int64_t nonce = 0;
        std::string data;
        bool is_signed = true;
        std::int64_t block = -1;

        [[nodiscard]] std::string hash() const {
            const std::string tail = from.substr(2, 1) + std::to_string(nonce) + data.substr(2);
            return "0x" + std::string(64 - tail.size(), '0') + tail;
        }
    };

    std::vector<Transaction> pool;
    std::vector<Transaction> mined;
    std::string holds = "eth_call";    ///< a method that is answered when `held` is called
    std::optional<Respond> held;
    std::int64_t deepest = 0;    ///< blocks that were taken back at once

    void send(const std::string& from, std::int64_t nonce, bool is_signed = true) {
        pool.push_back({.from = from, .nonce = nonce, .data = "0xda", .is_signed = is_signed});
    }

    /// In the order of the blocks: "a0 a1 b0".
    [[nodiscard]] std::string in_blocks() const {
        std::string out;
        for (const Transaction& one : mined)
            out += (out.empty() ? "" : " ") + one.from.substr(2, 1) + std::to_string(one.nonce);
        return out;
    }

    void handle(HttpRequest request, Respond respond) override {
        if (Json::parse(request.body)["method"] != holds)
            return FakeEvm::handle(std::move(request), std::move(respond));
        held = [respond, id = Json::parse(request.body)["id"]](HttpResponse) {
            respond({200, {}, Json{{"jsonrpc", "2.0"}, {"id", id}, {"result", "0x"}}.dump(), nullptr});
        };
    }

private:
    static Json json_of(const Transaction& one) {
        return {{"hash", one.hash()}, {"from", one.from},      {"nonce", hex(one.nonce)},
                {"to", nullptr},      {"value", "0x0"},        {"gas", "0x5208"},
                {"input", one.data},  {"maxFeePerGas", "0x1"}, {"maxPriorityFeePerGas", "0x1"}};
    }

    std::int64_t next_nonce(const std::string& from) const {
        return std::ranges::count(mined, from, &Transaction::from);
    }

    void make_block() {
        for (Transaction& one : pool) {
            if (one.nonce != next_nonce(one.from)) continue;
            one.block = number + 1;
            mined.push_back(one);
        }
        pool.clear();
    }

    std::optional<Json> run(const std::string& method, const Json& params) override {
        if (method == "evm_revert") {
            const std::int64_t before = number;
            const auto answer = FakeEvm::run(method, params);
            deepest = std::max(deepest, before - number);
            std::erase_if(mined, [this](const Transaction& one) { return one.block > number; });
            return answer;
        }
        if (method == mining) make_block();
        if (method == "eth_getBlockByNumber") {
            Json transactions = Json::array();
            for (const Transaction& one : mined)
                if (params[0] == Json(hex(one.block))) transactions.push_back(json_of(one));
            return Json{{"number", params[0]}, {"transactions", transactions}};
        }
        if (method == "txpool_content") {
            Json pending = Json::object();
            for (const Transaction& one : pool) pending[one.from][std::to_string(one.nonce)] = json_of(one);
            return Json{{"pending", pending}, {"queued", Json::object()}};
        }
        if (method == "eth_getRawTransactionByHash") {
            for (const auto* all : {&mined, &pool})
                for (const Transaction& one : *all)
                    if (params[0] == Json(one.hash()))
                        return Json((one.is_signed ? "0x02" : "0x00") + one.from.substr(2) + hex(one.nonce));
            return Json(nullptr);
        }
        if (method == "anvil_dropAllTransactions") {
            pool.clear();
            return Json(nullptr);
        }
        if (method == "eth_sendRawTransaction") {
            const auto raw = params[0].get<std::string>();
            if (!raw.starts_with("0x02")) return std::nullopt;
            const std::size_t split = raw.rfind("0x");
            send("0x" + raw.substr(4, split - 4), std::stoll(raw.substr(split + 2), nullptr, 16));
            return Json(pool.back().hash());
        }
        if (method == "eth_sendTransaction" && params[0].contains("nonce")) {
            EXPECT_FALSE(params[0].contains("to")) << "it makes a contract";
            EXPECT_EQ(params[0]["gas"], "0x5208");
            send(params[0]["from"].get<std::string>(), std::stoll(params[0]["nonce"].get<std::string>(), nullptr, 16),
                 false);
            pool.back().data = params[0]["data"].get<std::string>();
            return Json(pool.back().hash());
        }
        return FakeEvm::run(method, params);
    }
};

const std::string account_a = "0xa39fd6e51aad88f6f4ce6ab8827279cfffb92266";
const std::string account_b = "0xb0000000000000000000000000000000007a5088";

class DevnetTakesBack : public DevnetBefore<PoolEvm> {
protected:
    void step() {
        ASSERT_TRUE(rig->devnet->step().value());
        ASSERT_TRUE(rig->outside.run_until([&] { return rig->devnet->evm_in_step(); }, std::chrono::minutes(1)));
    }

    /// Steps until the newest block is taken back and another is made in its place.
    void step_to_a_fork() {
        const int before = evm.reverts;
        for (int event = 0; event < 200 && evm.reverts == before; ++event) step();
        ASSERT_GT(evm.reverts, before);
    }
};

TEST_F(DevnetTakesBack, WhatWasInABlockWaitsForOneAgain) {
    start();
    for (int round = 0; round < 5; ++round) {
        evm.send(account_a, round);
        evm.send(account_b, round, false);
        const int before = evm.reverts;
        step_to_a_fork();
        ASSERT_EQ(evm.reverts, before + 1);
        step();
    }
    EXPECT_EQ(evm.in_blocks(), "a0 b0 a1 b1 a2 b2 a3 b3 a4 b4");
    EXPECT_TRUE(evm.last("eth_sendRawTransaction"));
    EXPECT_TRUE(evm.last("eth_sendTransaction")) << "one of an account without a key has no signature";
}

/// Those in the pool would be dropped, since their nonces follow on what was taken back.
TEST_F(DevnetTakesBack, WhatIsInThePoolThenStaysInItBehindWhatCameBefore) {
    start();
    for (int nonce = 0; nonce < 12; ++nonce) {
        evm.send(account_a, nonce);
        ASSERT_TRUE(rig->devnet->step().value());
    }
    step_to_a_fork();
    step();
    EXPECT_EQ(evm.in_blocks(), "a0 a1 a2 a3 a4 a5 a6 a7 a8 a9 a10 a11");
}

TEST_F(DevnetTakesBack, WhatIsForgottenIsGone) {
    start();
    rig->devnet->set_fault(Fault::forget, 1);
    rig->devnet->set_fault(Fault::reorg, 1);
    evm.send(account_a, 0);
    step();
    EXPECT_EQ(evm.in_blocks(), "a0");
    rig->advance(std::chrono::minutes(10));
    ASSERT_GT(evm.reverts, 0);
    EXPECT_EQ(evm.in_blocks(), "");
    EXPECT_TRUE(evm.pool.empty());
    EXPECT_GT(rig->devnet->happened(Fault::forget), 0U);
}

/// It may be a transaction that comes to the pool behind the look at it.
TEST_F(DevnetTakesBack, ACallThatIsOnItsWayIsWaitedFor) {
    start();
    const auto wire = rig->connect();
    const Json call = {{"jsonrpc", "2.0"}, {"id", 1}, {"method", "eth_call"}, {"params", Json::array()}};
    wire->socket->send(call.dump());
    ASSERT_TRUE(rig->outside.run_until([&] { return evm.held.has_value(); }, std::chrono::minutes(1)));
    for (int event = 0; event < 60; ++event) {
        ASSERT_TRUE(rig->devnet->step().value());
        rig->advance(std::chrono::milliseconds(100));
    }
    EXPECT_EQ(evm.reverts, 0);
    EXPECT_FALSE(rig->devnet->evm_in_step());
    (*evm.held)({});
    EXPECT_TRUE(rig->outside.run_until([&] { return rig->devnet->evm_in_step(); }, std::chrono::minutes(1)));
    EXPECT_GT(evm.reverts, 0);
}

/// What lies deep in the chain has to lie deep there, too.
TEST_F(DevnetTakesBack, ItGoesBackNoFurtherThanTheChainWhereThatIsFasterThanItMines) {
    start();
    for (int round = 0; round < 60; ++round) {
        for (int event = 0; event < 10; ++event) ASSERT_TRUE(rig->devnet->step().value());
        ASSERT_TRUE(rig->outside.run_until([&] { return rig->devnet->evm_in_step(); }, std::chrono::minutes(1)));
    }
    constexpr std::int64_t deepest_fork = 12;
    EXPECT_GT(evm.reverts, 5);
    EXPECT_LE(evm.deepest, deepest_fork);
}

TEST_F(DevnetTakesBack, TheClockWaitsForABlockThatIsOnItsWay) {
    start();
    evm.holds = "anvil_mine";
    rig->advance(std::chrono::seconds(5));
    ASSERT_TRUE(evm.held.has_value());
    const Epoch waits = rig->devnet->status().epoch;
    rig->advance(std::chrono::seconds(15));
    EXPECT_EQ(rig->devnet->status().epoch, waits);
    evm.holds.clear();
    (*evm.held)({});
    rig->advance(std::chrono::minutes(1));
    EXPECT_GT(rig->devnet->status().epoch, waits);
}

}    // namespace
}    // namespace filfil::node
