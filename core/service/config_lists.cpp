// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/config_lists.hpp"

#include "base/suggest.hpp"
#include "base/url.hpp"
#include "chain/address.hpp"
#include "service/config_values.hpp"

#include <algorithm>
#include <functional>
#include <limits>

namespace filfil::service {
namespace {

using rpc::Json;

constexpr std::size_t most_nodes = 100;
constexpr std::size_t most_schedules = 1000;
constexpr std::size_t most_markets = 100;
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

Result<std::string> url_value(const std::string& name, const Json& content) {
    FILFIL_TRY(std::string text, text_value(name, content));
    if (text.empty()) return text;
    const auto url = parse_url(text);
    if (!url.ok()) return Error(url.error()).in(name);
    if (url->scheme != Url::Scheme::http && url->scheme != Url::Scheme::https)
        return Error(ErrorCode::invalid_argument, name + " is no http or https URL",
                     "write it as http://127.0.0.1:12310");
    return text;
}

Result<std::string> checked_text(const std::string& name, const Json& content,
                                 const std::function<Result<void>(const std::string&)>& check) {
    FILFIL_TRY(std::string text, text_value(name, content));
    if (text.empty()) return text;
    if (auto right = check(text); !right.ok()) return std::move(right).error().in(name);
    return text;
}

/// What a market of its kind cannot do without.
Result<void> check_market(const std::string& place, const MarketSetting& market) {
    const std::string kind(name_of(market.kind));
    if (market.kind != MarketKind::file && market.url.empty())
        return Error(ErrorCode::invalid_argument, place + " has no url",
                     market.kind == MarketKind::boost
                         ? "give that of boostd's API: url = \"http://127.0.0.1:1288\""
                         : "give that of Curio's market: url = \"http://127.0.0.1:12310\"");
    if (market.kind == MarketKind::boost && (market.graphql.empty() || market.token_file.empty()))
        return Error(ErrorCode::invalid_argument,
                     place + " has no " + (market.graphql.empty() ? "graphql" : "token_file"),
                     "Boost needs both: graphql = \"http://127.0.0.1:8080/graphql/query\", and token_file with the "
                     "token of `boostd auth create-token --perm admin`");
    if (market.kind == MarketKind::file && !market.url.empty())
        return Error(ErrorCode::invalid_argument, place + " is of kind file and has a url", "leave the url out");
    if (market.announce && (market.kind != MarketKind::curio_mk20 || !market.indexing))
        return Error(ErrorCode::invalid_argument, place + ".announce is for curio-mk20 with indexing",
                     "set indexing too, or leave announce out");
    return {};
}

Result<MarketSetting> market_value(const std::string& place, const Json& value) {
    MarketSetting out;
    bool has_kind = false;
    for (const auto& [field, content] : value.items()) {
        const std::string name = place + "." + field;
        if (field == "miner") {
            FILFIL_TRY(out.miner, checked_text(name, content, [](const std::string& text) -> Result<void> {
                           FILFIL_TRY([[maybe_unused]] const std::uint64_t miner, miner_number(text));
                           return {};
                       }));
        } else if (field == "kind") {
            FILFIL_TRY(const std::string text, text_value(name, content));
            auto kind = parse_market_kind(text);
            if (!kind.ok()) return std::move(kind).error().in(name);
            out.kind = *kind;
            has_kind = true;
        } else if (field == "url") {
            FILFIL_TRY(out.url, url_value(name, content));
        } else if (field == "graphql") {
            FILFIL_TRY(out.graphql, url_value(name, content));
        } else if (field == "token_file") {
            FILFIL_TRY(out.token_file, text_value(name, content));
        } else if (field == "wallet") {
            FILFIL_TRY(out.wallet, checked_text(name, content, [](const std::string& text) -> Result<void> {
                           FILFIL_TRY([[maybe_unused]] const auto address, chain::Address::parse(text));
                           return {};
                       }));
        } else if (field == "indexing") {
            FILFIL_TRY(out.indexing, yes_no_value(name, content));
        } else if (field == "announce") {
            FILFIL_TRY(out.announce, yes_no_value(name, content));
        } else if (field == "folder") {
            FILFIL_TRY(out.folder, text_value(name, content));
        } else {
            return unknown_field(
                place, field,
                {"miner", "kind", "url", "graphql", "token_file", "wallet", "indexing", "announce", "folder"});
        }
    }
    if (!has_kind)
        return Error(ErrorCode::invalid_argument, place + " has no kind", "give curio-mk20, curio-mk12, boost or file");
    FILFIL_CHECK(check_market(place, out));
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

Json read_markets(const Config& config) {
    Json out = Json::array();
    for (const MarketSetting& market : config.markets)
        out.push_back({{"miner", market.miner},
                       {"kind", name_of(market.kind)},
                       {"url", market.url},
                       {"graphql", market.graphql},
                       {"token_file", market.token_file},
                       {"wallet", market.wallet},
                       {"indexing", market.indexing},
                       {"announce", market.announce},
                       {"folder", market.folder}});
    return out;
}

Result<void> write_markets(const SettingEntry& self, Config& config, const Json& value) {
    std::vector<MarketSetting> markets;
    FILFIL_CHECK(
        each_table(self.key, value, most_markets, [&](const std::string& place, const Json& item) -> Result<void> {
            FILFIL_TRY(MarketSetting market, market_value(place, item));
            for (const MarketSetting& before : markets)
                if (before.miner.empty() == market.miner.empty() &&
                    (market.miner.empty() || *miner_number(before.miner) == *miner_number(market.miner)))
                    return Error(ErrorCode::invalid_argument, place + " is of the same miner as one before it",
                                 "leave one of them out");
            markets.push_back(std::move(market));
            return {};
        }));
    config.markets = std::move(markets);
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
