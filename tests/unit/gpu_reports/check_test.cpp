// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "fake_check.hpp"

#include <gtest/gtest.h>

#include <array>

namespace filfil::check {
namespace {

struct Named {
    const char* name;
    Outcome (*run)(const Context&);
};

constexpr std::array all{
    Named{"self_tests", self_tests},
    Named{"runs_at_every_byte", runs_at_every_byte},
    Named{"many_jobs", many_jobs},
    Named{"lengths", lengths},
    Named{"two_backends_at_once", two_backends_at_once},
    Named{"every_submission_checked", every_submission_checked},
    Named{"published_vectors", published_vectors},
    Named{"packed_files", packed_files},
    Named{"zeros", zeros},
};

TEST(GpuCheck, FindsNothingWrongWithACardThatIsRight) {
    for (const Named& check : all) {
        SCOPED_TRACE(check.name);
        test::FakeMachine machine({test::fake_card()});
        {
            const test::FakeCheck rig(machine);
            const Outcome outcome = check.run(rig.context());
            EXPECT_TRUE(outcome.ok()) << outcome.error().text();
        }
        const auto complaints = machine.complaints();
        EXPECT_TRUE(complaints.empty()) << complaints.front();
    }
}

TEST(GpuCheck, FindsACardThatMakesWrongNodes) {
    for (const Named& check : all) {
        SCOPED_TRACE(check.name);
        test::FakeMachine machine({test::fake_card()});
        machine.inject({.fault = test::Fault::wrong_from_now, .n = 0, .call = test::Call::copy_out, .card = 0});
        const test::FakeCheck rig(machine);
        const Outcome outcome = check.run(rig.context());
        ASSERT_FALSE(outcome.ok());
        // Where the CPU looks at every submission, it goes on for the card.
        EXPECT_EQ(outcome.error().code, check.run == every_submission_checked ? ErrorCode::device : ErrorCode::mismatch)
            << outcome.error().text();
    }
}

TEST(GpuCheck, FindsOneKernelThatIsWrongAmongAll) {
    for (const gpu::TileVariant variant : gpu::all_tile_variants) {
        SCOPED_TRACE(name_of(variant));
        test::FakeCard card = test::fake_card();
        card.broken = variant;
        test::FakeMachine machine({card});
        const test::FakeCheck rig(machine);
        const Outcome self_tested = self_tests(rig.context());
        ASSERT_FALSE(self_tested.ok());
        EXPECT_NE(self_tested.error().message.find("'" + std::string(name_of(variant)) + "'"), std::string::npos);
        const Outcome of_runs = runs_at_every_byte(rig.context());
        ASSERT_FALSE(of_runs.ok());
        EXPECT_NE(of_runs.error().message.find("'" + std::string(name_of(variant)) + "'"), std::string::npos);
        EXPECT_FALSE(lengths(rig.context()).ok());
    }
}

TEST(GpuCheck, DoesNotTakeTheCpuForTheCard) {
    for (const Named& check : all) {
        SCOPED_TRACE(check.name);
        test::FakeMachine machine({test::fake_card()});
        machine.inject({.fault = test::Fault::device_lost, .n = 20, .call = test::Call::wait, .card = 0});
        const test::FakeCheck rig(machine);
        const Outcome outcome = check.run(rig.context());
        if (machine.fired() == 0) continue;    // it was through before
        ASSERT_FALSE(outcome.ok());
        EXPECT_EQ(outcome.error().code, ErrorCode::device) << outcome.error().text();
    }
}

}    // namespace
}    // namespace filfil::check
