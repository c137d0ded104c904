// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "incentive/filecoin_message.hpp"

#include "base/base64.hpp"
#include "ipld/cbor_writer.hpp"

namespace filfil::incentive {
namespace {

using rpc::Json;

constexpr std::uint64_t address_manager = 10;
constexpr std::uint64_t create_external = 4;
constexpr std::uint64_t delegated_signature = 3;

Error corrupt(std::string_view field, const std::string& why) {
    return {ErrorCode::corrupt, "the node's message: " + std::string(field) + " " + why};
}

Result<const Json*> field(const Json& object, const std::string& name) {
    if (!object.is_object() || !object.contains(name)) return corrupt(name, "is missing");
    return &object.at(name);
}

Result<std::string> text(const Json& object, const std::string& name) {
    FILFIL_TRY(const Json* json, field(object, name));
    const auto* value = json->get_ptr<const Json::string_t*>();
    if (value == nullptr) return corrupt(name, "is no text");
    return *value;
}

Result<std::uint64_t> number(const Json& object, const std::string& name) {
    FILFIL_TRY(const Json* json, field(object, name));
    const bool whole = json->is_number_integer() && (json->is_number_unsigned() || json->get<std::int64_t>() >= 0);
    if (!whole) return corrupt(name, "is no whole number");
    return json->get<std::uint64_t>();
}

Result<U256> amount(const Json& object, const std::string& name) {
    FILFIL_TRY(const std::string value, text(object, name));
    auto out = U256::parse(value);
    if (!out.ok()) return corrupt(name, "is no amount");
    return out;
}

Result<chain::Address> address(const Json& object, const std::string& name) {
    FILFIL_TRY(const std::string value, text(object, name));
    auto out = chain::Address::parse(value);
    if (!out.ok()) return corrupt(name, "is no address");
    return out;
}

}    // namespace

Result<FilecoinMessage> message_of(const std::string& from, const Call& call, ByteView tag) {
    FilecoinMessage out;
    out.from = from;
    out.value = call.value;
    if (call.data.empty())
        return Error(ErrorCode::invalid_argument,
                     "a payment without data cannot be told from another one after a crash, so it is not sent",
                     "send it with the node's own program: lotus send");
    if (!call.to) {
        out.to = chain::Address::of_id(address_manager);
        out.method = create_external;
    } else {
        FILFIL_TRY(out.to, filecoin_address_of(*call.to));
        out.method = invoke_evm;
    }
    ipld::CborWriter writer;
    Bytes input = call.data;
    input.insert(input.end(), tag.begin(), tag.end());
    writer.string(input);
    out.params = to_bytes(writer.bytes());
    return out;
}

Json json_of(const FilecoinMessage& message, const FeeLimits& fees) {
    const auto or_zero = [](const std::optional<U256>& value) { return value ? value->text() : std::string("0"); };
    return {{"Version", 0},
            {"To", message.to.text(message.from.empty() ? chain::mainnet_letter : message.from.front())},
            {"From", message.from},
            {"Nonce", 0},
            {"Value", message.value.text()},
            {"GasLimit", fees.gas_limit.value_or(0)},
            {"GasFeeCap", or_zero(fees.fee_cap)},
            {"GasPremium", or_zero(fees.tip)},
            {"Method", message.method},
            {"Params", to_base64(message.params)}};
}

Result<SignedMessage> read_signed_message(const Json& json) {
    SignedMessage out;
    FILFIL_TRY(const Json* message, field(json, "Message"));
    FILFIL_TRY(const Json* signature, field(json, "Signature"));
    FILFIL_TRY(const std::uint64_t type, number(*signature, "Type"));
    out.delegated = type == delegated_signature;
    FILFIL_TRY(const Json* cid, field(json, "CID"));
    FILFIL_TRY(const std::string cid_text, text(*cid, "/"));
    auto parsed = ipld::Cid::parse(cid_text);
    if (!parsed.ok() || parsed->version() != 1 || parsed->hash().digest.size() != 32)
        return corrupt("CID", "is not that of a message");
    out.cid = std::move(*parsed);
    FILFIL_TRY(out.from, address(*message, "From"));
    FILFIL_TRY(out.to, address(*message, "To"));
    FILFIL_TRY(out.nonce, number(*message, "Nonce"));
    FILFIL_TRY(out.method, number(*message, "Method"));
    FILFIL_TRY(out.value, amount(*message, "Value"));
    FILFIL_TRY(out.gas_limit, number(*message, "GasLimit"));
    FILFIL_TRY(out.fee_cap, amount(*message, "GasFeeCap"));
    FILFIL_TRY(out.premium, amount(*message, "GasPremium"));
    FILFIL_TRY(const Json* params, field(*message, "Params"));
    if (!params->is_null()) {
        FILFIL_TRY(const std::string base64, text(*message, "Params"));
        auto bytes = from_base64(base64);
        if (!bytes.ok()) return corrupt("Params", "is no base64");
        out.params = std::move(*bytes);
    }
    out.json = json;
    return out;
}

bool carries(const SignedMessage& a, const SignedMessage& b) {
    return a.to == b.to && a.method == b.method && a.value == b.value && a.params == b.params;
}

}    // namespace filfil::incentive
