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

using test::Fault;

/// Eleven full buffers and a bit of one more: tiles, single quads and all levels of parents.
constexpr std::size_t payload_size = 11 * 256 * 127 + 1000;

/// How a payload was hashed.
struct Outcome {
    bool right = false;            ///< all of it
    std::optional<Error> error;    ///< the first, if there were any
    std::size_t errors = 0;
};

/// A payload as a file or as a stream.
class Source final : public ReadableFile {
public:
    Source(ByteView bytes, bool is_file) : m_file(memory_file("payload", bytes)), m_is_file(is_file) {}
    [[nodiscard]] const std::string& name() const noexcept override { return m_file->name(); }
    [[nodiscard]] std::optional<std::uint64_t> size() const noexcept override {
        return m_is_file ? m_file->size() : std::nullopt;
    }
    [[nodiscard]] Result<std::size_t> read(ByteSpan out) override { return m_file->read(out); }
    [[nodiscard]] Result<std::size_t> read_at(std::uint64_t offset, ByteSpan out) override {
        return m_file->read_at(offset, out);
    }

private:
    std::unique_ptr<ReadableFile> m_file;
    bool m_is_file;
};

/// Receipts of a batch, held against what they should say.
class Receipts final : public batch::ReceiptSink {
public:
    explicit Receipts(const std::map<std::string, std::string>& expected) : m_expected(expected) {}
    Result<void> take(const batch::Receipt& receipt) override {
        const auto expected = m_expected.find(receipt.path);
        m_right +=
            receipt.computed && expected != m_expected.end() && receipt.computed->piece_cid_v2 == expected->second ? 1U
                                                                                                                   : 0U;
        twice = twice || !m_seen.insert(receipt.path).second;
        if (receipt.ok()) return {};
        ++outcome.errors;
        if (!outcome.error) outcome.error = Error(ErrorCode::device, receipt.error);
        return {};
    }
    [[nodiscard]] Outcome end() {
        outcome.right = m_right == m_expected.size();
        return outcome;
    }

    Outcome outcome;
    bool twice = false;

private:
    const std::map<std::string, std::string>& m_expected;
    std::set<std::string> m_seen;
    std::size_t m_right = 0;
};

class SummedProgress final : public Progress {
public:
    void advance(std::uint64_t bytes) noexcept override { sum += bytes; }
    std::atomic<std::uint64_t> sum = 0;
};

Outcome outcome_of(const Result<commp::Piece>& piece, const commp::Piece& expected) {
    if (piece.ok()) return {*piece == expected, std::nullopt, 0};
    return {false, piece.error(), 1};
}

/// One kind of work for the backend, again and again with a fault at each call that it makes of the runtime.
class Faults : public testing::TestWithParam<unsigned> {
protected:
    using Hash = std::function<Outcome(commp::Backend&)>;

    /// What the work ends with where a device is found to compute wrongly.
    enum class OnDoubt { hashed_again, error };

    /// Runs `hash` with every fault at every call.
    void inject_everywhere(OnDoubt on_doubt, const Hash& hash) {
        for (const Fault fault : {Fault::out_of_memory, Fault::launch_failure, Fault::device_lost, Fault::hang,
                                  Fault::slow, Fault::wrong_once, Fault::wrong_from_now}) {
            const bool wrong = fault == Fault::wrong_once || fault == Fault::wrong_from_now;
            const std::vector<unsigned> checks = wrong ? std::vector<unsigned>{0, 1} : std::vector<unsigned>{0};
            for (const unsigned check_every : checks) inject_at_every_call(fault, check_every, on_doubt, hash);
        }
        RecordProperty("faults", std::to_string(m_injected));
    }

private:
    void inject_at_every_call(Fault fault, unsigned check_every, OnDoubt on_doubt, const Hash& hash) {
        std::uint64_t injected = 0;
        // Under a sanitizer a part of them: there the memory is what counts, and each run takes ten times as long.
        const std::uint64_t step = test::sanitized ? 3 : 1;
        for (std::uint64_t n = 0;; n += step) {
            const std::string what = std::string(name_of(fault)) + " at call " + std::to_string(n) + " of " +
                                     std::to_string(GetParam()) + " card(s), check_every " +
                                     std::to_string(check_every);
            SCOPED_TRACE(what);
            m_watchdog.begin(what);
            if (!run_once({.fault = fault, .n = n}, check_every, on_doubt, hash)) break;
            ++injected;
            if (HasFailure()) return;
        }
        // Opening alone takes six calls a lane, and a dozen submissions six each.
        EXPECT_GT(injected * step, 12 * GetParam() + 70);
        m_injected += injected;
    }

