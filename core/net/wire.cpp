// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "net/wire.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace filfil::net {
namespace {

bool is_token(std::string_view text) noexcept {
    constexpr std::string_view others = "!#$%&'*+-.^_`|~";
    return !text.empty() && std::ranges::all_of(text, [&](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
               others.find(c) != std::string_view::npos;
    });
}

bool is_one_of(std::string_view name, std::initializer_list<std::string_view> names) noexcept {
    return std::ranges::any_of(names, [&](std::string_view other) {
        return std::ranges::equal(name, other, {},
                                  [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    });
}

/// The transport alone knows them.
bool is_framing(std::string_view name) noexcept {
    return is_one_of(name, {"content-length", "transfer-encoding", "connection", "keep-alive"});
}

Error bad_field(const std::string& name) {
    return {ErrorCode::invalid_argument, "the HTTP field '" + name.substr(0, 60) + "' cannot be sent"};
}

void add_field(std::string& out, std::string_view name, std::string_view value) {
    out.append(name).append(": ").append(value).append("\r\n");
}

}    // namespace

bool is_valid_field(const std::string& name, const std::string& value) noexcept {
    return is_token(name) &&
           std::ranges::none_of(value, [](char c) { return (c >= '\0' && c < ' ' && c != '\t') || c == '\x7f'; });
}

Result<std::string> request_head(const Url& url, const HttpRequest& request, const HttpFields& fields) {
    if (!is_token(request.method) || request.method == "CONNECT")
        return Error(ErrorCode::invalid_argument, "'" + request.method.substr(0, 60) + "' is no method to send");
    if (!url.target.starts_with('/') || std::ranges::any_of(url.target, [](char c) { return c <= ' ' || c >= '\x7f'; }))
        return Error(ErrorCode::invalid_argument, "the target of " + text_of(url, true) + " cannot be sent");

    std::string out = request.method + " " + url.target + " HTTP/1.1\r\n";
    bool host = false;
    bool agent = false;
    const auto add_all = [&](const HttpFields& from, const HttpFields* instead) {
        for (const auto& [name, value] : from) {
            if (!is_valid_field(name, value)) return Result<void>(bad_field(name));
            if (is_framing(name) || (instead != nullptr && find_field(*instead, name))) continue;
            host |= is_one_of(name, {"host"});
            agent |= is_one_of(name, {"user-agent"});
            add_field(out, name, value);
        }
        return Result<void>();
    };
    FILFIL_CHECK(add_all(fields, &request.fields));
    FILFIL_CHECK(add_all(request.fields, nullptr));
    if (!host) {
        const std::string whole = text_of(Url{url.scheme, url.at, "/"});
        const std::size_t begin = whole.find("://") + 3;
        add_field(out, "Host", std::string_view(whole).substr(begin, whole.size() - begin - 1));
    }
    if (!agent) add_field(out, "User-Agent", "fil-fil");
    if (!request.body.empty() || is_one_of(request.method, {"post", "put", "patch"}))
        add_field(out, "Content-Length", std::to_string(request.body.size()));
    out += "\r\n";
    return out;
}

Result<std::string> response_head(const HttpResponse& response, const BodyKind& body, Clock::Duration wall) {
    if (response.status < 200 || response.status > 599)
        return Error(ErrorCode::invalid_argument,
                     "an answer cannot have the status " + std::to_string(response.status));
    std::string out = "HTTP/1.1 " + std::to_string(response.status) + " ";
    out.append(reason_of(response.status)).append("\r\n");
    for (const auto& [name, value] : response.fields) {
        if (!is_valid_field(name, value)) return bad_field(name);
        if (!is_framing(name) && !is_one_of(name, {"date"})) add_field(out, name, value);
    }
    add_field(out, "Date", date_text(wall));
    if (!body.none) {
        if (body.size) add_field(out, "Content-Length", std::to_string(*body.size));
        if (body.chunked) add_field(out, "Transfer-Encoding", "chunked");
    }
    if (!body.keep_alive)
        add_field(out, "Connection", "close");
    else if (body.http_1_0)
        add_field(out, "Connection", "keep-alive");
    out += "\r\n";
    return out;
}

std::string_view reason_of(int status) noexcept {
    struct Reason {
        int status;
        std::string_view text;
    };
    constexpr std::array<Reason, 33> reasons = {{{200, "OK"},
                                                 {201, "Created"},
                                                 {202, "Accepted"},
                                                 {204, "No Content"},
                                                 {206, "Partial Content"},
                                                 {301, "Moved Permanently"},
                                                 {302, "Found"},
                                                 {303, "See Other"},
                                                 {304, "Not Modified"},
                                                 {307, "Temporary Redirect"},
                                                 {308, "Permanent Redirect"},
                                                 {400, "Bad Request"},
                                                 {401, "Unauthorized"},
                                                 {403, "Forbidden"},
                                                 {404, "Not Found"},
                                                 {405, "Method Not Allowed"},
                                                 {406, "Not Acceptable"},
                                                 {408, "Request Timeout"},
                                                 {409, "Conflict"},
                                                 {410, "Gone"},
                                                 {411, "Length Required"},
                                                 {412, "Precondition Failed"},
                                                 {413, "Content Too Large"},
                                                 {414, "URI Too Long"},
                                                 {415, "Unsupported Media Type"},
                                                 {416, "Range Not Satisfiable"},
                                                 {426, "Upgrade Required"},
                                                 {429, "Too Many Requests"},
                                                 {431, "Request Header Fields Too Large"},
                                                 {500, "Internal Server Error"},
                                                 {501, "Not Implemented"},
                                                 {503, "Service Unavailable"},
                                                 {504, "Gateway Timeout"}}};
    const auto* found = std::ranges::find(reasons, status, &Reason::status);
    return found == reasons.end() ? std::string_view() : found->text;
}

bool is_bodiless(int status) noexcept { return status < 200 || status == 204 || status == 304; }

std::string date_text(Clock::Duration wall) {
    using namespace std::chrono;
    constexpr std::array<const char*, 7> days = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr std::array<const char*, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                    "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const sys_seconds time{floor<seconds>(wall)};
    const sys_days day = floor<std::chrono::days>(time);
    const year_month_day date(day);
    const hh_mm_ss clock(time - day);
    std::array<char, 64> out{};
    const int length =
        std::snprintf(out.data(), out.size(), "%s, %02u %s %04d %02d:%02d:%02d GMT", days[weekday(day).c_encoding()],
                      static_cast<unsigned>(date.day()), months[static_cast<unsigned>(date.month()) - 1],
                      static_cast<int>(date.year()), static_cast<int>(clock.hours().count()),
                      static_cast<int>(clock.minutes().count()), static_cast<int>(clock.seconds().count()));
    return {out.data(), static_cast<std::size_t>(std::max(length, 0))};
}

}    // namespace filfil::net
