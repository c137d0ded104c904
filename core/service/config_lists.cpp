// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/config_lists.hpp"

#include "base/suggest.hpp"
#include "base/url.hpp"
#include "service/config_values.hpp"

#include <algorithm>
#include <limits>

namespace filfil::service {
namespace {

using rpc::Json;

constexpr std::size_t most_nodes = 100;
constexpr std::size_t most_schedules = 1000;
constexpr std::uint64_t most_epoch = std::numeric_limits<std::int64_t>::max();

Error unknown_field(const std::string& place, std::string_view field, const std::vector<std::string>& fields) {
    const std::string nearest = nearest_name(field, fields);
    std::string all;
    for (const std::string& name : fields) all.append(all.empty() ? "" : ", ").append(name);
    return {ErrorCode::invalid_argument, place + " has no field '" + shown_text(field) + "'",
            nearest.empty() ? "it has " + all : "did you mean '" + nearest + "'?"};
}

/// Calls `one` for each entry, with its name.
template <class One>
Result<void> each_table(std::string_view key, const Json& value, std::size_t most, const One& one) {
    if (!value.is_array())
        return Error(ErrorCode::invalid_argument,
                     std::string(key) + " is " + std::string(kind_of(value)) + ", and a list of tables is expected",
                     "write [[" + std::string(key) + "]] above each");
    if (value.size() > most)
        return Error(ErrorCode::invalid_argument,
                     std::string(key) + " has more than " + std::to_string(most) + " entries");
    for (std::size_t i = 0; i < value.size(); ++i) {
        const std::string place = std::string(key) + "[" + std::to_string(i) + "]";
        if (!value[i].is_object())
            return Error(ErrorCode::invalid_argument,
                         place + " is " + std::string(kind_of(value[i])) + ", and a table is expected");
        FILFIL_CHECK(one(place, value[i]));
    }
    return {};
}

Result<NodeSetting> node_value(const std::string& place, const Json& value) {
    NodeSetting out;
    for (const auto& [field, content] : value.items()) {
        if (field == "url") {
            FILFIL_TRY(out.url, text_value(place + ".url", content));
        } else if (field == "token_file") {
            FILFIL_TRY(out.token_file, text_value(place + ".token_file", content));
        } else {
            return unknown_field(place, field, {"url", "token_file"});
        }
    }
    if (out.url.empty())
        return Error(ErrorCode::invalid_argument, place + " has no url",
                     "write it as url = \"ws://127.0.0.1:1234/rpc/v1\"");
    if (auto url = parse_url(out.url); !url.ok()) return std::move(url).error().in(place + ".url");
    return out;
}

Result<ScheduleSetting> schedule_value(const std::string& place, const Json& value) {
    ScheduleSetting out;
    for (const auto& [field, content] : value.items()) {
        const std::string name = place + "." + field;
        if (field == "every_epochs") {
            FILFIL_TRY(out.every_epochs, number_value(name, content, 1, most_epoch));
        } else if (field == "at_epoch") {
            FILFIL_TRY(const std::uint64_t epoch, number_value(name, content, 0, most_epoch));
            out.at_epoch = static_cast<std::int64_t>(epoch);
        } else if (field == "finalized") {
            FILFIL_TRY(out.finalized, yes_no_value(name, content));
        } else if (field == "to_file") {
            FILFIL_TRY(out.to_file, yes_no_value(name, content));
        } else if (field == "recipe") {
            FILFIL_TRY(const std::string text, text_value(name, content));
            auto recipe = snapshot::parse_recipe(text);
            if (!recipe.ok()) return std::move(recipe).error().in(name);
            out.recipe = *recipe;
        } else {
            return unknown_field(place, field, {"every_epochs", "at_epoch", "finalized", "to_file", "recipe"});
        }
    }
    if ((out.every_epochs != 0) == out.at_epoch.has_value())
        return Error(
            ErrorCode::invalid_argument,
            place + " has " + (out.at_epoch ? "both every_epochs and at_epoch" : "neither every_epochs nor at_epoch"),
            "give one of the two");
    return out;
}

}    // namespace

Json read_nodes(const Config& config) {
    Json out = Json::array();
    for (const NodeSetting& node : config.nodes) out.push_back({{"url", node.url}, {"token_file", node.token_file}});
    return out;
}

Result<void> write_nodes(const SettingEntry& self, Config& config, const Json& value) {
    std::vector<NodeSetting> nodes;
    FILFIL_CHECK(
        each_table(self.key, value, most_nodes, [&](const std::string& place, const Json& item) -> Result<void> {
            FILFIL_TRY(NodeSetting node, node_value(place, item));
            if (std::ranges::find(nodes, node.url, &NodeSetting::url) != nodes.end())
                return Error(ErrorCode::invalid_argument, place + " has the same url as one before it",
                             "leave one of them out");
            nodes.push_back(std::move(node));
            return {};
        }));
    config.nodes = std::move(nodes);
    return {};
}

Json read_schedules(const Config& config) {
    Json out = Json::array();
    for (const ScheduleSetting& schedule : config.schedules) {
        Json item = Json::object();
        if (schedule.at_epoch)
            item["at_epoch"] = *schedule.at_epoch;
        else
            item["every_epochs"] = schedule.every_epochs;
        item["finalized"] = schedule.finalized;
        item["to_file"] = schedule.to_file;
        if (schedule.recipe) item["recipe"] = snapshot::text_of(*schedule.recipe);
        out.push_back(std::move(item));
    }
    return out;
}

Result<void> write_schedules(const SettingEntry& self, Config& config, const Json& value) {
    std::vector<ScheduleSetting> schedules;
    FILFIL_CHECK(
        each_table(self.key, value, most_schedules, [&](const std::string& place, const Json& item) -> Result<void> {
            FILFIL_TRY(ScheduleSetting schedule, schedule_value(place, item));
            schedules.push_back(std::move(schedule));
            return {};
        }));
    config.schedules = std::move(schedules);
    return {};
}

}    // namespace filfil::service
