// SPDX-License-Identifier: Apache-2.0 OR MIT
// What must hold of files that are read: regular files, pipes, the kernel's files, and what cannot be read.
#include "base/files.hpp"
#include "scratch_folder.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fcntl.h>

#include <limits>
#include <string>
#include <thread>

namespace filfil {
namespace {

class ReadableFileTest : public testing::Test {
protected:
    ScratchFolder m_folder;
    SystemFiles m_files;
};

std::string read_some(ReadableFile& file, std::size_t n) {
    Bytes buffer(n);
    const Result<std::size_t> got = file.read(buffer);
    if (!got.ok()) return "error: " + got.error().text();
    return std::string(chars_of(ByteView(buffer).first(*got)));
}

std::string read_some_at(ReadableFile& file, std::uint64_t offset, std::size_t n) {
    Bytes buffer(n);
    const Result<std::size_t> got = file.read_at(offset, buffer);
    if (!got.ok()) return "error: " + got.error().text();
    return std::string(chars_of(ByteView(buffer).first(*got)));
}

TEST_F(ReadableFileTest, ReadsFrontToBackAndAtAnyPlace) {
    Result<std::unique_ptr<ReadableFile>> file = m_files.open(m_folder.put("data", "0123456789"));
    ASSERT_TRUE(file.ok()) << file.error().text();
    EXPECT_EQ((*file)->name(), m_folder / "data");
    EXPECT_EQ((*file)->size(), 10U);
    EXPECT_EQ(read_some(**file, 4), "0123");
    EXPECT_EQ(read_some_at(**file, 8, 4), "89");
    EXPECT_EQ(read_some(**file, 4), "4567");
    EXPECT_EQ(read_some(**file, 4), "89");
    EXPECT_EQ(read_some(**file, 4), "");
    EXPECT_EQ(read_some_at(**file, 10, 1), "");
    EXPECT_EQ(read_some_at(**file, 1'000'000, 1), "");
}

TEST_F(ReadableFileTest, AnEmptyFileHasASizeAndNoBytes) {
    Result<std::unique_ptr<ReadableFile>> file = m_files.open(m_folder.put("empty", ""));
    ASSERT_TRUE(file.ok()) << file.error().text();
    EXPECT_EQ((*file)->size(), 0U);
    EXPECT_EQ(read_some(**file, 1), "");
    EXPECT_EQ(read_some_at(**file, 0, 1), "");
}

TEST_F(ReadableFileTest, FilesOfTheKernelThatClaimToBeEmptyAreRead) {
    Result<std::unique_ptr<ReadableFile>> file = m_files.open("/proc/self/stat");
    ASSERT_TRUE(file.ok()) << file.error().text();
    EXPECT_FALSE((*file)->size().has_value());
    EXPECT_EQ(read_some(**file, 1 << 16).substr(0, std::to_string(::getpid()).size()), std::to_string(::getpid()));
}

TEST_F(ReadableFileTest, APipeIsReadToItsEndInFullBuffers) {
    const std::string path = m_folder / "pipe";
    ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
    std::thread writer([&] {
        const int fd = ::open(path.c_str(), O_WRONLY);
        for (const char* part : {"abc", "def", "g"}) {
            EXPECT_GT(::write(fd, part, std::char_traits<char>::length(part)), 0);
            std::this_thread::yield();
        }
        ::close(fd);
    });
    Result<std::unique_ptr<ReadableFile>> file = m_files.open(path);
    ASSERT_TRUE(file.ok()) << file.error().text();
    EXPECT_FALSE((*file)->size().has_value());
    EXPECT_EQ(read_some(**file, 5), "abcde");
    EXPECT_EQ(read_some(**file, 5), "fg");
    EXPECT_EQ(read_some(**file, 5), "");
    Bytes buffer(1);
    const Result<std::size_t> at = (*file)->read_at(0, buffer);
    ASSERT_FALSE(at.ok());
    EXPECT_EQ(at.error().code, ErrorCode::unsupported);
    writer.join();
}

TEST_F(ReadableFileTest, AFolderIsRefusedWithWhatToDo) {
    const Result<std::unique_ptr<ReadableFile>> file = m_files.open(m_folder.path());
    ASSERT_FALSE(file.ok());
    EXPECT_EQ(file.error().code, ErrorCode::invalid_argument);
    EXPECT_NE(file.error().message.find(m_folder.path() + ": is a folder"), std::string::npos) << file.error().message;
    EXPECT_FALSE(file.error().remedy.empty());
}

TEST_F(ReadableFileTest, AMissingFileIsNotFound) {
    m_folder.put("file", "x");
    for (const char* name : {"missing", "missing/below", "file/below"}) {
        const Result<std::unique_ptr<ReadableFile>> file = m_files.open(m_folder / name);
        ASSERT_FALSE(file.ok()) << name;
        EXPECT_EQ(file.error().code, ErrorCode::not_found) << file.error().text();
        EXPECT_NE(file.error().message.find(m_folder / name), std::string::npos) << file.error().message;
    }
}

TEST_F(ReadableFileTest, APathThatLoopsIsAnError) {
    std::filesystem::create_symlink("loop", m_folder / "loop");
    const Result<std::unique_ptr<ReadableFile>> file = m_files.open(m_folder / "loop");
    ASSERT_FALSE(file.ok());
    EXPECT_EQ(file.error().code, ErrorCode::io);
}

TEST_F(ReadableFileTest, AFileWithoutPermissionNamesThePermissions) {
    const std::string path = m_folder.put("secret", "x");
    ASSERT_EQ(::chmod(path.c_str(), 0), 0);
    ASSERT_EQ(::chmod(m_folder.path().c_str(), 0755), 0);
    // Permissions do not bind root, so root looks with another user's eyes.
    const uid_t self = ::geteuid();
    if (self == 0) ASSERT_EQ(::seteuid(65534), 0);
    const Result<std::unique_ptr<ReadableFile>> file = m_files.open(path);
    if (self == 0) ASSERT_EQ(::seteuid(0), 0);
    ASSERT_FALSE(file.ok());
    EXPECT_EQ(file.error().code, ErrorCode::io);
    EXPECT_NE(file.error().message.find(path), std::string::npos) << file.error().message;
    EXPECT_NE(file.error().remedy.find("permissions"), std::string::npos) << file.error().remedy;
}

TEST_F(ReadableFileTest, StandardInputIsReadFromWhereTheShellLeftIt) {
    const std::string path = m_folder.put("data", "0123456789");
    const int saved = ::dup(STDIN_FILENO);
    const int fd = ::open(path.c_str(), O_RDONLY);
    ASSERT_GE(fd, 0);
    ASSERT_EQ(::lseek(fd, 4, SEEK_SET), 4);
    ASSERT_EQ(::dup2(fd, STDIN_FILENO), STDIN_FILENO);
    Result<std::unique_ptr<ReadableFile>> file = m_files.open_standard_input();
    ASSERT_TRUE(file.ok()) << file.error().text();
    EXPECT_EQ((*file)->name(), "standard input");
    EXPECT_FALSE((*file)->size().has_value());
    EXPECT_EQ(read_some(**file, 100), "456789");
    if (saved >= 0) ::dup2(saved, STDIN_FILENO);
    if (saved >= 0) ::close(saved);
    ::close(fd);
}

TEST(MemoryFile, ReadsLikeAFile) {
    const std::string text = "0123456789";
    const std::unique_ptr<ReadableFile> file = memory_file("numbers", bytes_of(text));
    EXPECT_EQ(file->name(), "numbers");
    EXPECT_EQ(file->size(), 10U);
    EXPECT_EQ(read_some(*file, 7), "0123456");
    EXPECT_EQ(read_some_at(*file, 2, 3), "234");
    EXPECT_EQ(read_some(*file, 7), "789");
    EXPECT_EQ(read_some(*file, 7), "");
    EXPECT_EQ(read_some_at(*file, 11, 1), "");
}

TEST(ReadAll, TakesEveryLengthUpToTheLimit) {
    for (const std::size_t size : {0UL, 1UL, 63UL, 64UL, 1000UL}) {
        const std::string text(size, 'x');
        const std::unique_ptr<ReadableFile> file = memory_file("text", bytes_of(text));
        const Result<Bytes> bytes = read_all(*file, size);
        ASSERT_TRUE(bytes.ok()) << size;
        EXPECT_EQ(chars_of(*bytes), text);
    }
}

TEST(ReadAll, RefusesOneByteMore) {
    const std::string text(65, 'x');
    const std::unique_ptr<ReadableFile> file = memory_file("text", bytes_of(text));
    const Result<Bytes> bytes = read_all(*file, 64);
    ASSERT_FALSE(bytes.ok());
    EXPECT_EQ(bytes.error().code, ErrorCode::too_large);
    EXPECT_NE(bytes.error().message.find("64"), std::string::npos) << bytes.error().message;
}

TEST_F(ReadableFileTest, ReadAllTakesAStreamLongerThanItsFirstBuffer) {
    const std::string path = m_folder / "pipe";
    ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
    const std::string text(200'000, 'x');
    std::thread writer([&] { std::ofstream(path, std::ios::binary) << text; });
    Result<std::unique_ptr<ReadableFile>> file = m_files.open(path);
    ASSERT_TRUE(file.ok()) << file.error().text();
    const Result<Bytes> bytes = read_all(**file, std::numeric_limits<std::uint64_t>::max());
    writer.join();
    ASSERT_TRUE(bytes.ok()) << bytes.error().text();
    EXPECT_EQ(chars_of(*bytes), text);
}

}    // namespace
}    // namespace filfil
