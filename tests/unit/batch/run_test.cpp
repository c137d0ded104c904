// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "batch/run.hpp"

#include "../base/scratch_folder.hpp"
#include "batch/expectation.hpp"
#include "commp/piece.hpp"
#include "fake_backend.hpp"

#include <gtest/gtest.h>

#include <sys/stat.h>

#include <atomic>
#include <functional>
#include <map>

namespace filfil::batch {
namespace {

namespace fs = std::filesystem;

class Receipts final : public ReceiptSink {
public:
    Result<void> take(const Receipt& receipt) override {
        EXPECT_TRUE(by_path.emplace(receipt.path, receipt).second) << receipt.path << " twice";
        if (on_take) on_take();
        if (by_path.size() == refuse_at) return Error(ErrorCode::io, "the disk is full");
        return {};
    }
    std::map<std::string, Receipt> by_path;
    std::function<void()> on_take;
    std::size_t refuse_at = SIZE_MAX;
};

class CountingProgress final : public Progress {
public:
    void advance(std::uint64_t bytes) noexcept override { sum += bytes; }
    std::atomic<std::uint64_t> sum{0};
};

/// Whether jobs end inside submit(), as on a CPU, or later on another thread, as on a device.
class RunBatch : public testing::TestWithParam<bool> {
protected:
    RunBatch() : backend(GetParam() ? &device : nullptr) {}

    std::string put(const std::string& name, std::size_t size) {
        payloads[folder / name] = sample_payload(payloads.size(), size);
        return folder.put(name, payloads[folder / name]);
    }

    void list(const std::string& path, Ask ask = {}) {
        entries.push_back({path, ask == Ask{} ? nullptr : std::make_shared<Ask>(ask), 0});
    }

    Result<Summary> run() {
        items = take_stock(files, executor, entries);
        options.progress = &progress;
        return run_batch(items, files, backend, executor, clock, receipts, options);
    }

    void expect_right(const std::string& path, std::uint64_t padded_size = 0) {
        const auto it = receipts.by_path.find(path);
        ASSERT_NE(it, receipts.by_path.end()) << path;
        const Receipt& receipt = it->second;
        ASSERT_TRUE(receipt.computed) << receipt.error;
        const std::string& payload = payloads.at(path);
        const ReferencePiece reference = reference_piece(payload, padded_size);
        EXPECT_EQ(receipt.computed->payload_size, payload.size());
        EXPECT_EQ(receipt.computed->padded_size, reference.padded_size);
        EXPECT_EQ(receipt.computed->piece_cid, reference.piece_cid) << payload.size();
        EXPECT_EQ(receipt.computed->piece_cid_v2, reference.piece_cid_v2);
        EXPECT_EQ(receipt.computed->device, "fake:0");
        EXPECT_TRUE(receipt.mtime_ns.has_value());
    }

    std::string error_of(const std::string& path) {
        const auto it = receipts.by_path.find(path);
        if (it == receipts.by_path.end()) return "no receipt";
        EXPECT_FALSE(it->second.ok());
        EXPECT_FALSE(it->second.computed && !it->second.match);
        return it->second.error;
    }

