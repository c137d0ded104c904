// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "base/url.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace filfil {
namespace {

constexpr std::string_view example_url = "an example: ws://127.0.0.1:1234/rpc/v1";
constexpr std::string_view example_endpoint = "examples: 127.0.0.1:1234, [::1]:1234, node.example:443";

/// DNS allows 253; nothing that is longer is an address either.
constexpr std::size_t longest_host = 253;
constexpr std::size_t longest_url = 8192;

struct SchemeName {
    std::string_view name;
    Url::Scheme scheme;
    std::uint16_t port;
};
constexpr std::array<SchemeName, 4> schemes = {{{"http", Url::Scheme::http, 80},
                                                {"https", Url::Scheme::https, 443},
                                                {"ws", Url::Scheme::ws, 80},
                                                {"wss", Url::Scheme::wss, 443}}};

char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::string lower(std::string_view text) {
    std::string out(text);
    std::ranges::transform(out, out.begin(), [](char c) { return lower(c); });
    return out;
}

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
bool is_letter(char c) noexcept { return lower(c) >= 'a' && lower(c) <= 'z'; }

bool is_ipv6(const std::string& host) noexcept {
    in6_addr address{};
    return host.find('\0') == std::string::npos && ::inet_pton(AF_INET6, host.c_str(), &address) == 1;
}

/// A text from outside as it may stand in a message: ASCII that a terminal does not obey, not endlessly long.
std::string shown_text(std::string_view text) {
    std::string out;
    for (const char c : text.substr(0, 100)) out += c < ' ' || c >= '\x7f' ? '?' : c;
    if (text.size() > 100) out += "…";
    return out;
}

/// Reads a port in its shortest form, 0 to 65535.
std::optional<std::uint16_t> parse_port(std::string_view digits) noexcept {
    std::uint16_t out = 0;
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), out);
    const bool leading_zero = digits.size() > 1 && digits.front() == '0';
    if (read.ec != std::errc() || read.ptr != digits.data() + digits.size() || leading_zero) return std::nullopt;
    return out;
}

struct HostAndPort {
    std::string host;    ///< "" where it is missing
    std::optional<std::uint16_t> port;
};

/// Reads "host", "host:port", "[v6]", "[v6]:port". @return what is wrong, in `wrong`
std::optional<HostAndPort> parse_authority(std::string_view text, std::string& wrong) {
    HostAndPort out;
    std::string_view after;
    if (text.starts_with('[')) {
        const std::size_t end = text.find(']');
        if (end == std::string_view::npos) {
            wrong = "the bracket before the IPv6 address is never closed";
            return std::nullopt;
        }
        out.host = lower(text.substr(1, end - 1));
        after = text.substr(end + 1);
        if (!is_ipv6(out.host)) {
            wrong = "what stands in brackets is no IPv6 address";
            return std::nullopt;
        }
    } else {
        const std::size_t colon = text.find(':');
        if (colon != text.rfind(':')) {
            wrong = "an IPv6 address stands in brackets";
            return std::nullopt;
        }
        out.host = lower(text.substr(0, colon));
        if (colon != std::string_view::npos) after = text.substr(colon);
        if (out.host.size() > longest_host) {
            wrong = "the host's name is longer than 253 characters";
            return std::nullopt;
        }
        for (const char c : out.host)
            if (!is_digit(c) && !is_letter(c) && c != '-' && c != '.' && c != '_') {
                wrong = "a host's name is made of letters, digits, '-' and '.'";
                return std::nullopt;
            }
    }
    if (after.empty()) return out;
    if (after.front() == ':') out.port = parse_port(after.substr(1));
    if (!out.port) {
        wrong = "the port is no number from 0 to 65535";
        return std::nullopt;
    }
    return out;
}

Error bad_endpoint(std::string_view text, std::string_view wrong) {
    return {ErrorCode::invalid_argument, "'" + shown_text(text) + "' is no HOST:PORT: " + std::string(wrong),
            std::string(example_endpoint)};
}

