// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "sim_vfs.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>
#include <mutex>
#include <new>
#include <stdexcept>

namespace filfil {

struct SimVfs::State {
    State(CrashFiles& files_, const Clock& clock_, std::uint64_t seed) : files(files_), clock(clock_), random(seed) {}

    CrashFiles& files;
    const Clock& clock;
    std::mutex mutex;    ///< of what follows
    SeededRandom random;
    std::uint64_t unnamed = 0;    ///< temporary files so far

    std::string name;
    sqlite3_vfs vfs{};
};

namespace {

using State = SimVfs::State;
using Lock = RandomAccessFile::Lock;

struct OpenFile {
    State& state;
    std::unique_ptr<RandomAccessFile> file;
    std::string path;
    bool sync_folder = false;    ///< its name is not durable yet, and has to be with its bytes
    bool remove = false;         ///< when it is closed
};

/// What SQLite makes room for.
struct SimFile {
    sqlite3_file base;
    OpenFile* open;
};

OpenFile& of(sqlite3_file* file) { return *reinterpret_cast<SimFile*>(file)->open; }
State& of(sqlite3_vfs* vfs) { return *static_cast<State*>(vfs->pAppData); }

bool is_full(const Error& error) { return error.message.find("No space") != std::string::npos; }

int close_file(sqlite3_file* file) {
    const std::unique_ptr<OpenFile> open(std::exchange(reinterpret_cast<SimFile*>(file)->open, nullptr));
    if (open->remove) (void)open->state.files.remove(open->path);
    return SQLITE_OK;
}

int read_file(sqlite3_file* file, void* out, int size, sqlite3_int64 offset) {
    const ByteSpan to(static_cast<std::byte*>(out), static_cast<std::size_t>(size));
    const auto done = of(file).file->read_at(static_cast<std::uint64_t>(offset), to);
    if (!done.ok()) return SQLITE_IOERR_READ;
    if (*done == to.size()) return SQLITE_OK;
    std::ranges::fill(to.subspan(*done), std::byte{0});
    return SQLITE_IOERR_SHORT_READ;
}

int write_file(sqlite3_file* file, const void* data, int size, sqlite3_int64 offset) {
    const ByteView bytes(static_cast<const std::byte*>(data), static_cast<std::size_t>(size));
    const auto done = of(file).file->write_at(static_cast<std::uint64_t>(offset), bytes);
    if (done.ok()) return SQLITE_OK;
    return is_full(done.error()) ? SQLITE_FULL : SQLITE_IOERR_WRITE;
}

int truncate_file(sqlite3_file* file, sqlite3_int64 size) {
    return of(file).file->truncate(static_cast<std::uint64_t>(size)).ok() ? SQLITE_OK : SQLITE_IOERR_TRUNCATE;
}

int sync_file(sqlite3_file* file, int) {
    OpenFile& open = of(file);
    if (!open.file->sync().ok()) return SQLITE_IOERR_FSYNC;
    if (!open.sync_folder) return SQLITE_OK;
    if (!open.state.files.sync_folder().ok()) return SQLITE_IOERR_DIR_FSYNC;
    open.sync_folder = false;
    return SQLITE_OK;
}

int file_size(sqlite3_file* file, sqlite3_int64* out) {
    const auto size = of(file).file->size();
    if (!size.ok()) return SQLITE_IOERR_FSTAT;
    *out = static_cast<sqlite3_int64>(*size);
    return SQLITE_OK;
}

int lock_file(sqlite3_file* file, int level) {
    const auto locked = of(file).file->lock(static_cast<Lock>(level));
    if (!locked.ok()) return SQLITE_IOERR_LOCK;
    return *locked ? SQLITE_OK : SQLITE_BUSY;
}

int unlock_file(sqlite3_file* file, int level) {
    of(file).file->unlock(static_cast<Lock>(level));
    return SQLITE_OK;
}

int check_reserved_lock(sqlite3_file* file, int* out) {
    const auto reserved = of(file).file->is_reserved();
    if (!reserved.ok()) return SQLITE_IOERR_CHECKRESERVEDLOCK;
    *out = *reserved ? 1 : 0;
    return SQLITE_OK;
}

int file_control(sqlite3_file*, int, void*) { return SQLITE_NOTFOUND; }
int sector_size(sqlite3_file*) { return 4096; }

/// As SQLite thinks of a system's disks: a write that the power ends changes no byte beside its own.
int device_characteristics(sqlite3_file*) { return SQLITE_IOCAP_POWERSAFE_OVERWRITE; }

/// Version 1: without shared memory.
constexpr sqlite3_io_methods methods = {
    .iVersion = 1,
    .xClose = close_file,
    .xRead = read_file,
    .xWrite = write_file,
    .xTruncate = truncate_file,
    .xSync = sync_file,
    .xFileSize = file_size,
    .xLock = lock_file,
    .xUnlock = unlock_file,
    .xCheckReservedLock = check_reserved_lock,
    .xFileControl = file_control,
    .xSectorSize = sector_size,
    .xDeviceCharacteristics = device_characteristics,
    .xShmMap = nullptr,
    .xShmLock = nullptr,
    .xShmBarrier = nullptr,
    .xShmUnmap = nullptr,
    .xFetch = nullptr,
    .xUnfetch = nullptr,
};

int open_file(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* flags_out) {
    State& state = of(vfs);
    auto* const out = new (file) SimFile{};
    std::string path;
    if (name != nullptr) {
        path = name;
    } else {
        const std::lock_guard lock(state.mutex);
        path = state.name + "-" + std::to_string(++state.unnamed);
    }
    const bool make = (flags & SQLITE_OPEN_CREATE) != 0;
    const bool fresh = !state.files.has(path);
    auto opened = state.files.open_random(path, make);
    if (!opened.ok()) return SQLITE_CANTOPEN;
    constexpr int with_folder = SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_SUPER_JOURNAL | SQLITE_OPEN_WAL;
    out->open = new OpenFile{.state = state,
                             .file = *std::move(opened),
                             .path = std::move(path),
                             .sync_folder = fresh && (flags & with_folder) != 0,
                             .remove = (flags & SQLITE_OPEN_DELETEONCLOSE) != 0};
    out->base.pMethods = &methods;
    if (flags_out != nullptr) *flags_out = flags;
    return SQLITE_OK;
}

int delete_file(sqlite3_vfs* vfs, const char* name, int sync_folder) {
    CrashFiles& files = of(vfs).files;
    const auto removed = files.remove(name);
    if (!removed.ok())
        return removed.error().code == ErrorCode::not_found ? SQLITE_IOERR_DELETE_NOENT : SQLITE_IOERR_DELETE;
    if (sync_folder != 0 && !files.sync_folder().ok()) return SQLITE_IOERR_DIR_FSYNC;
    return SQLITE_OK;
}

int access_file(sqlite3_vfs* vfs, const char* name, int flags, int* out) {
    CrashFiles& files = of(vfs).files;
    if (files.crashed()) return SQLITE_IOERR_ACCESS;
    const auto info = files.info(name);
    // For the system's files too, one that is empty is as good as not there.
    *out = info.ok() && (flags != SQLITE_ACCESS_EXISTS || info->size > 0) ? 1 : 0;
    return SQLITE_OK;
}

int full_pathname(sqlite3_vfs*, const char* name, int size, char* out) {
    const std::size_t length = std::strlen(name);
    if (length >= static_cast<std::size_t>(size)) return SQLITE_CANTOPEN;
    std::memcpy(out, name, length + 1);
    return SQLITE_OK;
}

int randomness(sqlite3_vfs* vfs, int size, char* out) {
    State& state = of(vfs);
    const std::lock_guard lock(state.mutex);
    state.random.fill(std::as_writable_bytes(std::span(out, static_cast<std::size_t>(size))));
    return size;
}

int sleep(sqlite3_vfs*, int microseconds) { return microseconds; }

/// Milliseconds since noon of 24 November 4714 BC.
int current_time(sqlite3_vfs* vfs, sqlite3_int64* out) {
    constexpr sqlite3_int64 at_1970 = 210'866'760'000'000;
    *out = at_1970 + std::chrono::duration_cast<std::chrono::milliseconds>(of(vfs).clock.wall()).count();
    return SQLITE_OK;
}

int current_time_days(sqlite3_vfs* vfs, double* out) {
    sqlite3_int64 milliseconds = 0;
    current_time(vfs, &milliseconds);
    *out = static_cast<double>(milliseconds) / 86'400'000.0;
    return SQLITE_OK;
}

int last_error(sqlite3_vfs*, int, char*) { return 0; }

}    // namespace

SimVfs::SimVfs(CrashFiles& files, const Clock& clock, std::uint64_t seed)
    : m_state(std::make_unique<State>(files, clock, seed)) {
    // No two that live have the same address.
    std::array<char, 32> name{};
    std::snprintf(name.data(), name.size(), "sim-%p", static_cast<void*>(m_state.get()));
    m_state->name = name.data();
    sqlite3_vfs& vfs = m_state->vfs;
    vfs.iVersion = 2;
    vfs.szOsFile = sizeof(SimFile);
    vfs.mxPathname = 1024;
    vfs.zName = m_state->name.c_str();
    vfs.pAppData = m_state.get();
    vfs.xOpen = open_file;
    vfs.xDelete = delete_file;
    vfs.xAccess = access_file;
    vfs.xFullPathname = full_pathname;
    vfs.xRandomness = randomness;
    vfs.xSleep = sleep;
    vfs.xCurrentTime = current_time_days;
    vfs.xGetLastError = last_error;
    vfs.xCurrentTimeInt64 = current_time;
    if (sqlite3_vfs_register(&vfs, 0) != SQLITE_OK) throw std::runtime_error("cannot register " + m_state->name);
}

SimVfs::~SimVfs() { sqlite3_vfs_unregister(&m_state->vfs); }

const std::string& SimVfs::name() const noexcept { return m_state->name; }

journal::SqliteOptions SimVfs::options() const {
    return {.vfs = m_state->name, .rename = [&files = m_state->files](const std::string& from, const std::string& to) {
                return files.rename(from, to);
            }};
}

}    // namespace filfil
