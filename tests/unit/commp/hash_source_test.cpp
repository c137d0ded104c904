// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "commp/hash_source.hpp"

#include "fake_device.hpp"
#include "payloads.hpp"
#include "reference.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace filfil::commp {
namespace {

/// A stream of unknown length, or a file that lies about it, or one that breaks.
class OddSource final : public ReadableFile {
public:
    OddSource(ByteView bytes, std::optional<std::uint64_t> claimed_size, std::uint64_t breaks_at = ~std::uint64_t{0})
        : m_bytes(bytes), m_size(claimed_size), m_breaks_at(breaks_at) {}
    [[nodiscard]] const std::string& name() const noexcept override { return m_name; }
    [[nodiscard]] std::optional<std::uint64_t> size() const noexcept override { return m_size; }
    [[nodiscard]] Result<std::size_t> read(ByteSpan out) override {
        auto n = read_at(m_position, out);
        if (n.ok()) m_position += *n;
        return n;
    }
    [[nodiscard]] Result<std::size_t> read_at(std::uint64_t offset, ByteSpan out) override {
        if (offset + out.size() > m_breaks_at) return Error(ErrorCode::io, "odd: cannot read: the disk is gone");
        if (offset >= m_bytes.size()) return std::size_t{0};
        const std::size_t n = std::min<std::size_t>(out.size(), m_bytes.size() - offset);
        std::copy_n(m_bytes.begin() + static_cast<std::ptrdiff_t>(offset), n, out.begin());
        return n;
    }

private:
    std::string m_name = "odd";
    ByteView m_bytes;
    std::optional<std::uint64_t> m_size;
    std::uint64_t m_breaks_at;
    std::uint64_t m_position = 0;
};

class CountingProgress final : public Progress {
public:
    void advance(std::uint64_t bytes) noexcept override { m_bytes += bytes; }
    std::atomic<std::uint64_t> m_bytes = 0;
};

TEST(HashSource, GivesTheSameForFilesAndStreamsAndAnyNumberOfReaders) {
    ThreadPool pool(3);
    for (const std::size_t size : {65U, 127U, 128U, 8127U, 8128U, 8129U, 100'000U}) {
        const Bytes payload = test::random_payload(size, size);
        const Piece expected = reference::piece(payload);
        for (const unsigned readers : {1U, 2U, 4U}) {
            for (const bool is_file : {true, false}) {
                test::FakeDevice device({.staging_quads = 64, .staging_count = 4, .job_level = 6, .seed = size});
                OddSource source(payload, is_file ? std::optional<std::uint64_t>(size) : std::nullopt);
                CountingProgress progress;
                const auto outcome = hash_source(
                    source, device, pool, {.readers = readers, .sha256 = true, .progress = &progress, .stop = {}});
                ASSERT_TRUE(outcome.ok()) << outcome.error().text();
                EXPECT_EQ(outcome->piece, expected) << size << " bytes, " << readers << " readers";
                EXPECT_EQ(*outcome->sha256, ipld::sha2_256_portable(payload));
                EXPECT_EQ(progress.m_bytes, size);
            }
        }
    }
}

/// A file that tells how many read it at the same time at most.
class CountingSource final : public ReadableFile {
public:
    explicit CountingSource(ByteView bytes) : m_source(bytes, bytes.size()) {}
    [[nodiscard]] const std::string& name() const noexcept override { return m_source.name(); }
    [[nodiscard]] std::optional<std::uint64_t> size() const noexcept override { return m_source.size(); }
    [[nodiscard]] Result<std::size_t> read(ByteSpan out) override { return m_source.read(out); }
    [[nodiscard]] Result<std::size_t> read_at(std::uint64_t offset, ByteSpan out) override {
        const unsigned now = ++m_now;
        for (unsigned most = m_most; most < now && !m_most.compare_exchange_weak(most, now);) {
        }
        // Whoever else may read gets the time to come.
        for (int i = 0; i < 50; ++i) std::this_thread::yield();
        auto n = m_source.read_at(offset, out);
        --m_now;
        return n;
    }
    [[nodiscard]] unsigned most() const noexcept { return m_most; }

private:
    OddSource m_source;
    std::atomic<unsigned> m_now = 0;
    std::atomic<unsigned> m_most = 0;
};

TEST(HashSource, ReadsByNoMoreThreadsThanFillTheDeviceBest) {
    const Bytes payload = test::random_payload(500'000, 3);
    const Piece expected = reference::piece(payload);
    ThreadPool pool(7);
    for (const unsigned fillers : {1U, 2U, 20U}) {
        test::FakeDevice device({.staging_quads = 16, .staging_count = 16, .job_level = 4, .fillers = fillers});
        CountingSource source(payload);
        const auto outcome = hash_source(source, device, pool, {.readers = 8, .stop = {}});
        ASSERT_TRUE(outcome.ok()) << outcome.error().text();
        EXPECT_EQ(outcome->piece, expected);
        EXPECT_LE(source.most(), fillers);
    }
}

TEST(HashSource, HashesOnEveryThreadOfAnInlineBackend) {
    const Bytes payload = test::random_payload(3'000'000, 9);
    const Piece expected = *test::hash_pushed(*test::InlineCpu(), payload);
    for (const std::string& isa : usable_isas()) {
        test::InlineCpu cpu(isa);
        ThreadPool pool(3);
        OddSource source(payload, payload.size());
        const auto outcome = hash_source(source, *cpu, pool, {.readers = 4, .stop = {}});
        ASSERT_TRUE(outcome.ok());
        EXPECT_EQ(outcome->piece, expected);
        EXPECT_FALSE(outcome->sha256.has_value());
    }
}

TEST(HashSource, RefusesSmallPayloadsUnlessAllowed) {
    test::InlineCpu cpu;
    InlineExecutor here;
    for (const std::size_t size : {0U, 1U, 64U}) {
        const Bytes payload = test::random_payload(size, size);
        for (const bool is_file : {true, false}) {
            const auto size_if_file = is_file ? std::optional<std::uint64_t>(size) : std::nullopt;
            OddSource refused(payload, size_if_file);
            const auto error = hash_source(refused, *cpu, here, {.stop = {}});
            ASSERT_FALSE(error.ok());
            EXPECT_EQ(error.error().code, ErrorCode::too_small);
            EXPECT_FALSE(error.error().remedy.empty());
            OddSource allowed(payload, size_if_file);
            const auto outcome = hash_source(allowed, *cpu, here, {.allow_small = true, .stop = {}});
            ASSERT_TRUE(outcome.ok());
            EXPECT_EQ(outcome->piece, reference::piece(payload));
        }
    }
}

TEST(HashSource, NoticesAFileThatChangesItsLength) {
    test::InlineCpu cpu;
    InlineExecutor here;
    const Bytes payload = test::random_payload(1000, 1);
    OddSource shrunk(payload, 1001);
    EXPECT_EQ(hash_source(shrunk, *cpu, here, {.stop = {}}).error().code, ErrorCode::truncated);
    OddSource grown(payload, 999);
    EXPECT_EQ(hash_source(grown, *cpu, here, {.stop = {}}).error().code, ErrorCode::io);
}

TEST(HashSource, EndsWithTheFirstErrorOfAReadOrTheDevice) {
    ThreadPool pool(3);
    const Bytes payload = test::random_payload(200'000, 1);
    for (const bool is_file : {true, false}) {
        const auto size = is_file ? std::optional<std::uint64_t>(payload.size()) : std::nullopt;
        for (const bool sha256 : {true, false}) {
            test::FakeDevice good({.staging_quads = 64, .staging_count = 4, .job_level = 6});
            OddSource broken(payload, size, 100'000);
            EXPECT_EQ(hash_source(broken, good, pool, {.readers = 3, .sha256 = sha256, .stop = {}}).error().code,
                      ErrorCode::io);
            test::FakeDevice loses({.staging_quads = 64, .staging_count = 4, .job_level = 6, .fail_job = 5});
            OddSource whole(payload, size);
            EXPECT_EQ(hash_source(whole, loses, pool, {.readers = 3, .sha256 = sha256, .stop = {}}).error().code,
                      ErrorCode::device);
            test::FakeDevice refuses({.staging_quads = 64, .staging_count = 4, .job_level = 6, .fail_submit = 5});
            OddSource again(payload, size);
            EXPECT_EQ(hash_source(again, refuses, pool, {.readers = 3, .sha256 = sha256, .stop = {}}).error().code,
                      ErrorCode::device);
            loses.drain();
            refuses.drain();
            good.drain();
            EXPECT_EQ(loses.lent() + refuses.lent() + good.lent(), 0U);
        }
    }
}

TEST(HashSource, StopsOnRequest) {
    test::InlineCpu cpu;
    InlineExecutor here;
    std::stop_source stop;
    stop.request_stop();
    const Bytes payload = test::random_payload(1000, 1);
    OddSource source(payload, payload.size());
    EXPECT_EQ(hash_source(source, *cpu, here, {.stop = stop.get_token()}).error().code, ErrorCode::cancelled);
}

}    // namespace
}    // namespace filfil::commp
