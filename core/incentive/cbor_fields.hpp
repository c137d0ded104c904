// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "chain/address.hpp"
#include "incentive/u256.hpp"
#include "ipld/dag_cbor.hpp"

#include <cstdint>
#include <string_view>

namespace filfil::incentive {

/// Goes through the items of a list that stand for a struct's fields. All errors name the struct and the field.
class CborFields {
public:
    /// @return Error::corrupt where `value` is no list of `count`
    static Result<CborFields> of(const ipld::Value& value, std::string_view name, std::size_t count);

    Result<std::uint64_t> number(std::string_view field);
    Result<std::int64_t> epoch(std::string_view field);
    Result<bool> boolean(std::string_view field);
    Result<Bytes> bytes(std::string_view field);
    Result<ipld::Cid> link(std::string_view field);
    Result<chain::Address> address(std::string_view field);

    /// An amount that is not below zero.
    Result<U256> amount(std::string_view field);

    /// The value itself.
    const ipld::Value& any() { return (*m_items)[m_next++]; }

    [[nodiscard]] Error wrong(std::string_view field, std::string_view what) const;

private:
    CborFields(const ipld::Value::List& items, std::string_view name) : m_items(&items), m_name(name) {}

    const ipld::Value::List* m_items;
    std::string_view m_name;
    std::size_t m_next = 0;
};

/// Parameters of actors: the nodes take none larger than this from messages.
inline constexpr std::size_t most_cbor_bytes = 1 << 20;

/// Decodes what an actor sends or is sent. Labels may be text that is no UTF-8.
Result<ipld::Value> read_cbor(ByteView bytes, std::string_view name);

}    // namespace filfil::incentive
