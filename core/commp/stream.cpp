// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "commp/stream.hpp"

#include "commp/chunk_job.hpp"
#include "commp/node_collector.hpp"

#include <algorithm>
#include <cstring>
#include <optional>
#include <utility>

namespace filfil::commp {

struct PieceStream::State {
    explicit State(Backend& backend_)
        : backend(backend_), limits(backend_.limits()), collector(limits.job_level), trusted(backend.revocations()) {}

    Backend& backend;
    BackendLimits limits;
    NodeCollector collector;
    std::uint64_t trusted;    ///< revocations before the first job
    std::unique_ptr<Staging> staging;
    std::size_t filled = 0;    ///< bytes of `staging`
    std::uint64_t jobs = 0;
    std::uint64_t payload = 0;
    std::optional<Error> failed;

    Result<void> fail(Error error) {
        failed = std::move(error);
        return *failed;
    }

    Result<void> submit() {
        if (auto failure = collector.failure()) return fail(std::move(*failure));
        Submission submission = chunk_job(std::move(staging), std::exchange(filled, 0), limits, jobs, collector);
        if (auto taken = backend.submit(std::move(submission)); !taken.ok()) return fail(std::move(taken).error());
        ++jobs;
        return {};
    }
};

PieceStream::PieceStream(Backend& backend) : m_state(std::make_unique<State>(backend)) {}

PieceStream::~PieceStream() {
    // Jobs under way hold a pointer to the collector.
    static_cast<void>(m_state->collector.wait_for(m_state->jobs));
}

Result<ByteSpan> PieceStream::room() {
    if (m_state->failed) return *m_state->failed;
    if (m_state->staging == nullptr) {
        auto staging = m_state->backend.acquire();
        if (!staging.ok()) return m_state->fail(std::move(staging).error()).error();
        m_state->staging = std::move(staging).value();
    }
    return m_state->staging->bytes().subspan(m_state->filled);
}

Result<void> PieceStream::advance(std::size_t bytes) {
    if (m_state->failed) return *m_state->failed;
    if (bytes == 0) return {};
    if (m_state->staging == nullptr || bytes > m_state->staging->bytes().size() - m_state->filled)
        return m_state->fail(Error(ErrorCode::invalid_argument, "more bytes declared than there was room for"));
    m_state->filled += bytes;
    m_state->payload += bytes;
    return m_state->filled == m_state->staging->bytes().size() ? m_state->submit() : Result<void>();
}

Result<void> PieceStream::write(ByteView payload) {
    while (!payload.empty()) {
        FILFIL_TRY(const ByteSpan free, room());
        const std::size_t n = std::min(free.size(), payload.size());
        std::memcpy(free.data(), payload.data(), n);
        FILFIL_CHECK(advance(n));
        payload = payload.subspan(n);
    }
    return {};
}

std::uint64_t PieceStream::payload_size() const noexcept { return m_state->payload; }

Result<Piece> PieceStream::finish() {
    if (m_state->failed) return *m_state->failed;
    if (m_state->filled != 0 || m_state->jobs == 0) {
        FILFIL_TRY(const ByteSpan free, room());
        // An empty payload is the commitment of one zero quad.
        if (m_state->filled == 0) {
            std::memset(free.data(), 0, quad_payload);
            m_state->filled = quad_payload;
        }
        FILFIL_CHECK(m_state->submit());
    }
    auto root = m_state->collector.wait_for(m_state->jobs);
    if (!root.ok()) return m_state->fail(std::move(root).error()).error();
    if (m_state->backend.revocations() != m_state->trusted)
        return m_state
            ->fail(Error(ErrorCode::device, "a device computed wrongly meanwhile, so the commitment is in doubt",
                         "do it again; the device is not used any more"))
            .error();
    return piece_of_chunks(*root, m_state->payload);
}

}    // namespace filfil::commp
