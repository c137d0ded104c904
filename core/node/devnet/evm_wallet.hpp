// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "node/devnet/options.hpp"

#include <deque>
#include <functional>
#include <string>

namespace filfil::node {

/// The wallet and the message pool of a devnet: the unlocked accounts of an EVM node and what waits there, as
/// Filecoin's methods have them. A message has the transaction's hash as its CID's digest, as Lotus's EthHash.ToCid.
///
/// Lives on the loop; handlers are called there.
class EvmWallet {
public:
    using Reply = std::function<void(Outcome)>;
    using Call = std::function<void(std::string method, rpc::Json params, Reply reply)>;

    /// @param options must outlive this @param call asks the EVM node; no answer comes when this is gone
    EvmWallet(const DevnetOptions& options, Call call) : m_options(options), m_call(std::move(call)) {}

    /// Runs one of the methods below. @param method as MethodSpec has it
    void run(std::string_view method, const rpc::Json& params, Reply reply);

private:
    /// Filecoin.WalletSign [address, base64]: eth_sign.
    void sign(const rpc::Json& params, const Reply& reply);

    /// Filecoin.WalletSignMessage [address, message]: the message signed with the nonce and the gas that it has.
    void sign_message(const rpc::Json& params, const Reply& reply);

    /// Filecoin.MpoolPushMessage [message, spec]: signed and sent, with the next nonce and the fees of now, and a
    /// quarter more gas than it takes now, as Lotus. For payments, calls of contracts and new contracts. One after the
    /// other, so that each has a nonce of its own.
    void push_message(const rpc::Json& params, const Reply& reply);

    /// Filecoin.MpoolPush [signed message]: what was signed here is sent, as often as it is asked for.
    void push_signed(const rpc::Json& params, const Reply& reply);

    /// A message that waits to be sent, and what it is as a transaction.
    struct Push {
        rpc::Json message;
        rpc::Json transaction;
        Reply reply;
    };
    void next_push();
    void send(const Push& push);
    void complete(const rpc::Json& message, const rpc::Json& hash, const Reply& reply);
    [[nodiscard]] Result<std::string> account_of(const rpc::Json& address) const;
    [[nodiscard]] Result<rpc::Json> transaction_of(const rpc::Json& message) const;
    [[nodiscard]] Result<rpc::Json> exact_transaction_of(const rpc::Json& message) const;

    const DevnetOptions& m_options;
    Call m_call;
    std::deque<Push> m_waiting;
    bool m_pushing = false;
};

/// StateAccountKey: the other way, for an f0 address; any other is its own.
/// @return Error::internal with Lotus's text where it is not known
Result<std::string> account_key(const DevnetOptions& options, const std::string& address);

/// StateLookupID: the f0 address of one of DevnetOptions::accounts, where its account is an actor's number (0xff, zeros
/// and the number, as FEVM has senders that are not Ethereum's); an f0 address is its own.
/// @return Error::internal with Lotus's text where it is not known
Result<std::string> lookup_id(const DevnetOptions& options, const std::string& address);

}    // namespace filfil::node
