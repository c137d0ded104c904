// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "child.hpp"

#include <array>
#include <cerrno>
#include <chrono>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace filfil::bench {
namespace {

[[noreturn]] void fail(const std::string& what) { throw std::system_error(errno, std::generic_category(), what); }

/// A file descriptor that closes itself.
class Descriptor {
public:
    explicit Descriptor(int fd) : m_fd(fd) {}
    ~Descriptor() { close(); }
    Descriptor(Descriptor&& other) noexcept : m_fd(std::exchange(other.m_fd, -1)) {}
    Descriptor& operator=(Descriptor&&) = delete;
    [[nodiscard]] int get() const noexcept { return m_fd; }
    void close() noexcept {
        if (m_fd >= 0) ::close(m_fd);
        m_fd = -1;
    }

private:
    int m_fd;
};

struct Pipe {
    Descriptor read;
    Descriptor write;
};

Pipe make_pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) fail("pipe");
    return {Descriptor(ends[0]), Descriptor(ends[1])};
}

Descriptor open_for_reading(const std::string& path) {
    Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (file.get() < 0) fail(path);
    return file;
}

pid_t start(const std::vector<std::string>& arguments, int in, int out) {
    std::vector<char*> argv;
    for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
    argv.push_back(nullptr);
    const pid_t child = ::fork();
    if (child < 0) fail("fork");
    if (child == 0) {
        ::dup2(in, STDIN_FILENO);
        ::dup2(out, STDOUT_FILENO);
        ::execvp(argv[0], argv.data());
        ::_exit(127);
    }
    return child;
}

std::string read_to_end(int fd) {
    std::string text;
    std::array<char, 4096> buffer;
    for (;;) {
        const ssize_t n = ::read(fd, buffer.data(), buffer.size());
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return text;
        text.append(buffer.data(), static_cast<std::size_t>(n));
    }
}

double seconds_of(const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

}    // namespace

ChildRun run_child(const std::vector<std::string>& arguments, const Input& input, bool keep_output) {
    Pipe out = make_pipe();
    Descriptor nowhere(::open("/dev/null", O_WRONLY | O_CLOEXEC));
    Descriptor in = open_for_reading(input.kind == Input::Kind::file ? input.path : "/dev/null");
    const auto begin = std::chrono::steady_clock::now();
    pid_t cat = -1;
    if (input.kind == Input::Kind::cat) {
        Pipe feed = make_pipe();
        cat = start({"cat", input.path}, in.get(), feed.write.get());
        ::dup2(feed.read.get(), in.get());
    }
    const pid_t child = start(arguments, in.get(), keep_output ? out.write.get() : nowhere.get());
    in.close();
    out.write.close();

    ChildRun run;
    run.out = read_to_end(out.read.get());
    int status = 0;
    rusage usage{};
    if (::wait4(child, &status, 0, &usage) != child) fail("wait4");
    run.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    if (cat > 0) ::waitpid(cat, nullptr, 0);
    run.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    run.cpu_seconds = seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime);
    run.peak_rss_mib = static_cast<double>(usage.ru_maxrss) / 1024;
    return run;
}

}    // namespace filfil::bench
