// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "rpc/json.hpp"

#include "rpc/excerpt.hpp"
#include "rpc/json_strings.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <utility>
#include <vector>

namespace filfil::rpc {
namespace {

/// Depth costs the stack of a thread that may have little.
constexpr std::size_t most_depth = 1000;

/// Up to here, comparing each key with each is faster than sorting them.
constexpr std::size_t few_keys = 16;

class Parser {
public:
    Parser(std::string_view text, std::size_t depth) : m_text(text), m_depth(depth) {}

    Result<Json> parse() {
        Json out;
        skip_spaces();
        FILFIL_CHECK(parse_value(out));
        skip_spaces();
        if (m_at != m_text.size()) return wrong("the end of the text is expected");
        return out;
    }

private:
    struct Member {
        std::string key;
        std::size_t at;    ///< where its key begins
        Json value;
    };

    Error wrong(std::string_view what, std::size_t at) const {
        std::string found = at < m_text.size() ? "'" + excerpt(m_text.substr(at, 1)) + "'" : "the end";
        return {ErrorCode::corrupt, "JSON: byte " + std::to_string(at) + ": " + std::string(what) + ", not " + found};
    }
    Error wrong(std::string_view what) const { return wrong(what, m_at); }

    /// 0 at the end, which is no byte of JSON outside of strings.
    [[nodiscard]] char peek() const noexcept { return m_at < m_text.size() ? m_text[m_at] : '\0'; }

    void skip_spaces() noexcept {
        while (m_at < m_text.size() &&
               (m_text[m_at] == ' ' || m_text[m_at] == '\n' || m_text[m_at] == '\t' || m_text[m_at] == '\r'))
            ++m_at;
    }

    Result<void> parse_value(Json& out) {
        switch (peek()) {
            case '{': return parse_object(out);
            case '[': return parse_array(out);
            case '"': out = std::string(); return parse_string(out.get_ref<std::string&>());
            case 't': out = true; return parse_word("true");
            case 'f': out = false; return parse_word("false");
            case 'n': out = nullptr; return parse_word("null");
            default: return parse_number(out);
        }
    }

    Result<void> parse_word(std::string_view word) {
        if (!m_text.substr(m_at).starts_with(word)) return wrong("a value is expected");
        m_at += word.size();
        return {};
    }

    Result<void> enter() {
        if (m_depth == 0)
            return Error(ErrorCode::too_large,
                         "JSON: byte " + std::to_string(m_at) + ": too many lists or objects in one another");
        --m_depth;
        ++m_at;
        skip_spaces();
        return {};
    }

    void leave() noexcept {
        ++m_depth;
        ++m_at;
    }

    Result<void> parse_array(Json& out) {
        FILFIL_CHECK(enter());
        out = Json::array();
        auto& values = out.get_ref<Json::array_t&>();
        if (peek() == ']') return leave(), Result<void>();
        while (true) {
            FILFIL_CHECK(parse_value(values.emplace_back()));
            skip_spaces();
            if (peek() == ']') return leave(), Result<void>();
            if (peek() != ',') return wrong("',' or ']' is expected");
            ++m_at;
            skip_spaces();
        }
    }

    Result<void> parse_object(Json& out) {
        FILFIL_CHECK(enter());
        out = Json::object();
        if (peek() == '}') return leave(), Result<void>();
        // Gathered here first: the object's own vector copies all of its values whenever it grows.
        const std::size_t first = m_members.size();
        while (true) {
            if (peek() != '"') return wrong("a key in quotation marks is expected");
            Member member{.key = {}, .at = m_at, .value = {}};
            FILFIL_CHECK(parse_string(member.key));
            skip_spaces();
            if (peek() != ':') return wrong("':' is expected");
            ++m_at;
            skip_spaces();
            FILFIL_CHECK(parse_value(member.value));
            m_members.push_back(std::move(member));
            skip_spaces();
            if (peek() == '}') break;
            if (peek() != ',') return wrong("',' or '}' is expected");
            ++m_at;
            skip_spaces();
        }
        FILFIL_CHECK(check_keys(std::span(m_members).subspan(first)));
        auto& object = out.get_ref<Json::object_t&>();
        object.reserve(m_members.size() - first);
        for (std::size_t i = first; i < m_members.size(); ++i)
            object.emplace_back(std::move(m_members[i].key), std::move(m_members[i].value));
        m_members.resize(first);
        leave();
        return {};
    }

    Result<void> check_keys(std::span<const Member> members) const {
        const auto twice = [](const Member& member) {
            return Error(ErrorCode::corrupt, "JSON: byte " + std::to_string(member.at) + ": the key \"" +
                                                 excerpt(member.key) + "\" stands there twice");
        };
        if (members.size() <= few_keys) {
            for (std::size_t i = 1; i < members.size(); ++i)
                for (std::size_t k = 0; k < i; ++k)
                    if (members[i].key == members[k].key) return twice(members[i]);
            return {};
        }
        std::vector<const Member*> sorted;
        sorted.reserve(members.size());
        for (const Member& member : members) sorted.push_back(&member);
        std::ranges::sort(
            sorted, [](const Member* a, const Member* b) { return std::tie(a->key, a->at) < std::tie(b->key, b->at); });
        const auto same =
            std::ranges::adjacent_find(sorted, [](const Member* a, const Member* b) { return a->key == b->key; });
        return same == sorted.end() ? Result<void>() : twice(**std::next(same));
    }

