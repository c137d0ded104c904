// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "incentive/abi_codec.hpp"
#include "incentive/abi_entry.hpp"

#include <algorithm>
#include <array>
#include <concepts>
#include <type_traits>
#include <utility>
#include <vector>

// Between C++ values and AbiValues. Structs are those that the build makes of the compiled ABI (contract_abi.hpp): each
// has `visit(self, visitor)`, which calls the visitor with its members in the ABI's order.

namespace filfil::incentive {

namespace bind {

template <class T>
inline constexpr bool is_byte_array = false;
template <std::size_t n>
inline constexpr bool is_byte_array<std::array<std::byte, n>> = true;

template <class T>
inline constexpr bool is_list = false;
template <class T>
inline constexpr bool is_list<std::vector<T>> = !std::same_as<T, std::byte>;
template <class T, std::size_t n>
inline constexpr bool is_list<std::array<T, n>> = !std::same_as<T, std::byte>;

template <class T>
concept Number = std::unsigned_integral<T> && !std::same_as<T, bool>;

template <class T>
AbiValue value_of(const T& from);

struct Gather {
    AbiValue::List out{};
    template <class T>
    void operator()(const T& member) {
        out.push_back(value_of(member));
    }
};

template <class T>
AbiValue value_of(const T& from) {
    if constexpr (std::same_as<T, I256>) {
        return from.word;
    } else if constexpr (std::constructible_from<AbiValue, const T&>) {
        return AbiValue(from);
    } else if constexpr (is_byte_array<T>) {
        return Bytes(from.begin(), from.end());
    } else if constexpr (is_list<T>) {
        AbiValue::List out;
        out.reserve(from.size());
        for (const auto& item : from) out.push_back(value_of(item));
        return out;
    } else {
        Gather gather;
        T::visit(from, gather);
        return std::move(gather.out);
    }
}

template <class T>
bool read(const AbiValue& from, T& to);

struct Scatter {
    const AbiValue::List& from;
    std::size_t next = 0;
    bool good = true;
    template <class T>
    void operator()(T& member) {
        good = good && next < from.size() && read(from[next++], member);
    }
};

template <class T>
bool copy(const T* from, T& to) {
    if (from != nullptr) to = *from;
    return from != nullptr;
}

/// @return false where the value is none of that type: not after it was decoded as one
template <class T>
bool read(const AbiValue& from, T& to) {
    if constexpr (std::same_as<T, U256>) {
        return copy(from.as_number(), to);
    } else if constexpr (std::same_as<T, I256>) {
        return copy(from.as_number(), to.word);
    } else if constexpr (Number<T>) {
        const auto number = from.as_number() != nullptr ? from.as_number()->as_uint64() : std::nullopt;
        if (!number || !std::in_range<T>(*number)) return false;
        to = static_cast<T>(*number);
        return true;
    } else if constexpr (std::same_as<T, bool>) {
        return copy(from.as_bool(), to);
    } else if constexpr (std::same_as<T, EthAddress>) {
        return copy(from.as_address(), to);
    } else if constexpr (std::same_as<T, Bytes>) {
        return copy(from.as_bytes(), to);
    } else if constexpr (std::same_as<T, std::string>) {
        return copy(from.as_text(), to);
    } else if constexpr (is_byte_array<T>) {
        if (from.as_bytes() == nullptr || from.as_bytes()->size() != to.size()) return false;
        std::ranges::copy(*from.as_bytes(), to.begin());
        return true;
    } else if constexpr (is_list<T>) {
        if (from.as_list() == nullptr) return false;
        if constexpr (requires { to.resize(0); }) to.resize(from.as_list()->size());
        if (to.size() != from.as_list()->size()) return false;
        for (std::size_t i = 0; i < to.size(); ++i)
            if (!read((*from.as_list())[i], to[i])) return false;
        return true;
    } else {
        if (from.as_list() == nullptr) return false;
        Scatter scatter{*from.as_list()};
        T::visit(to, scatter);
        return scatter.good && scatter.next == from.as_list()->size();
    }
}

}    // namespace bind

/// Reads `data` as parameters of the types in `types`, e.g. "(uint64,bytes)", into the members of a struct.
template <class T>
Result<T> read_abi(std::string_view types, ByteView data) {
    FILFIL_TRY(const AbiType type, AbiType::parse(types));
    FILFIL_TRY(const AbiValue value, decode_abi(type, data));
    T out;
    if (!bind::read(value, out))
        return Error(ErrorCode::internal, "a struct does not fit the types " + std::string(types));
    return out;
}

/// The other way.
template <class T>
Result<Bytes> write_abi(std::string_view types, const T& value) {
    FILFIL_TRY(const AbiType type, AbiType::parse(types));
    return encode_abi(type, bind::value_of(value));
}

/// The input of a call: the selector and the parameters. @tparam Call one of contract_abi.hpp's `calls`
template <class Call>
Result<Bytes> encode_call(const typename Call::Input& input) {
    FILFIL_TRY(const Bytes parameters, write_abi(Call::inputs, input));
    Bytes out(Call::selector.begin(), Call::selector.end());
    out.insert(out.end(), parameters.begin(), parameters.end());
    return out;
}

/// What a call gave back.
template <class Call>
Result<typename Call::Output> decode_output(ByteView data) {
    auto out = read_abi<typename Call::Output>(Call::outputs, data);
    if (!out.ok()) return std::move(out).error().in(Call::name);
    return out;
}

/// One of contract_abi.hpp's `errors`, of what a call reverted with. @return Error::mismatch for another error
template <class Failure>
Result<Failure> decode_failure(ByteView data) {
    if (data.size() < Failure::selector.size() ||
        !std::ranges::equal(data.first(Failure::selector.size()), Failure::selector))
        return Error(ErrorCode::mismatch, "this is no " + std::string(Failure::name));
    auto out = read_abi<Failure>(Failure::inputs, data.subspan(Failure::selector.size()));
    if (!out.ok()) return std::move(out).error().in(Failure::name);
    return out;
}

/// One of contract_abi.hpp's `events`, of a log with its topic in front. Each indexed parameter has a topic.
template <class Event>
Result<Event> decode_log(std::span<const Word> topics, ByteView data) {
    if (topics.empty() || topics[0] != Event::topic)
        return Error(ErrorCode::mismatch, "this is no " + std::string(Event::name));
    auto parts = decode_log_parts(Event::indexed, Event::data, topics.subspan(1), data);
    if (!parts.ok()) return std::move(parts).error().in(Event::name);
    Event out;
    bind::Scatter from_topics{*parts->indexed.as_list()};
    Event::visit_indexed(out, from_topics);
    bind::Scatter from_data{*parts->data.as_list()};
    Event::visit_data(out, from_data);
    if (!from_topics.good || !from_data.good)
        return Error(ErrorCode::internal, std::string(Event::name) + ": the struct does not fit its types");
    return out;
}

}    // namespace filfil::incentive
