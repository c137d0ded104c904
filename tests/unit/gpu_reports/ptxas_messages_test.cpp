// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "report/ptxas_messages.hpp"

#include <gtest/gtest.h>

#include <string>

namespace filfil::report {
namespace {

const std::string tile =
    "_ZN6filfil3gpu11tile_kernelINS0_11NodeVariantINS0_7AluPipeELb0EEEEEvNS0_8TileStepENS0_7FactorsE";
const std::string parent = "_ZN3cub6detail8for_each13static_kernelIN6filfil3gpu10ParentNodeEEEvT0_";

std::string entry(const std::string& symbol, const std::string& architecture, const std::string& frame,
                  const std::string& used) {
    return "ptxas info    : Compiling entry function '" + symbol + "' for '" + architecture +
           "'\nptxas info    : Function properties for " + symbol + "\n    " + frame + "\nptxas info    : " + used +
           "\nptxas info    : Compile time = 147.578 ms\n";
}

const std::string none = "0 bytes stack frame, 0 bytes spill stores, 0 bytes spill loads";

TEST(PtxasMessages, HaveTheResourcesOfEachKernel) {
    const std::string text =
        "ptxas info    : 0 bytes gmem, 512 bytes cmem[3]\n" +
        entry(tile, "sm_75", none,
              "Used 62 registers, used 1 barriers, 12288 bytes smem, 388 bytes cmem[0], 8 bytes cmem[2]") +
        "ptxas info    : 41 bytes gmem\n" + entry(parent, "sm_120a", none, "Used 46 registers, used 0 barriers");
    const auto kernels = parse_ptxas(text);
    ASSERT_TRUE(kernels.ok()) << kernels.error().text();
    ASSERT_EQ(kernels->size(), 2U);
    EXPECT_EQ((*kernels)[0].kernel, "tile/plain");
    EXPECT_EQ((*kernels)[0].architecture, 75U);
    EXPECT_EQ((*kernels)[0].registers, 62U);
    EXPECT_EQ((*kernels)[0].shared, 12288U);
    EXPECT_EQ((*kernels)[0].stack, 0U);
    EXPECT_EQ((*kernels)[0].spills, 0U);
    EXPECT_EQ((*kernels)[1].kernel, "parents");
    EXPECT_EQ((*kernels)[1].architecture, 120U);
    EXPECT_EQ((*kernels)[1].registers, 46U);
    EXPECT_EQ((*kernels)[1].shared, 0U);
}

TEST(PtxasMessages, CountSpillsAndStack) {
    const auto kernels =
        parse_ptxas(entry(tile, "sm_90", "40 bytes stack frame, 36 bytes spill stores, 28 bytes spill loads",
                          "Used 32 registers, used 1 barriers, 40 bytes cumulative stack size, 12288 bytes smem"));
    ASSERT_TRUE(kernels.ok()) << kernels.error().text();
    ASSERT_EQ(kernels->size(), 1U);
    EXPECT_EQ((*kernels)[0].stack, 40U);
    EXPECT_EQ((*kernels)[0].spills, 64U);
    EXPECT_EQ((*kernels)[0].shared, 12288U);
}

TEST(PtxasMessages, CountTheFrameOfAFunctionThatIsNotInlined) {
    const std::string text = "ptxas info    : Compiling entry function '" + tile + "' for 'sm_90'\n" +
                             "ptxas info    : Function properties for " + tile + "\n    " + none + "\n" +
                             "ptxas info    : Used 40 registers\n" +
                             "ptxas info    : Function properties for _Z6helperv\n" +
                             "    16 bytes stack frame, 4 bytes spill stores, 4 bytes spill loads\n";
    const auto kernels = parse_ptxas(text);
    ASSERT_TRUE(kernels.ok()) << kernels.error().text();
    ASSERT_EQ(kernels->size(), 1U);
    EXPECT_EQ((*kernels)[0].stack, 16U);
    EXPECT_EQ((*kernels)[0].spills, 8U);
}

TEST(PtxasMessages, LeaveOutKernelsThatAreNotOurs) {
    const auto kernels = parse_ptxas(entry("_ZN3cub11EmptyKernelIvEEvv", "sm_90", none, "Used 4 registers"));
    ASSERT_TRUE(kernels.ok());
    EXPECT_TRUE(kernels->empty());
    EXPECT_TRUE(parse_ptxas("")->empty());
}

TEST(PtxasMessages, AreRefusedWhenSomethingIsMissing) {
    const std::string whole = entry(tile, "sm_90", none, "Used 62 registers, 12288 bytes smem");
    // Cut off behind any line but the last, they do not say everything.
    const std::size_t used = whole.find("ptxas info    : Used");
    const std::size_t frame = whole.find("    0 bytes");
    for (const std::size_t at : {frame, used}) {
        const auto kernels = parse_ptxas(whole.substr(0, at));
        ASSERT_FALSE(kernels.ok());
        EXPECT_EQ(kernels.error().code, ErrorCode::truncated);
        EXPECT_NE(kernels.error().message.find("tile/plain"), std::string::npos);
        EXPECT_FALSE(parse_ptxas(whole.substr(0, at) + whole).ok());
    }
}

TEST(PtxasMessages, AreRefusedInAnotherForm) {
    const auto strange =
        parse_ptxas(entry(tile, "sm_90", "some bytes stack frame, 0 bytes spill stores", "Used 62 registers"));
    ASSERT_FALSE(strange.ok());
    EXPECT_EQ(strange.error().code, ErrorCode::corrupt);
    EXPECT_FALSE(parse_ptxas("ptxas info    : Compiling entry function of something\n").ok());
    EXPECT_FALSE(parse_ptxas(entry(tile, "ninety", none, "Used 62 registers")).ok());
}

}    // namespace
}    // namespace filfil::report
