// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "incentive/event_json.hpp"

#include "incentive/abi_codec.hpp"
#include "incentive/contract_abi.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace filfil::incentive {
namespace {

using rpc::Json;

Json value_json(const AbiType& type, const AbiValue& value) {
    if (const U256* number = value.as_number()) {
        if (type.kind() == AbiType::Kind::signed_integer) return I256{*number}.text();
        if (type.bits() <= 64) return number->as_uint64().value_or(0);
        return number->text();
    }
    if (const bool* flag = value.as_bool()) return *flag;
    if (const EthAddress* address = value.as_address()) return address->text();
    if (const Bytes* bytes = value.as_bytes()) return "0x" + to_hex(*bytes);
    if (const std::string* text = value.as_text()) return *text;
    Json out = Json::array();
    if (const AbiValue::List* items = value.as_list())
        for (std::size_t i = 0; i < items->size(); ++i)
            out.push_back(
                value_json(type.kind() == AbiType::Kind::list ? type.item() : type.members()[i], (*items)[i]));
    return out;
}

/// Puts the members of a decoded tuple under the parameters' names.
Result<void> put(const std::vector<AbiParameter>& parameters, const AbiValue& tuple, Json& into) {
    const AbiValue::List* values = tuple.as_list();
    if (values == nullptr || values->size() != parameters.size())
        return Error(ErrorCode::internal, "an event's values are not as many as its parameters");
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        FILFIL_TRY(const AbiType type, AbiType::parse(parameters[i].type));
        into[std::string(parameters[i].name)] = value_json(type, (*values)[i]);
    }
    return {};
}

}    // namespace

Result<NamedEvent> name_event(const EthLog& log) {
    const auto entries = contract::all_events();
    const auto entry = std::ranges::find_if(
        entries, [&](const AbiEntry& one) { return !log.topics.empty() && one.id == log.topics[0]; });
    if (entry == entries.end())
        return Error(ErrorCode::unsupported, "the log is none of the contract's events that are known here",
                     "a newer fil-fil may know it");
    std::vector<AbiParameter> indexed;
    std::vector<AbiParameter> others;
    for (const AbiParameter& parameter : entry->inputs) (parameter.indexed ? indexed : others).push_back(parameter);
    auto parts = decode_log_parts(types_of(indexed), types_of(others), std::span(log.topics).subspan(1), log.data);
    if (!parts.ok()) return std::move(parts).error().in(std::string(entry->name));
    NamedEvent out{.name = std::string(entry->name), .fields = Json::object()};
    FILFIL_CHECK(put(indexed, parts->indexed, out.fields));
    FILFIL_CHECK(put(others, parts->data, out.fields));
    return out;
}

}    // namespace filfil::incentive
