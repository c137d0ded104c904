// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "incentive/abi_type.hpp"

#include <charconv>
#include <optional>

namespace filfil::incentive {
namespace {

constexpr std::size_t word_bytes = 32;
constexpr unsigned most_levels = 16;
constexpr std::size_t most_types = 256;
constexpr std::size_t most_fixed = 65536 * word_bytes;

/// Decimal digits without leading zeros, from 1 to `most`.
std::optional<std::size_t> read_count(std::string_view digits, std::size_t most) {
    if (digits.empty() || digits.front() == '0') return std::nullopt;
    std::size_t value = 0;
    const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (fault != std::errc() || end != digits.data() + digits.size() || value > most) return std::nullopt;
    return value;
}

}    // namespace

class AbiType::Parser {
public:
    explicit Parser(std::string_view text) : m_text(text) {}

    Result<AbiType> whole() {
        FILFIL_TRY(AbiType out, type(0));
        if (m_at != m_text.size()) return wrong("something follows the type");
        return out;
    }

private:
    [[nodiscard]] Error wrong(std::string_view what) const {
        return {ErrorCode::invalid_argument, "ABI type: character " + std::to_string(m_at) + ": " + std::string(what)};
    }
    [[nodiscard]] static Error too_large(std::string_view what) {
        return {ErrorCode::too_large, "ABI type: " + std::string(what)};
    }
    [[nodiscard]] bool next_is(char c) const { return m_at < m_text.size() && m_text[m_at] == c; }

    Result<AbiType> type(unsigned level) {
        if (level > most_levels) return too_large("it has more than 16 levels");
        if (++m_types > most_types) return too_large("it has more than 256 types in it");
        AbiType out;
        if (next_is('(')) {
            FILFIL_TRY(out, tuple(level));
        } else {
            FILFIL_TRY(out, elementary());
        }
        for (unsigned lists = level; next_is('[');) {
            if (++lists > most_levels) return too_large("it has more than 16 levels");
            FILFIL_TRY(out, list(std::move(out)));
        }
        return out;
    }

    Result<AbiType> tuple(unsigned level) {
        AbiType out;
        ++m_at;
        // A tuple of nothing takes no bytes: a list could have any number of them.
        if (next_is(')') && (level > 0 || m_at + 1 != m_text.size())) return wrong("an empty tuple stands alone only");
        for (bool more = !next_is(')'); more;) {
            FILFIL_TRY(AbiType member, type(level + 1));
            out.m_dynamic = out.m_dynamic || member.m_dynamic;
            out.m_fixed_size += member.head_size();
            if (out.m_fixed_size > most_fixed) return too_large("it has more than 65,536 words in front");
            out.m_parts.push_back(std::move(member));
            more = next_is(',');
            if (more) ++m_at;
        }
        if (!next_is(')')) return wrong("a comma or a closing bracket is expected");
        ++m_at;
        return out;
    }

    Result<AbiType> list(AbiType item) {
        const std::size_t end = m_text.find(']', m_at);
        if (end == std::string_view::npos) return wrong("the square bracket is not closed");
        const std::string_view digits = m_text.substr(m_at + 1, end - m_at - 1);
        AbiType out;
        out.m_kind = Kind::list;
        if (digits.empty()) {
            out.m_dynamic = true;
        } else {
            const auto count = read_count(digits, most_fixed);
            if (!count) return wrong("a number of items from 1 on is expected");
            if (*count > most_fixed / item.head_size()) return too_large("it has more than 65,536 words in front");
            out.m_count = *count;
            out.m_dynamic = item.m_dynamic;
            out.m_fixed_size = *count * item.head_size();
        }
        out.m_parts.push_back(std::move(item));
        m_at = end + 1;
        return out;
    }

    Result<AbiType> elementary() {
        std::size_t end = m_at;
        while (end < m_text.size() && m_text[end] >= 'a' && m_text[end] <= 'z') ++end;
        const std::string_view name = m_text.substr(m_at, end - m_at);
        const std::size_t digits_at = end;
        while (end < m_text.size() && m_text[end] >= '0' && m_text[end] <= '9') ++end;
        const std::string_view digits = m_text.substr(digits_at, end - digits_at);

        AbiType out;
        out.m_fixed_size = word_bytes;
        if (name == "uint" || name == "int") {
            out.m_kind = name == "uint" ? Kind::unsigned_integer : Kind::signed_integer;
            const auto bits = read_count(digits, 256);
            if (!bits || *bits % 8 != 0) return wrong("an integer has 8, 16, 24 … 256 bits");
            out.m_size = static_cast<unsigned>(*bits);
        } else if (name == "bytes" && !digits.empty()) {
            out.m_kind = Kind::fixed_bytes;
            const auto count = read_count(digits, word_bytes);
            if (!count) return wrong("bytes have 1 to 32, or no number");
            out.m_size = static_cast<unsigned>(*count);
        } else if (digits.empty() && name == "bool") {
            out.m_kind = Kind::boolean;
        } else if (digits.empty() && name == "address") {
            out.m_kind = Kind::address;
        } else if (digits.empty() && (name == "bytes" || name == "string")) {
            out.m_kind = name == "bytes" ? Kind::bytes : Kind::text;
            out.m_dynamic = true;
            out.m_fixed_size = 0;
        } else {
            return wrong("no such type");
        }
        m_at = end;
        return out;
    }

    std::string_view m_text;
    std::size_t m_at = 0;
    std::size_t m_types = 0;
};

Result<AbiType> AbiType::parse(std::string_view text) { return Parser(text).whole(); }

std::string AbiType::text() const {
    switch (m_kind) {
        case Kind::unsigned_integer: return "uint" + std::to_string(m_size);
        case Kind::signed_integer: return "int" + std::to_string(m_size);
        case Kind::boolean: return "bool";
        case Kind::address: return "address";
        case Kind::fixed_bytes: return "bytes" + std::to_string(m_size);
        case Kind::bytes: return "bytes";
        case Kind::text: return "string";
        case Kind::list: return item().text() + "[" + (m_count == 0 ? "" : std::to_string(m_count)) + "]";
        case Kind::tuple: break;
    }
    std::string out = "(";
    for (const AbiType& part : m_parts) out += (out.size() == 1 ? "" : ",") + part.text();
    return out + ")";
}

}    // namespace filfil::incentive
