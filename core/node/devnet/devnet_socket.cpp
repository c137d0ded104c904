// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "base/base64.hpp"
#include "node/devnet/devnet_impl.hpp"

#include <algorithm>

namespace filfil::node {
namespace {

using rpc::Json;

/// What stands in a connection's own buffers before values wait here.
constexpr std::size_t notify_window = 64 * 1024;
constexpr std::size_t export_window = 2 * 1024 * 1024;
constexpr std::size_t export_part = 1024 * 1024;

/// Parts that are made in one go, before others get their turn.
constexpr int parts_in_a_row = 4;

constexpr Clock::Duration asked_again = std::chrono::milliseconds(2);

/// A part of a CAR as base64 in quotes; no part is larger than what it was asked for.
std::string part_text(ByteView bytes) { return '"' + to_base64(bytes) + '"'; }

}    // namespace

Devnet::Impl::Way Devnet::Impl::way_to(const SessionPtr& session) {
    const auto send = [session](std::string text) { session->socket->send(std::move(text)); };
    const auto drop = [this, session] { break_off(session); };
    return {send, drop, [] {}};
}

void Devnet::Impl::break_off(const SessionPtr& session) {
    sessions.erase(session->number);
    session->channels.clear();
    session->socket->close();
}

void Devnet::Impl::message(const SessionPtr& session, const std::string& text) {
    if (!sessions.contains(session->number)) return;
    const auto json = rpc::parse_json(text);
    if (json.ok() && json->is_object()) return socket_call(session, *json);
    // go-jsonrpc logs what is no frame, an array included, and says nothing.
    if (lotus()) return;
    if (json.ok() && json->is_array()) return socket_batch(session, *json);
    const WireError error =
        json.ok() ? WireError{invalid_request, "Invalid request"} : WireError{parse_error, "Parse error"};
    deliver(answer_text(nullptr, error, options.flavour), way_to(session));
}

void Devnet::Impl::socket_call(const SessionPtr& session, const Json& request) {
    auto read = read_call(request, options.flavour);
    if (const auto* error = std::get_if<WireError>(&read)) {
        if (!lotus()) deliver(answer_text(id_of(request, options.flavour), *error, options.flavour), way_to(session));
        return;
    }
    auto& call = std::get<WireCall>(read);
    if (call.method == "xrpc.cancel") return cancel(session, call);
    // An answer, or what a client has to say about channels: there is no call of ours that it could belong to.
    if (call.method.empty() || call.method.starts_with("xrpc.")) return;
    const MethodSpec* method = find_method(call.method, options);
    if (method != nullptr && (method->kind == MethodSpec::Kind::notify || method->kind == MethodSpec::Kind::export_)) {
        if (call.answered) open_channel(session, *method, std::move(call));
        return;
    }
    run(call, session->may_sign, [this, session, id = call.id, answered = call.answered](const Outcome& outcome) {
        if (answered) deliver(answer_text(id, outcome, options.flavour), way_to(session));
    });
}

/// Forest's: all at once, and one array of answers.
void Devnet::Impl::socket_batch(const SessionPtr& session, const Json& requests) {
    struct Batch {
        std::vector<std::string> answers;
        std::size_t left = 0;
    };
    if (requests.empty())
        return deliver(answer_text(nullptr, WireError{invalid_request, "Invalid request"}, options.flavour),
                       way_to(session));
    const auto batch = std::make_shared<Batch>();
    batch->left = requests.size();
    const auto finish = [this, session, batch](std::string answer) {
        if (!answer.empty()) batch->answers.push_back(std::move(answer));
        if (--batch->left > 0 || batch->answers.empty()) return;
        std::string text;
        for (const std::string& one : batch->answers) text += (text.empty() ? "[" : ",") + one;
        deliver(text + "]", way_to(session));
    };
    for (const Json& request : requests) {
        auto read = read_call(request, options.flavour);
        if (const auto* error = std::get_if<WireError>(&read)) {
            finish(answer_text(id_of(request, options.flavour), *error, options.flavour));
            continue;
        }
        auto& call = std::get<WireCall>(read);
        run(call, session->may_sign, [this, finish, id = call.id, answered = call.answered](const Outcome& outcome) {
            finish(answered ? answer_text(id, outcome, options.flavour) : "");
        });
    }
}

void Devnet::Impl::open_channel(const SessionPtr& session, const MethodSpec& method, WireCall call) {
    const auto refuse = [&](WireError error) {
        deliver(answer_text(call.id, std::move(error), options.flavour), way_to(session));
    };
    if (const auto wrong = check_params(method, call.params, options.flavour)) return refuse(*wrong);
    Channel channel;
    channel.request = call.id;
    channel.notifies = method.kind == MethodSpec::Kind::notify;
    if (channel.notifies) {
        auto current = head_changes_json(*chain, {{chain::HeadChange::Type::current, head->key, head->epoch}});
        if (!current.ok()) return refuse(told(method, current.error(), options.flavour));
        channel.pending.push_back(std::make_shared<const std::string>(text_of(*current)));
    } else {
        auto request = read_export(view(), call.params);
        if (!request.ok()) return refuse(told(method, request.error(), options.flavour));
        channel.walk =
            std::make_unique<CarWalk>(*chain, *request->head, request->recent_stateroots, request->skip_old_messages);
    }
    channel.number = lotus() ? session->next_channel++ : next_channel++;
    const std::uint64_t number = channel.number;
    // At full speed events wait for who takes them.
    const bool awaited = channel.notifies && options.period == Clock::Duration::zero();
    session->channels.push_back(std::move(channel));
    // Its number comes before its values, however late that is.
    Way way = way_to(session);
    way.send = [this, session, number, send = way.send](std::string text) {
        send(std::move(text));
        for (Channel& opened : session->channels) opened.open = opened.open || opened.number == number;
        pump(session);
    };
    deliver(answer_text(call.id, Json(number), options.flavour), way);
    if (awaited) schedule();
}

/// Lotus answers nothing and closes the channel. Forest answers the closing as if it were a result, under no id.
void Devnet::Impl::cancel(const SessionPtr& session, const WireCall& call) {
    const Json& params = call.params;
    const bool one = params.is_array() && !params.empty();
    const auto found = std::ranges::find_if(
        session->channels, [&](const Channel& channel) { return one && channel.request == params[0]; });
    const bool known = found != session->channels.end();
    const std::uint64_t number = known ? found->number : 0;
    if (known) session->channels.erase(found);
    if (lotus()) {
        if (known) session->socket->send(channel_close_text(number));
    } else if (known) {
        session->socket->send(R"({"id":null,"result":)" + channel_close_text(number) + "}");
    } else {
        session->socket->send(answer_text(call.id, WireError{internal_error, "channel not found"}, options.flavour));
    }
}

/// Sends what a connection takes now, and looks again soon while there is more.
void Devnet::Impl::pump(const SessionPtr& session) {
    bool more = false;
    for (auto at = session->channels.begin(); at != session->channels.end();) {
        const bool done = at->open && (at->notifies ? pump_notify(*session, *at) : pump_export(*session, *at));
        more = more || (at->open && !done && (at->ending || at->walk != nullptr || !at->pending.empty()));
        at = done ? session->channels.erase(at) : at + 1;
    }
    if (!more || session->pumping) return;
    session->pumping = true;
    post(
        [this, session] {
            session->pumping = false;
            if (sessions.contains(session->number)) pump(session);
        },
        asked_again);
}

/// @return whether the channel is at its end
bool Devnet::Impl::pump_notify(Session& session, Channel& channel) {
    while (!channel.pending.empty() && session.socket->queued() < notify_window) {
        session.socket->send(channel_value_text(channel.number, *channel.pending.front()));
        channel.pending.pop_front();
    }
    if (!channel.ending || !channel.pending.empty()) return false;
    session.socket->send(channel_close_text(channel.number));
    return true;
}

bool Devnet::Impl::pump_export(Session& session, Channel& channel) {
    for (int parts = 0; parts < parts_in_a_row && session.socket->queued() < export_window; ++parts) {
        auto bytes = channel.walk->next(export_part);
        const bool end = !bytes.ok() || bytes->empty() || happens(Fault::channel_close);
        if (bytes.ok() && (!end || bytes->empty())) {
            // One block more than was asked for may have come.
            const ByteView all(*bytes);
            for (std::size_t at = 0; at < all.size() || all.empty(); at += export_part) {
                const ByteView part = all.subspan(at, std::min(export_part, all.size() - at));
                session.socket->send(channel_value_text(channel.number, part_text(part)));
                if (all.empty()) break;
            }
        }
        if (!end) continue;
        if (!bytes.ok())
            world.log.write(LogLevel::warning, "node", "the devnet's export broke off: " + bytes.error().message);
        session.socket->send(channel_close_text(channel.number));
        return true;
    }
    return false;
}

}    // namespace filfil::node
