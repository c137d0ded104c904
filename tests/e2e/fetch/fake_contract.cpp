// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "fake_contract.hpp"

#include "incentive/abi_bind.hpp"
#include "incentive/log_json.hpp"

namespace filfil::e2e {
namespace {

namespace calls = incentive::contract::calls;
using incentive::Word;
using rpc::Json;

const std::string some_hash = "0x" + std::string(64, '7');

std::string hex(ByteView bytes) { return "0x" + to_hex(bytes); }

template <class Call>
std::optional<typename Call::Input> input_of(ByteView data) {
    if (data.size() < 4 || !std::ranges::equal(data.first(4), Call::selector)) return std::nullopt;
    auto read = incentive::read_abi<typename Call::Input>(Call::inputs, data.subspan(4));
    return read.ok() ? std::optional(*std::move(read)) : std::nullopt;
}

template <class Call>
Bytes give(const typename Call::Output& output) {
    return incentive::write_abi(Call::outputs, output).value();
}

}    // namespace

Bytes FakeContract::view(ByteView input) const {
    if (input_of<calls::Latest>(input)) return give<calls::Latest>({.slots = {7, slot, 9}});
    if (const auto asked = input_of<calls::SlotInfo>(input)) {
        calls::SlotInfo::Output out;
        if (asked->slot != slot) return give<calls::SlotInfo>(out);
        out.epoch = epoch;
        out.pieces = static_cast<std::uint8_t>(pieces.size());
        out.tipset.fill(std::byte{0xab});
        return give<calls::SlotInfo>(out);
    }
    if (const auto asked = input_of<calls::Piece>(input))
        return give<calls::Piece>(asked->slot == slot && asked->index < pieces.size() ? pieces[asked->index]
                                                                                      : calls::Piece::Output{});
    if (const auto asked = input_of<calls::Holders>(input))
        return give<calls::Holders>({.value = asked->from == 0 ? holders : decltype(holders){}});
    return {};
}

Json FakeContract::logs() const {
    Json out = Json::array();
    for (const auto& [miner, url] : endpoints) {
        Word topic{};
        for (std::size_t i = 0; i < 8; ++i) topic[31 - i] = static_cast<std::byte>(miner >> (8 * i));
        const auto type = incentive::AbiType::parse("(string)").value();
        const Bytes data = incentive::encode_abi(type, incentive::AbiValue::List{incentive::AbiValue(url)}).value();
        out.push_back(
            {{"address", address},
             {"topics", {incentive::hex_of(incentive::contract::events::EndpointSet::topic), incentive::hex_of(topic)}},
             {"data", hex(data)},
             {"blockNumber", "0x10"},
             {"blockHash", some_hash},
             {"transactionHash", some_hash},
             {"logIndex", "0x0"}});
    }
    return out;
}

Json FakeContract::answer(const Json& call) const {
    Json out = {{"jsonrpc", "2.0"}, {"id", call.value("id", Json())}};
    const std::string method = call.value("method", "");
    const Json params = call.value("params", Json::array());
    if (method == "eth_call") {
        const auto data = from_hex(params[0].value("data", params[0].value("input", "0x")).substr(2));
        out["result"] = hex(data.ok() ? view(*data) : Bytes{});
    } else if (method == "eth_getBlockByNumber") {
        out["result"] = {{"number", "0x20"}, {"hash", some_hash}, {"parentHash", some_hash}};
    } else if (method == "eth_getLogs") {
        out["result"] = logs();
    } else {
        out["error"] = {{"code", -32601}, {"message", "method not found: " + method}};
    }
    return out;
}

void FakeContract::handle(HttpRequest request, Respond respond) {
    const auto json = rpc::parse_json(request.body);
    if (!json.ok()) return respond({.status = 400});
    Json out;
    if (json->is_array())
        for (const Json& call : *json) out.push_back(answer(call));
    else
        out = answer(*json);
    respond({.status = 200, .fields = {{"Content-Type", "application/json"}}, .body = rpc::write_json(out)});
}

}    // namespace filfil::e2e
