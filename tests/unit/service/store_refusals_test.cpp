// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "store_rig.hpp"

#include <functional>

namespace filfil::service {
namespace {

/// A refusal of f05's markets, which is switched on and off.
template <class Fake>
struct Refusal {
    const char* name;
    std::function<void(Fake& fake, bool on)> set;
};

/// Nothing is taken, the operator reads why and what to do, and it goes on by itself once it is put right.
template <class Fake>
class StoreRefusals : public StoreRig<Fake>, public testing::WithParamInterface<Refusal<Fake>> {
protected:
    void expect_waiting_with_the_reason() {
        const Refusal<Fake>& refusal = this->GetParam();
        refusal.set(*this->fake, true);
        this->start();
        ASSERT_TRUE(this->stage());
        const auto shown = [&] { return this->stage_now() == "proposing" && !this->error_now().empty(); };
        ASSERT_TRUE(this->until(shown, 40)) << this->deals().dump(1);
        EXPECT_FALSE(this->deal()["error"].value("remedy", "").empty()) << this->deal()["error"].dump();
        EXPECT_EQ(this->fake->accepted(), 0U);
        refusal.set(*this->fake, false);
        const auto paid = [&] {
            const Json all = this->deals({{"slot", this->slot}});
            return !all.empty() && std::ranges::all_of(all, [](const Json& one) { return one["stage"] == "paid"; });
        };
        ASSERT_TRUE(this->until(paid)) << this->deals().dump(1);
        EXPECT_EQ(this->fake->accepted(), this->template look<calls::SlotInfo>({.slot = this->slot}).pieces);
    }
};

const auto name_of_refusal = [](const auto& info) { return std::string(info.param.name); };

template <class Fake>
Refusal<Fake> said(const char* name, const char* words) {
    return {name, [words](Fake& fake, bool on) {
                fake.traps.reject.reset();
                if (on) fake.traps.reject = words;
            }};
}

template <class Fake>
Refusal<Fake> of_contract() {
    return {"RejectedByContract", [](Fake& fake, bool on) {
                fake.rules.authenticate = {};
                if (on) fake.rules.authenticate = [](const incentive::DealProposal&) { return false; };
            }};
}

template <class Fake>
Refusal<Fake> of_miner() {
    return {"ProviderNotHere", [](Fake& fake, bool on) { fake.rules.miners = {on ? "f02" : "f01000"}; }};
}

template <class Fake>
Refusal<Fake> of_price() {
    return {"PriceBelowAsk", [](Fake& fake, bool on) { fake.rules.free = !on; }};
}

template <class Fake>
Refusal<Fake> of_offline() {
    return {"OfflineRefused", [](Fake& fake, bool on) { fake.deny_offline = on; }};
}

template <class Fake>
Refusal<Fake> of_collateral() {
    return {"CollateralOutOfBounds", [](Fake& fake, bool on) { fake.rules.least_collateral = on ? 2000 : 1000; }};
}

template <class Fake>
Refusal<Fake> of_size(const char* name, std::uint64_t least, std::uint64_t largest) {
    return {name, [least, largest](Fake& fake, bool on) {
                fake.rules.least_piece = on ? least : 256;
                fake.rules.largest_piece = on ? largest : std::uint64_t{64} << 30;
            }};
}

using market::FakeBoost;
using market::FakeMk12;

class Mk12Refusals : public StoreRefusals<FakeMk12> {};
TEST_P(Mk12Refusals, WaitWithTheReasonAndGoOn) { expect_waiting_with_the_reason(); }
INSTANTIATE_TEST_SUITE_P(
    Mk12, Mk12Refusals,
    testing::Values(of_contract<FakeMk12>(), of_miner<FakeMk12>(), of_price<FakeMk12>(), of_offline<FakeMk12>(),
                    of_collateral<FakeMk12>(), of_size<FakeMk12>("PieceTooSmall", 1 << 20, 1 << 30),
                    of_size<FakeMk12>("PieceTooLarge", 256, 512),
                    Refusal<FakeMk12>{"ClientNotAllowed", [](FakeMk12& fake, bool on) { fake.deny_client = on; }},
                    Refusal<FakeMk12>{"Overloaded", [](FakeMk12& fake, bool on) { fake.traps.backpressure = on; }},
                    said<FakeMk12>("HourlyLimit",
                                   "deal rejected as maximum allowed deals per hour limit has been "
                                   "reached for the client, please retry")),
    name_of_refusal);

class BoostRefusals : public StoreRefusals<FakeBoost> {};
TEST_P(BoostRefusals, WaitWithTheReasonAndGoOn) { expect_waiting_with_the_reason(); }
INSTANTIATE_TEST_SUITE_P(Boost, BoostRefusals,
                         testing::Values(of_contract<FakeBoost>(), of_miner<FakeBoost>(), of_price<FakeBoost>(),
                                         of_offline<FakeBoost>(), of_collateral<FakeBoost>(),
                                         said<FakeBoost>("Filter", "rejected by custom filter")),
                         name_of_refusal);

}    // namespace
}    // namespace filfil::service
