// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "incentive/eth_node.hpp"
#include "incentive/gas.hpp"
#include "rpc/json.hpp"

#include <cstdint>
#include <optional>
#include <set>
#include <string>

namespace filfil::incentive {

/// A transaction as it is written down before it is sent, so that whatever is cut short afterwards, it is this one that
/// is looked for or sent again.
struct Draft {
    /// Its name on the chain. Nothing where only the node will know, once it has signed.
    std::optional<Hash32> hash{};

    /// Its place among the sender's transactions; the same for all that stand in for one another.
    std::optional<std::uint64_t> nonce{};

    /// The last bytes of its input, which no other transaction has. Empty where its hash is known beforehand.
    Bytes tag{};

    std::uint64_t made_at = 0;    ///< number of the newest block then
    U256 most_cost{};             ///< attoFIL, with the value
    rpc::Json body{};             ///< the wallet's own
};

rpc::Json json_of(const Draft& draft);
Result<Draft> parse_draft(const rpc::Json& json);

/// Who signs, and sends. Of one wallet, one Sender at a time makes drafts. On the loop only; handlers are called there,
/// none of them after it was destroyed, and may be called before the method returns.
class Wallet {
public:
    template <class T>
    using Handler = EthNode::Handler<T>;

    struct Preparation {
        std::string id;                     ///< of this draft, the same never again: names it to the node
        std::set<std::uint64_t> taken{};    ///< nonces of drafts whose transaction is not in the chain yet
        U256 reserved{};                    ///< most that those can still cost
        RevertReader revert{};
    };

    virtual ~Wallet() = default;

    /// Asks the node for what has to be known before anything else. @param handler Error::mismatch where the node is of
    /// another chain
    virtual void open(Handler<void> handler) = 0;

    /// As the EVM sees it; not before open() has succeeded.
    [[nodiscard]] virtual const EthAddress& address() const noexcept = 0;

    /// As people know it.
    [[nodiscard]] virtual std::string name() const = 0;

    /// Makes the next transaction. Nothing leaves this machine that could spend. @param handler Error::too_small where
    /// the balance does not do, with what is missing; the errors of estimate_fees()
    virtual void prepare(const Call& call, const Preparation& preparation, Handler<Draft> handler) = 0;

    /// One to take the place of `last`, with higher fees. @param handler Error::unsupported where this node's wallet
    /// cannot; the errors of replacement_fees()
    virtual void replace(const Draft& last, Handler<Draft> handler) = 0;

    /// Sends it, once or again: it is the same transaction each time. @param handler the draft with all that is known
    /// now; an Error does not mean that it was not sent
    virtual void send(const Draft& draft, Handler<Draft> handler) = 0;

    /// For a draft without a hash: was it sent? @param handler the draft with all that is known; nothing where it is
    /// neither in the node's pool nor in the chain
    virtual void find(const Draft& draft, Handler<std::optional<Draft>> handler) = 0;

    /// What became of it, as far as the node's index knows.
    virtual void receipt(const Draft& draft, Handler<std::optional<EthReceipt>> handler) = 0;

    /// The same without an index, which takes the node long: for what is known to be in the chain.
    virtual void search_receipt(const Draft& /*draft*/, Handler<std::optional<EthReceipt>> handler) {
        handler(std::optional<EthReceipt>());
    }
};

/// Checks a balance against what is needed, with what is reserved. @return Error::too_small names all of it
Result<void> check_balance(const std::string& wallet, const EthAddress& address, const U256& balance,
                           const U256& needed, const U256& reserved);

}    // namespace filfil::incentive
