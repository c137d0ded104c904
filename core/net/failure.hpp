// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/url.hpp"
#include "net/asio.hpp"

#include <string>
#include <string_view>

namespace filfil::net {

/// "cannot connect to ws://…: Connection refused", with what the user can do about such a reason.
/// @param doing "cannot connect to"
Error failure(std::string_view doing, const Url& url, const error_code& error);

/// "no answer from http://… within 60 s"
/// @param what "no answer from"
Error timeout_failure(std::string_view what, const Url& url, Clock::Duration limit);

/// A handshake that failed, with what OpenSSL has against the server's certificate.
Error tls_failure(const Url& url, const error_code& error, const SSL* ssl);

/// "10 s", "250 ms"
std::string text_of_limit(Clock::Duration limit);

}    // namespace filfil::net
