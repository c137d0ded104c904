// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "crash_files.hpp"
#include "durable_script.hpp"
#include "snapshot/engine_node.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace filfil::snapshot {
namespace {

/// A folder with a checkpoint after some steps and a log of the rest.
struct Folder {
    explicit Folder(std::uint64_t seed, std::size_t before, std::size_t after)
        : script(make_script(seed, before + after, {.tipsets = 20, .new_state_blocks = 3, .new_message_blocks = 1})) {
        MapSource source(script.chain.blocks);
        auto engine = open_started(files, "d", script);
        EXPECT_TRUE(engine.ok());
        for (std::size_t i = 0; i < before; ++i) EXPECT_TRUE(perform(**engine, script.ops[i], source).ok());
        EXPECT_TRUE((*engine)->checkpoint().ok());
        first = before;
        for (std::size_t i = 0; i < after; ++i) {
            ends.push_back((*engine)->log_bytes());
            EXPECT_TRUE(perform(**engine, script.ops[before + i], source).ok());
        }
        ends.push_back((*engine)->log_bytes());
    }

    /// Puts all files but one as they are.
    void refill(CrashFiles& other, const std::string& but, Bytes instead) const {
        for (const std::string& path : other.paths()) other.erase(path);
        for (const std::string& path : files.paths()) other.put(path, files.contents(path));
        other.put(but, std::move(instead));
    }

    Script script;
    CrashFiles files;
    std::size_t first = 0;
    std::vector<std::uint64_t> ends;    ///< of the log before each of the later steps, and after the last
};

const std::string log_path = "d/log-2";
const std::string car_path = "d/checkpoint-2.car";

TEST(DurableDamage, LogCutAnywhereGivesTheLatestStateBeforeTheCut) {
    const Folder folder(4, 12, 6);
    const Bytes whole = folder.files.contents(log_path);
    ASSERT_EQ(whole.size(), folder.ends.back());
    CrashFiles files;
    // Between steps all looks alike, so most cuts need no look at every block.
    std::size_t looked = folder.ends.size();
    for (std::size_t cut = 0; cut <= whole.size(); ++cut) {
        folder.refill(files, log_path, Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(cut)));
        auto engine = open_durable(files, "d", folder.script);
        if (cut < folder.ends[0]) {
            ASSERT_FALSE(engine.ok()) << cut;
            EXPECT_EQ(engine.error().code, ErrorCode::corrupt);
            EXPECT_NE(engine.error().message.find(log_path), std::string::npos);
            continue;
        }
        ASSERT_TRUE(engine.ok()) << cut << ": " << engine.error().text();
        std::size_t steps = 0;
        while (steps + 1 < folder.ends.size() && folder.ends[steps + 1] <= cut) ++steps;
        EXPECT_LE((*engine)->opened().torn_bytes, cut - folder.ends[steps]);
        const bool closer = steps != looked || cut % 331 == 0;
        looked = steps;
        if (!closer) continue;
        ASSERT_EQ(look_of((*engine)->engine()), folder.script.looks[folder.first + steps]) << cut;
        EXPECT_EQ(faults((*engine)->engine()), "");
    }
}

TEST(DurableDamage, FlippedByteOfTheLogEndsItBeforeItsRecord) {
    const Folder folder(7, 10, 5);
    const Bytes whole = folder.files.contents(log_path);
    CrashFiles files;
    for (std::size_t place = 0; place < whole.size(); place += 13) {
        Bytes bent = whole;
        bent[place] ^= std::byte{0x10};
        folder.refill(files, log_path, std::move(bent));
        auto engine = open_durable(files, "d", folder.script);
        if (place < folder.ends[0]) {
            EXPECT_FALSE(engine.ok());
            continue;
        }
        ASSERT_TRUE(engine.ok()) << place << ": " << engine.error().text();
        EXPECT_GT((*engine)->opened().torn_bytes, 0U);
        std::size_t steps = 0;
        while (folder.ends[steps + 1] <= place) ++steps;
        if (place % 5 == 0) ASSERT_EQ(look_of((*engine)->engine()), folder.script.looks[folder.first + steps]) << place;
    }
}

TEST(DurableDamage, DamagedCheckpointIsAnError) {
    const Folder folder(5, 12, 3);
    const Bytes whole = folder.files.contents(car_path);
    CrashFiles files;
    for (std::size_t cut = 0; cut < whole.size(); cut += 1 + whole.size() / 700) {
        folder.refill(files, car_path, Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(cut)));
        const auto engine = open_durable(files, "d", folder.script);
        ASSERT_FALSE(engine.ok()) << "cut at " << cut;
        EXPECT_FALSE(engine.error().message.empty());
    }
    std::size_t refused = 0;
    for (std::size_t place = 0; place < whole.size(); place += 1 + whole.size() / 700) {
        Bytes bent = whole;
        bent[place] ^= static_cast<std::byte>(1U << (place % 8));
        folder.refill(files, car_path, std::move(bent));
        auto engine = open_durable(files, "d", folder.script);
        refused += engine.ok() ? 0 : 1;
        // The roots of its header say nothing that the log does not say.
        if (engine.ok()) EXPECT_EQ(look_of((*engine)->engine()), folder.script.looks.back()) << "byte " << place;
    }
    EXPECT_GT(refused, 500U);
}

