// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "incentive/cbor_fields.hpp"

namespace filfil::incentive {

Result<CborFields> CborFields::of(const ipld::Value& value, std::string_view name, std::size_t count) {
    const ipld::Value::List* items = value.as_list();
    if (items != nullptr && items->size() == count) return CborFields(*items, name);
    const std::string there = items == nullptr ? "no list" : "a list of " + std::to_string(items->size());
    return Error(ErrorCode::corrupt,
                 std::string(name) + ": a list of " + std::to_string(count) + " is expected, and there is " + there);
}

Error CborFields::wrong(std::string_view field, std::string_view what) const {
    return {ErrorCode::corrupt, std::string(m_name) + ": " + std::string(field) + ": " + std::string(what)};
}

Result<std::uint64_t> CborFields::number(std::string_view field) {
    const ipld::Integer* integer = any().as_integer();
    const auto value = integer != nullptr ? integer->as_uint64() : std::nullopt;
    if (!value) return wrong(field, "a number from 0 to 2^64 - 1 is expected");
    return *value;
}

Result<std::int64_t> CborFields::epoch(std::string_view field) {
    const ipld::Integer* integer = any().as_integer();
    const auto value = integer != nullptr ? integer->as_int64() : std::nullopt;
    if (!value) return wrong(field, "a number of 64 bits is expected");
    return *value;
}

Result<bool> CborFields::boolean(std::string_view field) {
    const bool* value = any().as_bool();
    if (value == nullptr) return wrong(field, "true or false is expected");
    return *value;
}

Result<Bytes> CborFields::bytes(std::string_view field) {
    const Bytes* value = any().as_bytes();
    if (value == nullptr) return wrong(field, "a byte string is expected");
    return *value;
}

Result<ipld::Cid> CborFields::link(std::string_view field) {
    const ipld::Cid* value = any().as_link();
    if (value == nullptr) return wrong(field, "a CID is expected");
    return *value;
}

Result<chain::Address> CborFields::address(std::string_view field) {
    FILFIL_TRY(const Bytes value, bytes(field));
    auto out = chain::Address::from_bytes(value);
    if (!out.ok()) return wrong(field, out.error().message);
    return out;
}

Result<U256> CborFields::amount(std::string_view field) {
    FILFIL_TRY(const Bytes value, bytes(field));
    if (value.empty()) return U256();
    if (value.front() == std::byte{1}) return wrong(field, "an amount is below zero");
    if (value.front() != std::byte{0} || value.size() == 1 || value[1] == std::byte{0})
        return wrong(field, "an amount is not in its shortest form");
    auto out = U256::from_bytes(ByteView(value).subspan(1));
    if (!out.ok()) return wrong(field, out.error().message);
    return out;
}

Result<ipld::Value> read_cbor(ByteView bytes, std::string_view name) {
    if (bytes.size() > most_cbor_bytes)
        return Error(ErrorCode::too_large, std::string(name) + ": " + std::to_string(bytes.size()) +
                                               " bytes, and at most " + std::to_string(most_cbor_bytes) + " are taken");
    auto out = ipld::decode_dag_cbor(bytes, {.check_utf8 = false, .max_depth = 8});
    if (!out.ok()) return std::move(out).error().in(name);
    return out;
}

}    // namespace filfil::incentive