/// Where a user name and password, or a query, might be secret, the text is not repeated that far.
Error bad_url(std::string_view text, std::string_view wrong) {
    const std::size_t at = text.find('@');
    const std::size_t query = text.find('?');
    std::string shown;
    if (at != std::string_view::npos && at < query) {
        const std::size_t slashes = text.find("://");
        shown = slashes < at ? shown_text(text.substr(0, slashes + 3)) + "…" : "…";
    } else {
        shown = shown_text(text.substr(0, query)) + (query == std::string_view::npos ? "" : "?…");
    }
    return {ErrorCode::invalid_argument, "'" + shown + "' is no URL for here: " + std::string(wrong),
            std::string(example_url)};
}

}    // namespace

Result<Endpoint> parse_endpoint(std::string_view text) {
    std::string wrong;
    std::optional<HostAndPort> read = parse_authority(text, wrong);
    if (!read) return bad_endpoint(text, wrong);
    if (!read->port) return bad_endpoint(text, "the port is missing");
    return Endpoint{read->host.empty() ? "127.0.0.1" : std::move(read->host), *read->port};
}

std::string text_of(const Endpoint& endpoint) {
    const bool v6 = endpoint.host.find(':') != std::string::npos;
    return (v6 ? "[" + endpoint.host + "]" : endpoint.host) + ":" + std::to_string(endpoint.port);
}

bool is_loopback(const Endpoint& endpoint) noexcept {
    const std::string& host = endpoint.host;
    if (host.find('\0') != std::string::npos) return false;
    in_addr v4{};
    if (::inet_pton(AF_INET, host.c_str(), &v4) == 1) return ntohl(v4.s_addr) >> 24 == 127;
    in6_addr v6{};
    if (::inet_pton(AF_INET6, host.c_str(), &v6) == 1) return IN6_IS_ADDR_LOOPBACK(&v6) != 0;
    return std::ranges::equal(host, std::string_view("localhost"), {}, [](char c) { return lower(c); });
}

Result<Url> parse_url(std::string_view text) {
    if (text.size() > longest_url) return bad_url(text, "it is longer than 8192 characters");
    for (const char c : text)
        if (c <= ' ' || c >= '\x7f') return bad_url(text, "it has a space, control character or a letter beyond ASCII");
    const std::size_t slashes = text.find("://");
    const std::string scheme = lower(text.substr(0, slashes == std::string_view::npos ? 0 : slashes));
    const auto* known = std::ranges::find(schemes, scheme, &SchemeName::name);
    if (known == schemes.end()) return bad_url(text, "it has to begin with http://, https://, ws:// or wss://");

    const std::string_view rest = text.substr(slashes + 3);
    const std::size_t end = std::min(rest.find_first_of("/?#"), rest.size());
    const std::string_view authority = rest.substr(0, end);
    const std::string_view target = rest.substr(end);
    if (target.find('#') != std::string_view::npos) return bad_url(text, "a fragment ('#') means nothing here");
    if (authority.find('@') != std::string_view::npos)
        return bad_url(text, "it names a user or password; give a token instead");

    std::string wrong;
    std::optional<HostAndPort> read = parse_authority(authority, wrong);
    if (!read) return bad_url(text, wrong);
    if (read->host.empty()) return bad_url(text, "the host is missing");
    if (read->port == 0) return bad_url(text, "nothing can be reached at port 0");

    Url url;
    url.scheme = known->scheme;
    url.at = {std::move(read->host), read->port.value_or(known->port)};
    url.target = target.starts_with('/') ? std::string(target) : "/" + std::string(target);
    return url;
}

std::string text_of(const Url& url, bool shown) {
    const auto* known = std::ranges::find(schemes, url.scheme, &SchemeName::scheme);
    std::string out = std::string(known->name) + "://" + text_of(url.at);
    if (url.at.port == known->port) out.resize(out.rfind(':'));
    const std::size_t query = shown ? url.target.find('?') : std::string::npos;
    return out + url.target.substr(0, query) + (query == std::string::npos ? "" : "?…");
}

}    // namespace filfil
