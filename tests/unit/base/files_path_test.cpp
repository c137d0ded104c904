// SPDX-License-Identifier: Apache-2.0 OR MIT
// Paths, folders, and what the file system says of them.
#include "base/files.hpp"
#include "scratch_folder.hpp"

#include <fcntl.h>
#include <sys/stat.h>

namespace filfil {
namespace {

class PathTest : public testing::Test {
protected:
    ScratchFolder m_folder;
    SystemFiles m_files;
};

TEST_F(PathTest, InfoTellsKindSizeAndTime) {
    const std::string path = m_folder.put("file", "12345");
    const timespec when{1'700'000'000, 123'456'789};
    const timespec times[2] = {when, when};
    ASSERT_EQ(::utimensat(AT_FDCWD, path.c_str(), times, 0), 0);
    const Result<FileInfo> file = m_files.info(path);
    ASSERT_TRUE(file.ok()) << file.error().text();
    EXPECT_EQ(file->kind, FileInfo::Kind::file);
    EXPECT_EQ(file->size, 5U);
    EXPECT_EQ(file->mtime_ns, 1'700'000'000'123'456'789);

    const Result<FileInfo> folder = m_files.info(m_folder.path());
    ASSERT_TRUE(folder.ok()) << folder.error().text();
    EXPECT_EQ(folder->kind, FileInfo::Kind::folder);
    EXPECT_EQ(folder->size, 0U);

    const Result<FileInfo> device = m_files.info("/dev/null");
    ASSERT_TRUE(device.ok()) << device.error().text();
    EXPECT_EQ(device->kind, FileInfo::Kind::other);

    const Result<FileInfo> missing = m_files.info(m_folder / "missing");
    ASSERT_FALSE(missing.ok());
    EXPECT_EQ(missing.error().code, ErrorCode::not_found);
}

TEST_F(PathTest, InfoTellsThatTwoNamesLeadToOneFolder) {
    ASSERT_TRUE(m_files.make_folders(m_folder / "a/b").ok());
    std::filesystem::create_directory_symlink("..", m_folder / "a/b/up");
    const FileInfo a = m_files.info(m_folder / "a").value();
    const FileInfo b = m_files.info(m_folder / "a/b").value();
    const FileInfo up = m_files.info(m_folder / "a/b/up").value();
    EXPECT_EQ(up.inode, a.inode);
    EXPECT_EQ(up.device, a.device);
    EXPECT_NE(up.inode, b.inode);
}

TEST_F(PathTest, ListIsSortedByBytes) {
    for (const char* name : {"b", "a", "B", "10", "9", "\xc3\xa9"}) m_folder.put(name, "");
    const Result<std::vector<std::string>> names = m_files.list(m_folder.path());
    ASSERT_TRUE(names.ok()) << names.error().text();
    EXPECT_EQ(*names, (std::vector<std::string>{"10", "9", "B", "a", "b", "\xc3\xa9"}));
}

TEST_F(PathTest, ListOfWhatIsNoFolderIsAnError) {
    const Result<std::vector<std::string>> names = m_files.list(m_folder.put("file", ""));
    ASSERT_FALSE(names.ok());
    EXPECT_NE(names.error().message.find(m_folder / "file"), std::string::npos) << names.error().message;
}

TEST_F(PathTest, MakeFoldersMakesAllAndIsContentWithThoseThere) {
    ASSERT_TRUE(m_files.make_folders(m_folder / "a/b//c/").ok());
    EXPECT_TRUE(m_folder.has("a/b/c"));
    EXPECT_TRUE(m_files.make_folders(m_folder / "a/b/c").ok());
    EXPECT_TRUE(m_files.make_folders("/").ok());
}

TEST_F(PathTest, MakeFoldersNamesTheFileInTheWay) {
    m_folder.put("file", "");
    for (const char* name : {"file", "file/below"}) {
        const Result<void> made = m_files.make_folders(m_folder / name);
        ASSERT_FALSE(made.ok());
        EXPECT_EQ(made.error().code, ErrorCode::invalid_argument);
        EXPECT_TRUE(made.error().message.starts_with(m_folder / "file: ")) << made.error().message;
    }
}

TEST_F(PathTest, RemoveTakesAFileAndNoFolder) {
    const std::string path = m_folder.put("file", "");
    EXPECT_TRUE(m_files.remove(path).ok());
    EXPECT_FALSE(m_folder.has("file"));
    const Result<void> again = m_files.remove(path);
    ASSERT_FALSE(again.ok());
    EXPECT_EQ(again.error().code, ErrorCode::not_found);
    EXPECT_FALSE(m_files.remove(m_folder.path()).ok());
}

// A manifest may hold any text. The system would read "good\0bad" as "good", a file that nobody named.
TEST_F(PathTest, APathWithAZeroByteOrNoneAtAllIsRefused) {
    m_folder.put("good", "x");
    const std::string with_zero = m_folder / std::string_view("good\0bad", 8);
    for (const std::string& path : {with_zero, std::string()}) {
        const std::vector<ErrorCode> codes{
            m_files.open(path).error().code,        m_files.create(path).error().code,
            m_files.open_append(path).error().code, m_files.info(path).error().code,
            m_files.list(path).error().code,        m_files.make_folders(path).error().code,
            m_files.remove(path).error().code,
        };
        for (const ErrorCode code : codes) EXPECT_EQ(code, ErrorCode::invalid_argument);
    }
    EXPECT_EQ(m_folder.get("good"), "x");
}

TEST(JoinPath, PutsOneSlashBetween) {
    EXPECT_EQ(join_path("folder", "name"), "folder/name");
    EXPECT_EQ(join_path("folder/", "name"), "folder/name");
    EXPECT_EQ(join_path("/", "name"), "/name");
    EXPECT_EQ(join_path("", "name"), "name");
    EXPECT_EQ(join_path("folder", "/absolute"), "/absolute");
}

TEST(ParentFolder, IsAllBeforeTheLastSlash) {
    EXPECT_EQ(parent_folder("a/b/c"), "a/b");
    EXPECT_EQ(parent_folder("c"), "");
    EXPECT_EQ(parent_folder("/c"), "/");
    EXPECT_EQ(parent_folder("/"), "/");
}

}    // namespace
}    // namespace filfil
