// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "net/answer_sender.hpp"
#include "net/listener_state.hpp"
#include "net/stream.hpp"

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <memory>
#include <optional>
#include <string>

namespace filfil::net {

/// One connection that a listener accepted: its requests, one after the other, until it ends or becomes a WebSocket.
/// All but end() on its strand.
class ServerSession final : public Registry::Member, public std::enable_shared_from_this<ServerSession> {
public:
    /// @param slot dropped when it has ended
    /// @param welcome or one too many, which hears 503
    ServerSession(std::shared_ptr<ListenerState> state, Socket socket, std::string peer, std::shared_ptr<void> slot,
                  bool welcome);

    /// After it was made a member of the listener's sessions.
    void start();
    void end() override;

    /// Sends the answer to the request that was handled last.
    void answer(HttpResponse response);

    [[nodiscard]] const Strand& strand() const noexcept { return m_strand; }

private:
    using Request = boost::beast::http::request_parser<boost::beast::http::string_body>;

    void begin();
    void shake_hands();
    void wait_for_request();
    void read_head();
    void say_continue();
    void read_body();
    void on_bad_request(const boost::beast::error_code& error);
    void handle();
    void open_socket(HttpRequest request);
    void refuse(int status, std::string text, HttpFields fields = {});
    void on_sent(bool whole);
    void close_gently();
    void finish();

    std::shared_ptr<ListenerState> m_state;
    NetStream m_stream;    ///< gone once it is a WebSocket's
    const Strand m_strand;
    const std::string m_peer;
    std::shared_ptr<void> m_slot;
    const bool m_welcome;
    Rate m_rate;
    boost::beast::flat_buffer m_buffer;
    std::optional<Request> m_request;
    std::shared_ptr<AnswerSender> m_sender;
    bool m_awaited = false;    ///< the server has a request and has not answered
    bool m_keep_alive = false;
    bool m_head_only = false;
    bool m_http_1_0 = false;
    bool m_finished = false;
};

}    // namespace filfil::net
