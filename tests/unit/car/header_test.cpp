// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "car/header.hpp"

#include "samples.hpp"

namespace filfil::car {
namespace {

using samples::raw_block;

Bytes hex(std::string_view text) { return from_hex(text).value(); }

TEST(CarHeader, EncodesAsGoCarDoes) {
    // The header of a real Lotus export: mainnet, epochs 0 to 3.
    const Bytes real =
        hex("3ca265726f6f747381d82a5827000171a0e40220d31801ba2d8b5395cf47b984094a47d8842a441196f220152fef42626dc92"
            "aba6776657273696f6e01");
    const auto fields = decode_header(ByteView(real).subspan(1));
    ASSERT_TRUE(fields.ok()) << fields.error().text();
    EXPECT_EQ(fields->version, 1U);
    ASSERT_EQ(fields->roots.size(), 1U);
    EXPECT_EQ(to_hex(fields->roots[0].bytes()),
              "0171a0e40220d31801ba2d8b5395cf47b984094a47d8842a441196f220152fef42626dc92aba");
    EXPECT_EQ(encode_header(fields->roots), real);
}

TEST(CarHeader, RoundTripsAnyNumberOfRoots) {
    for (const std::size_t n : {0U, 1U, 2U, 5U, 23U, 24U, 300U}) {
        std::vector<ipld::Cid> roots;
        for (std::size_t i = 0; i < n; ++i) roots.push_back(raw_block(std::to_string(i)).cid);
        const Bytes bytes = encode_header(roots);
        const std::size_t prefix = bytes.size() > 129 ? 2 : 1;
        const auto fields = decode_header(ByteView(bytes).subspan(prefix));
        ASSERT_TRUE(fields.ok()) << fields.error().text();
        EXPECT_EQ(fields->version, 1U);
        EXPECT_EQ(fields->roots, roots);
    }
}

TEST(CarHeader, ReadsThePragmaAndEitherKeyOrder) {
    const auto pragma = decode_header(hex("a16776657273696f6e02"));
    ASSERT_TRUE(pragma.ok());
    EXPECT_EQ(pragma->version, 2U);
    EXPECT_TRUE(pragma->roots.empty());
    const auto swapped = decode_header(hex("a26776657273696f6e0165726f6f747380"));
    ASSERT_TRUE(swapped.ok());
    EXPECT_EQ(swapped->version, 1U);
}

TEST(CarHeader, RefusesWhatIsNone) {
    const std::vector<std::pair<std::string, ErrorCode>> cases{
        {"", ErrorCode::truncated},
        {"80", ErrorCode::corrupt},                                                      // an array
        {"a0", ErrorCode::corrupt},                                                      // no version
        {"a165726f6f747380", ErrorCode::corrupt},                                        // roots only
        {"bf6776657273696f6e01ff", ErrorCode::corrupt},                                  // indefinite length
        {"a16776657273696f6e20", ErrorCode::corrupt},                                    // version -1
        {"a16776657273696f6e0100", ErrorCode::corrupt},                                  // goes on
        {"a26776657273696f6e016776657273696f6e01", ErrorCode::corrupt},                  // version twice
        {"a26776657273696f6e0165726f6f747381d82a4101", ErrorCode::corrupt},              // no leading zero
        {"a26776657273696f6e0165726f6f747381d82b4100", ErrorCode::corrupt},              // tag 43
        {"a26776657273696f6e0165726f6f74739bffffffffffffffff", ErrorCode::truncated},    // 2^64 roots
        {"a26776657273696f6e0165726f6f747381d82a5bffffffffffffffff", ErrorCode::truncated},
        {"a1657665727300", ErrorCode::corrupt},    // another key
    };
    for (const auto& [text, code] : cases) {
        const auto fields = decode_header(hex(text));
        ASSERT_FALSE(fields.ok()) << text;
        EXPECT_EQ(fields.error().code, code) << text << ": " << fields.error().message;
    }
}

TEST(CarHeader, V2RoundTripsAndIsChecked) {
    const HeaderV2 header{51, 480'000, 480'051, true};
    const auto bytes = encode_header_v2(header);
    EXPECT_EQ(to_hex(ByteView(bytes).first(11)), "0aa16776657273696f6e02");
    const auto back = decode_header_v2(ByteView(bytes).subspan<v2_pragma_size, v2_header_size>());
    ASSERT_TRUE(back.ok());
    EXPECT_EQ(back->data_offset, 51U);
    EXPECT_EQ(back->data_size, 480'000U);
    EXPECT_EQ(back->index_offset, 480'051U);
    EXPECT_TRUE(back->fully_indexed);

    const std::uint64_t huge = ~std::uint64_t{0};
    for (const HeaderV2& bad : {HeaderV2{50, 10, 0, false}, HeaderV2{51, 0, 0, false}, HeaderV2{huge, 1, 0, false},
                                HeaderV2{51, huge, 0, false}, HeaderV2{51, 100, 150, false}}) {
        const auto wrong = encode_header_v2(bad);
        const auto result = decode_header_v2(ByteView(wrong).subspan<v2_pragma_size, v2_header_size>());
        ASSERT_FALSE(result.ok());
        EXPECT_EQ(result.error().code, ErrorCode::corrupt);
    }
}

}    // namespace
}    // namespace filfil::car
