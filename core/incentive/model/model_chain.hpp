// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "incentive/eth_json.hpp"
#include "incentive/model/contract_model.hpp"
#include "incentive/model/neighbours.hpp"

#include <functional>
#include <map>
#include <optional>
#include <vector>

namespace filfil::incentive::model {

/// An EVM chain on which nothing runs but the contract's model: accounts, transactions, blocks that are epochs, null
/// rounds, reorganisations. Everything that there is now is a block's; what leaves the chain has never been.
class ModelChain {
public:
    /// What a block leaves behind.
    struct World {
        std::map<EthAddress, ContractModel> contracts{};
        std::map<EthAddress, U256> balances{};
        std::map<EthAddress, std::uint64_t> nonces{};
    };
    struct Transaction {
        Hash32 hash{};
        EthAddress from{};
        std::uint64_t nonce = 0;
        Call call{};
        U256 fee_cap{};
        U256 tip{};
        std::uint64_t gas_limit = 0;
        bool of_actor = false;    ///< a message of an actor: no nonce, no fee, no signature
    };
    struct Done {
        Transaction transaction{};
        Outcome outcome{};
        std::uint64_t gas_used = 0;
        U256 gas_price{};
        std::optional<EthAddress> made{};    ///< a contract
        std::vector<std::pair<EthAddress, Log>> logs{};
    };
    struct Block {
        Hash32 hash{};
        Hash32 parent{};
        bool null_round = false;
        std::vector<Done> transactions{};
        std::shared_ptr<const World> after{};
    };

    ModelChain();

    std::uint64_t chain_id = 31'415'926;
    U256 base_fee = 100;
    U256 least_tip = 0;       ///< what offers less stays in the pool
    bool takes_in = true;     ///< blocks have room
    Neighbours neighbours;    ///< Filecoin around the contract; not part of what a reorganisation takes back

    /// Money for an account, from now on.
    void give(const EthAddress& who, const U256& amount);

    /// Puts the contract there at once, without a transaction. @return what its constructor said
    Outcome deploy(const EthAddress& at, const contract::Constructor& how);

    /// A message of an actor (a miner actor, f05), or of an account whose key nobody has: it is in the next block.
    void send_as(const EthAddress& from, Call call);

    /// A signed transaction for the pool. @return why it is not taken, in the words that nodes have for it
    Result<Hash32> send_raw(ByteView raw);

    /// Blocks with what the pool has.
    void mine(std::uint64_t blocks = 1);

    /// Null rounds.
    void skip(std::uint64_t epochs);

    /// The newest `depth` epochs leave the chain. @param to_pool what was in them waits again; else it is forgotten
    void reorg(std::uint64_t depth, bool to_pool);
    void lose_pool() { m_pool.clear(); }

    /// The newest `depth` epochs have never been, nor what was in them or was on its way from actors; the pool stays.
    void take_back(std::uint64_t depth);

    /// A call that leaves nothing behind, as it would be carried out on top of `epoch`.
    [[nodiscard]] Outcome look(std::uint64_t epoch, const EthAddress& from, const Call& call) const;

    [[nodiscard]] std::uint64_t head() const { return m_blocks.size() - 1; }
    [[nodiscard]] const std::vector<Block>& blocks() const { return m_blocks; }
    [[nodiscard]] const World& world() const { return *m_blocks.back().after; }
    [[nodiscard]] const ContractModel* contract(const EthAddress& at) const;
    [[nodiscard]] const std::map<EthAddress, std::map<std::uint64_t, Transaction>>& pool() const { return m_pool; }
    [[nodiscard]] std::uint64_t nonce(const EthAddress& of, bool pending) const;

    /// What a call costs in gas: a rule of this chain alone.
    static std::uint64_t gas_of(const Call& call);

private:
    class Around;
    Done carry_out(World& world, const Transaction& transaction, std::uint64_t epoch) const;
    Outcome run(World& world, const EthAddress& from, const Call& call, std::uint64_t epoch, Done& done) const;
    void add_block(std::vector<Transaction> transactions, bool null_round);

    std::vector<Block> m_blocks;
    std::map<EthAddress, std::map<std::uint64_t, Transaction>> m_pool;
    std::vector<Transaction> m_of_actors;
    std::uint64_t m_made = 0;    ///< blocks and messages, of every fork
};

/// The address of what `from` creates with that nonce.
EthAddress created_by(const EthAddress& from, std::uint64_t nonce);

}    // namespace filfil::incentive::model
