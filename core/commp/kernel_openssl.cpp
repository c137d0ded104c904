// SPDX-License-Identifier: Apache-2.0 OR MIT

// The low-level SHA-256 calls are deprecated in OpenSSL 3 in favour of EVP, which costs more than the hash itself on
// 64-byte messages (fetch, context, dispatch a message).
#define OPENSSL_SUPPRESS_DEPRECATED
#include "commp/narrow_kernel.hpp"

#include <openssl/sha.h>

namespace filfil::commp {
namespace {

constexpr std::array<unsigned char, 64> padding_block = [] {
    std::array<unsigned char, 64> block{};
    block[0] = 0x80;
    block[62] = 0x02;    // 512 bits, big-endian
    return block;
}();

struct OpensslHash {
    static void nodes(const std::byte* messages, Node* out, std::size_t count) noexcept {
        for (std::size_t n = 0; n < count; ++n) {
            SHA256_CTX context;
            SHA256_Init(&context);
            SHA256_Transform(&context, reinterpret_cast<const unsigned char*>(messages + n * 64));
            SHA256_Transform(&context, padding_block.data());
            std::array<std::uint32_t, 8> words;
            for (std::size_t i = 0; i < 8; ++i) words[i] = __builtin_bswap32(context.h[i]);
            std::memcpy(out[n].data(), words.data(), 32);
            out[n][31] &= std::byte{0x3f};
        }
    }
};

bool always() noexcept { return true; }

}    // namespace

const Kernel openssl_kernel{"openssl",
                            "OpenSSL's SHA-256, one node at a time",
                            &always,
                            1,
                            6,
                            &NarrowKernel<OpensslHash>::subtrees,
                            &NarrowKernel<OpensslHash>::parents};

}    // namespace filfil::commp
