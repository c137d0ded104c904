// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "incentive/abi_codec.hpp"

#include <algorithm>

namespace filfil::incentive {
namespace {

using Kind = AbiType::Kind;

constexpr std::size_t word = 32;

constexpr std::size_t padded(std::size_t size) noexcept { return (size + word - 1) / word * word; }

/// Whether a number is in the range of an integer type.
bool fits(const AbiType& type, const U256& value) noexcept {
    if (type.kind() == Kind::unsigned_integer) return value.bit_width() <= type.bits();
    // A negative number is all ones from its sign bit on, so its complement is short.
    const U256 magnitude = value.bit(255) ? wrapping_subtract(U256::max(), value) : value;
    return magnitude.bit_width() < type.bits();
}

class Encoder {
public:
    Bytes out;

    Result<void> put(const AbiType& type, const AbiValue& value) {
        switch (type.kind()) {
            case Kind::unsigned_integer:
            case Kind::signed_integer: {
                const U256* number = value.as_number();
                if (number == nullptr) return wrong(type);
                if (!fits(type, *number))
                    return Error(ErrorCode::invalid_argument, "a number is out of the range of " + type.text());
                put_word(*number);
                return {};
            }
            case Kind::boolean:
                if (value.as_bool() == nullptr) return wrong(type);
                put_word(std::uint64_t{*value.as_bool()});
                return {};
            case Kind::address:
                if (value.as_address() == nullptr) return wrong(type);
                out.resize(out.size() + word - EthAddress::size);
                put_bytes(value.as_address()->bytes());
                return {};
            case Kind::fixed_bytes:
                if (value.as_bytes() == nullptr || value.as_bytes()->size() != type.byte_count()) return wrong(type);
                put_bytes(*value.as_bytes());
                return {};
            case Kind::bytes:
                if (value.as_bytes() == nullptr) return wrong(type);
                put_word(value.as_bytes()->size());
                put_bytes(*value.as_bytes());
                return {};
            case Kind::text:
                if (value.as_text() == nullptr) return wrong(type);
                put_word(value.as_text()->size());
                put_bytes(bytes_of(*value.as_text()));
                return {};
            case Kind::list: {
                const AbiValue::List* items = value.as_list();
                if (items == nullptr || (type.count() != 0 && items->size() != type.count())) return wrong(type);
                if (type.count() == 0) put_word(items->size());
                return put_all(*items, "item ", [&](std::size_t) -> const AbiType& { return type.item(); });
            }
            case Kind::tuple: {
                const AbiValue::List* members = value.as_list();
                if (members == nullptr || members->size() != type.members().size()) return wrong(type);
                return put_all(*members, "member ", [&](std::size_t i) -> const AbiType& { return type.members()[i]; });
            }
        }
        return {};
    }

private:
    static Error wrong(const AbiType& type) {
        return {ErrorCode::invalid_argument, "a value is not of the type " + type.text()};
    }

    void put_word(const U256& value) {
        const auto bytes = value.bytes();
        out.insert(out.end(), bytes.begin(), bytes.end());
    }

    void put_bytes(ByteView bytes) {
        out.insert(out.end(), bytes.begin(), bytes.end());
        out.resize(padded(out.size()));
    }

    template <class TypeOf>
    Result<void> put_all(const AbiValue::List& values, std::string_view place, TypeOf type_of) {
        const std::size_t frame = out.size();
        const auto put_in = [&](std::size_t i) -> Result<void> {
            auto done = put(type_of(i), values[i]);
            if (!done.ok()) return std::move(done).error().in(std::string(place) + std::to_string(i));
            return {};
        };
        std::vector<std::size_t> offsets_at;
        for (std::size_t i = 0; i < values.size(); ++i) {
            if (!type_of(i).dynamic()) {
                FILFIL_CHECK(put_in(i));
                continue;
            }
            offsets_at.push_back(out.size());
            out.resize(out.size() + word);
        }
        std::size_t next = 0;
        for (std::size_t i = 0; i < values.size(); ++i) {
            if (!type_of(i).dynamic()) continue;
            const auto offset = U256(out.size() - frame).bytes();
            std::ranges::copy(offset, out.begin() + static_cast<std::ptrdiff_t>(offsets_at[next++]));
            FILFIL_CHECK(put_in(i));
        }
        return {};
    }
};

class Decoder {
public:
    explicit Decoder(ByteView data) : m_data(data) {}

    /// Reads a value at `at`, and moves it behind.
    Result<AbiValue> take(const AbiType& type, std::size_t& at) {
        switch (type.kind()) {
            case Kind::unsigned_integer:
            case Kind::signed_integer: {
                FILFIL_TRY(const U256 number, take_word(at));
                if (!fits(type, number)) return wrong(at - word, "a number is out of the range of " + type.text());
                return AbiValue(number);
            }
            case Kind::boolean: {
                FILFIL_TRY(const U256 number, take_word(at));
                if (number > U256(1)) return wrong(at - word, "a bool is neither 0 nor 1");
                return AbiValue(!number.zero());
            }
            case Kind::address: {
                FILFIL_TRY(const U256 number, take_word(at));
                if (number.bit_width() > 8 * EthAddress::size)
                    return wrong(at - word, "an address is longer than 20 bytes");
                FILFIL_TRY(const EthAddress address,
                           EthAddress::from_bytes(m_data.subspan(at - EthAddress::size, EthAddress::size)));
                return AbiValue(address);
            }
            case Kind::fixed_bytes: {
                FILFIL_TRY(Bytes bytes, take_bytes(at, type.byte_count()));
                return AbiValue(std::move(bytes));
            }
            case Kind::bytes: {
                FILFIL_TRY(const std::size_t size, take_count(at, 1));
                FILFIL_TRY(Bytes bytes, take_bytes(at, size));
                return AbiValue(std::move(bytes));
            }
            case Kind::text: {
                FILFIL_TRY(const std::size_t size, take_count(at, 1));
                FILFIL_TRY(const Bytes bytes, take_bytes(at, size));
                return AbiValue(std::string(chars_of(bytes)));
            }
            case Kind::list: {
                std::size_t count = type.count();
                if (count == 0) {
                    FILFIL_TRY(count, take_count(at, type.item().head_size()));
                }
                return take_all(at, count, count * type.item().head_size(),
                                [&](std::size_t) -> const AbiType& { return type.item(); });
            }
            case Kind::tuple: break;
        }
        return take_all(at, type.members().size(), type.fixed_size(),
                        [&](std::size_t i) -> const AbiType& { return type.members()[i]; });
    }

