// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "node/devnet/devnet.hpp"

#include "node/devnet/devnet_impl.hpp"

namespace filfil::node {

Result<std::unique_ptr<Devnet>> Devnet::make(World& world, std::unique_ptr<DevnetChain> chain, DevnetOptions options,
                                             std::uint64_t events) {
    auto impl = std::make_shared<Impl>(world, std::move(chain), std::move(options));
    FILFIL_CHECK(impl->begin(events));
    return std::unique_ptr<Devnet>(new Devnet(std::move(impl)));
}

Devnet::~Devnet() {
    m_impl->closed = true;
    // What lives on the loop ends there.
    m_impl->world.loop.post([impl = m_impl] {
        impl->sessions.clear();
        impl->evm.reset();
    });
}

void Devnet::start() {
    m_impl->post([impl = m_impl.get()] {
        impl->started = true;
        if (impl->options.evm && impl->evm == nullptr) {
            impl->evm = std::make_unique<EvmBridge>(impl->world, impl->options, impl->head->epoch,
                                                    [impl] { return impl->happens(Fault::forget); });
            impl->wallet = std::make_unique<EvmWallet>(
                impl->options, [impl](std::string method, rpc::Json params, EvmWallet::Reply reply) {
                    if (impl->evm != nullptr) impl->evm->call(std::move(method), std::move(params), std::move(reply));
                });
        }
        impl->schedule();
    });
}

void Devnet::on_head(OnHead handler) { m_impl->told_of_head = std::move(handler); }

void Devnet::pause() { m_impl->paused = true; }

void Devnet::resume() {
    m_impl->paused = false;
    m_impl->schedule();
}

Result<bool> Devnet::step() {
    auto stepped = m_impl->next_event();
    m_impl->schedule();
    return stepped;
}

void Devnet::set_fault(Fault fault, double rate) { m_impl->faults.set(fault, rate); }
std::uint64_t Devnet::happened(Fault fault) const { return m_impl->faults.happened(fault); }

Devnet::Status Devnet::status() const {
    return {m_impl->event, m_impl->head->key, m_impl->head->epoch, m_impl->genesis->key, m_impl->ended, m_impl->paused};
}

std::size_t Devnet::subscribers() const {
    std::size_t count = 0;
    for (const auto& [number, session] : m_impl->sessions)
        for (const Impl::Channel& channel : session->channels) count += channel.notifies && !channel.ending ? 1 : 0;
    return count;
}

bool Devnet::evm_in_step() const { return m_impl->evm_in_step(); }

void Devnet::handle(HttpRequest request, Respond respond) {
    if (auto refused = m_impl->refusal(request)) return respond(std::move(*refused));
    const bool may_sign = m_impl->may_sign(request);
    m_impl->post([impl = m_impl.get(), request = std::move(request), may_sign, respond = std::move(respond)] {
        impl->serve(request, may_sign, respond);
    });
}

std::optional<HttpResponse> Devnet::refuse_socket(const HttpRequest& request) { return m_impl->refusal(request); }

SocketEvents Devnet::open_socket(std::shared_ptr<WebSocket> socket, const HttpRequest& request) {
    auto session = std::make_shared<Impl::Session>();
    session->socket = std::move(socket);
    session->may_sign = m_impl->may_sign(request);
    const std::weak_ptr<Impl::Session> weak = session;
    m_impl->post([impl = m_impl.get(), session] {
        session->number = impl->next_session++;
        impl->sessions.emplace(session->number, session);
    });
    SocketEvents events;
    events.on_message = [weak_impl = std::weak_ptr(m_impl), weak](std::string text) {
        const auto impl = weak_impl.lock();
        if (impl == nullptr) return;
        impl->post([impl = impl.get(), weak, text = std::move(text)] {
            if (const auto open = weak.lock()) impl->message(open, text);
        });
    };
    events.on_closed = [weak_impl = std::weak_ptr(m_impl), weak](const Error&) {
        const auto impl = weak_impl.lock();
        if (impl == nullptr) return;
        impl->post([impl = impl.get(), weak] {
            if (const auto open = weak.lock()) impl->sessions.erase(open->number);
        });
    };
    return events;
}

}    // namespace filfil::node
