// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cli/application.hpp"

#include <gtest/gtest.h>

namespace filfil::cli {
namespace {

using Words = std::vector<std::string>;

const Words names{"commp", "verify", "batch"};

TEST(BatchAsCommand, BatchInFrontMeansTheCommand) {
    EXPECT_EQ(with_batch_as_command(Words{"--batch", "list.txt"}, names), (Words{"batch", "list.txt"}));
    EXPECT_EQ(with_batch_as_command(Words{"--batch=list.txt", "--out", "r"}, names),
              (Words{"batch", "list.txt", "--out", "r"}));
    EXPECT_EQ(with_batch_as_command(Words{"--json", "--batch", "-"}, names), (Words{"batch", "--json", "-"}));
    EXPECT_EQ(with_batch_as_command(Words{"--device", "cpu", "--batch", "d"}, names),
              (Words{"batch", "--device", "cpu", "d"}));
}

TEST(BatchAsCommand, LeavesAllElseAlone) {
    EXPECT_EQ(with_batch_as_command(Words{"commp", "--batch"}, names), (Words{"commp", "--batch"}));
    EXPECT_EQ(with_batch_as_command(Words{"--", "--batch"}, names), (Words{"--", "--batch"}));
    EXPECT_EQ(with_batch_as_command(Words{"batch", "x"}, names), (Words{"batch", "x"}));
    EXPECT_EQ(with_batch_as_command(Words{}, names), Words{});
}

}    // namespace
}    // namespace filfil::cli
