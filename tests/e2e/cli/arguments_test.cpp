// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "support/said.hpp"
#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>

namespace filfil::e2e {
namespace {

using Words = std::vector<std::string>;

TEST(Arguments, VersionIsOneLine) {
    const Ended ended = run({"--version"});
    EXPECT_EQ(ended.code, 0);
    EXPECT_TRUE(ended.out.starts_with("fil-fil 0.")) << ended.out;
    EXPECT_EQ(lines_of(ended.out).size(), 1U);
}

TEST(Arguments, EveryCommandHasHelpWithAnExampleAndJson) {
    const Ended all = run({"--help"});
    EXPECT_EQ(all.code, 0);
    for (const char* command : {"commp", "piece-cid", "verify", "devices"}) {
        EXPECT_NE(all.out.find(std::string("\n  ") + command + " "), std::string::npos) << command;
        const Ended ended = run({command, "--help"});
        EXPECT_EQ(ended.code, 0);
        EXPECT_EQ(ended.err, "");
        EXPECT_NE(ended.out.find("--json"), std::string::npos) << command;
        EXPECT_NE(ended.out.find("Examples:\n  fil-fil " + std::string(command)), std::string::npos) << ended.out;
    }
}

TEST(Arguments, WhatIsMistypedGetsASuggestion) {
    expect_refusal(run(Words{"comp", "x"}), "unknown command 'comp'", "did you mean 'commp'?");
    expect_refusal(run({"verfiy", "x", "--piece-cid", "y"}), "unknown command 'verfiy'", "did you mean 'verify'?");
    expect_refusal(run({"commp", "--pad", "32GiB", "x"}), "commp: unknown option '--pad'", "--help");
    expect_refusal(run({"commp", "--thread=2", "x"}), "commp: unknown option '--thread'", "did you mean '--threads'?");
    expect_refusal(run({"--jsn", "commp", "x"}), "unknown option '--jsn'", "did you mean '--json'?");
    expect_refusal(run({"verify", "x", "--piececid", "y"}), "verify: unknown option '--piececid'",
                   "did you mean '--piece-cid'?");
    expect_refusal(run(Words{"frobnicate"}), "unknown command 'frobnicate'", "`fil-fil --help`");
    expect_refusal(run({"devices", "all"}), "devices: unexpected argument 'all'", "`fil-fil devices --help`");
}

TEST(Arguments, WhatIsMissingIsNamed) {
    expect_refusal(run(Words{}), "no command was given", "name one of: commp, piece-cid, verify");
    expect_refusal(run(Words{"commp"}), "commp: PATH is required", "`fil-fil commp --help`");
    expect_refusal(run({"verify", "x"}), "verify: --piece-cid is required", "`fil-fil verify --help`");
    expect_refusal(run({"commp", "x", "--isa"}), "commp: --isa needs a value", "`fil-fil commp --help`");
    expect_refusal(run({"commp", "x", "--isa", "a", "--isa", "b"}), "commp: --isa was given more than once",
                   "`fil-fil commp --help`");
}

TEST(Arguments, AnErrorInTheArgumentsIsJsonToo) {
    for (const Words& words : {Words{"--json", "comp"}, Words{"commp", "x", "--nope", "--json"}}) {
        const Ended ended = run(words);
        EXPECT_EQ(ended.code, 2);
        const auto object = object_of(ended);
        ASSERT_EQ(keys_of(object), Words{"error"});
        EXPECT_EQ(keys_of(object["error"]), (Words{"code", "message", "remedy"}));
        EXPECT_EQ(object["error"]["code"], "invalid_argument");
        EXPECT_EQ(lines_of(ended.err).size(), 2U);
    }
}

TEST(Arguments, DevicesAndThreadsThatAreNoneAreRefused) {
    const TemporaryFolder folder;
    const std::string file = folder.write("file", std::string(100, 'x'));
    expect_refusal(run({"commp", file, "--device", "gpu"}), "'gpu' is none of auto, cpu, cuda", "leave --device out");
    expect_refusal(run({"commp", file, "--device", "cuda:x"}), "'x' is not a whole number", "range");
    expect_refusal(run({"commp", file, "--device", "cuda", "--isa", "portable"}), "--isa portable goes with the CPU",
                   "leave out one");
    expect_refusal(run({"commp", file, "--isa", "sse9"}), "sse9", "portable");
    for (const char* threads : {"0", "-1", "two", "1025", "1.5", "99999999999999999999"})
        expect_refusal(run({"commp", file, std::string("--threads=") + threads}), "from 1 to 1024", "range");
}

TEST(Arguments, FileNamesAreTakenAsTheyAre) {
    const TemporaryFolder folder;
    const std::string payload(100, 'x');
    const Words names{"[a,b]", "-x", "--json", "commp", "with space", "\xff\xfe", "new\nline", "ä"};
    for (const std::string& name : names) folder.write(name, payload);
    Words words{"commp", "--json", "--"};
    words.insert(words.end(), names.begin(), names.end());
    Process::Options options;
    options.folder = folder.path();
    const Ended ended = run(words, options);
    EXPECT_EQ(ended.code, 0) << ended.err;
    const auto objects = objects_of(ended);
    ASSERT_EQ(objects.size(), names.size());
    for (std::size_t i = 0; i < names.size(); ++i)
        // JSON is UTF-8: what is not shows as replacement characters.
        EXPECT_EQ(objects[i]["path"], names[i] == "\xff\xfe" ? "\ufffd\ufffd" : names[i]);
    EXPECT_EQ(run({"commp", "[a,b]", "commp"}, options).code, 0);
}

}    // namespace
}    // namespace filfil::e2e
