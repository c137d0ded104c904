// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/config.hpp"

#include "service/config_table.hpp"
#include "service/config_toml.hpp"
#include "service/config_values.hpp"

#include <charconv>

namespace filfil::service {
namespace {

using rpc::Json;

/// What stands on a command line for a list: JSON, or else texts with commas between them.
Result<Json> list_of(const SettingEntry& entry, std::string_view text) {
    if (text.starts_with('[')) {
        auto parsed = rpc::parse_json(text);
        if (parsed.ok()) return *parsed;
        return Error(ErrorCode::invalid_argument, std::move(parsed).error().message,
                     "a list is written as [\"a\", \"b\"]")
            .in(entry.key);
    }
    if (entry.kind == SettingKind::schedules)
        return Error(ErrorCode::invalid_argument,
                     std::string(entry.key) + ": '" + shown_text(text) + "' is no list of schedules",
                     R"(write it as [{"every_epochs": 2880}])");
    Json out = Json::array();
    while (!text.empty()) {
        const std::string item(text.substr(0, text.find(',')));
        out.push_back(entry.kind == SettingKind::nodes ? Json{{"url", item}} : Json(item));
        text.remove_prefix(std::min(text.size(), item.size() + 1));
    }
    return out;
}

Result<Json> value_of(const SettingEntry& entry, std::string_view text) {
    switch (entry.kind) {
        case SettingKind::yes_no:
            if (text == "true" || text == "yes" || text == "on") return Json(true);
            if (text == "false" || text == "no" || text == "off") return Json(false);
            return Error(ErrorCode::invalid_argument,
                         std::string(entry.key) + ": '" + shown_text(text) + "' is neither true nor false",
                         "give true or false");
        case SettingKind::number: {
            std::int64_t number = 0;
            const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), number);
            if (status != std::errc{} || end != text.data() + text.size())
                return Error(ErrorCode::invalid_argument,
                             std::string(entry.key) + ": '" + shown_text(text) + "' is no whole number",
                             "give a number from " + std::to_string(entry.least) + " to " + std::to_string(entry.most));
            return number < 0 ? Json(number) : Json(static_cast<std::uint64_t>(number));
        }
        case SettingKind::texts:
        case SettingKind::nodes:
        case SettingKind::schedules: return list_of(entry, text);
        default: return Json(std::string(text));
    }
}

Result<void> apply(Config& config, const TomlEntry& found, std::string_view name) {
    const auto entry = find_setting(found.key);
    if (!entry.ok()) {
        // A whole section that is there as a value.
        if (is_section(found.key))
            return Error(ErrorCode::invalid_argument,
                         text_of(found.begin, name) + ": " + found.key + " is " + std::string(kind_of(found.value)) +
                             ", and a table of settings is expected",
                         "write [" + found.key + "] above them");
        Error unknown = unknown_setting(found.key);
        return Error(ErrorCode::invalid_argument, text_of(found.begin, name) + ": " + unknown.message,
                     std::move(unknown.remedy));
    }
    auto written = (*entry)->write(**entry, config, found.value);
    if (written.ok()) return {};
    // Of a list, the first entry with which it is wrong.
    TextPlace place = found.begin;
    Json part = Json::array();
    for (std::size_t i = 0; i < found.items.size(); ++i) {
        place = found.items[i];
        part.push_back(found.value[i]);
        if (!(*entry)->write(**entry, config, part).ok()) break;
    }
    return std::move(written).error().in(text_of(place, name));
}

}    // namespace

std::vector<Setting> settings() {
    const Config defaults;
    std::vector<Setting> out;
    for (const SettingEntry& entry : setting_table())
        out.push_back({std::string(entry.key), std::string(entry.type), entry.read(defaults), std::string(entry.help),
                       entry.restart});
    return out;
}

Result<Json> get(const Config& config, std::string_view key) {
    FILFIL_TRY(const SettingEntry* entry, find_setting(key));
    return entry->read(config);
}

Json json_of(const Config& config) {
    Json out = Json::object();
    for (const SettingEntry& entry : setting_table()) out[std::string(entry.key)] = entry.read(config);
    return out;
}

Result<void> set(Config& config, std::string_view key, const Json& value) {
    return set_all(config, Json{{std::string(key), value}});
}

Result<void> set_all(Config& config, const Json& changes) {
    if (!changes.is_object())
        return Error(ErrorCode::invalid_argument, "changes of settings are " + std::string(kind_of(changes)) +
                                                      ", and an object of values by their keys is expected");
    Config changed = config;
    for (const auto& [key, value] : changes.items()) {
        FILFIL_TRY(const SettingEntry* entry, find_setting(key));
        FILFIL_CHECK(entry->write(*entry, changed, value));
    }
    FILFIL_CHECK(check(changed));
    config = std::move(changed);
    return {};
}

Result<void> set_text(Config& config, std::string_view key, std::string_view value) {
    FILFIL_TRY(const Json parsed, setting_value(key, value));
    return set(config, key, parsed);
}

Result<Json> setting_value(std::string_view key, std::string_view text) {
    FILFIL_TRY(const SettingEntry* entry, find_setting(key));
    return value_of(*entry, text);
}

Result<Config> read_config(std::string_view text, std::string_view name) {
    FILFIL_TRY(const std::vector<TomlEntry> entries, read_toml(text, name, is_section));
    Config out;
    for (const TomlEntry& entry : entries) FILFIL_CHECK(apply(out, entry, name));
    if (auto good = check(out); !good.ok()) return std::move(good).error().in(name);
    return out;
}

}    // namespace filfil::service
