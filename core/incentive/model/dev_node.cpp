// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "incentive/model/dev_node.hpp"

#include "incentive/keccak.hpp"
#include "incentive/log_json.hpp"

#include <algorithm>
#include <exception>
#include <utility>

namespace filfil::incentive::model {
namespace {

using rpc::Json;
using Refused = ModelNode::Refused;

/// Nobody means more at once.
constexpr std::uint64_t most_blocks = 1'000'000;
constexpr std::uint64_t usual_tip = 10;

std::string data_text(ByteView bytes) { return "0x" + to_hex(bytes); }

Refused invalid(std::string why) { return {.code = -32602, .message = std::move(why), .data = {}}; }

/// A field that may be missing, or null.
template <class T, class Read>
Result<T> field_or(const Json& object, const char* name, T otherwise, Read read) {
    const auto found = object.find(name);
    if (found == object.end() || found->is_null()) return otherwise;
    auto value = read(*found);
    if (!value.ok()) return std::move(value).error().in(name);
    return T(*std::move(value));
}

}    // namespace

EthAddress DevNode::add_account(SecretKey key) {
    const EthAddress address = key.address();
    m_keys.insert_or_assign(address, std::move(key));
    return address;
}

void DevNode::handle(HttpRequest request, Respond respond) {
    m_loop.post(
        [this, alive = std::weak_ptr<int>(m_alive), body = std::move(request.body), respond = std::move(respond)] {
            if (alive.expired()) return;
            const auto asked = rpc::parse_json(body);
            const Json* method = nullptr;
            if (asked.ok() && asked->is_object() && asked->contains("method")) method = &(*asked)["method"];
            if (method == nullptr || !method->is_string()) return respond({.status = 400});
            const Reply reply = answer(method->get<std::string>(), asked->value("params", Json::array()));
            Json out = {{"jsonrpc", "2.0"}, {"id", asked->value("id", Json())}};
            if (const auto* refused = std::get_if<Refused>(&reply)) {
                out["error"] = {{"code", refused->code}, {"message", refused->message}};
                if (!refused->data.is_null()) out["error"]["data"] = refused->data;
            } else {
                out["result"] = std::get<Json>(reply);
            }
            respond({.fields = {{"Content-Type", "application/json"}}, .body = rpc::write_json(out)});
        });
}

ModelNode::Reply DevNode::answer(const std::string& method, const Json& params) {
    // Others' parameters: what is of another type than it should be ends in nlohmann's own exceptions.
    try {
        return run(method, params.is_array() ? params : Json::array());
    } catch (const std::exception& wrong) {
        return invalid(wrong.what());
    }
}

ModelNode::Reply DevNode::run(const std::string& method, const Json& params) {
    const Json first = params.empty() ? Json() : params[0];
    if (method == "evm_setAutomine") return Json(true);
    if (method == "anvil_mine" || method == "hardhat_mine") return mine(first.is_null() ? Json("0x1") : first);
    if (method == "evm_mine") return mine(Json("0x1"));
    if (method == "evm_snapshot") {
        m_snapshots[m_next_snapshot] = m_chain.head();
        return Json(quantity(m_next_snapshot++));
    }
    if (method == "evm_revert") return revert(first);
    if (method == "anvil_dropAllTransactions") {
        m_chain.lose_pool();
        return Json();
    }
    if (method == "txpool_content") return pool();
    if (method == "eth_accounts") {
        Json out = Json::array();
        for (const auto& [address, key] : m_keys) out.push_back(address.lower_text());
        return out;
    }
    if (method == "eth_sendTransaction") return send(first);
    if (method == "eth_signTransaction") {
        const auto done = signed_of(first);
        if (!done.ok()) return invalid(done.error().message);
        return Json(data_text(done->raw));
    }
    if (method == "eth_sign") return sign_text(params);
    if (method == "web3_sha3") {
        const auto data = read_data(first);
        if (!data.ok()) return invalid(data.error().message);
        return Json(hash_text(keccak_256(*data)));
    }
    if (method == "eth_getRawTransactionByHash") {
        const auto found = m_raw.find(first.is_string() ? first.get<std::string>() : "");
        return found == m_raw.end() ? Json() : Json(data_text(found->second));
    }
    return eth.answer(method, params);
}

ModelNode::Reply DevNode::mine(const Json& blocks) {
    const auto count = read_small_quantity(blocks);
    if (!count.ok()) return invalid(count.error().message);
    if (*count > most_blocks) return invalid("so many blocks are not made at once");
    for (std::uint64_t made = 0; made < *count; ++made) {
        if (before_block) before_block();
        m_chain.mine();
    }
    return Json();
}

/// A snapshot serves once, and those after it are gone with it.
ModelNode::Reply DevNode::revert(const Json& snapshot) {
    const auto number = read_small_quantity(snapshot);
    const auto found = number.ok() ? m_snapshots.find(*number) : m_snapshots.end();
    if (found == m_snapshots.end()) return Json(false);
    m_chain.take_back(m_chain.head() - std::min(found->second, m_chain.head()));
    m_snapshots.erase(found, m_snapshots.end());
    return Json(true);
}

Result<SignedTransaction> DevNode::signed_of(const Json& params) const {
    if (!params.is_object() || !params.contains("from"))
        return Error(ErrorCode::invalid_argument, "a transaction with its sender is expected");
    FILFIL_TRY(const EthAddress from, read_eth_address(params["from"]));
    const auto key = m_keys.find(from);
    if (key == m_keys.end()) return Error(ErrorCode::denied, "unknown account " + from.lower_text());
    Transaction out;
    out.chain_id = m_chain.chain_id;
    if (const auto to = params.find("to"); to != params.end() && !to->is_null()) {
        FILFIL_TRY(out.call.to, read_eth_address(*to));
    }
    const char* data = params.contains("data") ? "data" : "input";
    FILFIL_TRY(out.call.data, field_or(params, data, Bytes(), read_data));
    FILFIL_TRY(out.call.value, field_or(params, "value", U256(), read_quantity));
    FILFIL_TRY(out.nonce, field_or(params, "nonce", m_chain.nonce(from, true), read_small_quantity));
    FILFIL_TRY(out.gas_limit, field_or(params, "gas", ModelChain::gas_of(out.call) / 4 * 5, read_small_quantity));
    FILFIL_TRY(out.tip, field_or(params, "maxPriorityFeePerGas", U256(usual_tip), read_quantity));
    const U256 usual = add(*multiply(m_chain.base_fee, 2), out.tip).value_or(U256::max());
    FILFIL_TRY(out.fee_cap, field_or(params, "maxFeePerGas", usual, read_quantity));
    return sign(out, key->second);
}

ModelNode::Reply DevNode::send(const Json& params) {
    const auto made = signed_of(params);
    if (!made.ok()) return Refused{.message = made.error().message};
    const std::string hash = hash_text(made->hash);
    const auto taken = m_chain.send_raw(made->raw);
    // The same once more is no other transaction.
    if (!taken.ok() && taken.error().message != "already known") return Refused{.message = taken.error().message};
    m_raw[hash] = made->raw;
    return Json(hash);
}

/// As eth_sign has it: with Ethereum's words before the bytes.
ModelNode::Reply DevNode::sign_text(const Json& params) const {
    const auto who = params.size() == 2 ? read_eth_address(params[0]) : Error(ErrorCode::invalid_argument, "two texts");
    const auto data = params.size() == 2 ? read_data(params[1]) : Error(ErrorCode::invalid_argument, "two texts");
    if (!who.ok() || !data.ok()) return invalid("an account and bytes are expected");
    const auto key = m_keys.find(*who);
    if (key == m_keys.end()) return Refused{.message = "unknown account " + who->lower_text()};
    Bytes text =
        to_bytes(bytes_of("\x19"
                          "Ethereum Signed Message:\n" +
                          std::to_string(data->size())));
    text.insert(text.end(), data->begin(), data->end());
    const auto signature = key->second.sign(keccak_256(text));
    if (!signature.ok()) return Refused{.message = signature.error().message};
    constexpr unsigned first_v = 27;
    Bytes out(signature->r.begin(), signature->r.end());
    out.insert(out.end(), signature->s.begin(), signature->s.end());
    out.push_back(static_cast<std::byte>(first_v + signature->y_parity));
    return Json(data_text(out));
}

ModelNode::Reply DevNode::pool() {
    Json pending = Json::object();
    for (const auto& [from, waiting] : m_chain.pool())
        for (const auto& [nonce, one] : waiting)
            pending[from.lower_text()][std::to_string(nonce)] =
                std::get<Json>(eth.answer("eth_getTransactionByHash", Json::array({hash_text(one.hash)})));
    return Json{{"pending", std::move(pending)}, {"queued", Json::object()}};
}

}    // namespace filfil::incentive::model
