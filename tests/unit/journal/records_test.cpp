// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "../base/scratch_folder.hpp"
#include "samples.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace filfil::journal {
namespace {

class JournalRecords : public testing::Test {
protected:
    void SetUp() override {
        m_journal = must_open(m_path, m_clock);
        ASSERT_NE(m_journal, nullptr);
    }

    void reopen() {
        m_journal.reset();
        SetUp();
    }

    std::int64_t put(const SnapshotRecord& snapshot) {
        const auto id = m_journal->put_snapshot(snapshot);
        EXPECT_TRUE(id.ok()) << id.error().text();
        return id.ok() ? *id : -1;
    }

    std::string get(std::int64_t id) {
        const auto found = m_journal->snapshot(id);
        EXPECT_TRUE(found.ok()) << found.error().text();
        return found.ok() && *found ? text_of(**found) : "";
    }

    std::vector<std::int64_t> ids(const SnapshotFilter& filter) {
        const auto found = m_journal->snapshots(filter);
        EXPECT_TRUE(found.ok()) << found.error().text();
        std::vector<std::int64_t> out;
        if (found.ok())
            for (const SnapshotRecord& snapshot : *found) out.push_back(snapshot.id);
        return out;
    }

    /// What a snapshot that cannot be put is refused with; nothing of it may be there.
    void expect_refused(const SnapshotRecord& snapshot, ErrorCode code, const std::string& word) {
        const std::string before = look_of(*m_journal);
        const auto id = m_journal->put_snapshot(snapshot);
        ASSERT_FALSE(id.ok()) << word;
        EXPECT_EQ(id.error().code, code) << id.error().text();
        EXPECT_NE(id.error().message.find(word), std::string::npos) << id.error().text();
        EXPECT_EQ(look_of(*m_journal), before);
    }

