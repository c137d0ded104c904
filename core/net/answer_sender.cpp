// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "net/answer_sender.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace filfil::net {
namespace {

/// So much of a body is in memory for one connection.
constexpr std::size_t chunk_bytes = 256UL * 1024;

}    // namespace

AnswerSender::AnswerSender(std::shared_ptr<ListenerState> state, NetStream& stream, Rate& own, Done done)
    : m_state(std::move(state)),
      m_stream(stream),
      m_own(own),
      m_done(std::move(done)),
      m_timer(stream.get_executor()) {}

void AnswerSender::send(std::string head, HttpResponse response, const BodyKind& body, bool head_only) {
    m_head = std::move(head);
    m_response = std::move(response);
    m_kind = body;
    m_left = body.size.value_or(0);
    if (head_only || body.none || (body.size && m_left == 0)) {
        m_last = true;
        write({});
        return;
    }
    next();
}

void AnswerSender::abort() {
    m_aborted = true;
    m_timer.cancel();
}

void AnswerSender::next() {
    if (m_aborted) return finish(false);
    const std::size_t most = std::min(m_state->rate.slice(chunk_bytes), m_own.slice(chunk_bytes));
    if (m_response.stream)
        return read(m_kind.size ? static_cast<std::size_t>(std::min<std::uint64_t>(most, m_left)) : most);
    // Where nothing is limited a body that is there already goes out in one piece.
    const bool whole = most == chunk_bytes && m_state->options.bytes_a_second == 0 &&
                       m_state->options.bytes_a_second_a_connection == 0;
    const std::size_t n =
        whole ? static_cast<std::size_t>(m_left) : static_cast<std::size_t>(std::min<std::uint64_t>(most, m_left));
    const ByteView data =
        bytes_of(m_response.body).subspan(m_response.body.size() - static_cast<std::size_t>(m_left), n);
    m_left -= n;
    emit(data, m_left == 0);
}

void AnswerSender::read(std::size_t most) {
    if (m_chunk_size < most) {
        m_chunk = std::make_unique_for_overwrite<std::byte[]>(most);
        m_chunk_size = most;
    }
    // On a thread of its own kind: a disk may keep it waiting.
    asio::post(m_state->context.readers, [self = shared_from_this(), most] {
        auto bytes = self->m_response.stream->read(ByteSpan(self->m_chunk.get(), most));
        asio::post(self->m_stream.get_executor(),
                   [self, bytes = std::move(bytes)]() mutable { self->on_read(std::move(bytes)); });
    });
}

void AnswerSender::on_read(Result<std::size_t> bytes) {
    if (m_aborted) return finish(false);
    if (!bytes.ok()) {
        m_state->context.log.write(LogLevel::error, "net", "an answer broke off: " + bytes.error().text());
        finish(false);
        return;
    }
    const std::size_t n = std::min(*bytes, m_chunk_size);
    if (m_kind.size) {
        if (n == 0) {
            m_state->context.log.write(
                LogLevel::error, "net",
                "an answer broke off: its body ended " + std::to_string(m_left) + " bytes before its size");
            finish(false);
            return;
        }
        m_left -= n;
    }
    emit(ByteView(m_chunk.get(), n), m_kind.size ? m_left == 0 : n == 0);
}

void AnswerSender::emit(ByteView data, bool last) {
    m_last = last;
    m_before.clear();
    m_after.clear();
    if (m_kind.chunked) {
        if (!data.empty()) {
            std::array<char, 24> length{};
            const int digits = std::snprintf(length.data(), length.size(), "%zx\r\n", data.size());
            m_before.assign(length.data(), static_cast<std::size_t>(digits));
            m_after = "\r\n";
        }
        if (last) m_after += "0\r\n\r\n";
    }
    const Clock::Duration now = SteadyClock::now().time_since_epoch();
    const Clock::Duration wait = std::max(m_state->rate.take(data.size(), now), m_own.take(data.size(), now));
    if (wait <= Clock::Duration::zero()) return write(data);
    m_timer.expires_after(std::chrono::duration_cast<SteadyClock::duration>(wait));
    m_timer.async_wait([self = shared_from_this(), data](error_code) {
        if (self->m_aborted) return self->finish(false);
        self->write(data);
    });
}

void AnswerSender::write(ByteView data) {
    const std::array<asio::const_buffer, 4> all = {asio::buffer(m_head), asio::buffer(m_before),
                                                   asio::const_buffer(data.data(), data.size()), asio::buffer(m_after)};
    asio::async_write(m_stream, all, [self = shared_from_this()](error_code error, std::size_t) {
        self->m_head.clear();
        if (error || self->m_aborted) return self->finish(false);
        if (self->m_last) return self->finish(true);
        self->next();
    });
}

void AnswerSender::finish(bool whole) {
    m_response = {};
    m_chunk.reset();
    const Done done = std::move(m_done);
    m_done = nullptr;
    if (done) done(whole);
}

}    // namespace filfil::net
