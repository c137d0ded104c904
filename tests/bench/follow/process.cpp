// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "process.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <fstream>
#include <sstream>
#include <system_error>

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace filfil::bench {
namespace {

[[noreturn]] void fail(const char* what) { throw std::system_error(errno, std::generic_category(), what); }

double cpu_seconds_in(const std::string& path) {
    std::ifstream file(path);
    std::string text;
    std::getline(file, text);
    const std::size_t name = text.rfind(')');
    if (name == std::string::npos) return 0;
    std::istringstream fields(text.substr(name + 1));
    std::string skipped;
    for (int i = 0; i < 11; ++i) fields >> skipped;
    double user = 0;
    double system = 0;
    fields >> user >> system;
    return (user + system) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

}    // namespace

Process::Process(const std::vector<std::string>& arguments) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) fail("pipe");
    std::vector<char*> argv;
    for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
    argv.push_back(nullptr);
    m_pid = ::fork();
    if (m_pid < 0) fail("fork");
    if (m_pid == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        ::dup2(ends[1], STDOUT_FILENO);
        ::execvp(argv[0], argv.data());
        ::_exit(127);
    }
    ::close(ends[1]);
    m_out = ends[0];
}

Process::~Process() {
    ::kill(m_pid, SIGKILL);
    ::waitpid(m_pid, nullptr, 0);
    ::close(m_out);
}

std::string Process::line() {
    std::string out;
    for (char c = 0; ::read(m_out, &c, 1) == 1 && c != '\n';) out += c;
    return out;
}

std::string Process::rest() {
    std::string out;
    std::array<char, 4096> part;
    for (ssize_t n = 0; (n = ::read(m_out, part.data(), part.size())) > 0;)
        out.append(part.data(), static_cast<std::size_t>(n));
    return out;
}

double Process::cpu_seconds() const { return cpu_seconds_in("/proc/" + std::to_string(m_pid) + "/stat"); }
double own_cpu_seconds() { return cpu_seconds_in("/proc/self/stat"); }

double resident_bytes() {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);)
        if (line.starts_with("VmRSS:")) return std::stod(line.substr(6)) * 1024;
    return 0;
}

std::string own_path() {
    std::string out(4096, '\0');
    const ssize_t size = ::readlink("/proc/self/exe", out.data(), out.size());
    if (size < 0) fail("/proc/self/exe");
    out.resize(static_cast<std::size_t>(size));
    return out;
}

}    // namespace filfil::bench
