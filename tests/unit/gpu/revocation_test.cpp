// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "../base/scratch_folder.hpp"
#include "batch/run.hpp"
#include "commp/hash_source.hpp"
#include "commp/stream.hpp"
#include "rig.hpp"
#include "watchdog.hpp"

#include <gtest/gtest.h>

namespace filfil::gpu {
namespace {

using test::Call;
using test::Fault;

/// Lets the card go when the backend is drained: until then submissions only pile up.
class HeldUntilDrained final : public commp::Backend {
public:
    HeldUntilDrained(commp::Backend& backend, test::FakeMachine& machine) : m_backend(backend), m_machine(machine) {
        m_machine.hold(0);
    }
    [[nodiscard]] std::string name() const override { return m_backend.name(); }
    [[nodiscard]] std::string description() const override { return m_backend.description(); }
    [[nodiscard]] commp::BackendLimits limits() const noexcept override { return m_backend.limits(); }
    [[nodiscard]] Result<std::unique_ptr<commp::Staging>> acquire() override { return m_backend.acquire(); }
    [[nodiscard]] Result<void> submit(commp::Submission submission) override {
        return m_backend.submit(std::move(submission));
    }
    void drain() override {
        m_machine.release(0);
        m_backend.drain();
    }
    [[nodiscard]] std::uint64_t revocations() const noexcept override { return m_backend.revocations(); }

private:
    commp::Backend& m_backend;
    test::FakeMachine& m_machine;
};

class Receipts final : public batch::ReceiptSink {
public:
    Result<void> take(const batch::Receipt& receipt) override {
        EXPECT_TRUE(receipt.computed.has_value()) << receipt.error;
        if (receipt.computed) EXPECT_TRUE(cids.emplace(receipt.path, receipt.computed->piece_cid_v2).second);
        return {};
    }
    std::map<std::string, std::string> cids;
};

/// A backend with one lane a card, of which every other submission is checked, the first being so. Card 0 computes
/// wrongly from its second on: that is told to the sinks as it is, and the third finds it out.
class Revocation : public testing::Test {
protected:
    void open(unsigned cards) {
        GpuBackendOptions options = test::backend_options(cards, 1, &m_log);
        options.check_every = 2;
        auto backend = make_gpu_backend(*m_runtime, std::make_unique<ThreadPool>(4), options);
        ASSERT_TRUE(backend.ok());
        m_backend = std::move(*backend);
        m_machine.inject({.fault = Fault::wrong_from_now, .n = 1, .call = Call::wait, .card = 0});
    }

    void TearDown() override {
        m_backend.reset();
        EXPECT_EQ(m_machine.complaints(), std::vector<std::string>{});
    }

    /// Files that fill a buffer each.
    std::vector<batch::WorkItem> put_files(std::size_t count) {
        std::vector<batch::Entry> entries;
        for (std::size_t i = 0; i < count; ++i) {
            const Bytes payload = test::random_payload(256 * 127 - i, i);
            const std::string path = m_folder.put("f" + std::to_string(i), chars_of(payload));
            m_expected[path] = commp::piece_cid_v2(reference::piece(payload)).text();
            entries.push_back({path, nullptr, 0});
        }
        return batch::take_stock(m_files, m_executor, entries);
    }

    test::Watchdog m_watchdog;
    test::FakeMachine m_machine{test::fake_cards(2)};
    std::unique_ptr<Runtime> m_runtime = m_machine.runtime();
    test::LogLines m_log;
    std::unique_ptr<commp::Backend> m_backend;
    InlineExecutor m_executor;
    SystemFiles m_files;
    SystemClock m_clock;
    const ScratchFolder m_folder;
    std::map<std::string, std::string> m_expected;
    const Bytes m_payload = test::random_payload(6 * 256 * 127, 1);
};

TEST_F(Revocation, WrongNodesOfAFileThatWereGivenBeforeAreHashedAgain) {
    open(1);
    const auto file = memory_file("payload", m_payload);
    const auto hashed = commp::hash_source(*file, *m_backend, m_executor, {.stop = {}});
    ASSERT_TRUE(hashed.ok());
    EXPECT_GE(m_machine.flips(), 2U);
    EXPECT_EQ(hashed->piece, reference::piece(m_payload));
    EXPECT_EQ(m_backend->revocations(), 1U);
}

TEST_F(Revocation, WrongNodesOfWhatWasPushedAreAnErrorAndTheNextIsRight) {
    open(1);
    const auto doubtful = test::hash_pushed(*m_backend, m_payload);
    ASSERT_FALSE(doubtful.ok());
    EXPECT_EQ(doubtful.error().code, ErrorCode::device);
    EXPECT_NE(doubtful.error().message.find("in doubt"), std::string::npos);
    EXPECT_NE(doubtful.error().remedy, "");
    const auto again = test::hash_pushed(*m_backend, m_payload);
    ASSERT_TRUE(again.ok());
    EXPECT_EQ(*again, reference::piece(m_payload));
}

TEST_F(Revocation, WrongNodesOfAPackThatWereGivenBeforeAreHashedAgain) {
    open(1);
    HeldUntilDrained held(*m_backend, m_machine);
    const auto items = put_files(5);
    Receipts receipts;
    const auto summary = batch::run_batch(items, m_files, held, m_executor, m_clock, receipts, {.stop = {}});
    ASSERT_TRUE(summary.ok());
    EXPECT_EQ(summary->ok, 5U);
    EXPECT_GE(m_machine.flips(), 2U);
    EXPECT_EQ(receipts.cids, m_expected);
    EXPECT_EQ(m_backend->revocations(), 1U);
}

TEST_F(Revocation, WhatComesAfterIsHashedOnce) {
    open(2);
    for (int i = 0; i < 12; ++i) {
        // One at a time, so that both lanes take their turns.
        test::NodeSink sink;
        ASSERT_TRUE(test::submit(*m_backend, test::known_job(256, 10, 1), 0, sink).ok());
        m_backend->drain();
    }
    ASSERT_EQ(m_backend->revocations(), 1U);
    const auto items = put_files(4);
    for (const bool packs : {true, false}) {
        const std::uint64_t before = m_machine.calls(Call::wait, 1);
        if (packs) {
            Receipts receipts;
            ASSERT_TRUE(batch::run_batch(items, m_files, *m_backend, m_executor, m_clock, receipts, {.stop = {}}).ok());
            EXPECT_EQ(receipts.cids, m_expected);
        } else {
            const auto file = memory_file("payload", ByteView(m_payload).first(4 * 256 * 127));
            EXPECT_TRUE(commp::hash_source(*file, *m_backend, m_executor, {.stop = {}}).ok());
        }
        EXPECT_EQ(m_machine.calls(Call::wait, 1) - before, 4U);
    }
}

}    // namespace
}    // namespace filfil::gpu
