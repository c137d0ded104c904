// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "net/listener_state.hpp"
#include "net/stream.hpp"
#include "net/wire.hpp"

#include <functional>
#include <memory>

namespace filfil::net {

/// Sends one answer: its head, then its body piece by piece, as fast as the limits allow. Used on the strand of its
/// stream, but for the body's reads.
class AnswerSender : public std::enable_shared_from_this<AnswerSender> {
public:
    /// Called once, when all is sent or cannot be, and the body is destroyed.
    using Done = std::function<void(bool whole)>;

    /// @param stream lives until `done` has been called
    /// @param own the connection's limit, in the same way
    AnswerSender(std::shared_ptr<ListenerState> state, NetStream& stream, Rate& own, Done done);

    /// @param body how it is sent; `head` says so
    void send(std::string head, HttpResponse response, const BodyKind& body, bool head_only);

    /// To be called when the stream was closed: whatever it waits for now ends soon.
    void abort();

private:
    void next();
    void read(std::size_t most);
    void on_read(Result<std::size_t> bytes);
    void emit(ByteView data, bool last);
    void write(ByteView data);
    void finish(bool whole);

    const std::shared_ptr<ListenerState> m_state;
    NetStream& m_stream;
    Rate& m_own;
    Done m_done;
    Timer m_timer;
    std::string m_head;    ///< not sent yet
    HttpResponse m_response;
    BodyKind m_kind;
    std::uint64_t m_left = 0;    ///< of a body whose size is known
    std::unique_ptr<std::byte[]> m_chunk;
    std::size_t m_chunk_size = 0;
    std::string m_before;    ///< a chunk's length
    std::string m_after;     ///< a chunk's end
    bool m_last = false;     ///< what is being sent is the end
    bool m_aborted = false;
};

}    // namespace filfil::net
