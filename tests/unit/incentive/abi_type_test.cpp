// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "incentive/abi_type.hpp"

#include <gtest/gtest.h>

namespace filfil::incentive {
namespace {

std::string repeated(std::string_view text, int times) {
    std::string out;
    for (int i = 0; i < times; ++i) out += text;
    return out;
}

TEST(AbiType, ReadsAndWritesTheTypesOfSignatures) {
    for (const std::string text :
         {"uint8", "uint256", "int64", "bool", "address", "bytes", "bytes1", "bytes32", "string", "()", "(uint8)",
          "uint64[]", "uint64[3]", "uint64[][2][]", "(uint32,(bytes32,uint64)[2],string)[]", "((((bool))))"}) {
        const auto read = AbiType::parse(text);
        ASSERT_TRUE(read.ok()) << text << ": " << read.error().text();
        EXPECT_EQ(read->text(), text);
    }
}

TEST(AbiType, KnowsWhatStandsInTheFixedPart) {
    const auto sizes = [](const char* text) {
        const AbiType type = AbiType::parse(text).value();
        return std::tuple(type.dynamic(), type.fixed_size(), type.head_size());
    };
    EXPECT_EQ(sizes("uint8"), std::tuple(false, 32U, 32U));
    EXPECT_EQ(sizes("(uint8,bool[3])"), std::tuple(false, 128U, 128U));
    EXPECT_EQ(sizes("(uint8,string)"), std::tuple(true, 64U, 32U));
    EXPECT_EQ(sizes("string[2]"), std::tuple(true, 64U, 32U));
    EXPECT_EQ(sizes("uint8[]"), std::tuple(true, 0U, 32U));
}

TEST(AbiType, RefusesWhatIsNotInTheCanonicalForm) {
    for (const char* text : {"",
                             "uint",
                             "int",
                             "uint0",
                             "uint7",
                             "uint9",
                             "uint264",
                             "uint08",
                             "uint-8",
                             "uint99999999999999999999",
                             "bytes0",
                             "bytes33",
                             "bytes032",
                             "bool1",
                             "address payable",
                             "string ",
                             " string",
                             "Uint8",
                             "byte",
                             "function",
                             "fixed128x18",
                             "uint8[",
                             "uint8]",
                             "uint8[0]",
                             "uint8[01]",
                             "uint8[-1]",
                             "uint8[x]",
                             "uint8[1",
                             "(",
                             "(uint8",
                             "(uint8,",
                             "(uint8,)",
                             "(,)",
                             "(uint8 a)",
                             "uint8,uint8",
                             "()[]",
                             "(())",
                             "((),uint8)",
                             "() ",
                             "uint8()",
                             "tuple"}) {
        const auto read = AbiType::parse(text);
        ASSERT_FALSE(read.ok()) << text;
        EXPECT_EQ(read.error().code, ErrorCode::invalid_argument) << text;
    }
}

TEST(AbiType, HasLimits) {
    EXPECT_TRUE(AbiType::parse(repeated("(", 16) + "bool" + repeated(")", 16)).ok());
    for (const std::string& text :
         {repeated("(", 17) + "bool" + repeated(")", 17), repeated("(", 100'000), "bool" + repeated("[]", 17),
          "bool" + repeated("[]", 100'000), "(" + repeated("bool,", 255) + "bool)", std::string("bool[65537]"),
          std::string("bool[256][257]"), std::string("bool[65536][65536][65536][65536]"),
          "(" + repeated("bool[60000],", 2) + "bool)"}) {
        const auto read = AbiType::parse(text);
        ASSERT_FALSE(read.ok()) << text.substr(0, 40);
        EXPECT_EQ(read.error().code,
                  text.find("65537") == std::string::npos ? ErrorCode::too_large : read.error().code);
    }
}

}    // namespace
}    // namespace filfil::incentive
