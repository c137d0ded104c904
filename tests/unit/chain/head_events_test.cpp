// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "chain/head_events.hpp"

#include <gtest/gtest.h>

namespace filfil::chain {
namespace {

constexpr std::string_view cid = "bafy2bzacecnamqgqmifpluoeldx7zzglxcljo6oja4vrmtj7432rphldpdmm2";

std::string line(std::string_view type, std::string_view height) {
    return R"([{"Type":")" + std::string(type) + R"(","Key":[")" + std::string(cid) + R"("],"Height":)" +
           std::string(height) + "}]";
}

TEST(HeadEvents, ReadsTheFormOfEventFiles) {
    const auto changes = parse_head_changes(line("apply", "7"));
    ASSERT_TRUE(changes.ok()) << changes.error().text();
    ASSERT_EQ(changes->size(), 1U);
    EXPECT_EQ((*changes)[0].type, HeadChange::Type::apply);
    EXPECT_EQ((*changes)[0].epoch.value, 7);
    ASSERT_EQ((*changes)[0].key.size(), 1U);
    EXPECT_EQ((*changes)[0].key[0].text(), cid);
}

TEST(HeadEvents, ReadsTheFormOfNodes) {
    const std::string text = R"([{"Type":"revert","Val":{"Cids":[{"/":")" + std::string(cid) +
                             R"("}],"Blocks":[],"Height":9}},)" + R"({"Type":"current","Val":{"Cids":[{"/":")" +
                             std::string(cid) + R"("}],"Height":8}}])";
    const auto changes = parse_head_changes(text);
    ASSERT_TRUE(changes.ok()) << changes.error().text();
    ASSERT_EQ(changes->size(), 2U);
    EXPECT_EQ((*changes)[0].type, HeadChange::Type::revert);
    EXPECT_EQ((*changes)[0].epoch.value, 9);
    EXPECT_EQ((*changes)[1].type, HeadChange::Type::current);
}

TEST(HeadEvents, RefusesWhatIsNoChange) {
    for (const std::string& text :
         {std::string(), std::string("["), std::string("null"), line("applied", "7"), line("apply", "-1"),
          line("apply", "1.5"), line("apply", "18446744073709551615"), line("apply", "\"7\""),
          std::string(R"([{"Type":"apply","Height":7}])"), std::string(R"([{"Type":"apply","Key":"x","Height":7}])"),
          std::string(R"([{"Type":"apply","Key":[7],"Height":7}])"),
          std::string(R"([{"Type":"apply","Val":[],"Height":7}])"),
          std::string(R"([{"Type":7,"Key":["x"],"Height":7}])"),
          std::string(R"([{"Type":"apply","Key":[{"/":7}],"Height":7}])"), std::string("\xff\xfe")}) {
        const auto changes = parse_head_changes(text);
        ASSERT_FALSE(changes.ok()) << text;
        EXPECT_EQ(changes.error().code, ErrorCode::invalid_argument) << text;
        EXPECT_FALSE(changes.error().message.empty());
    }
}

TEST(HeadEvents, DepthCostsNoStack) {
    const std::string deep(1'000'000, '[');
    EXPECT_FALSE(parse_head_changes(deep).ok());
    EXPECT_FALSE(parse_head_changes(deep + std::string(1'000'000, ']')).ok());
}

TEST(HeadEvents, NamesTheChangeThatIsWrong) {
    std::string two = line("apply", "7");
    two.pop_back();
    two += ",{}]";
    const auto changes = parse_head_changes(two);
    ASSERT_FALSE(changes.ok());
    EXPECT_TRUE(changes.error().message.starts_with("change 2: ")) << changes.error().message;
}

}    // namespace
}    // namespace filfil::chain
