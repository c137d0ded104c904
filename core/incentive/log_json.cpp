// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "incentive/log_json.hpp"

#include "incentive/u256.hpp"
#include "rpc/excerpt.hpp"

#include <algorithm>

namespace filfil::incentive {
namespace {

using rpc::Json;

/// The EVM has LOG0 to LOG4.
constexpr std::size_t most_topics = 4;

Error corrupt(std::string what) { return {ErrorCode::corrupt, std::move(what)}; }

Result<std::string_view> text_of(const Json& json) {
    const auto* text = json.get_ptr<const Json::string_t*>();
    if (text == nullptr) return corrupt("text is expected, and there is " + rpc::excerpt(rpc::write_json(json), 40));
    return std::string_view(*text);
}

/// A field of an object, read with `read`, whose errors get its name.
template <class Read>
auto field_of(const Json& object, const char* name, Read read) -> decltype(read(object)) {
    if (!object.is_object())
        return corrupt("an object is expected, and there is " + rpc::excerpt(rpc::write_json(object), 40));
    const auto found = object.find(name);
    if (found == object.end()) return corrupt(std::string(name) + ": it is missing");
    auto out = read(*found);
    if (!out.ok()) return std::move(out).error().in(name);
    return out;
}

Result<std::vector<Word>> topics_of(const Json& json) {
    if (!json.is_array() || json.size() > most_topics) return corrupt("a list of at most 4 is expected");
    std::vector<Word> out;
    for (const Json& one : json) {
        FILFIL_TRY(const Word word, read_hex_word(one));
        out.push_back(word);
    }
    return out;
}

Result<EthAddress> address_of(const Json& json) {
    FILFIL_TRY(const Bytes bytes, read_hex_bytes(json));
    return EthAddress::from_bytes(bytes);
}

}    // namespace

Result<std::uint64_t> read_hex_quantity(const Json& json) {
    FILFIL_TRY(const std::string_view text, text_of(json));
    const auto number = U256::parse_hex(text, true);
    const auto small = number.ok() ? number->as_uint64() : std::nullopt;
    if (!small)
        return corrupt("a number of 64 bits in hexadecimal is expected, and there is " + rpc::excerpt(text, 40));
    return *small;
}

Result<Bytes> read_hex_bytes(const Json& json) {
    FILFIL_TRY(const std::string_view text, text_of(json));
    auto bytes = text.starts_with("0x") ? from_hex(text.substr(2)) : Result<Bytes>(corrupt(""));
    if (!bytes.ok()) return corrupt("0x and two digits a byte are expected, and there is " + rpc::excerpt(text, 40));
    return bytes;
}

Result<Word> read_hex_word(const Json& json) {
    FILFIL_TRY(const Bytes bytes, read_hex_bytes(json));
    Word out{};
    if (bytes.size() != out.size())
        return corrupt("32 bytes are expected, and there are " + std::to_string(bytes.size()));
    std::ranges::copy(bytes, out.begin());
    return out;
}

std::string hex_of(std::uint64_t value) { return U256(value).hex(); }
std::string hex_of(const Word& word) { return "0x" + to_hex(word); }

Result<BlockRef> read_block_ref(const Json& json) {
    BlockRef out;
    FILFIL_TRY(out.number, field_of(json, "number", read_hex_quantity));
    FILFIL_TRY(out.hash, field_of(json, "hash", read_hex_word));
    FILFIL_TRY(out.parent, field_of(json, "parentHash", read_hex_word));
    return out;
}

Result<EthLog> read_eth_log(const Json& json) {
    EthLog out;
    FILFIL_TRY(out.address, field_of(json, "address", address_of));
    FILFIL_TRY(out.topics, field_of(json, "topics", topics_of));
    FILFIL_TRY(out.data, field_of(json, "data", read_hex_bytes));
    FILFIL_TRY(out.block, field_of(json, "blockNumber", read_hex_quantity));
    FILFIL_TRY(out.block_hash, field_of(json, "blockHash", read_hex_word));
    FILFIL_TRY(out.transaction, field_of(json, "transactionHash", read_hex_word));
    FILFIL_TRY(out.index, field_of(json, "logIndex", read_hex_quantity));
    if (const auto removed = json.find("removed"); removed != json.end()) {
        if (!removed->is_boolean() && !removed->is_null()) return corrupt("removed: true or false is expected");
        out.removed = removed->is_boolean() && removed->get<bool>();
    }
    return out;
}

}    // namespace filfil::incentive
