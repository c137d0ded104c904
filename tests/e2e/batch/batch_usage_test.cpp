// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "batch/sample_batch.hpp"
#include "support/process.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>

namespace filfil::e2e {
namespace {

namespace fs = std::filesystem;

class BatchUsage : public testing::Test {
protected:
    std::string put(const std::string& name, std::string_view text) const { return folder.write(name, text); }

    Process::Options in_folder() const {
        Process::Options options;
        options.folder = folder.path();
        return options;
    }

    /// Runs in the folder; expects exit code 2, one line of reason and a remedy, and nothing on standard output.
    std::string refusal(std::vector<std::string> arguments, std::string_view input = {}) const {
        arguments.insert(arguments.begin(), "batch");
        const Ended ended = run(arguments, in_folder(), input);
        EXPECT_EQ(ended.code, 2) << ended.err;
        EXPECT_EQ(ended.out, "");
        EXPECT_TRUE(ended.err.starts_with("fil-fil: ")) << ended.err;
        EXPECT_NE(ended.err.find("\n  -> "), std::string::npos) << ended.err;
        return ended.err;
    }

    TemporaryFolder folder;
};

TEST_F(BatchUsage, UnusableInputIsToldBeforeAnythingStarts) {
    put("a.car", std::string(1000, 'a'));
    EXPECT_NE(refusal({put("list", "a.car\n{\"path\":\"a.car\",\"piece_cid\":\"nonsense\"}\n"), "--out", "out"})
                  .find("list, line 2: "),
              std::string::npos);
    EXPECT_NE(refusal({put("list", "a.car\n{broken\n"), "--out", "out"}).find("line 2"), std::string::npos);
    EXPECT_NE(refusal({put("list", "\x1f\x8b\x08 binary"), "--out", "out"}).find("line 1"), std::string::npos);
    EXPECT_NE(
        refusal({put("list", "{\"path\":\"a.car\",\"id\":\"1\"}\n{\"path\":\"a.car\",\"id\":\"2\"}\n"), "--out", "out"})
            .find("line 2"),
        std::string::npos);
    EXPECT_NE(refusal({put("list", "# nothing\n\n"), "--out", "out"}).find("names no file"), std::string::npos);
    EXPECT_NE(refusal({"no such list", "--out", "out"}).find("no such list"), std::string::npos);
    EXPECT_NE(refusal({"-", "--out", "out"}, "{\"path\":7}\n").find("standard input, line 1: "), std::string::npos);
    fs::create_directory(folder.path("empty"));
    EXPECT_NE(refusal({"empty", "--out", "out"}).find("names no file"), std::string::npos);
    EXPECT_FALSE(fs::exists(folder.path("out")));
}

TEST_F(BatchUsage, OptionsThatMakeNoSenseAreRefused) {
    put("list", "a.car\n");
    put("a.car", std::string(1000, 'a'));
    EXPECT_NE(refusal({"list", "--shard", "3/3"}).find("3/3"), std::string::npos);
    EXPECT_NE(refusal({"list", "--shard", "x"}).find("'x'"), std::string::npos);
    EXPECT_NE(refusal({"list", "--format", "xml"}).find("xml"), std::string::npos);
    EXPECT_NE(refusal({"list", "--pad-to", "33GiB"}).find("--pad-to"), std::string::npos);
    EXPECT_NE(refusal({"list", "--resume"}).find("--resume"), std::string::npos);
    EXPECT_NE(refusal({"list", "--isa", "z80"}).find("z80"), std::string::npos);
    EXPECT_NE(refusal({"list", "--out", "."}).find("folder"), std::string::npos);
    EXPECT_NE(refusal({}).find("MANIFEST"), std::string::npos);
}

TEST_F(BatchUsage, AFileOfReceiptsIsNeverOverwritten) {
    put("list", "a.car\n");
    put("a.car", std::string(1000, 'a'));
    put("out", "precious\n");
    EXPECT_NE(refusal({"list", "--out", "out"}).find("--resume"), std::string::npos);
    EXPECT_NE(refusal({"list", "--out", "out", "--resume"}).find("line 1"), std::string::npos);
    EXPECT_EQ(folder.read("out"), "precious\n");
    put("half", "{\"path\":\"a.car\"}\n");
    EXPECT_NE(refusal({"list", "--out", "half", "--resume"}).find("line 1"), std::string::npos);
    EXPECT_EQ(folder.read("half"), "{\"path\":\"a.car\"}\n");
}

TEST_F(BatchUsage, StandardInputListsFilesOfTheCurrentFolder) {
    put("a.car", std::string(1000, 'a'));
    put("sub/b.car", std::string(2000, 'b'));
    const Ended ended = run({"--batch", "-"}, in_folder(), "a.car\nsub/*.car\n");
    EXPECT_EQ(ended.code, 0) << ended.err;
    const ReceiptMap receipts = receipts_of(ended.out);
    EXPECT_EQ(receipts.size(), 2U);
    EXPECT_EQ(receipts.at("sub/b.car").at("piece_cid"), batch::reference_piece(std::string(2000, 'b')).piece_cid);
}

TEST_F(BatchUsage, TheFileOfReceiptsMayLieInTheFolder) {
    put("a.car", std::string(1000, 'a'));
    put("sub/b.car", std::string(2000, 'b'));
    put("sub/c.car.part", std::string(2000, 'c'));
    for (const bool again : {false, true}) {
        const Ended ended = run({"batch", ".", "--out", folder.path("out.jsonl"), "--resume"}, in_folder());
        EXPECT_EQ(ended.code, 0) << ended.err;
        EXPECT_NE(ended.err.find(again ? "0 ok, 0 failed, 2 skipped" : "2 ok, 0 failed, 0 skipped"), std::string::npos)
            << ended.err;
    }
    const ReceiptMap receipts = receipts_of(folder.read("out.jsonl"));
    EXPECT_EQ(receipts.size(), 2U);
    EXPECT_TRUE(receipts.contains("sub/b.car"));
}

TEST_F(BatchUsage, CsvAndJsonSayTheSame) {
    put("a.car", std::string(1000, 'a'));
    const Ended csv = run({"batch", "-", "--format", "csv", "--sha256", "--pad-to", "1MiB"}, in_folder(), "a.car\n");
    const std::vector<std::string> lines = lines_of(csv.out);
    ASSERT_EQ(lines.size(), 2U);
    EXPECT_TRUE(lines[0].ends_with(",mtime_ns,sha256"));
    const batch::ReferencePiece piece = batch::reference_piece(std::string(1000, 'a'), 1 << 20);
    EXPECT_TRUE(lines[1].starts_with("a.car,1000,1048576," + piece.piece_cid + "," + piece.piece_cid_v2 + ",cpu:"))
        << lines[1];

    const Ended json =
        run({"batch", "-", "--json", "--out", "out.csv", "--format", "csv", "--sha256", "--pad-to", "1MiB"},
            in_folder(), "a.car\n");
    const ReceiptMap receipts = receipts_of(json.out);
    EXPECT_EQ(receipts.at("a.car").at("piece_cid"), piece.piece_cid);
    EXPECT_TRUE(lines[1].ends_with("," + receipts.at("a.car").at("sha256").get<std::string>()));
    EXPECT_EQ(lines_of(folder.read("out.csv")).at(0), lines[0]);
}

TEST_F(BatchUsage, SmallFilesOnRequest) {
    put("tiny", "x");
    put("empty", "");
    const Ended ended = run({"batch", "-", "--allow-small"}, in_folder(), "tiny\nempty\n");
    EXPECT_EQ(ended.code, 0) << ended.err;
    const ReceiptMap receipts = receipts_of(ended.out);
    EXPECT_EQ(receipts.at("tiny").at("piece_cid_v2"), batch::reference_piece("x").piece_cid_v2);
    EXPECT_EQ(receipts.at("empty").at("piece_cid_v2"), batch::reference_piece("").piece_cid_v2);
}

TEST_F(BatchUsage, FailuresAreToldWhereReceiptsGoToAFile) {
    const Ended ended = run({"batch", "-", "--out", "out"}, in_folder(), "missing\n");
    EXPECT_EQ(ended.code, 1);
    EXPECT_EQ(ended.out, "");
    EXPECT_NE(ended.err.find("fil-fil: missing: "), std::string::npos) << ended.err;
}

TEST_F(BatchUsage, AReaderThatGoesAwayEndsTheBatchQuietly) {
    std::string manifest;
    for (int i = 0; i < 3000; ++i) manifest += "missing-" + std::to_string(i) + "\n";
    Process process({"batch", "-"}, in_folder());
    process.close_output();
    const Ended ended = process.wait(manifest);
    EXPECT_EQ(ended.signal, SIGPIPE) << ended.err;
    EXPECT_EQ(ended.err.find("defect"), std::string::npos) << ended.err;
}

}    // namespace
}    // namespace filfil::e2e
