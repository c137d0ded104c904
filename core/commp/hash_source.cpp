// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "commp/hash_source.hpp"

#include "commp/chunk_job.hpp"
#include "commp/node_collector.hpp"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>

namespace filfil::commp {
namespace {

/// One source on its way into a backend: several readers take its chunks, each the next one that nobody has.
class Run {
public:
    Run(ReadableFile& source, Backend& backend, const HashOptions& options)
        : m_source(source),
          m_backend(backend),
          m_options(options),
          m_limits(backend.limits()),
          m_size(source.size()),
          m_chunk_bytes(m_limits.staging_quads * quad_payload),
          m_collector(m_limits.job_level) {}

    /// Until the source ends or something fails; called by each reader.
    void read_chunks() {
        for (;;) {
            auto more = read_chunk();
            if (!more.ok()) return fail(std::move(more).error());
            if (!*more) return;
        }
    }

    Result<HashOutcome> finish() {
        const std::uint64_t jobs = m_submitted;
        auto root = m_collector.wait_for(jobs);
        // What stopped the reading comes first: it may be the reason why jobs are missing.
        if (m_failure) return *m_failure;
        if (!root.ok()) return std::move(root).error();
        HashOutcome outcome;
        outcome.piece = piece_of_chunks(*root, m_payload);
        if (m_options.sha256) outcome.sha256 = m_sha256.finish();
        return outcome;
    }

    [[nodiscard]] std::uint64_t payload() const noexcept { return m_payload; }
    [[nodiscard]] bool failed() const noexcept { return m_stopped; }
    void fail(Error error) {
        const std::scoped_lock lock(m_mutex);
        if (!m_failure) m_failure = std::move(error);
        m_stopped = true;
        m_turn.notify_all();
    }

    /// What an empty payload is hashed as.
    Result<void> submit_zero_quad() {
        FILFIL_TRY(auto staging, m_backend.acquire());
        std::fill_n(staging->bytes().begin(), quad_payload, std::byte{});
        return submit(std::move(staging), quad_payload, 0);
    }

private:
    struct Chunk {
        std::uint64_t number = 0;
        std::size_t size = 0;    ///< bytes; 0 after the end
    };

    /// @return whether there may be more
    Result<bool> read_chunk() {
        if (m_stopped) return false;
        if (m_options.stop.stop_requested())
            return Error(ErrorCode::cancelled, m_source.name() + ": stopped on request");
        if (auto failure = m_collector.failure()) return std::move(*failure);
        if (m_ended) return false;
        FILFIL_TRY(auto staging, m_backend.acquire());
        FILFIL_TRY(const Chunk chunk, m_size ? read_at_offset(staging->bytes()) : read_next(staging->bytes()));
        if (chunk.size == 0) return false;
        if (m_options.sha256 && !update_sha256(chunk, staging->bytes().first(chunk.size))) return false;
        if (m_options.progress != nullptr) m_options.progress->advance(chunk.size);
        FILFIL_CHECK(submit(std::move(staging), chunk.size, chunk.number));
        return true;
    }

    Result<Chunk> read_at_offset(ByteSpan room) {
        const Chunk chunk = [&] {
            const std::scoped_lock lock(m_mutex);
            const std::uint64_t offset = m_payload;
            Chunk taken{m_chunks, static_cast<std::size_t>(std::min<std::uint64_t>(m_chunk_bytes, *m_size - offset))};
            if (taken.size == 0) return taken;
            ++m_chunks;
            m_payload += taken.size;
            return taken;
        }();
        if (chunk.size == 0) {
            m_ended = true;
            return chunk;
        }
        const std::uint64_t offset = chunk.number * m_chunk_bytes;
        FILFIL_TRY(const std::size_t n, m_source.read_at(offset, room.first(chunk.size)));
        if (n < chunk.size)
            return Error(ErrorCode::truncated,
                         m_source.name() + ": ended at byte " + std::to_string(offset + n) + " although it had " +
                             std::to_string(*m_size) + " bytes when it was opened",
                         "let nothing write to the file while it is hashed, then try again");
        return chunk;
    }

    Result<Chunk> read_next(ByteSpan room) {
        const std::scoped_lock lock(m_read_mutex);
        if (m_ended) return Chunk{};
        FILFIL_TRY(const std::size_t n, m_source.read(room));
        if (n < room.size()) m_ended = true;
        const std::scoped_lock count_lock(m_mutex);
        m_payload += n;
        return Chunk{n == 0 ? m_chunks : m_chunks++, n};
    }

