// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include <string>
#include <vector>

namespace filfil::bench {

/// What a program took and said.
struct ChildRun {
    int exit_code = 0;    ///< 128 + the signal's number where one ended it
    double seconds = 0;
    double cpu_seconds = 0;     ///< user and system, all threads
    double peak_rss_mib = 0;    ///< of the program alone; never less than this program's own, which is a few MiB
    std::string out;            ///< its standard output
};

/// Where a program's standard input comes from.
struct Input {
    enum class Kind { nothing, file, cat };
    Kind kind = Kind::nothing;
    std::string path;    ///< the file itself, or what `cat` writes into a pipe
};

/// Runs a program to its end. Standard error is this program's own.
/// @param keep_output false sends its standard output to /dev/null
/// @throws std::system_error where it cannot be started
ChildRun run_child(const std::vector<std::string>& arguments, const Input& input = {}, bool keep_output = true);

}    // namespace filfil::bench
