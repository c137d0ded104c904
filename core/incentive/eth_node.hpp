// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/world.hpp"
#include "incentive/eth_json.hpp"
#include "rpc/client.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace filfil::incentive {

/// Which state a call is asked of.
struct At {
    static At latest() { return {"latest"}; }
    static At pending() { return {"pending"}; }
    static At finalized() { return {"finalized"}; }
    static At block(std::uint64_t number) { return {quantity(number)}; }

    std::string text;
};

/// A node's Ethereum API (Lotus, Forest, or a plain EVM node), and with ask() the rest of what it has. It connects by
/// itself, and again when the connection is lost.
///
/// Lives on the loop; handlers are called there, once each, none of them after it was destroyed. Errors: io and the
/// like of rpc::Client; unsupported where the node has no such method; corrupt for what is not of the right form; each
/// with the node's name and the method's.
class EthNode {
public:
    template <class T>
    using Handler = std::function<void(Result<T>)>;

    EthNode(World& world, rpc::ClientConfig config);
    ~EthNode();
    EthNode(const EthNode&) = delete;
    EthNode& operator=(const EthNode&) = delete;

    /// Any method.
    void ask(const std::string& method, rpc::Json params, rpc::Client::AnswerHandler handler);

    void chain_id(Handler<std::uint64_t> handler);
    void block_number(Handler<std::uint64_t> handler);

    /// Nothing where there is no such block: above the head, or a null round.
    void block(const At& at, Handler<std::optional<EthBlock>> handler);

    /// The block's transactions; none for a null round.
    void transactions(std::uint64_t block, Handler<std::vector<EthTransaction>> handler);
    void transaction_count(const EthAddress& of, const At& at, Handler<std::uint64_t> handler);
    void balance(const EthAddress& of, const At& at, Handler<U256> handler);
    void priority_fee(Handler<U256> handler);
    void receipt(const Hash32& transaction, Handler<std::optional<EthReceipt>> handler);
    void transaction(const Hash32& transaction, Handler<std::optional<EthTransaction>> handler);

    /// The node's answer as it is: who asks tells a refusal of the call from one of the node (refusal_of()).
    void call(const EthAddress& from, const Call& call, const At& at, rpc::Client::AnswerHandler handler);
    void estimate_gas(const EthAddress& from, const Call& call, rpc::Client::AnswerHandler handler);
    void send_raw(ByteView raw, rpc::Client::AnswerHandler handler);

    /// An answer's result, or its error with this node's name and what can be done about it.
    [[nodiscard]] Result<rpc::Json> result_of(rpc::Answer answer, const std::string& method) const;

    [[nodiscard]] std::string name() const;
    [[nodiscard]] World& world() const noexcept { return m_world; }

private:
    struct Waiting {
        std::string method;
        rpc::Json params;
        rpc::Client::AnswerHandler handler;
    };

    void connect();
    void opened(const Result<void>& result);
    void drop();
    template <class T, class Read>
    void ask_for(const std::string& method, rpc::Json params, Handler<T> handler, Read read);

    World& m_world;
    rpc::ClientConfig m_config;
    std::unique_ptr<rpc::Client> m_client;
    bool m_open = false;
    bool m_lost = false;
    std::vector<Waiting> m_waiting;
    std::shared_ptr<int> m_alive = std::make_shared<int>(0);
};

}    // namespace filfil::incentive
