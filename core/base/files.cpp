// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "base/files.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

namespace filfil {
namespace {

constexpr mode_t private_mode = 0600;

Error system_error(const std::string& path, std::string_view what, int number) {
    const bool missing = number == ENOENT || number == ENOTDIR;
    std::string remedy;
    switch (number) {
        case ENOENT:
        case ENOTDIR: remedy = "check the path"; break;
        case EACCES:
        case EPERM: remedy = "check the permissions of the file and of the folders above it"; break;
        case ENOSPC:
        case EDQUOT: remedy = "free some space or write to another disk"; break;
        case EMFILE:
        case ENFILE: remedy = "raise the limit of open files (ulimit -n)"; break;
        case EIO: remedy = "check the disk: the kernel log says more"; break;
        default: break;
    }
    return {missing ? ErrorCode::not_found : ErrorCode::io,
            path + ": cannot " + std::string(what) + ": " + std::generic_category().message(number), std::move(remedy)};
}

/// Paths come from users and manifests; the system would silently stop reading one at a zero byte.
Result<void> check_path(const std::string& path) {
    if (path.empty()) return Error(ErrorCode::invalid_argument, "the path is empty", "give the path of a file");
    if (const std::size_t zero = path.find('\0'); zero != std::string::npos)
        return Error(ErrorCode::invalid_argument,
                     path.substr(0, zero) + ": the path has a zero byte at character " + std::to_string(zero),
                     "check what wrote this path");
    return {};
}

class Descriptor {
public:
    explicit Descriptor(int fd = -1) noexcept : m_fd(fd) {}
    ~Descriptor() { reset(); }
    Descriptor(Descriptor&& other) noexcept : m_fd(std::exchange(other.m_fd, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept {
        reset();
        m_fd = std::exchange(other.m_fd, -1);
        return *this;
    }
    [[nodiscard]] int get() const noexcept { return m_fd; }

    /// @return 0 or the error number: a delayed write error of a network file system shows up only here
    int reset() noexcept {
        const int fd = std::exchange(m_fd, -1);
        return fd < 0 || ::close(fd) == 0 ? 0 : errno;
    }

private:
    int m_fd;
};

Result<void> write_all(int fd, const std::string& path, ByteView bytes) {
    while (!bytes.empty()) {
        const ssize_t n = ::write(fd, bytes.data(), bytes.size());
        if (n >= 0)
            bytes = bytes.subspan(static_cast<std::size_t>(n));
        else if (errno != EINTR)
            return system_error(path, "write", errno);
    }
    return {};
}

Result<void> sync_folder_of(const std::string& path) {
    std::string folder = parent_folder(path);
    if (folder.empty()) folder = ".";
    const Descriptor fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (fd.get() < 0) return system_error(folder, "open the folder", errno);
    // Some file systems cannot sync a folder and say EINVAL; there the rename itself is as durable as it gets.
    if (::fsync(fd.get()) != 0 && errno != EINVAL) return system_error(folder, "sync the folder", errno);
    return {};
}

class SystemReadable final : public ReadableFile {
public:
    SystemReadable(Descriptor fd, std::string name, std::optional<std::uint64_t> size, std::uint64_t start)
        : m_fd(std::move(fd)), m_name(std::move(name)), m_size(size), m_position(start) {}

    [[nodiscard]] const std::string& name() const noexcept override { return m_name; }
    [[nodiscard]] std::optional<std::uint64_t> size() const noexcept override { return m_size; }

    [[nodiscard]] Result<std::size_t> read(ByteSpan out) override {
        if (m_size) {
            FILFIL_TRY(const std::size_t n, read_at(m_position, out));
            m_position += n;
            return n;
        }
        std::size_t done = 0;
        while (done < out.size()) {
            const ssize_t n = ::read(m_fd.get(), out.data() + done, out.size() - done);
            if (n == 0) break;
            if (n > 0)
                done += static_cast<std::size_t>(n);
            else if (errno != EINTR)
                return system_error(m_name, "read", errno);
        }
        return done;
    }

    [[nodiscard]] Result<std::size_t> read_at(std::uint64_t offset, ByteSpan out) override {
        if (!m_size)
            return Error(ErrorCode::unsupported, m_name + ": not a regular file, so it cannot be read at an offset");
        std::size_t done = 0;
        while (done < out.size()) {
            const ssize_t n =
                ::pread(m_fd.get(), out.data() + done, out.size() - done, static_cast<off_t>(offset + done));
            if (n == 0) break;
            if (n > 0)
                done += static_cast<std::size_t>(n);
            else if (errno != EINTR)
                return system_error(m_name, "read at byte " + std::to_string(offset + done), errno);
        }
        return done;
    }

private:
    Descriptor m_fd;
    std::string m_name;
    std::optional<std::uint64_t> m_size;
    std::uint64_t m_position;
};

class SystemOutput final : public OutputFile {
public:
    SystemOutput(Descriptor fd, std::string path) : m_fd(std::move(fd)), m_path(std::move(path)) {}
    ~SystemOutput() override {
        if (!m_committed) ::unlink(part_name(m_path).c_str());
    }
    static std::string part_name(const std::string& path) { return path + ".part"; }

    [[nodiscard]] Result<void> write(ByteView bytes) override {
        return write_all(m_fd.get(), part_name(m_path), bytes);
    }

    [[nodiscard]] Result<void> write_at(std::uint64_t offset, ByteView bytes) override {
        while (!bytes.empty()) {
            const ssize_t n = ::pwrite(m_fd.get(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
            if (n >= 0) {
                bytes = bytes.subspan(static_cast<std::size_t>(n));
                offset += static_cast<std::uint64_t>(n);
            } else if (errno != EINTR) {
                return system_error(part_name(m_path), "write at byte " + std::to_string(offset), errno);
            }
        }
        return {};
    }

    [[nodiscard]] Result<void> commit() override {
        const std::string part = part_name(m_path);
        if (::fsync(m_fd.get()) != 0) return system_error(part, "sync", errno);
        if (const int failure = m_fd.reset(); failure != 0) return system_error(part, "close", failure);
        if (::rename(part.c_str(), m_path.c_str()) != 0)
            return system_error(m_path, "rename " + part + " to it", errno);
        m_committed = true;
        return sync_folder_of(m_path);
    }

private:
    Descriptor m_fd;
    std::string m_path;
    bool m_committed = false;
};

class SystemAppend final : public AppendFile {
public:
    SystemAppend(Descriptor fd, std::string path) : m_fd(std::move(fd)), m_path(std::move(path)) {}

    [[nodiscard]] Result<void> append(ByteView bytes) override { return write_all(m_fd.get(), m_path, bytes); }
    [[nodiscard]] Result<void> sync() override {
        if (::fdatasync(m_fd.get()) != 0 && errno != EINVAL) return system_error(m_path, "sync", errno);
        return {};
    }
    [[nodiscard]] Result<void> truncate(std::uint64_t size) override {
        if (::ftruncate(m_fd.get(), static_cast<off_t>(size)) != 0) return system_error(m_path, "truncate", errno);
        return {};
    }

private:
    Descriptor m_fd;
    std::string m_path;
};

class MemoryReadable final : public ReadableFile {
public:
    MemoryReadable(std::string name, ByteView bytes) : m_name(std::move(name)), m_bytes(bytes) {}
    [[nodiscard]] const std::string& name() const noexcept override { return m_name; }
    [[nodiscard]] std::optional<std::uint64_t> size() const noexcept override { return m_bytes.size(); }
    [[nodiscard]] Result<std::size_t> read(ByteSpan out) override {
        FILFIL_TRY(const std::size_t n, read_at(m_position, out));
        m_position += n;
        return n;
    }
    [[nodiscard]] Result<std::size_t> read_at(std::uint64_t offset, ByteSpan out) override {
        if (offset >= m_bytes.size()) return std::size_t{0};
        const std::size_t n = std::min(out.size(), m_bytes.size() - static_cast<std::size_t>(offset));
        if (n != 0) std::memcpy(out.data(), m_bytes.data() + offset, n);
        return n;
    }

private:
    std::string m_name;
    ByteView m_bytes;
    std::size_t m_position = 0;
};

FileInfo describe(const struct stat& status) noexcept {
    FileInfo info;
    if (S_ISREG(status.st_mode)) {
        info.kind = FileInfo::Kind::file;
        info.size = static_cast<std::uint64_t>(status.st_size);
    } else if (S_ISDIR(status.st_mode)) {
        info.kind = FileInfo::Kind::folder;
    }
    info.mtime_ns = static_cast<std::int64_t>(status.st_mtim.tv_sec) * 1'000'000'000 + status.st_mtim.tv_nsec;
    info.device = static_cast<std::uint64_t>(status.st_dev);
    info.inode = static_cast<std::uint64_t>(status.st_ino);
    info.open_to_others = (status.st_mode & (S_IRWXG | S_IRWXO)) != 0;
    return info;
}

Result<std::unique_ptr<ReadableFile>> readable(Descriptor fd, std::string name) {
    struct stat status{};
    if (::fstat(fd.get(), &status) != 0) return system_error(name, "read the file's status", errno);
    if (S_ISDIR(status.st_mode))
        return Error(ErrorCode::invalid_argument, name + ": is a folder, a file is needed here",
                     "name a file in it, or use --batch for a whole folder");
    std::optional<std::uint64_t> size;
    std::uint64_t start = 0;
    // Files of /proc and /sys claim to be regular and empty; whether that is so only reading tells.
    char first = 0;
    if (S_ISREG(status.st_mode) && (status.st_size > 0 || ::pread(fd.get(), &first, 1, 0) == 0)) {
        size = static_cast<std::uint64_t>(status.st_size);
        const off_t here = ::lseek(fd.get(), 0, SEEK_CUR);
        if (here > 0) start = static_cast<std::uint64_t>(here);
        ::posix_fadvise(fd.get(), 0, 0, POSIX_FADV_SEQUENTIAL);
    } else if (S_ISFIFO(status.st_mode)) {
        // A pipe holds 64 KiB by default, which costs a wake-up each; the kernel may refuse more, and then it stays so.
        ::fcntl(fd.get(), F_SETPIPE_SZ, 1 << 20);
    }
    // A shell's `< file` may stand past the start: such a stream has no whole-file offsets, so it is read front to
    // back.
    if (start != 0) size.reset();
    return std::unique_ptr<ReadableFile>(std::make_unique<SystemReadable>(std::move(fd), std::move(name), size, start));
}

Result<std::unique_ptr<OutputFile>> create_with(const std::string& path, mode_t mode) {
    FILFIL_CHECK(check_path(path));
    struct stat status{};
    if (::stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode))
        return Error(ErrorCode::invalid_argument, path + ": is there already and is no regular file",
                     "give another output path");
    Descriptor fd(::open(SystemOutput::part_name(path).c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, mode));
    if (fd.get() < 0) return system_error(SystemOutput::part_name(path), "create", errno);
    // One that a crash has left keeps the mode it was made with.
    if (mode == private_mode && ::fchmod(fd.get(), mode) != 0)
        return system_error(SystemOutput::part_name(path), "keep others from reading it", errno);
    return std::unique_ptr<OutputFile>(std::make_unique<SystemOutput>(std::move(fd), path));
}

}    // namespace

Result<std::unique_ptr<ReadableFile>> SystemFiles::open(const std::string& path) {
    FILFIL_CHECK(check_path(path));
    Descriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (fd.get() < 0) return system_error(path, "open", errno);
    return readable(std::move(fd), path);
}

Result<std::unique_ptr<ReadableFile>> SystemFiles::open_standard_input() {
    Descriptor fd(::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3));
    if (fd.get() < 0) return system_error("standard input", "read", errno);
    return readable(std::move(fd), "standard input");
}

Result<std::unique_ptr<OutputFile>> SystemFiles::create(const std::string& path) { return create_with(path, 0666); }

Result<std::unique_ptr<OutputFile>> SystemFiles::create_private(const std::string& path) {
    return create_with(path, private_mode);
}

Result<std::unique_ptr<AppendFile>> SystemFiles::open_append(const std::string& path) {
    FILFIL_CHECK(check_path(path));
    Descriptor fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666));
    if (fd.get() < 0) return system_error(path, "open for appending", errno);
    struct stat status{};
    const bool is_file = ::fstat(fd.get(), &status) == 0 && S_ISREG(status.st_mode);
    // Two programs that append to one file would mix their records. A file system without locks is taken as it is.
    if (is_file && ::flock(fd.get(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
        return Error(ErrorCode::busy, path + ": another program is writing to it",
                     "wait for its end, or name another file");
    // One that was just made: its name has to last as its bytes do.
    if (is_file && status.st_size == 0) FILFIL_CHECK(sync_folder_of(path));
    return std::unique_ptr<AppendFile>(std::make_unique<SystemAppend>(std::move(fd), path));
}

Result<FileInfo> SystemFiles::info(const std::string& path) {
    FILFIL_CHECK(check_path(path));
    struct stat status{};
    if (::stat(path.c_str(), &status) != 0) return system_error(path, "read the file's status", errno);
    return describe(status);
}

Result<std::vector<std::string>> SystemFiles::list(const std::string& folder) {
    FILFIL_CHECK(check_path(folder));
    const std::unique_ptr<DIR, int (*)(DIR*)> dir(::opendir(folder.c_str()), &::closedir);
    if (dir == nullptr) return system_error(folder, "list the folder", errno);
    std::vector<std::string> names;
    // NOLINTNEXTLINE(concurrency-mt-unsafe): safe as long as each thread reads a folder stream of its own
    for (errno = 0; const dirent* entry = ::readdir(dir.get()); errno = 0) {
        const std::string_view name = entry->d_name;
        if (name != "." && name != "..") names.emplace_back(name);
    }
    if (errno != 0) return system_error(folder, "list the folder", errno);
    std::sort(names.begin(), names.end());
    return names;
}

Result<void> SystemFiles::make_folders(const std::string& path) {
    FILFIL_CHECK(check_path(path));
    for (std::size_t end = path.find('/', 1);; end = path.find('/', end + 1)) {
        const std::string part = path.substr(0, end);
        if (!part.empty() && ::mkdir(part.c_str(), 0777) != 0) {
            if (errno != EEXIST) return system_error(part, "make the folder", errno);
            struct stat status{};
            if (::stat(part.c_str(), &status) != 0 || !S_ISDIR(status.st_mode))
                return Error(ErrorCode::invalid_argument, part + ": is there already and is no folder",
                             "give another output folder");
        }
        if (end == std::string::npos) return {};
    }
}

Result<void> SystemFiles::remove(const std::string& path) {
    FILFIL_CHECK(check_path(path));
    if (::unlink(path.c_str()) != 0) return system_error(path, "remove", errno);
    return {};
}

std::unique_ptr<ReadableFile> memory_file(std::string name, ByteView bytes) {
    return std::make_unique<MemoryReadable>(std::move(name), bytes);
}

Result<Bytes> read_all(ReadableFile& file, std::uint64_t limit) {
    Bytes out;
    std::size_t used = 0;
    // One byte more than is expected or allowed, so that a full buffer tells that there is more.
    const std::uint64_t most = std::min<std::uint64_t>(limit, out.max_size() - 1);
    out.resize(static_cast<std::size_t>(std::min(file.size().value_or(64 * 1024), most) + 1));
    for (;;) {
        FILFIL_TRY(const std::size_t n, file.read(ByteSpan(out).subspan(used)));
        used += n;
        if (used > most)
            return Error(ErrorCode::too_large,
                         file.name() + ": longer than the limit of " + std::to_string(limit) + " bytes");
        if (used < out.size()) break;
        out.resize(static_cast<std::size_t>(std::min<std::uint64_t>(out.size() * 2, most + 1)));
    }
    out.resize(used);
    return out;
}

std::string join_path(std::string_view folder, std::string_view name) {
    if (folder.empty() || name.starts_with('/')) return std::string(name);
    std::string out(folder);
    if (!out.ends_with('/')) out += '/';
    return out.append(name);
}

std::string parent_folder(std::string_view path) {
    const std::size_t slash = path.rfind('/');
    if (slash == std::string_view::npos) return "";
    return std::string(path.substr(0, slash == 0 ? 1 : slash));
}

}    // namespace filfil
