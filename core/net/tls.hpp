// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/result.hpp"
#include "base/transport.hpp"
#include "net/asio.hpp"

#include <memory>
#include <string>

namespace filfil::net {

/// Trusts what the system trusts, and what is in `trust_file` where one is given. TLS 1.2 at least.
/// @return Error::invalid_argument where that file has no certificates
Result<std::unique_ptr<asio::ssl::context>> client_tls(const std::string& trust_file);

/// @return Error::invalid_argument names the file that is missing, no PEM, or does not fit the other
Result<std::unique_ptr<asio::ssl::context>> server_tls(const TlsFiles& files);

/// Tells a connection whom it is to reach: asks for that host's certificate and accepts no other.
/// @return false where OpenSSL cannot take the name
[[nodiscard]] bool expect_host(SSL* ssl, const std::string& host) noexcept;

}    // namespace filfil::net
