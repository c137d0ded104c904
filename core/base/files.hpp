// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/bytes.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace filfil {

/// What the file system says of a path.
struct FileInfo {
    enum class Kind { file, folder, other };
    Kind kind = Kind::other;
    std::uint64_t size = 0;       ///< bytes; 0 unless kind is file
    std::int64_t mtime_ns = 0;    ///< last change, nanoseconds since 1970

    /// With `inode`, which file it is, whatever name led to it: tells a link back up from a new folder. Both 0 where
    /// unknown.
    std::uint64_t device = 0;
    std::uint64_t inode = 0;

    bool open_to_others = false;    ///< not only its owner may read or write it
};

/// Bytes that can be read once from front to back, and, where size() is known, at any place.
/// read_at() is thread-safe; read() is not.
class ReadableFile {
public:
    virtual ~ReadableFile() = default;

    /// The path as it was given, or "standard input": for messages.
    [[nodiscard]] virtual const std::string& name() const noexcept = 0;

    /// Length in bytes of a regular file when it was opened; nothing for pipes, terminals and devices.
    [[nodiscard]] virtual std::optional<std::uint64_t> size() const noexcept = 0;

    /// Fills `out` from the current place as far as the stream goes. @return bytes read, short only at the end.
    [[nodiscard]] virtual Result<std::size_t> read(ByteSpan out) = 0;

    /// Fills `out` from `offset`. @return bytes read, short only at the end. Error::unsupported where size() is
    /// unknown.
    [[nodiscard]] virtual Result<std::size_t> read_at(std::uint64_t offset, ByteSpan out) = 0;
};

/// A file that appears under its final name only when it is whole.
///
/// Bytes go to `NAME.part`; commit() makes them durable (fsync), renames, and syncs the folder. Destroying the object
/// without commit() removes the .part file. Not thread-safe.
class OutputFile {
public:
    virtual ~OutputFile() = default;
    [[nodiscard]] virtual Result<void> write(ByteView bytes) = 0;

    /// Overwrites `bytes.size()` bytes that were already written, e.g. a header whose fields are known last.
    [[nodiscard]] virtual Result<void> write_at(std::uint64_t offset, ByteView bytes) = 0;
    [[nodiscard]] virtual Result<void> commit() = 0;
};

/// A file that grows record by record under its own name, which is durable when it is opened; nobody else can open it
/// so meanwhile. Not thread-safe.
class AppendFile {
public:
    virtual ~AppendFile() = default;

    /// Appends all of `bytes`; a crash may leave a part of them.
    [[nodiscard]] virtual Result<void> append(ByteView bytes) = 0;
    [[nodiscard]] virtual Result<void> sync() = 0;

    /// Shortens the file to `size` bytes; later appends go there.
    [[nodiscard]] virtual Result<void> truncate(std::uint64_t size) = 0;
};

/// The file system, as core sees it. Paths are UTF-8 as the user gave them. Every error names the path and the system's
/// reason. Thread-safe.
class Files {
public:
    virtual ~Files() = default;

    /// Opens for reading. A folder is Error::invalid_argument, nothing there Error::not_found, anything else Error::io.
    [[nodiscard]] virtual Result<std::unique_ptr<ReadableFile>> open(const std::string& path) = 0;
    [[nodiscard]] virtual Result<std::unique_ptr<ReadableFile>> open_standard_input() = 0;
    [[nodiscard]] virtual Result<std::unique_ptr<OutputFile>> create(const std::string& path) = 0;

    /// The same for secrets: nobody but its owner can read the file, not even while it is being written. What has no
    /// owners makes no difference.
    [[nodiscard]] virtual Result<std::unique_ptr<OutputFile>> create_private(const std::string& path) {
        return create(path);
    }

    /// Error::busy where another program has it open so.
    [[nodiscard]] virtual Result<std::unique_ptr<AppendFile>> open_append(const std::string& path) = 0;
    [[nodiscard]] virtual Result<FileInfo> info(const std::string& path) = 0;

    /// Names of a folder's entries, sorted by bytes, without "." and "..".
    [[nodiscard]] virtual Result<std::vector<std::string>> list(const std::string& folder) = 0;

    /// Makes the folder and those above it; one that is there already is no error.
    [[nodiscard]] virtual Result<void> make_folders(const std::string& path) = 0;
    [[nodiscard]] virtual Result<void> remove(const std::string& path) = 0;
};

/// The operating system's files.
class SystemFiles final : public Files {
public:
    [[nodiscard]] Result<std::unique_ptr<ReadableFile>> open(const std::string& path) override;
    [[nodiscard]] Result<std::unique_ptr<ReadableFile>> open_standard_input() override;
    [[nodiscard]] Result<std::unique_ptr<OutputFile>> create(const std::string& path) override;
    [[nodiscard]] Result<std::unique_ptr<OutputFile>> create_private(const std::string& path) override;
    [[nodiscard]] Result<std::unique_ptr<AppendFile>> open_append(const std::string& path) override;
    [[nodiscard]] Result<FileInfo> info(const std::string& path) override;
    [[nodiscard]] Result<std::vector<std::string>> list(const std::string& folder) override;
    [[nodiscard]] Result<void> make_folders(const std::string& path) override;
    [[nodiscard]] Result<void> remove(const std::string& path) override;
};

/// A file that lives in memory: for tests, and for hashing what is not on a disk. `bytes` must outlive it.
std::unique_ptr<ReadableFile> memory_file(std::string name, ByteView bytes);

/// Reads a whole stream or file. Error::too_large past `limit` bytes.
Result<Bytes> read_all(ReadableFile& file, std::uint64_t limit);

/// `folder` + "/" + `name`, unless `name` is absolute or `folder` is empty.
std::string join_path(std::string_view folder, std::string_view name);

/// Everything before the last '/', "" where there is none, "/" for the root.
std::string parent_folder(std::string_view path);

}    // namespace filfil
