// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "incentive/eth_node.hpp"

#include "rpc/message.hpp"

#include <utility>

namespace filfil::incentive {

using rpc::Json;

EthNode::EthNode(World& world, rpc::ClientConfig config) : m_world(world), m_config(std::move(config)) {}

EthNode::~EthNode() = default;

std::string EthNode::name() const { return text_of(m_config.url, true); }

void EthNode::ask(const std::string& method, Json params, rpc::Client::AnswerHandler handler) {
    if (m_lost) drop();
    if (m_open) return m_client->call(method, std::move(params), std::move(handler));
    m_waiting.push_back({method, std::move(params), std::move(handler)});
    if (m_client == nullptr) connect();
}

void EthNode::connect() {
    m_client = rpc::make_client(m_world, m_config);
    m_client->open([this](const Result<void>& result) { opened(result); }, [this](const Error&) { m_lost = true; });
}

void EthNode::opened(const Result<void>& result) {
    const auto waiting = std::exchange(m_waiting, {});
    if (result.ok()) {
        m_open = true;
        for (const Waiting& one : waiting) m_client->call(one.method, one.params, one.handler);
        return;
    }
    drop();
    const std::weak_ptr<int> alive = m_alive;
    for (const Waiting& one : waiting) {
        one.handler(rpc::failed(result.error()));
        if (alive.expired()) return;
    }
}

/// The client may be in the middle of telling what was lost, so it is destroyed later.
void EthNode::drop() {
    m_open = false;
    m_lost = false;
    std::shared_ptr<rpc::Client> old = std::move(m_client);
    m_world.loop.post([old]() mutable { old.reset(); });
}

Result<Json> EthNode::result_of(rpc::Answer answer, const std::string& method) const {
    const bool refused = answer.error.has_value();
    const std::string words = refused ? answer.error->message : "";
    auto result = std::move(answer).to_result(method);
    if (result.ok()) return result;
    Error error = std::move(result).error();
    if (error.code == ErrorCode::unsupported)
        error.remedy =
            "the node has no Ethereum API: switch it on (Lotus: [Fevm] EnableEthRPC = true and "
            "[ChainIndexer] EnableIndexer = true), or name another node";
    if (refused && error.code == ErrorCode::internal && words.find("index") != std::string::npos)
        error.remedy = "the node's index of messages may be off or behind (Lotus: [ChainIndexer] EnableIndexer = true)";
    if (error.message.find(name()) == std::string::npos) error = std::move(error).in(name());
    return error;
}

template <class T, class Read>
void EthNode::ask_for(const std::string& method, Json params, Handler<T> handler, Read read) {
    ask(method, std::move(params), [this, method, handler = std::move(handler), read](rpc::Answer answer) {
        auto result = result_of(std::move(answer), method);
        if (!result.ok()) return handler(std::move(result).error());
        Result<T> value = read(*result);
        if (!value.ok()) return handler(std::move(value).error().in(name() + ": " + method));
        handler(std::move(value));
    });
}

namespace {

/// Null is nothing.
template <class T, class Read>
auto or_nothing(Read read) {
    return [read](const Json& json) -> Result<std::optional<T>> {
        if (json.is_null()) return std::optional<T>();
        FILFIL_TRY(T value, read(json));
        return std::optional<T>(std::move(value));
    };
}

/// How Lotus and Forest refuse to answer for an epoch that has no blocks.
bool says_null_round(const rpc::Answer& answer) {
    return answer.error && answer.error->message.find("null round") != std::string::npos;
}

}    // namespace

void EthNode::chain_id(Handler<std::uint64_t> handler) {
    ask_for("eth_chainId", Json::array(), std::move(handler), read_small_quantity);
}

void EthNode::block_number(Handler<std::uint64_t> handler) {
    ask_for("eth_blockNumber", Json::array(), std::move(handler), read_small_quantity);
}

void EthNode::block(const At& at, Handler<std::optional<EthBlock>> handler) {
    ask("eth_getBlockByNumber", Json::array({at.text, false}),
        [this, handler = std::move(handler)](rpc::Answer answer) {
            if (says_null_round(answer)) return handler(std::optional<EthBlock>());
            auto result = result_of(std::move(answer), "eth_getBlockByNumber");
            if (!result.ok()) return handler(std::move(result).error());
            auto value = or_nothing<EthBlock>(read_block)(*result);
            if (!value.ok()) return handler(std::move(value).error().in(name() + ": eth_getBlockByNumber"));
            handler(std::move(value));
        });
}

void EthNode::transactions(std::uint64_t block, Handler<std::vector<EthTransaction>> handler) {
    ask("eth_getBlockByNumber", Json::array({quantity(block), true}),
        [this, handler = std::move(handler)](rpc::Answer answer) {
            if (says_null_round(answer)) return handler(std::vector<EthTransaction>());
            auto result = result_of(std::move(answer), "eth_getBlockByNumber");
            if (!result.ok()) return handler(std::move(result).error());
            if (result->is_null()) return handler(std::vector<EthTransaction>());
            auto value = read_block_transactions(*result);
            if (!value.ok()) return handler(std::move(value).error().in(name() + ": eth_getBlockByNumber"));
            handler(std::move(value));
        });
}

void EthNode::transaction_count(const EthAddress& of, const At& at, Handler<std::uint64_t> handler) {
    ask_for("eth_getTransactionCount", Json::array({of.lower_text(), at.text}), std::move(handler),
            read_small_quantity);
}

void EthNode::balance(const EthAddress& of, const At& at, Handler<U256> handler) {
    ask_for("eth_getBalance", Json::array({of.lower_text(), at.text}), std::move(handler), read_quantity);
}

void EthNode::priority_fee(Handler<U256> handler) {
    ask_for("eth_maxPriorityFeePerGas", Json::array(), std::move(handler), read_quantity);
}

void EthNode::receipt(const Hash32& transaction, Handler<std::optional<EthReceipt>> handler) {
    ask_for("eth_getTransactionReceipt", Json::array({hash_text(transaction)}), std::move(handler),
            or_nothing<EthReceipt>(read_receipt));
}

void EthNode::transaction(const Hash32& transaction, Handler<std::optional<EthTransaction>> handler) {
    ask_for("eth_getTransactionByHash", Json::array({hash_text(transaction)}), std::move(handler),
            or_nothing<EthTransaction>(read_transaction));
}

void EthNode::call(const EthAddress& from, const Call& call, const At& at, rpc::Client::AnswerHandler handler) {
    ask("eth_call", Json::array({call_json(from, call), at.text}), std::move(handler));
}

void EthNode::estimate_gas(const EthAddress& from, const Call& call, rpc::Client::AnswerHandler handler) {
    ask("eth_estimateGas", Json::array({call_json(from, call)}), std::move(handler));
}

void EthNode::send_raw(ByteView raw, rpc::Client::AnswerHandler handler) {
    ask("eth_sendRawTransaction", Json::array({"0x" + to_hex(raw)}), std::move(handler));
}

}    // namespace filfil::incentive
