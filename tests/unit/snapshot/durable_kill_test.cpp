// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "../base/scratch_folder.hpp"
#include "base/files.hpp"
#include "durable_script.hpp"

#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>
#include <thread>

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

namespace filfil::snapshot {
namespace {

/// What the process does that is killed: follows the chain from a step on, writing checkpoints beside it all the time,
/// and tells each step that is durable.
[[noreturn]] void follow(const Script& script, const std::string& folder, std::size_t from, int out) {
    SystemFiles files;
    auto engine = open_started(files, folder, script);
    if (!engine.ok()) ::_exit(2);
    MapSource source(script.chain.blocks);
    const std::jthread checkpoints([&](const std::stop_token& stop) {
        while (!stop.stop_requested())
            if (!(*engine)->checkpoint().ok()) ::_exit(3);
    });
    const auto tell = [out](std::size_t step) {
        const auto number = static_cast<std::uint32_t>(step);
        if (::write(out, &number, sizeof number) != sizeof number) ::_exit(4);
    };
    tell(from);
    for (std::size_t i = from; i < script.ops.size(); ++i) {
        if (!perform(**engine, script.ops[i], source).ok()) ::_exit(5);
        if ((*engine)->not_durable()) ::_exit(6);
        tell(i + 1);
        (void)(*engine)->tick(20);
    }
    ::_exit(0);
}

/// Starts follow() and kills it after so many microseconds. @return the last step that it told, if any
std::optional<std::size_t> follow_and_kill(const Script& script, const std::string& folder, std::size_t from,
                                           std::uint64_t microseconds, bool& finished) {
    std::array<int, 2> ends{};
    EXPECT_EQ(::pipe(ends.data()), 0);
    const pid_t child = ::fork();
    if (child == 0) {
        ::close(ends[0]);
        follow(script, folder, from, ends[1]);
    }
    ::close(ends[1]);
    std::optional<std::size_t> last;
    std::uint32_t number = 0;
    // Opening takes its time; what is of interest comes after it, mostly.
    if (microseconds > 2000 && ::read(ends[0], &number, sizeof number) == sizeof number) last = number;
    std::this_thread::sleep_for(std::chrono::microseconds(microseconds));
    ::kill(child, SIGKILL);
    int status = 0;
    EXPECT_EQ(::waitpid(child, &status, 0), child);
    if (WIFEXITED(status)) EXPECT_EQ(WEXITSTATUS(status), 0) << "it failed by itself";
    finished = WIFEXITED(status);
    while (::read(ends[0], &number, sizeof number) == sizeof number) last = number;
    ::close(ends[0]);
    return last;
}

TEST(DurableKill, ReopensAtOrBehindTheLastStepThatWasTold) {
    const Script script = make_script(20, 150, {.tipsets = 120});
    ASSERT_EQ(script.ops.size(), 150U);
    const ScratchFolder folder;
    const std::string path = folder / "engine";
    SystemFiles files;
    SeededRandom random(20);
    std::size_t at = 0;
    std::size_t kills = 0;
    for (unsigned round = 0; kills < 24 && round < 60; ++round) {
        bool finished = false;
        const auto told = follow_and_kill(script, path, at, random.below(30'000), finished);
        kills += finished ? 0 : 1;
        for (const auto& entry : std::filesystem::directory_iterator(path)) {
            if (entry.path().extension() != ".car") continue;
            auto reader = car::Reader::open(files, entry.path());
            ASSERT_TRUE(reader.ok()) << reader.error().text();
            for (auto section = reader->next(); !section.ok() || *section; section = reader->next())
                ASSERT_TRUE(section.ok()) << section.error().text();
        }
        auto engine = open_durable(files, path, script);
        ASSERT_TRUE(engine.ok()) << "round " << round << ": " << engine.error().text();
        if ((*engine)->opened().fresh) {
            ASSERT_FALSE(told) << "round " << round;
            continue;
        }
        ASSERT_EQ(faults((*engine)->engine()), "");
        const std::string look = look_of((*engine)->engine());
        std::size_t found = told.value_or(at);
        while (found < script.looks.size() && script.looks[found] != look) ++found;
        ASSERT_LT(found, script.looks.size()) << "round " << round << ": behind step " << told.value_or(at);
        at = found;
        if (at < script.ops.size()) continue;
        // Once through, and once more from the beginning.
        engine->reset();
        std::filesystem::remove_all(path);
        std::filesystem::create_directory(path);
        at = 0;
    }
    EXPECT_GE(kills, 20U);
}

}    // namespace
}    // namespace filfil::snapshot
