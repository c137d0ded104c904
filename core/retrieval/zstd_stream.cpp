// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "retrieval/zstd_stream.hpp"

#include <zstd.h>

#include <algorithm>
#include <string>
#include <utility>

namespace filfil::retrieval {
namespace {

/// The highest level whose window is within the 8 MiB that clients of HTTP have to take.
constexpr int max_level = 19;

struct FreeStream {
    void operator()(ZSTD_CCtx* stream) const noexcept { ZSTD_freeCCtx(stream); }
};
using Compressor = std::unique_ptr<ZSTD_CCtx, FreeStream>;

class ZstdStream final : public BodyStream {
public:
    ZstdStream(std::shared_ptr<BodyStream> plain, Compressor compressor)
        : m_plain(std::move(plain)), m_compressor(std::move(compressor)), m_input(ZSTD_CStreamInSize()) {}

    std::optional<std::uint64_t> size() const noexcept override { return std::nullopt; }

    Result<std::size_t> read(ByteSpan out) override {
        ZSTD_outBuffer output{out.data(), out.size(), 0};
        // Nothing given back would be taken for the end.
        while (output.pos == 0 && !m_ended && output.size > 0) FILFIL_CHECK(step(output));
        return output.pos;
    }

private:
    Result<void> step(ZSTD_outBuffer& output) {
        if (m_taken == m_filled && !m_plain_ended) {
            FILFIL_TRY(m_filled, m_plain->read(m_input));
            m_taken = 0;
            m_plain_ended = m_filled == 0;
        }
        ZSTD_inBuffer input{m_input.data(), m_filled, m_taken};
        const std::size_t left =
            ZSTD_compressStream2(m_compressor.get(), &output, &input, m_plain_ended ? ZSTD_e_end : ZSTD_e_continue);
        if (ZSTD_isError(left) != 0)
            return Error(ErrorCode::internal, std::string("compressing an answer failed: ") + ZSTD_getErrorName(left),
                         "ask for it without 'Accept-Encoding: zstd'");
        m_taken = input.pos;
        m_ended = m_plain_ended && left == 0;
        return {};
    }

    std::shared_ptr<BodyStream> m_plain;
    Compressor m_compressor;
    Bytes m_input;
    std::size_t m_filled = 0;
    std::size_t m_taken = 0;
    bool m_plain_ended = false;
    bool m_ended = false;
};

}    // namespace

bool can_compress() noexcept { return true; }

Result<std::shared_ptr<BodyStream>> zstd_stream(std::shared_ptr<BodyStream> plain, int level) {
    Compressor compressor(ZSTD_createCCtx());
    const Error no_memory(ErrorCode::io, "not enough memory to compress an answer",
                          "ask for it without 'Accept-Encoding: zstd'");
    if (compressor == nullptr) return no_memory;
    const auto set = [&](ZSTD_cParameter parameter, int value) {
        return ZSTD_isError(ZSTD_CCtx_setParameter(compressor.get(), parameter, value)) == 0;
    };
    if (!set(ZSTD_c_compressionLevel, std::clamp(level, 1, max_level)) || !set(ZSTD_c_checksumFlag, 1))
        return no_memory;
    if (const auto size = plain->size())
        if (ZSTD_isError(ZSTD_CCtx_setPledgedSrcSize(compressor.get(), *size)) != 0) return no_memory;
    return std::shared_ptr<BodyStream>(std::make_shared<ZstdStream>(std::move(plain), std::move(compressor)));
}

}    // namespace filfil::retrieval
