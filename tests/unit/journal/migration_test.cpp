// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "../base/scratch_folder.hpp"
#include "journal/open.hpp"
#include "samples.hpp"
#include "sim_vfs.hpp"

#include <gtest/gtest.h>

#include <array>

namespace filfil::journal {
namespace {

/// A history that a journal could have had. Step 3 makes a table anew that others refer to.
constexpr std::array<std::string_view, 4> history = {
    R"(CREATE TABLE things (id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;
       CREATE TABLE parts (thing INTEGER NOT NULL REFERENCES things (id) ON DELETE CASCADE, name TEXT) STRICT)",
    R"(ALTER TABLE things ADD COLUMN size INTEGER NOT NULL DEFAULT 7)",
    R"(CREATE TABLE new_things (id INTEGER PRIMARY KEY, title TEXT NOT NULL, size INTEGER NOT NULL) STRICT;
       INSERT INTO new_things SELECT id, name, size FROM things;
       DROP TABLE things;
       ALTER TABLE new_things RENAME TO things)",
    R"(CREATE INDEX things_by_title ON things (title);
       UPDATE things SET title = title || '!')"};

SchemaSteps steps(std::size_t version) { return SchemaSteps(history).first(version); }

/// What the journal of a version has, in its own columns.
std::string look(Database& database, std::size_t version) {
    const auto ask = [&](std::string_view sql) {
        const auto answer = database.ask(sql);
        return answer.ok() ? *answer + ";" : answer.error().text();
    };
    return ask("PRAGMA user_version") + ask("PRAGMA application_id") +
           ask(version < 3 ? "SELECT group_concat(id || name) FROM things"
                           : "SELECT group_concat(id || title) FROM things") +
           ask(version < 2 ? "SELECT 7" : "SELECT group_concat(size) FROM things") +
           ask("SELECT group_concat(thing || name) FROM parts");
}

constexpr std::string_view rows = "INSERT INTO parts VALUES (1, 'x'), (2, 'y')";

void make(const std::string& path, const SqliteOptions& options, std::size_t version) {
    const auto database = open_database(path, options, steps(version));
    ASSERT_TRUE(database.ok()) << database.error().text();
    ASSERT_TRUE((*database)
                    ->run(version < 3 ? "INSERT INTO things (id, name) VALUES (1, 'a'), (2, 'b')"
                                      : "INSERT INTO things (id, title, size) VALUES (1, 'a', 7), (2, 'b', 7)")
                    .ok());
    ASSERT_TRUE((*database)->run(std::string(rows)).ok());
}

std::string made_look(std::size_t version) {
    return std::to_string(version) + ";1179011660;1a,2b;" + (version < 2 ? "7;" : "7,7;") + "1x,2y;";
}

std::string brought_up_look(std::size_t from) { return from == 4 ? made_look(4) : "4;1179011660;1a!,2b!;7,7;1x,2y;"; }

TEST(JournalMigration, BringsUpEveryOlderVersionAndKeepsACopyOfIt) {
    for (std::size_t from = 1; from <= history.size(); ++from) {
        const ScratchFolder folder;
        const std::string path = folder / "journal.db";
        make(path, {}, from);
        const std::string backup = "journal.db.v" + std::to_string(from) + ".bak";
        {
            const auto database = open_database(path, {}, history);
            ASSERT_TRUE(database.ok()) << database.error().text();
            EXPECT_EQ(look(**database, 4), brought_up_look(from));
            EXPECT_EQ((*database)->ask("PRAGMA foreign_keys").value(), "1");
        }
        EXPECT_EQ(folder.has(backup), from < history.size());
        EXPECT_FALSE(folder.has(backup + ".part"));
        if (from == history.size()) continue;
        {
            const auto old = open_database(folder / backup, {}, steps(from));
            ASSERT_TRUE(old.ok()) << old.error().text();
            EXPECT_EQ(look(**old, from), made_look(from));
        }
        // The copy can take the journal's place, and be brought up again.
        folder.put("journal.db", folder.get(backup));
        const auto again = open_database(path, {}, history);
        ASSERT_TRUE(again.ok()) << again.error().text();
        EXPECT_EQ(look(**again, 4), brought_up_look(from));
    }
}

TEST(JournalMigration, EndsWithTheTablesOfANewJournal) {
    for (std::size_t from = 1; from < history.size(); ++from) {
        const ScratchFolder folder;
        make(folder / "journal.db", {}, from);
        {
            ASSERT_TRUE(open_database(folder / "journal.db", {}, history).ok());
        }
        // Opening compares them.
        const auto again = open_database(folder / "journal.db", {}, history);
        EXPECT_TRUE(again.ok()) << again.error().text();
    }
}

