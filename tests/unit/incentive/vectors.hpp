// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "incentive/abi_type.hpp"
#include "incentive/abi_value.hpp"
#include "rpc/json.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>

namespace filfil::incentive {

/// A file of the vectors folder, which says how it was made.
inline rpc::Json vectors(const std::string& name) {
    const std::string path = std::string(FILFIL_SOURCE_DIR) + "/tests/unit/incentive/vectors/" + name;
    std::ifstream file(path);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    auto json = rpc::parse_json(text);
    EXPECT_TRUE(json.ok()) << path << ": " << json.error().text();
    return json.ok() ? std::move(*json) : rpc::Json::array();
}

inline Bytes hex_bytes(std::string_view text) {
    if (text.starts_with("0x")) text.remove_prefix(2);
    auto bytes = from_hex(text);
    EXPECT_TRUE(bytes.ok()) << text;
    return bytes.ok() ? std::move(*bytes) : Bytes();
}

inline U256 number(std::string_view text) {
    const bool negative = text.starts_with('-');
    const auto read = U256::parse(text.substr(negative ? 1 : 0));
    EXPECT_TRUE(read.ok()) << text;
    return negative ? wrapping_subtract(U256(), *read) : *read;
}

/// A value as the vectors have it: decimal text, hexadecimal text, lists.
inline AbiValue value_of(const AbiType& type, const rpc::Json& json) {
    using Kind = AbiType::Kind;
    switch (type.kind()) {
        case Kind::unsigned_integer:
        case Kind::signed_integer: return number(json.get<std::string>());
        case Kind::boolean: return json.get<bool>();
        case Kind::address: return *EthAddress::from_bytes(hex_bytes(json.get<std::string>()));
        case Kind::fixed_bytes:
        case Kind::bytes: return hex_bytes(json.get<std::string>());
        case Kind::text: return json.get<std::string>();
        case Kind::list:
        case Kind::tuple: break;
    }
    AbiValue::List out;
    for (std::size_t i = 0; i < json.size(); ++i)
        out.push_back(value_of(type.kind() == Kind::list ? type.item() : type.members()[i], json[i]));
    return out;
}

}    // namespace filfil::incentive
