// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include <cstdint>
#include <string>

namespace filfil::bench {

// Each makes its file where it is not there with that size yet, the same bytes on every machine.
// @throws std::system_error where it cannot be written

/// A file of random bytes.
void make_random_file(const std::string& path, std::uint64_t size);

/// A file of zeros that takes no room on the disk.
void make_sparse_file(const std::string& path, std::uint64_t size);

/// How much of a file is in the page cache, 0 to 1.
double cached_part(const std::string& path);

struct ReadTime {
    double seconds = 0;
    double cpu_seconds = 0;    ///< of the thread
};

/// Reads a file once from front to back with large preads, as hashing does, into one small buffer.
ReadTime read_once(const std::string& path);

}    // namespace filfil::bench