TEST(JournalMigration, StepThatFailsChangesNothing) {
    constexpr std::array<std::string_view, 3> broken = {
        history[0], history[1], "UPDATE things SET name = 'lost'; INSERT INTO nowhere VALUES (1)"};
    constexpr std::array<std::string_view, 3> orphaning = {history[0], history[1], "DELETE FROM things"};
    for (const SchemaSteps bad : {SchemaSteps(broken), SchemaSteps(orphaning)})
        for (std::size_t from = 1; from <= 2; ++from) {
            const ScratchFolder folder;
            make(folder / "journal.db", {}, from);
            const auto failed = open_database(folder / "journal.db", {}, bad);
            ASSERT_FALSE(failed.ok());
            const auto old = open_database(folder / "journal.db", {}, steps(from));
            ASSERT_TRUE(old.ok()) << old.error().text();
            EXPECT_EQ(look(**old, from), made_look(from));
        }
}

TEST(JournalMigration, NothingIsChangedWhereNoCopyCanBeMade) {
    const ScratchFolder folder;
    make(folder / "journal.db", {}, 1);
    const SqliteOptions options{.rename = [](const std::string&, const std::string& to) -> Result<void> {
        return Error(ErrorCode::io, to + ": no");
    }};
    const auto failed = open_database(folder / "journal.db", options, history);
    ASSERT_FALSE(failed.ok());
    EXPECT_EQ(failed.error().code, ErrorCode::io);
    EXPECT_FALSE(folder.has("journal.db.v1.bak.part"));
    const auto old = open_database(folder / "journal.db", {}, steps(1));
    ASSERT_TRUE(old.ok()) << old.error().text();
    EXPECT_EQ(look(**old, 1), made_look(1));
}

TEST(JournalMigration, LeavesTheOldOrTheNewWhereverThePowerGoes) {
    const SetClock clock;
    const std::string path = "journal.db";
    SeededRandom random(1);
    std::uint64_t changes = 1;
    for (std::uint64_t at = 1; at <= changes; ++at)
        for (unsigned outcome = 0; outcome < 12; ++outcome) {
            CrashFiles files;
            const SimVfs vfs(files, clock, 1);
            make(path, vfs.options(), 2);
            const std::uint64_t before = files.changes();
            if (at == 1) {
                CrashFiles probe;
                const SimVfs probe_vfs(probe, clock, 1);
                make(path, probe_vfs.options(), 2);
                ASSERT_TRUE(open_database(path, probe_vfs.options(), history).ok());
                changes = probe.changes() - before;
                ASSERT_GT(changes, 20U);
            }
            files.crash_at(at);
            bool done = open_database(path, vfs.options(), history).ok();
            ASSERT_TRUE(files.crashed());
            if (outcome < 2)
                files.kill();
            else
                files.restart(random);
            {
                const auto old = open_database(path, vfs.options(), steps(2));
                if (old.ok()) {
                    ASSERT_FALSE(done) << "change " << at;
                    ASSERT_EQ(look(**old, 2), made_look(2)) << "change " << at;
                } else {
                    ASSERT_EQ(old.error().code, ErrorCode::unsupported) << "change " << at << old.error().text();
                    ASSERT_TRUE(files.has(path + ".v2.bak")) << "change " << at;
                    done = true;
                }
            }
            // The copy is whole wherever it has its name.
            if (files.has(path + ".v2.bak")) {
                const auto copy = open_database(path + ".v2.bak", vfs.options(), steps(2));
                ASSERT_TRUE(copy.ok()) << "change " << at << copy.error().text();
                ASSERT_EQ(look(**copy, 2), made_look(2)) << "change " << at;
            }
            const auto database = open_database(path, vfs.options(), history);
            ASSERT_TRUE(database.ok()) << "change " << at << database.error().text();
            ASSERT_EQ(look(**database, 4), brought_up_look(2)) << "change " << at;
        }
}

/// Journals of that version are out there. This fails only where a released step was changed: add a new one instead.
TEST(JournalMigration, ReleasedStepsAreAsTheyWereReleased) {
    const SchemaSteps own = schema_steps();
    constexpr std::array<std::string_view, 3> released = {
        "733c823921a00976f5e5e53675105a944f54cc3d118817421a65052d65f14547",
        "1514c0bcb8dd6e1bb277a45d9b37b2b34d4646c4f460f71511836eaf8e8e91c3",
        "84d5b73963b18e8812027007489a3a86f46233b81b38cb32dc7369842fc421d3"};
    ASSERT_EQ(own.size(), released.size()) << "add the digest of the new step here";
    for (std::size_t i = 0; i < released.size(); ++i)
        EXPECT_EQ(to_hex(ipld::blake2b_256(bytes_of(own[i]))), released[i]) << "step " << i + 1;
}

}    // namespace
}    // namespace filfil::journal
