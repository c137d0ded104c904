// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "base/units.hpp"

#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace filfil {
namespace {

constexpr std::uint64_t largest = std::numeric_limits<std::uint64_t>::max();

TEST(ParseSize, ReadsEveryUnit) {
    const std::vector<std::pair<std::string, std::uint64_t>> cases{
        {"0", 0},
        {"127", 127},
        {"127B", 127},
        {"2KiB", 2048},
        {"2K", 2048},
        {"2kB", 2000},
        {"32GiB", 32 * GiB},
        {"32 GiB", 32 * GiB},
        {"512MiB", 512 * MiB},
        {"3M", 3 * MiB},
        {"3MB", 3'000'000},
        {"1G", GiB},
        {"1GB", 1'000'000'000},
        {"1TiB", 1024 * GiB},
        {"1T", 1024 * GiB},
        {"1TB", 1'000'000'000'000},
        {"1.5GiB", GiB + GiB / 2},
        {"0.5 kB", 500},
        {".5KiB", 512},
        {"18446744073709551615", largest},
        {"16777215TiB", 16777215ULL * 1024 * GiB},
    };
    for (const auto& [text, bytes] : cases) {
        const Result<std::uint64_t> size = parse_size(text);
        ASSERT_TRUE(size.ok()) << size.error().text();
        EXPECT_EQ(*size, bytes) << text;
    }
}

TEST(ParseSize, RefusesWhatIsNoSize) {
    const std::vector<std::pair<std::string, std::string>> cases{
        {"", "number"},
        {"GiB", "number"},
        {"-1", "number"},
        {" 1", "number"},
        {"1gib", "unit"},
        {"1 GiB ", "unit"},
        {"1  GiB", "unit"},
        {"1e3", "unit"},
        {"0x10", "unit"},
        {"1.2.3", "not a number"},
        {".", "not a number"},
        {"1.5", "whole number of bytes"},
        {"0.1KiB", "whole number of bytes"},
        {"18446744073709551616", "2^64"},
        {"16777216TiB", "2^64"},
        {"16777216.0TiB", "2^64"},
        {std::string(400, '9'), "2^64"},
    };
    for (const auto& [text, why] : cases) {
        const Result<std::uint64_t> size = parse_size(text);
        ASSERT_FALSE(size.ok()) << text;
        EXPECT_EQ(size.error().code, ErrorCode::invalid_argument);
        EXPECT_NE(size.error().message.find("'" + text + "'"), std::string::npos) << size.error().message;
        EXPECT_NE(size.error().message.find(why), std::string::npos) << size.error().message;
        EXPECT_FALSE(size.error().remedy.empty());
    }
}

TEST(FormatSize, IsExactWhereAUnitDivides) {
    for (const auto& [bytes, text] : std::vector<std::pair<std::uint64_t, std::string>>{{0, "0B"},
                                                                                        {127, "127B"},
                                                                                        {1023, "1023B"},
                                                                                        {1024, "1KiB"},
                                                                                        {32 * GiB, "32GiB"},
                                                                                        {1024 * GiB, "1TiB"},
                                                                                        {1536 * MiB, "1536MiB"},
                                                                                        {1025 * KiB, "1025KiB"}}) {
        EXPECT_EQ(format_size(bytes), text);
        EXPECT_EQ(parse_size(text).value(), bytes);
    }
}

TEST(FormatSize, IsRoundedToThreeDigitsWhereNoUnitDivides) {
    EXPECT_EQ(format_size(1025), "1.00 KiB");
    EXPECT_EQ(format_size(1107835), "1.06 MiB");
    EXPECT_EQ(format_size(34'091'302'911), "31.7 GiB");
    EXPECT_EQ(format_size(600 * MiB + 1), "600 MiB");
    EXPECT_EQ(format_size(largest), "16777216 TiB");
}

TEST(FormatDuration, ReadsAsPeopleSayIt) {
    EXPECT_EQ(format_duration(0), "0.00 s");
    EXPECT_EQ(format_duration(0.523), "0.52 s");
    EXPECT_EQ(format_duration(12.34), "12.3 s");
    EXPECT_EQ(format_duration(60), "1 min 00 s");
    EXPECT_EQ(format_duration(247.9), "4 min 07 s");
    EXPECT_EQ(format_duration(3600), "1 h 00 min");
    EXPECT_EQ(format_duration(7505), "2 h 05 min");
}

TEST(Epoch, Orders) {
    EXPECT_LT(Epoch{1}, Epoch{2});
    EXPECT_EQ(Epoch{7}, Epoch{7});
}

}    // namespace
}    // namespace filfil
