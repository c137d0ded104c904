// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "incentive/secp256k1.hpp"

#include "incentive/keccak.hpp"

#include <openssl/crypto.h>
#include <secp256k1.h>
#include <secp256k1_recovery.h>

#include <algorithm>
#include <span>

namespace filfil::incentive {
namespace {

struct Destroy {
    void operator()(secp256k1_context* context) const noexcept { secp256k1_context_destroy(context); }
};
using Context = std::unique_ptr<secp256k1_context, Destroy>;

/// One a call: it is made in microseconds, and so there is nothing that threads share.
Context make_context() { return Context(secp256k1_context_create(SECP256K1_CONTEXT_SIGN | SECP256K1_CONTEXT_VERIFY)); }

const unsigned char* chars(const std::byte* bytes) { return reinterpret_cast<const unsigned char*>(bytes); }
unsigned char* chars(std::byte* bytes) { return reinterpret_cast<unsigned char*>(bytes); }

constexpr std::size_t compact_half = 32;

EthAddress address_of(const secp256k1_context& context, const secp256k1_pubkey& key) {
    std::array<std::byte, 65> point{};
    std::size_t size = point.size();
    secp256k1_ec_pubkey_serialize(&context, chars(point.data()), &size, &key, SECP256K1_EC_UNCOMPRESSED);
    // The first byte says only that it is not compressed.
    const Hash32 hash = keccak_256(ByteView(point).subspan(1));
    std::array<std::byte, EthAddress::size> out{};
    std::copy_n(hash.end() - EthAddress::size, EthAddress::size, out.begin());
    return EthAddress(out);
}

}    // namespace

void wipe(ByteSpan bytes) noexcept {
    if (!bytes.empty()) OPENSSL_cleanse(bytes.data(), bytes.size());
}

void wipe(std::string& text) noexcept { wipe(std::as_writable_bytes(std::span(text.data(), text.size()))); }

Result<SecretKey> SecretKey::from_bytes(ByteView bytes) {
    SecretKey out;
    if (bytes.size() != out.m_bytes.size())
        return Error(ErrorCode::invalid_argument,
                     "a secret key has 32 bytes, and there are " + std::to_string(bytes.size()));
    std::ranges::copy(bytes, out.m_bytes.begin());
    const Context context = make_context();
    secp256k1_pubkey key;
    if (secp256k1_ec_pubkey_create(context.get(), &key, chars(out.m_bytes.data())) != 1)
        return Error(ErrorCode::invalid_argument, "a secret key is 0, or not below the order of secp256k1");
    out.m_address = address_of(*context, key);
    return out;
}

SecretKey SecretKey::generate(Random& random) {
    for (;;) {
        Hash32 bytes{};
        random.fill(bytes);
        auto key = from_bytes(bytes);
        wipe(bytes);
        // One in 2^128 is no key.
        if (key.ok()) return std::move(*key);
    }
}

SecretKey::SecretKey(SecretKey&& other) noexcept : m_bytes(other.m_bytes), m_address(other.m_address) {
    wipe(other.m_bytes);
}

SecretKey& SecretKey::operator=(SecretKey&& other) noexcept {
    if (this == &other) return *this;
    m_bytes = other.m_bytes;
    m_address = other.m_address;
    wipe(other.m_bytes);
    return *this;
}

SecretKey::~SecretKey() { wipe(m_bytes); }

Result<Signature> SecretKey::sign(const Hash32& hash) const {
    const Context context = make_context();
    secp256k1_ecdsa_recoverable_signature signature;
    if (secp256k1_ecdsa_sign_recoverable(context.get(), &signature, chars(hash.data()), chars(m_bytes.data()), nullptr,
                                         nullptr) != 1)
        return Error(ErrorCode::internal, "libsecp256k1 did not sign with the key of " + m_address.text());
    std::array<std::byte, 2 * compact_half> compact{};
    int parity = 0;
    secp256k1_ecdsa_recoverable_signature_serialize_compact(context.get(), chars(compact.data()), &parity, &signature);
    Signature out;
    std::copy_n(compact.begin(), compact_half, out.r.begin());
    std::copy_n(compact.begin() + compact_half, compact_half, out.s.begin());
    // 2 and 3 stand for an r that was reduced: nobody has ever seen one.
    if (parity > 1) return Error(ErrorCode::internal, "a signature that Ethereum has no form for");
    out.y_parity = static_cast<unsigned>(parity);
    return out;
}

Result<EthAddress> recover(const Hash32& hash, const Signature& signature) {
    const Error none(ErrorCode::corrupt, "the signature is not one of secp256k1 over this hash");
    if (signature.y_parity > 1) return none;
    std::array<std::byte, 2 * compact_half> compact{};
    std::ranges::copy(signature.r, compact.begin());
    std::ranges::copy(signature.s, compact.begin() + compact_half);
    const Context context = make_context();
    secp256k1_ecdsa_signature plain;
    if (secp256k1_ecdsa_signature_parse_compact(context.get(), &plain, chars(compact.data())) != 1) return none;
    if (secp256k1_ecdsa_signature_normalize(context.get(), nullptr, &plain) == 1)
        return Error(ErrorCode::corrupt, "the signature's s is in the upper half of the order");
    secp256k1_ecdsa_recoverable_signature whole;
    secp256k1_pubkey key;
    if (secp256k1_ecdsa_recoverable_signature_parse_compact(context.get(), &whole, chars(compact.data()),
                                                            static_cast<int>(signature.y_parity)) != 1 ||
        secp256k1_ecdsa_recover(context.get(), &key, &whole, chars(hash.data())) != 1)
        return none;
    return address_of(*context, key);
}

}    // namespace filfil::incentive
