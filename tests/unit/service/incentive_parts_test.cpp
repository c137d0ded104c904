// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "memory_journal.hpp"
#include "outside.hpp"
#include "service/config_values.hpp"
#include "service/incentive/gather.hpp"
#include "service/incentive/slot_json.hpp"
#include "service/incentive/slot_policies.hpp"
#include "service/incentive/staging.hpp"

#include "ipld/blake2b.hpp"
#include "ipld/piece_cid.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace filfil::service {
namespace {

contract::Round a_round() {
    contract::Round out;
    out.number = 3;
    out.start = 1000;
    out.positions = 5;
    out.slot_length = 100;
    out.window_length = 60;
    out.lead = 40;
    out.replicas = 2;
    return out;
}

TEST(SlotWithTarget, IsFoundInThisRoundAndTheNext) {
    // Three slots of two positions: they open at 1000, 1100 and 1200, the next round's at 1300 and so on.
    EXPECT_EQ(slot_with_target(a_round(), Epoch{960}).value(), 3U << 16);
    EXPECT_EQ(slot_with_target(a_round(), Epoch{1160}).value(), (3U << 16) + 2);
    EXPECT_EQ(slot_with_target(a_round(), Epoch{1260}).value(), 4U << 16);
    EXPECT_EQ(slot_with_target(a_round(), Epoch{1460}).value(), (4U << 16) + 2);
}

TEST(SlotWithTarget, NamesTheNearestTargetsOfAnEpochThatNoSlotWants) {
    for (const std::int64_t epoch : {0, 959, 961, 1059, 1161, 1560, 1'000'000'000}) {
        const auto slot = slot_with_target(a_round(), Epoch{epoch});
        ASSERT_FALSE(slot.ok()) << epoch;
        EXPECT_EQ(slot.error().code, ErrorCode::not_found) << epoch;
    }
    EXPECT_EQ(slot_with_target(a_round(), Epoch{1100}).error().remedy, "the nearest targets are 1060 and 1160");
    EXPECT_EQ(slot_with_target(a_round(), Epoch{-1}).error().code, ErrorCode::invalid_argument);
}

TEST(SlotWithTarget, NeedsARound) {
    contract::Round none;
    EXPECT_EQ(slot_with_target(none, Epoch{960}).error().code, ErrorCode::not_found);
    contract::Round empty = a_round();
    empty.positions = 0;
    EXPECT_EQ(slot_with_target(empty, Epoch{960}).error().code, ErrorCode::not_found);
}

journal::SnapshotRecord a_snapshot() {
    journal::SnapshotRecord out;
    out.epoch = Epoch{960};
    const auto cid_of = [](std::uint8_t byte) {
        return ipld::Cid(ipld::Codec::dag_cbor, {ipld::HashCode::blake2b_256, Bytes(32, static_cast<std::byte>(byte))});
    };
    out.head = {cid_of(1), cid_of(2)};
    out.roots = out.head;
    out.recipe_hash.fill(std::byte{7});
    ipld::Digest256 root{};
    root.fill(std::byte{9});
    out.pieces = {{.number = 0,
                   .piece_cid = ipld::piece_cid_v1(root),
                   .piece_cid_v2 = {},
                   .payload_size = 1'000'000,
                   .padded_size = 1'048'576}};
    return out;
}

TEST(StageArgs, SayWhatWasTaken) {
    const auto snapshot = a_snapshot();
    const auto args = stage_args(77, snapshot, incentive::U256(5));
    ASSERT_TRUE(args.ok()) << args.error().text();
    EXPECT_EQ(args->slot, 77U);
    EXPECT_EQ(args->epoch, 960U);
    EXPECT_EQ(args->reward, incentive::U256(5));
    EXPECT_TRUE(std::ranges::all_of(args->recipe, [](std::byte byte) { return byte == std::byte{7}; }));
    EXPECT_TRUE(std::ranges::equal(args->payload, snapshot.roots.front().bytes()));
    ASSERT_EQ(args->pieces.size(), 1U);
    EXPECT_EQ(args->pieces[0].raw_size, 1'000'000U);
    EXPECT_EQ(args->pieces[0].log2_padded, 20);
    EXPECT_TRUE(std::ranges::all_of(args->pieces[0].root, [](std::byte byte) { return byte == std::byte{9}; }));
}

/// File names and the chain speak of the same tipset.
TEST(StageArgs, NameTheTipsetAsFileNamesDo) {
    const auto snapshot = a_snapshot();
    const auto hash = tipset_hash(snapshot.head);
    EXPECT_EQ(to_hex(ByteView(hash).first(4)), chain::short_name(snapshot.head));
}

TEST(StageArgs, AreNoneOfASnapshotThatIsNotWhole) {
    auto snapshot = a_snapshot();
    snapshot.roots.clear();
    EXPECT_FALSE(stage_args(1, snapshot, {}).ok());
    snapshot = a_snapshot();
    snapshot.pieces[0].padded_size = 1'000'000;
    EXPECT_FALSE(stage_args(1, snapshot, {}).ok());
    snapshot = a_snapshot();
    snapshot.pieces[0].piece_cid = snapshot.head.front();
    EXPECT_FALSE(stage_args(1, snapshot, {}).ok());
}

TEST(SlotJson, HasItsTimesAndItsState) {
    auto network = node::find_profile("mainnet").value();
    const SlotTimes slot{.slot = (3U << 16) + 7, .target = 960, .open = 1000, .close = 1060};
    const auto at = [&](std::int64_t head) { return json_of(slot, network, Epoch{head}); };
    EXPECT_EQ(at(999)["state"], "ahead");
    EXPECT_EQ(at(1000)["state"], "open");
    EXPECT_EQ(at(1059)["state"], "open");
    EXPECT_EQ(at(1060)["state"], "closed");
    EXPECT_EQ(json_of(slot, network, std::nullopt)["state"], "unknown");
    EXPECT_EQ(at(0)["round"], 3);
    EXPECT_EQ(at(0)["index"], 7);
    EXPECT_EQ(at(0)["open_time"].get<std::uint64_t>() - at(0)["target_time"].get<std::uint64_t>(), 40U * 30);
    network.genesis_time = 0;
    EXPECT_TRUE(at(0)["open_time"].is_null());
}

TEST(SlotJson, NamesWhatTheContractNumbers) {
    EXPECT_EQ(standing_name(0), "none");
    EXPECT_EQ(standing_name(4), "removed");
    EXPECT_EQ(standing_name(5), "unknown");
    EXPECT_EQ(held_name(1), "published");
    EXPECT_EQ(held_name(255), "unknown");
    EXPECT_EQ(miner_text(1000, 't'), "t01000");
}

TEST(Gather, TellsAllResultsInOrderOrTheFirstError) {
    std::vector<std::function<void(Result<int>)>> waiting(3);
    std::optional<Result<std::vector<int>>> told;
    const auto begin = [&] {
        told.reset();
        gather<int>(
            3, [&](std::size_t i, const std::function<void(Result<int>)>& one) { waiting[i] = one; },
            [&](Result<std::vector<int>> all) { told = std::move(all); });
    };
    begin();
    waiting[2](30);
    waiting[0](10);
    EXPECT_FALSE(told);
    waiting[1](20);
    ASSERT_TRUE(told);
    EXPECT_EQ(told->value(), (std::vector<int>{10, 20, 30}));

    begin();
    waiting[1](Error(ErrorCode::io, "first"));
    waiting[0](Error(ErrorCode::io, "second"));
    EXPECT_FALSE(told);
    waiting[2](30);
    ASSERT_TRUE(told);
    EXPECT_EQ(told->error().message, "first");
}

TEST(Gather, OfNothingEndsAtOnce) {
    std::optional<Result<std::vector<int>>> told;
    gather<int>(
        0, [](std::size_t, const auto&) { FAIL(); }, [&](Result<std::vector<int>> all) { told = std::move(all); });
    ASSERT_TRUE(told);
    EXPECT_TRUE(told->value().empty());
}

TEST(GatherBy, DoesSoManyAtOnceAndNoMore) {
    std::vector<std::function<void(Result<int>)>> waiting;
    std::optional<Result<std::vector<int>>> told;
    gather_by<int>(
        2, 5, [&](std::size_t, const std::function<void(Result<int>)>& one) { waiting.push_back(one); },
        [&](Result<std::vector<int>> all) { told = std::move(all); });
    EXPECT_EQ(waiting.size(), 2U);
    waiting[1](20);
    EXPECT_EQ(waiting.size(), 3U);
    waiting[0](10);
    waiting[2](30);
    EXPECT_EQ(waiting.size(), 5U);
    waiting[4](50);
    EXPECT_FALSE(told);
    waiting[3](40);
    ASSERT_TRUE(told);
    EXPECT_EQ(told->value(), (std::vector<int>{10, 20, 30, 40, 50}));
}

TEST(GatherBy, StartsNoMoreAfterAnErrorAndEndsWithWhatRuns) {
    std::vector<std::function<void(Result<int>)>> waiting;
    std::optional<Result<std::vector<int>>> told;
    gather_by<int>(
        2, 5, [&](std::size_t, const std::function<void(Result<int>)>& one) { waiting.push_back(one); },
        [&](Result<std::vector<int>> all) { told = std::move(all); });
    waiting[0](Error(ErrorCode::io, "first"));
    EXPECT_EQ(waiting.size(), 2U);
    EXPECT_FALSE(told);
    waiting[1](2);
    ASSERT_TRUE(told);
    EXPECT_EQ(told->error().message, "first");
}

TEST(GatherBy, ManyThatEndAtOnceNeedNoStack) {
    std::optional<Result<std::vector<int>>> told;
    gather_by<int>(
        3, 100'000, [](std::size_t i, const std::function<void(Result<int>)>& one) { one(static_cast<int>(i)); },
        [&](Result<std::vector<int>> all) { told = std::move(all); });
    ASSERT_TRUE(told);
    EXPECT_EQ(told->value().size(), 100'000U);
}

TEST(SlotPolicy, IsReadAndWrittenAsText) {
    for (const SlotPolicy policy : {SlotPolicy::ask, SlotPolicy::automatic, SlotPolicy::skip})
        EXPECT_EQ(parse_slot_policy(name_of(policy)).value(), policy);
    EXPECT_FALSE(parse_slot_policy("auto").ok());
    EXPECT_EQ(miner_number("f01000").value(), 1000U);
    EXPECT_EQ(miner_number("t01000").value(), 1000U);
    EXPECT_EQ(miner_number("7").value(), 7U);
    for (const char* wrong : {"", "f0", "f1abc", "-1", "0", "f01x", "18446744073709551616", "9223372036854775808"})
        EXPECT_FALSE(miner_number(wrong).ok()) << wrong;
}

}    // namespace
}    // namespace filfil::service
