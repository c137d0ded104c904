// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "snapshot/recipe.hpp"

#include "ipld/dag_cbor.hpp"

#include <gtest/gtest.h>

#include <set>

namespace filfil::snapshot {
namespace {

const std::vector<Recipe> recipes{{},
                                  {.format = Format::v2},
                                  {.recent_stateroots = 900},
                                  {.recent_stateroots = 0},
                                  {.recent_stateroots = (std::uint64_t{1} << 63) - 1},
                                  {.skip_old_msgs = false},
                                  {.piece_size = 64 * GiB},
                                  {.piece_size = 128}};

TEST(Recipe, TheDefaultIsWhatEverybodyTakes) {
    const Recipe recipe;
    EXPECT_EQ(text_of(recipe), "v1,2000,skip,32GiB");
    // What was staged on chain must never change: by hand, a map of 5 with keys by length.
    EXPECT_EQ(to_hex(encode(recipe)),
              "a5"
              "66666f726d617401"
              "6672656369706501"
              "6a70696563655f73697a651b0000000800000000"
              "6d736b69705f6f6c645f6d736773f5"
              "71726563656e745f7374617465726f6f74731907d0");
    EXPECT_EQ(hash_of(recipe), ipld::blake2b_256(encode(recipe)));
}

TEST(Recipe, EncodingAndTextReadBack) {
    std::set<std::string> hashes;
    for (const Recipe& recipe : recipes) {
        const auto decoded = decode_recipe(encode(recipe));
        ASSERT_TRUE(decoded.ok()) << decoded.error().text();
        EXPECT_EQ(*decoded, recipe);
        const auto parsed = parse_recipe(text_of(recipe));
        ASSERT_TRUE(parsed.ok()) << parsed.error().text();
        EXPECT_EQ(*parsed, recipe);
        hashes.insert(to_hex(hash_of(recipe)));
    }
    EXPECT_EQ(hashes.size(), recipes.size());
}

TEST(Recipe, WhatIsNoneIsRefused) {
    for (const std::string_view text :
         {"", "v1", "v3,2000,skip,32GiB", "v1,-1,skip,32GiB", "v1,2000x,skip,32GiB", "v1,2000,maybe,32GiB",
          "v1,2000,skip,33GiB", "v1,2000,skip,64B", "v1,2000,skip", "v1,2000,skip,32GiB,", "v1,,skip,32GiB",
          "v1,9223372036854775808,skip,32GiB", "v1,2000,skip,lots"}) {
        const auto recipe = parse_recipe(text);
        ASSERT_FALSE(recipe.ok()) << text;
        EXPECT_EQ(recipe.error().code, ErrorCode::invalid_argument);
        EXPECT_FALSE(recipe.error().remedy.empty());
    }
    const Bytes good = encode({});
    for (std::size_t i = 0; i < good.size(); ++i) {
        EXPECT_FALSE(decode_recipe(ByteView(good).first(i)).ok()) << i;
        for (const unsigned bit : {1U, 32U, 128U}) {
            Bytes changed = good;
            changed[i] ^= static_cast<std::byte>(bit);
            const auto recipe = decode_recipe(changed);
            if (recipe.ok()) EXPECT_EQ(encode(*recipe), changed);
        }
    }
    const auto newer = ipld::encode_dag_cbor(ipld::Value::Map{{"recipe", 2}}).value();
    EXPECT_EQ(decode_recipe(newer).error().code, ErrorCode::unsupported);
    const auto more = ipld::encode_dag_cbor(ipld::Value::Map{{"format", 1},
                                                             {"recipe", 1},
                                                             {"piece_size", 1024},
                                                             {"skip_old_msgs", true},
                                                             {"recent_stateroots", 1},
                                                             {"x", 1}});
    EXPECT_EQ(decode_recipe(more.value()).error().code, ErrorCode::corrupt);
}

}    // namespace
}    // namespace filfil::snapshot
