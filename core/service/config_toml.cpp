// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/config_toml.hpp"

#include "base/units.hpp"

// Header-only and without exceptions: the library of the package is built with them. Its assertions do not hold for
// some texts that are no TOML ("[="), after which it goes on to find the error; with NDEBUG they are assumptions of the
// optimiser's, so it may not see that.
#pragma push_macro("NDEBUG")
#undef NDEBUG
#define TOML_HEADER_ONLY 1
#define TOML_EXCEPTIONS 0
#define TOML_ENABLE_FORMATTERS 0
#define TOML_ASSERT(expression) static_cast<void>(0)
#include <toml++/toml.h>
#pragma pop_macro("NDEBUG")

#include <algorithm>
#include <tuple>

namespace filfil::service {
namespace {

using rpc::Json;

constexpr std::size_t longest_file = MiB;

/// Tables in one another are destroyed by recursion, and each of them costs a dot outside of texts.
constexpr std::size_t most_dots = 2000;

TextPlace place_of(const toml::source_position& position) noexcept { return {position.line, position.column}; }

/// Dots that are not in texts or comments.
std::size_t count_dots(std::string_view text) noexcept {
    std::size_t dots = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '.') ++dots;
        if (c == '#') i = std::min(text.find('\n', i), text.size());
        if (c != '"' && c != '\'') continue;
        const bool lines = text.substr(i, 3) == std::string_view(c == '"' ? "\"\"\"" : "'''");
        const std::string_view end = text.substr(i, lines ? 3 : 1);
        for (i += end.size(); i < text.size() && text.substr(i, end.size()) != end; ++i) {
            if (c == '"' && text[i] == '\\') ++i;
            // What does not end on its line is no TOML: what follows is counted again.
            if (!lines && i < text.size() && text[i] == '\n') break;
        }
        if (lines) i += 2;
    }
    return dots;
}

class Flattening {
public:
    Flattening(std::string_view name, bool (*is_section)(std::string_view)) : m_name(name), m_is_section(is_section) {}

    Result<void> add(const toml::table& table, const std::string& above) {
        for (const auto& [key, node] : table) {
            std::string path = above.empty() ? std::string(key.str()) : above + "." + std::string(key.str());
            const toml::table* inner = node.as_table();
            // A dot inside a quoted key makes no path of two.
            const bool plain = key.str().find('.') == std::string_view::npos;
            if (inner != nullptr && plain && m_is_section(path)) {
                FILFIL_CHECK(add(*inner, path));
                continue;
            }
            TomlEntry entry;
            entry.begin = place_of(node.source().begin);
            entry.end = place_of(node.source().end);
            if (!plain)
                return Error(ErrorCode::invalid_argument,
                             text_of(place_of(key.source().begin), m_name) + ": a key has a dot inside quotes",
                             "write it without quotes");
            FILFIL_TRY(entry.value, json_of(node));
            if (const toml::array* list = node.as_array())
                for (const toml::node& item : *list) entry.items.push_back(place_of(item.source().begin));
            entry.key = std::move(path);
            m_out.push_back(std::move(entry));
        }
        return {};
    }

    std::vector<TomlEntry> take() {
        std::ranges::sort(m_out, [](const TomlEntry& a, const TomlEntry& b) {
            return std::tie(a.begin.line, a.begin.column, a.key) < std::tie(b.begin.line, b.begin.column, b.key);
        });
        return std::move(m_out);
    }

private:
    Result<Json> json_of(const toml::node& node) const {
        switch (node.type()) {
            case toml::node_type::string: return Json(node.as_string()->get());
            case toml::node_type::integer: {
                // As JSON has it: what is not negative has no sign.
                const std::int64_t number = node.as_integer()->get();
                return number < 0 ? Json(number) : Json(static_cast<std::uint64_t>(number));
            }
            case toml::node_type::floating_point: return Json(node.as_floating_point()->get());
            case toml::node_type::boolean: return Json(node.as_boolean()->get());
            case toml::node_type::array: {
                Json out = Json::array();
                for (const toml::node& item : *node.as_array()) {
                    FILFIL_TRY(Json value, json_of(item));
                    out.push_back(std::move(value));
                }
                return out;
            }
            case toml::node_type::table: {
                Json out = Json::object();
                for (const auto& [key, item] : *node.as_table()) {
                    FILFIL_TRY(Json value, json_of(item));
                    out[std::string(key.str())] = std::move(value);
                }
                return out;
            }
            default: break;
        }
        return Error(ErrorCode::invalid_argument,
                     text_of(place_of(node.source().begin), m_name) + ": a date or time, which no setting is");
    }

    std::string_view m_name;
    bool (*m_is_section)(std::string_view);
    std::vector<TomlEntry> m_out;
};

}    // namespace

std::string text_of(const TextPlace& place, std::string_view name) {
    return std::string(name) + ":" + std::to_string(place.line) + ":" + std::to_string(place.column);
}

Result<std::vector<TomlEntry>> read_toml(std::string_view text, std::string_view name,
                                         bool (*is_section)(std::string_view key)) {
    if (text.size() > longest_file)
        return Error(ErrorCode::too_large, std::string(name) + ": longer than 1 MiB, which no settings are");
    if (count_dots(text) > most_dots)
        return Error(ErrorCode::too_large, std::string(name) + ": more than " + std::to_string(most_dots) +
                                               " dots outside of texts, which no settings have");
    const toml::parse_result parsed = toml::parse(text, name);
    if (!parsed) {
        const toml::parse_error& error = parsed.error();
        return Error(ErrorCode::invalid_argument,
                     text_of(place_of(error.source().begin), name) + ": no TOML: " + std::string(error.description()),
                     "see https://toml.io for how it is written");
    }
    Flattening out(name, is_section);
    FILFIL_CHECK(out.add(parsed.table(), {}));
    return out.take();
}

}    // namespace filfil::service
