// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/executor.hpp"
#include "base/transport.hpp"
#include "incentive/transaction.hpp"
#include "rpc/json.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

namespace filfil::incentive {

/// A node with an Ethereum API and a wallet of Filecoin's, over a chain that does what it is told: it takes
/// transactions in or not, forgets them, reorgs, and fails. By the rules that matter here it is strict: nonces in
/// order, replacements by a quarter more, balances.
class FakeChain final : public HttpServer {
public:
    struct Pooled {
        Hash32 hash{};
        EthAddress from{};
        std::uint64_t nonce = 0;
        std::optional<EthAddress> to{};
        Bytes input{};
        U256 value{};
        U256 fee_cap{};
        U256 tip{};
        std::uint64_t gas_limit = 0;
        rpc::Json message{};    ///< of Filecoin, signed; null for one of Ethereum
    };
    struct Block {
        Hash32 hash{};
        std::vector<Pooled> transactions{};
        std::vector<bool> succeeded{};
        bool null_round = false;
    };
    /// A refusal with its code: nodes say a good deal in their messages.
    struct Refused {
        std::int64_t code = 1;
        std::string message{};
        rpc::Json data{};
    };
    using Outcome = std::variant<rpc::Json, Refused>;

    explicit FakeChain(Executor& executor);

    // What it is told to do
    void mine(std::uint64_t blocks = 1);
    void mine_every(Clock::Duration period);
    void stop_mining() { ++m_mining; }

    /// The newest blocks leave the chain. @param to_pool what was in them waits again; else it is forgotten
    void reorg(std::uint64_t depth, bool to_pool);
    void lose_pool() { m_pool.clear(); }

    /// Somebody else sends with that sender's next nonce, straight into the next block.
    void foreign(const EthAddress& from, Bytes data);

    std::uint64_t chain_id = 314;
    U256 base_fee = 100;
    U256 least_tip = 0;                 ///< what offers less stays in the pool
    bool takes_in = true;               ///< blocks have room
    bool has_index = true;              ///< answers for receipts and hashes
    bool keeps_receipts = false;        ///< of blocks that have left the chain, too
    bool shows_pending = true;          ///< eth_getTransactionByHash knows the pool
    bool dead = false;                  ///< answers 503 to all
    bool honours_uuid = true;           ///< as Lotus
    Clock::Duration signing{};          ///< how long MpoolPushMessage takes before it has any effect
    std::set<std::string> missing{};    ///< methods that it does not have
    std::map<EthAddress, U256> balances{};
    std::map<std::string, std::uint64_t> wallet{};    ///< its keys, and their actors' numbers
    std::optional<std::uint64_t> final_block{};

    /// Why the contract refuses a call, now and when it is carried out.
    std::function<std::optional<Bytes>(const EthAddress& from, const Bytes& input)> refuses{};

    /// Asked first: an answer in place of the true one.
    std::function<std::optional<Outcome>(const std::string& method, const rpc::Json& params)> lies{};

    // What came of it
    /// Inputs of the transactions that have taken effect, in order.
    [[nodiscard]] std::vector<Bytes> effects() const;
    [[nodiscard]] std::size_t in_pool() const;
    [[nodiscard]] std::uint64_t head() const { return m_blocks.size() - 1; }
    [[nodiscard]] std::uint64_t calls(const std::string& method) const;
    [[nodiscard]] const std::vector<Block>& blocks() const { return m_blocks; }

    void handle(HttpRequest request, Respond respond) override;
    std::optional<HttpResponse> refuse_socket(const HttpRequest&) override { return HttpResponse{.status = 404}; }
    SocketEvents open_socket(std::shared_ptr<WebSocket>, const HttpRequest&) override { return {}; }

private:
    using Reply = std::function<void(Outcome)>;

    void answer(const std::string& method, const rpc::Json& params, const Reply& reply);
    Outcome ethereum(const std::string& method, const rpc::Json& params);
    Outcome filecoin(const std::string& method, const rpc::Json& params);
    Outcome push_message(const rpc::Json& params);
    Outcome add(Pooled one);
    [[nodiscard]] std::uint64_t count(const EthAddress& of, std::uint64_t block) const;
    [[nodiscard]] std::uint64_t pending_count(const EthAddress& of) const;
    [[nodiscard]] std::optional<std::uint64_t> number_of(const rpc::Json& tag) const;
    [[nodiscard]] rpc::Json block_json(std::uint64_t number, bool whole) const;
    [[nodiscard]] static rpc::Json json_of(const Pooled& one);
    [[nodiscard]] rpc::Json receipt_json(std::uint64_t number, std::size_t place) const;
    [[nodiscard]] rpc::Json sign_message(rpc::Json message) const;
    Result<Pooled> pooled_of(const rpc::Json& signed_message) const;
    void add_block(std::vector<Pooled> transactions);

    Executor& m_executor;
    std::vector<Block> m_blocks;
    std::map<EthAddress, std::map<std::uint64_t, Pooled>> m_pool;
    std::map<std::string, rpc::Json> m_stale;    ///< receipts of blocks that have left the chain, by hash
    std::map<std::string, rpc::Json> m_by_uuid;
    std::map<std::string, std::uint64_t> m_calls;
    std::uint64_t m_made = 0;      ///< blocks, of every fork
    std::uint64_t m_mining = 0;    ///< another one stops the earlier
    std::shared_ptr<int> m_alive = std::make_shared<int>(0);
};

}    // namespace filfil::incentive
