// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "unzip.hpp"

#include <gtest/gtest.h>
#include <zstd.h>

#include <memory>

namespace filfil::retrieval::samples {
namespace {

struct FreeStream {
    void operator()(ZSTD_DCtx* stream) const noexcept { ZSTD_freeDCtx(stream); }
};

}    // namespace

Bytes unzip(ByteView packed) {
    const std::unique_ptr<ZSTD_DCtx, FreeStream> stream(ZSTD_createDCtx());
    ZSTD_DCtx_setParameter(stream.get(), ZSTD_d_windowLogMax, 23);
    Bytes out;
    Bytes buffer(ZSTD_DStreamOutSize());
    ZSTD_inBuffer input{packed.data(), packed.size(), 0};
    for (;;) {
        ZSTD_outBuffer output{buffer.data(), buffer.size(), 0};
        const std::size_t left = ZSTD_decompressStream(stream.get(), &output, &input);
        out.insert(out.end(), buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(output.pos));
        if (ZSTD_isError(left) != 0) {
            ADD_FAILURE() << ZSTD_getErrorName(left);
            return {};
        }
        if (left == 0) break;
        if (input.pos == input.size && output.pos == 0) {
            ADD_FAILURE() << "the frame does not end";
            return {};
        }
    }
    EXPECT_EQ(input.pos, packed.size()) << "bytes follow the frame";
    return out;
}

}    // namespace filfil::retrieval::samples
