// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "fake_office.hpp"
#include "service_rig.hpp"

#include <memory>
#include <optional>
#include <string>

namespace filfil::service {

/// A daemon of miner t01000 with a wallet, and a contract that it holds pieces of.
class OfficeRig : public testing::Test {
protected:
    void SetUp() override {
        rig = std::make_unique<ServiceRig>(ServiceRig::Options{.null_rate = 0, .start = false});
        rig->config.incentive.contract = "0x5FbDB2315678afecb367f032d93F642f64180aa3";
        rig->config.incentive.miners = {"t01000"};
        rig->config.incentive.wallet = FakeOffice::wallet;
        rig->config.incentive.gas_alarm = "0 FIL";
        rig->config.incentive.upkeep = false;
        rig->config.chain.eth_url = "http://node:8545/";
        office = std::make_unique<FakeOffice>(rig->wires);
        listener = std::move(rig->node.transport.listen({.at = {"node", 8545}}, office->chain).value());
        const auto recipe = snapshot::hash_of(default_recipe(rig->config));
        std::ranges::copy(std::as_bytes(std::span(recipe)), office->params.recipe.begin());
        office->chain.mine_every(std::chrono::seconds(3));
    }
    void TearDown() override {
        rig->kill();
        listener.reset();
        office->chain.stop_mining();
    }

    void start() {
        ASSERT_FALSE(rig->start());
        ASSERT_TRUE(rig->wait_state("synced"));
        office->now = [this] { return epoch(); };
        for (int i = 0; i < 20 && rig->ask("FilFil.Transactions")["balance"].is_null(); ++i)
            rig->clock.advance(std::chrono::seconds(1));
    }

    [[nodiscard]] std::uint64_t epoch() const { return static_cast<std::uint64_t>(rig->devnet->status().epoch.value); }

    Json claim(const Json& params) { return rig->job(rig->ask("FilFil.Claim", params)); }
    Json claimed(const Json& params) {
        const Json job = claim(params);
        EXPECT_EQ(job["state"], "done") << job.dump();
        return job["result"];
    }

    [[nodiscard]] std::optional<Json> alert(const std::string& code) {
        const Json status = rig->ask("FilFil.Status");
        for (const Json& one : status["alerts"])
            if (one["code"] == code) return one;
        return std::nullopt;
    }

    std::unique_ptr<ServiceRig> rig;
    std::unique_ptr<FakeOffice> office;
    std::unique_ptr<Transport::Listener> listener;
};

}    // namespace filfil::service
