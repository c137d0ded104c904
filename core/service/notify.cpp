// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/notify.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstddef>
#include <cstring>
#include <system_error>

namespace filfil::service {
namespace {

class NoNotifier final : public Notifier {
public:
    void notify(std::string_view) noexcept override {}
};

class SocketNotifier final : public Notifier {
public:
    SocketNotifier(int fd, const sockaddr_un& address, socklen_t size) noexcept
        : m_fd(fd), m_address(address), m_size(size) {}
    ~SocketNotifier() override { ::close(m_fd); }
    SocketNotifier(const SocketNotifier&) = delete;
    SocketNotifier& operator=(const SocketNotifier&) = delete;

    void notify(std::string_view state) noexcept override {
        const auto* to = reinterpret_cast<const sockaddr*>(&m_address);
        while (::sendto(m_fd, state.data(), state.size(), MSG_NOSIGNAL | MSG_DONTWAIT, to, m_size) < 0 &&
               errno == EINTR) {
        }
    }

private:
    int m_fd;
    sockaddr_un m_address;
    socklen_t m_size;
};

}    // namespace

Result<std::unique_ptr<Notifier>> open_notifier(std::string_view socket) {
    if (socket.empty()) return std::unique_ptr<Notifier>(std::make_unique<NoNotifier>());
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (socket.size() < 2 || (socket[0] != '/' && socket[0] != '@') || socket.size() >= sizeof(address.sun_path) ||
        socket.find('\0') != std::string_view::npos)
        return Error(ErrorCode::invalid_argument,
                     "NOTIFY_SOCKET is neither a path nor a name behind '@' of at most " +
                         std::to_string(sizeof(address.sun_path) - 1) + " bytes",
                     "it is set by systemd; unset it where the daemon is started by hand");
    std::memcpy(address.sun_path, socket.data(), socket.size());
    if (socket[0] == '@') address.sun_path[0] = '\0';
    // A name in abstract space ends with its size, a path with a zero.
    const auto size =
        static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + socket.size() + (socket[0] == '/' ? 1 : 0));
    const int fd = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return Error(ErrorCode::io, "cannot make a socket to tell systemd: " + std::generic_category().message(errno));
    return std::unique_ptr<Notifier>(std::make_unique<SocketNotifier>(fd, address, size));
}

std::optional<Clock::Duration> watchdog_period(std::string_view usec, std::string_view pid, long own_pid) noexcept {
    const auto number_of = [](std::string_view text) -> std::optional<std::int64_t> {
        std::int64_t out = 0;
        const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), out);
        if (status != std::errc{} || end != text.data() + text.size()) return std::nullopt;
        return out;
    };
    constexpr std::int64_t most = std::int64_t{365} * 86'400 * 1'000'000;
    const auto period = number_of(usec);
    if (!period || *period <= 0 || *period > most) return std::nullopt;
    if (!pid.empty() && number_of(pid) != own_pid) return std::nullopt;
    return Clock::Duration(std::chrono::microseconds(*period)) / 2;
}

}    // namespace filfil::service