    /// @return whether the fault came about
    bool run_once(const test::Injection& injection, unsigned check_every, OnDoubt on_doubt, const Hash& hash) {
        test::FakeMachine machine(test::fake_cards(GetParam()), injection.n + 1);
        machine.inject(injection);
        const auto runtime = machine.runtime();
        test::LogLines log;
        GpuBackendOptions options = test::backend_options(GetParam(), 2, &log);
        options.check_every = check_every;
        auto backend = make_gpu_backend(*runtime, std::make_unique<test::SharedThreads>(m_threads), options);
        if (!backend.ok()) {
            // One card that cannot be opened: the error says so, and with it nothing else.
            EXPECT_EQ(GetParam(), 1U);
            EXPECT_EQ(log.lines().size(), 0U);
            EXPECT_FALSE(backend.error().message.empty());
            EXPECT_FALSE(backend.error().remedy.empty());
        } else {
            const std::string cards = (*backend)->name();
            const Outcome outcome = hash(**backend);
            (*backend)->drain();
            expect_right(machine, check_every, on_doubt, outcome);
            expect_told(machine, check_every, cards, (*backend)->name(), log);
            backend->reset();
        }
        EXPECT_EQ(machine.complaints(), std::vector<std::string>{});
        return machine.fired() != 0;
    }

    static void expect_right(const test::FakeMachine& machine, unsigned check_every, OnDoubt on_doubt,
                             const Outcome& outcome) {
        if (machine.flips() == 0 || (check_every != 0 && on_doubt == OnDoubt::hashed_again)) {
            EXPECT_TRUE(outcome.right);
            EXPECT_EQ(outcome.errors, 0U) << outcome.error->text();
        } else if (check_every != 0) {
            EXPECT_EQ(outcome.errors, 1U);
            EXPECT_NE(outcome.error->message.find("computed wrongly"), std::string::npos) << outcome.error->text();
            EXPECT_FALSE(outcome.error->remedy.empty());
        } else {
            // A card that errs in silence cannot be seen: that is what --paranoid is for. Were this ever right, then
            // the fault would not have been one.
            EXPECT_FALSE(outcome.right);
            EXPECT_EQ(outcome.errors, 0U);
        }
    }

    /// A card that failed is told of once, any other never; and the name says what hashed.
    static void expect_told(const test::FakeMachine& machine, unsigned check_every, const std::string& opened,
                            const std::string& name, const test::LogLines& log) {
        const std::set<unsigned> failed = machine.failed_cards();
        const bool found_wrong = check_every != 0 && machine.flips() != 0;
        std::size_t lines = 0;
        bool works = false;
        for (unsigned card = 0; card < GetParam(); ++card) {
            const bool is_open = opened.find(std::to_string(card)) != std::string::npos;
            const std::size_t of_card = log.lines_of(card);
            if (!found_wrong) {
                EXPECT_EQ(of_card, failed.contains(card) || !is_open ? 1U : 0U) << "card " << card;
            }
            EXPECT_LE(of_card, 1U);
            lines += of_card;
            works = works || (is_open && !failed.contains(card));
        }
        if (found_wrong) {
            EXPECT_EQ(lines, 1U);
        }
        EXPECT_EQ(log.lines().size(), lines) << "a line that names no card";
        const std::string with_cpu = opened + "+cpu:" + std::string(test::cpu_kernel().name);
        EXPECT_EQ(name, works && !found_wrong ? opened : with_cpu);
    }

protected:
    static void SetUpTestSuite() {
        s_payload = new Bytes(test::random_payload(payload_size, 1));
        s_expected = new commp::Piece(reference::piece(*s_payload));
    }
    static void TearDownTestSuite() {
        delete s_payload;
        delete s_expected;
    }

