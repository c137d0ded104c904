// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "batch/receipt_log.hpp"

#include "../base/scratch_folder.hpp"
#include "sample_receipt.hpp"

#include <gtest/gtest.h>

#include <map>

namespace filfil::batch {
namespace {

/// Three files "a", "b", "c" that look as ok_receipt() says, and a log beside them.
class Log : public testing::TestWithParam<ReceiptFormat> {
protected:
    Log() {
        for (const char* name : {"a", "b", "c"}) {
            WorkItem item;
            item.entry.path = name;
            item.size = payload_of(name).size();
            item.mtime_ns = *ok_receipt(name, "x").mtime_ns;
            items.push_back(item);
        }
        options.format = GetParam();
    }

    static std::string payload_of(const std::string& name) { return "payload of " + name; }
    Receipt good(const std::string& name) const { return ok_receipt(name, payload_of(name)); }
    std::string text(const Receipt& receipt) const { return format_receipt(receipt, GetParam(), options.sha256); }
    std::string header() const { return receipt_header(GetParam(), options.sha256); }

    Result<std::unique_ptr<ReceiptLog>> resume() {
        return ReceiptLog::resume(files, clock, folder / "log", options, items);
    }

    /// Resumes on `before`, then writes a receipt for each item not finished, as a run does. @return the names it had
    /// to do
    std::string resume_and_finish(const std::string& before) {
        folder.put("log", before);
        for (WorkItem& item : items) item.finished = false;
        auto log = resume();
        EXPECT_TRUE(log.ok()) << log.error().text();
        std::string done;
        if (!log.ok()) return done;
        for (const WorkItem& item : items) {
            if (item.finished) continue;
            EXPECT_TRUE((*log)->take(good(item.entry.path)).ok());
            done += item.entry.path;
        }
        EXPECT_TRUE((*log)->finish().ok());
        return done;
    }

    /// What each path's receipts are in the file now.
    std::map<std::string, int> receipts() {
        std::map<std::string, int> counts;
        for (const char* name : {"a", "b", "c", "elsewhere"}) {
            const std::string log = folder.get("log");
            const std::string start = GetParam() == ReceiptFormat::csv ? "\n" + std::string(name) + ","
                                                                       : "{\"path\":\"" + std::string(name) + "\"";
            for (std::size_t at = log.find(start); at != std::string::npos; at = log.find(start, at + 1))
                ++counts[name];
        }
        return counts;
    }

