// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "report/sass_counts.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

namespace filfil::report {
namespace {

/// Written by hand in the form that cuobjdump prints.
std::vector<KernelCode> sample() {
    std::ifstream file(FILFIL_SOURCE_DIR "/tests/unit/gpu_reports/sample.sass");
    auto kernels = parse_sass(std::string(std::istreambuf_iterator<char>(file), {}));
    EXPECT_TRUE(kernels.ok()) << kernels.error().text();
    return kernels.ok() ? *kernels : std::vector<KernelCode>{};
}

TEST(Sass, HasOurKernelsOfEachArchitecture) {
    const auto kernels = sample();
    ASSERT_EQ(kernels.size(), 3U);
    EXPECT_EQ(kernels[0].kernel, "tile/plain");
    EXPECT_EQ(kernels[0].architecture, 90U);
    EXPECT_EQ(kernels[1].kernel, "tile/fma-rolled");
    EXPECT_EQ(kernels[1].architecture, 90U);
    EXPECT_EQ(kernels[2].kernel, "parents");
    EXPECT_EQ(kernels[2].architecture, 120U);
}

TEST(Sass, HasInstructionsAndWhereBranchesGo) {
    const auto kernels = sample();
    ASSERT_EQ(kernels.size(), 3U);
    const std::vector<Instruction>& code = kernels[0].code;
    ASSERT_GE(code.size(), 8U);
    EXPECT_EQ(code[0].opcode, "LDC");
    EXPECT_EQ(code[1].address, 0x10U);
    EXPECT_EQ(code[1].opcode, "IMAD.MOV.U32");
    EXPECT_FALSE(code[1].conditional);
    EXPECT_FALSE(code[1].target.has_value());
    EXPECT_EQ(code[3].opcode, "BRA");
    EXPECT_TRUE(code[3].conditional);
    EXPECT_EQ(code[3].target, 0x50U);
    EXPECT_EQ(kernels[0].bytes(), 0xc0U);
}

TEST(Sass, CountsOpcodesWithoutTheFilling) {
    const auto kernels = sample();
    ASSERT_EQ(kernels.size(), 3U);
    const auto opcodes = count_opcodes(kernels[0]);
    EXPECT_EQ(opcodes.at("SHF"), 2U);
    EXPECT_EQ(opcodes.at("IMAD"), 2U);
    EXPECT_EQ(opcodes.at("BRA"), 2U);
    EXPECT_EQ(opcodes.at("EXIT"), 1U);
    EXPECT_FALSE(opcodes.contains("NOP"));
    const PipeCounts code = count_pipes(kernels[0]);
    EXPECT_EQ(code.alu, 4);
    EXPECT_EQ(code.fma, 2);
    EXPECT_EQ(code.load_store, 2);
    EXPECT_EQ(code.uniform, 0);
    EXPECT_EQ(code.control, 3);
    EXPECT_EQ(code.all(), 11);
}

TEST(Sass, TellsWhatANodeTakesInItsLoop) {
    const auto kernels = sample();
    ASSERT_EQ(kernels.size(), 3U);
    // Instructions 2 to 9, without the load that the branch at 3 goes round.
    const auto node = count_node(kernels[0]);
    ASSERT_TRUE(node.has_value());
    EXPECT_EQ(node->alu, 4);
    EXPECT_EQ(node->fma, 1);
    EXPECT_EQ(node->load_store, 0);
    EXPECT_EQ(node->control, 2);
    EXPECT_EQ(node->all(), 7);
}

TEST(Sass, CountsTurnsOfLoopsThatAreRolledUp) {
    const auto kernels = sample();
    ASSERT_EQ(kernels.size(), 3U);
    // One instruction before, a loop that is left in its middle (2 four times, 2 thrice), one between, one of two (four
    // times), a branch back.
    const auto node = count_node(kernels[1]);
    ASSERT_TRUE(node.has_value());
    EXPECT_EQ(node->alu, 1 + 4 + 3 + 1 + 4);
    EXPECT_EQ(node->fma, 0);
    EXPECT_EQ(node->control, 4 + 3 + 4 + 1);
}

TEST(Sass, TellsNothingOfANodeWhereThereIsNoLoop) {
    const auto kernels = sample();
    ASSERT_EQ(kernels.size(), 3U);
    EXPECT_FALSE(count_node(kernels[2]).has_value());
    EXPECT_EQ(count_pipes(kernels[2]).alu, 1);
}

TEST(Sass, BoundsANodeByTheSlowestUnit) {
    EXPECT_DOUBLE_EQ(*node_cycles({.alu = 640, .fma = 64}, 90), 10);
    EXPECT_DOUBLE_EQ(*node_cycles({.alu = 64, .fma = 640}, 80), 10);
    EXPECT_DOUBLE_EQ(*node_cycles({.alu = 640, .fma = 640, .load_store = 640}, 90), 15);
    EXPECT_FALSE(node_cycles({.alu = 640}, 120).has_value());
}

TEST(Sass, KnowsTheUnits) {
    EXPECT_EQ(pipe_of("SHF.L.W.U32.HI"), Pipe::alu);
    EXPECT_EQ(pipe_of("LOP3.LUT"), Pipe::alu);
    EXPECT_EQ(pipe_of("IADD3"), Pipe::alu);
    EXPECT_EQ(pipe_of("IMAD.IADD"), Pipe::fma);
    EXPECT_EQ(pipe_of("IMAD.HI.U32"), Pipe::fma);
    EXPECT_EQ(pipe_of("LDL.LU"), Pipe::load_store);
    EXPECT_EQ(pipe_of("UISETP.NE.AND"), Pipe::uniform);
    EXPECT_EQ(pipe_of("R2UR"), Pipe::uniform);
    EXPECT_EQ(pipe_of("BAR.SYNC.DEFER_BLOCKING"), Pipe::control);
    EXPECT_EQ(pipe_of("MUFU.RCP"), Pipe::other);
}

TEST(Sass, IsRefusedWhereThereIsNone) {
    for (const char* const text : {"", "nothing\n", "code for sm_90\n\t\tFunction : f\n", "/*00a0*/\n"}) {
        const auto kernels = parse_sass(text);
        ASSERT_FALSE(kernels.ok()) << text;
        EXPECT_EQ(kernels.error().code, ErrorCode::corrupt);
    }
    // Kernels of others alone are no error.
    EXPECT_TRUE(parse_sass("\tcode for sm_90\n\t\tFunction : f\n        /*0000*/   EXIT ;   /* 0x0 */\n")->empty());
}

TEST(Sass, ReadsBranchesWithTheirPredicateInside) {
    const auto kernels = parse_sass(
        "\tcode for sm_90\n\t\tFunction : _ZN6filfil3gpu11tile_kernelINS0_11NodeVariantINS0_7AluPipeELb0EE\n"
        "        /*0000*/                   SHF.R.W.U32 R5, R5, 0x7, R5 ;    /* 0x0000000705057819 */\n"
        "        /*0010*/                   BRA.U !UP0, 0x0 ;                /* 0x0000000000341947 */\n"
        "        /*0020*/                   BRA 0x20;                        /* 0xfffffffc00fc7947 */\n");
    ASSERT_TRUE(kernels.ok());
    ASSERT_EQ((*kernels)[0].code.size(), 3U);
    EXPECT_TRUE((*kernels)[0].code[1].conditional);
    EXPECT_EQ((*kernels)[0].code[1].target, 0U);
    EXPECT_FALSE((*kernels)[0].code[2].conditional);
    EXPECT_EQ((*kernels)[0].code[2].target, 0x20U);
    const auto node = count_node((*kernels)[0]);
    ASSERT_TRUE(node.has_value());
    EXPECT_EQ(node->all(), 2);
}

}    // namespace
}    // namespace filfil::report