    Result<void> parse_string(std::string& out) {
        const StringEnd end = read_json_string(m_text, m_at, out);
        m_at = end.at;
        if (end.wrong.empty()) return {};
        return wrong(end.wrong);
    }

    void skip_digits() noexcept {
        while (m_at < m_text.size() && m_text[m_at] >= '0' && m_text[m_at] <= '9') ++m_at;
    }

    Result<void> parse_number(Json& out) {
        const std::size_t start = m_at;
        const bool negative = peek() == '-';
        if (negative) ++m_at;
        const std::size_t digits = m_at;
        if (peek() < '0' || peek() > '9') return wrong(negative ? "a digit is expected" : "a value is expected");
        skip_digits();
        if (m_text[digits] == '0' && m_at > digits + 1) return wrong("a number has no leading zero", digits);
        bool whole = true;
        if (peek() == '.') {
            whole = false;
            ++m_at;
            if (peek() < '0' || peek() > '9') return wrong("a digit is expected");
            skip_digits();
        }
        if (peek() == 'e' || peek() == 'E') {
            whole = false;
            ++m_at;
            if (peek() == '+' || peek() == '-') ++m_at;
            if (peek() < '0' || peek() > '9') return wrong("a digit is expected");
            skip_digits();
        }
        const char* const from = m_text.data() + start;
        const char* const to = m_text.data() + m_at;
        if (whole && negative) {
            std::int64_t value = 0;
            if (std::from_chars(from, to, value).ec == std::errc()) return out = value, Result<void>();
        } else if (whole) {
            std::uint64_t value = 0;
            if (std::from_chars(from, to, value).ec == std::errc()) return out = value, Result<void>();
        }
        double value = 0;
        if (std::from_chars(from, to, value).ec != std::errc())
            return Error(ErrorCode::corrupt,
                         "JSON: byte " + std::to_string(start) + ": the number is beyond what a double can hold");
        out = value;
        return {};
    }

    std::string_view m_text;
    std::size_t m_at = 0;
    std::size_t m_depth;
    std::vector<Member> m_members;    ///< of the objects that are open, outer ones first
};

std::string_view type_of(const Json& value) noexcept {
    switch (value.type()) {
        case Json::value_t::null: return "null";
        case Json::value_t::object: return "an object";
        case Json::value_t::array: return "a list";
        case Json::value_t::string: return "a string";
        case Json::value_t::boolean: return "true or false";
        case Json::value_t::number_integer:
        case Json::value_t::number_unsigned: return "an integer";
        case Json::value_t::number_float: return "a number with a fraction";
        default: return "bytes";
    }
}

Error other_type(std::string_view name, const Json& value, std::string_view wanted) {
    return {ErrorCode::invalid_argument, "the field '" + std::string(name) + "' is " + std::string(type_of(value)) +
                                             ", and " + std::string(wanted) + " is expected"};
}

}    // namespace

Result<Json> parse_json(std::string_view text, const JsonLimits& limits) {
    return Parser(text, std::min(limits.depth, most_depth)).parse();
}

std::string write_json(const Json& value) { return value.dump(-1, ' ', false, Json::error_handler_t::replace); }

Result<const Json*> field(const Json& object, std::string_view name) {
    if (object.is_object())
        for (const auto& [key, value] : object.get_ref<const Json::object_t&>())
            if (key == name) return &value;
    return Error(ErrorCode::invalid_argument, "the field '" + std::string(name) + "' is missing");
}

Result<std::string> text_field(const Json& object, std::string_view name) {
    FILFIL_TRY(const Json* const value, field(object, name));
    if (!value->is_string()) return other_type(name, *value, "a string");
    return value->get_ref<const std::string&>();
}

Result<std::int64_t> integer_field(const Json& object, std::string_view name) {
    FILFIL_TRY(const Json* const value, field(object, name));
    if (!value->is_number_integer()) return other_type(name, *value, "an integer");
    if (value->is_number_unsigned() &&
        value->get_ref<const std::uint64_t&>() > std::uint64_t{std::numeric_limits<std::int64_t>::max()})
        return Error(ErrorCode::invalid_argument,
                     "the field '" + std::string(name) + "' is " + write_json(*value) + ", which is more than fits");
    return value->get<std::int64_t>();
}

Result<bool> bool_field(const Json& object, std::string_view name) {
    FILFIL_TRY(const Json* const value, field(object, name));
    if (!value->is_boolean()) return other_type(name, *value, "true or false");
    return value->get<bool>();
}

}    // namespace filfil::rpc
