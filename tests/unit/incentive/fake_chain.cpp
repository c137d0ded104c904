// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "fake_chain.hpp"

#include "base/base64.hpp"
#include "incentive/eth_json.hpp"
#include "incentive/keccak.hpp"
#include "ipld/cbor_head.hpp"
#include "ipld/cid.hpp"

#include <algorithm>

namespace filfil::incentive {
namespace {

using rpc::Json;

constexpr std::uint64_t first_blocks = 50;

std::string text_or(const Json& json, const std::string& otherwise) {
    return json.is_string() ? json.get<std::string>() : otherwise;
}

U256 quarter_more(const U256& value) { return *add(*add(value, divide(value, 4)->quotient), 1); }

Call call_of(const Json& json) {
    Call out;
    if (json.contains("to")) out.to = *EthAddress::parse(json["to"].get<std::string>());
    out.value = *read_quantity(json["value"]);
    out.data = *read_data(json["data"]);
    return out;
}

}    // namespace

FakeChain::FakeChain(Executor& executor) : m_executor(executor) {
    for (std::uint64_t i = 0; i <= first_blocks; ++i) add_block({});
}

void FakeChain::add_block(std::vector<Pooled> transactions) {
    Block block;
    block.hash = keccak_256(bytes_of("block " + std::to_string(++m_made)));
    for (Pooled& one : transactions) {
        const bool ok = !refuses || !refuses(one.from, one.input);
        if (ok) balances[one.from] = subtract(balances[one.from], one.value).value_or(U256());
        block.succeeded.push_back(ok);
        block.transactions.push_back(std::move(one));
    }
    m_blocks.push_back(std::move(block));
}

void FakeChain::mine(std::uint64_t blocks) {
    for (; blocks > 0; --blocks) {
        std::vector<Pooled> taken;
        if (takes_in)
            for (auto& [from, waiting] : m_pool)
                for (std::uint64_t nonce = count(from, head()); waiting.contains(nonce); ++nonce) {
                    if (waiting[nonce].tip < least_tip) break;
                    taken.push_back(waiting[nonce]);
                    waiting.erase(nonce);
                }
        add_block(std::move(taken));
    }
}

void FakeChain::mine_every(Clock::Duration period) {
    m_executor.post_after(period, [this, period, mining = ++m_mining, alive = std::weak_ptr<int>(m_alive)] {
        if (alive.expired() || mining != m_mining) return;
        mine();
        mine_every(period);
    });
}

void FakeChain::reorg(std::uint64_t depth, bool to_pool) {
    for (; depth > 0; --depth) {
        for (std::size_t i = 0; i < m_blocks.back().transactions.size(); ++i)
            m_stale[hash_text(m_blocks.back().transactions[i].hash)] = receipt_json(head(), i);
        for (Pooled& one : m_blocks.back().transactions)
            if (to_pool) m_pool[one.from][one.nonce] = std::move(one);
        m_blocks.pop_back();
    }
    add_block({});
}

void FakeChain::foreign(const EthAddress& from, Bytes data) {
    Pooled one;
    one.from = from;
    one.nonce = count(from, head());
    one.to = EthAddress::of_id(77);
    one.input = std::move(data);
    one.hash = keccak_256(bytes_of("foreign " + std::to_string(m_made)));
    m_pool[from].erase(one.nonce);
    add_block({std::move(one)});
}

std::vector<Bytes> FakeChain::effects() const {
    std::vector<Bytes> out;
    for (const Block& block : m_blocks)
        for (std::size_t i = 0; i < block.transactions.size(); ++i)
            if (block.succeeded[i]) out.push_back(block.transactions[i].input);
    return out;
}

std::size_t FakeChain::in_pool() const {
    std::size_t out = 0;
    for (const auto& [from, waiting] : m_pool) out += waiting.size();
    return out;
}

std::uint64_t FakeChain::calls(const std::string& method) const {
    const auto found = m_calls.find(method);
    return found == m_calls.end() ? 0 : found->second;
}

void FakeChain::handle(HttpRequest request, Respond respond) {
    if (dead) return respond({.status = 503});
    const auto parsed = rpc::parse_json(request.body);
    if (!parsed.ok()) return respond({.status = 400});
    const std::string method = text_or((*parsed)["method"], "");
    answer(method, (*parsed)["params"], [id = (*parsed)["id"], respond](const Outcome& outcome) {
        Json out = {{"jsonrpc", "2.0"}, {"id", id}};
        if (const auto* refused = std::get_if<Refused>(&outcome)) {
            out["error"] = {{"code", refused->code}, {"message", refused->message}};
            if (!refused->data.is_null()) out["error"]["data"] = refused->data;
        } else {
            out["result"] = std::get<Json>(outcome);
        }
        HttpResponse response;
        response.body = rpc::write_json(out);
        respond(std::move(response));
    });
}

void FakeChain::answer(const std::string& method, const Json& params, const Reply& reply) {
    ++m_calls[method];
    if (missing.contains(method)) return reply(Refused{-32601, "method '" + method + "' not found", {}});
    if (lies)
        if (auto lie = lies(method, params)) return reply(std::move(*lie));
    if (method != "Filecoin.MpoolPushMessage")
        return reply(method.starts_with("Filecoin.") ? filecoin(method, params) : ethereum(method, params));
    // As Lotus: what it has signed is looked up before it begins, and no lock is held until then.
    const std::string uuid = params.size() > 1 ? text_or(params[1]["MsgUuid"], "") : "";
    if (honours_uuid)
        if (const auto found = m_by_uuid.find(uuid); found != m_by_uuid.end()) return reply(found->second);
    m_executor.post_after(signing, [this, params, reply, alive = std::weak_ptr<int>(m_alive)] {
        if (!alive.expired()) reply(push_message(params));
    });
}

std::uint64_t FakeChain::count(const EthAddress& of, std::uint64_t block) const {
    std::uint64_t out = 0;
    for (std::uint64_t i = 0; i <= block && i < m_blocks.size(); ++i)
        for (const Pooled& one : m_blocks[i].transactions)
            if (one.from == of) out = std::max(out, one.nonce + 1);
    return out;
}

std::uint64_t FakeChain::pending_count(const EthAddress& of) const {
    std::uint64_t out = count(of, head());
    if (const auto found = m_pool.find(of); found != m_pool.end())
        while (found->second.contains(out)) ++out;
    return out;
}

std::optional<std::uint64_t> FakeChain::number_of(const Json& tag) const {
    const std::string text = text_or(tag, "");
    if (text == "latest" || text == "pending") return head();
    if (text == "finalized") return final_block;
    const auto number = read_small_quantity(tag);
    if (!number.ok() || *number > head()) return std::nullopt;
    return *number;
}

Json FakeChain::json_of(const Pooled& one) {
    Json out = {{"hash", hash_text(one.hash)},
                {"from", one.from.lower_text()},
                {"to", one.to ? Json(one.to->lower_text()) : Json()},
                {"nonce", quantity(one.nonce)},
                {"input", "0x" + to_hex(one.input)}};
    return out;
}

Json FakeChain::block_json(std::uint64_t number, bool whole) const {
    Json transactions = Json::array();
    for (const Pooled& one : m_blocks[number].transactions)
        transactions.push_back(whole ? json_of(one) : Json(hash_text(one.hash)));
    return {{"number", quantity(number)},
            {"hash", hash_text(m_blocks[number].hash)},
            {"parentHash", hash_text(number == 0 ? Hash32{} : m_blocks[number - 1].hash)},
            {"baseFeePerGas", base_fee.hex()},
            {"transactions", std::move(transactions)}};
}

Json FakeChain::receipt_json(std::uint64_t number, std::size_t place) const {
    return {{"blockNumber", quantity(number)},
            {"blockHash", hash_text(m_blocks[number].hash)},
            {"status", m_blocks[number].succeeded[place] ? "0x1" : "0x0"},
            {"gasUsed", "0xc350"},
            {"effectiveGasPrice", "0x6e"}};
}

FakeChain::Outcome FakeChain::add(Pooled one) {
    if (one.nonce < count(one.from, head())) return Refused{-32000, "nonce too low", {}};
    const U256 cost = *incentive::add(*multiply(one.fee_cap, one.gas_limit), one.value);
    if (balances[one.from] < cost) return Refused{-32000, "insufficient funds for gas * price + value", {}};
    auto& waiting = m_pool[one.from];
    if (const auto there = waiting.find(one.nonce); there != waiting.end()) {
        if (there->second.hash == one.hash) return Refused{-32000, "already known", {}};
        if (one.tip < quarter_more(there->second.tip) || one.fee_cap < quarter_more(there->second.fee_cap))
            return Refused{-32000, "replacement transaction underpriced", {}};
    }
    const std::string hash = hash_text(one.hash);
    waiting[one.nonce] = std::move(one);
    return Json(hash);
}

FakeChain::Outcome FakeChain::ethereum(const std::string& method, const Json& params) {
    if (method == "eth_chainId") return Json(quantity(chain_id));
    if (method == "eth_blockNumber") return Json(quantity(head()));
    if (method == "eth_maxPriorityFeePerGas") return Json("0xa");
    if (method == "eth_getBlockByNumber") {
        const auto number = number_of(params[0]);
        if (!number) return Json();
        if (m_blocks[*number].null_round)
            return Refused{1, "requested epoch was a null round (" + std::to_string(*number) + ")", {}};
        return block_json(*number, params[1] == Json(true));
    }
    if (method == "eth_getTransactionCount") {
        const EthAddress of = *EthAddress::parse(params[0].get<std::string>());
        if (params[1] == Json("pending")) return Json(quantity(pending_count(of)));
        const auto number = number_of(params[1]);
        if (!number) return Refused{1, "no such block", {}};
        if (m_blocks[*number].null_round) return Refused{1, "requested epoch was a null round", {}};
        return Json(quantity(count(of, *number)));
    }
    if (method == "eth_getBalance") return Json(balances[*EthAddress::parse(params[0].get<std::string>())].hex());
    if (method == "eth_call" || method == "eth_estimateGas") {
        const EthAddress from = *EthAddress::parse(params[0]["from"].get<std::string>());
        const Call call = call_of(params[0]);
        if (refuses)
            if (const auto data = refuses(from, call.data))
                return Refused{3, "execution reverted", Json("0x" + to_hex(*data))};
        return method == "eth_call" ? Json("0x") : Json(quantity(50'000));
    }
    if (method == "eth_sendRawTransaction") {
        const auto read = decode_transaction(*read_data(params[0]));
        if (!read.ok()) return Refused{-32000, "rlp: " + read.error().message, {}};
        const Transaction& inside = read->transaction;
        if (inside.chain_id != chain_id) return Refused{-32000, "invalid chain id", {}};
        return add({read->hash,
                    read->from,
                    inside.nonce,
                    inside.call.to,
                    inside.call.data,
                    inside.call.value,
                    inside.fee_cap,
                    inside.tip,
                    inside.gas_limit,
                    {}});
    }
    if (method == "eth_getTransactionReceipt" || method == "eth_getTransactionByHash") {
        const Hash32 hash = *parse_hash(params[0].get<std::string>());
        const bool receipt = method == "eth_getTransactionReceipt";
        for (std::uint64_t i = 0; has_index && i < m_blocks.size(); ++i)
            for (std::size_t j = 0; j < m_blocks[i].transactions.size(); ++j) {
                const Pooled& one = m_blocks[i].transactions[j];
                if (one.hash != hash) continue;
                if (!receipt) return json_of(one);
                return receipt_json(i, j);
            }
        if (const auto stale = m_stale.find(hash_text(hash)); receipt && keeps_receipts && stale != m_stale.end())
            return stale->second;
        for (const auto& [from, waiting] : m_pool)
            for (const auto& [nonce, one] : waiting)
                if (!receipt && shows_pending && one.hash == hash) return json_of(one);
        return Json();
    }
    if (method == "eth_getTransactionHashByCid") {
        const auto cid = ipld::Cid::parse(params[0]["/"].get<std::string>());
        if (!has_index || !cid.ok()) return Json();
        return Json("0x" + to_hex(cid->hash().digest));
    }
    return Refused{-32601, "method '" + method + "' not found", {}};
}

Json FakeChain::sign_message(Json message) const {
    const std::string text = rpc::write_json(message);
    const ipld::Cid cid = ipld::cid_of_block(ipld::Codec::dag_cbor, bytes_of(text));
    return {{"Message", std::move(message)},
            {"Signature", {{"Type", 1}, {"Data", to_base64(Bytes(65))}}},
            {"CID", {{"/", cid.text()}}}};
}

Result<FakeChain::Pooled> FakeChain::pooled_of(const Json& signed_message) const {
    const Json& message = signed_message["Message"];
    Pooled out;
    const auto key = wallet.find(message["From"].get<std::string>());
    if (key == wallet.end()) return Error(ErrorCode::not_found, "key not found");
    out.from = EthAddress::of_id(key->second);
    out.nonce = message["Nonce"].get<std::uint64_t>();
    const auto to = chain::Address::parse(message["To"].get<std::string>());
    out.to = *eth_address_of(*to);
    const Bytes params = *from_base64(message["Params"].get<std::string>());
    if (!params.empty()) {
        const ipld::CborHead head_of = ipld::read_cbor_head(params.data(), params.data() + params.size());
        if (head_of.major != ipld::cbor_bytes || head_of.argument != params.size() - head_of.size)
            return Error(ErrorCode::corrupt, "params are no byte string");
        out.input.assign(params.begin() + static_cast<std::ptrdiff_t>(head_of.size), params.end());
    }
    out.value = *U256::parse(message["Value"].get<std::string>());
    out.fee_cap = *U256::parse(message["GasFeeCap"].get<std::string>());
    out.tip = *U256::parse(message["GasPremium"].get<std::string>());
    out.gas_limit = message["GasLimit"].get<std::uint64_t>();
    out.message = signed_message;
    const auto cid = ipld::Cid::parse(signed_message["CID"]["/"].get<std::string>());
    std::ranges::copy(cid->hash().digest, out.hash.begin());
    return out;
}

FakeChain::Outcome FakeChain::push_message(const Json& params) {
    Json message = params[0];
    const auto key = wallet.find(text_or(message["From"], ""));
    if (key == wallet.end()) return Refused{1, "key not found", {}};
    if (message["Nonce"] != Json(0)) return Refused{1, "MpoolPushMessage expects message nonce to be 0", {}};
    message["Nonce"] = pending_count(EthAddress::of_id(key->second));
    message["GasLimit"] = 60'000;
    message["GasFeeCap"] = "210";
    message["GasPremium"] = "10";
    Json whole = sign_message(std::move(message));
    const auto pooled = pooled_of(whole);
    if (!pooled.ok()) return Refused{1, pooled.error().message, {}};
    Outcome added = add(*pooled);
    if (std::holds_alternative<Refused>(added)) return added;
    if (params.size() > 1) m_by_uuid[text_or(params[1]["MsgUuid"], "")] = whole;
    return whole;
}

FakeChain::Outcome FakeChain::filecoin(const std::string& method, const Json& params) {
    if (method == "Filecoin.StateLookupID") {
        const auto key = wallet.find(text_or(params[0], ""));
        if (key == wallet.end()) return Refused{1, "actor not found", {}};
        return Json("f0" + std::to_string(key->second));
    }
    if (method == "Filecoin.MpoolPending") {
        Json out = Json::array();
        for (const auto& [from, waiting] : m_pool)
            for (const auto& [nonce, one] : waiting)
                if (!one.message.is_null()) out.push_back(one.message);
        return out;
    }
    if (method == "Filecoin.MpoolPush") {
        const auto pooled = pooled_of(params[0]);
        if (!pooled.ok()) return Refused{1, pooled.error().message, {}};
        Outcome added = add(*pooled);
        if (std::holds_alternative<Refused>(added)) return added;
        return params[0]["CID"];
    }
    if (method == "Filecoin.WalletSignMessage") return sign_message(params[1]);
    if (method == "Filecoin.StateSearchMsg") {
        const std::string cid = params[1]["/"].get<std::string>();
        for (std::uint64_t i = 0; i < m_blocks.size(); ++i)
            for (std::size_t j = 0; j < m_blocks[i].transactions.size(); ++j) {
                const Json& message = m_blocks[i].transactions[j].message;
                if (message.is_null() || message["CID"]["/"] != Json(cid)) continue;
                return Json{
                    {"Message", params[1]},
                    {"Receipt",
                     {{"ExitCode", m_blocks[i].succeeded[j] ? 0 : 33}, {"Return", nullptr}, {"GasUsed", 50'000}}},
                    {"Height", i + 1}};
            }
        return Json();
    }
    return Refused{-32601, "method '" + method + "' not found", {}};
}

}    // namespace filfil::incentive
