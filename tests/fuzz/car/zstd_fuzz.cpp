// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "car/forest_footer.hpp"
#include "car/inspect.hpp"
#include "require.hpp"

#include <zstd.h>

#include <algorithm>

using namespace filfil;
using namespace filfil::car;
using filfil::fuzz::require;

namespace {

/// `bytes` in frames of `step`, with a skippable frame between them, and then changed or cut as `edit` says.
Bytes pack(ByteView bytes, std::size_t step, unsigned edit) {
    Bytes out;
    const auto add = [&](ByteView part) { out.insert(out.end(), part.begin(), part.end()); };
    for (std::size_t at = 0; at < bytes.size() || at == 0; at += step) {
        const ByteView part = bytes.subspan(at, std::min(step, bytes.size() - at));
        Bytes frame(ZSTD_compressBound(part.size()));
        frame.resize(ZSTD_compress(frame.data(), frame.size(), part.data(), part.size(), 1));
        add(frame);
        if (edit & 1U) add(skippable_header(3)), add(bytes_of("abc"));
    }
    const std::size_t place = edit / 8 % out.size();
    if (edit & 2U) out[place] ^= static_cast<std::byte>(1U << (edit / 8 % 8));
    if (edit & 4U) out.resize(place);
    return out;
}

Result<Bytes> unpack(ByteView packed, std::size_t step) {
    FILFIL_TRY(auto source, open_source(memory_file("fuzz", packed)));
    Bytes out;
    for (;;) {
        const std::size_t had = out.size();
        out.resize(had + step);
        auto n = source->read(ByteSpan(out).subspan(had));
        if (!n.ok()) return std::move(n).error();
        out.resize(had + *n);
        if (*n == 0) return out;
        require(out.size() < 64 * MiB, "a small input does not become a large one here");
    }
}

}    // namespace

/// What is packed comes back; what was damaged behind that ends without harm.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 6) return 0;
    const unsigned edit = data[0] + 256U * data[1] + 65'536U * data[2];
    const std::size_t step = 1 + data[3] + std::size_t{256} * data[4];
    const std::size_t read = 1 + data[5] * std::size_t{7};
    const ByteView bytes = fuzz::input(data + 6, std::min<std::size_t>(size - 6, 20'000));
    const Bytes packed = pack(bytes, std::max<std::size_t>(step, 64), edit);
    const auto back = unpack(packed, read);
    if ((edit & 6U) == 0) require(back.ok() && std::ranges::equal(*back, bytes), "what is packed comes back");
    const auto other = unpack(packed, 4096);
    require(back.ok() == other.ok(), "the size of reads does not matter");
    if (back.ok()) require(*back == *other, "the bytes do not depend on the size of reads");
    if (const auto found = inspect(memory_file("fuzz", packed)); found.ok())
        require(back.ok() && found->bytes == back->size(), "a whole CARv1 is all that was unpacked");
    return 0;
}
