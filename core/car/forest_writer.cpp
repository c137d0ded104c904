// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "car/forest_writer.hpp"

#include <zstd.h>

#include <string>
#include <utility>

namespace filfil::car {
namespace {

constexpr int level = 3;
constexpr std::size_t cut_above = 8192;

struct FreeStream {
    void operator()(ZSTD_CCtx* stream) const noexcept { ZSTD_freeCCtx(stream); }
};

}    // namespace

struct ForestWriter::State {
    State(ByteSink& sink_, std::unique_ptr<ZSTD_CCtx, FreeStream> stream_) : sink(sink_), stream(std::move(stream_)) {}

    Result<void> compress(ByteView bytes, ZSTD_EndDirective mode) {
        ZSTD_inBuffer input{bytes.data(), bytes.size(), 0};
        for (;;) {
            const std::size_t used = frame.size();
            frame.resize(used + ZSTD_CStreamOutSize());
            ZSTD_outBuffer output{frame.data(), frame.size(), used};
            const std::size_t left = ZSTD_compressStream2(stream.get(), &output, &input, mode);
            frame.resize(output.pos);
            if (ZSTD_isError(left) != 0)
                return Error(ErrorCode::internal, std::string("compressing failed: ") + ZSTD_getErrorName(left));
            if (left == 0 && input.pos == input.size) return {};
        }
    }

    Result<void> end_frame() {
        FILFIL_CHECK(compress({}, ZSTD_e_end));
        FILFIL_CHECK(sink.write(frame));
        offset += frame.size();
        frame.clear();
        return {};
    }

    ByteSink& sink;
    std::unique_ptr<ZSTD_CCtx, FreeStream> stream;
    Bytes frame;                 ///< what the current frame has compressed so far
    std::uint64_t offset = 0;    ///< of the current frame
    ForestIndexBuilder index;
    ForestSummary summary;
};

ForestWriter::ForestWriter(std::unique_ptr<State> state) noexcept : m_state(std::move(state)) {}
ForestWriter::ForestWriter(ForestWriter&&) noexcept = default;
ForestWriter& ForestWriter::operator=(ForestWriter&&) noexcept = default;
ForestWriter::~ForestWriter() = default;

Result<ForestWriter> ForestWriter::open(ByteSink& sink) {
    std::unique_ptr<ZSTD_CCtx, FreeStream> stream(ZSTD_createCCtx());
    if (stream == nullptr || ZSTD_isError(ZSTD_CCtx_setParameter(stream.get(), ZSTD_c_compressionLevel, level)) != 0)
        return Error(ErrorCode::io, "not enough memory to compress", "free some memory");
    return ForestWriter(std::make_unique<State>(sink, std::move(stream)));
}

Result<void> ForestWriter::header(ByteView bytes) {
    FILFIL_CHECK(m_state->compress(bytes, ZSTD_e_continue));
    return m_state->end_frame();
}

Result<void> ForestWriter::block(const Section& section) {
    m_state->index.add(forest_hash(section.codec, section.hash), m_state->offset);
    ++m_state->summary.blocks;
    // Only a flush tells how large the frame has become.
    FILFIL_CHECK(m_state->compress(section.bytes, ZSTD_e_flush));
    return m_state->frame.size() > cut_above ? cut() : Result<void>();
}

Result<void> ForestWriter::cut() {
    if (m_state->frame.empty()) return {};
    ++m_state->summary.frames;
    return m_state->end_frame();
}

Result<void> ForestWriter::append(ForestWriter part, ByteView bytes) {
    FILFIL_CHECK(cut());
    FILFIL_CHECK(m_state->sink.write(bytes));
    m_state->index.append(part.m_state->index, m_state->offset);
    m_state->offset += bytes.size();
    m_state->summary.blocks += part.m_state->summary.blocks;
    m_state->summary.frames += part.m_state->summary.frames;
    return {};
}

Result<ForestSummary> ForestWriter::finish() {
    FILFIL_CHECK(cut());
    State& state = *m_state;
    FILFIL_TRY(state.summary.index_bytes, state.index.write(state.sink));
    FILFIL_CHECK(state.sink.write(encode_forest_footer({state.offset + skippable_header_size})));
    state.summary.file_bytes = state.offset + state.summary.index_bytes + ForestFooter::size;
    return state.summary;
}

Result<ForestSummary> write_forest_car(Reader& reader, ByteSink& sink, std::stop_token stop) {
    FILFIL_TRY(ForestWriter writer, ForestWriter::open(sink));
    FILFIL_CHECK(writer.header(reader.header().bytes));
    Batch batch;
    for (;;) {
        if (stop.stop_requested())
            return Error(ErrorCode::cancelled, reader.name() + ": stopped before its end was read");
        FILFIL_TRY(const bool more, reader.read(batch));
        if (!more) return writer.finish();
        for (const Section& section : batch.sections()) FILFIL_CHECK(writer.block(section));
    }
}

}    // namespace filfil::car
