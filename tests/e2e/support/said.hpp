// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "support/process.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace filfil::e2e {

/// The objects a run wrote on standard output, one a line; a line that is none fails the test.
inline std::vector<nlohmann::ordered_json> objects_of(const Ended& ended) {
    std::vector<nlohmann::ordered_json> objects;
    for (const std::string& line : lines_of(ended.out)) {
        auto object = nlohmann::ordered_json::parse(line, nullptr, false);
        EXPECT_TRUE(object.is_object()) << line;
        objects.push_back(std::move(object));
    }
    return objects;
}

/// The one object a run wrote.
inline nlohmann::ordered_json object_of(const Ended& ended) {
    const auto objects = objects_of(ended);
    EXPECT_EQ(objects.size(), 1U) << ended.out << ended.err;
    return objects.empty() ? nlohmann::ordered_json::object() : objects[0];
}

inline std::vector<std::string> keys_of(const nlohmann::ordered_json& object) {
    std::vector<std::string> keys;
    for (const auto& item : object.items()) keys.push_back(item.key());
    return keys;
}

/// A refusal as users are promised it: exit 2, nothing on standard output, one line that names the matter, one line
/// that says what to do.
inline void expect_refusal(const Ended& ended, std::string_view named, std::string_view remedy) {
    EXPECT_EQ(ended.code, 2) << ended.err;
    EXPECT_EQ(ended.out, "");
    const std::vector<std::string> lines = lines_of(ended.err);
    ASSERT_EQ(lines.size(), 2U) << ended.err;
    EXPECT_TRUE(lines[0].starts_with("fil-fil: ")) << lines[0];
    EXPECT_NE(lines[0].find(named), std::string::npos) << lines[0];
    EXPECT_TRUE(lines[1].starts_with("  -> ")) << lines[1];
    EXPECT_NE(lines[1].find(remedy), std::string::npos) << lines[1];
}

}    // namespace filfil::e2e
