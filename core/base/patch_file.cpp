// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "base/patch_file.hpp"

#include "base/files.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace filfil {
namespace {

Error system_error(const std::string& path, std::string_view what, int number) {
    std::string remedy;
    if (number == ENOENT || number == ENOTDIR) remedy = "check the path";
    if (number == EACCES || number == EPERM) remedy = "check the permissions of the file and of its folder";
    if (number == ENOSPC || number == EDQUOT || number == EFBIG) remedy = "free some space or write to another disk";
    const ErrorCode code = number == ENOENT || number == ENOTDIR ? ErrorCode::not_found : ErrorCode::io;
    return {code, path + ": cannot " + std::string(what) + ": " + std::generic_category().message(number),
            std::move(remedy)};
}

std::string folder_of(const std::string& path) {
    std::string folder = parent_folder(path);
    return folder.empty() ? "." : folder;
}

class SystemPatch final : public PatchFile {
public:
    SystemPatch(int fd, std::string path) : m_fd(fd), m_path(std::move(path)) {}
    ~SystemPatch() override { ::close(m_fd); }
    SystemPatch(const SystemPatch&) = delete;
    SystemPatch& operator=(const SystemPatch&) = delete;

    Result<std::size_t> read_at(std::uint64_t offset, ByteSpan out) override {
        std::size_t done = 0;
        while (done < out.size()) {
            const ssize_t n = ::pread(m_fd, out.data() + done, out.size() - done, static_cast<off_t>(offset + done));
            if (n == 0) break;
            if (n > 0)
                done += static_cast<std::size_t>(n);
            else if (errno != EINTR)
                return system_error(m_path, "read at byte " + std::to_string(offset + done), errno);
        }
        return done;
    }

    Result<void> write_at(std::uint64_t offset, ByteView bytes) override {
        while (!bytes.empty()) {
            const ssize_t n = ::pwrite(m_fd, bytes.data(), bytes.size(), static_cast<off_t>(offset));
            if (n >= 0) {
                bytes = bytes.subspan(static_cast<std::size_t>(n));
                offset += static_cast<std::uint64_t>(n);
            } else if (errno != EINTR) {
                return system_error(m_path, "write at byte " + std::to_string(offset), errno);
            }
        }
        return {};
    }

    Result<void> truncate(std::uint64_t size) override {
        if (::ftruncate(m_fd, static_cast<off_t>(size)) != 0) return system_error(m_path, "truncate", errno);
        return {};
    }

    Result<void> sync() override {
        if (::fsync(m_fd) != 0) return system_error(m_path, "sync", errno);
        return {};
    }

private:
    int m_fd;
    std::string m_path;
};

}    // namespace

Result<std::unique_ptr<PatchFile>> SystemPatchFiles::open_patch(const std::string& path) {
    if (path.empty() || path.find('\0') != std::string::npos)
        return Error(ErrorCode::invalid_argument, "the path is empty or has a zero byte", "give the path of a file");
    const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (fd < 0) return system_error(path, "open", errno);
    auto out = std::make_unique<SystemPatch>(fd, path);
    struct stat status{};
    if (::fstat(fd, &status) == 0 && !S_ISREG(status.st_mode))
        return Error(ErrorCode::invalid_argument, path + ": is there already and is no regular file",
                     "give another output path");
    // A file system without locks is taken as it is.
    if (::flock(fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
        return Error(ErrorCode::busy, path + ": another program is writing to it",
                     "wait for its end, or name another file");
    return std::unique_ptr<PatchFile>(std::move(out));
}

Result<void> SystemPatchFiles::publish(const std::string& from, const std::string& to) {
    if (::rename(from.c_str(), to.c_str()) != 0) return system_error(to, "rename " + from + " to it", errno);
    const std::string folder = folder_of(to);
    const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return system_error(folder, "open the folder", errno);
    // Some file systems cannot sync a folder and say EINVAL; there the rename itself is as durable as it gets.
    const int failure = ::fsync(fd) != 0 && errno != EINVAL ? errno : 0;
    ::close(fd);
    if (failure != 0) return system_error(folder, "sync the folder", failure);
    return {};
}

Result<std::uint64_t> SystemPatchFiles::free_space(const std::string& path) {
    struct statvfs status{};
    const std::string folder = folder_of(path);
    if (::statvfs(folder.c_str(), &status) != 0) return system_error(folder, "read the free space", errno);
    return static_cast<std::uint64_t>(status.f_bavail) * status.f_frsize;
}

}    // namespace filfil
