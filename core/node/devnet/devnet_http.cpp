// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "node/devnet/devnet_impl.hpp"

#include <algorithm>

namespace filfil::node {
namespace {

using rpc::Json;
using namespace std::string_view_literals;

constexpr std::array paths = {"/rpc/v1"sv, "/rpc/v0"sv, "/"sv};

/// How long a call hangs whose answer never comes.
constexpr Clock::Duration stalled_for = std::chrono::minutes(10);

HttpResponse refused(int status, std::string body = {}) {
    HttpResponse out;
    out.status = status;
    out.body = std::move(body);
    return out;
}

/// Breaks the connection as soon as it is read.
class BrokenStream final : public BodyStream {
public:
    [[nodiscard]] std::optional<std::uint64_t> size() const noexcept override { return 1'000'000; }
    [[nodiscard]] Result<std::size_t> read(ByteSpan) override {
        return Error(ErrorCode::io, "the devnet breaks this connection on purpose");
    }
};

std::string_view path_of(std::string_view target) { return target.substr(0, target.find('?')); }

/// The value of "token" in a query.
std::optional<std::string_view> token_in(std::string_view target) {
    const std::size_t question = target.find('?');
    std::string_view query = question == std::string_view::npos ? ""sv : target.substr(question + 1);
    constexpr std::string_view name = "token=";
    while (!query.empty()) {
        const std::string_view part = query.substr(0, query.find('&'));
        if (part.starts_with(name) && part.size() > name.size()) return part.substr(name.size());
        query.remove_prefix(std::min(part.size() + 1, query.size()));
    }
    return std::nullopt;
}

/// What a caller says it may do: the token; nothing where it says nothing; "" where that is no bearer's token.
std::optional<std::string_view> token_of(const HttpRequest& request) {
    const auto field = find_field(request.fields, "Authorization");
    if (!field || field->empty()) return token_in(request.target);
    constexpr std::string_view bearer = "Bearer ";
    return field->starts_with(bearer) ? field->substr(bearer.size()) : ""sv;
}

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view space = " \t\r\n";
    const std::size_t first = text.find_first_not_of(space);
    return first == std::string_view::npos ? ""sv : text.substr(first, text.find_last_not_of(space) - first + 1);
}

}    // namespace

std::optional<HttpResponse> Devnet::Impl::refusal(const HttpRequest& request) const {
    if (std::ranges::find(paths, path_of(request.target)) == paths.end()) return refused(404, "404 page not found\n");
    if (const auto token = token_of(request); token && (options.token.empty() || *token != options.token))
        return refused(401);
    return std::nullopt;
}

bool Devnet::Impl::may_sign(const HttpRequest& request) const {
    return options.token.empty() || token_of(request).has_value();
}

void Devnet::Impl::respond_to(int status, std::string text, const Respond& respond) {
    const auto send = [this, status, respond](std::string body) {
        HttpResponse out = refused(status, std::move(body));
        out.fields.emplace_back("Content-Type", lotus() ? "text/plain; charset=utf-8" : "application/json");
        respond(std::move(out));
    };
    const auto drop = [respond] {
        HttpResponse out;
        out.stream = std::make_shared<BrokenStream>();
        respond(std::move(out));
    };
    // Whoever waits is let go at last, without an answer.
    const auto stall = [this, respond] { post([respond] {}, stalled_for); };
    deliver(std::move(text), {send, drop, stall});
}

void Devnet::Impl::serve(const HttpRequest& request, bool may_sign, const Respond& respond) {
    const auto fail = [&](const Json& id, WireError error) {
        const int status = status_of(error, options.flavour);
        respond_to(status, answer_text(id, std::move(error), options.flavour), respond);
    };
    if (!lotus() && request.method != "POST")
        return respond(refused(405, "Used HTTP Method is not allowed. POST is required\n"));
    const std::string_view body = trimmed(request.body);
    if (body.empty())
        return fail(nullptr, {lotus() ? invalid_request : parse_error, lotus() ? "Invalid request" : "Parse error"});
    const auto json = rpc::parse_json(body);
    if (!json.ok()) return fail(nullptr, {parse_error, "Parse error"});
    if (json->is_array()) {
        if (json->empty()) return fail(nullptr, {invalid_request, "Invalid request"});
        auto calls = std::make_shared<std::vector<WireCall>>();
        for (const Json& item : *json) {
            auto call = read_call(item, options.flavour);
            if (const auto* error = std::get_if<WireError>(&call)) return fail(nullptr, *error);
            calls->push_back(std::move(std::get<WireCall>(call)));
        }
        return serve_batch(std::move(calls), 0, "[", may_sign, respond);
    }
    auto read = read_call(*json, options.flavour);
    if (auto* error = std::get_if<WireError>(&read)) return fail(id_of(*json, options.flavour), *error);
    auto& call = std::get<WireCall>(read);
    run(call, may_sign, [this, id = call.id, answered = call.answered, respond](const Outcome& outcome) {
        // go-jsonrpc tells its own errors even to those who want no answer.
        const int status = status_of(outcome, options.flavour);
        if (!answered && status == 200) return respond(refused(200));
        respond_to(status, answer_text(id, outcome, options.flavour), respond);
    });
}

/// One after the other, into one answer.
void Devnet::Impl::serve_batch(std::shared_ptr<std::vector<WireCall>> calls, std::size_t at, std::string text,
                               bool may_sign, const Respond& respond) {
    if (at == calls->size()) return respond_to(200, std::move(text) + "]", respond);
    const WireCall& call = (*calls)[at];
    run(call, may_sign, [this, calls, at, text, may_sign, respond](const Outcome& outcome) {
        const WireCall& answered = (*calls)[at];
        std::string more = text;
        const bool tells = answered.answered || (lotus() && status_of(outcome, options.flavour) != 200);
        if (!lotus() && tells && more.size() > 1) more += ",";
        if (tells) more += answer_text(answered.id, outcome, options.flavour);
        // go-jsonrpc puts the comma whether something stands before it or not.
        if (lotus() && at + 1 < calls->size()) more += ",";
        serve_batch(calls, at + 1, std::move(more), may_sign, respond);
    });
}

}    // namespace filfil::node
