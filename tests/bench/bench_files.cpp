// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "bench_files.hpp"

#include "base/random.hpp"
#include "base/units.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <vector>

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

namespace filfil::bench {
namespace {

[[noreturn]] void fail(const std::string& path) { throw std::system_error(errno, std::generic_category(), path); }

bool has_size(const std::string& path, std::uint64_t size) {
    std::error_code absent;
    return std::filesystem::file_size(path, absent) == size && !absent;
}

double thread_cpu_seconds() {
    timespec time{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

class ReadOnly {
public:
    explicit ReadOnly(const std::string& path) : m_fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
        if (m_fd < 0) fail(path);
    }
    ~ReadOnly() { ::close(m_fd); }
    ReadOnly(const ReadOnly&) = delete;
    ReadOnly& operator=(const ReadOnly&) = delete;
    [[nodiscard]] int get() const noexcept { return m_fd; }

private:
    int m_fd;
};

}    // namespace

void make_random_file(const std::string& path, std::uint64_t size) {
    if (has_size(path, size)) return;
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    SeededRandom random(size);
    Bytes buffer(MiB);
    for (std::uint64_t left = size; left != 0 && file;) {
        random.fill(buffer);
        const std::uint64_t part = std::min<std::uint64_t>(left, buffer.size());
        file.write(reinterpret_cast<const char*>(buffer.data()), static_cast<std::streamsize>(part));
        left -= part;
    }
    file.close();
    if (!file) fail(path);
}

void make_sparse_file(const std::string& path, std::uint64_t size) {
    std::ofstream(path, std::ios::binary | std::ios::app).close();
    if (::truncate(path.c_str(), static_cast<off_t>(size)) != 0) fail(path);
}

double cached_part(const std::string& path) {
    const ReadOnly file(path);
    const std::uint64_t size = std::filesystem::file_size(path);
    if (size == 0) return 1;
    const auto page = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
    const std::uint64_t pages = (size + page - 1) / page;
    void* const map = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, file.get(), 0);
    if (map == MAP_FAILED) fail(path);
    std::vector<unsigned char> present(pages);
    const int failed = ::mincore(map, size, present.data());
    ::munmap(map, size);
    if (failed != 0) fail(path);
    std::uint64_t count = 0;
    for (const unsigned char one : present) count += one & 1U;
    return static_cast<double>(count) / static_cast<double>(pages);
}

ReadTime read_once(const std::string& path) {
    const ReadOnly file(path);
    // As large as the CPU backend's staging buffers: it stays in the second-level cache.
    Bytes buffer(std::size_t{3072} * 127);
    const double cpu_begin = thread_cpu_seconds();
    const auto begin = std::chrono::steady_clock::now();
    for (off_t offset = 0;;) {
        const ssize_t n = ::pread(file.get(), buffer.data(), buffer.size(), offset);
        if (n < 0) fail(path);
        if (n == 0) break;
        offset += n;
    }
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    return {took.count(), thread_cpu_seconds() - cpu_begin};
}

}    // namespace filfil::bench
