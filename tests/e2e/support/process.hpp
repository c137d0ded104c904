// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace filfil::e2e {

/// How a process ended, and what it said.
struct Ended {
    int code = -1;     ///< exit code; -1 where a signal ended it
    int signal = 0;    ///< the signal that ended it, or 0
    std::string out;
    std::string err;
};

/// A running fil-fil with pipes to its standard streams. Whatever goes wrong in starting it shows as exit code 127.
class Process {
public:
    struct Options {
        std::string program;                     ///< to run in place of fil-fil, looked for in PATH
        std::string folder;                      ///< to run in; the test's own where empty
        std::string input_file;                  ///< standard input comes from this file instead of a pipe
        std::string output_file;                 ///< standard output goes to this file instead of a pipe
        bool close_input = false;                ///< start it with its standard input closed
        bool close_output = false;               ///< start it with its standard output closed
        bool terminal_error = false;             ///< standard error is a terminal, 100 columns wide
        std::vector<std::string> environment;    ///< "NAME=value", added to the test's own
    };

    explicit Process(const std::vector<std::string>& arguments);
    Process(const std::vector<std::string>& arguments, const Options& options);
    ~Process();    ///< kills it if it still runs
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;

    /// Writes to its standard input. @return false if it does not read any more
    bool write(std::string_view bytes);
    void close_input();

    /// Closes this side of its standard output, as `| head` does.
    void close_output();

    /// Whether it has not ended yet.
    [[nodiscard]] bool is_running() const;

    /// Sends it a signal.
    void kill(int signal) const;

    /// Reads its standard error until `text` has come. @return false if it ended, or a minute went by, without
    bool wait_for_error_text(std::string_view text);

    /// The same of its standard output.
    bool wait_for_output_text(std::string_view text);

    /// Reads until it has said more on its standard output. @return false if it ended, or a minute went by, without
    bool wait_for_more_output();

    /// What it has said so far on its standard output, as far as that was read.
    [[nodiscard]] const std::string& output() const noexcept { return m_ended.out; }

    /// Closes its input, collects what it says and waits for its end; one that takes longer than two minutes is killed.
    Ended wait();

    /// The same, its input left open.
    Ended wait_with_open_input() { return collect(); }

    /// The same, `input` written to its standard input at the same time.
    Ended wait(std::string_view input);

private:
    Ended collect();
    bool read_some(std::chrono::steady_clock::time_point deadline);

    pid_t m_pid = -1;
    int m_in = -1;
    int m_out = -1;
    int m_err = -1;
    Ended m_ended;
};

/// Runs fil-fil to its end, `input` on its standard input.
Ended run(const std::vector<std::string>& arguments, std::string_view input = {});
Ended run(const std::vector<std::string>& arguments, const Process::Options& options, std::string_view input = {});

/// Whether the system has terminals to give: one without /dev/pts has not.
bool has_terminals();

/// The lines of a text, without their ends.
std::vector<std::string> lines_of(std::string_view text);

}    // namespace filfil::e2e
