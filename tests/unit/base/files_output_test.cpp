// SPDX-License-Identifier: Apache-2.0 OR MIT
// What must hold of files that are written: the final name appears whole or never.
#include "base/files.hpp"
#include "scratch_folder.hpp"

#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>
#include <cstdlib>

namespace filfil {
namespace {

class OutputFileTest : public testing::Test {
protected:
    ScratchFolder m_folder;
    SystemFiles m_files;
};

TEST_F(OutputFileTest, HasItsFinalNameOnlyAfterCommit) {
    Result<std::unique_ptr<OutputFile>> file = m_files.create(m_folder / "piece.car");
    ASSERT_TRUE(file.ok()) << file.error().text();
    ASSERT_TRUE((*file)->write(bytes_of("whole ")).ok());
    ASSERT_TRUE((*file)->write(bytes_of("sections")).ok());
    EXPECT_FALSE(m_folder.has("piece.car"));
    EXPECT_TRUE(m_folder.has("piece.car.part"));

    ASSERT_TRUE((*file)->commit().ok());
    EXPECT_EQ(m_folder.get("piece.car"), "whole sections");
    EXPECT_FALSE(m_folder.has("piece.car.part"));

    file->reset();
    EXPECT_EQ(m_folder.get("piece.car"), "whole sections");
}

TEST_F(OutputFileTest, LeavesNothingWhenAbandoned) {
    {
        Result<std::unique_ptr<OutputFile>> file = m_files.create(m_folder / "piece.car");
        ASSERT_TRUE(file.ok()) << file.error().text();
        ASSERT_TRUE((*file)->write(bytes_of("half")).ok());
    }
    EXPECT_FALSE(m_folder.has("piece.car"));
    EXPECT_FALSE(m_folder.has("piece.car.part"));
}

TEST_F(OutputFileTest, KeepsTheOldFileUntilTheNewOneIsWhole) {
    m_folder.put("piece.car", "old");
    {
        Result<std::unique_ptr<OutputFile>> file = m_files.create(m_folder / "piece.car");
        ASSERT_TRUE(file.ok()) << file.error().text();
        ASSERT_TRUE((*file)->write(bytes_of("half of the new")).ok());
        EXPECT_EQ(m_folder.get("piece.car"), "old");
    }
    EXPECT_EQ(m_folder.get("piece.car"), "old");

    Result<std::unique_ptr<OutputFile>> file = m_files.create(m_folder / "piece.car");
    ASSERT_TRUE(file.ok()) << file.error().text();
    ASSERT_TRUE((*file)->write(bytes_of("new")).ok());
    ASSERT_TRUE((*file)->commit().ok());
    EXPECT_EQ(m_folder.get("piece.car"), "new");
}

TEST_F(OutputFileTest, StartsOverWhatACrashLeftBehind) {
    m_folder.put("piece.car.part", "a long rest of an earlier run");
    Result<std::unique_ptr<OutputFile>> file = m_files.create(m_folder / "piece.car");
    ASSERT_TRUE(file.ok()) << file.error().text();
    ASSERT_TRUE((*file)->write(bytes_of("new")).ok());
    ASSERT_TRUE((*file)->commit().ok());
    EXPECT_EQ(m_folder.get("piece.car"), "new");
}

TEST_F(OutputFileTest, WritesAtAnOffsetWithoutMovingTheEnd) {
    Result<std::unique_ptr<OutputFile>> file = m_files.create(m_folder / "index");
    ASSERT_TRUE(file.ok()) << file.error().text();
    ASSERT_TRUE((*file)->write(bytes_of("....body")).ok());
    ASSERT_TRUE((*file)->write_at(0, bytes_of("head")).ok());
    ASSERT_TRUE((*file)->write(bytes_of("tail")).ok());
    ASSERT_TRUE((*file)->commit().ok());
    EXPECT_EQ(m_folder.get("index"), "headbodytail");
}

TEST_F(OutputFileTest, NamesThePathAndTheReasonOfAFullDisk) {
    // /dev/full takes any open and answers every write as a disk without space does.
    std::filesystem::create_symlink("/dev/full", m_folder / "piece.car.part");
    {
        Result<std::unique_ptr<OutputFile>> file = m_files.create(m_folder / "piece.car");
        ASSERT_TRUE(file.ok()) << file.error().text();
        const Result<void> written = (*file)->write(bytes_of("bytes"));
        ASSERT_FALSE(written.ok());
        EXPECT_EQ(written.error().code, ErrorCode::io);
        EXPECT_NE(written.error().message.find(m_folder / "piece.car.part"), std::string::npos)
            << written.error().message;
        EXPECT_NE(written.error().message.find("No space left"), std::string::npos) << written.error().message;
        EXPECT_NE(written.error().remedy.find("space"), std::string::npos) << written.error().remedy;
    }
    EXPECT_FALSE(m_folder.has("piece.car"));
    EXPECT_FALSE(std::filesystem::is_symlink(m_folder / "piece.car.part"));
}

/// Begins `path`, writes more than this process may, and abandons it. @return 0 if the failure was reported as such
int write_past_the_limit(const std::string& path) {
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{1000, 1000};
    if (::setrlimit(RLIMIT_FSIZE, &limit) != 0) return 3;
    Result<std::unique_ptr<OutputFile>> file = SystemFiles().create(path);
    if (!file.ok()) return 2;
    const Bytes bytes(4096);
    const Result<void> written = (*file)->write(bytes);
    return !written.ok() && written.error().code == ErrorCode::io ? 0 : 1;
}

TEST_F(OutputFileTest, LeavesNothingWhenTheSystemStopsItInTheMiddle) {
    const std::string path = m_folder / "piece.car";
    // In a process of its own, since the limit on file sizes cannot be raised again.
    EXPECT_EXIT(std::_Exit(write_past_the_limit(path)), testing::ExitedWithCode(0), "");
    EXPECT_FALSE(m_folder.has("piece.car"));
    EXPECT_FALSE(m_folder.has("piece.car.part"));
}

TEST_F(OutputFileTest, RefusesWhatIsNoRegularFile) {
    ASSERT_EQ(::mkdir((m_folder / "folder").c_str(), 0777), 0);
    for (const std::string& path : {m_folder / "folder", std::string("/dev/null")}) {
        const Result<std::unique_ptr<OutputFile>> file = m_files.create(path);
        ASSERT_FALSE(file.ok()) << path;
        EXPECT_EQ(file.error().code, ErrorCode::invalid_argument);
        EXPECT_NE(file.error().message.find(path), std::string::npos) << file.error().message;
        EXPECT_FALSE(file.error().remedy.empty());
    }
    EXPECT_FALSE(m_folder.has("folder.part"));
}

TEST_F(OutputFileTest, NeedsAFolderThatExists) {
    const Result<std::unique_ptr<OutputFile>> file = m_files.create(m_folder / "missing/piece.car");
    ASSERT_FALSE(file.ok());
    EXPECT_EQ(file.error().code, ErrorCode::not_found);
    EXPECT_NE(file.error().message.find("missing/piece.car"), std::string::npos) << file.error().message;
}

TEST_F(OutputFileTest, SaysWhenTheFolderWentAwayBeforeCommit) {
    ASSERT_EQ(::mkdir((m_folder / "folder").c_str(), 0777), 0);
    Result<std::unique_ptr<OutputFile>> file = m_files.create(m_folder / "folder/piece.car");
    ASSERT_TRUE(file.ok()) << file.error().text();
    ASSERT_TRUE((*file)->write(bytes_of("bytes")).ok());
    std::filesystem::remove_all(m_folder / "folder");
    const Result<void> committed = (*file)->commit();
    ASSERT_FALSE(committed.ok());
    EXPECT_EQ(committed.error().code, ErrorCode::not_found);
    EXPECT_NE(committed.error().message.find("rename"), std::string::npos) << committed.error().message;
}

TEST_F(OutputFileTest, PrivateIsForNobodyElse) {
    const std::string path = m_folder / "token";
    m_folder.put("token.part", "left by a crash");
    ASSERT_EQ(::chmod((path + ".part").c_str(), 0644), 0);
    ASSERT_TRUE(m_files.info(path + ".part")->open_to_others);
    Result<std::unique_ptr<OutputFile>> file = m_files.create_private(path);
    ASSERT_TRUE(file.ok()) << file.error().text();
    EXPECT_FALSE(m_files.info(path + ".part")->open_to_others);
    ASSERT_TRUE((*file)->commit().ok());
    EXPECT_FALSE(m_files.info(path)->open_to_others);
}

class AppendFileTest : public OutputFileTest {};

TEST_F(AppendFileTest, GrowsWhatIsThere) {
    m_folder.put("receipts.jsonl", "one\n");
    Result<std::unique_ptr<AppendFile>> file = m_files.open_append(m_folder / "receipts.jsonl");
    ASSERT_TRUE(file.ok()) << file.error().text();
    ASSERT_TRUE((*file)->append(bytes_of("two\n")).ok());
    EXPECT_EQ(m_folder.get("receipts.jsonl"), "one\ntwo\n");
    ASSERT_TRUE((*file)->sync().ok());
}

TEST_F(AppendFileTest, AppendsWhereItWasCutTo) {
    m_folder.put("receipts.jsonl", "one\ntorn li");
    Result<std::unique_ptr<AppendFile>> file = m_files.open_append(m_folder / "receipts.jsonl");
    ASSERT_TRUE(file.ok()) << file.error().text();
    ASSERT_TRUE((*file)->truncate(4).ok());
    ASSERT_TRUE((*file)->append(bytes_of("two\n")).ok());
    EXPECT_EQ(m_folder.get("receipts.jsonl"), "one\ntwo\n");
}

TEST_F(AppendFileTest, MakesTheFileWhereThereIsNone) {
    Result<std::unique_ptr<AppendFile>> file = m_files.open_append(m_folder / "receipts.jsonl");
    ASSERT_TRUE(file.ok()) << file.error().text();
    EXPECT_TRUE(m_folder.has("receipts.jsonl"));
}

TEST_F(AppendFileTest, IsBusyForASecondWriter) {
    const Result<std::unique_ptr<AppendFile>> first = m_files.open_append(m_folder / "receipts.jsonl");
    ASSERT_TRUE(first.ok()) << first.error().text();
    const Result<std::unique_ptr<AppendFile>> second = m_files.open_append(m_folder / "receipts.jsonl");
    ASSERT_FALSE(second.ok());
    EXPECT_EQ(second.error().code, ErrorCode::busy);
}

TEST_F(AppendFileTest, ReportsAFullDisk) {
    Result<std::unique_ptr<AppendFile>> file = m_files.open_append("/dev/full");
    ASSERT_TRUE(file.ok()) << file.error().text();
    const Result<void> appended = (*file)->append(bytes_of("line\n"));
    ASSERT_FALSE(appended.ok());
    EXPECT_EQ(appended.error().code, ErrorCode::io);
    EXPECT_NE(appended.error().text().find("/dev/full"), std::string::npos) << appended.error().text();
}

TEST_F(AppendFileTest, RefusesAFolder) {
    const Result<std::unique_ptr<AppendFile>> file = m_files.open_append(m_folder.path());
    ASSERT_FALSE(file.ok());
    EXPECT_NE(file.error().message.find(m_folder.path()), std::string::npos) << file.error().message;
}

}    // namespace
}    // namespace filfil
