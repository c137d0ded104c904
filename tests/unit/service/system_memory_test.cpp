// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/system_memory.hpp"
#include "base/units.hpp"
#include "crash_files.hpp"

#include <gtest/gtest.h>

namespace filfil::service {
namespace {

class SystemMemoryTest : public testing::Test {
protected:
    void put(const std::string& path, std::string_view text) {
        const ByteView bytes = bytes_of(text);
        files.put(path, Bytes(bytes.begin(), bytes.end()));
    }
    void machine() {
        put("/r/proc/meminfo", "MemTotal:       65536 kB\nMemFree:  100 kB\nMemAvailable:    32768 kB\n");
        put("/r/proc/self/status", "Name:\tfil-fil\nVmPeak:\t  900 kB\nVmRSS:\t  1024 kB\n");
    }
    CrashFiles files;
};

TEST_F(SystemMemoryTest, ReadsProc) {
    machine();
    EXPECT_EQ(read_system_memory(files, "/r"), (MemoryReading{MiB, 32 * MiB, 64 * MiB}));
}

TEST_F(SystemMemoryTest, TheTightestControlGroupCounts) {
    machine();
    put("/r/proc/self/cgroup", "1:name=x:/y\n0::/system.slice/fil-fil.service\n");
    put("/r/sys/fs/cgroup/system.slice/fil-fil.service/memory.max", "max\n");
    put("/r/sys/fs/cgroup/system.slice/fil-fil.service/memory.current", "5000000\n");
    EXPECT_EQ(read_system_memory(files, "/r"), (MemoryReading{MiB, 32 * MiB, 64 * MiB}));
    put("/r/sys/fs/cgroup/system.slice/fil-fil.service/memory.max", std::to_string(16 * MiB));
    put("/r/sys/fs/cgroup/system.slice/fil-fil.service/memory.current", std::to_string(10 * MiB));
    put("/r/sys/fs/cgroup/system.slice/fil-fil.service/memory.stat",
        "anon 5\ninactive_file " + std::to_string(4 * MiB) + "\n");
    EXPECT_EQ(read_system_memory(files, "/r"), (MemoryReading{MiB, 10 * MiB, 16 * MiB}));
    put("/r/sys/fs/cgroup/system.slice/memory.max", std::to_string(8 * MiB));
    put("/r/sys/fs/cgroup/system.slice/memory.current", std::to_string(9 * MiB));
    EXPECT_EQ(read_system_memory(files, "/r"), (MemoryReading{MiB, 0, 8 * MiB}));
}

TEST_F(SystemMemoryTest, AGroupOfAContainerIsTheRoot) {
    machine();
    put("/r/proc/self/cgroup", "0::/\n");
    put("/r/sys/fs/cgroup/memory.max", std::to_string(20 * MiB));
    put("/r/sys/fs/cgroup/memory.current", std::to_string(15 * MiB));
    EXPECT_EQ(read_system_memory(files, "/r"), (MemoryReading{MiB, 5 * MiB, 20 * MiB}));
}

TEST_F(SystemMemoryTest, WhatCannotBeReadIsZero) {
    EXPECT_EQ(read_system_memory(files, "/r"), MemoryReading());
    for (const std::string_view text : {"", "MemTotal:", "MemTotal: lots kB", "0::", "0::/"}) {
        put("/r/proc/meminfo", text);
        put("/r/proc/self/status", text);
        put("/r/proc/self/cgroup", text);
        EXPECT_EQ(read_system_memory(files, "/r"), MemoryReading());
    }
}

TEST(SystemMemory, ThisMachineHasSome) {
    SystemFiles files;
    const MemoryReading reading = read_system_memory(files);
    EXPECT_GT(reading.rss, MiB);
    EXPECT_GT(reading.total, reading.rss);
    EXPECT_LE(reading.available, reading.total);
}

}    // namespace
}    // namespace filfil::service
