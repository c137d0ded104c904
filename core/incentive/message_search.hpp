// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "chain/address.hpp"
#include "incentive/eth_node.hpp"
#include "incentive/lifeline.hpp"
#include "incentive/wallet.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace filfil::incentive {

/// What a search came to: the signed message where the node's pool shows it, else what the chain says.
struct FoundMessage {
    std::optional<rpc::Json> signed_message{};
    std::optional<Hash32> hash{};
    std::optional<std::uint64_t> nonce{};
};

/// Looks for a message that a node was asked to sign and push, and of which no answer came: by the tag behind its data.
/// On the loop.
class MessageSearch {
public:
    template <class T>
    using Handler = EthNode::Handler<T>;

    /// @param name of the wallet, for messages @param sender by its key @param address the same, as the EVM sees it
    MessageSearch(EthNode& node, std::string name, chain::Address sender, const EthAddress& address);

    /// @param first nonces from it on are looked at: the count before the node was asked
    /// @param handler nothing where it is neither in the pool nor in the chain; Error::busy where that cannot be told
    void find(const Draft& draft, std::uint64_t first, Handler<std::optional<FoundMessage>> handler);

private:
    struct Work {
        Draft draft;
        std::uint64_t first;
        Handler<std::optional<FoundMessage>> handler;
    };
    using WorkPtr = std::shared_ptr<Work>;

    void take_pool(const WorkPtr& work, rpc::Answer answer);
    void count_pool(const WorkPtr& work);
    void find_in_chain(const WorkPtr& work);
    void next_nonce(const WorkPtr& work, std::uint64_t nonce, std::uint64_t end, std::uint64_t head);

    EthNode& m_node;
    std::string m_name;
    chain::Address m_sender;
    EthAddress m_address;
    Lifeline m_here;
};

}    // namespace filfil::incentive
