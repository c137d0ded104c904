// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "incentive/model/model_node.hpp"

#include "incentive/log_json.hpp"

#include <algorithm>

namespace filfil::incentive::model {
namespace {

using rpc::Json;

std::string text_of(const Json& params, std::size_t at) {
    return at < params.size() && params[at].is_string() ? params[at].get<std::string>() : "";
}

std::string data_text(ByteView bytes) { return "0x" + to_hex(bytes); }

struct Asked {
    EthAddress from{};
    Call call{};
};

Result<Asked> asked(const Json& json) {
    Asked out;
    if (!json.is_object()) return Error(ErrorCode::invalid_argument, "an object is expected");
    if (json.contains("from")) {
        FILFIL_TRY(out.from, read_eth_address(json["from"]));
    }
    if (json.contains("to") && !json["to"].is_null()) {
        FILFIL_TRY(out.call.to, read_eth_address(json["to"]));
    }
    if (json.contains("value")) {
        FILFIL_TRY(out.call.value, read_quantity(json["value"]));
    }
    if (const auto data = json.contains("data") ? json.find("data") : json.find("input"); data != json.end()) {
        FILFIL_TRY(out.call.data, read_data(*data));
    }
    return out;
}

ModelNode::Refused no_such(const std::string& what) { return {.code = 1, .message = what, .data = {}}; }

}    // namespace

void ModelNode::handle(HttpRequest request, Respond respond) {
    if (dead) return respond({.status = 503});
    const auto parsed = rpc::parse_json(request.body);
    if (!parsed.ok() || !parsed->is_object() || !parsed->contains("method")) return respond({.status = 400});
    const Json params = parsed->value("params", Json::array());
    const Reply reply = answer((*parsed)["method"].get<std::string>(), params);
    Json out = {{"jsonrpc", "2.0"}, {"id", parsed->value("id", Json())}};
    if (const auto* refused = std::get_if<Refused>(&reply)) {
        out["error"] = {{"code", refused->code}, {"message", refused->message}};
        if (!refused->data.is_null()) out["error"]["data"] = refused->data;
    } else {
        out["result"] = std::get<Json>(reply);
    }
    HttpResponse response;
    response.body = rpc::write_json(out);
    respond(std::move(response));
}

ModelNode::Reply ModelNode::answer(const std::string& method, const Json& params) {
    if (missing.contains(method)) return Refused{-32601, "method '" + method + "' not found", {}};
    if (method == "eth_chainId") return Json(quantity(m_chain.chain_id));
    if (method == "net_version") return Json(std::to_string(m_chain.chain_id));
    if (method == "web3_clientVersion") return Json("fil-fil model chain");
    if (method == "eth_blockNumber") return Json(quantity(block_at(m_chain.head())));
    if (method == "eth_maxPriorityFeePerGas") return Json("0xa");
    if (method == "eth_gasPrice") return Json(add(m_chain.base_fee, 10)->hex());
    if (method == "eth_getLogs") return logs(params.empty() ? Json() : params[0]);
    if (method == "eth_getBalance" || method == "eth_getTransactionCount" || method == "eth_getCode")
        return of_account(method, params);
    if (method == "eth_call" || method == "eth_estimateGas") return of_call(method, params);
    if (method == "eth_getBlockByNumber" || method == "eth_getBlockByHash" || method == "eth_feeHistory")
        return of_block(method, params);
    if (method == "eth_sendRawTransaction") {
        const auto raw = params.empty() ? read_data(Json()) : read_data(params[0]);
        if (!raw.ok()) return Refused{-32602, raw.error().message, {}};
        const auto hash = m_chain.send_raw(*raw);
        if (!hash.ok()) return Refused{-32000, hash.error().message, {}};
        return Json(hash_text(*hash));
    }
    if (method == "eth_getTransactionReceipt" || method == "eth_getTransactionByHash")
        return of_transaction(method, params);
    return Refused{-32601, "method '" + method + "' not found", {}};
}

std::uint64_t ModelNode::block_at(std::uint64_t epoch) const {
    while (epoch > 0 && m_chain.blocks()[static_cast<std::size_t>(epoch)].null_round) --epoch;
    return epoch;
}

std::optional<std::uint64_t> ModelNode::epoch_of(const Json& tag) const {
    const std::string text = tag.is_string() ? tag.get<std::string>() : "latest";
    const std::uint64_t head = block_at(m_chain.head());
    if (text == "latest" || text == "pending") return head;
    if (text == "finalized" || text == "safe") return block_at(head - std::min(head, final_after));
    if (text == "earliest") return 0;
    const auto number = read_small_quantity(tag);
    if (!number.ok() || *number > head) return std::nullopt;
    return *number;
}

ModelNode::Reply ModelNode::of_account(const std::string& method, const Json& params) {
    const auto who = EthAddress::parse(text_of(params, 0));
    if (!who.ok()) return Refused{-32602, who.error().message, {}};
    const Json tag = params.size() > 1 ? params[1] : Json("latest");
    const auto epoch = epoch_of(tag);
    if (!epoch) return no_such("no such block");
    const ModelChain::Block& block = m_chain.blocks()[static_cast<std::size_t>(*epoch)];
    if (method == "eth_getCode")
        return Json(block.after->contracts.contains(*who) ? data_text(contract::runtime_code()) : "0x");
    if (method == "eth_getBalance") {
        const auto found = block.after->balances.find(*who);
        return Json(found == block.after->balances.end() ? "0x0" : found->second.hex());
    }
    if (tag == Json("pending")) return Json(quantity(m_chain.nonce(*who, true)));
    if (block.null_round) return no_such("requested epoch was a null round");
    const auto found = block.after->nonces.find(*who);
    return Json(quantity(found == block.after->nonces.end() ? 0 : found->second));
}

ModelNode::Reply ModelNode::of_call(const std::string& method, const Json& params) {
    const auto read = asked(params.empty() ? Json() : params[0]);
    if (!read.ok()) return Refused{-32602, read.error().message, {}};
    const auto epoch = epoch_of(params.size() > 1 ? params[1] : Json("latest"));
    if (!epoch) return no_such("no such block");
    const auto& balances = m_chain.blocks()[static_cast<std::size_t>(*epoch)].after->balances;
    const auto balance = balances.find(read->from);
    if (!read->call.value.zero() && (balance == balances.end() || balance->second < read->call.value))
        return Refused{-32000, "insufficient funds for gas * price + value", {}};
    const Outcome outcome = m_chain.look(*epoch, read->from, read->call);
    if (!outcome.succeeded)
        return Refused{3, "execution reverted (vm error=[" + data_text(outcome.output) + "])",
                       data_text(outcome.output)};
    if (method == "eth_call") return Json(data_text(outcome.output));
    return Json(quantity(ModelChain::gas_of(read->call)));
}

ModelNode::Reply ModelNode::of_block(const std::string& method, const Json& params) {
    if (method == "eth_feeHistory")
        return Json{{"oldestBlock", quantity(m_chain.head())},
                    {"baseFeePerGas", Json::array({m_chain.base_fee.hex(), m_chain.base_fee.hex()})},
                    {"gasUsedRatio", Json::array({0.5})},
                    {"reward", Json::array({Json::array({"0xa"})})}};
    const bool whole = params.size() > 1 && params[1] == Json(true);
    if (method == "eth_getBlockByHash") {
        for (std::uint64_t i = 0; i <= m_chain.head(); ++i)
            if (hash_text(m_chain.blocks()[static_cast<std::size_t>(i)].hash) == text_of(params, 0))
                return block_json(i, whole);
        return Json();
    }
    const auto epoch = epoch_of(params.empty() ? Json() : params[0]);
    if (!epoch) return Json();
    if (m_chain.blocks()[static_cast<std::size_t>(*epoch)].null_round)
        return no_such("requested epoch was a null round (" + std::to_string(*epoch) + ")");
    return block_json(*epoch, whole);
}

Json ModelNode::block_json(std::uint64_t epoch, bool whole) const {
    const ModelChain::Block& block = m_chain.blocks()[static_cast<std::size_t>(epoch)];
    Json transactions = Json::array();
    for (const ModelChain::Done& done : block.transactions)
        transactions.push_back(whole ? transaction_json(done.transaction) : Json(hash_text(done.transaction.hash)));
    return {{"number", quantity(epoch)},
            {"hash", hash_text(block.hash)},
            {"parentHash", hash_text(block.parent)},
            {"timestamp", quantity(1'600'000'000 + 30 * epoch)},
            {"baseFeePerGas", m_chain.base_fee.hex()},
            {"transactions", std::move(transactions)}};
}

Json ModelNode::transaction_json(const ModelChain::Transaction& one) const {
    return {{"hash", hash_text(one.hash)},
            {"from", one.from.lower_text()},
            {"to", one.call.to ? Json(one.call.to->lower_text()) : Json()},
            {"nonce", quantity(one.nonce)},
            {"value", one.call.value.hex()},
            {"gas", quantity(one.gas_limit)},
            {"maxFeePerGas", one.fee_cap.hex()},
            {"maxPriorityFeePerGas", one.tip.hex()},
            {"chainId", quantity(m_chain.chain_id)},
            {"input", data_text(one.call.data)}};
}

Json ModelNode::receipt_json(std::uint64_t epoch, std::size_t place) const {
    const ModelChain::Block& block = m_chain.blocks()[static_cast<std::size_t>(epoch)];
    const ModelChain::Done& done = block.transactions[place];
    return {{"transactionHash", hash_text(done.transaction.hash)},
            {"transactionIndex", quantity(place)},
            {"blockNumber", quantity(epoch)},
            {"blockHash", hash_text(block.hash)},
            {"status", done.outcome.succeeded ? "0x1" : "0x0"},
            {"gasUsed", quantity(done.gas_used)},
            {"effectiveGasPrice", done.gas_price.hex()},
            {"contractAddress", done.made ? Json(done.made->lower_text()) : Json()},
            {"logs", logs_json(epoch, place)}};
}

Json ModelNode::logs_json(std::uint64_t epoch, std::size_t place) const {
    const ModelChain::Block& block = m_chain.blocks()[static_cast<std::size_t>(epoch)];
    std::uint64_t index = 0;    // in the block
    for (std::size_t i = 0; i < place; ++i) index += block.transactions[i].logs.size();
    Json out = Json::array();
    for (const auto& [at, log] : block.transactions[place].logs) {
        Json topics = Json::array();
        for (const Word& topic : log.topics) topics.push_back(hex_of(topic));
        out.push_back({{"address", at.lower_text()},
                       {"topics", std::move(topics)},
                       {"data", data_text(log.data)},
                       {"blockNumber", quantity(epoch)},
                       {"blockHash", hash_text(block.hash)},
                       {"transactionHash", hash_text(block.transactions[place].transaction.hash)},
                       {"transactionIndex", quantity(place)},
                       {"logIndex", quantity(index++)},
                       {"removed", false}});
    }
    return out;
}

ModelNode::Reply ModelNode::logs(const Json& filter) {
    if (!has_index) return no_such("the index is off");
    if (!filter.is_object()) return Refused{-32602, "a filter is expected", {}};
    const auto from = epoch_of(filter.value("fromBlock", Json("latest")));
    auto to = epoch_of(filter.value("toBlock", Json("latest")));
    if (!to && from) to = m_chain.head();
    if (!from || !to || *from > *to) return Json::array();
    std::set<std::string> addresses;
    if (const auto wanted = filter.find("address"); wanted != filter.end()) {
        for (const Json& one : wanted->is_array() ? *wanted : Json::array({*wanted}))
            if (const auto address = EthAddress::parse(one.is_string() ? one.get<std::string>() : ""); address.ok())
                addresses.insert(address->lower_text());
    }
    const Json topics = filter.value("topics", Json::array());
    const auto wanted = [&](const Json& log) {
        if (!addresses.empty() && !addresses.contains(log["address"].get<std::string>())) return false;
        for (std::size_t i = 0; i < topics.size(); ++i) {
            if (topics[i].is_null()) continue;
            if (i >= log["topics"].size()) return false;
            const Json any = topics[i].is_array() ? topics[i] : Json::array({topics[i]});
            if (std::ranges::find(any, log["topics"][i]) == any.end()) return false;
        }
        return true;
    };
    Json out = Json::array();
    const std::string hash = filter.contains("blockHash") ? filter["blockHash"].get<std::string>() : "";
    for (std::uint64_t epoch = hash.empty() ? *from : 0; epoch <= (hash.empty() ? *to : m_chain.head()); ++epoch) {
        const ModelChain::Block& block = m_chain.blocks()[static_cast<std::size_t>(epoch)];
        if (!hash.empty() && hash_text(block.hash) != hash) continue;
        for (std::size_t place = 0; place < block.transactions.size(); ++place)
            for (const Json& log : logs_json(epoch, place))
                if (wanted(log)) out.push_back(log);
    }
    return out;
}

ModelNode::Reply ModelNode::of_transaction(const std::string& method, const Json& params) {
    const bool receipt = method == "eth_getTransactionReceipt";
    const std::string hash = text_of(params, 0);
    for (std::uint64_t epoch = 0; has_index && epoch <= m_chain.head(); ++epoch) {
        const auto& done = m_chain.blocks()[static_cast<std::size_t>(epoch)].transactions;
        for (std::size_t place = 0; place < done.size(); ++place) {
            if (hash_text(done[place].transaction.hash) != hash) continue;
            if (receipt) return receipt_json(epoch, place);
            Json out = transaction_json(done[place].transaction);
            out["blockNumber"] = quantity(epoch);
            return out;
        }
    }
    if (!receipt)
        for (const auto& [from, waiting] : m_chain.pool())
            for (const auto& [nonce, one] : waiting)
                if (hash_text(one.hash) == hash) return transaction_json(one);
    return Json();
}

}    // namespace filfil::incentive::model
