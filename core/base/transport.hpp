// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/bytes.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace filfil {

/// A host and port as users write them: "127.0.0.1:1234", "[::1]:1234", "node.example:443".
struct Endpoint {
    std::string host;
    std::uint16_t port = 0;
    bool tls = false;
};

/// One ordered, reliable byte stream between two peers. Calls return at once; handlers run on the transport's executor,
/// one at a time a connection. After `on_closed` nothing more is called.
class Connection {
public:
    using ReadHandler = std::function<void(Result<Bytes>)>;
    using WriteHandler = std::function<void(Result<void>)>;

    virtual ~Connection() = default;

    /// Delivers between 1 and `at_most` bytes, or Error::io when the stream ends or breaks. One read at a time.
    virtual void read(std::size_t at_most, ReadHandler handler) = 0;

    /// Sends all of `bytes` before calling the handler. One write at a time.
    virtual void write(Bytes bytes, WriteHandler handler) = 0;

    /// Ends both directions; pending handlers are called with Error::cancelled.
    virtual void close() noexcept = 0;
};

/// The network, as core sees it. The real implementation stands on the node, market and retrieval floors' needs; a
/// simulation gives one that drops, delays and reorders.
class Transport {
public:
    using ConnectHandler = std::function<void(Result<std::unique_ptr<Connection>>)>;
    using AcceptHandler = std::function<void(std::unique_ptr<Connection>)>;

    /// Stops listening when destroyed.
    class Listener {
    public:
        virtual ~Listener() = default;
        [[nodiscard]] virtual Endpoint endpoint() const = 0;
    };

    virtual ~Transport() = default;
    virtual void connect(const Endpoint& peer, ConnectHandler handler) = 0;
    [[nodiscard]] virtual Result<std::unique_ptr<Listener>> listen(const Endpoint& at, AcceptHandler handler) = 0;
};

}    // namespace filfil
