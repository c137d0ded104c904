// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "incentive/u256.hpp"

#include "chain/amount.hpp"
#include "incentive/fil_text.hpp"

#include <gtest/gtest.h>

#include <random>

namespace filfil::incentive {
namespace {

const std::string max_text = "115792089237316195423570985008687907853269984665640564039457584007913129639935";

U256 of(std::string_view text) { return U256::parse(text).value(); }

U256 random_number(std::mt19937_64& random) {
    U256 out;
    for (int i = 0; i < 4; ++i) {
        out = wrapping_add(*multiply(divide(out, U256::power_of_two(64))->remainder, U256::power_of_two(64)), random());
        if (random() % 3 == 0) break;
    }
    Bytes bytes = out.short_bytes();
    bytes.resize(bytes.size() + random() % (33 - bytes.size()));
    return U256::from_bytes(bytes).value();
}

TEST(U256, ReadsAndWritesDecimals) {
    for (const std::string text : {"0", "1", "9", "10", "999999999", "1000000000", "1000000001", "18446744073709551616",
                                   "340282366920938463463374607431768211455", max_text.c_str()}) {
        const auto read = U256::parse(text);
        ASSERT_TRUE(read.ok()) << text;
        EXPECT_EQ(read->text(), text);
    }
    EXPECT_EQ(of(max_text), U256::max());
}

TEST(U256, RefusesTextThatIsNoNumberOrTooLarge) {
    for (const char* text : {"", "00", "01", "-1", "+1", " 1", "1 ", "0x1", "1e3", "1.0", "١"}) {
        const auto read = U256::parse(text);
        ASSERT_FALSE(read.ok()) << text;
        EXPECT_EQ(read.error().code, ErrorCode::invalid_argument) << text;
    }
    EXPECT_EQ(
        U256::parse("115792089237316195423570985008687907853269984665640564039457584007913129639936").error().code,
        ErrorCode::too_large);
    EXPECT_EQ(U256::parse(std::string(79, '1')).error().code, ErrorCode::too_large);
    EXPECT_EQ(U256::parse(std::string(100'000, '9')).error().code, ErrorCode::too_large);
    EXPECT_EQ(U256::parse("abc\n" + std::string(100, 'x')).error().message,
              "\"abc?xxxxxxxxxxxxxxxxxxxx…\" is no number: decimal digits are expected");
}

TEST(U256, ReadsAndWritesQuantitiesInHexadecimal) {
    for (const char* text : {"0x0", "0x1", "0xff", "0x10000000000000000",
                             "0xffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"})
        EXPECT_EQ(U256::parse_hex(text)->hex(), text);
    EXPECT_EQ(U256::parse_hex("0xFf")->text(), "255");
    for (const char* text : {"", "0", "0x", "0x00", "0x01", "0X1", "0xg", "0x-1", "ff"})
        EXPECT_EQ(U256::parse_hex(text).error().code, ErrorCode::invalid_argument) << text;
    EXPECT_EQ(U256::parse_hex("0x1" + std::string(64, '0')).error().code, ErrorCode::too_large);
    EXPECT_EQ(U256::parse_hex("0x", true)->text(), "0");
    EXPECT_EQ(U256::parse_hex("0x000" + std::string(64, 'f'), true).value(), U256::max());
}

TEST(U256, HasBytesOfEveryLength) {
    EXPECT_TRUE(U256().short_bytes().empty());
    EXPECT_EQ(to_hex(U256(256).short_bytes()), "0100");
    EXPECT_EQ(to_hex(U256(1).bytes()), std::string(63, '0') + "1");
    EXPECT_EQ(U256::from_bytes(Bytes(33)).error().code, ErrorCode::too_large);
    EXPECT_TRUE(U256::from_bytes({})->zero());
}

TEST(U256, IsAnAmountOfFilecoinsAsTheChainWritesThem) {
    for (const std::string text : {"0", "1", "255", "256", "5200000000000000", max_text.c_str()}) {
        const Bytes amount = of(text).amount();
        EXPECT_EQ(amount, chain::parse_amount(text).value());
        EXPECT_EQ(chain::amount_text(amount).value(), text);
    }
}

TEST(U256, SaysWhereAResultDoesNotFit) {
    EXPECT_FALSE(add(U256::max(), 1).has_value());
    EXPECT_EQ(add(U256::max(), 0), U256::max());
    EXPECT_FALSE(subtract(U256(), 1).has_value());
    EXPECT_EQ(subtract(5, 5), U256());
    EXPECT_FALSE(multiply(U256::power_of_two(128), U256::power_of_two(128)).has_value());
    EXPECT_EQ(multiply(U256::power_of_two(128), U256::power_of_two(127)), U256::power_of_two(255));
    EXPECT_FALSE(divide(1, U256()).has_value());
    EXPECT_EQ(wrapping_add(U256::max(), 1), U256());
    EXPECT_EQ(wrapping_subtract(0, 1), U256::max());
}

TEST(U256, ComputesAsTheCompilersOwnWideNumbers) {
    std::mt19937_64 random(7);
    const auto wide = [](unsigned __int128 value) {
        return wrapping_add(*multiply(static_cast<std::uint64_t>(value >> 64), U256::power_of_two(64)),
                            static_cast<std::uint64_t>(value));
    };
    for (int i = 0; i < 2000; ++i) {
        const std::uint64_t a = random() >> random() % 64;
        const std::uint64_t b = random() >> random() % 64;
        const unsigned __int128 c = static_cast<unsigned __int128>(random()) << 64 | random();
        EXPECT_EQ(add(a, b), wide(static_cast<unsigned __int128>(a) + b));
        EXPECT_EQ(multiply(a, b), wide(static_cast<unsigned __int128>(a) * b));
        if (b != 0) {
            EXPECT_EQ(divide(wide(c), b)->quotient, wide(c / b));
            EXPECT_EQ(divide(wide(c), b)->remainder, wide(c % b));
        }
    }
}

TEST(U256, ArithmeticAgreesWithItself) {
    std::mt19937_64 random(11);
    for (int i = 0; i < 1000; ++i) {
        const U256 a = random_number(random);
        const U256 b = random_number(random);
        EXPECT_EQ(U256::parse(a.text()).value(), a);
        EXPECT_EQ(U256::parse_hex(a.hex()).value(), a);
        EXPECT_EQ(U256::from_bytes(a.short_bytes()).value(), a);
        EXPECT_EQ(wrapping_subtract(wrapping_add(a, b), b), a);
        EXPECT_EQ(add(a, b).has_value(), wrapping_add(a, b) >= a);
        if (b.zero()) continue;
        const auto parts = divide(a, b).value();
        EXPECT_LT(parts.remainder, b);
        EXPECT_EQ(add(*multiply(parts.quotient, b), parts.remainder), a);
    }
}

TEST(I256, IsReadAsTwosComplement) {
    EXPECT_EQ(I256{U256(5)}.text(), "5");
    EXPECT_EQ(I256{U256::max()}.text(), "-1");
    EXPECT_EQ(I256{U256::power_of_two(255)}.text(),
              "-57896044618658097711785492504343953926634992332820282019728792003956564819968");
}

TEST(FilText, WritesAmountsExactly) {
    EXPECT_EQ(format_fil(0), "0 FIL");
    EXPECT_EQ(format_fil(1), "0.000000000000000001 FIL");
    EXPECT_EQ(format_fil(of("12500000000000000000")), "12.5 FIL");
    EXPECT_EQ(format_fil(of("1000000000000000000000")), "1000 FIL");
}

TEST(FilText, ReadsWhatPeopleWrite) {
    for (const char* text : {"12.5 FIL", "12.5FIL", "12.5 fil", "12.5", "12.50", "0012.5",
                             "12500000000000000000 attoFIL", "12500000000000000000attofil"}) {
        const auto read = parse_fil(text);
        ASSERT_TRUE(read.ok()) << text << ": " << read.error().text();
        EXPECT_EQ(read->text(), "12500000000000000000") << text;
    }
    EXPECT_EQ(parse_fil("0.000000000000000001 FIL")->text(), "1");
    EXPECT_EQ(parse_fil("0")->text(), "0");
    std::mt19937_64 random(3);
    for (int i = 0; i < 200; ++i) {
        const U256 atto(random() >> random() % 64);
        EXPECT_EQ(parse_fil(format_fil(atto)).value(), atto);
    }
}

TEST(FilText, RefusesWhatIsNoAmount) {
    for (const char* text : {"", "FIL", " FIL", "-1 FIL", "1,5 FIL", "1.", ".5", "1..5", "1.5.2", "1e3", "1.5 attoFIL",
                             "1.0000000000000000001", "1 FIL FIL", "1  FIL", "0x10", "1 nanoFIL"}) {
        const auto read = parse_fil(text);
        ASSERT_FALSE(read.ok()) << text;
        EXPECT_EQ(read.error().code, ErrorCode::invalid_argument) << text;
        EXPECT_NE(read.error().remedy, "");
    }
    EXPECT_EQ(parse_fil("340282366920938463464 FIL").error().code, ErrorCode::too_large);
    EXPECT_EQ(parse_fil(std::string(1000, '9')).error().code, ErrorCode::too_large);
}

}    // namespace
}    // namespace filfil::incentive
