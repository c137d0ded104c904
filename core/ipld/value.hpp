// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "ipld/cid.hpp"

#include <concepts>
#include <optional>
#include <variant>

namespace filfil::ipld {

/// An integer from -2^64 to 2^64 - 1: all that CBOR's two integer types hold.
struct Integer {
    bool negative = false;
    std::uint64_t magnitude = 0;    ///< the value itself, or -1 - value where it is negative

    constexpr Integer() = default;
    template <std::integral T>
    constexpr Integer(T value) noexcept    // NOLINT(google-explicit-constructor): every C++ integer is one of these
        : negative(value < T{0}), magnitude(static_cast<std::uint64_t>(value)) {
        if (negative) magnitude = ~magnitude;    // two's complement: ~x is -1 - x
    }

    /// -1 - magnitude.
    static constexpr Integer minus_one_minus(std::uint64_t magnitude) noexcept {
        Integer out;
        out.negative = true;
        out.magnitude = magnitude;
        return out;
    }

    /// The value, where the type holds it.
    [[nodiscard]] constexpr std::optional<std::int64_t> as_int64() const noexcept {
        if (magnitude >> 63 != 0) return std::nullopt;
        const auto value = static_cast<std::int64_t>(magnitude);
        return negative ? -1 - value : value;
    }
    [[nodiscard]] constexpr std::optional<std::uint64_t> as_uint64() const noexcept {
        if (negative) return std::nullopt;
        return magnitude;
    }

    bool operator==(const Integer&) const = default;
};

struct MapEntry;

/// One value of the IPLD data model. It has no floats: Filecoin's chain data has none.
///
/// Copies are deep. Each `as_…` gives what the value holds, or null where it holds another kind.
class Value {
public:
    using List = std::vector<Value>;
    using Map = std::vector<MapEntry>;    ///< entries in any order; the codec sorts them and refuses equal keys

    // Each kind converts by itself, so that literals of the model read as such:
    // NOLINTBEGIN(google-explicit-constructor)
    Value() noexcept;    ///< null
    template <std::same_as<bool> T>
    Value(T value) : m_state(value) {}
    template <std::integral T>
        requires(!std::same_as<T, bool>)
    Value(T value) : Value(Integer(value)) {}
    Value(Integer value);
    Value(Bytes value);
    Value(std::string value);
    Value(const char* value);
    Value(Cid value);
    Value(List value);
    Value(Map value);
    // NOLINTEND(google-explicit-constructor)
    Value(const Value&);
    Value(Value&&) noexcept;
    Value& operator=(const Value&);
    Value& operator=(Value&&) noexcept;
    ~Value();

    [[nodiscard]] bool is_null() const noexcept { return std::holds_alternative<std::monostate>(m_state); }
    [[nodiscard]] const bool* as_bool() const noexcept { return std::get_if<bool>(&m_state); }
    [[nodiscard]] const Integer* as_integer() const noexcept { return std::get_if<Integer>(&m_state); }
    [[nodiscard]] const Bytes* as_bytes() const noexcept { return std::get_if<Bytes>(&m_state); }
    [[nodiscard]] const std::string* as_text() const noexcept { return std::get_if<std::string>(&m_state); }
    [[nodiscard]] const Cid* as_link() const noexcept { return std::get_if<Cid>(&m_state); }
    [[nodiscard]] const List* as_list() const noexcept { return std::get_if<List>(&m_state); }
    [[nodiscard]] const Map* as_map() const noexcept { return std::get_if<Map>(&m_state); }

    /// The value under `key`, or null where this is no map or has no such key.
    [[nodiscard]] const Value* find(std::string_view key) const noexcept;

    bool operator==(const Value&) const;

private:
    std::variant<std::monostate, bool, Integer, Bytes, std::string, Cid, List, Map> m_state;
};

struct MapEntry {
    std::string key;
    Value value;

    bool operator==(const MapEntry&) const = default;
};

}    // namespace filfil::ipld
