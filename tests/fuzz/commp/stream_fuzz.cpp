// SPDX-License-Identifier: Apache-2.0 OR MIT

// A stream pushed in random cuts, a source read by hash_source, and the tree made in one piece must agree.
#include "commp/commp.hpp"
#include "commp/kernel.hpp"

#include <cstdint>
#include <cstdlib>
#include <cstring>

namespace {

/// Few and small buffers, so that short inputs span many of them.
class SmallBackend final : public filfil::commp::Backend {
public:
    SmallBackend(std::size_t quads, unsigned job_level) : m_quads(quads), m_job_level(job_level) {}
    [[nodiscard]] std::string name() const override { return "small"; }
    [[nodiscard]] std::string description() const override { return "buffers of a few quads"; }
    [[nodiscard]] filfil::commp::BackendLimits limits() const noexcept override {
        return {m_quads, 1, filfil::commp::max_level, m_job_level};
    }
    [[nodiscard]] filfil::Result<std::unique_ptr<filfil::commp::Staging>> acquire() override {
        return std::unique_ptr<filfil::commp::Staging>(std::make_unique<Buffer>(m_quads));
    }
    [[nodiscard]] filfil::Result<void> submit(filfil::commp::Submission submission) override {
        std::vector<filfil::commp::Node> nodes;
        for (const filfil::commp::Job& job : submission.jobs) {
            filfil::commp::hash_quads(filfil::commp::portable_kernel, submission.staging->bytes().data() + job.offset,
                                      job.quads, job.level, nodes);
            job.sink->on_nodes(job.ticket, nodes);
        }
        return {};
    }
    void drain() override {}

private:
    class Buffer final : public filfil::commp::Staging {
    public:
        explicit Buffer(std::size_t quads) : m_memory(quads * 127 + 64) {}
        [[nodiscard]] filfil::ByteSpan bytes() noexcept override {
            return filfil::ByteSpan(m_memory).first(m_memory.size() - 64);
        }

    private:
        filfil::Bytes m_memory;
    };

    std::size_t m_quads;
    unsigned m_job_level;
};

}    // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace filfil;
    if (size < 8) return 0;
    const unsigned job_level = commp::quad_level + data[0] % 4;
    SmallBackend backend((1 + data[1] % 4U) << (job_level - commp::quad_level), job_level);
    const ByteView cuts = std::as_bytes(std::span(data + 2, 6));
    const ByteView payload = std::as_bytes(std::span(data + 8, size - 8));

    std::vector<commp::Node> nodes;
    const std::size_t quads = payload.empty() ? 1 : (payload.size() + 126) / 127;
    Bytes padded(payload.begin(), payload.end());
    padded.resize(quads * 127 + 1);
    const std::uint64_t padded_size = ipld::padded_size_of(payload.size());
    commp::hash_quads(commp::portable_kernel, padded.data(), quads, ipld::height_of(padded_size), nodes);
    const commp::Piece expected{nodes.at(0), payload.size(), padded_size};

    commp::PieceStream stream(backend);
    ByteView left = payload;
    for (std::size_t i = 0; !left.empty(); ++i) {
        const std::size_t n = std::min<std::size_t>(left.size(), 1 + std::to_integer<std::size_t>(cuts[i % 6]) * 3);
        if (!stream.write(left.first(n)).ok()) std::abort();
        left = left.subspan(n);
    }
    const auto pushed = stream.finish();
    if (!pushed.ok() || !(*pushed == expected)) std::abort();

    const auto file = memory_file("input", payload);
    InlineExecutor executor;
    const auto read = commp::hash_source(*file, backend, executor, {.sha256 = true, .allow_small = true, .stop = {}});
    if (!read.ok() || !(read->piece == expected) || *read->sha256 != ipld::sha2_256_portable(payload)) std::abort();
    return 0;
}