    [[nodiscard]] static Error wrong(std::size_t at, std::string_view what) {
        return {ErrorCode::corrupt, "ABI data: byte " + std::to_string(at) + ": " + std::string(what)};
    }

private:
    [[nodiscard]] Error ends(std::size_t at, std::size_t needs) const {
        return {ErrorCode::truncated, "ABI data: byte " + std::to_string(at) + ": " + std::to_string(needs) +
                                          " bytes are expected, and " + std::to_string(m_data.size() - at) +
                                          " are left"};
    }

    Result<U256> take_word(std::size_t& at) {
        if (m_data.size() - at < word) return ends(at, word);
        at += word;
        return U256::from_bytes(m_data.subspan(at - word, word));
    }

    /// A number of things of which each takes `each` bytes and more.
    Result<std::size_t> take_count(std::size_t& at, std::size_t each) {
        FILFIL_TRY(const U256 number, take_word(at));
        if (number > U256((m_data.size() - at) / each))
            return Error(ErrorCode::truncated, "ABI data: byte " + std::to_string(at - word) + ": a length of " +
                                                   number.text() + " is more than what follows");
        return static_cast<std::size_t>(*number.as_uint64());
    }

    Result<Bytes> take_bytes(std::size_t& at, std::size_t size) {
        if (m_data.size() - at < padded(size)) return ends(at, padded(size));
        const ByteView all = m_data.subspan(at, padded(size));
        if (std::ranges::any_of(all.subspan(size), [](std::byte b) { return b != std::byte{0}; }))
            return wrong(at + size, "what fills the word up is not zero");
        at += all.size();
        return to_bytes(all.first(size));
    }

    template <class TypeOf>
    Result<AbiValue> take_all(std::size_t& at, std::size_t count, std::size_t fixed_size, TypeOf type_of) {
        const std::size_t frame = at;
        if (m_data.size() - at < fixed_size) return ends(at, fixed_size);
        std::size_t tail = at + fixed_size;
        AbiValue::List out;
        out.reserve(count);
        for (std::size_t i = 0; i < count; ++i) {
            const AbiType& type = type_of(i);
            if (!type.dynamic()) {
                FILFIL_TRY(AbiValue value, take(type, at));
                out.push_back(std::move(value));
                continue;
            }
            FILFIL_TRY(const U256 offset, take_word(at));
            if (offset != U256(tail - frame))
                return wrong(at - word, "an offset is " + offset.text() + ", and " + std::to_string(tail - frame) +
                                            " is expected");
            FILFIL_TRY(AbiValue value, take(type, tail));
            out.push_back(std::move(value));
        }
        at = tail;
        return AbiValue(std::move(out));
    }

    ByteView m_data;
};

}    // namespace

Result<Bytes> encode_abi(const AbiType& type, const AbiValue& value) {
    Encoder encoder;
    FILFIL_CHECK(encoder.put(type, value));
    return std::move(encoder.out);
}

Result<AbiValue> decode_abi(const AbiType& type, ByteView data, const AbiLimits& limits) {
    if (data.size() > limits.bytes)
        return Error(ErrorCode::too_large, "ABI data: " + std::to_string(data.size()) + " bytes, and at most " +
                                               std::to_string(limits.bytes) + " are taken");
    std::size_t at = 0;
    FILFIL_TRY(AbiValue out, Decoder(data).take(type, at));
    if (at != data.size()) return Decoder::wrong(at, std::to_string(data.size() - at) + " bytes follow the value");
    return out;
}

Result<LogParts> decode_log_parts(std::string_view indexed, std::string_view data_types, std::span<const Word> topics,
                                  ByteView data) {
    FILFIL_TRY(const AbiType indexed_type, AbiType::parse(indexed));
    FILFIL_TRY(const AbiType data_type, AbiType::parse(data_types));
    if (topics.size() != indexed_type.members().size())
        return Error(ErrorCode::corrupt, "the log has " + std::to_string(topics.size()) + " indexed parameters, and " +
                                             std::to_string(indexed_type.members().size()) + " are expected");
    Bytes words;
    for (const Word& topic : topics) words.insert(words.end(), topic.begin(), topic.end());
    auto from_topics = decode_abi(indexed_type, words);
    if (!from_topics.ok()) return std::move(from_topics).error().in("topics");
    FILFIL_TRY(AbiValue from_data, decode_abi(data_type, data));
    return LogParts{std::move(*from_topics), std::move(from_data)};
}

}    // namespace filfil::incentive
