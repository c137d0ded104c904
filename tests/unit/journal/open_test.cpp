// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "../base/scratch_folder.hpp"
#include "journal/schema.hpp"
#include "journal/sqlite_database.hpp"
#include "samples.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sstream>

namespace filfil::journal {
namespace {

/// The lines of a look that no record has.
std::string errors_of(const std::string& look) {
    std::istringstream lines(look);
    std::string out;
    for (std::string line; std::getline(lines, line);)
        if (line.find("is no journal, or is damaged") != std::string::npos) out += line + "\n";
    return out;
}

class JournalOpen : public testing::Test {
protected:
    /// A journal with something in it, closed.
    void make() {
        const auto journal = must_open(m_path, m_clock);
        ASSERT_NE(journal, nullptr);
        for (unsigned i = 0; i < 5; ++i) {
            ASSERT_TRUE(journal->put_snapshot(make_snapshot(i, 10)).ok());
            ASSERT_TRUE(journal->put_receipt(make_receipt(i)).ok());
            ASSERT_TRUE(journal->intend("effect-" + std::to_string(i), "stage", "{}").ok());
            ASSERT_TRUE(journal->put_deal(make_deal(i), {make_step(1), make_step(2)}).ok());
        }
        ASSERT_TRUE(journal->set_setting("setting-1", "value").ok());
        m_look = look_of(*journal);
    }

    void sql(const std::string& text) {
        auto database = Database::open(m_path, {});
        ASSERT_TRUE(database.ok());
        const auto done = (*database)->run(text);
        ASSERT_TRUE(done.ok()) << done.error().text();
    }

    void expect_refused(ErrorCode code, const std::string& word) {
        const Error error = must_not_open(m_path);
        EXPECT_EQ(error.code, code) << error.text();
        EXPECT_NE(error.message.find(m_path), std::string::npos) << error.text();
        EXPECT_NE(error.message.find(word), std::string::npos) << error.text();
        EXPECT_FALSE(error.remedy.empty()) << error.text();
    }

