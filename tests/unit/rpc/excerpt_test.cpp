// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "rpc/excerpt.hpp"

#include <gtest/gtest.h>

namespace filfil::rpc {
namespace {

TEST(Excerpt, KeepsWhatCanBePrinted) {
    EXPECT_EQ(excerpt(""), "");
    EXPECT_EQ(excerpt("<html>é€😀"), "<html>é€😀");
}

TEST(Excerpt, ReplacesWhatWouldSpoilATerminal) {
    EXPECT_EQ(excerpt("a\x1b[2Jb\n\r\x7f"), "a?[2Jb???");
    EXPECT_EQ(excerpt(std::string_view("\0\xff\xc3", 3)), "???");
    EXPECT_EQ(excerpt("\xc2\x9bX"), "?X");
}

TEST(Excerpt, CutsBetweenCharacters) {
    EXPECT_EQ(excerpt(std::string(80, 'x')), std::string(80, 'x'));
    EXPECT_EQ(excerpt(std::string(81, 'x')), std::string(80, 'x') + "…");
    EXPECT_EQ(excerpt("ééé", 2), "éé…");
}

}    // namespace
}    // namespace filfil::rpc
