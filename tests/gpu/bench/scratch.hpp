// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "bench/bench.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace filfil::bench {

/// A folder of one's own below the scratch folder, removed with what is in it.
class ScratchFolder {
public:
    static Result<std::unique_ptr<ScratchFolder>> make(const Bench& bench);
    ~ScratchFolder();
    ScratchFolder(const ScratchFolder&) = delete;
    ScratchFolder& operator=(const ScratchFolder&) = delete;

    [[nodiscard]] const std::string& path() const noexcept { return m_path; }

private:
    explicit ScratchFolder(std::string path) : m_path(std::move(path)) {}
    std::string m_path;
};

/// Where files are made unless somebody says so: in memory, or where that is too small, on the disk.
std::string usual_scratch();

/// Bytes that files there may take: of the file system, and of memory, since pages of files shall stay in it.
std::uint64_t scratch_room(const Bench& bench);

/// Makes a file of random bytes, by all CPUs. @return its size: `size`, or less where there was no time for it
/// (see Options::time_limit) or no room
Result<std::uint64_t> make_random_file(const Bench& bench, const std::string& path, std::uint64_t size);

/// Makes `count` files of random bytes, FOLDER/0, FOLDER/1, …
Result<std::vector<std::string>> make_random_files(const Bench& bench, const std::string& folder, std::size_t count,
                                                   std::size_t size);

/// Cuts a file down.
Result<void> shorten(const std::string& path, std::uint64_t size);

}    // namespace filfil::bench
