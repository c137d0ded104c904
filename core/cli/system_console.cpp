// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cli/system_console.hpp"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

namespace filfil::cli {
namespace {

constexpr std::string_view erase_line = "\r\x1b[K";

/// @return 0, or the error number
int write_all(int fd, std::string_view text) noexcept {
    while (!text.empty()) {
        const ssize_t n = ::write(fd, text.data(), text.size());
        if (n >= 0)
            text.remove_prefix(static_cast<std::size_t>(n));
        else if (errno != EINTR)
            return errno;
    }
    return 0;
}

/// open() gives the lowest free number, so filling from 0 upwards puts each stand-in where it belongs. The direction is
/// the wrong one on purpose: using the stream still fails, as it should.
bool fill_if_closed(int fd, int wrong_direction) noexcept {
    if (::fcntl(fd, F_GETFD) >= 0 || errno != EBADF) return true;
    [[maybe_unused]] const int stand_in = ::open("/dev/null", wrong_direction);
    return false;
}

}    // namespace

SystemConsole::SystemConsole(std::stop_source stop)
    : m_stop(std::move(stop)), m_in_is_open(fill_if_closed(STDIN_FILENO, O_WRONLY)) {
    fill_if_closed(STDOUT_FILENO, O_RDONLY);
    fill_if_closed(STDERR_FILENO, O_RDONLY);
    m_in_is_terminal = ::isatty(STDIN_FILENO) == 1;
    m_err_is_terminal = ::isatty(STDERR_FILENO) == 1;
}

void SystemConsole::clear_status() noexcept {
    if (std::exchange(m_status_shown, false)) write_all(STDERR_FILENO, erase_line);
}

void SystemConsole::out(std::string_view text) noexcept {
    const std::scoped_lock lock(m_mutex);
    clear_status();
    if (m_out_errno) return;
    if (const int failure = write_all(STDOUT_FILENO, text); failure != 0) {
        m_out_errno = failure;
        m_stop.request_stop();
    }
}

void SystemConsole::err(std::string_view text) noexcept {
    const std::scoped_lock lock(m_mutex);
    clear_status();
    write_all(STDERR_FILENO, text);
}

void SystemConsole::status(std::string_view line) noexcept {
    if (!m_err_is_terminal) return;
    const std::scoped_lock lock(m_mutex);
    if (line.empty()) return clear_status();
    // One write, so that no half-drawn line is seen.
    write_all(STDERR_FILENO, std::string(erase_line).append(line));
    m_status_shown = true;
}

unsigned SystemConsole::columns() const noexcept {
    winsize size{};
    // A line as wide as the terminal would wrap, and then it could not be erased.
    if (::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 20) return size.ws_col - 1U;
    return 79;
}

std::optional<Error> SystemConsole::out_failure() const {
    const std::scoped_lock lock(m_mutex);
    if (!m_out_errno) return std::nullopt;
    if (*m_out_errno == EPIPE) return Error(ErrorCode::cancelled, "standard output: its reader went away");
    return Error(
        ErrorCode::io, "standard output: cannot write: " + std::generic_category().message(*m_out_errno),
        *m_out_errno == ENOSPC ? "free some space or send the results elsewhere" : "check where standard output leads");
}

}    // namespace filfil::cli
