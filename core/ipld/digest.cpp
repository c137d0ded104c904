// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "ipld/digest.hpp"

#include "ipld/sha256.hpp"

#if defined(FILFIL_WITH_OPENSSL)
#include <openssl/evp.h>
#endif
#if defined(FILFIL_WITH_LIBB2)
#include <blake2.h>
#endif

namespace filfil::ipld {

#if defined(FILFIL_WITH_LIBB2)
Digest256 blake2b_256(ByteView data) noexcept {
    Digest256 digest{};
    // libb2 refuses a null input even where its length is 0.
    const void* from = data.empty() ? digest.data() : data.data();
    if (blake2b(reinterpret_cast<std::uint8_t*>(digest.data()), from, nullptr, digest.size(), data.size(), 0) != 0)
        return blake2b_256_portable(data);
    return digest;
}
#else
Digest256 blake2b_256(ByteView data) noexcept { return blake2b_256_portable(data); }
#endif

#if defined(FILFIL_WITH_OPENSSL)

Digest256 sha2_256(ByteView data) noexcept {
    Digest256 digest{};
    if (EVP_Digest(data.data(), data.size(), reinterpret_cast<unsigned char*>(digest.data()), nullptr, EVP_sha256(),
                   nullptr) != 1)
        return sha2_256_portable(data);
    return digest;
}

// OpenSSL may refuse to start (a provider that is not configured); then the portable hash takes the whole stream.
struct Sha256Stream::State {
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    bool usable = context != nullptr && EVP_DigestInit_ex(context, EVP_sha256(), nullptr) == 1;
    PortableSha256 portable;

    State() = default;
    State(const State&) = delete;
    State& operator=(const State&) = delete;
    ~State() { EVP_MD_CTX_free(context); }

    void update(ByteView data) noexcept {
        if (usable)
            EVP_DigestUpdate(context, data.data(), data.size());
        else
            portable.update(data);
    }

    Digest256 finish() noexcept {
        if (!usable) return portable.finish();
        Digest256 digest{};
        EVP_DigestFinal_ex(context, reinterpret_cast<unsigned char*>(digest.data()), nullptr);
        return digest;
    }
};

#else

Digest256 sha2_256(ByteView data) noexcept { return sha2_256_portable(data); }

struct Sha256Stream::State : PortableSha256 {};

#endif

Sha256Stream::Sha256Stream() : m_state(std::make_unique<State>()) {}
Sha256Stream::~Sha256Stream() = default;
Sha256Stream::Sha256Stream(Sha256Stream&&) noexcept = default;
Sha256Stream& Sha256Stream::operator=(Sha256Stream&&) noexcept = default;

void Sha256Stream::update(ByteView data) noexcept { m_state->update(data); }
Digest256 Sha256Stream::finish() noexcept { return m_state->finish(); }

}    // namespace filfil::ipld
