// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cli/output.hpp"

#include "memory_console.hpp"

#include <gtest/gtest.h>

namespace filfil::cli {
namespace {

class Output : public testing::Test {
protected:
    SystemFiles m_files;
    SystemClock m_clock;
    MemoryConsole m_console;
    Context m_context{.files = m_files, .clock = m_clock, .console = m_console, .stop = {}};
};

TEST_F(Output, AFailureIsOneSentenceAndItsRemedy) {
    EXPECT_EQ(fail(m_context, {ErrorCode::io, "disk: broke", "mend it"}), exit_failure);
    EXPECT_EQ(m_console.err_text, "fil-fil: disk: broke\n  -> mend it\n");
    EXPECT_EQ(m_console.out_text, "");
    m_console.err_text.clear();
    fail(m_context, {ErrorCode::io, "disk: broke"});
    EXPECT_EQ(m_console.err_text, "fil-fil: disk: broke\n");
}

TEST_F(Output, AFailureIsAnObjectToo) {
    m_context.json = true;
    fail(m_context, {ErrorCode::io, "disk: broke", "mend it"}, {{"path", "p"}});
    EXPECT_EQ(m_console.out_text, R"({"path":"p","error":{"code":"io","message":"disk: broke","remedy":"mend it"}})"
                                  "\n");
    EXPECT_EQ(m_console.err_text, "fil-fil: disk: broke\n  -> mend it\n");
}

TEST_F(Output, NobodyIsToldThatNobodyListens) {
    m_console.failure = Error(ErrorCode::cancelled, "gone");
    EXPECT_EQ(fail(m_context, {ErrorCode::cancelled, "stopped"}), exit_failure);
    EXPECT_EQ(m_console.err_text, "");
    fail(m_context, {ErrorCode::io, "disk: broke"});
    EXPECT_NE(m_console.err_text, "");
}

TEST_F(Output, TextForPeopleStaysOutOfJson) {
    print(m_context, "a\n");
    m_context.json = true;
    print(m_context, "b\n");
    emit(m_context, {{"z", 1}, {"a", "\xff"}});
    EXPECT_EQ(m_console.out_text, "a\n{\"z\":1,\"a\":\"\ufffd\"}\n");
}

TEST(OutputText, GroupsDigits) {
    EXPECT_EQ(grouped(0), "0");
    EXPECT_EQ(grouped(999), "999");
    EXPECT_EQ(grouped(1000), "1,000");
    EXPECT_EQ(grouped(34359738368), "34,359,738,368");
    EXPECT_EQ(grouped(UINT64_MAX), "18,446,744,073,709,551,615");
}

TEST(OutputText, ShowsBytesExactlyAndRoughly) {
    EXPECT_EQ(bytes_for_people(1), "1 byte");
    EXPECT_EQ(bytes_for_people(1023), "1,023 bytes");
    EXPECT_EQ(bytes_for_people(1107835), "1,107,835 bytes (1.06 MiB)");
    EXPECT_EQ(bytes_for_people(34359738368), "34,359,738,368 bytes (32GiB)");
    EXPECT_EQ(bytes_for_people(118480896), "118,480,896 bytes (113 MiB)");
}

TEST(OutputText, ShowsRatesInTheUnitThatFits) {
    EXPECT_EQ(rate_for_people(0), "");
    EXPECT_EQ(rate_for_people(0.05), "51.2 MiB/s");
    EXPECT_EQ(rate_for_people(1.934), "1.93 GiB/s");
}

TEST(OutputText, AlignsRows) { EXPECT_EQ(table("t", {{"a", "1"}, {"long", "2"}}), "t\n  a     1\n  long  2\n"); }

TEST(OutputText, RoundsToWhatAFigureIsWorth) {
    EXPECT_EQ(rounded(1.23456789, 3), 1.235);
    EXPECT_EQ(rounded(0.0000004, 6), 0);
}

}    // namespace
}    // namespace filfil::cli
