// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "support/said.hpp"
#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <csignal>

namespace filfil::e2e {
namespace {

using Words = std::vector<std::string>;

TEST(Streams, AClosedStandardInputIsNamed) {
    Process::Options options;
    options.close_input = true;
    expect_refusal(run({"commp", "-"}, options), "standard input: is closed", "name a file");
    const TemporaryFolder folder;
    EXPECT_EQ(run({"commp", folder.write("file", std::string(100, 'x'))}, options).code, 0);
}

TEST(Streams, AClosedStandardOutputIsAFailure) {
    const TemporaryFolder folder;
    Process::Options options;
    options.close_output = true;
    const Ended ended = run({"commp", folder.write("file", std::string(100, 'x'))}, options);
    EXPECT_EQ(ended.code, 2);
    EXPECT_NE(ended.err.find("standard output: cannot write"), std::string::npos) << ended.err;
    EXPECT_EQ(folder.list(), Words{"file"});
}

TEST(Streams, AReaderThatGoesAwayEndsItQuietly) {
    const TemporaryFolder folder;
    Words words{"commp", "--json"};
    words.resize(200, folder.write("file", std::string(100, 'x')));
    Process process(words);
    process.close_output();
    const Ended ended = process.wait();
    EXPECT_EQ(ended.signal, SIGPIPE);
    EXPECT_EQ(ended.err, "");
}

TEST(Streams, AFullDiskUnderStandardOutputIsAFailure) {
    // A shell opens the device as the program's standard output.
    const TemporaryFolder folder;
    Process::Options options;
    options.output_file = "/dev/full";
    const Ended ended = run({"commp", folder.write("file", std::string(100, 'x'))}, options);
    EXPECT_EQ(ended.code, 2);
    EXPECT_NE(ended.err.find("standard output: cannot write: No space left"), std::string::npos) << ended.err;
}

TEST(Streams, CtrlCEndsARunInTheUsualWay) {
    Process process({"commp", "-"});
    ASSERT_TRUE(process.write(std::string(1 << 20, 'x')));
    process.kill(SIGINT);
    // It waits in a read that nothing ends; the signal has to do it.
    const Ended ended = process.wait_with_open_input();
    EXPECT_EQ(ended.signal, SIGINT);
    EXPECT_EQ(ended.out, "");
}

TEST(Streams, ASignalBetweenReadsIsTold) {
    Process process({"commp", "-"});
    ASSERT_TRUE(process.write(std::string(1 << 20, 'x')));
    process.kill(SIGTERM);
    while (process.write(std::string(1 << 16, 'x'))) {
    }
    const Ended ended = process.wait();
    EXPECT_EQ(ended.signal, SIGTERM);
    EXPECT_EQ(ended.out, "");
}

TEST(Streams, ProgressShowsOnATerminalAndIsTakenAway) {
    if (!has_terminals()) GTEST_SKIP() << "this system gives no terminals (is /dev/pts mounted?)";
    Process::Options options;
    options.terminal_error = true;
    Process process({"commp", "--json", "-"}, options);
    ASSERT_TRUE(process.write(std::string(3 << 20, 'x')));
    EXPECT_TRUE(process.wait_for_error_text("standard input  "));
    const Ended ended = process.wait();
    EXPECT_EQ(ended.code, 0) << ended.err;
    EXPECT_EQ(object_of(ended)["payload_size"], 3 << 20);
    EXPECT_TRUE(ended.err.ends_with("\r\x1b[K")) << ended.err;
    EXPECT_EQ(ended.err.find('\n'), std::string::npos) << ended.err;
}

TEST(Streams, NothingIsDrawnOnAPipe) {
    Process process({"commp", "-"});
    ASSERT_TRUE(process.write(std::string(3 << 20, 'x')));
    const Ended ended = process.wait();
    EXPECT_EQ(ended.code, 0);
    EXPECT_EQ(ended.err, "");
}

}    // namespace
}    // namespace filfil::e2e
