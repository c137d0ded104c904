// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "script.hpp"

#include "journal/open.hpp"
#include "journal/sqlite_journal.hpp"

#include <gtest/gtest.h>

namespace filfil::journal {
namespace {

using State = EffectRecord::State;

/// Drops what is returned with success.
template <class T>
Result<void> done(Result<T> result) {
    if (!result.ok()) return std::move(result).error();
    return {};
}

Script::Op put(SnapshotRecord snapshot) {
    return [snapshot = std::move(snapshot)](Journal& journal) { return done(journal.put_snapshot(snapshot)); };
}

Script::Op put(ReceiptRecord receipt) {
    return [receipt = std::move(receipt)](Journal& journal) { return journal.put_receipt(receipt); };
}

Script::Op intend(std::string key) {
    return [key = std::move(key)](Journal& journal) { return done(journal.intend(key, "stage", "{\"a\":1}")); };
}

Script::Op finish(std::string key, State state) {
    return [key = std::move(key), state](Journal& journal) { return journal.finish(key, state, "{\"b\":2}"); };
}

Script::Op set(std::string name, std::string value) {
    return [name = std::move(name), value = std::move(value)](Journal& journal) {
        return journal.set_setting(name, value);
    };
}

Script::Op change(EventChange events) {
    return [events = std::move(events)](Journal& journal) { return journal.change_events("log-1", events); };
}

Script::Op put(DealRecord deal, std::vector<DealStepRecord> steps) {
    return [deal = std::move(deal), steps = std::move(steps)](Journal& journal) {
        return done(journal.put_deal(deal, steps));
    };
}

std::vector<DealStepRecord> answers(unsigned count) {
    std::vector<DealStepRecord> out;
    for (unsigned i = 0; i < count; ++i) out.push_back({.kind = "answer", .name = {}, .details = {}});
    return out;
}

std::vector<Script::Op> make_ops() {
    DealRecord failed = make_deal(1);
    failed.stage = "failed";
    failed.open = false;
    failed.status.assign(5000, 's');
    failed.sector.reset();
    SnapshotRecord moved = make_snapshot(1, 3);
    moved.path = "/elsewhere";
    moved.pieces[2].path.reset();
    EventChange many{.cursor = "many"};
    for (std::uint64_t i = 0; i < 60; ++i) many.added.push_back(make_event(10 + i / 4, i % 4));
    const EventChange reorganised{
        .removed = {{24, 3}, {24, 2}}, .added = {make_event(24, 2), make_event(25, 0)}, .cursor = "reorganised"};
    ReceiptRecord large = make_receipt(2);
    large.result.assign(20'000, std::byte{7});
    return {
        put(make_snapshot(1, 3)),
        put(make_receipt(1)),
        intend("effect-1"),
        set("setting-1", "a"),
        put(make_deal(1), {make_step(1), make_step(2, "asked")}),
        put(large),
        finish("effect-1", State::failed),
        // Many pages at once.
        put(make_snapshot(2, 60)),
        intend("effect-2"),
        intend("effect-1"),
        [](Journal& journal) { return journal.set_snapshot_hold(1, std::nullopt); },
        finish("effect-2", State::done),
        put(make_deal(2), {}),
        put(moved),
        set("setting-1", std::string(6000, 'b')),
        [](Journal& journal) { return journal.forget_snapshot_files(2); },
        change(many),
        put(make_receipt(3)),
        change(reorganised),
        finish("effect-1", State::done),
        put(make_snapshot(3, 0)),
        [](Journal& journal) { return journal.forget_events("log-1"); },
        // As many as a deal keeps, and a row of more pages than one.
        put(failed, answers(500)),
        put(failed, {make_step(7, "answer"), make_step(8, "error"), make_step(9, "answer")}),
    };
}

}    // namespace

Result<std::unique_ptr<Journal>> open_small(const SimVfs& vfs, const Clock& clock) {
    FILFIL_TRY(std::unique_ptr<Database> database, open_database(journal_path, vfs.options(), schema_steps()));
    FILFIL_CHECK(database->run("PRAGMA wal_autocheckpoint = 12"));
    return std::unique_ptr<Journal>(std::make_unique<SqliteJournal>(std::move(database), clock, vfs.options()));
}

Script make_script() {
    Script script;
    script.ops = make_ops();
    script.reopened_before = 10;
    CrashFiles files;
    SetClock clock;
    const SimVfs vfs(files, clock, 1);
    auto journal = open_small(vfs, clock);
    EXPECT_TRUE(journal.ok()) << journal.error().text();
    script.looks.push_back(look_of(**journal, 5));
    for (std::size_t i = 0; i < script.ops.size(); ++i) {
        clock.now = std::chrono::seconds(i);
        const auto done = script.ops[i](**journal);
        EXPECT_TRUE(done.ok()) << "op " << i << ": " << done.error().text();
        script.looks.push_back(look_of(**journal, 5));
        EXPECT_NE(script.looks[i], script.looks[i + 1]) << "op " << i;
    }
    return script;
}

Progressed run(const Script& script, const SimVfs& vfs, SetClock& clock, std::size_t from) {
    Progressed out{.done = from, .tried = from};
    const auto open = [&] {
        out.journal.reset();
        auto journal = open_small(vfs, clock);
        if (journal.ok()) out.journal = *std::move(journal);
        return out.journal != nullptr;
    };
    if (!open()) return out;
    for (std::size_t i = from; i < script.ops.size(); ++i) {
        if (i == script.reopened_before && !open()) return out;
        clock.now = std::chrono::seconds(i);
        out.tried = i + 1;
        if (!script.ops[i](*out.journal).ok()) return out;
        out.done = i + 1;
    }
    return out;
}

}    // namespace filfil::journal
