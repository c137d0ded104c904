// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "net/listener.hpp"

#include "net/listener_state.hpp"
#include "net/server_session.hpp"

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/ip/v6_only.hpp>

namespace filfil::net {
namespace {

using TcpAcceptor = asio::basic_socket_acceptor<Tcp, Strand>;

/// How long to wait when the system gives no connection, as where there are too many open files.
constexpr auto accept_pause = std::chrono::milliseconds(100);

std::string peer_of(const Socket& socket) {
    error_code error;
    asio::ip::address address = socket.remote_endpoint(error).address();
    if (error) return "";
    if (address.is_v6() && address.to_v6().is_v4_mapped())
        address = asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6());
    return address.to_string();
}

/// Takes connections in. All but end() on its strand.
class Accepting final : public Registry::Member, public std::enable_shared_from_this<Accepting> {
public:
    explicit Accepting(std::shared_ptr<ListenerState> state)
        : m_state(std::move(state)),
          m_strand(m_state->context.make_strand()),
          m_acceptor(m_strand),
          m_pause(m_strand) {}

    /// Takes the first of the addresses that can be had.
    Result<Endpoint> open(const std::vector<Tcp::endpoint>& addresses) {
        error_code error = asio::error::host_not_found;
        for (const Tcp::endpoint& address : addresses) {
            error = try_open(address);
            if (!error) {
                const Tcp::endpoint local = m_acceptor.local_endpoint(error);
                return Endpoint{local.address().to_string(), local.port()};
            }
            error_code ignored;
            m_acceptor.close(ignored);
        }
        std::string_view remedy = "give an address of this machine";
        if (error == asio::error::address_in_use)
            remedy = "choose another port, or stop the program that listens there";
        if (error == asio::error::access_denied) remedy = "choose a port from 1024 on";
        return Error(ErrorCode::io, "cannot listen on " + text_of(m_state->options.at) + ": " + error.message(),
                     std::string(remedy));
    }

    void start() {
        asio::post(m_strand, [self = shared_from_this()] { self->accept(); });
    }

    void end() override {
        asio::post(m_strand, [self = shared_from_this()] {
            self->m_ended = true;
            error_code ignored;
            self->m_acceptor.close(ignored);
            self->m_pause.cancel();
            self->m_state->sessions->remove(self.get());
        });
    }

private:
    error_code try_open(const Tcp::endpoint& address) {
        error_code error;
        m_acceptor.open(address.protocol(), error);
        if (error) return error;
        m_acceptor.set_option(asio::socket_base::reuse_address(true), error);
        if (!error && address.address().is_v6() && address.address().is_unspecified())
            m_acceptor.set_option(asio::ip::v6_only(false), error);
        if (!error) m_acceptor.bind(address, error);
        if (!error) m_acceptor.listen(asio::socket_base::max_listen_connections, error);
        return error;
    }

    void accept() {
        if (m_ended) return;
        m_acceptor.async_accept(
            m_state->context.make_strand(),
            [self = shared_from_this()](error_code error, Socket socket) { self->accepted(error, std::move(socket)); });
    }

    void accepted(error_code error, Socket socket) {
        if (m_ended) return;
        if (!error) {
            if (std::exchange(m_failing, false))
                m_state->context.log.write(LogLevel::info, "net",
                                           text_of(m_state->options.at) + ": connections are accepted again");
            welcome(std::move(socket));
            accept();
            return;
        }
        // The client went away before it was its turn; the next one may be there.
        if (error == asio::error::connection_aborted || error == asio::error::connection_reset) return accept();
        if (!std::exchange(m_failing, true))
            m_state->context.log.write(LogLevel::warning, "net",
                                       text_of(m_state->options.at) +
                                           ": no connection can be accepted: " + error.message() +
                                           "; raise the limit of open files (ulimit -n) if that is the reason");
        m_pause.expires_after(accept_pause);
        m_pause.async_wait([self = shared_from_this()](error_code) { self->accept(); });
    }

    void welcome(Socket socket) {
        error_code ignored;
        socket.set_option(Tcp::no_delay(true), ignored);
        std::string peer = peer_of(socket);
        std::shared_ptr<void> slot = m_state->admission->admit(peer);
        const bool welcome = slot != nullptr;
        if (!welcome) slot = m_state->admission->admit_refused();
        if (!slot) return;
        const auto session =
            std::make_shared<ServerSession>(m_state, std::move(socket), std::move(peer), std::move(slot), welcome);
        if (m_state->sessions->add(session)) session->start();
    }

    const std::shared_ptr<ListenerState> m_state;
    const Strand m_strand;
    TcpAcceptor m_acceptor;
    Timer m_pause;
    bool m_failing = false;
    bool m_ended = false;
};

class AsioListener final : public Transport::Listener {
public:
    AsioListener(std::shared_ptr<ListenerState> state, Endpoint endpoint)
        : m_state(std::move(state)), m_endpoint(std::move(endpoint)) {}
    ~AsioListener() override {
        m_state->sessions->end_all();
        if (!m_state->context.is_own_thread()) m_state->sessions->wait_empty();
    }
    AsioListener(const AsioListener&) = delete;
    AsioListener& operator=(const AsioListener&) = delete;

    [[nodiscard]] Endpoint endpoint() const override { return m_endpoint; }
    [[nodiscard]] std::size_t connections() const noexcept override { return m_state->admission->count(); }

private:
    const std::shared_ptr<ListenerState> m_state;
    const Endpoint m_endpoint;
};

Result<std::vector<Tcp::endpoint>> addresses_of(Context& context, const Endpoint& at) {
    error_code error;
    if (const auto address = asio::ip::make_address(at.host, error); !error)
        return std::vector{Tcp::endpoint(address, at.port)};
    Tcp::resolver resolver(context.io);
    const auto found =
        resolver.resolve(at.host, std::to_string(at.port), asio::ip::resolver_base::numeric_service, error);
    if (error)
        return Error(ErrorCode::io, "cannot listen on " + text_of(at) + ": " + error.message(),
                     "give an address of this machine");
    std::vector<Tcp::endpoint> out;
    for (const auto& entry : found) out.push_back(entry.endpoint());
    return out;
}

}    // namespace

Result<std::unique_ptr<Transport::Listener>> start_listener(Context& context, const ListenOptions& options,
                                                            HttpServer& server) {
    const auto state = std::make_shared<ListenerState>(context, server, options);
    if (options.tls) {
        FILFIL_TRY(state->tls, server_tls(*options.tls));
    }
    FILFIL_TRY(const std::vector<Tcp::endpoint> addresses, addresses_of(context, options.at));
    const auto accepting = std::make_shared<Accepting>(state);
    FILFIL_TRY(Endpoint endpoint, accepting->open(addresses));
    if (state->sessions->add(accepting)) accepting->start();
    return std::unique_ptr<Transport::Listener>(std::make_unique<AsioListener>(state, std::move(endpoint)));
}

}    // namespace filfil::net