TEST(DurableDamage, CurrentHasToBeWhole) {
    const Folder folder(6, 8, 3);
    const std::string current = "d/CURRENT";
    const std::string text(chars_of(folder.files.contents(current)));
    EXPECT_EQ(text, "fil-fil engine 1\ncheckpoint 2\n");
    CrashFiles files;
    const auto open_with = [&](std::string_view now) {
        folder.refill(files, current, to_bytes(bytes_of(now)));
        return open_durable(files, "d", folder.script);
    };
    for (std::size_t cut = 0; cut < text.size(); ++cut) {
        const auto engine = open_with(text.substr(0, cut));
        ASSERT_FALSE(engine.ok()) << cut;
        EXPECT_EQ(engine.error().code, ErrorCode::corrupt);
        EXPECT_NE(engine.error().message.find(current), std::string::npos);
    }
    for (const char* wrong : {"garbage", "fil-fil engine 1\ncheckpoint 02\n", "fil-fil engine 1\ncheckpoint -2\n",
                              "fil-fil engine 1\ncheckpoint 2\n\n", "fil-fil engine 0\ncheckpoint 2\n",
                              "fil-fil engine 1\ncheckpoint 99999999999999999999\n"}) {
        const auto engine = open_with(wrong);
        ASSERT_FALSE(engine.ok()) << wrong;
        EXPECT_EQ(engine.error().code, ErrorCode::corrupt) << wrong;
    }
    EXPECT_EQ(open_with(std::string(5000, 'x')).error().code, ErrorCode::too_large);
    EXPECT_EQ(open_with("fil-fil engine 1\ncheckpoint 3\n").error().code, ErrorCode::not_found);
    const auto newer = open_with("fil-fil engine 2\nwho knows\n");
    ASSERT_FALSE(newer.ok());
    EXPECT_EQ(newer.error().code, ErrorCode::unsupported);
    EXPECT_NE(newer.error().message.find("newer"), std::string::npos);
    EXPECT_FALSE(newer.error().remedy.empty());
    // None of this changed a thing.
    EXPECT_TRUE(open_with(text).ok());
}

TEST(DurableDamage, WithoutCurrentTheLatestCheckpointCounts) {
    const Folder folder(6, 8, 3);
    CrashFiles files;
    folder.refill(files, "d/checkpoint-1.car", {});
    files.erase("d/CURRENT");
    auto engine = open_durable(files, "d", folder.script);
    ASSERT_TRUE(engine.ok()) << engine.error().text();
    EXPECT_EQ(look_of((*engine)->engine()), folder.script.looks.back());
    EXPECT_FALSE(files.has("d/checkpoint-1.car"));
    EXPECT_TRUE(files.has("d/CURRENT"));
}

TEST(DurableDamage, WhatACrashLeftGoesAway) {
    const Folder folder(6, 8, 3);
    CrashFiles files;
    folder.refill(files, "d/checkpoint-3.car.part", Bytes(100));
    files.put("d/checkpoint-3.car", Bytes(10));
    files.put("d/log-1", Bytes(10));
    files.put("d/log-9", Bytes(10));
    files.put("d/log-9.txt", Bytes(10));
    files.put("d/somebody's.car", Bytes(10));
    ASSERT_TRUE(open_durable(files, "d", folder.script).ok());
    EXPECT_EQ(files.paths(), (std::vector<std::string>{"d/CURRENT", "d/LOCK", "d/checkpoint-2.car", "d/log-2",
                                                       "d/log-9.txt", "d/somebody's.car"}));
}

TEST(DurableDamage, AFolderBelongsToOneEngine) {
    Folder folder(6, 8, 3);
    auto first = open_durable(folder.files, "d", folder.script);
    ASSERT_TRUE(first.ok());
    const auto second = open_durable(folder.files, "d", folder.script);
    ASSERT_FALSE(second.ok());
    EXPECT_EQ(second.error().code, ErrorCode::busy);
    first->reset();
    EXPECT_TRUE(open_durable(folder.files, "d", folder.script).ok());
}

