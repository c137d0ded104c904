// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "base/units.hpp"
#include "bench/ceilings.hpp"
#include "commp/cpu_backend.hpp"
#include "commp/kernel.hpp"
#include "commp/stream.hpp"
#include "commp/tree.hpp"
#include "report/row.hpp"

#include <algorithm>
#include <cstring>

namespace filfil::bench {
namespace {

/// A payload that is one chunk again and again: its buffers need no filling, and its root is known.
class Chunks {
public:
    Chunks(Bench& bench, commp::Backend& backend) : m_bench(bench), m_backend(backend), m_limits(backend.limits()) {}

    /// Fills all buffers of the backend alike.
    Result<void> prepare() {
        const RandomMemory chunk(bytes() + 1, m_bench.cpus, 5);
        std::vector<std::unique_ptr<commp::Staging>> all;
        for (std::size_t i = 0; i < m_limits.staging_count; ++i) {
            FILFIL_TRY(auto staging, m_backend.acquire());
            std::memcpy(staging->bytes().data(), chunk.bytes().data(), bytes());
            all.push_back(std::move(staging));
        }
        FILFIL_TRY(const commp::ChosenKernel cpu, commp::choose_kernel("", m_bench.clock));
        commp::hash_quads(*cpu.kernel, chunk.bytes().data(), m_limits.staging_quads, m_limits.job_level, m_nodes);
        return {};
    }

    [[nodiscard]] std::size_t bytes() const noexcept { return m_limits.staging_quads * commp::quad_payload; }

    /// Hashes as many chunks. @return seconds
    Result<double> hash(std::uint64_t count) {
        const double begin = m_bench.now();
        commp::PieceStream stream(m_backend);
        for (std::uint64_t i = 0; i < count; ++i) {
            FILFIL_TRY([[maybe_unused]] const ByteSpan room, stream.room());
            FILFIL_CHECK(stream.advance(bytes()));
        }
        FILFIL_TRY(const commp::Piece piece, stream.finish());
        const double seconds = m_bench.now() - begin;
        commp::Accumulator tree(m_limits.job_level);
        for (std::uint64_t i = 0; i < count; ++i)
            for (const commp::Node& node : m_nodes) tree.push(node);
        if (piece.root != tree.root())
            return Error(ErrorCode::mismatch, m_backend.name() + ": the root of a piece from pinned memory is wrong");
        return seconds;
    }

private:
    Bench& m_bench;
    commp::Backend& m_backend;
    commp::BackendLimits m_limits;
    std::vector<commp::Node> m_nodes;    ///< of one chunk
};

}    // namespace

Result<void> measure_pinned(Bench& bench) {
    FILFIL_TRY(const double copy, copy_bound(bench));
    FILFIL_TRY(const auto backend, bench.open_card());
    Chunks chunks(bench, *backend);
    FILFIL_CHECK(chunks.prepare());
    const std::vector<std::uint64_t> whole{GiB, 4 * GiB, 16 * GiB, 32 * GiB};
    for (const std::uint64_t padded : bench.pick({64 * MiB, 256 * MiB}, whole)) {
        const std::uint64_t count = std::max<std::uint64_t>(1, payload_of(padded) / chunks.bytes());
        const double payload = static_cast<double>(count * chunks.bytes());
        report::Row rate{"pinned/piece of " + format_size(padded), "GB/s", {}, "copy", gigabytes(copy)};
        report::Row time{"pinned/piece of " + format_size(padded) + ", whole", "s", {}};
        for (unsigned round = 0; round < bench.pick(3U, 6U); ++round) {
            FILFIL_TRY(const double seconds, chunks.hash(count));
            if (round == 0) continue;
            rate.samples.push_back(gigabytes(payload / seconds));
            time.samples.push_back(seconds);
        }
        bench.results.row(rate);
        bench.results.row(time);
    }
    return {};
}

}    // namespace filfil::bench
