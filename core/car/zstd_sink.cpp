// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "car/zstd_sink.hpp"

#include "base/units.hpp"

#include <zstd.h>

#include <algorithm>
#include <string>
#include <utility>

namespace filfil::car {
namespace {

/// What the nodes use for snapshots (lotus docs, forest src/db/car/forest.rs DEFAULT_FOREST_CAR_COMPRESSION_LEVEL).
constexpr int level = 3;
constexpr std::size_t output_size = 1 * MiB;

struct FreeStream {
    void operator()(ZSTD_CCtx* stream) const noexcept { ZSTD_freeCCtx(stream); }
};

Error no_memory() { return {ErrorCode::io, "not enough memory to compress", "free some memory"}; }

}    // namespace

struct ZstdSink::State {
    ByteSink& sink;
    std::unique_ptr<ZSTD_CCtx, FreeStream> stream;
    Bytes output;
    std::uint64_t written = 0;

    Result<void> compress(ByteView bytes, ZSTD_EndDirective mode) {
        ZSTD_inBuffer in{bytes.data(), bytes.size(), 0};
        for (;;) {
            ZSTD_outBuffer out{output.data(), output.size(), 0};
            const std::size_t left = ZSTD_compressStream2(stream.get(), &out, &in, mode);
            if (ZSTD_isError(left) != 0)
                return Error(ErrorCode::internal, std::string("compressing failed: ") + ZSTD_getErrorName(left));
            if (out.pos != 0) FILFIL_CHECK(sink.write(ByteView(output).first(out.pos)));
            written += out.pos;
            // A frame has ended once nothing is left to flush; before that it is enough that all input was taken.
            if (mode == ZSTD_e_end ? left == 0 : in.pos == in.size) return {};
        }
    }
};

ZstdSink::ZstdSink(std::unique_ptr<State> state) noexcept : m_state(std::move(state)) {}
ZstdSink::~ZstdSink() = default;

Result<std::unique_ptr<ZstdSink>> ZstdSink::open(ByteSink& sink, std::uint64_t size, unsigned workers) {
    std::unique_ptr<ZSTD_CCtx, FreeStream> stream(ZSTD_createCCtx());
    if (stream == nullptr) return no_memory();
    const auto set = [&](ZSTD_cParameter parameter, int value) {
        return ZSTD_isError(ZSTD_CCtx_setParameter(stream.get(), parameter, value)) == 0;
    };
    if (!set(ZSTD_c_compressionLevel, level) || !set(ZSTD_c_checksumFlag, 1) ||
        ZSTD_isError(ZSTD_CCtx_setPledgedSrcSize(stream.get(), size)) != 0)
        return no_memory();
    // A zstd that was built without threads refuses this and compresses all the same.
    if (workers > 0) set(ZSTD_c_nbWorkers, static_cast<int>(std::min(workers, 200U)));
    auto state = std::make_unique<State>(sink, std::move(stream));
    state->output.resize(output_size);
    return std::unique_ptr<ZstdSink>(new ZstdSink(std::move(state)));
}

Result<void> ZstdSink::write(ByteView bytes) { return m_state->compress(bytes, ZSTD_e_continue); }

Result<std::uint64_t> ZstdSink::finish() {
    FILFIL_CHECK(m_state->compress({}, ZSTD_e_end));
    return m_state->written;
}

}    // namespace filfil::car
