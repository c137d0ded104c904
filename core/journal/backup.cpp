// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "journal/backup.hpp"

#include "base/files.hpp"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <memory>
#include <system_error>
#include <vector>

namespace filfil::journal {
namespace {

/// Versions whose backups are looked for; there will never be so many.
constexpr int last_version = 99;

bool exists(sqlite3_vfs* vfs, const std::string& path) {
    int found = 0;
    return vfs->xAccess(vfs, path.c_str(), SQLITE_ACCESS_EXISTS, &found) == SQLITE_OK && found != 0;
}

/// The same path for every name of a file, as far as the vfs knows; "" where it cannot tell.
std::string full_path(sqlite3_vfs* vfs, const std::string& path) {
    std::vector<char> out(static_cast<std::size_t>(vfs->mxPathname) + 1);
    const int code = vfs->xFullPathname(vfs, path.c_str(), static_cast<int>(out.size()), out.data());
    return (code & 0xff) == SQLITE_OK ? std::string(out.data()) : std::string();
}

Error system_error(const std::string& path, const std::string& doing) {
    return {ErrorCode::io, path + ": cannot " + doing + ": " + std::generic_category().message(errno),
            "check the disk and the permissions of the folder"};
}

Result<void> rename_file(const std::string& from, const std::string& to) {
    if (std::rename(from.c_str(), to.c_str()) != 0) return system_error(to, "rename to");
    std::string folder = parent_folder(to);
    if (folder.empty()) folder = ".";
    const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return system_error(folder, "open the folder");
    // Some file systems cannot sync a folder and say EINVAL; there the rename itself is as durable as it gets.
    const bool synced = ::fsync(fd) == 0 || errno == EINVAL;
    const Error failed = system_error(folder, "sync the folder");
    ::close(fd);
    if (!synced) return failed;
    return {};
}

struct Finish {
    void operator()(sqlite3_backup* copy) const noexcept { sqlite3_backup_finish(copy); }
};

Result<void> copy_to(Database& source, const std::string& path) {
    FILFIL_TRY(const std::unique_ptr<Database> target, Database::open(path, source.vfs()));
    // A file that is not whole is thrown away: nothing has to be kept of what it was. What ends the copying syncs it.
    FILFIL_CHECK(target->ask("PRAGMA journal_mode = OFF"));
    FILFIL_CHECK(target->run("PRAGMA synchronous = FULL"));
    const std::unique_ptr<sqlite3_backup, Finish> copy(
        sqlite3_backup_init(target->handle(), "main", source.handle(), "main"));
    if (copy == nullptr) return target->error(sqlite3_extended_errcode(target->handle()), "make the backup");
    const int code = sqlite3_backup_step(copy.get(), -1);
    if (code == SQLITE_DONE) return {};
    const int kind = code & 0xff;
    if (kind == SQLITE_CORRUPT || kind == SQLITE_NOTADB) return source.damage("its pages cannot be copied");
    // The code comes from the copying; no connection has a text for it.
    const std::string why = kind == SQLITE_FULL ? "No space left on device" : sqlite3_errstr(code);
    return Error(kind == SQLITE_BUSY ? ErrorCode::busy : ErrorCode::io, path + ": cannot write the backup: " + why,
                 kind == SQLITE_FULL ? "free some space or write to another disk" : "check the disk");
}

}    // namespace

std::string backup_name(const std::string& path, int version) { return path + ".v" + std::to_string(version) + ".bak"; }

std::string find_backup(const std::string& path, const std::string& vfs_name) {
    sqlite3_vfs* vfs = sqlite3_vfs_find(vfs_name.empty() ? nullptr : vfs_name.c_str());
    if (vfs == nullptr) return {};
    if (std::string name = path + ".bak"; exists(vfs, name)) return name;
    for (int version = last_version; version > 0; --version)
        if (std::string name = backup_name(path, version); exists(vfs, name)) return name;
    return {};
}

Result<void> back_up(Database& source, const std::string& path, const SqliteOptions& options) {
    sqlite3_vfs* vfs = sqlite3_vfs_find(options.vfs.empty() ? nullptr : options.vfs.c_str());
    if (vfs == nullptr) return Error(ErrorCode::internal, "the sqlite3_vfs '" + options.vfs + "' is not there");
    if (path.empty() || path.find('\0') != std::string::npos)
        return Error(ErrorCode::invalid_argument, "the backup's path is empty or has a zero byte",
                     "give the path of a file");
    const std::string own = full_path(vfs, source.path());
    for (const std::string name : {"", "-wal", "-journal"})
        if (path == source.path() + name || full_path(vfs, path) == own + name)
            return Error(ErrorCode::invalid_argument, path + ": is a file of the journal itself",
                         "name another file for the backup");

    const std::string part = path + ".part";
    // What a crash has left of an earlier one.
    if (exists(vfs, part)) (void)vfs->xDelete(vfs, part.c_str(), 0);
    auto done = copy_to(source, part);
    if (done.ok()) done = options.rename ? options.rename(part, path) : rename_file(part, path);
    if (!done.ok()) (void)vfs->xDelete(vfs, part.c_str(), 0);
    return done;
}

}    // namespace filfil::journal
