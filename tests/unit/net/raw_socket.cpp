// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "raw_socket.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <stdexcept>

namespace filfil::net {
namespace {

void set_patience(int fd) {
    const timeval minute{60, 0};
    ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &minute, sizeof minute);
    ::setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &minute, sizeof minute);
    const int yes = 1;
    ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
}

sockaddr_in address_of(const Endpoint& at) {
    sockaddr_in out{};
    out.sin_family = AF_INET;
    out.sin_port = htons(at.port);
    if (::inet_pton(AF_INET, at.host.c_str(), &out.sin_addr) != 1) throw std::runtime_error("no IPv4 address");
    return out;
}

}    // namespace

RawSocket RawSocket::connect(const Endpoint& to, int receive_buffer) {
    RawSocket out = unconnected(receive_buffer);
    out.connect_to(to);
    return out;
}

RawSocket RawSocket::unconnected(int receive_buffer) {
    RawSocket out(::socket(AF_INET, SOCK_STREAM, 0));
    if (!out.is_open()) throw std::runtime_error("no socket");
    if (receive_buffer != 0) ::setsockopt(out.m_fd, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    set_patience(out.m_fd);
    return out;
}

void RawSocket::connect_to(const Endpoint& to) {
    const sockaddr_in address = address_of(to);
    if (::connect(m_fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
        throw std::runtime_error("cannot connect to " + text_of(to));
}

bool RawSocket::send(std::string_view bytes) {
    while (!bytes.empty()) {
        const auto n = ::send(m_fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (n <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return true;
}

std::string RawSocket::read_some(std::size_t most) {
    std::string out(most, '\0');
    const auto n = ::recv(m_fd, out.data(), out.size(), 0);
    if (n < 0) {
        if (errno == EAGAIN || errno == EWOULDBLOCK) throw std::runtime_error("nothing came for a minute");
        m_reset = true;
    }
    out.resize(n < 0 ? 0 : static_cast<std::size_t>(n));
    return out;
}

std::string RawSocket::read_all(std::size_t most) {
    std::string out;
    while (out.size() < most) {
        const std::string more = read_some(std::min<std::size_t>(most - out.size(), 65536));
        if (more.empty()) break;
        out += more;
    }
    return out;
}

std::string RawSocket::read_until(std::string_view end) {
    std::string out;
    while (!out.ends_with(end)) {
        const std::string more = read_some(1);
        if (more.empty()) break;
        out += more;
    }
    return out;
}

void RawSocket::shut_down_send() noexcept { ::shutdown(m_fd, SHUT_WR); }

void RawSocket::close() noexcept {
    if (m_fd >= 0) ::close(m_fd);
    m_fd = -1;
}

void RawSocket::reset() noexcept {
    const linger now{1, 0};
    ::setsockopt(m_fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    close();
}

RawListener::RawListener() : m_fd(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address = address_of({"127.0.0.1", 0});
    socklen_t size = sizeof address;
    if (::bind(m_fd, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(m_fd, 64) != 0 ||
        ::getsockname(m_fd, reinterpret_cast<sockaddr*>(&address), &size) != 0)
        throw std::runtime_error("cannot listen");
    m_port = ntohs(address.sin_port);
}

RawListener::~RawListener() { ::close(m_fd); }

RawSocket RawListener::accept() {
    const int fd = ::accept(m_fd, nullptr, nullptr);
    if (fd < 0) throw std::runtime_error("cannot accept");
    set_patience(fd);
    return RawSocket(fd);
}

}    // namespace filfil::net
