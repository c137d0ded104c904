// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "script.hpp"

#include <gtest/gtest.h>

namespace filfil::journal {
namespace {

/// Opens what a crash left. @return how many ops it has; everything that returned, perhaps the one that was under way,
/// and nothing half; nothing and a failed test otherwise
std::optional<std::size_t> find_progress(const Script& script, const SimVfs& vfs, const SetClock& clock,
                                         const Progressed& progressed) {
    const auto journal = open_small(vfs, clock);
    if (!journal.ok()) {
        ADD_FAILURE() << journal.error().text();
        return std::nullopt;
    }
    const std::string look = look_of(**journal, 5);
    for (std::size_t i = progressed.done; i <= progressed.tried; ++i)
        if (script.looks[i] == look) return i;
    ADD_FAILURE() << progressed.done << " ops had returned, and there is\n" << look;
    return std::nullopt;
}

std::uint64_t count_changes(const Script& script) {
    CrashFiles files;
    SetClock clock;
    const SimVfs vfs(files, clock, 1);
    EXPECT_EQ(run(script, vfs, clock, 0).done, script.ops.size());
    return files.changes();
}

TEST(JournalCrash, LosesNothingThatReturnedWhereverThePowerGoes) {
    const Script script = make_script();
    const std::uint64_t changes = count_changes(script);
    ASSERT_GT(changes, 150U);
    SeededRandom random(1);
    unsigned under_way = 0;
    for (std::uint64_t at = 1; at <= changes; ++at)
        for (unsigned outcome = 0; outcome < 8; ++outcome) {
            CrashFiles files;
            SetClock clock;
            const SimVfs vfs(files, clock, at);
            files.crash_at(at);
            Progressed progressed = run(script, vfs, clock, 0);
            // The last changes are those of closing it.
            if (!files.crashed()) progressed.journal.reset();
            ASSERT_TRUE(files.crashed());
            // What is left of the process can go before or after: it cannot do any harm.
            if (outcome % 2 == 0) progressed.journal.reset();
            files.restart(random);
            // Perhaps it goes again while what was there is put in order.
            if (outcome >= 4) {
                files.crash_at(1 + random.below(8));
                (void)open_small(vfs, clock);
                files.restart(random);
            }
            const auto found = find_progress(script, vfs, clock, progressed);
            ASSERT_TRUE(found) << "change " << at << ", outcome " << outcome;
            if (*found > progressed.done) ++under_way;
            progressed.journal.reset();
            // And it goes on from there as if nothing had been.
            if (outcome != 0) continue;
            ASSERT_EQ(run(script, vfs, clock, *found).done, script.ops.size());
            const auto journal = open_small(vfs, clock);
            ASSERT_TRUE(journal.ok());
            ASSERT_EQ(look_of(**journal, 5), script.looks.back()) << "change " << at;
        }
    // The crashes are worth something: some came between an op's last write and its return.
    EXPECT_GT(under_way, 20U);
}

TEST(JournalCrash, LosesNothingThatReturnedWhereverTheProcessIsKilled) {
    const Script script = make_script();
    const std::uint64_t changes = count_changes(script);
    for (std::uint64_t at = 1; at <= changes; ++at)
        for (const bool closed_before : {true, false}) {
            CrashFiles files;
            SetClock clock;
            const SimVfs vfs(files, clock, at);
            files.crash_at(at);
            Progressed progressed = run(script, vfs, clock, 0);
            // The last changes are those of closing it.
            if (!files.crashed()) progressed.journal.reset();
            ASSERT_TRUE(files.crashed());
            if (closed_before) progressed.journal.reset();
            files.kill();
            const auto found = find_progress(script, vfs, clock, progressed);
            ASSERT_TRUE(found) << "change " << at;
            progressed.journal.reset();
            ASSERT_EQ(run(script, vfs, clock, *found).done, script.ops.size());
            const auto journal = open_small(vfs, clock);
            ASSERT_TRUE(journal.ok());
            ASSERT_EQ(look_of(**journal, 5), script.looks.back()) << "change " << at;
        }
}

TEST(JournalCrash, KilledProcessLeavesNoLockBehind) {
    CrashFiles files;
    const SetClock clock;
    const SimVfs vfs(files, clock, 1);
    const auto first = open_small(vfs, clock);
    ASSERT_TRUE(first.ok());
    ASSERT_TRUE((*first)->set_setting("setting-1", "a").ok());
    EXPECT_EQ(must_not_open(journal_path, vfs.options()).code, ErrorCode::busy);
    files.kill();
    const auto second = open_small(vfs, clock);
    ASSERT_TRUE(second.ok()) << second.error().text();
    EXPECT_EQ((*second)->setting("setting-1").value(), "a");
    EXPECT_FALSE((*first)->set_setting("setting-1", "b").ok()) << "of a process that is gone";
    EXPECT_EQ((*second)->setting("setting-1").value(), "a");
}

}    // namespace
}    // namespace filfil::journal
