// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/random.hpp"
#include "incentive/eth_address.hpp"

#include <array>
#include <memory>

namespace filfil::incentive {

using Hash32 = std::array<std::byte, 32>;

/// An ECDSA signature over secp256k1 from which the signer can be told. s is in the lower half of the order, as
/// EIP-2 asks.
struct Signature {
    Hash32 r{};
    Hash32 s{};
    unsigned y_parity = 0;    ///< 0 or 1
    bool operator==(const Signature&) const = default;
};

/// A key of Ethereum. Its bytes are overwritten when it is destroyed or moved from.
class SecretKey {
public:
    /// @return Error::invalid_argument where there are not 32 bytes, or they are 0 or not below the curve's order
    static Result<SecretKey> from_bytes(ByteView bytes);

    /// A fresh one. @param random must be a kernel's generator (SystemRandom), or a test's
    static SecretKey generate(Random& random);

    SecretKey(SecretKey&& other) noexcept;
    SecretKey& operator=(SecretKey&& other) noexcept;
    SecretKey(const SecretKey&) = delete;
    SecretKey& operator=(const SecretKey&) = delete;
    ~SecretKey();

    /// Deterministic (RFC 6979). Error::internal only where the library fails.
    [[nodiscard]] Result<Signature> sign(const Hash32& hash) const;

    /// Last 20 bytes of the Keccak-256 of the public key.
    [[nodiscard]] const EthAddress& address() const noexcept { return m_address; }

    /// The secret itself: for key files alone.
    [[nodiscard]] const Hash32& bytes() const noexcept { return m_bytes; }

private:
    SecretKey() = default;

    Hash32 m_bytes{};
    EthAddress m_address;
};

/// Who signed `hash`. @return Error::corrupt for what is no signature: numbers out of range, s in the upper half
Result<EthAddress> recover(const Hash32& hash, const Signature& signature);

/// Overwrites memory that held a secret; not optimised away.
void wipe(ByteSpan bytes) noexcept;
void wipe(std::string& text) noexcept;

}    // namespace filfil::incentive
