// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/file_log.hpp"
#include "../base/scratch_folder.hpp"
#include "virtual_clock.hpp"

#include <gtest/gtest.h>

#include <filesystem>

namespace filfil::service {
namespace {

using namespace std::chrono_literals;

TEST(FileLog, WritesALineAMessage) {
    const ScratchFolder folder;
    VirtualClock clock;
    const auto log = open_file_log(folder.path(), clock);
    ASSERT_TRUE(log.ok()) << log.error().text();
    (*log)->write(LogLevel::info, "node", "a {} %v b");
    clock.advance(1234ms);
    (*log)->write(LogLevel::error, "service", "c");
    EXPECT_EQ(folder.get("fil-fil.log"),
              "2026-01-01T00:00:00.000Z info node: a {} %v b\n2026-01-01T00:00:01.234Z error service: c\n");
}

TEST(FileLog, GoesOnBehindWhatIsThere) {
    const ScratchFolder folder;
    VirtualClock clock;
    folder.put("fil-fil.log", "before\n");
    (*open_file_log(folder.path(), clock))->write(LogLevel::info, "node", "after");
    EXPECT_EQ(folder.get("fil-fil.log"), "before\n2026-01-01T00:00:00.000Z info node: after\n");
}

TEST(FileLog, KeepsSoManyFilesOfThatSize) {
    const ScratchFolder folder;
    VirtualClock clock;
    const auto log = open_file_log(folder.path(), clock, {.file_size = 1000, .files = 3});
    ASSERT_TRUE(log.ok());
    for (int i = 0; i < 200; ++i) (*log)->write(LogLevel::info, "node", "message " + std::to_string(i));
    std::size_t files = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
        ++files;
        EXPECT_LE(entry.file_size(), 1000U) << entry.path();
    }
    EXPECT_EQ(files, 3U);
    EXPECT_NE(folder.get("fil-fil.log").find("message 199"), std::string::npos);
    EXPECT_FALSE(folder.get("fil-fil.2.log").empty());
}

TEST(FileLog, AFolderThatIsNotThereIsAnError) {
    const ScratchFolder folder;
    VirtualClock clock;
    folder.put("file", "x");
    const auto log = open_file_log(folder / "file", clock);
    ASSERT_FALSE(log.ok());
    EXPECT_EQ(log.error().code, ErrorCode::io);
    EXPECT_NE(log.error().message.find(folder / "file"), std::string::npos);
}

TEST(FileLog, AFullDiskIsNoReasonToEnd) {
    const ScratchFolder folder;
    VirtualClock clock;
    std::filesystem::create_symlink("/dev/full", folder / "fil-fil.log");
    const auto log = open_file_log(folder.path(), clock);
    ASSERT_TRUE(log.ok()) << log.error().text();
    for (int i = 0; i < 100; ++i) (*log)->write(LogLevel::info, "node", "lost");
}

TEST(FileLog, TimesBefore1970AreTimesToo) {
    EXPECT_EQ(log_line(-1ms, LogLevel::info, "a", "b"), "1969-12-31T23:59:59.999Z info a: b");
    EXPECT_EQ(log_line(0s, LogLevel::info, "a", "b"), "1970-01-01T00:00:00.000Z info a: b");
    EXPECT_EQ(log_line(-1s, LogLevel::info, "a", "b"), "1969-12-31T23:59:59.000Z info a: b");
}

}    // namespace
}    // namespace filfil::service
