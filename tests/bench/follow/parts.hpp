// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace filfil::bench {

struct FollowOptions {
    std::uint64_t tipsets = 0;         ///< of the long run; 0: none
    std::uint64_t head_changes = 0;    ///< of 8 MB; 0: none
    std::uint64_t seed = 1;
    std::string folder;    ///< made, and emptied before each part
};

/// Follows a chain with forks at full speed, and holds the live set against the reference, and its memory against that
/// of an engine that has just been opened. @return false where something is wrong
bool run_long(const FollowOptions& options);

/// Follows head changes of 5,000 blocks one by one: how long reading and applying take, beside what bounds them.
void run_head_changes(const FollowOptions& options);

/// Opens an engine's folder and prints what memory it takes: a process of its own for run_long().
int print_memory(const std::string& folder);

}    // namespace filfil::bench
