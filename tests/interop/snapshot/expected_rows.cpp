// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "expected_rows.hpp"

#include <nlohmann/json.hpp>

#include <fstream>

namespace filfil::snapshot {
namespace {

std::vector<ipld::Cid> cids_in(const nlohmann::json& texts) {
    std::vector<ipld::Cid> out;
    for (const auto& text : texts) out.push_back(ipld::Cid::parse(text.get<std::string>()).value());
    return out;
}

}    // namespace

std::string ExpectedRow::name() const {
    return std::string(forest ? "forest" : "lotus") + ", height " + std::to_string(height) + ", N " +
           std::to_string(recent_roots) + (skip_old_messages ? ", skip" : ", all messages");
}

std::vector<ExpectedRow> expected_rows(const std::string& path) {
    std::ifstream file(path);
    std::vector<ExpectedRow> out;
    const auto document = nlohmann::json::parse(file);
    for (const auto& entry : document.at("expected")) {
        for (const std::string rules : {"lotus", "forest"}) {
            if (!entry.contains(rules)) continue;
            const auto& sums = entry.at(rules);
            out.push_back({.head = cids_in(entry.at("head")),
                           .height = entry.at("height").get<std::int64_t>(),
                           .recent_roots = entry.at("recent_roots").get<std::int64_t>(),
                           .skip_old_messages = entry.at("skip_old_msgs").get<bool>(),
                           .forest = rules == "forest",
                           .blocks = sums.at("blocks").get<std::uint64_t>(),
                           .bytes = sums.at("bytes").get<std::uint64_t>(),
                           .car_sha256 = sums.at("car_sha256").get<std::string>(),
                           .set_sha256 = sums.at("set_sha256").get<std::string>()});
        }
    }
    return out;
}

std::vector<std::vector<chain::HeadChange>> head_changes(const std::string& path) {
    std::ifstream file(path);
    std::vector<std::vector<chain::HeadChange>> out;
    for (std::string line; std::getline(file, line);) {
        std::vector<chain::HeadChange> changes;
        const auto steps = nlohmann::json::parse(line);
        for (const auto& step : steps) {
            const auto type = step.at("Type").get<std::string>();
            using enum chain::HeadChange::Type;
            changes.push_back({type == "apply"    ? apply
                               : type == "revert" ? revert
                                                  : current,
                               cids_in(step.at("Key")), Epoch{step.at("Height").get<std::int64_t>()}});
        }
        out.push_back(std::move(changes));
    }
    return out;
}

std::vector<ipld::Cid> state_roots(const std::string& path) {
    std::ifstream file(path);
    return cids_in(nlohmann::json::parse(file).at("state_roots"));
}

}    // namespace filfil::snapshot