TEST(DurableDamage, AnotherWindowIsReplayedWhereItBegan) {
    // Seed 4 keeps no old messages, 3 does.
    for (const std::uint64_t seed : {3U, 4U}) {
        Script script = make_script(seed, 40);
        CrashFiles files;
        MapSource source(script.chain.blocks);
        auto engine = open_started(files, "d", script);
        ASSERT_TRUE(engine.ok());
        const EngineOptions options = script.options;
        for (std::size_t i = 0; i < script.ops.size(); ++i) {
            // A hold of more than a shorter window has is none.
            const auto done = perform(**engine, script.ops[i], source);
            if (script.ops[i].kind == Script::Op::Kind::move) ASSERT_TRUE(done.ok()) << i << done.error().text();
            if (i % 4 != 0) continue;
            script.options.recent_stateroots = options.recent_stateroots + static_cast<std::int64_t>(i % 7) - 3;
            script.options.slack = static_cast<std::int64_t>(i % 5);
            const EngineStats before = (*engine)->engine().stats();
            ASSERT_TRUE((*engine)->engine().settle().ok());
            const std::uint64_t blocks = (*engine)->engine().stats().store.live_blocks;
            engine->reset();
            engine = open_durable(files, "d", script);
            ASSERT_TRUE(engine.ok()) << i << ": " << engine.error().text();
            EXPECT_EQ((*engine)->engine().stats().head, before.head);
            EXPECT_EQ((*engine)->engine().stats().store.live_blocks, blocks);
            EXPECT_EQ((*engine)->engine().window().slack, script.options.slack);
            EXPECT_EQ(faults((*engine)->engine()), "");
        }
        engine->reset();
        script.options.keep_all_messages = !script.options.keep_all_messages;
        const auto other = open_durable(files, "d", script);
        ASSERT_FALSE(other.ok());
        EXPECT_EQ(other.error().code, ErrorCode::unsupported);
    }
}

/// A layout keeps what the chain has left behind, a checkpoint begins, and then the head goes back there: what comes
/// into use again is recorded nowhere but in what the checkpoint says of layouts.
TEST(DurableDamage, WhatOnlyALayoutKeptIsThereForTheReplay) {
    std::size_t used = 0;
    for (std::uint64_t seed = 1; seed < 12; ++seed) {
        Script script = make_script(seed, 1, {.tipsets = 40, .fork_percent = 0});
        script.options.recent_stateroots = 3;
        script.options.slack = 1;
        const auto move = [&](DurableEngine& engine, MapSource& source, std::size_t from, std::size_t to) {
            std::vector<chain::HeadChange> changes;
            for (const reference::Step& step : reference::steps_between(script.chain, from, to)) {
                const reference::RandomTipset& tipset = script.chain.tipsets[step.tipset];
                changes.push_back({step.apply ? chain::HeadChange::Type::apply : chain::HeadChange::Type::revert,
                                   tipset.key, Epoch{tipset.height}});
            }
            return engine.apply(changes, source);
        };
        CrashFiles files;
        MapSource source(script.chain.blocks);
        auto engine = open_started(files, "d", script);
        ASSERT_TRUE(engine.ok());
        const std::size_t top = script.chain.tipsets.size() - 1;
        ASSERT_TRUE(move(**engine, source, 0, 10).ok());
        LayoutOptions options;
        options.recent_stateroots = 3;
        auto layout = (*engine)->engine().layout({}, options);
        ASSERT_TRUE(layout.ok());
        ASSERT_TRUE(move(**engine, source, 10, top - 1).ok());
        ASSERT_TRUE((*engine)->checkpoint().ok());
        const std::uint64_t before = source.asked();
        ASSERT_TRUE(move(**engine, source, top - 1, 10).ok());
        used += source.asked() == before ? 1 : 0;
        layout->reset();
        const std::string look = look_of((*engine)->engine());
        engine->reset();
        auto again = open_durable(files, "d", script);
        ASSERT_TRUE(again.ok()) << "seed " << seed << ": " << again.error().text();
        EXPECT_EQ(look_of((*again)->engine()), look);
        EXPECT_EQ(faults((*again)->engine()), "");
    }
    EXPECT_GT(used, 0U) << "all was fetched, so nothing was tested";
}

/// Garbage is not saved, so nothing later may come to use it.
TEST(DurableDamage, AFrozenEngineHasNoGarbage) {
    const Script script = make_script(18, 60);
    CrashFiles files;
    MapSource source(script.chain.blocks);
    auto engine = open_started(files, "d", script);
    ASSERT_TRUE(engine.ok());
    for (const Script::Op& op : script.ops) ASSERT_TRUE(perform(**engine, op, source).ok());
    Engine& inner = (*engine)->engine();
    ASSERT_GT(inner.stats().store.dying, 0U);
    EXPECT_FALSE(inner.settled());
    const auto frozen = inner.freeze();
    ASSERT_TRUE(frozen.ok());
    EXPECT_EQ(inner.stats().store.dying, 0U);
    EXPECT_FALSE(inner.settled()) << "what is frozen stays, whatever happens to the chain";
}

}    // namespace
}    // namespace filfil::snapshot
