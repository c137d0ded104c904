// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "retrieval/fetch/range_answer.hpp"

#include <zstd.h>

#include <memory>

namespace filfil::retrieval {
namespace {

/// What HTTP allows (RFC 9659): 8 MiB.
constexpr int most_window_log = 23;

struct FreeContext {
    void operator()(ZSTD_DCtx* context) const noexcept { ZSTD_freeDCtx(context); }
};

Error bad(std::string why) { return {ErrorCode::corrupt, "its zstd " + std::move(why)}; }

}    // namespace

Result<std::string> unpack_slice(std::string_view packed, std::uint64_t size) {
    const std::unique_ptr<ZSTD_DCtx, FreeContext> context(ZSTD_createDCtx());
    if (context == nullptr) return Error(ErrorCode::io, "not enough memory to undo zstd");
    if (ZSTD_isError(ZSTD_DCtx_setParameter(context.get(), ZSTD_d_windowLogMax, most_window_log)) != 0)
        return Error(ErrorCode::internal, "libzstd does not take a limit of its window");
    std::string out(static_cast<std::size_t>(size) + 1, '\0');
    ZSTD_inBuffer input{packed.data(), packed.size(), 0};
    // One byte more than there may be: a longer one does not end.
    ZSTD_outBuffer output{out.data(), out.size(), 0};
    for (;;) {
        const std::size_t before = input.pos + output.pos;
        const std::size_t left = ZSTD_decompressStream(context.get(), &output, &input);
        if (ZSTD_isError(left) != 0) return bad(std::string("is broken: ") + ZSTD_getErrorName(left));
        if (left == 0) break;
        if (output.pos == output.size || input.pos + output.pos == before)
            return bad(output.pos > size ? "holds more bytes than were asked for" : "ends too early");
    }
    if (input.pos != input.size) return bad("has bytes behind its end");
    if (output.pos != size) return bad("holds " + std::to_string(output.pos) + " bytes, not " + std::to_string(size));
    out.resize(output.pos);
    return out;
}

}    // namespace filfil::retrieval
