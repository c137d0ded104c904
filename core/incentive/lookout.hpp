// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "incentive/wallet.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

namespace filfil::incentive {

/// What a node says of some drafts of one nonce.
struct Sighting {
    enum class State : std::uint8_t {
        unseen,       ///< the node has none of them: never sent, or lost, or reorged out of the chain
        pending,      ///< one waits in the node's pool
        included,     ///< one is in the chain
        overtaken,    ///< another transaction of the same sender and nonce is in the chain: these never will be
        unclear,      ///< the nonce is used up, and the node does not show by what
    };
    State state = State::unseen;
    std::size_t draft = 0;                  ///< which one, where one is pending or included
    std::uint64_t block = 0;                ///< of what is in the chain
    std::optional<EthReceipt> receipt{};    ///< of what is included, where the node has it
    std::optional<Hash32> hash{};           ///< of what is pending or in the chain, or has overtaken them
};

/// Finds the transaction with which `from` used up `nonce`: by the blocks themselves, so that it needs no index of the
/// node's. @param since a block when the nonce was not used yet
/// @param handler nothing where no block shows it
struct Spent {
    std::uint64_t block = 0;
    EthTransaction transaction{};
};
void find_spent(EthNode& node, const EthAddress& from, std::uint64_t nonce, std::uint64_t since, std::uint64_t head,
                EthNode::Handler<std::optional<Spent>> handler);

/// Whether the transaction is this draft's.
bool is_of(const Draft& draft, const EthTransaction& transaction);

/// Looks for drafts that have one nonce, which is known, and where each has a hash or a tag.
/// @param wallet gives receipts @param head the newest block's number
void look_for(EthNode& node, Wallet& wallet, std::vector<Draft> drafts, std::uint64_t head,
              EthNode::Handler<Sighting> handler);

}    // namespace filfil::incentive
