// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "fetch_expect.hpp"

namespace filfil::retrieval::samples {
namespace {

TEST(FetchResume, AStopLeavesWhatCameAndTheNextRunGoesOnFromThere) {
    FetchScene scene(cut_car(30, 2, 400, 100, 600));
    scene.begin();
    ASSERT_TRUE(scene.outside.run_until([&] { return scene.outside.files.changes() > 120; }));
    scene.fetcher->stop();
    ASSERT_TRUE(scene.outside.run_until([&] { return scene.result.has_value(); }));
    ASSERT_FALSE(scene.result->ok());
    EXPECT_EQ(scene.result->error().code, ErrorCode::cancelled);
    EXPECT_FALSE(scene.outside.files.has(scene.path));
    std::uint64_t asked = 0;
    for (const auto& provider : scene.providers) asked += provider->asked.exchange(0);
    EXPECT_GT(asked, 30U);
    expect_right(scene);
    const FetchReport report = **scene.result;
    EXPECT_GT(report.pieces[0].resumed + report.pieces[1].resumed, 20'000U);
    std::uint64_t again = 0;
    for (const auto& provider : scene.providers) again += provider->asked;
    const std::uint64_t chunks = (scene.car.pieces[0].size() + scene.car.pieces[1].size()) / 1016 + 2;
    EXPECT_LE(again + report.pieces[0].resumed / 1016 + report.pieces[1].resumed / 1016, chunks + 2);
}

TEST(FetchResume, WhatIsInTheFileIsNotBelieved) {
    FetchScene scene(cut_car(31, 2, 400, 100, 600));
    scene.begin();
    ASSERT_TRUE(scene.outside.run_until([&] { return scene.outside.files.changes() > 120; }));
    scene.fetcher->stop();
    ASSERT_TRUE(scene.outside.run_until([&] { return scene.result.has_value(); }));
    const std::string part = scene.path + ".part";
    Bytes bytes = scene.outside.files.contents(part);
    ASSERT_GT(bytes.size(), 20'000U);
    for (std::size_t i = 3000; i < bytes.size(); i += 5000) bytes[i] ^= std::byte{0x10};
    scene.outside.files.put(part, bytes);
    expect_right(scene);
    EXPECT_TRUE((*scene.result)->bad_sources.empty());
}

TEST(FetchResume, ACrashAtAnyWriteLosesNoMoreThanItsWork) {
    const CutCar car = cut_car(32, 2, 40, 100, 600);
    std::uint64_t changes = 0;
    {
        FetchScene scene(car);
        expect_right(scene);
        changes = scene.outside.files.changes();
    }
    ASSERT_GT(changes, 20U);
    for (std::uint64_t at = 1; at <= changes; ++at) {
        SCOPED_TRACE(at);
        FetchScene scene(car);
        scene.outside.files.crash_at(at);
        const auto ended = scene.fetch();
        ASSERT_TRUE(ended.has_value());
        scene.fetcher.reset();
        scene.target.reset();
        SeededRandom random(at);
        scene.outside.files.restart(random);
        if (scene.outside.files.has(scene.path)) {
            EXPECT_EQ(scene.file(), car.whole);
            continue;
        }
        const auto again = scene.fetch();
        ASSERT_TRUE(again.has_value());
        ASSERT_TRUE(again->ok()) << again->error().text();
        EXPECT_EQ(scene.file(), car.whole);
    }
}

TEST(FetchResume, AFullDiskIsSaidAndNothingStandsUnderTheFinalName) {
    FetchScene scene(cut_car(33, 2, 200, 100, 600));
    scene.outside.files.fill_up_after(20'000);
    const Error error = expect_refused(scene);
    EXPECT_EQ(error.code, ErrorCode::io) << error.text();
    scene.outside.files.make_room();
    expect_right(scene);
}

TEST(FetchResume, WhatComesTooEarlyDoesNotFillTheMemory) {
    FetchScene scene(cut_car(34, 1, 600, 100, 600));
    scene.options.memory = 8 * 1016;
    // The chunk that all wait for comes last.
    std::size_t most = 0;
    std::size_t here = 0;
    scene.outside.network.set_hook([&](Delivery& delivery) {
        if (delivery.kind == Delivery::Kind::request) most = std::max(most, ++here);
        if (delivery.kind == Delivery::Kind::answer) --here;
        return Fate{.delay =
                        delivery.at.host == "10.0.0.1" ? std::chrono::milliseconds(900) : std::chrono::milliseconds(1)};
    });
    expect_right(scene);
    EXPECT_LE(most, 9U);
}

}    // namespace
}    // namespace filfil::retrieval::samples