    ScratchFolder m_folder;
    std::string m_path = m_folder / "journal.db";
    SetClock m_clock;
    std::unique_ptr<Journal> m_journal;
};

TEST_F(JournalRecords, ReadBackAsTheyWerePutAlsoAfterReopening) {
    SnapshotRecord full = make_snapshot(1);
    SnapshotRecord bare = without_optionals(make_snapshot(2, 3));
    SnapshotRecord empty = without_optionals(make_snapshot(3, 0));
    empty.roots.clear();
    empty.network.clear();
    full.id = put(full);
    bare.id = put(bare);
    empty.id = put(empty);
    const ReceiptRecord receipt = make_receipt(1);
    ReceiptRecord bare_receipt = make_receipt(2);
    bare_receipt.description.clear();
    bare_receipt.result.clear();
    ASSERT_TRUE(m_journal->put_receipt(receipt).ok());
    ASSERT_TRUE(m_journal->put_receipt(bare_receipt).ok());
    ASSERT_TRUE(m_journal->set_setting("name", std::string("a\0b", 3)).ok());
    ASSERT_TRUE(m_journal->set_setting("", "").ok());

    for (int round = 0; round < 2; ++round) {
        EXPECT_EQ(get(full.id), text_of(full));
        EXPECT_EQ(get(bare.id), text_of(bare));
        EXPECT_EQ(get(empty.id), text_of(empty));
        const auto found = m_journal->find_snapshot(full.head, full.recipe_hash);
        ASSERT_TRUE(found.ok() && *found);
        EXPECT_EQ(text_of(**found), text_of(full));
        for (const ReceiptRecord& wanted : {receipt, bare_receipt}) {
            const auto got = m_journal->receipt(wanted.key);
            ASSERT_TRUE(got.ok() && *got);
            EXPECT_EQ(text_of(**got), text_of(wanted));
        }
        const auto setting = m_journal->setting("name");
        ASSERT_TRUE(setting.ok() && *setting);
        EXPECT_EQ(**setting, std::string("a\0b", 3));
        EXPECT_EQ(m_journal->setting("").value(), std::optional<std::string>(""));
        reopen();
    }
}

TEST_F(JournalRecords, WhatIsNotThereIsNothing) {
    EXPECT_FALSE(m_journal->snapshot(1).value());
    EXPECT_FALSE(m_journal->find_snapshot({make_block_cid(1)}, make_digest(1)).value());
    EXPECT_TRUE(m_journal->snapshots({}).value().empty());
    EXPECT_TRUE(m_journal->snapshots_with_piece(make_piece_cid(1)).value().empty());
    EXPECT_FALSE(m_journal->receipt(make_digest(1)).value());
    EXPECT_FALSE(m_journal->setting("name").value());
    EXPECT_FALSE(m_journal->effect("key").value());
    EXPECT_TRUE(m_journal->open_effects().value().empty());
    const auto hold = m_journal->set_snapshot_hold(1, 2);
    ASSERT_FALSE(hold.ok());
    EXPECT_EQ(hold.error().code, ErrorCode::not_found);
    const auto forgot = m_journal->forget_snapshot_files(1);
    ASSERT_FALSE(forgot.ok());
    EXPECT_EQ(forgot.error().code, ErrorCode::not_found);
}

TEST_F(JournalRecords, PagesGoFromTheNewestToTheOldest) {
    for (unsigned i = 0; i < 7; ++i) {
        SnapshotRecord snapshot = make_snapshot(i, 1);
        if (i % 2 == 0) snapshot.epoch = Epoch{5};
        EXPECT_EQ(put(snapshot), i + 1);
    }
    using Ids = std::vector<std::int64_t>;
    EXPECT_EQ(ids({}), (Ids{7, 6, 5, 4, 3, 2, 1}));
    EXPECT_EQ(ids({.limit = 3}), (Ids{7, 6, 5}));
    EXPECT_EQ(ids({.before_id = 5, .limit = 3}), (Ids{4, 3, 2}));
    EXPECT_EQ(ids({.before_id = 2, .limit = 3}), (Ids{1}));
    EXPECT_EQ(ids({.before_id = 1, .limit = 3}), (Ids{}));
    EXPECT_EQ(ids({.epoch = Epoch{5}}), (Ids{7, 5, 3, 1}));
    EXPECT_EQ(ids({.epoch = Epoch{5}, .before_id = 7, .limit = 2}), (Ids{5, 3}));
    EXPECT_EQ(ids({.epoch = Epoch{6}}), (Ids{}));
    EXPECT_EQ(ids({.limit = 0}), (Ids{}));
    EXPECT_EQ(ids({.limit = std::numeric_limits<std::size_t>::max()}).size(), 7U);
}

TEST_F(JournalRecords, ListedSnapshotsHaveTheirPieces) {
    SnapshotRecord first = make_snapshot(1, 3);
    SnapshotRecord second = make_snapshot(2, 1);
    second.pieces[0].piece_cid = first.pieces[1].piece_cid;
    first.id = put(first);
    second.id = put(second);
    const auto both = m_journal->snapshots({});
    ASSERT_TRUE(both.ok());
    EXPECT_EQ(text_of((*both)[0]) + text_of((*both)[1]), text_of(second) + text_of(first));
    const auto shared = m_journal->snapshots_with_piece(first.pieces[1].piece_cid);
    ASSERT_TRUE(shared.ok());
    ASSERT_EQ(shared->size(), 2U);
    EXPECT_EQ((*shared)[0].id, second.id);
    const auto one = m_journal->snapshots_with_piece(first.pieces[2].piece_cid);
    ASSERT_TRUE(one.ok());
    ASSERT_EQ(one->size(), 1U);
    EXPECT_EQ(text_of((*one)[0]), text_of(first));
}

TEST_F(JournalRecords, SameHeadAndRecipeIsTheSameSnapshot) {
    SnapshotRecord snapshot = make_snapshot(1);
    const std::int64_t id = put(snapshot);
    put(make_snapshot(2));
    snapshot.path = "/elsewhere.car";
    snapshot.compression = "none";
    snapshot.hold = 3;
    snapshot.device = "cpu:avx2";
    snapshot.layout_seconds = 9;
    snapshot.emit_seconds = 8;
    snapshot.taken_at = std::chrono::nanoseconds(1);
    snapshot.pieces[1].path = "/elsewhere/p1.car";
    EXPECT_EQ(put(snapshot), id);
    snapshot.id = id;
    EXPECT_EQ(get(id), text_of(snapshot));

    // What is not known this time does not make what was known untrue, but files and holds are as they are now.
    SnapshotRecord bare = without_optionals(snapshot);
    bare.pieces.clear();
    EXPECT_EQ(put(bare), id);
    bare.car_sha256 = snapshot.car_sha256;
    bare.pieces = snapshot.pieces;
    EXPECT_EQ(get(id), text_of(bare));

    SnapshotRecord other = make_snapshot(1);
    other.recipe_hash = make_digest(2);
    EXPECT_NE(put(other), id);
    EXPECT_EQ(ids({}).size(), 3U);
}

TEST_F(JournalRecords, PiecesThatAreKnownLaterAreAdded) {
    SnapshotRecord snapshot = make_snapshot(1, 2);
    const auto pieces = std::exchange(snapshot.pieces, {});
    const auto sha256 = std::exchange(snapshot.car_sha256, std::nullopt);
    snapshot.id = put(snapshot);
    EXPECT_EQ(get(snapshot.id), text_of(snapshot));
    snapshot.pieces = pieces;
    snapshot.car_sha256 = sha256;
    EXPECT_EQ(put(snapshot), snapshot.id);
    EXPECT_EQ(get(snapshot.id), text_of(snapshot));
}

TEST_F(JournalRecords, WhatHeadAndRecipeDecideCannotChange) {
    put(make_snapshot(1));
    const auto expect_other = [&](const std::string& word, const auto& change) {
        SnapshotRecord snapshot = make_snapshot(1);
        change(snapshot);
        expect_refused(snapshot, ErrorCode::mismatch, word);
    };
    expect_other("network", [](SnapshotRecord& snapshot) { snapshot.network = "mainnet"; });
    expect_other("epoch", [](SnapshotRecord& snapshot) { ++snapshot.epoch.value; });
    expect_other("recipe", [](SnapshotRecord& snapshot) { snapshot.recipe = "v2"; });
    expect_other("roots", [](SnapshotRecord& snapshot) { snapshot.roots.pop_back(); });
    expect_other("blocks", [](SnapshotRecord& snapshot) { ++snapshot.blocks; });
    expect_other("size", [](SnapshotRecord& snapshot) { ++snapshot.car_bytes; });
    expect_other("SHA-256", [](SnapshotRecord& snapshot) { snapshot.car_sha256 = make_digest(9); });
    expect_other("pieces", [](SnapshotRecord& snapshot) { snapshot.pieces.pop_back(); });
    expect_other("pieces", [](SnapshotRecord& snapshot) { snapshot.pieces[1].number = 5; });
    expect_other("pieces", [](SnapshotRecord& snapshot) { snapshot.pieces[1].piece_cid = make_piece_cid(1); });
    expect_other("pieces", [](SnapshotRecord& snapshot) { snapshot.pieces[1].piece_cid_v2 = "x"; });
    expect_other("pieces", [](SnapshotRecord& snapshot) { ++snapshot.pieces[1].payload_size; });
    expect_other("pieces", [](SnapshotRecord& snapshot) { snapshot.pieces[1].padded_size *= 2; });
    expect_other("pieces", [](SnapshotRecord& snapshot) { ++snapshot.pieces[1].body_begin; });
    expect_other("pieces", [](SnapshotRecord& snapshot) { ++snapshot.pieces[1].body_end; });
}

TEST_F(JournalRecords, WhatCannotBeReadBackIsNotWritten) {
    const std::string bad = "caf\xe9";
    const auto expect_bad = [&](ErrorCode code, const std::string& word, const auto& change) {
        SnapshotRecord snapshot = make_snapshot(1);
        change(snapshot);
        expect_refused(snapshot, code, word);
    };
    constexpr auto invalid = ErrorCode::invalid_argument;
    constexpr std::uint64_t large = 1ULL << 63;
    expect_bad(invalid, "head", [](SnapshotRecord& snapshot) { snapshot.head.clear(); });
    expect_bad(invalid, "CID", [](SnapshotRecord& snapshot) { snapshot.head.emplace_back(); });
    expect_bad(invalid, "CID", [](SnapshotRecord& snapshot) { snapshot.roots.emplace_back(); });
    expect_bad(invalid, "CID", [](SnapshotRecord& snapshot) { snapshot.pieces[1].piece_cid = {}; });
    expect_bad(invalid, "order", [](SnapshotRecord& snapshot) { snapshot.pieces[1].number = 0; });
    expect_bad(invalid, "'network'", [&](SnapshotRecord& snapshot) { snapshot.network = bad; });
    expect_bad(invalid, "'path'", [&](SnapshotRecord& snapshot) { snapshot.path = bad; });
    expect_bad(invalid, "'device'", [&](SnapshotRecord& snapshot) { snapshot.device = bad; });
    expect_bad(invalid, "'path'", [&](SnapshotRecord& snapshot) { snapshot.pieces[1].path = bad; });
    expect_bad(invalid, "'layout_seconds'",
               [](SnapshotRecord& snapshot) { snapshot.layout_seconds = std::numeric_limits<double>::quiet_NaN(); });
    expect_bad(invalid, "'emit_seconds'",
               [](SnapshotRecord& snapshot) { snapshot.emit_seconds = std::numeric_limits<double>::infinity(); });
    expect_bad(ErrorCode::too_large, "'car_bytes'", [&](SnapshotRecord& snapshot) { snapshot.car_bytes = large; });
    expect_bad(ErrorCode::too_large, "'hold'", [&](SnapshotRecord& snapshot) { snapshot.hold = large; });
    expect_bad(ErrorCode::too_large, "'body_end'",
               [&](SnapshotRecord& snapshot) { snapshot.pieces[1].body_end = large; });
    expect_bad(ErrorCode::too_large, "too big",
               [](SnapshotRecord& snapshot) { snapshot.pieces[1].piece_cid_v2.assign(17 << 20, 'x'); });

    SnapshotRecord largest = make_snapshot(2);
    largest.car_bytes = large - 1;
    largest.id = put(largest);
    EXPECT_EQ(get(largest.id), text_of(largest));

    ReceiptRecord receipt = make_receipt(1);
    receipt.task = bad;
    EXPECT_EQ(m_journal->put_receipt(receipt).error().code, invalid);
    EXPECT_EQ(m_journal->set_setting("a", bad).error().code, invalid);
    EXPECT_EQ(m_journal->setting(bad).error().code, invalid);
    EXPECT_EQ(m_journal->intend("a", "b", bad).error().code, invalid);
}

TEST_F(JournalRecords, HoldsAndFilesAreForgottenAlone) {
    SnapshotRecord snapshot = make_snapshot(1);
    SnapshotRecord other = make_snapshot(2);
    snapshot.id = put(snapshot);
    other.id = put(other);
    ASSERT_TRUE(m_journal->set_snapshot_hold(snapshot.id, std::nullopt).ok());
    snapshot.hold.reset();
    EXPECT_EQ(get(snapshot.id), text_of(snapshot));
    ASSERT_TRUE(m_journal->set_snapshot_hold(snapshot.id, 77).ok());
    snapshot.hold = 77;
    EXPECT_EQ(get(snapshot.id), text_of(snapshot));
    ASSERT_TRUE(m_journal->forget_snapshot_files(snapshot.id).ok());
    snapshot.path.reset();
    snapshot.compression = "none";
    for (PieceRecord& piece : snapshot.pieces) piece.path.reset();
    EXPECT_EQ(get(snapshot.id), text_of(snapshot));
    EXPECT_EQ(get(other.id), text_of(other));
}

TEST_F(JournalRecords, ReceiptThatIsThereStays) {
    const ReceiptRecord first = make_receipt(1);
    ASSERT_TRUE(m_journal->put_receipt(first).ok());
    ReceiptRecord second = make_receipt(2);
    second.key = first.key;
    ASSERT_TRUE(m_journal->put_receipt(second).ok());
    EXPECT_EQ(text_of(*m_journal->receipt(first.key).value()), text_of(first));
}

TEST_F(JournalRecords, SettingIsReplaced) {
    ASSERT_TRUE(m_journal->set_setting("a", "1").ok());
    ASSERT_TRUE(m_journal->set_setting("b", "2").ok());
    ASSERT_TRUE(m_journal->set_setting("a", "3").ok());
    EXPECT_EQ(m_journal->setting("a").value(), "3");
    EXPECT_EQ(m_journal->setting("b").value(), "2");
}

}    // namespace
}    // namespace filfil::journal
