// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "crash_files.hpp"
#include "durable_script.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace filfil::snapshot {
namespace {

/// How far an engine came.
struct Progressed {
    std::size_t durable = 0;    ///< looks up to this number have to be there again; 0: maybe not even a chain
    std::size_t tried = 0;      ///< the latest that may be there
    bool started = false;       ///< durably
};

/// Starts or goes on at a step, with a checkpoint every few steps, until all is done or the machine is off.
Progressed run(CrashFiles& files, const Script& script, std::size_t from) {
    Progressed out{.durable = from, .tried = from, .started = from > 0};
    MapSource source(script.chain.blocks);
    auto engine = open_started(files, "d", script);
    if (!engine.ok()) return out;
    out.started = out.started || !(*engine)->not_durable();
    for (std::size_t i = from; i < script.ops.size() && !files.crashed(); ++i) {
        out.tried = i + 1;
        const auto done = perform(**engine, script.ops[i], source);
        EXPECT_TRUE(done.ok()) << "op " << i << ": " << done.error().text();
        if (!(*engine)->not_durable()) {
            out.durable = i + 1;
            out.started = true;
        }
        if (i % 4 == 2) (void)(*engine)->checkpoint();
        if (!(*engine)->not_durable()) out.durable = i + 1;
    }
    return out;
}

/// Which of the looks a reopened engine has, from `durable` to `tried`.
std::size_t find_look(const Script& script, const std::string& look, const Progressed& progressed) {
    for (std::size_t i = progressed.durable; i <= progressed.tried; ++i)
        if (script.looks[i] == look) return i;
    return script.looks.size();
}

/// No file under its final name that is not whole: the checkpoint of every number opens as a CAR to its end.
void expect_whole_files(CrashFiles& files) {
    for (const std::string& path : files.paths()) {
        if (!path.ends_with(".car")) continue;
        auto reader = car::Reader::open(files, path);
        ASSERT_TRUE(reader.ok()) << path << reader.error().text();
        for (auto section = reader->next(); !section.ok() || *section; section = reader->next())
            ASSERT_TRUE(section.ok()) << path << section.error().text();
    }
}

TEST(DurableCrash, LosesNothingThatWasDurableWhereverThePowerGoes) {
    const Script script = make_script(10, 14, {.tipsets = 20, .new_state_blocks = 3, .new_message_blocks = 1});
    CrashFiles probe;
    ASSERT_EQ(run(probe, script, 0).durable, script.ops.size());
    const std::uint64_t changes = probe.changes();
    SeededRandom random(1);
    for (std::uint64_t at = 1; at <= changes; ++at)
        for (unsigned outcome = 0; outcome < 4; ++outcome) {
            CrashFiles files;
            files.crash_at(at);
            Progressed progressed = run(files, script, 0);
            ASSERT_TRUE(files.crashed());
            files.restart(random);
            expect_whole_files(files);
            // Perhaps it goes again while what was there is read and tidied.
            if (outcome == 3) {
                files.crash_at(1 + random.below(8));
                (void)open_durable(files, "d", script);
                files.restart(random);
            }
            auto engine = open_durable(files, "d", script);
            ASSERT_TRUE(engine.ok()) << "change " << at << ": " << engine.error().text();
            if ((*engine)->opened().fresh) {
                ASSERT_FALSE(progressed.started) << "change " << at;
                continue;
            }
            const std::size_t found = find_look(script, look_of((*engine)->engine()), progressed);
            ASSERT_LT(found, script.looks.size()) << "change " << at << ": lost what was durable";
            ASSERT_EQ(faults((*engine)->engine()), "");
            engine->reset();
            // And it goes on from there as if nothing had been.
            if (outcome != 0) continue;
            ASSERT_EQ(run(files, script, found).durable, script.ops.size());
            engine = open_durable(files, "d", script);
            ASSERT_TRUE(engine.ok());
            ASSERT_EQ(look_of((*engine)->engine()), script.looks.back());
        }
}

TEST(DurableCrash, LosesNothingThatWasDurableWhereverTheDiskIsFull) {
    const Script script = make_script(11, 10, {.tipsets = 16, .new_state_blocks = 2, .new_message_blocks = 1});
    std::uint64_t total = 0;
    {
        CrashFiles probe;
        ASSERT_EQ(run(probe, script, 0).durable, script.ops.size());
        for (const std::string& path : probe.paths()) total += probe.contents(path).size();
        total *= 4;
    }
    SeededRandom random(2);
    bool all = false;
    for (std::uint64_t room = 0; room < total && !all; room += 1 + random.below(90)) {
        CrashFiles files;
        files.fill_up_after(room);
        const Progressed progressed = run(files, script, 0);
        // The chain was followed to the end all the same.
        if (progressed.tried > 0) ASSERT_EQ(progressed.tried, script.ops.size());
        all = progressed.durable == script.ops.size();
        files.make_room();
        expect_whole_files(files);
        files.restart(random);
        auto engine = open_durable(files, "d", script);
        ASSERT_TRUE(engine.ok()) << "room " << room << ": " << engine.error().text();
        if ((*engine)->opened().fresh) {
            ASSERT_FALSE(progressed.started);
            continue;
        }
        ASSERT_LT(find_look(script, look_of((*engine)->engine()), progressed), script.looks.size()) << room;
    }
    EXPECT_TRUE(all) << "there was never room enough";
}

TEST(DurableCrash, FullDiskIsToldAndMadeGoodByTheNextCheckpoint) {
    const Script script = make_script(12, 30);
    CrashFiles files;
    MapSource source(script.chain.blocks);
    auto opened = open_started(files, "d", script);
    ASSERT_TRUE(opened.ok());
    DurableEngine& engine = **opened;
    std::size_t i = 0;
    for (; i < 10; ++i) ASSERT_TRUE(perform(engine, script.ops[i], source).ok());
    ASSERT_FALSE(engine.not_durable());
    const auto before = files.paths();

    files.fill_up_after(10);
    for (; i < 20; ++i) ASSERT_TRUE(perform(engine, script.ops[i], source).ok());
    ASSERT_TRUE(engine.not_durable());
    EXPECT_NE(engine.not_durable()->message.find("No space"), std::string::npos) << engine.not_durable()->text();
    EXPECT_FALSE(engine.checkpoint().ok());
    EXPECT_TRUE(engine.not_durable());
    EXPECT_EQ(files.paths(), before) << "the old checkpoint stands, and there is nothing beside it";
    // Room for the log alone: what is written there is of no use without its checkpoint.
    files.fill_up_after(20'000);
    EXPECT_FALSE(engine.checkpoint().ok());
    files.make_room();
    for (; i < 22; ++i) ASSERT_TRUE(perform(engine, script.ops[i], source).ok());
    EXPECT_TRUE(engine.not_durable());

    {
        // As it is now, a restart has what came before the hole.
        CrashFiles copy;
        for (const std::string& path : files.paths()) copy.put(path, files.contents(path));
        auto old = open_durable(copy, "d", script);
        ASSERT_TRUE(old.ok()) << old.error().text();
        EXPECT_EQ(look_of((*old)->engine()), script.looks[10]);
    }
    ASSERT_TRUE(engine.checkpoint().ok());
    EXPECT_FALSE(engine.not_durable());
    for (; i < script.ops.size(); ++i) ASSERT_TRUE(perform(engine, script.ops[i], source).ok());
    EXPECT_FALSE(engine.not_durable());
    opened->reset();
    auto again = open_durable(files, "d", script);
    ASSERT_TRUE(again.ok()) << again.error().text();
    EXPECT_EQ(look_of((*again)->engine()), script.looks.back());
}

TEST(DurableCrash, FirstCheckpointThatFailsIsTold) {
    const Script script = make_script(13, 6);
    CrashFiles files;
    files.fill_up_after(3000);
    MapSource source(script.chain.blocks);
    auto engine = open_started(files, "d", script);
    ASSERT_TRUE(engine.ok());
    EXPECT_TRUE((*engine)->not_durable());
    for (const Script::Op& op : script.ops) ASSERT_TRUE(perform(**engine, op, source).ok());
    EXPECT_TRUE((*engine)->not_durable());
    EXPECT_FALSE(files.has("d/CURRENT"));
    files.make_room();
    ASSERT_TRUE((*engine)->checkpoint().ok());
    EXPECT_FALSE((*engine)->not_durable());
    engine->reset();
    engine = open_durable(files, "d", script);
    ASSERT_TRUE(engine.ok());
    EXPECT_EQ(look_of((*engine)->engine()), script.looks.back());
}

TEST(DurableCrash, StoppedCheckpointLeavesTheOldOne) {
    const Script script = make_script(14, 12);
    CrashFiles files;
    MapSource source(script.chain.blocks);
    auto engine = open_started(files, "d", script);
    ASSERT_TRUE(engine.ok());
    std::stop_source stop;
    stop.request_stop();
    for (std::size_t i = 0; i < script.ops.size(); ++i) {
        ASSERT_TRUE(perform(**engine, script.ops[i], source).ok());
        const std::uint64_t bytes = (*engine)->log_bytes();
        const auto stopped = (*engine)->checkpoint(stop.get_token());
        ASSERT_FALSE(stopped.ok());
        EXPECT_EQ(stopped.error().code, ErrorCode::cancelled);
        EXPECT_GT((*engine)->log_bytes(), bytes) << "all logs since the checkpoint count";
    }
    EXPECT_FALSE((*engine)->not_durable()) << "the logs have everything";
    EXPECT_TRUE(files.has("d/checkpoint-1.car"));
    EXPECT_FALSE(files.has("d/checkpoint-2.car"));
    const std::uint64_t bytes = (*engine)->log_bytes();
    engine->reset();
    engine = open_durable(files, "d", script);
    ASSERT_TRUE(engine.ok()) << engine.error().text();
    EXPECT_EQ((*engine)->log_bytes(), bytes);
    EXPECT_EQ(look_of((*engine)->engine()), script.looks.back());
}

/// One record that is missing, and the disk has room again: what came after it is of no use.
TEST(DurableCrash, NothingIsReplayedBehindAHole) {
    const Script script = make_script(16, 20);
    CrashFiles files;
    MapSource source(script.chain.blocks);
    auto engine = open_started(files, "d", script);
    ASSERT_TRUE(engine.ok());
    for (std::size_t i = 0; i < script.ops.size(); ++i) {
        if (i == 8) files.fill_up_after(5);
        ASSERT_TRUE(perform(**engine, script.ops[i], source).ok());
        files.make_room();
        EXPECT_EQ((*engine)->not_durable().has_value(), i >= 8);
    }
    engine->reset();
    engine = open_durable(files, "d", script);
    ASSERT_TRUE(engine.ok()) << engine.error().text();
    EXPECT_EQ(look_of((*engine)->engine()), script.looks[8]);
}

/// The next log begins with the head that the last one ends with, and yet something is missing between them: a fork
/// that later changes build on.
TEST(DurableCrash, TheNextLogHasToBeginWithAllOfTheState) {
    Script script = make_script(17, 1, {.tipsets = 12, .fork_percent = 0});
    CrashFiles files;
    MapSource source(script.chain.blocks);
    auto engine = open_started(files, "d", script);
    ASSERT_TRUE(engine.ok());
    const auto change = [&](chain::HeadChange::Type type, std::size_t tipset) {
        const reference::RandomTipset& to = script.chain.tipsets[tipset];
        return std::vector<chain::HeadChange>{{type, to.key, Epoch{to.height}}};
    };
    const auto line = script.chain.line(script.chain.tipsets.size() - 1);
    const std::size_t next = line[line.size() - 2];
    const std::string before = look_of((*engine)->engine());
    files.fill_up_after(5);
    ASSERT_TRUE((*engine)->apply(change(chain::HeadChange::Type::apply, next), source).ok());
    ASSERT_TRUE((*engine)->apply(change(chain::HeadChange::Type::revert, next), source).ok());
    files.make_room();
    std::stop_source stop;
    stop.request_stop();
    EXPECT_FALSE((*engine)->checkpoint(stop.get_token()).ok());
    ASSERT_TRUE((*engine)->apply(change(chain::HeadChange::Type::apply, next), source).ok());
    EXPECT_TRUE((*engine)->not_durable());
    engine->reset();
    engine = open_durable(files, "d", script);
    ASSERT_TRUE(engine.ok()) << engine.error().text();
    EXPECT_TRUE((*engine)->opened().cut_short);
    EXPECT_EQ(look_of((*engine)->engine()), before);
}

TEST(DurableCrash, FailedSyncIsTold) {
    const Script script = make_script(15, 4);
    CrashFiles files;
    MapSource source(script.chain.blocks);
    auto engine = open_started(files, "d", script);
    ASSERT_TRUE(engine.ok());
    files.fail_syncs(true);
    ASSERT_TRUE(perform(**engine, script.ops[0], source).ok());
    EXPECT_TRUE((*engine)->not_durable());
    EXPECT_FALSE((*engine)->checkpoint().ok());
    files.fail_syncs(false);
    ASSERT_TRUE(perform(**engine, script.ops[1], source).ok());
    EXPECT_TRUE((*engine)->not_durable());
    ASSERT_TRUE((*engine)->checkpoint().ok());
    EXPECT_FALSE((*engine)->not_durable());
}

}    // namespace
}    // namespace filfil::snapshot
