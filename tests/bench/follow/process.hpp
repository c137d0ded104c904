// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include <string>
#include <vector>

#include <sys/types.h>

namespace filfil::bench {

/// A program that runs beside this one, and is killed with it. Throws std::system_error where it cannot be started.
class Process {
public:
    explicit Process(const std::vector<std::string>& arguments);
    ~Process();
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;

    /// A line of its standard output, without the end; "" once it has ended.
    [[nodiscard]] std::string line();

    /// All that is still to come, until it ends.
    [[nodiscard]] std::string rest();

    /// User and system seconds of all its threads so far.
    [[nodiscard]] double cpu_seconds() const;

private:
    pid_t m_pid = -1;
    int m_out = -1;
};

/// The same of this program.
double own_cpu_seconds();

/// Bytes of memory that this program has now.
double resident_bytes();

/// The path of this program.
std::string own_path();

}    // namespace filfil::bench
