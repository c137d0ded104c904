// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "ipld/value.hpp"

namespace filfil::ipld {

// All that makes or destroys the state stands here, where a map's entries are a complete type.
Value::Value() noexcept = default;
Value::Value(Integer value) : m_state(value) {}
Value::Value(Bytes value) : m_state(std::move(value)) {}
Value::Value(std::string value) : m_state(std::move(value)) {}
Value::Value(const char* value) : m_state(std::string(value)) {}
Value::Value(Cid value) : m_state(std::move(value)) {}
Value::Value(List value) : m_state(std::move(value)) {}
Value::Value(Map value) : m_state(std::move(value)) {}
Value::Value(const Value&) = default;
Value::Value(Value&&) noexcept = default;
Value& Value::operator=(const Value&) = default;
Value& Value::operator=(Value&&) noexcept = default;
Value::~Value() = default;

bool Value::operator==(const Value&) const = default;

const Value* Value::find(std::string_view key) const noexcept {
    const Map* map = as_map();
    if (map == nullptr) return nullptr;
    for (const MapEntry& entry : *map)
        if (entry.key == key) return &entry.value;
    return nullptr;
}

}    // namespace filfil::ipld
