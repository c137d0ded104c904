// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "bench/scratch.hpp"

#include "base/random.hpp"
#include "base/units.hpp"
#include "bench/ceilings.hpp"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <mutex>
#include <optional>
#include <system_error>

#include <fcntl.h>
#include <unistd.h>

namespace filfil::bench {
namespace {

Error failed(const std::string& path, const std::string& what, int code) {
    return {ErrorCode::io, path + ": cannot " + what + " (" + std::generic_category().message(code) + ")",
            "name another folder with --scratch"};
}

class OpenFile {
public:
    explicit OpenFile(const std::string& path)
        : m_fd(::open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0666)) {}
    ~OpenFile() {
        if (m_fd >= 0) ::close(m_fd);
    }
    OpenFile(const OpenFile&) = delete;
    OpenFile& operator=(const OpenFile&) = delete;
    [[nodiscard]] int get() const noexcept { return m_fd; }

private:
    int m_fd;
};

/// Bytes that a folder's file system has left; 0 where there is none.
std::uint64_t space_in(const std::string& folder) {
    std::error_code failure;
    const std::filesystem::space_info space = std::filesystem::space(folder, failure);
    return failure ? 0 : space.available;
}

/// @return 0, or what the system says
int write_at(int fd, std::uint64_t offset, ByteView bytes) {
    while (!bytes.empty()) {
        const ssize_t n = ::pwrite(fd, bytes.data(), bytes.size(), static_cast<off_t>(offset));
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return errno;
        bytes = bytes.subspan(static_cast<std::size_t>(n));
        offset += static_cast<std::uint64_t>(n);
    }
    return 0;
}

}    // namespace

Result<std::unique_ptr<ScratchFolder>> ScratchFolder::make(const Bench& bench) {
    std::string path = bench.options.scratch + "/filfil-gpu-bench-XXXXXX";
    if (::mkdtemp(path.data()) == nullptr) return failed(path, "make the folder", errno);
    return std::unique_ptr<ScratchFolder>(new ScratchFolder(std::move(path)));
}

ScratchFolder::~ScratchFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(m_path, ignored);
}

std::string usual_scratch() {
    // A piece of 32 GiB, and a little more.
    constexpr std::uint64_t enough = 34 * GiB;
    const std::string memory = "/dev/shm";
    const std::string disk = "/tmp";
    return space_in(memory) >= std::min(enough, space_in(disk)) ? memory : disk;
}

std::uint64_t scratch_room(const Bench& bench) {
    // A tenth stays, for whatever else the machine does.
    return std::min(space_in(bench.options.scratch), bench.memory_left()) / 10 * 9;
}

Result<std::uint64_t> make_random_file(const Bench& bench, const std::string& path, std::uint64_t size) {
    constexpr std::size_t run = 4 * MiB;
    const OpenFile file(path);
    if (file.get() < 0) return failed(path, "make the file", errno);
    const double end = bench.now() + bench.options.time_limit / 5;
    std::atomic<std::uint64_t> next{0};
    std::atomic<int> failure{0};
    side_by_side(bench.cpus, [&](unsigned) {
        Bytes bytes(run);
        while (failure == 0 && bench.now() < end) {
            const std::uint64_t at = next.fetch_add(run);
            if (at >= size) return;
            const ByteSpan part = ByteSpan(bytes).first(std::min<std::uint64_t>(run, size - at));
            SeededRandom(at).fill(part);
            if (const int code = write_at(file.get(), at, part); code != 0) failure = code;
        }
    });
    // Runs are taken in order, and whoever took one wrote it: what comes before the next is there. On a full file
    // system a part of the last ones is missing.
    std::uint64_t made = std::min<std::uint64_t>(next, size);
    if (failure == ENOSPC || failure == ENOMEM)
        made -= std::min<std::uint64_t>(made, (std::uint64_t{bench.cpus} + 1) * run);
    else if (failure != 0)
        return failed(path, "write", failure);
    FILFIL_CHECK(shorten(path, made));
    return made;
}

Result<std::vector<std::string>> make_random_files(const Bench& bench, const std::string& folder, std::size_t count,
                                                   std::size_t size) {
    std::vector<std::string> paths(count);
    std::atomic<std::size_t> next{0};
    std::mutex mutex;
    std::optional<Error> failure;
    side_by_side(bench.cpus, [&](unsigned) {
        Bytes bytes(size);
        for (std::size_t i = 0; (i = next.fetch_add(1)) < count;) {
            paths[i] = folder + "/" + std::to_string(i);
            SeededRandom(i).fill(bytes);
            const OpenFile file(paths[i]);
            const int code = file.get() < 0 ? errno : write_at(file.get(), 0, bytes);
            if (code == 0) continue;
            const std::scoped_lock lock(mutex);
            failure = failed(paths[i], "write", code);
            next = count;
        }
    });
    if (failure) return *failure;
    return paths;
}

Result<void> shorten(const std::string& path, std::uint64_t size) {
    if (::truncate(path.c_str(), static_cast<off_t>(size)) != 0) return failed(path, "cut it down", errno);
    return {};
}

}    // namespace filfil::bench
