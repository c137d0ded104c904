// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "../base/scratch_folder.hpp"
#include "base/executor.hpp"
#include "samples.hpp"

#include <gtest/gtest.h>

namespace filfil::journal {
namespace {

TEST(JournalThreads, FourAtATimeLoseNothing) {
    constexpr unsigned threads = 4;
    constexpr unsigned rounds = 12;
    const ScratchFolder folder;
    const SetClock clock;
    const auto journal = must_open(folder / "journal.db", clock);
    ASSERT_NE(journal, nullptr);
    ThreadPool pool(threads - 1);
    std::vector<std::string> wrong(threads);
    run_parallel(pool, threads, [&](unsigned thread) {
        const auto need = [&](bool ok, const std::string& what) {
            if (!ok) wrong[thread] += what + "\n";
        };
        for (unsigned i = 0; i < rounds; ++i) {
            const unsigned seed = thread * 100 + i;
            const std::string effect = "effect-" + std::to_string(seed);
            SnapshotRecord snapshot = make_snapshot(seed, 3);
            const auto id = journal->put_snapshot(snapshot);
            need(id.ok(), "put_snapshot");
            if (!id.ok()) continue;
            snapshot.id = *id;
            const auto found = journal->snapshot(*id);
            need(found.ok() && *found && text_of(**found) == text_of(snapshot), "snapshot");
            need(journal->put_receipt(make_receipt(seed)).ok(), "put_receipt");
            need(journal->put_receipt(make_receipt(5)).ok(), "put_receipt that others put");
            const auto before = journal->intend(effect, "stage", "{}");
            need(before.ok() && !*before, "intend");
            // Exactly one of them is told that it is new.
            const auto shared = journal->intend("shared-" + std::to_string(i), "stage", "{}");
            need(shared.ok(), "intend what others intend");
            if (shared.ok() && !*shared)
                need(journal->set_setting("first-" + std::to_string(i) + "-" + std::to_string(thread), "").ok(),
                     "set_setting");
            need(journal->finish(effect, EffectRecord::State::done, "{}").ok(), "finish");
            need(journal->set_setting("last", std::to_string(seed)).ok(), "set_setting");
            need(journal->put_deal(make_deal(1), {make_step(seed), make_step(seed)}).ok(), "put_deal that others put");
            need(journal->put_deal(make_deal(10 + seed), {make_step(seed)}).ok(), "put_deal");
            need(journal->deals({.only_open = true, .limit = 5}).ok(), "deals");
            need(journal->snapshots({.limit = 5}).ok(), "snapshots");
            need(journal->open_effects().ok(), "open_effects");
            if (i == rounds / 2) need(journal->backup(folder / ("copy-" + std::to_string(thread))).ok(), "backup");
        }
    });
    for (const std::string& what : wrong) EXPECT_EQ(what, "");

    EXPECT_EQ(journal->snapshots({.limit = 1000}).value().size(), threads * rounds);
    EXPECT_EQ(journal->open_effects().value().size(), rounds);
    EXPECT_EQ(journal->deals({.limit = 1000}).value().size(), threads * rounds + 1);
    // The shared one: each of them writes it first.
    const auto steps = journal->deal_steps(1);
    ASSERT_TRUE(steps.ok()) << steps.error().text();
    ASSERT_EQ(steps->size(), 2 * threads * rounds);
    for (std::size_t i = 0; i < steps->size(); ++i) {
        EXPECT_EQ((*steps)[i].number, i + 1);
        EXPECT_EQ((*steps)[i].name, (*steps)[i - i % 2].name) << "those of one call stand together";
    }
    for (unsigned i = 0; i < rounds; ++i) {
        unsigned firsts = 0;
        for (unsigned thread = 0; thread < threads; ++thread) {
            EXPECT_TRUE(journal->receipt(make_receipt(thread * 100 + i).key).value());
            if (journal->setting("first-" + std::to_string(i) + "-" + std::to_string(thread)).value()) ++firsts;
        }
        EXPECT_EQ(firsts, 1U);
    }
    for (unsigned thread = 0; thread < threads; ++thread)
        EXPECT_NE(must_open(folder / ("copy-" + std::to_string(thread)), clock), nullptr);
}

}    // namespace
}    // namespace filfil::journal
