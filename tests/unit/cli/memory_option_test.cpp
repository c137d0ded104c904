// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cli/memory_option.hpp"

#include <gtest/gtest.h>

namespace filfil::cli {
namespace {

TEST(MemoryOption, ReadsWhatTheSystemSays) {
    EXPECT_EQ(available_memory("MemTotal:       24117248 kB\nMemFree:  5 kB\nMemAvailable:   23068672 kB\n"),
              23068672ULL * 1024);
}

TEST(MemoryOption, KnowsNothingWhereTheSystemSaysNothing) {
    for (const std::string_view text :
         {"", "MemFree: 5 kB", "MemAvailable:", "MemAvailable: ", "MemAvailable: x kB",
          "MemAvailable: 99999999999999999999 kB", "MemAvailable: 18446744073709551615 kB"})
        EXPECT_EQ(available_memory(text), std::nullopt) << text;
}

}    // namespace
}    // namespace filfil::cli
