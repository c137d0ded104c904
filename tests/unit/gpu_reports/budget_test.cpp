// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "report/budget.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <set>

namespace filfil::report {
namespace {

const std::vector<Budget> budgets{{"tile/plain", 80, 56, 12288, 0, 0}, {"tile/plain", 90, 56, 12288, 0, 0}};
const KernelResources good_80{"tile/plain", 80, 47, 12288, 0, 0};
const KernelResources good_90{"tile/plain", 90, 56, 12288, 0, 0};

TEST(Budget, IsReadForEachArchitecture) {
    const auto read = parse_budgets("# of kernels\n\ntile/plain  80,90  56 12288 0 0  # why\nquads 75 64 0 8 16\n");
    ASSERT_TRUE(read.ok()) << read.error().text();
    ASSERT_EQ(read->size(), 3U);
    EXPECT_EQ((*read)[1].kernel, "tile/plain");
    EXPECT_EQ((*read)[1].architecture, 90U);
    EXPECT_EQ((*read)[1].registers, 56U);
    EXPECT_EQ((*read)[1].shared, 12288U);
    EXPECT_EQ((*read)[2].stack, 8U);
    EXPECT_EQ((*read)[2].spills, 16U);
}

TEST(Budget, IsRefusedInAnotherForm) {
    for (const char* const text :
         {"tile/plain\n", "tile/plain 80 56 12288 0\n", "tile/plain 80, 56 12288 0 0\n",
          "tile/plain sm_80 56 12288 0 0\n", "tile/plain 80 56 12288 0 0 0\n", "\nquads 75 a 0 0 0\n"}) {
        const auto read = parse_budgets(text);
        ASSERT_FALSE(read.ok()) << text;
        EXPECT_NE(read.error().message.find(text[0] == '\n' ? "line 2" : "line 1"), std::string::npos);
    }
}

TEST(Budget, IsKept) { EXPECT_TRUE(over_budget(std::vector{good_80, good_90}, budgets, 0).empty()); }

TEST(Budget, IsOverWithOneTooMany) {
    const auto faults_of = [](KernelResources kernel) { return over_budget(std::vector{kernel, good_90}, budgets, 0); };
    KernelResources kernel = good_80;
    kernel.registers = 57;
    ASSERT_EQ(faults_of(kernel).size(), 1U);
    EXPECT_EQ(faults_of(kernel)[0], "kernel 'tile/plain' for sm_80 takes 57 registers, its budget is 56");
    kernel = good_80;
    kernel.spills = 4;
    EXPECT_EQ(faults_of(kernel).size(), 1U);
    kernel.stack = 8;
    EXPECT_EQ(faults_of(kernel).size(), 2U);
    kernel.shared = 12292;
    EXPECT_EQ(faults_of(kernel).size(), 3U);
}

TEST(Budget, MissesAKernelThatWasNotCompiled) {
    const auto faults = over_budget(std::vector{good_90}, budgets, 0);
    ASSERT_EQ(faults.size(), 1U);
    EXPECT_NE(faults[0].find("sm_80 was not compiled"), std::string::npos);
    EXPECT_TRUE(over_budget(std::vector{good_90}, budgets, 90).empty());
    EXPECT_EQ(over_budget({}, budgets, 90).size(), 1U);
}

TEST(Budget, IsNeededByEachKernel) {
    const auto faults = over_budget(std::vector{good_80, good_90, {"quads", 80, 1, 0, 0, 0}}, budgets, 0);
    ASSERT_EQ(faults.size(), 1U);
    EXPECT_EQ(faults[0], "kernel 'quads' for sm_80 has no budget");
}

TEST(Budget, OfThisProjectNamesEveryArchitectureForEachKernelOnce) {
    std::ifstream file(FILFIL_SOURCE_DIR "/tests/gpu/budgets.txt");
    const auto read = parse_budgets(std::string(std::istreambuf_iterator<char>(file), {}));
    ASSERT_TRUE(read.ok()) << read.error().text();
    std::set<std::string> kernels;
    for (const Budget& budget : *read) kernels.insert(budget.kernel);
    EXPECT_EQ(kernels.size(), 9U);
    std::multiset<std::pair<std::string, unsigned>> all;
    for (const Budget& budget : *read) all.emplace(budget.kernel, budget.architecture);
    EXPECT_EQ(all.size(), kernels.size() * 7);
    for (const std::string& kernel : kernels)
        for (const unsigned architecture : {75U, 80U, 86U, 89U, 90U, 100U, 120U})
            EXPECT_EQ(all.count({kernel, architecture}), 1U) << kernel << " " << architecture;
}

}    // namespace
}    // namespace filfil::report
