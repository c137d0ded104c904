// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "base/executor.hpp"
#include "base/random.hpp"
#include "commp/commp.hpp"
#include "ipld/digest.hpp"

#include <string_view>

namespace filfil::test {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool sanitized = true;
#elif defined(__has_feature)
inline constexpr bool sanitized = __has_feature(address_sanitizer) || __has_feature(thread_sanitizer);
#else
inline constexpr bool sanitized = false;
#endif

/// The payload of tests/vectors: SHA256(seed || LE64(i)) for i = 0, 1, …, cut to `size` bytes.
inline Bytes vector_payload(std::size_t size) {
    constexpr std::string_view seed = "fil-fil commp test v1";
    Bytes out;
    out.reserve(size + 32);
    Bytes block = to_bytes(bytes_of(seed));
    block.resize(seed.size() + 8);
    for (std::uint64_t i = 0; out.size() < size; ++i) {
        for (std::size_t b = 0; b < 8; ++b) block[seed.size() + b] = static_cast<std::byte>(i >> (8 * b) & 0xff);
        const ipld::Digest256 digest = ipld::sha2_256(block);
        out.insert(out.end(), digest.begin(), digest.end());
    }
    out.resize(size);
    return out;
}

inline Bytes random_payload(std::size_t size, std::uint64_t seed) {
    Bytes out(size);
    SeededRandom(seed).fill(out);
    return out;
}

/// A CPU backend that runs its jobs inside submit().
struct InlineCpu {
    explicit InlineCpu(std::string_view isa = "portable") : backend(commp::make_cpu_backend(isa, executor, clock)) {}
    commp::Backend& operator*() { return **backend; }

    SystemClock clock;
    InlineExecutor executor;
    Result<std::unique_ptr<commp::Backend>> backend;
};

inline Result<commp::Piece> hash_pushed(commp::Backend& backend, ByteView payload) {
    commp::PieceStream stream(backend);
    FILFIL_CHECK(stream.write(payload));
    return stream.finish();
}

}    // namespace filfil::test
