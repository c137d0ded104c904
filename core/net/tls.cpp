// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "net/tls.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

#include <boost/asio/ip/address.hpp>

namespace filfil::net {
namespace {

Error bad_file(const std::string& path, std::string_view what, const error_code& error) {
    return {ErrorCode::invalid_argument, path + ": " + std::string(what) + ": " + error.message(),
            "give a PEM file that this user can read"};
}

/// OpenSSL keeps a list of errors for each thread, and a call that succeeds may leave some there for the next.
template <class Call>
error_code call_openssl(Call&& call) {
    ::ERR_clear_error();
    error_code error;
    call(error);
    ::ERR_clear_error();
    return error;
}

bool set_least_version(asio::ssl::context& context) noexcept {
    return ::SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_2_VERSION) == 1;
}

Error no_tls() { return {ErrorCode::unsupported, "OpenSSL does not offer TLS 1.2"}; }

}    // namespace

Result<std::unique_ptr<asio::ssl::context>> client_tls(const std::string& trust_file) {
    auto out = std::make_unique<asio::ssl::context>(asio::ssl::context::tls_client);
    if (!set_least_version(*out)) return no_tls();
    // A machine without a store of its own still has the file.
    (void)call_openssl([&](error_code& error) { out->set_default_verify_paths(error); });
    if (!trust_file.empty())
        if (const auto error = call_openssl([&](error_code& e) { out->load_verify_file(trust_file, e); }))
            return bad_file(trust_file, "no certificates to trust could be read", error);
    if (const auto error = call_openssl([&](error_code& e) { out->set_verify_mode(asio::ssl::verify_peer, e); }))
        return Error(ErrorCode::internal, "TLS cannot be set up: " + error.message());
    return out;
}

Result<std::unique_ptr<asio::ssl::context>> server_tls(const TlsFiles& files) {
    auto out = std::make_unique<asio::ssl::context>(asio::ssl::context::tls_server);
    if (!set_least_version(*out)) return no_tls();
    ::SSL_CTX_set_options(out->native_handle(), SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE);
    if (const auto error = call_openssl([&](error_code& e) { out->use_certificate_chain_file(files.certificate, e); }))
        return bad_file(files.certificate, "no certificate for TLS could be read", error);
    // Without this OpenSSL would ask at the terminal for the password of a key that has one.
    out->set_password_callback([](std::size_t, asio::ssl::context::password_purpose) { return std::string(); });
    if (const auto error =
            call_openssl([&](error_code& e) { out->use_private_key_file(files.key, asio::ssl::context::pem, e); }))
        return bad_file(files.key, "no key for TLS that fits " + files.certificate + " could be read", error);
    return out;
}

bool expect_host(SSL* ssl, const std::string& host) noexcept {
    X509_VERIFY_PARAM* wanted = ::SSL_get0_param(ssl);
    error_code no_address;
    asio::ip::make_address(host, no_address);
    if (!no_address) return ::X509_VERIFY_PARAM_set1_ip_asc(wanted, host.c_str()) == 1;
    ::X509_VERIFY_PARAM_set_hostflags(wanted, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    return ::X509_VERIFY_PARAM_set1_host(wanted, host.c_str(), host.size()) == 1 &&
           ::SSL_set_tlsext_host_name(ssl, const_cast<char*>(host.c_str())) == 1;
}

}    // namespace filfil::net