    ScratchFolder m_folder;
    std::string m_path = m_folder / "journal.db";
    SetClock m_clock;
    std::string m_look;
};

TEST_F(JournalOpen, IsOneFileWhenClosedAndNeedsNoSharedMemory) {
    {
        const auto journal = must_open(m_path, m_clock);
        ASSERT_TRUE(journal->set_setting("a", "b").ok());
        EXPECT_TRUE(m_folder.has("journal.db-wal"));
        EXPECT_FALSE(m_folder.has("journal.db-shm"));
    }
    EXPECT_TRUE(m_folder.has("journal.db"));
    EXPECT_FALSE(m_folder.has("journal.db-wal"));
    const std::string file = m_folder.get("journal.db");
    EXPECT_EQ(file.substr(0, 15), "SQLite format 3");
    EXPECT_EQ(file.substr(68, 4), "FFJL");
}

TEST_F(JournalOpen, SecondTimeIsBusyUntilTheFirstIsClosed) {
    make();
    auto journal = must_open(m_path, m_clock);
    expect_refused(ErrorCode::busy, "another program");
    EXPECT_EQ(look_of(*journal), m_look);
    journal.reset();
    journal = must_open(m_path, m_clock);
    ASSERT_NE(journal, nullptr);
    EXPECT_EQ(look_of(*journal), m_look);
}

TEST_F(JournalOpen, NewOneIsBusyToo) {
    const auto journal = must_open(m_path, m_clock);
    expect_refused(ErrorCode::busy, "another program");
}

TEST_F(JournalOpen, NewerVersionIsRefusedAndLeftAlone) {
    make();
    sql("PRAGMA user_version = 99");
    const std::string before = m_folder.get("journal.db");
    expect_refused(ErrorCode::unsupported, "99");
    EXPECT_EQ(m_folder.get("journal.db"), before);
    m_folder.put("journal.db.v1.bak", "a copy");
    EXPECT_NE(must_not_open(m_path).remedy.find("journal.db.v1.bak"), std::string::npos);
}

TEST_F(JournalOpen, VersionThatNeverWasIsRefused) {
    make();
    for (const char* version : {"0", "-1"}) {
        sql("PRAGMA user_version = " + std::string(version));
        expect_refused(ErrorCode::corrupt, "version");
    }
}

TEST_F(JournalOpen, DatabaseOfAnotherProgramIsRefusedAndLeftAlone) {
    sql("CREATE TABLE wallets (key TEXT); INSERT INTO wallets VALUES ('dear')");
    std::string before = m_folder.get("journal.db");
    expect_refused(ErrorCode::corrupt, "another program");
    EXPECT_EQ(m_folder.get("journal.db"), before);
    sql("PRAGMA application_id = 1234; DROP TABLE wallets");
    before = m_folder.get("journal.db");
    expect_refused(ErrorCode::corrupt, "another program");
    EXPECT_EQ(m_folder.get("journal.db"), before);
}

TEST_F(JournalOpen, OtherTablesThanItsOwnAreRefused) {
    make();
    const std::string good = m_folder.get("journal.db");
    for (const char* change :
         {"CREATE TABLE more (a)", "DROP TABLE receipts", "DROP INDEX open_effects", "DROP INDEX open_deals",
          "ALTER TABLE settings ADD COLUMN more TEXT", "ALTER TABLE settings RENAME COLUMN value TO worth",
          "CREATE VIEW all_settings AS SELECT * FROM settings",
          "CREATE TRIGGER forget AFTER INSERT ON effects BEGIN DELETE FROM effects; END"}) {
        m_folder.put("journal.db", good);
        sql(change);
        expect_refused(ErrorCode::corrupt, "tables");
    }
}

TEST_F(JournalOpen, StatisticsThatSomebodyHadMadeDoNoHarm) {
    make();
    sql("ANALYZE");
    const auto journal = must_open(m_path, m_clock);
    ASSERT_NE(journal, nullptr);
    EXPECT_EQ(look_of(*journal), m_look);
}

TEST_F(JournalOpen, GarbageIsRefusedAndLeftAlone) {
    for (const std::string& garbage :
         {std::string("xy"), std::string("this is no journal"), std::string(5000, '\0'), std::string(100, 'S'),
          std::string("SQLite format 3\0", 16), "SQLite format 3" + std::string(5000, '\0'),
          "SQLite format 3" + std::string(5000, '\xff')}) {
        m_folder.put("journal.db", garbage);
        const Error error = must_not_open(m_path);
        EXPECT_EQ(error.code, ErrorCode::corrupt) << error.text();
        EXPECT_NE(error.remedy.find("begins an empty journal"), std::string::npos) << error.text();
        EXPECT_EQ(m_folder.get("journal.db"), garbage);
    }
}

TEST_F(JournalOpen, EmptyFileIsANewJournal) {
    m_folder.put("journal.db", "");
    EXPECT_NE(must_open(m_path, m_clock), nullptr);
}

TEST_F(JournalOpen, CutAnywhereIsRefused) {
    make();
    const std::string whole = m_folder.get("journal.db");
    ASSERT_GT(whole.size(), 50'000U);
    // SQLite takes a file of one byte for an empty one.
    for (std::size_t size = 2; size < whole.size(); size += 1 + size / 7) {
        m_folder.put("journal.db", whole.substr(0, size));
        expect_refused(ErrorCode::corrupt, "damaged");
    }
    for (const std::size_t missing : {4096U, 8192U}) {
        m_folder.put("journal.db", whole.substr(0, whole.size() - missing));
        expect_refused(ErrorCode::corrupt, "damaged");
    }
}

TEST_F(JournalOpen, PageThatIsOverwrittenIsFound) {
    make();
    const std::string whole = m_folder.get("journal.db");
    for (std::size_t page = 0; page * 4096 < whole.size(); ++page) {
        std::string bent = whole;
        bent.replace(page * 4096, 4096, std::string(4096, static_cast<char>(0x5a)));
        m_folder.put("journal.db", bent);
        expect_refused(ErrorCode::corrupt, "");
    }
}

TEST_F(JournalOpen, DamageNamesTheBackupBesideIt) {
    m_folder.put("journal.db", "damaged");
    const auto expect_named = [&](const std::string& name) {
        const Error error = must_not_open(m_path);
        EXPECT_NE(error.remedy.find(m_folder / name), std::string::npos) << error.remedy;
        EXPECT_NE(error.remedy.find(m_path + "-wal"), std::string::npos) << error.remedy;
    };
    m_folder.put("journal.db.v1.bak", "x");
    expect_named("journal.db.v1.bak");
    m_folder.put("journal.db.v12.bak", "x");
    expect_named("journal.db.v12.bak");
    m_folder.put("journal.db.bak", "x");
    expect_named("journal.db.bak");
}

TEST_F(JournalOpen, FolderThatIsNotThereIsAnIoError) {
    m_path = m_folder / "none/journal.db";
    expect_refused(ErrorCode::io, "No such file or directory");
    m_path = m_folder.path();
    expect_refused(ErrorCode::io, "open");
}

TEST_F(JournalOpen, PathsThatSqliteGivesAMeaningAreFiles) {
    ASSERT_EQ(::chdir(m_folder.path().c_str()), 0);
    for (const std::string path : {":memory:", "file:x.db", ":x"}) {
        {
            ASSERT_TRUE(must_open(path, m_clock)->set_setting("a", path).ok());
        }
        EXPECT_TRUE(m_folder.has(path)) << path;
        EXPECT_EQ(must_open(path, m_clock)->setting("a").value(), path);
    }
    EXPECT_EQ(must_not_open("").code, ErrorCode::invalid_argument);
    EXPECT_EQ(must_not_open(std::string("a\0b", 3)).code, ErrorCode::invalid_argument);
    ASSERT_EQ(::chdir("/"), 0);
}

/// Who may do everything may write to a read-only folder too: this one gives that up for a moment.
class OtherUser {
public:
    OtherUser() : m_self(::geteuid()) {
        if (m_self == 0) m_ok = ::seteuid(65534) == 0;
    }
    ~OtherUser() {
        if (m_self == 0) m_ok = ::seteuid(m_self) == 0;
    }
    OtherUser(const OtherUser&) = delete;
    OtherUser& operator=(const OtherUser&) = delete;
    [[nodiscard]] bool ok() const noexcept { return m_ok; }

private:
    uid_t m_self;
    bool m_ok = true;
};

TEST_F(JournalOpen, ReadOnlyFolderAndFileAreNamed) {
    make();
    ASSERT_EQ(::chmod(m_path.c_str(), 0444), 0);
    ASSERT_EQ(::chmod(m_folder.path().c_str(), 0555), 0);
    {
        const OtherUser other;
        if (!other.ok()) GTEST_SKIP() << "cannot be another user here";
        expect_refused(ErrorCode::io, "cannot");
        m_path = m_folder / "new.db";
        expect_refused(ErrorCode::io, "cannot open");
    }
    ASSERT_EQ(::chmod(m_folder.path().c_str(), 0755), 0);
}

/// Rows that are sound SQLite and no records.
TEST_F(JournalOpen, RowThatCannotBeReadBackIsNamed) {
    make();
    const std::string good = m_folder.get("journal.db");
    const auto expect_bad_row = [&](const std::string& change, const std::string& row, const std::string& why) {
        m_folder.put("journal.db", good);
        sql(change);
        const auto journal = must_open(m_path, m_clock);
        ASSERT_NE(journal, nullptr) << change;
        const std::string look = errors_of(look_of(*journal));
        EXPECT_NE(look.find(row), std::string::npos) << change << "\n" << look;
        EXPECT_NE(look.find(why), std::string::npos) << change << "\n" << look;
        EXPECT_NE(look.find("move " + m_path), std::string::npos) << look;
    };
    const std::string snapshot = "row 3 of snapshots";
    const auto set = [](const std::string& what) { return "UPDATE snapshots SET " + what + " WHERE id = 3"; };
    expect_bad_row(set("head = x'0102'"), snapshot, "'head' is no list of CIDs");
    expect_bad_row(set("roots = CAST(roots || x'01' AS BLOB)"), snapshot, "'roots' is no list of CIDs");
    expect_bad_row(set("network = CAST(x'ff' AS TEXT)"), snapshot, "'network' is no UTF-8");
    expect_bad_row(set("path = CAST(x'c0af' AS TEXT)"), snapshot, "'path' is no UTF-8");
    expect_bad_row(set("layout_seconds = 9e999"), snapshot, "'layout_seconds' is no finite number");
    const std::string piece = "row 4 of the pieces of snapshot 3";
    const auto set_piece = [](const std::string& what) {
        return "UPDATE pieces SET " + what + " WHERE snapshot = 3 AND number = 4";
    };
    expect_bad_row(set_piece("piece_cid = x''"), piece, "'piece_cid' is no CID");
    expect_bad_row(set_piece("piece_cid = CAST(piece_cid || x'00' AS BLOB)"), piece, "'piece_cid' is no CID");
    expect_bad_row(set_piece("piece_cid_v2 = CAST(x'80' AS TEXT)"), piece, "'piece_cid_v2' is no UTF-8");
    expect_bad_row("UPDATE receipts SET device = CAST(x'80' AS TEXT) WHERE seconds = 2.5",
                   "receipt " + to_hex(make_receipt(1).key), "'device' is no UTF-8");
    expect_bad_row("UPDATE effects SET request = CAST(x'80' AS TEXT) WHERE id = 2", "row 2 of effects",
                   "'request' is no UTF-8");
    const std::string deal = "row 2 of deals";
    const auto set_deal = [](const std::string& what) { return "UPDATE deals SET " + what + " WHERE id = 2"; };
    expect_bad_row(set_deal("piece_cid = x''"), deal, "'piece_cid' is no CID");
    expect_bad_row(set_deal("piece_cid = CAST(piece_cid || x'00' AS BLOB)"), deal, "'piece_cid' is no CID");
    expect_bad_row(set_deal("contract = CAST(x'ff' AS TEXT)"), deal, "'contract' is no UTF-8");
    expect_bad_row(set_deal("error = CAST(x'c0af' AS TEXT)"), deal, "'error' is no UTF-8");
    expect_bad_row("UPDATE deal_steps SET details = CAST(x'80' AS TEXT) WHERE deal = 2 AND number = 1",
                   "step 1 of deal 2", "'details' is no UTF-8");
    expect_bad_row("UPDATE settings SET value = CAST(x'80' AS TEXT)", "setting 'setting-1'", "'value' is no UTF-8");
}

/// Rows that break the rules of their own tables.
TEST_F(JournalOpen, RowThatBreaksItsTablesRulesIsFoundAtOpening) {
    make();
    const std::string good = m_folder.get("journal.db");
    for (const char* change :
         {"UPDATE snapshots SET recipe_hash = x'00' WHERE id = 3", "UPDATE snapshots SET car_sha256 = x''",
          "UPDATE snapshots SET blocks = -1", "UPDATE snapshots SET hold = -1",
          "UPDATE pieces SET number = -1 - number", "UPDATE pieces SET number = 4294967296 WHERE number = 3",
          "UPDATE receipts SET key = x'00' WHERE seconds = 2.5", "UPDATE effects SET state = 'perhaps'",
          "UPDATE effects SET attempts = -1", "UPDATE deals SET miner = -1", "UPDATE deals SET slot = -1 WHERE id = 2",
          "UPDATE deals SET piece = 4294967296 WHERE id = 2", "UPDATE deals SET attempt = -1",
          "UPDATE deals SET open = 2", "UPDATE deals SET payload_size = -1", "UPDATE deals SET padded_size = -1",
          "UPDATE deals SET sector = -1", "UPDATE deal_steps SET number = 0 WHERE number = 1"}) {
        m_folder.put("journal.db", good);
        sql("PRAGMA ignore_check_constraints = ON; " + std::string(change));
        expect_refused(ErrorCode::corrupt, "CHECK constraint failed");
    }
}

}    // namespace
}    // namespace filfil::journal
