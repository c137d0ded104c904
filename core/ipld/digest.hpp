// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/bytes.hpp"

#include <array>
#include <cstdint>
#include <memory>

namespace filfil::ipld {

using Digest256 = std::array<std::byte, 32>;

/// BLAKE2b with a 32-byte digest and no key (RFC 7693). Uses libb2 where the build has it. Thread-safe.
Digest256 blake2b_256(ByteView data) noexcept;

/// BLAKE2b without a key and with a digest of 1 to 64 bytes, which fill `digest`. A shorter one is not the front of a
/// longer one: the length is hashed too. Thread-safe.
void blake2b_portable(ByteView data, ByteSpan digest) noexcept;

/// blake2b_256 of many inputs: out[i] is that of blocks[i]. Where the CPU has AVX2, four are hashed side by side, which
/// is the faster the more of them there are (thousands are well; one takes the way of blake2b_256). Thread-safe.
/// @param out as many as `blocks`
void blake2b_256_many(std::span<const ByteView> blocks, std::span<Digest256> out) noexcept;

/// SHA-256 of `data` (FIPS 180-4). Uses OpenSSL where the build has it. Thread-safe.
Digest256 sha2_256(ByteView data) noexcept;

/// The same functions written out in this project: what a machine without libb2 and OpenSSL uses, and what tests hold
/// the libraries against.
Digest256 blake2b_256_portable(ByteView data) noexcept;
Digest256 sha2_256_portable(ByteView data) noexcept;

/// SHA-256 of a stream. Not thread-safe.
class Sha256Stream {
public:
    Sha256Stream();
    ~Sha256Stream();
    Sha256Stream(Sha256Stream&&) noexcept;
    Sha256Stream& operator=(Sha256Stream&&) noexcept;

    void update(ByteView data) noexcept;

    /// The digest of all that was given; the stream must not be used after it.
    Digest256 finish() noexcept;

private:
    struct State;
    std::unique_ptr<State> m_state;
};

}    // namespace filfil::ipld
