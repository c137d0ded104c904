// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "batch/manifest.hpp"

#include "batch/padded_size.hpp"
#include "batch/receipt.hpp"
#include "batch/text.hpp"
#include "ipld/piece_cid.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <set>

namespace filfil::batch {
namespace {

using Json = nlohmann::json;

constexpr std::string_view line_remedy =
    R"(write a path, or an object such as {"path": "a.car", "piece_cid": "baga6ea4seaq…", "pad_to": "32GiB", "id": "7"})";

Error refused(std::string message) {
    return {ErrorCode::invalid_argument, std::move(message), std::string(line_remedy)};
}

std::string_view trimmed(std::string_view text) {
    const std::size_t first = text.find_first_not_of(" \t\r");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

/// Linux takes no longer path in one call.
constexpr std::size_t max_path = 4095;

Result<void> check_path(std::string_view path) {
    if (path.empty()) return refused("the path is empty");
    if (path.size() > max_path) return refused("the path is longer than " + std::to_string(max_path) + " bytes");
    if (path.find('\0') != std::string_view::npos) return refused("the path holds a zero byte");
    return {};
}

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

Result<Json> parse_object(std::string_view text) {
    // A doubled key would leave it to chance which of the two counts.
    std::set<std::string> keys;
    std::string doubled;
    const auto on_event = [&](int depth, Json::parse_event_t event, Json& parsed) {
        if (event == Json::parse_event_t::key && depth == 1) {
            std::string key = parsed.get<std::string>();
            if (!keys.insert(key).second) doubled = key;
        }
        return true;
    };
    try {
        Json object = Json::parse(text, on_event);
        if (!doubled.empty()) return refused("the field '" + doubled + "' is there twice");
        if (!object.is_object()) return refused("is no JSON object");
        return object;
    } catch (const Json::parse_error& e) {
        return refused("broken JSON at character " + std::to_string(e.byte));
    } catch (const Json::exception&) {
        return refused("broken JSON");
    }
}

Result<std::string> string_field(const Json& value, std::string_view name) {
    if (value.is_string()) return value.get<std::string>();
    return refused("the field '" + std::string(name) + "' is no string");
}

Result<std::string> read_id(const Json& value) {
    if (value.is_number_integer()) return value.dump();
    if (value.is_string()) return value.get<std::string>();
    return refused("the field 'id' is neither a string nor a whole number");
}

Result<std::uint64_t> read_pad_to(const Json& value) {
    if (!value.is_number_unsigned() && !value.is_string())
        return refused("the field 'pad_to' is neither a size nor a number of bytes");
    auto size = value.is_string() ? parse_padded_size(value.get_ref<const std::string&>())
                                  : check_padded_size(value.get<std::uint64_t>());
    if (!size.ok()) return std::move(size).error().in("the field 'pad_to'");
    return *size;
}

Result<std::string> read_expected(const Json& value) {
    FILFIL_TRY(std::string text, string_field(value, "piece_cid"));
    auto cid = ipld::Cid::parse(text);
    if (!cid.ok()) return std::move(cid).error().in("the field 'piece_cid' is '" + text + "'");
    auto piece = ipld::read_piece_cid(*cid);
    if (!piece.ok()) return std::move(piece).error().in("the field 'piece_cid' is '" + text + "'");
    return text;
}

Result<std::optional<ManifestLine>> parse_json_line(std::string_view text) {
    FILFIL_TRY(const Json object, parse_object(text));
    ManifestLine line;
    line.literal = true;
    Ask ask;
    for (const auto& [name, value] : object.items()) {
        const bool known = name == "path" || name == "piece_cid" || name == "pad_to" || name == "id";
        if (!known) {
            if (std::find(receipt_fields.begin(), receipt_fields.end(), name) != receipt_fields.end()) continue;
            return refused("unknown field '" + name + "'");
        }
        if (value.is_null() && name != "path") continue;
        if (name == "path") {
            FILFIL_TRY(line.path, string_field(value, name));
        } else if (name == "piece_cid") {
            FILFIL_TRY(ask.expected, read_expected(value));
        } else if (name == "pad_to") {
            FILFIL_TRY(ask.pad_to, read_pad_to(value));
        } else {
            FILFIL_TRY(ask.id, read_id(value));
        }
    }
    if (!object.contains("path")) return refused("the field 'path' is missing");
    FILFIL_CHECK(check_path(line.path));
    if (ask != Ask{}) line.ask = std::move(ask);
    return std::optional<ManifestLine>(std::move(line));
}

}    // namespace

Result<std::optional<ManifestLine>> parse_manifest_line(std::string_view line) {
    const std::string_view text = trimmed(line);
    if (text.empty() || text[0] == '#') return std::optional<ManifestLine>();
    if (const std::size_t bad = find_invalid_utf8(text); bad != std::string_view::npos)
        return refused("is not UTF-8 text (byte " +
                       std::to_string(bad + static_cast<std::size_t>(text.data() - line.data())) +
                       " of the line), so it is no path and no JSON");
    if (text[0] == '{') return parse_json_line(text);
    if (std::any_of(text.begin(), text.end(), is_control))
        return refused("holds a control character, so it is no path and no JSON");
    FILFIL_CHECK(check_path(text));
    return std::optional<ManifestLine>(ManifestLine{std::string(text), false, std::nullopt});
}

}    // namespace filfil::batch