    /// SHA-256 takes the chunks in order, so each reader waits for its turn. @return false if the run has failed
    /// meanwhile
    bool update_sha256(const Chunk& chunk, ByteView payload) {
        std::unique_lock lock(m_mutex);
        m_turn.wait(lock, [&] { return m_sha256_next == chunk.number || m_stopped; });
        if (m_stopped) return false;
        lock.unlock();
        m_sha256.update(payload);
        lock.lock();
        ++m_sha256_next;
        m_turn.notify_all();
        return true;
    }

    Result<void> submit(std::unique_ptr<Staging> staging, std::size_t size, std::uint64_t number) {
        FILFIL_CHECK(m_backend.submit(chunk_job(std::move(staging), size, m_limits, number, m_collector)));
        ++m_submitted;
        return {};
    }

    ReadableFile& m_source;
    Backend& m_backend;
    const HashOptions& m_options;
    const BackendLimits m_limits;
    const std::optional<std::uint64_t> m_size;
    const std::uint64_t m_chunk_bytes;
    NodeCollector m_collector;
    std::atomic<std::uint64_t> m_submitted = 0;
    std::atomic<bool> m_ended = false;
    std::atomic<bool> m_stopped = false;

    std::mutex m_read_mutex;    ///< held while a stream is read; taken before m_mutex
    std::mutex m_mutex;         ///< guards what follows
    std::condition_variable m_turn;
    std::uint64_t m_chunks = 0;
    std::uint64_t m_payload = 0;
    std::optional<Error> m_failure;
    std::uint64_t m_sha256_next = 0;
    ipld::Sha256Stream m_sha256;    ///< used by the reader whose turn it is
};

Error too_small(const std::string& name, std::uint64_t size) {
    if (size == 0)
        return {ErrorCode::too_small, name + ": is empty, there is nothing to commit to",
                "give the file's content, or --allow-small for the commitment of zeros"};
    return {ErrorCode::too_small,
            name + ": has " + std::to_string(size) + " bytes, and a piece needs at least " +
                std::to_string(min_payload) + " to be accepted by market software",
            "add data, or give --allow-small to pad it with zeros as FRC-0069 says"};
}

Result<HashOutcome> hash_once(ReadableFile& source, Backend& backend, Executor& executor, const HashOptions& options) {
    if (source.size() && *source.size() < min_payload && !options.allow_small)
        return too_small(source.name(), *source.size());
    Run run(source, backend, options);
    const unsigned fillers = backend.limits().fillers;
    const unsigned readers = fillers == 0 ? options.readers : std::min(options.readers, fillers);
    run_parallel(executor, std::max(1U, readers), [&](unsigned) { run.read_chunks(); });

    if (!run.failed() && source.size()) {
        std::byte beyond{};
        auto n = source.read_at(*source.size(), {&beyond, 1});
        if (!n.ok())
            run.fail(std::move(n).error());
        else if (*n != 0)
            run.fail({ErrorCode::io,
                      source.name() + ": grew past its " + std::to_string(*source.size()) + " bytes while it was read",
                      "let nothing write to the file while it is hashed, then try again"});
    }
    if (!run.failed() && run.payload() < min_payload && !options.allow_small)
        run.fail(too_small(source.name(), run.payload()));
    if (!run.failed() && run.payload() == 0)
        if (auto submitted = run.submit_zero_quad(); !submitted.ok()) run.fail(std::move(submitted).error());
    return run.finish();
}

}    // namespace

Result<HashOutcome> hash_source(ReadableFile& source, Backend& backend, Executor& executor,
                                const HashOptions& options) {
    HashOptions again = options;
    for (;;) {
        const std::uint64_t trusted = backend.revocations();
        auto outcome = hash_once(source, backend, executor, again);
        if (!outcome.ok() || backend.revocations() == trusted) return outcome;
        if (!source.size())
            return Error(
                ErrorCode::device,
                source.name() + ": a device computed wrongly while it was hashed, so its commitment is in doubt",
                "send it again, since a stream can be read only once; the device is not used any more");
        // Every time one device fewer is used, so this ends. What was counted as read is not counted again.
        again.progress = nullptr;
    }
}

}    // namespace filfil::commp
