// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/market/deal_entry.hpp"
#include "incentive/contract_types.hpp"
#include "ipld/piece_cid.hpp"
#include "service/error_json.hpp"
#include "service/incentive/staging.hpp"
#include "service/market/slot_facts.hpp"

#include <gtest/gtest.h>

namespace filfil::service {
namespace {

ipld::Digest256 root_of_byte(unsigned char value) {
    ipld::Digest256 out;
    out.fill(std::byte{value});
    out[31] = std::byte{1};
    return out;
}

DealEntry some_deal() {
    DealEntry out;
    out.key = {.miner = 1000, .slot = 3U << 16 | 2, .piece = 0x81, .attempt = 4};
    out.id = 9;
    out.stage = DealStage::sealing;
    out.market = "curio-mk20";
    out.market_id = "01ABC";
    out.target = Epoch{100};
    out.opens = Epoch{125};
    out.closes = Epoch{225};
    out.piece_cid = ipld::piece_cid_v1(root_of_byte(7));
    out.payload_size = 1000;
    out.padded_size = 1024;
    out.snapshot = 5;
    out.sector = 77;
    market::DealOrder order;
    order.deal = incentive::deal_of(out.key.slot, out.key.piece);
    order.provider = chain::Address::of_id(1000);
    order.contract = incentive::EthAddress::parse("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed").value();
    order.root = root_of_byte(7);
    order.payload_size = 1000;
    order.padded_size = 1024;
    order.payload_root = ipld::cid_of_block(ipld::Codec::dag_cbor, bytes_of("head"));
    order.duration = 600'000;
    order.attempt = 4;
    out.order = order;
    out.status = {.id = "01ABC", .state = market::DealState::sealing, .said = "sealing"};
    out.error = Error(ErrorCode::busy, "it waits", "wait too");
    out.begun_at = std::chrono::seconds(10);
    out.changed_at = std::chrono::seconds(20);
    return out;
}

TEST(DealEntry, ComesBackFromItsRecordAsItWas) {
    const DealEntry deal = some_deal();
    journal::DealRecord record = record_of(deal, "0xabc");
    record.id = 9;
    const auto again = entry_of(record, {});
    ASSERT_TRUE(again.ok()) << again.error().text();
    EXPECT_EQ(again->key, deal.key);
    EXPECT_EQ(again->id, 9);
    EXPECT_EQ(again->stage, deal.stage);
    EXPECT_EQ(again->order, deal.order);
    EXPECT_EQ(again->status, deal.status);
    ASSERT_TRUE(again->error.has_value());
    EXPECT_EQ(again->error->code, ErrorCode::busy);
    EXPECT_EQ(again->error->message, "it waits");
    EXPECT_EQ(again->error->remedy, "wait too");
    journal::DealRecord twice = record_of(*again, "0xabc");
    twice.id = 9;
    EXPECT_EQ(twice, record);
    EXPECT_TRUE(record.open);
}

TEST(DealEntry, KnowsWhichStagesAreTheEnd) {
    for (int i = 0; i < 14; ++i) {
        const auto stage = static_cast<DealStage>(i);
        EXPECT_EQ(deal_stage_of(name_of(stage)), stage);
        EXPECT_EQ(is_end(stage), stage == DealStage::paid || stage == DealStage::missed || stage == DealStage::failed ||
                                     stage == DealStage::cancelled);
    }
    EXPECT_EQ(deal_stage_of("sealed"), std::nullopt);
    EXPECT_EQ(deal_stage_of(""), std::nullopt);
}

TEST(DealEntry, RefusesRecordsOfSomebodyElse) {
    const auto refused = [](const std::function<void(journal::DealRecord&)>& change) {
        journal::DealRecord record = record_of(some_deal(), "0xabc");
        record.id = 9;
        change(record);
        const auto read = entry_of(record, {});
        return !read.ok() && read.error().code == ErrorCode::corrupt &&
               read.error().message.starts_with("deal 9 in the journal") && !read.error().remedy.empty();
    };
    EXPECT_TRUE(refused([](auto& record) { record.stage = "sold"; }));
    EXPECT_TRUE(refused([](auto& record) { record.slot = std::uint64_t{1} << 32; }));
    EXPECT_TRUE(refused([](auto& record) { record.piece = 256; }));
    for (const std::string text : {"{", "[]", "{}", "5", "\"x\"", "null"}) {
        EXPECT_TRUE(refused([&](auto& record) { record.order = text; })) << text;
        EXPECT_TRUE(refused([&](auto& record) { record.status = text; })) << text;
        EXPECT_TRUE(refused([&](auto& record) { record.error = text; })) << text;
    }
}

TEST(DealEntry, ReadsItsWayThroughTheStagesFromItsSteps) {
    const auto step = [](std::string kind, std::string name, int at, std::optional<Epoch> epoch) {
        journal::DealStepRecord out;
        out.kind = std::move(kind);
        out.name = std::move(name);
        out.at = std::chrono::seconds(at);
        out.epoch = epoch;
        return out;
    };
    const std::vector<journal::DealStepRecord> steps = {
        step("stage", "planned", 1, Epoch{5}), step("answer", "POST /deal", 2, {}),
        step("stage", "of a later version", 3, {}), step("stage", "paid", 4, {})};
    const auto times = times_of(steps);
    ASSERT_EQ(times.size(), 2U);
    EXPECT_EQ(times[0].stage, DealStage::planned);
    EXPECT_EQ(times[0].epoch, Epoch{5});
    EXPECT_EQ(times[1].stage, DealStage::paid);
}

/// A snapshot of pieces with these first bytes in their roots.
journal::SnapshotRecord snapshot_of(const std::vector<unsigned char>& pieces) {
    journal::SnapshotRecord out;
    out.roots = {ipld::cid_of_block(ipld::Codec::dag_cbor, bytes_of("head"))};
    out.head = out.roots;
    for (const unsigned char one : pieces) {
        journal::PieceRecord piece;
        piece.number = static_cast<std::uint32_t>(out.pieces.size());
        piece.piece_cid = ipld::piece_cid_v1(root_of_byte(one));
        piece.payload_size = 1000;
        piece.padded_size = 1024;
        out.pieces.push_back(std::move(piece));
    }
    return out;
}

SlotFacts facts_of(const journal::SnapshotRecord& staged) {
    SlotFacts out;
    const auto args = stage_args(0, staged, {}).value();
    out.info.staged_at = 50;
    out.info.tipset = args.tipset;
    out.first = args.pieces;
    return out;
}

TEST(SlotFacts, MatchWhatIsStagedPieceByPiece) {
    EXPECT_EQ(*match(facts_of(snapshot_of({1, 2, 3})), snapshot_of({1, 2, 3})), false);
    const auto nothing = match(SlotFacts{}, snapshot_of({1}));
    ASSERT_FALSE(nothing.ok());
    EXPECT_EQ(nothing.error().code, ErrorCode::busy);
}

TEST(SlotFacts, NameTheFirstPieceThatIsAnother) {
    const auto other = match(facts_of(snapshot_of({1, 2, 3})), snapshot_of({1, 9, 8}));
    ASSERT_FALSE(other.ok());
    EXPECT_EQ(other.error().code, ErrorCode::mismatch);
    EXPECT_NE(other.error().message.find("piece 1 of 3 is the first that differs"), std::string::npos)
        << other.error().text();
    EXPECT_NE(other.error().message.find(ipld::piece_cid_v1(root_of_byte(9)).text()), std::string::npos);
    EXPECT_NE(other.error().message.find(ipld::piece_cid_v1(root_of_byte(2)).text()), std::string::npos);
    const auto fewer = match(facts_of(snapshot_of({1, 2, 3})), snapshot_of({1, 2}));
    ASSERT_FALSE(fewer.ok());
    EXPECT_NE(fewer.error().message.find("2 pieces, staged are 3"), std::string::npos) << fewer.error().text();
    auto longer = snapshot_of({1, 2, 3});
    longer.pieces[2].payload_size = 999;
    const auto size = match(facts_of(snapshot_of({1, 2, 3})), longer);
    ASSERT_FALSE(size.ok());
    EXPECT_NE(size.error().message.find("another size"), std::string::npos) << size.error().text();
}

TEST(SlotFacts, TakeTheAlternativeWhereThatIsTheOneHere) {
    SlotFacts facts = facts_of(snapshot_of({1, 2}));
    facts.alternative = facts_of(snapshot_of({5, 6})).first;
    EXPECT_EQ(*match(facts, snapshot_of({5, 6})), true);
    EXPECT_EQ(*match(facts, snapshot_of({1, 2})), false);
    EXPECT_FALSE(match(facts, snapshot_of({1, 6})).ok());
}

TEST(SlotFacts, SayThatAnotherTipsetIsStaged) {
    SlotFacts facts = facts_of(snapshot_of({1}));
    facts.info.tipset[0] ^= std::byte{1};
    const auto other = match(facts, snapshot_of({2}));
    ASSERT_FALSE(other.ok());
    EXPECT_NE(other.error().message.find("another tipset"), std::string::npos);
    EXPECT_NE(other.error().remedy.find("fork"), std::string::npos);
}

TEST(ErrorJson, ComesBackAsItWas) {
    for (const ErrorCode code : {ErrorCode::io, ErrorCode::denied, ErrorCode::internal}) {
        const auto again = parse_error(error_json(Error(code, "a", "b")));
        ASSERT_TRUE(again.has_value());
        EXPECT_EQ(again->code, code);
        EXPECT_EQ(again->text(), "a; b");
    }
    EXPECT_EQ(parse_error({{"code", "of tomorrow"}, {"message", "a"}, {"remedy", ""}})->code, ErrorCode::internal);
    EXPECT_FALSE(parse_error({{"code", "io"}}).has_value());
    EXPECT_FALSE(parse_error(nullptr).has_value());
}

}    // namespace
}    // namespace filfil::service
