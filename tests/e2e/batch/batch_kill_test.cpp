// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "batch/sample_batch.hpp"
#include "support/process.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <random>
#include <thread>

namespace filfil::e2e {
namespace {

namespace fs = std::filesystem;

std::uintmax_t size_of(const std::string& path) {
    std::error_code missing;
    const std::uintmax_t size = fs::file_size(path, missing);
    return missing ? 0 : size;
}

/// Lets the batch write about `more` bytes of receipts. @return false if it ended by itself before that
bool run_a_while(const Process& process, const std::string& out, std::uintmax_t more) {
    const std::uintmax_t begin = size_of(out);
    while (process.is_running()) {
        if (size_of(out) >= begin + more) return true;
        std::this_thread::sleep_for(std::chrono::microseconds(200));
    }
    return false;
}

struct KilledBatch {
    std::size_t kills = 0;
    std::size_t finished_before_last = 0;    ///< lines that the last run found
    Ended last;
};

/// Kills a batch again and again until it gets to its end, and sees after each kill that no receipt that was whole is
/// gone or was made anew: such a line, with its time in it, stays as it is.
KilledBatch kill_until_done(const std::vector<std::string>& arguments, const std::string& out, std::uintmax_t step) {
    std::mt19937_64 random(20261121);
    KilledBatch result;
    std::vector<std::string> before;
    for (int round = 0; round < 500; ++round) {
        Process process(arguments);
        const bool killed = run_a_while(process, out, random() % step + 1);
        if (killed) process.kill(SIGKILL);
        result.last = process.wait();
        std::string content = read_file(out);
        std::vector<std::string> after = whole_lines_of(content);
        const std::set<std::string> kept(after.begin(), after.end());
        for (const std::string& line : before) EXPECT_TRUE(kept.contains(line)) << "lost or made anew: " << line;
        if (!killed || result.last.signal == 0) {
            result.finished_before_last = before.size();
            return result;
        }
        ++result.kills;
        // Every other time the machine's own end is played, too: the last line got to the disk in part.
        if (round % 2 == 1 && content.size() > 10) {
            fs::resize_file(out, content.size() - random() % std::min<std::size_t>(content.size(), 400));
            content = read_file(out);
            after = whole_lines_of(content);
        }
        before = after;
    }
    ADD_FAILURE() << "does not get to its end";
    return result;
}

TEST(BatchKill, AThousandFilesKilledAndResumedHaveOneRightReceiptEach) {
    const SampleBatch sample(1000);
    // On a machine that is busy enough a batch may get to its end between two looks at it; then once more from the
    // start.
    std::size_t kills = 0;
    for (int attempt = 0; attempt < 10 && kills < 5; ++attempt) {
        const TemporaryFolder elsewhere;
        const std::string out = elsewhere.path("receipts.jsonl");
        const KilledBatch batch = kill_until_done(
            {"batch", sample.path("in"), "--out", out, "--resume", "--threads", "2", "--isa", "portable"}, out, 60'000);
        kills += batch.kills;
        EXPECT_EQ(batch.last.code, 0) << batch.last.err;

        const ReceiptMap receipts = receipts_of(elsewhere.read("receipts.jsonl"));
        EXPECT_EQ(receipts.size(), 1000U);
        for (const auto& [path, receipt] : receipts) sample.expect_right(receipt);
        const std::string summary = lines_of(batch.last.err).back();
        const std::string expected = std::to_string(1000 - batch.finished_before_last) + " ok, 0 failed, " +
                                     std::to_string(batch.finished_before_last) + " skipped, ";
        EXPECT_NE(summary.find(expected), std::string::npos) << summary << " but " << expected;
        EXPECT_EQ(elsewhere.list(), std::vector<std::string>{"receipts.jsonl"});
    }
    RecordProperty("kills", static_cast<int>(kills));
    EXPECT_GE(kills, 5U);
}

TEST(BatchKill, CsvWithFailuresSurvivesAsWell) {
    SampleBatch sample(150);
    for (int i = 0; i < 20; ++i)
        sample.add("in/with, \"comma\" " + std::to_string(i), std::string(1000, static_cast<char>(i)));
    std::string manifest = "in/*/*\nin/with*\n";
    for (int i = 0; i < 10; ++i) manifest += "in/missing-" + std::to_string(i) + "\n";
    const TemporaryFolder elsewhere;
    std::ofstream(sample.path("list")) << manifest;
    const std::string out = elsewhere.path("receipts.csv");
    const std::vector<std::string> arguments{"--batch",  sample.path("list"), "--out", out,
                                             "--resume", "--format",          "csv"};

    // As above, it may get to its end between two looks at it.
    std::size_t kills = 0;
    Ended last;
    for (int attempt = 0; attempt < 10 && kills == 0; ++attempt) {
        fs::remove(out);
        for (int round = 0; round < 200; ++round) {
            Process process(arguments);
            // The files that are missing come first, and again in every round, until a round gets past them.
            const bool killed = run_a_while(process, out, 2'000 + static_cast<std::uintmax_t>(round) * 500);
            if (killed) process.kill(SIGKILL);
            last = process.wait();
            if (!killed || last.signal == 0) break;
            ++kills;
        }
    }
    EXPECT_EQ(last.code, 1) << last.err;
    EXPECT_GE(kills, 1U);
    const std::string csv = elsewhere.read("receipts.csv");
    EXPECT_TRUE(csv.starts_with("path,payload_size,"));
    EXPECT_EQ(whole_lines_of(csv).size(), 1 + 150U + 20 + 10);
    for (int i = 0; i < 10; ++i) {
        const std::string start = "\n" + sample.path("in/missing-" + std::to_string(i)) + ",";
        const std::size_t at = csv.find(start);
        ASSERT_NE(at, std::string::npos);
        EXPECT_EQ(csv.find(start, at + 1), std::string::npos);
    }
    for (const std::string& path : sample.paths()) {
        std::string field = path;
        if (field.find('"') != std::string::npos) {
            for (std::size_t at = field.find('"'); at != std::string::npos; at = field.find('"', at + 2))
                field.insert(at, "\"");
            field = '"' + field + '"';
        }
        const std::size_t at = csv.find("\n" + field + ",");
        ASSERT_NE(at, std::string::npos) << field;
        EXPECT_EQ(csv.find("\n" + field + ",", at + 1), std::string::npos) << field;
    }
}

TEST(BatchKill, AnInterruptLeavesWholeReceiptsAndSaysHowToGoOn) {
    const SampleBatch sample(400);
    const TemporaryFolder elsewhere;
    const std::string out = elsewhere.path("receipts.jsonl");
    const std::vector<std::string> arguments{"batch", sample.path("in"), "--out",     out,
                                             "--isa", "portable",        "--threads", "1"};
    Ended first;
    // On a busy machine the batch may get to its end before the signal; then once more.
    for (int attempt = 0; attempt < 20 && first.signal == 0; ++attempt) {
        fs::remove(out);
        Process process(arguments);
        if (run_a_while(process, out, 2'000)) process.kill(SIGINT);
        first = process.wait();
    }
    EXPECT_EQ(first.signal, SIGINT) << first.err;
    EXPECT_NE(first.err.find("--resume"), std::string::npos) << first.err;
    const std::string before = elsewhere.read("receipts.jsonl");
    const std::size_t done = receipts_of(before).size();
    EXPECT_GT(done, 0U);
    EXPECT_LT(done, 400U);

    const Ended second = run({"batch", sample.path("in"), "--out", out, "--resume"});
    EXPECT_EQ(second.code, 0) << second.err;
    EXPECT_NE(lines_of(second.err)
                  .back()
                  .find(std::to_string(400 - done) + " ok, 0 failed, " + std::to_string(done) + " skipped"),
              std::string::npos)
        << second.err;
    EXPECT_TRUE(elsewhere.read("receipts.jsonl").starts_with(before));
    EXPECT_EQ(receipts_of(elsewhere.read("receipts.jsonl")).size(), 400U);
}

}    // namespace
}    // namespace filfil::e2e
