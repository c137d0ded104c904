// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "sender_rig.hpp"
#include "sim_vfs.hpp"

#include <gtest/gtest.h>

namespace filfil::incentive {
namespace {

using namespace std::chrono_literals;

// The journal of the other tests is a stand-in: this one is the real one, on a disk that loses its power.
TEST(SenderOnTheRealJournal, SendsOnceWhateverChangeOfTheDiskIsTheLast) {
    std::uint64_t step = 1;
    for (bool died = true; died; step += 3) {
        SenderRig rig;
        CrashFiles files;
        SeededRandom random(step);
        rig.chain.mine_every(30s);
        const Bytes data = SenderRig::hex_bytes_of("c0ffee01");
        std::optional<Result<SendOutcome>> result;
        const auto run = [&](bool to_the_end) {
            SimVfs vfs(files, rig.clock, step);
            auto opened = journal::open_sqlite_journal("data/journal.db", rig.clock, vfs.options());
            if (!opened.ok()) {
                ASSERT_TRUE(files.crashed()) << opened.error().text();
                return;
            }
            const std::shared_ptr<journal::Journal> journal = std::move(*opened);
            SenderRig::Process process(rig);
            process.sender =
                std::make_unique<Sender>(process.world, journal, *process.node, *process.wallet, rig.options);
            process.sender->start([](const Result<std::size_t>&) {});
            process.sender->send({"stage/1", "a call", {SenderRig::contract(), {}, data}},
                                 [&](const Result<SendOutcome>& told) { result = told; });
            rig.clock.run_until([&] { return files.crashed() || (result && result->ok()); }, 2h);
            if (!to_the_end) rig.clock.advance(20s);
        };
        files.crash_at(step);
        run(false);
        died = files.crashed();
        files.restart(random);
        result.reset();
        run(true);
        ASSERT_TRUE(result && result->ok())
            << "change " << step << ": " << (result ? result->error().text() : "no end");
        ASSERT_EQ(rig.effects_of(data), 1U) << "change " << step;
    }
    EXPECT_GT(step, 20U);
}

}    // namespace
}    // namespace filfil::incentive
