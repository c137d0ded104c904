// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "rpc/client.hpp"

#include <cstdint>
#include <functional>
#include <vector>

namespace filfil::node {

/// The transactions that an EVM node loses when its state is taken back: those of the blocks above, and those in its
/// pool whose nonces follow on them, which it drops when it mines next. Gathered before and given to it again after,
/// they wait for a block as a node's messages do after a reorganisation (Lotus, chain/messagepool, HeadChange).
///
/// One of an account that the EVM node may act for without its key (an impersonated one) has no signature and is sent
/// by its fields, which gives the same hash. What the node refuses is left out: it could not be in a block either.
/// Lives on the loop; handlers are called there. One gathering and one giving back at a time, in turns.
class EvmTakenBack {
public:
    using Done = std::function<void()>;

    /// @param client must outlive this
    explicit EvmTakenBack(rpc::Client& client) : m_client(client) {}

    /// Takes in what the blocks `first` to `last` and the pool hold, in the order of the blocks.
    void gather(std::int64_t first, std::int64_t last, Done done);

    /// Empties the pool and sends all again that was gathered.
    void give_back(Done done);

private:
    struct Transaction {
        rpc::Json fields;
        rpc::Json raw{};    ///< as it was signed; null where the node does not tell
    };

    void gather_pool(const Done& done);
    void gather_signed(std::size_t at, const Done& done);
    void send_next(const Done& done);
    void take(const rpc::Json& transaction);

    rpc::Client& m_client;
    std::vector<Transaction> m_transactions;
    std::size_t m_next = 0;
};

}    // namespace filfil::node
