// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "base/result.hpp"

#include <memory>
#include <string>

namespace filfil {
namespace {

Result<int> half(int n) {
    if (n % 2 != 0) return Error(ErrorCode::invalid_argument, std::to_string(n) + " is odd", "give an even number");
    return n / 2;
}

Result<void> must_be_small(int n) {
    if (n > 100) return Error(ErrorCode::too_large, std::to_string(n) + " is over 100");
    return {};
}

Result<std::string> quarter(int n) {
    FILFIL_CHECK(must_be_small(n));
    FILFIL_TRY(const int once, half(n));
    FILFIL_TRY(const int twice, half(once));
    return std::to_string(twice);
}

TEST(Result, CarriesAValueOrAnError) {
    const Result<int> good = half(8);
    ASSERT_TRUE(good.ok());
    EXPECT_TRUE(static_cast<bool>(good));
    EXPECT_EQ(good.value(), 4);
    EXPECT_EQ(*good, 4);

    const Result<int> bad = half(7);
    ASSERT_FALSE(bad.ok());
    EXPECT_FALSE(static_cast<bool>(bad));
    EXPECT_EQ(bad.error().message, "7 is odd");
    EXPECT_EQ(bad.error().remedy, "give an even number");
}

TEST(Result, TryAndCheckLeaveWithTheFirstError) {
    EXPECT_EQ(quarter(12).value(), "3");
    EXPECT_EQ(quarter(3).error().message, "3 is odd");
    EXPECT_EQ(quarter(6).error().message, "3 is odd");
    EXPECT_EQ(quarter(104).error().code, ErrorCode::too_large);
}

TEST(Result, MovesWhatCannotBeCopied) {
    Result<std::unique_ptr<int>> made(std::make_unique<int>(5));
    ASSERT_TRUE(made.ok());
    EXPECT_EQ(**made, 5);
    const std::unique_ptr<int> taken = std::move(made).value();
    EXPECT_EQ(*taken, 5);
}

TEST(Error, NamesEachCode) {
    EXPECT_EQ(name_of(ErrorCode::invalid_argument), "invalid_argument");
    EXPECT_EQ(name_of(ErrorCode::not_found), "not_found");
    EXPECT_EQ(name_of(ErrorCode::io), "io");
    EXPECT_EQ(name_of(ErrorCode::truncated), "truncated");
    EXPECT_EQ(name_of(ErrorCode::corrupt), "corrupt");
    EXPECT_EQ(name_of(ErrorCode::mismatch), "mismatch");
    EXPECT_EQ(name_of(ErrorCode::too_small), "too_small");
    EXPECT_EQ(name_of(ErrorCode::too_large), "too_large");
    EXPECT_EQ(name_of(ErrorCode::unsupported), "unsupported");
    EXPECT_EQ(name_of(ErrorCode::cancelled), "cancelled");
    EXPECT_EQ(name_of(ErrorCode::device), "device");
    EXPECT_EQ(name_of(ErrorCode::internal), "internal");
}

TEST(Error, TakesThePlaceThatALowerFloorCannotKnow) {
    const Error error(ErrorCode::corrupt, "no varint at byte 7", "fetch the file again");
    const Error placed = error.in("snapshot.car");
    EXPECT_EQ(placed.message, "snapshot.car: no varint at byte 7");
    EXPECT_EQ(placed.code, ErrorCode::corrupt);
    EXPECT_EQ(placed.remedy, "fetch the file again");
    EXPECT_EQ(error.message, "no varint at byte 7");
    EXPECT_EQ(placed.text(), "snapshot.car: no varint at byte 7; fetch the file again");
    EXPECT_EQ(Error(ErrorCode::io, "broken").text(), "broken");
    EXPECT_NE(std::string(error.where.file_name()).find("result_test"), std::string::npos);
}

}    // namespace
}    // namespace filfil
