// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "incentive/eth_json.hpp"

#include "incentive/revert.hpp"
#include "rpc/excerpt.hpp"

#include <algorithm>
#include <cctype>

namespace filfil::incentive {
namespace {

using rpc::Json;

constexpr std::size_t most_transactions = 100'000;

Error corrupt(const std::string& why) { return {ErrorCode::corrupt, "the node's answer: " + why}; }

Result<const std::string*> read_text(const Json& json, std::string_view what) {
    const auto* text = json.get_ptr<const Json::string_t*>();
    if (text == nullptr)
        return corrupt("not text but a JSON " + std::string(json.type_name()) + " for " + std::string(what));
    return text;
}

template <class Read>
auto read_field(const Json& object, const std::string& name, Read read) -> decltype(read(object)) {
    if (!object.is_object()) return corrupt("an object with \"" + name + "\" is expected");
    const auto found = object.find(name);
    if (found == object.end()) return corrupt("\"" + name + "\" is missing");
    auto value = read(*found);
    if (!value.ok()) return std::move(value).error().in(name);
    return value;
}

/// The same, where null and missing are nothing.
template <class T, class Read>
Result<std::optional<T>> read_optional(const Json& object, const std::string& name, Read read) {
    if (!object.is_object() || !object.contains(name) || object.at(name).is_null()) return std::optional<T>();
    FILFIL_TRY(T value, read_field(object, name, read));
    return std::optional<T>(std::move(value));
}

Result<Hash32> read_hash(const Json& json) {
    FILFIL_TRY(const std::string* text, read_text(json, "a hash"));
    return parse_hash(*text);
}

bool says(std::string_view text, std::string_view part) {
    return !std::ranges::search(text, part, [](unsigned char a, unsigned char b) {
                return std::tolower(a) == std::tolower(b);
            }).empty();
}

}    // namespace

std::string quantity(std::uint64_t value) { return U256(value).hex(); }

Result<U256> read_quantity(const Json& json) {
    FILFIL_TRY(const std::string* text, read_text(json, "a number"));
    auto number = U256::parse_hex(*text, true);
    if (!number.ok()) return corrupt("\"" + rpc::excerpt(*text) + "\" is no number in hexadecimal");
    return number;
}

Result<std::uint64_t> read_small_quantity(const Json& json) {
    FILFIL_TRY(const U256 number, read_quantity(json));
    const auto small = number.as_uint64();
    if (!small) return corrupt(number.hex() + " is above 2^64");
    return *small;
}

Result<Bytes> read_data(const Json& json) {
    FILFIL_TRY(const std::string* text, read_text(json, "bytes"));
    auto bytes = text->starts_with("0x") ? from_hex(std::string_view(*text).substr(2)) : from_hex("x");
    if (!bytes.ok()) return corrupt("\"" + rpc::excerpt(*text) + "\" is no bytes in hexadecimal");
    return bytes;
}

Result<EthAddress> read_eth_address(const Json& json) {
    FILFIL_TRY(const Bytes bytes, read_data(json));
    return EthAddress::from_bytes(bytes);
}

Result<EthBlock> read_block(const Json& json) {
    EthBlock out;
    FILFIL_TRY(out.number, read_field(json, "number", read_small_quantity));
    FILFIL_TRY(out.hash, read_field(json, "hash", read_hash));
    FILFIL_TRY(out.base_fee, read_optional<U256>(json, "baseFeePerGas", read_quantity));
    return out;
}

Result<EthTransaction> read_transaction(const Json& json) {
    EthTransaction out;
    FILFIL_TRY(out.hash, read_field(json, "hash", read_hash));
    FILFIL_TRY(out.from, read_field(json, "from", read_eth_address));
    FILFIL_TRY(out.to, read_optional<EthAddress>(json, "to", read_eth_address));
    FILFIL_TRY(out.nonce, read_field(json, "nonce", read_small_quantity));
    FILFIL_TRY(out.input, read_field(json, "input", read_data));
    return out;
}

Result<EthReceipt> read_receipt(const Json& json) {
    EthReceipt out;
    FILFIL_TRY(out.block, read_field(json, "blockNumber", read_small_quantity));
    FILFIL_TRY(out.block_hash, read_field(json, "blockHash", read_hash));
    FILFIL_TRY(const std::uint64_t status, read_field(json, "status", read_small_quantity));
    if (status > 1) return corrupt("a receipt's status is 0 or 1, not " + std::to_string(status));
    out.succeeded = status == 1;
    FILFIL_TRY(out.gas_used, read_field(json, "gasUsed", read_quantity));
    FILFIL_TRY(const auto price, read_optional<U256>(json, "effectiveGasPrice", read_quantity));
    out.gas_price = price.value_or(U256());
    FILFIL_TRY(out.contract, read_optional<EthAddress>(json, "contractAddress", read_eth_address));
    return out;
}

Result<std::vector<EthTransaction>> read_block_transactions(const Json& json) {
    if (!json.is_object() || !json.contains("transactions") || !json.at("transactions").is_array())
        return corrupt("a block without a list of transactions");
    const Json& list = json.at("transactions");
    if (list.size() > most_transactions) return corrupt("a block of " + std::to_string(list.size()) + " transactions");
    std::vector<EthTransaction> out;
    for (const Json& one : list)
        if (auto read = read_transaction(one); read.ok()) out.push_back(std::move(*read));
    return out;
}

Json call_json(const EthAddress& from, const Call& call) {
    Json out = {{"from", from.lower_text()}};
    if (call.to) out["to"] = call.to->lower_text();
    out["value"] = call.value.hex();
    out["data"] = "0x" + to_hex(call.data);
    return out;
}

std::optional<Refusal> refusal_of(const rpc::Answer& answer) {
    if (!answer.error) return std::nullopt;
    const rpc::RemoteError& error = *answer.error;
    Refusal out;
    out.text = rpc::excerpt(error.message, 300);
    out.no_funds = says(error.message, "insufficient funds") || says(error.message, "not enough funds");
    if (auto data = revert_data_of(error)) {
        out.reverted = true;
        out.data = std::move(*data);
    }
    if (!out.reverted && !out.no_funds) return std::nullopt;
    return out;
}

}    // namespace filfil::incentive
