// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace filfil {

/// A host and port as users write them: "127.0.0.1:1234", "[::1]:1234", "node.example:443".
struct Endpoint {
    std::string host;    ///< without brackets
    std::uint16_t port = 0;
    bool operator==(const Endpoint&) const = default;
};

/// @return Error::invalid_argument names what is wrong. A missing host is "127.0.0.1" (":1234")
Result<Endpoint> parse_endpoint(std::string_view text);

/// "127.0.0.1:1234", "[::1]:1234"
std::string text_of(const Endpoint& endpoint);

/// Whether only this machine can reach it: 127.0.0.0/8, ::1, "localhost".
bool is_loopback(const Endpoint& endpoint) noexcept;

/// Where something is on the network.
struct Url {
    enum class Scheme : std::uint8_t { http, https, ws, wss };
    Scheme scheme = Scheme::http;
    Endpoint at;
    std::string target = "/";    ///< path and query; at least "/"
    [[nodiscard]] bool tls() const noexcept { return scheme == Scheme::https || scheme == Scheme::wss; }
    bool operator==(const Url&) const = default;
};

/// Reads "ws://127.0.0.1:1234/rpc/v1". Ports default to 80 and 443. Fragments, user names and passwords, control
/// characters and spaces are refused.
/// @return Error::invalid_argument names the text and what is wrong
Result<Url> parse_url(std::string_view text);

/// Reads back with parse_url. What may be secret in a query ("?token=…") is left out where `shown` is set: for
/// messages.
std::string text_of(const Url& url, bool shown = false);

}    // namespace filfil
