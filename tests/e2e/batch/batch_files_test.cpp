// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "batch/sample_batch.hpp"
#include "support/process.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace filfil::e2e {
namespace {

namespace fs = std::filesystem;

void put(const std::string& path, std::string_view text) { std::ofstream(path, std::ios::binary) << text; }

TEST(BatchFiles, ShardsArePartsOfTheBatch) {
    const SampleBatch sample(100);
    std::set<std::string> all;
    for (const std::string shard : {"0/3", "1/3", "2/3"}) {
        const Ended ended = run({"batch", sample.path("in"), "--shard", shard});
        EXPECT_EQ(ended.code, 0) << ended.err;
        const ReceiptMap receipts = receipts_of(ended.out);
        EXPECT_GE(receipts.size(), 33U);
        for (const auto& [path, receipt] : receipts) {
            sample.expect_right(receipt);
            EXPECT_TRUE(all.insert(path).second) << path << " is in two shards";
        }
    }
    EXPECT_EQ(all, sample.paths());
}

TEST(BatchFiles, ShardsMayShareOneFileOfReceipts) {
    const SampleBatch sample(30);
    for (const std::string shard : {"2/3", "0/3", "1/3"})
        EXPECT_EQ(run({"batch", sample.path("in"), "--shard", shard, "--out", sample.path("out"), "--resume"}).code, 0);
    EXPECT_EQ(receipts_of(read_file(sample.path("out"))).size(), 30U);
}

TEST(BatchFiles, GoodMissingUnreadableAndDoubleEntries) {
    SampleBatch sample(0);
    const std::string good = sample.add("good.car", batch::sample_payload(1, 70'000));
    const std::string twice = sample.add("twice.car", batch::sample_payload(2, 1'000));
    sample.add("glob/a[1].car", batch::sample_payload(3, 1'001));
    sample.add("glob/b.car", batch::sample_payload(4, 2'000'000));
    put(sample.path("empty.car"), "");
    put(sample.path("tiny.car"), std::string(64, 'x'));
    fs::create_directory(sample.path("folder.car"));
    fs::create_symlink("nowhere", sample.path("dangling.car"));
    fs::create_symlink("/proc/self/mem", sample.path("memory.car"));
    put(sample.path("list.txt"),
        "\xef\xbb\xbf# what came from the client\r\n"
        "good.car\r\n"
        "\r\n"
        "twice.car\n./twice.car\ntwice.c?r\n{\"path\":\"twice.car\",\"id\":\"t\"}\n"
        "glob/*.car\nglob/a[1].car\n"
        "missing.car\nempty.car\ntiny.car\nfolder.car\ndangling.car\nmemory.car\nnone-*.car");
    const Ended ended = run({"batch", sample.path("list.txt")});
    EXPECT_EQ(ended.code, 1);
    EXPECT_NE(lines_of(ended.err).back().find("4 ok, 7 failed, 0 skipped, 2072001 bytes"), std::string::npos)
        << ended.err;
    const ReceiptMap receipts = receipts_of(ended.out);
    EXPECT_EQ(receipts.size(), 11U);
    for (const std::string& path : sample.paths()) {
        ASSERT_TRUE(receipts.contains(path)) << path;
        sample.expect_right(receipts.at(path));
    }
    EXPECT_EQ(receipts.at(twice).at("id"), "t");
    EXPECT_EQ(receipts.at(good).at("id"), nullptr);
    const auto error = [&](const std::string& name) {
        const nlohmann::json& receipt = receipts.at(sample.path(name));
        EXPECT_EQ(receipt.at("status"), "error");
        EXPECT_EQ(receipt.at("piece_cid"), nullptr);
        return receipt.at("error").get<std::string>();
    };
    EXPECT_NE(error("missing.car").find("No such file"), std::string::npos);
    EXPECT_NE(error("empty.car").find("empty"), std::string::npos);
    EXPECT_NE(error("tiny.car").find("65"), std::string::npos);
    EXPECT_NE(error("folder.car").find("folder"), std::string::npos);
    EXPECT_NE(error("dangling.car").find("No such file"), std::string::npos);
    EXPECT_FALSE(error("memory.car").empty());
    EXPECT_NE(error("none-*.car").find("matches no file"), std::string::npos);
}

TEST(BatchFiles, ExpectedPieceCidsAreChecked) {
    SampleBatch sample(0);
    const std::string payload = batch::sample_payload(1, 100'000);
    const batch::ReferencePiece natural = batch::reference_piece(payload);
    const batch::ReferencePiece padded = batch::reference_piece(payload, 1 << 20);
    const std::vector<std::pair<std::string, std::string>> right{{"v1", natural.piece_cid},
                                                                 {"v2", natural.piece_cid_v2},
                                                                 {"padded-v1", padded.piece_cid},
                                                                 {"padded-v2", padded.piece_cid_v2}};
    std::string manifest;
    const auto line = [&](const std::string& name, const std::string& cid) {
        manifest += nlohmann::json{{"path", name}, {"piece_cid", cid}, {"id", name}}.dump() + "\n";
    };
    for (const auto& [name, cid] : right) {
        sample.add(name, payload);
        line(name, cid);
    }
    put(sample.path("truncated"), payload.substr(0, payload.size() - 1));
    line("truncated", natural.piece_cid);
    put(sample.path("other"), batch::sample_payload(2, 100'000));
    line("other", natural.piece_cid_v2);
    put(sample.path("list"), manifest);

    const Ended ended = run({"--batch", sample.path("list")});
    EXPECT_EQ(ended.code, 1);
    const ReceiptMap receipts = receipts_of(ended.out);
    ASSERT_EQ(receipts.size(), 6U);
    for (const auto& [name, cid] : right) {
        const nlohmann::json& receipt = receipts.at(sample.path(name));
        sample.expect_right(receipt);
        EXPECT_EQ(receipt.at("match"), true);
        EXPECT_EQ(receipt.at("expected"), cid);
        EXPECT_EQ(receipt.at("id"), name);
    }
    for (const std::string name : {"truncated", "other"}) {
        const nlohmann::json& receipt = receipts.at(sample.path(name));
        EXPECT_EQ(receipt.at("match"), false);
        EXPECT_EQ(receipt.at("status"), "error");
        EXPECT_TRUE(receipt.at("piece_cid").is_string());
        EXPECT_NE(receipt.at("error").get<std::string>().find(receipt.at("expected").get<std::string>()),
                  std::string::npos);
    }
}

TEST(BatchFiles, ReceiptsAreAManifestForTheNextCheck) {
    const SampleBatch sample(20);
    ASSERT_EQ(run({"batch", sample.path("in"), "--out", sample.path("receipts")}).code, 0);
    EXPECT_EQ(run({"batch", sample.path("receipts")}).code, 0);
    put(*sample.paths().begin(), batch::sample_payload(99, 500));
    const Ended changed = run({"batch", sample.path("receipts")});
    EXPECT_EQ(changed.code, 1);
    EXPECT_NE(changed.err.find("19 ok, 1 failed"), std::string::npos);
}

TEST(BatchFiles, ResumeLooksAtWhatChanged) {
    SampleBatch sample(10);
    put(sample.path("list"), "in/*/*\nlate\n");
    const std::vector<std::string> arguments{"batch", sample.path("list"), "--out", sample.path("out"), "--resume"};
    EXPECT_EQ(run(arguments).code, 1);
    sample.add("late", batch::sample_payload(100, 5000));
    Ended ended = run(arguments);
    EXPECT_EQ(ended.code, 0);
    EXPECT_NE(ended.err.find("1 ok, 0 failed, 10 skipped"), std::string::npos) << ended.err;
    // The same size, other bytes: the time tells.
    sample.add("late", batch::sample_payload(101, 5000));
    fs::last_write_time(sample.path("late"), fs::last_write_time(sample.path("late")) + std::chrono::nanoseconds(1));
    ended = run(arguments);
    EXPECT_NE(ended.err.find("1 ok, 0 failed, 10 skipped"), std::string::npos) << ended.err;
    const ReceiptMap receipts = receipts_of(read_file(sample.path("out")));
    EXPECT_EQ(receipts.size(), 11U);
    for (const auto& [path, receipt] : receipts) sample.expect_right(receipt);
}

TEST(BatchFiles, ManyThreadsAndEachInstructionSetAgree) {
    const SampleBatch sample(130);
    for (const std::vector<std::string>& extra :
         {std::vector<std::string>{"--isa", "portable"}, std::vector<std::string>{"--threads", "7"},
          std::vector<std::string>{"--threads", "1"}}) {
        std::vector<std::string> arguments{"batch", sample.path("in")};
        arguments.insert(arguments.end(), extra.begin(), extra.end());
        const Ended ended = run(arguments);
        EXPECT_EQ(ended.code, 0) << ended.err;
        const ReceiptMap receipts = receipts_of(ended.out);
        EXPECT_EQ(receipts.size(), 130U);
        for (const auto& [path, receipt] : receipts) sample.expect_right(receipt);
    }
}

}    // namespace
}    // namespace filfil::e2e
