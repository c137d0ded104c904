// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "commp/cpu_backend.hpp"
#include "support/said.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace filfil::e2e {
namespace {

using Words = std::vector<std::string>;

TEST(DevicesCommand, ListsWhatIsThereTestedAndOneOfItChosen) {
    const Ended ended = run({"devices", "--json"});
    EXPECT_EQ(ended.code, 0) << ended.err;
    int selected = 0;
    std::vector<std::string> usable;
    for (const auto& object : objects_of(ended)) {
        EXPECT_EQ(keys_of(object),
                  (Words{"name", "description", "supported", "reason", "selected", "self_test", "gib_per_s"}));
        if (object["selected"].get<bool>()) {
            ++selected;
            EXPECT_TRUE(object["supported"].get<bool>());
            EXPECT_NE(object["reason"], "");
        }
        if (!object["supported"].get<bool>()) {
            EXPECT_NE(object["reason"], "") << object;
            EXPECT_EQ(object["gib_per_s"], 0.0) << object;
            continue;
        }
        EXPECT_TRUE(object["self_test"].get<bool>()) << object;
        EXPECT_GT(object["gib_per_s"].get<double>(), 0) << object;
        const auto name = object["name"].get<std::string>();
        if (name.starts_with("cpu:")) usable.push_back(name.substr(4));
    }
    EXPECT_EQ(selected, 1);
    auto known = commp::usable_isas();
    std::ranges::sort(known);
    std::ranges::sort(usable);
    EXPECT_EQ(usable, known);
}

TEST(DevicesCommand, TellsPeopleTheSame) {
    const Ended ended = run({"devices"});
    EXPECT_EQ(ended.code, 0);
    EXPECT_EQ(ended.err, "");
    for (const std::string& isa : commp::usable_isas())
        EXPECT_NE(ended.out.find("cpu:" + isa), std::string::npos) << ended.out;
    EXPECT_NE(ended.out.find("* cpu:"), std::string::npos) << ended.out;
}

}    // namespace
}    // namespace filfil::e2e