    ScratchFolder folder;
    SystemFiles files;
    SystemClock clock;
    ThreadPool executor{3};
    ThreadPool device{1};
    FakeBackend backend;
    Receipts receipts;
    CountingProgress progress;
    RunOptions options{.workers = 3};
    std::map<std::string, std::string> payloads;
    std::vector<Entry> entries;
    std::vector<WorkItem> items;
};

INSTANTIATE_TEST_SUITE_P(Backends, RunBatch, testing::Values(false, true),
                         [](const auto& info) { return info.param ? "Later" : "AtOnce"; });

TEST_P(RunBatch, HashesFilesOfAllSizes) {
    const std::vector<std::size_t> sizes{65,   66,   126,  127,  128,   129,    253,    254,    255,    508,    509,
                                         1016, 1017, 4064, 4065, 65024, 130048, 130049, 200000, 300000, 260'000};
    std::uint64_t sum = 0;
    for (const std::size_t size : sizes) {
        list(put("f" + std::to_string(size), size));
        sum += size;
    }
    const auto summary = run();
    ASSERT_TRUE(summary.ok());
    EXPECT_EQ(summary->ok, sizes.size());
    EXPECT_EQ(summary->failed, 0U);
    EXPECT_EQ(summary->bytes, sum);
    EXPECT_FALSE(summary->stopped);
    EXPECT_EQ(progress.sum, sum);
    EXPECT_GT(backend.largest_submission, 3U);
    for (const auto& [path, payload] : payloads) expect_right(path);
}

TEST_P(RunBatch, ManySmallFilesShareBuffers) {
    for (std::size_t i = 0; i < 300; ++i) list(put("f" + std::to_string(i), 65 + i * 7));
    ASSERT_TRUE(run().ok());
    EXPECT_GT(backend.largest_submission, 20U);
    for (const auto& [path, payload] : payloads) expect_right(path);
}

TEST_P(RunBatch, WhatCannotBeHashedIsAReceiptAndTheOthersGoOn) {
    list(put("good", 1000));
    list(folder / "missing");
    fs::create_symlink("nowhere", folder / "dangling");
    list(folder / "dangling");
    fs::create_directory(folder / "folder");
    list(folder / "folder");
    list(put("empty", 0));
    list(put("tiny", 64));
    ASSERT_EQ(::mkfifo((folder / "pipe").c_str(), 0600), 0);
    list(folder / "pipe");
    list("/proc/self/mem");
    list(folder / "*.zip", {"", "", 0, "matches no file"});
    const auto summary = run();
    ASSERT_TRUE(summary.ok());
    EXPECT_EQ(summary->ok, 1U);
    EXPECT_EQ(summary->failed, entries.size() - 1);
    expect_right(folder / "good");
    EXPECT_NE(error_of(folder / "missing").find("No such file"), std::string::npos);
    EXPECT_NE(error_of(folder / "dangling").find("No such file"), std::string::npos);
    EXPECT_NE(error_of(folder / "folder").find("is a folder"), std::string::npos);
    EXPECT_NE(error_of(folder / "empty").find("is empty"), std::string::npos);
    EXPECT_NE(error_of(folder / "tiny").find("64 bytes"), std::string::npos);
    EXPECT_NE(error_of(folder / "pipe").find("no regular file"), std::string::npos);
    EXPECT_FALSE(error_of("/proc/self/mem").empty());
    EXPECT_EQ(error_of(folder / "*.zip"), "matches no file");
    EXPECT_EQ(progress.sum, 1064U);
}

TEST_P(RunBatch, SmallFilesAreHashedWhereThatIsAllowed) {
    options.allow_small = true;
    list(put("empty", 0));
    list(put("one", 1));
    list(put("tiny", 64));
    ASSERT_TRUE(run().ok());
    for (const auto& [path, payload] : payloads) expect_right(path);
}

TEST_P(RunBatch, HoldsPiecesAgainstWhatIsExpected) {
    put("f", 1000);
    const std::string& payload = payloads[folder / "f"];
    const ReferencePiece natural = reference_piece(payload);
    const ReferencePiece padded = reference_piece(payload, 1 << 16);
    const ReferencePiece other = reference_piece("another");
    const std::vector<std::pair<std::string, bool>> cases{
        {natural.piece_cid, true},
        {natural.piece_cid_v2, true},
        {padded.piece_cid, true},
        {padded.piece_cid_v2, true},
        {other.piece_cid, false},
        {other.piece_cid_v2, false},
        {ipld::piece_cid_v2(natural.root, 999, natural.padded_size)->text(), false}};
    for (const std::uint64_t pad_to : {0U, 4096U})
        for (const auto& [expected, match] : cases) {
            entries.clear();
            receipts.by_path.clear();
            list(folder / "f", {"7", expected, pad_to, ""});
            const auto summary = run();
            ASSERT_TRUE(summary.ok());
            const Receipt& receipt = receipts.by_path.at(folder / "f");
            EXPECT_EQ(receipt.match, match) << expected;
            EXPECT_EQ(receipt.expected, expected);
            EXPECT_EQ(receipt.id, "7");
            EXPECT_EQ(receipt.ok(), match);
            EXPECT_EQ(summary->failed, match ? 0U : 1U);
            if (!match) EXPECT_NE(receipt.error.find(expected), std::string::npos);
            expect_right(folder / "f", pad_to);
        }
}

TEST_P(RunBatch, PadsAsAsked) {
    options.pad_to = 4096;
    list(put("own", 1000), {"", "", 8192, ""});
    list(put("runs", 1000));
    list(put("too long", 5000));
    ASSERT_TRUE(run().ok());
    expect_right(folder / "own", 8192);
    expect_right(folder / "runs", 4096);
    EXPECT_FALSE(error_of(folder / "too long").empty());
}

TEST_P(RunBatch, Sha256ComesAlong) {
    options.sha256 = true;
    list(put("small", 1000));
    list(put("large", 300'000));
    ASSERT_TRUE(run().ok());
    for (const auto& [path, payload] : payloads)
        EXPECT_EQ(receipts.by_path.at(path).computed->sha256, to_hex(ipld::sha2_256_portable(bytes_of(payload))));
}

TEST_P(RunBatch, FinishedFilesAreSkipped) {
    list(put("a", 100));
    list(put("b", 100));
    items = take_stock(files, executor, entries);
    items[0].finished = true;
    const auto summary = run_batch(items, files, backend, executor, clock, receipts, options);
    ASSERT_TRUE(summary.ok());
    EXPECT_EQ(summary->skipped, 1U);
    EXPECT_EQ(summary->ok, 1U);
    EXPECT_EQ(receipts.by_path.count(folder / "a"), 0U);
}

TEST_P(RunBatch, DeviceFailuresAreReceipts) {
    backend.fails = [](ByteView quads) { return chars_of(quads).starts_with("bad"); };
    list(put("good", 1000));
    folder.put("bad", "bad" + std::string(200, 'x'));
    folder.put("bad large", "bad" + std::string(300'000, 'x'));
    list(folder / "bad");
    list(folder / "bad large");
    ASSERT_TRUE(run().ok());
    expect_right(folder / "good");
    EXPECT_NE(error_of(folder / "bad").find("device failed"), std::string::npos);
    EXPECT_NE(error_of(folder / "bad large").find("device failed"), std::string::npos);
    receipts.by_path.clear();
    backend.refuse_submissions = true;
    ASSERT_TRUE(run().ok());
    EXPECT_NE(error_of(folder / "good").find("gone"), std::string::npos);
}

TEST_P(RunBatch, StoppingLeavesWholeReceipts) {
    for (std::size_t i = 0; i < 2000; ++i) list(put("f" + std::to_string(i), 1000 + i));
    std::stop_source stop;
    options.stop = stop.get_token();
    receipts.on_take = [&] { stop.request_stop(); };
    const auto summary = run();
    ASSERT_TRUE(summary.ok());
    EXPECT_TRUE(summary->stopped);
    EXPECT_LT(receipts.by_path.size(), 2000U);
    EXPECT_EQ(summary->ok, receipts.by_path.size());
    for (const auto& [path, receipt] : receipts.by_path) expect_right(path);
}

TEST_P(RunBatch, ReceiptsThatCannotBeRecordedEndTheRun) {
    for (std::size_t i = 0; i < 2000; ++i) list(put("f" + std::to_string(i), 1000));
    receipts.refuse_at = 10;
    const auto summary = run();
    ASSERT_FALSE(summary.ok());
    EXPECT_NE(summary.error().message.find("disk is full"), std::string::npos);
    EXPECT_EQ(receipts.by_path.size(), 10U);
}

/// Files that change as they are opened, as if another program wrote to them.
class ChangingFiles final : public Files {
public:
    explicit ChangingFiles(std::function<void(const std::string&)> change) : m_change(std::move(change)) {}
    Result<std::unique_ptr<ReadableFile>> open(const std::string& path) override {
        auto file = m_files.open(path);
        m_change(path);
        return file;
    }
    Result<std::unique_ptr<ReadableFile>> open_standard_input() override { return m_files.open_standard_input(); }
    Result<std::unique_ptr<OutputFile>> create(const std::string& path) override { return m_files.create(path); }
    Result<std::unique_ptr<AppendFile>> open_append(const std::string& path) override {
        return m_files.open_append(path);
    }
    Result<FileInfo> info(const std::string& path) override { return m_files.info(path); }
    Result<std::vector<std::string>> list(const std::string& folder) override { return m_files.list(folder); }
    Result<void> make_folders(const std::string& path) override { return m_files.make_folders(path); }
    Result<void> remove(const std::string& path) override { return m_files.remove(path); }

private:
    SystemFiles m_files;
    std::function<void(const std::string&)> m_change;
};

TEST_P(RunBatch, FilesThatChangeWhileTheyAreReadAreErrors) {
    const auto change = [](const std::string& path) {
        const std::uint64_t size = fs::file_size(path);
        if (path.find("shrinks") != std::string::npos) fs::resize_file(path, size / 2);
        if (path.find("grows") != std::string::npos) fs::resize_file(path, size + 1);
        if (path.find("goes") != std::string::npos) fs::remove(path);
        if (path.find("touched") != std::string::npos)
            fs::last_write_time(path, fs::file_time_type::clock::now() + std::chrono::hours(1));
    };
    ChangingFiles changing(change);
    const std::vector<std::string> kinds{"shrinks", "grows", "goes", "touched"};
    for (const std::string& kind : kinds) {
        list(put("small " + kind, 1000));
        list(put("large " + kind, 300'000));
    }
    list(put("good", 1000));
    items = take_stock(changing, executor, entries);
    ASSERT_TRUE(run_batch(items, changing, backend, executor, clock, receipts, options).ok());
    expect_right(folder / "good");
    for (const std::string& kind : kinds)
        for (const std::string size : {"small ", "large "}) {
            const std::string error = error_of(folder / (size + kind));
            EXPECT_TRUE(error.find("while it was") != std::string::npos ||
                        error.find("when it was opened") != std::string::npos)
                << error;
        }
}

TEST_P(RunBatch, FilesThatGrewSinceThePlanAreHashedAsTheyAre) {
    for (const char* name : {"a", "b", "c"}) list(put(name, 1000));
    items = take_stock(files, executor, entries);
    put("a", 2000);
    put("b", 200'000);
    put("c", 500);
    ASSERT_TRUE(run_batch(items, files, backend, executor, clock, receipts, options).ok());
    for (const auto& [path, payload] : payloads) expect_right(path);
}

TEST(Expectation, NeedsAPieceCid) { EXPECT_FALSE(is_expected_piece({}, "nonsense").ok()); }

}    // namespace
}    // namespace filfil::batch