    ScratchFolder folder;
    SystemFiles files;
    SystemClock clock;
    LogOptions options;
    std::vector<WorkItem> items;
};

using Counts = std::map<std::string, int>;

INSTANTIATE_TEST_SUITE_P(Formats, Log, testing::Values(ReceiptFormat::jsonl, ReceiptFormat::csv));

TEST_P(Log, BeginsAFile) {
    auto log = ReceiptLog::start(files, clock, folder / "log", options);
    ASSERT_TRUE(log.ok());
    ASSERT_TRUE((*log)->take(good("a")).ok());
    ASSERT_TRUE((*log)->take(error_receipt("b", "gone")).ok());
    ASSERT_TRUE((*log)->finish().ok());
    EXPECT_EQ(folder.get("log"), header() + text(good("a")) + text(error_receipt("b", "gone")));
}

TEST_P(Log, NeverOverwrites) {
    folder.put("log", "precious");
    const auto log = ReceiptLog::start(files, clock, folder / "log", options);
    ASSERT_FALSE(log.ok());
    EXPECT_NE(log.error().remedy.find("--resume"), std::string::npos);
    EXPECT_EQ(folder.get("log"), "precious");
    EXPECT_FALSE(ReceiptLog::start(files, clock, folder.path(), options).ok());
    EXPECT_TRUE(ReceiptLog::start(files, clock, "/dev/null", options).ok());
    EXPECT_FALSE(ReceiptLog::start(files, clock, folder / "no/such/log", options).ok());
}

TEST_P(Log, IsOneRunsAtATime) {
    for (const std::string& before : {header() + text(good("a")), header() + text(error_receipt("a", "gone"))}) {
        folder.put("log", before);
        {
            const auto log = resume();
            ASSERT_TRUE(log.ok());
            const std::string now = folder.get("log");
            const auto other = resume();
            ASSERT_FALSE(other.ok());
            EXPECT_NE(other.error().message.find("another program"), std::string::npos) << other.error().message;
            EXPECT_EQ(folder.get("log"), now);
        }
        EXPECT_TRUE(resume().ok());
    }
}

TEST_P(Log, ResumesFromNothing) {
    EXPECT_EQ(resume_and_finish(""), "abc");
    EXPECT_EQ(receipts(), (Counts{{"a", 1}, {"b", 1}, {"c", 1}}));
}

TEST_P(Log, KeepsWhatIsFinishedByteForByte) {
    const std::string before = header() + text(good("c")) + text(good("a"));
    EXPECT_EQ(resume_and_finish(before), "b");
    EXPECT_EQ(folder.get("log"), before + text(good("b")));
}

TEST_P(Log, ATornLineIsDroppedWhereverItIsTorn) {
    const std::string before = header() + text(good("c")) + text(good("a"));
    // Every place near the ends of lines, where it matters, and some between: each try waits for the disk.
    for (std::size_t n = 0; n < before.size();
         n += (n > 20 && before.substr(n - 3, 20).find('\n') == std::string::npos) ? 17 : 1) {
        const std::string done = resume_and_finish(before.substr(0, n));
        EXPECT_EQ(receipts(), (Counts{{"a", 1}, {"b", 1}, {"c", 1}})) << n;
        EXPECT_EQ(folder.get("log").size(), before.size() + text(good("b")).size()) << n;
        EXPECT_EQ(done.find('c') == std::string::npos, n >= (header() + text(good("c"))).size()) << n;
    }
}

TEST_P(Log, ErrorsAreTriedAgainAndLeaveNoTrace) {
    const std::string before =
        header() + text(error_receipt("a", "gone")) + text(good("c")) + text(error_receipt("b", "gone")) + "{\"pa";
    EXPECT_EQ(resume_and_finish(before), "ab");
    EXPECT_EQ(folder.get("log"), header() + text(good("c")) + text(good("a")) + text(good("b")));
}

TEST_P(Log, DoubleReceiptsBecomeOne) {
    Receipt second = good("a");
    second.computed->device = "cuda:0";
    EXPECT_EQ(resume_and_finish(header() + text(good("a")) + text(good("b")) + text(second)), "c");
    EXPECT_EQ(folder.get("log"), header() + text(good("b")) + text(second) + text(good("c")));
    // A later failure does not undo what is finished.
    EXPECT_EQ(resume_and_finish(header() + text(good("a")) + text(error_receipt("a", "gone"))), "bc");
    EXPECT_EQ(receipts(), (Counts{{"a", 1}, {"b", 1}, {"c", 1}}));
}

TEST_P(Log, AFileThatChangedIsNotFinished) {
    Receipt older = good("a");
    *older.mtime_ns -= 1;
    const Receipt shorter = ok_receipt("b", "shorter");
    EXPECT_EQ(resume_and_finish(header() + text(older) + text(shorter) + text(good("c"))), "ab");
    EXPECT_EQ(receipts(), (Counts{{"a", 1}, {"b", 1}, {"c", 1}}));
}

TEST_P(Log, AnotherQuestionIsNotAnswered) {
    items[0].entry.ask = std::make_shared<Ask>(Ask{"7", "", 0, ""});
    items[1].entry.ask = std::make_shared<Ask>(Ask{"", good("b").computed->piece_cid, 0, ""});
    items[2].entry.ask = std::make_shared<Ask>(Ask{"", "", 4096, ""});
    EXPECT_EQ(resume_and_finish(header() + text(good("a")) + text(good("b")) + text(good("c"))), "abc");
    options.pad_to = 4096;
    items[0].entry.ask = nullptr;
    EXPECT_FALSE(is_finished(good("a"), items[0], options));
    options.pad_to = 128;
    EXPECT_TRUE(is_finished(good("a"), items[0], options));
    options.sha256 = true;
    EXPECT_FALSE(is_finished(good("a"), items[0], options));
}

TEST_P(Log, ReceiptsOfOtherFilesStay) {
    const std::string others = text(good("elsewhere")) + text(error_receipt("zzz", "gone"));
    EXPECT_EQ(resume_and_finish(header() + others + text(error_receipt("a", "gone"))), "abc");
    EXPECT_TRUE(folder.get("log").starts_with(header() + others));
    EXPECT_EQ(receipts(), (Counts{{"a", 1}, {"b", 1}, {"c", 1}, {"elsewhere", 1}}));
}

TEST_P(Log, WhatIsNoReceiptFileIsLeftAlone) {
    const std::vector<std::string> strange{"precious", "precious\n", "\x28\xb5\x2f\xfd", "{\"path\":1}\n",
                                           header() + text(good("a")) + "broken\n" + text(good("b"))};
    for (const std::string& before : strange) {
        folder.put("log", before);
        const auto log = resume();
        ASSERT_FALSE(log.ok()) << before;
        EXPECT_NE(log.error().message.find("line "), std::string::npos);
        EXPECT_FALSE(log.error().remedy.empty());
        EXPECT_EQ(folder.get("log"), before);
    }
}

TEST_P(Log, TheFormatIsThatOfTheFile) {
    folder.put("log", header() + text(good("a")));
    options.format = GetParam() == ReceiptFormat::csv ? ReceiptFormat::jsonl : ReceiptFormat::csv;
    const auto log = resume();
    ASSERT_FALSE(log.ok());
    EXPECT_NE(log.error().message.find("--format"), std::string::npos);
    options.format.reset();
    EXPECT_EQ(resume_and_finish(header() + text(good("a"))), "bc");
    EXPECT_EQ(folder.get("log"), header() + text(good("a")) + text(good("b")) + text(good("c")));
}

TEST_P(Log, BlankLinesAndOtherLineEndsDoNotDisturb) {
    std::string before = header() + text(good("a")) + "\n" + text(good("b"));
    for (std::size_t at = before.find('\n'); at != std::string::npos; at = before.find('\n', at + 2))
        before.insert(at, "\r");
    EXPECT_EQ(resume_and_finish(before), "c");
    EXPECT_TRUE(folder.get("log").starts_with(before));
}

TEST(LogColumns, MustBeThoseOfTheFile) {
    const ScratchFolder folder;
    SystemFiles files;
    const SystemClock clock;
    for (const bool has : {false, true}) {
        folder.put("log", receipt_header(ReceiptFormat::csv, has));
        const auto log = ReceiptLog::resume(files, clock, folder / "log", {ReceiptFormat::csv, !has, 0}, {});
        ASSERT_FALSE(log.ok());
        EXPECT_NE(log.error().remedy.find("--sha256"), std::string::npos);
    }
}

}    // namespace
}    // namespace filfil::batch
