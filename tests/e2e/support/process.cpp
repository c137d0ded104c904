// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "support/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <thread>

namespace filfil::e2e {
namespace {

using Time = std::chrono::steady_clock;

void close_and_forget(int& fd) {
    if (fd >= 0) ::close(fd);
    fd = -1;
}

struct Pipe {
    int read_end = -1;
    int write_end = -1;
};

Pipe make_pipe() {
    std::array<int, 2> ends{-1, -1};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) std::abort();
    return {ends[0], ends[1]};
}

}    // namespace

bool has_terminals() {
    int master = -1;
    int terminal = -1;
    if (::openpty(&master, &terminal, nullptr, nullptr, nullptr) != 0) return false;
    ::close(master);
    ::close(terminal);
    return true;
}

Process::Process(const std::vector<std::string>& arguments) : Process(arguments, Options{}) {}

Process::Process(const std::vector<std::string>& arguments, const Options& options) {
    // A write to a process that has ended is an answer, not the test's end.
    std::signal(SIGPIPE, SIG_IGN);
    const Pipe in = make_pipe();
    const Pipe out = make_pipe();
    Pipe err;
    if (options.terminal_error) {
        const winsize size{.ws_row = 24, .ws_col = 100, .ws_xpixel = 0, .ws_ypixel = 0};
        if (::openpty(&err.read_end, &err.write_end, nullptr, nullptr, &size) != 0) std::abort();
        ::fcntl(err.read_end, F_SETFD, FD_CLOEXEC);
        ::fcntl(err.write_end, F_SETFD, FD_CLOEXEC);
    } else {
        err = make_pipe();
    }
    std::vector<std::string> words{options.program.empty() ? FILFIL_BINARY : options.program};
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);

    m_pid = ::fork();
    if (m_pid < 0) std::abort();
    if (m_pid == 0) {
        std::signal(SIGPIPE, SIG_DFL);
        int input = in.read_end;
        if (!options.input_file.empty()) input = ::open(options.input_file.c_str(), O_RDONLY | O_CLOEXEC);
        int output = out.write_end;
        if (!options.output_file.empty()) output = ::open(options.output_file.c_str(), O_WRONLY | O_CLOEXEC);
        if (input < 0 || output < 0 || ::dup2(input, STDIN_FILENO) < 0 || ::dup2(output, STDOUT_FILENO) < 0 ||
            ::dup2(err.write_end, STDERR_FILENO) < 0)
            ::_exit(127);
        if (options.close_input) ::close(STDIN_FILENO);
        if (options.close_output) ::close(STDOUT_FILENO);
        if (!options.folder.empty() && ::chdir(options.folder.c_str()) != 0) ::_exit(127);
        for (const std::string& variable : options.environment) ::putenv(const_cast<char*>(variable.c_str()));
        ::execvp(argv[0], argv.data());
        ::_exit(127);
    }
    ::close(in.read_end);
    ::close(out.write_end);
    ::close(err.write_end);
    m_in = in.write_end;
    m_out = out.read_end;
    m_err = err.read_end;
}

Process::~Process() {
    if (m_pid > 0) {
        ::kill(m_pid, SIGKILL);
        ::waitpid(m_pid, nullptr, 0);
    }
    close_and_forget(m_in);
    close_and_forget(m_out);
    close_and_forget(m_err);
}

bool Process::write(std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t n = ::write(m_in, bytes.data(), bytes.size());
        if (n >= 0)
            bytes.remove_prefix(static_cast<std::size_t>(n));
        else if (errno != EINTR)
            return false;
    }
    return true;
}

void Process::close_input() { close_and_forget(m_in); }

void Process::close_output() { close_and_forget(m_out); }

bool Process::is_running() const {
    siginfo_t state{};
    // Only looked at: wait() still has to find how it ended.
    return ::waitid(P_PID, static_cast<id_t>(m_pid), &state, WEXITED | WNOHANG | WNOWAIT) == 0 && state.si_pid == 0;
}

void Process::kill(int signal) const { ::kill(m_pid, signal); }

/// Takes in what either stream has. @return false when both have ended or the deadline is past
bool Process::read_some(Time::time_point deadline) {
    if (m_out < 0 && m_err < 0) return false;
    std::array<pollfd, 2> ready{{{m_out, POLLIN, 0}, {m_err, POLLIN, 0}}};
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Time::now()).count();
    if (left <= 0 || ::poll(ready.data(), ready.size(), static_cast<int>(left)) == 0) return false;
    const auto take = [](const pollfd& state, int& fd, std::string& into) {
        if (fd < 0 || state.revents == 0) return;
        std::array<char, 65536> buffer{};
        const ssize_t n = ::read(fd, buffer.data(), buffer.size());
        if (n > 0)
            into.append(buffer.data(), static_cast<std::size_t>(n));
        else if (n == 0 || errno != EINTR)    // a terminal whose other side is gone says EIO
            close_and_forget(fd);
    };
    take(ready[0], m_out, m_ended.out);
    take(ready[1], m_err, m_ended.err);
    return true;
}

bool Process::wait_for_error_text(std::string_view text) {
    const auto deadline = Time::now() + std::chrono::minutes(1);
    while (m_ended.err.find(text) == std::string::npos)
        if (!read_some(deadline)) return false;
    return true;
}

bool Process::wait_for_output_text(std::string_view text) {
    const auto deadline = Time::now() + std::chrono::minutes(1);
    while (m_ended.out.find(text) == std::string::npos)
        if (!read_some(deadline)) return false;
    return true;
}

bool Process::wait_for_more_output() {
    const auto deadline = Time::now() + std::chrono::minutes(1);
    const std::size_t before = m_ended.out.size();
    while (m_ended.out.size() == before)
        if (!read_some(deadline)) return false;
    return true;
}

Ended Process::wait() {
    close_input();
    return collect();
}

Ended Process::wait(std::string_view input) {
    // Fed from the side, so that neither waits for the other where both have much to say.
    const std::jthread feeder([this, input] {
        write(input);
        close_input();
    });
    return collect();
}

Ended Process::collect() {
    const auto deadline = Time::now() + std::chrono::minutes(2);
    while (read_some(deadline)) {
    }
    if (Time::now() >= deadline) ::kill(m_pid, SIGKILL);
    int status = 0;
    while (::waitpid(m_pid, &status, 0) < 0 && errno == EINTR) {
    }
    m_pid = -1;
    if (WIFEXITED(status)) m_ended.code = WEXITSTATUS(status);
    if (WIFSIGNALED(status)) m_ended.signal = WTERMSIG(status);
    return m_ended;
}

Ended run(const std::vector<std::string>& arguments, std::string_view input) { return run(arguments, {}, input); }

Ended run(const std::vector<std::string>& arguments, const Process::Options& options, std::string_view input) {
    Process process(arguments, options);
    return process.wait(input);
}

std::vector<std::string> lines_of(std::string_view text) {
    std::vector<std::string> lines;
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        lines.emplace_back(text.substr(0, end));
        if (end == std::string_view::npos) break;
        text.remove_prefix(end + 1);
    }
    return lines;
}

}    // namespace filfil::e2e
