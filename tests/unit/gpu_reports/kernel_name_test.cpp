// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "report/kernel_name.hpp"

#include <gtest/gtest.h>

namespace filfil::report {
namespace {

TEST(KernelName, IsWhatThePeopleCallIt) {
    EXPECT_EQ(
        kernel_name("_ZN6filfil3gpu11tile_kernelINS0_11NodeVariantINS0_7AluPipeELb0EEEEEvNS0_8TileStepENS0_7FactorsE"),
        "tile/plain");
    EXPECT_EQ(
        kernel_name("_ZN6filfil3gpu11tile_kernelINS0_11NodeVariantINS0_7FmaAddsELb1EEEEEvNS0_8TileStepENS0_7FactorsE"),
        "tile/fma-rolled");
    EXPECT_EQ(kernel_name(
                  "_ZN6filfil3gpu11tile_kernelINS0_11NodeVariantINS0_9FmaShiftsELb0EEEEEvNS0_8TileStepENS0_7FactorsE"),
              "tile/fma-shifts");
    EXPECT_EQ(
        kernel_name(
            "_ZN6filfil3gpu11tile_kernelINS0_11NodeVariantINS0_10FmaRotatesELb0EEEEEvNS0_8TileStepENS0_7FactorsE"),
        "tile/fma-rotates");
    EXPECT_EQ(
        kernel_name("_ZN3cub43CUB_300001_SM_9006detail8for_each13static_kernelINS2_12policy_hub_t12policy_500_tEjNS2_"
                    "12op_wrapper_tIjN6filfil3gpu8QuadNodeEN6thrust6THRUST17counting_iteratorIjEEEEEEvT0_T1_"),
        "quads");
    EXPECT_EQ(kernel_name("_ZN3cub6detail8for_each13static_kernelIN6filfil3gpu10ParentNodeEEEvT0_"), "parents");
    EXPECT_EQ(kernel_name("_ZN6filfil3gpu10top_kernelENS0_8TopStepsE"), "tops");
}

TEST(KernelName, NamesAVariantThatIsNewByItsType) {
    EXPECT_EQ(kernel_name("_ZN6filfil3gpu11tile_kernelINS0_11NodeVariantINS0_6NewOneELb1EEEEEv"), "tile/NewOne-rolled");
}

TEST(KernelName, IsEmptyForWhatIsNotOurs) {
    EXPECT_EQ(kernel_name("_ZN3cub43CUB_300001_SM_9006detail11EmptyKernelIvEEvv"), "");
    EXPECT_EQ(kernel_name("11tile_kernel"), "");
    EXPECT_EQ(kernel_name("_ZN6filfil3gpu11tile_kernelINS0_11NodeVariantINS0_99Short"), "tile/");
    EXPECT_EQ(kernel_name(""), "");
}

}    // namespace
}    // namespace filfil::report
