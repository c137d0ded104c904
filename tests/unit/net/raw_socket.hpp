// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/url.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace filfil::net {

/// A TCP connection byte by byte, as a hostile or clumsy peer has it. Blocking; a read gives up after a minute.
class RawSocket {
public:
    RawSocket() = default;
    explicit RawSocket(int fd) noexcept : m_fd(fd) {}
    ~RawSocket() { close(); }
    RawSocket(RawSocket&& other) noexcept : m_fd(std::exchange(other.m_fd, -1)) {}
    RawSocket& operator=(RawSocket&& other) noexcept {
        std::swap(m_fd, other.m_fd);
        return *this;
    }

    /// @param receive_buffer bytes; 0: the system's. Small ones make a slow reader of little patience
    static RawSocket connect(const Endpoint& to, int receive_buffer = 0);

    /// One that is still to be connected, with its file already open.
    static RawSocket unconnected(int receive_buffer = 0);
    void connect_to(const Endpoint& to);

    [[nodiscard]] bool is_open() const noexcept { return m_fd >= 0; }

    /// @return false where the peer is gone
    bool send(std::string_view bytes);

    /// What is there, at most `most` bytes, waiting for the first; "" at the end.
    std::string read_some(std::size_t most = 65536);

    /// All up to the end, or to `most` bytes.
    std::string read_all(std::size_t most = std::size_t{1} << 30);

    /// All up to `end`, included.
    std::string read_until(std::string_view end);

    /// Whether the last read ended by an error (a reset) instead of an end.
    [[nodiscard]] bool was_reset() const noexcept { return m_reset; }

    void shut_down_send() noexcept;
    void close() noexcept;

    /// Closes it so that the peer gets an error.
    void reset() noexcept;

private:
    int m_fd = -1;
    bool m_reset = false;
};

/// Listens on a free port of 127.0.0.1.
class RawListener {
public:
    RawListener();
    ~RawListener();
    RawListener(const RawListener&) = delete;
    RawListener& operator=(const RawListener&) = delete;

    [[nodiscard]] Endpoint at() const { return {"127.0.0.1", m_port}; }
    RawSocket accept();

private:
    int m_fd = -1;
    std::uint16_t m_port = 0;
};

}    // namespace filfil::net
