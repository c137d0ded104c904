// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/clock.hpp"
#include "chain/address.hpp"
#include "incentive/eth_error.hpp"
#include "incentive/lifeline.hpp"
#include "ipld/digest.hpp"

#include <functional>
#include <string>
#include <string_view>

namespace filfil::market {

// Source: curio market/mk20/auth.go (parseCustomAuth, authMessage, verifySignature) and market/mk20/client/auth.go
// (CurioAuthHeader).

/// What is signed to be let in: SHA-256 of the address's bytes, the method, the path as it is sent without its query,
/// and the minute ("2026-11-27T13:00:00Z"). Curio takes the minute before and the one behind as well.
ipld::Digest256 curio_auth_digest(const chain::Address& wallet, std::string_view method, std::string_view path,
                                  Clock::Duration wall);

/// The minute of a time since 1970: "2026-11-27T13:00:00Z".
std::string minute_text(Clock::Duration wall);

/// "secp256k1", "bls" or "delegated"; "" for an address that has no key.
std::string_view curio_key_type(const chain::Address& wallet) noexcept;

/// The value of the Authorization field. @param signature its kind's byte, then what the key made
std::string curio_authorization(const chain::Address& wallet, ByteView signature);

/// The node's wallet signs bytes (Filecoin.WalletSign), so that this program holds no key. On the loop only; handlers
/// are called there, none of them after it was destroyed.
class NodeSigner {
public:
    template <class T>
    using Handler = std::function<void(Result<T>)>;

    /// @param wallet an address that has a key: f1…, f3… or f410…
    /// @param letter of the node's network, in front of addresses
    NodeSigner(incentive::Ask ask, chain::Address wallet, char letter)
        : m_ask(std::move(ask)), m_wallet(std::move(wallet)), m_letter(letter) {}

    [[nodiscard]] const chain::Address& wallet() const noexcept { return m_wallet; }
    [[nodiscard]] char letter() const noexcept { return m_letter; }
    [[nodiscard]] std::string name() const { return m_wallet.text(m_letter); }

    /// @param handler the signature: a byte for its kind (1 secp256k1, 2 BLS, 3 delegated), then what the key made
    void sign(ByteView message, Handler<Bytes> handler);

private:
    incentive::Ask m_ask;
    chain::Address m_wallet;
    char m_letter;
    incentive::Lifeline m_here;
};

/// Reads what WalletSign answers: {"Type": 1, "Data": base64}. Source: go-state-types crypto/signature.go.
/// @return Error::corrupt says what is wrong with it, or that another kind of key has signed
Result<Bytes> read_signature(const rpc::Json& json, const chain::Address& wallet);

}    // namespace filfil::market