    static const Bytes* s_payload;
    static const commp::Piece* s_expected;

    ThreadPool m_readers{1};
    ThreadPool m_threads{4};
    test::Watchdog m_watchdog;
    std::uint64_t m_injected = 0;
};

const Bytes* Faults::s_payload = nullptr;
const commp::Piece* Faults::s_expected = nullptr;

INSTANTIATE_TEST_SUITE_P(Cards, Faults, testing::Values(1U, 2U),
                         [](const auto& info) { return info.param == 1 ? "OnOne" : "OnTwo"; });

TEST_P(Faults, AFileHasItsCidWhateverFails) {
    inject_everywhere(OnDoubt::hashed_again, [&](commp::Backend& backend) {
        Source source(*s_payload, true);
        SummedProgress progress;
        const auto hashed =
            commp::hash_source(source, backend, m_readers, {.readers = 2, .progress = &progress, .stop = {}});
        EXPECT_EQ(progress.sum, payload_size) << "counted once, even if it was hashed again";
        return outcome_of(hashed.ok() ? Result<commp::Piece>(hashed->piece) : hashed.error(), *s_expected);
    });
}

TEST_P(Faults, AStreamHasItsCidOrOneErrorWhateverFails) {
    inject_everywhere(OnDoubt::error, [&](commp::Backend& backend) {
        Source source(*s_payload, false);
        const auto hashed = commp::hash_source(source, backend, m_readers, {.readers = 2, .stop = {}});
        return outcome_of(hashed.ok() ? Result<commp::Piece>(hashed->piece) : hashed.error(), *s_expected);
    });
}

TEST_P(Faults, WhatIsPushedHasItsCidOrOneErrorWhateverFails) {
    inject_everywhere(OnDoubt::error, [&](commp::Backend& backend) {
        return outcome_of(test::hash_pushed(backend, *s_payload), *s_expected);
    });
}

TEST_P(Faults, EachFileOfABatchHasItsCidWhateverFails) {
    const ScratchFolder folder;
    SystemFiles files;
    SystemClock clock;
    std::vector<batch::Entry> entries;
    std::map<std::string, std::string> expected;
    // Small ones that lie in one buffer, some that fill one, and one that takes three of its own.
    std::vector<std::size_t> sizes{65, 127, 128, 500, 1'000, 1'500, 2'000, 4'000, 66'000};
    for (std::size_t i = 0; i < 7; ++i) sizes.push_back(256 * 127 - i);
    for (const std::size_t size : sizes) {
        const Bytes payload = test::random_payload(size, size);
        const std::string path = folder.put("f" + std::to_string(size), chars_of(payload));
        entries.push_back({path, nullptr, 0});
        expected[path] = commp::piece_cid_v2(reference::piece(payload)).text();
    }
    const std::vector<batch::WorkItem> items = batch::take_stock(files, m_readers, entries);
    inject_everywhere(OnDoubt::hashed_again, [&](commp::Backend& backend) {
        Receipts receipts(expected);
        SummedProgress progress;
        const auto summary = batch::run_batch(items, files, backend, m_readers, clock, receipts,
                                              {.workers = 2, .progress = &progress, .stop = {}});
        EXPECT_TRUE(summary.ok());
        EXPECT_FALSE(receipts.twice);
        EXPECT_EQ(progress.sum, batch::bytes_to_do(items)) << "counted once, even if it was hashed again";
        return receipts.end();
    });
}

}    // namespace
}    // namespace filfil::gpu
