// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "rpc/server_auth.hpp"

#include "rpc/server_calls.hpp"

#include <algorithm>

namespace filfil::rpc {
namespace {

/// Takes as long for any two texts of these lengths, so that nobody can find a token byte by byte.
bool same_in_constant_time(std::string_view given, std::string_view token) noexcept {
    if (token.empty()) return false;
    volatile unsigned char different = given.size() == token.size() ? 0 : 1;
    for (std::size_t i = 0; i < given.size(); ++i)
        different = static_cast<unsigned char>(different | (given[i] ^ token[i % token.size()]));
    return different == 0;
}

bool same_word(std::string_view a, std::string_view b) noexcept {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    return std::ranges::equal(a, b, {}, lower, lower);
}

/// "Bearer X" gives X.
std::optional<std::string> bearer(const HttpRequest& request) {
    const auto field = find_field(request.fields, "Authorization");
    constexpr std::string_view scheme = "Bearer ";
    if (!field || !same_word(field->substr(0, scheme.size()), scheme)) return std::nullopt;
    std::string_view token = field->substr(scheme.size());
    while (token.starts_with(' ')) token.remove_prefix(1);
    while (token.ends_with(' ')) token.remove_suffix(1);
    return std::string(token);
}

/// The value of "token" in a query.
std::optional<std::string> query_token(std::string_view target) {
    const std::size_t mark = target.find('?');
    if (mark == std::string_view::npos) return std::nullopt;
    std::string_view query = target.substr(mark + 1);
    while (!query.empty()) {
        const std::string_view part = query.substr(0, query.find('&'));
        query.remove_prefix(std::min(query.size(), part.size() + 1));
        constexpr std::string_view name = "token=";
        if (part.starts_with(name)) return std::string(part.substr(name.size()));
    }
    return std::nullopt;
}

}    // namespace

Permission permission_of(const HttpRequest& request, const ServerOptions& options, bool socket) {
    auto token = bearer(request);
    if (!token && socket) token = query_token(request.target);
    const std::string given = token.value_or("");
    const bool reads = same_in_constant_time(given, options.read_token);
    const bool administers = same_in_constant_time(given, options.admin_token);
    return administers ? Permission::admin : reads ? Permission::read : Permission::none;
}

HttpResponse refusal(int status, std::int64_t code, const Error& why) {
    return {.status = status,
            .fields = {{"Content-Type", "application/json"}},
            .body = answer_text(nullptr, error_json(code, why), false)};
}

std::optional<HttpResponse> refuse(const HttpRequest& request, const ServerOptions& options, bool socket) {
    if (permission_of(request, options, socket) == Permission::none) {
        HttpResponse out =
            refusal(401, denied_code,
                    Error(ErrorCode::denied, "a right token is needed",
                          "send one as 'Authorization: Bearer …'; they are in the daemon's data folder"));
        out.fields.emplace_back("WWW-Authenticate", "Bearer");
        return out;
    }
    if (const auto origin = find_field(request.fields, "Origin");
        origin && std::ranges::find(options.origins, *origin) == options.origins.end())
        return refusal(403, denied_code,
                       Error(ErrorCode::denied, "pages of this origin may not use the API",
                             "add the origin to the daemon's configuration"));
    if (std::string_view(request.target).substr(0, request.target.find('?')) != options.path)
        return refusal(404, invalid_request_code, Error(ErrorCode::not_found, "the API is at " + options.path));
    return std::nullopt;
}

}    // namespace filfil::rpc
