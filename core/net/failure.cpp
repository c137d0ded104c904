// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "net/failure.hpp"

#include <openssl/x509.h>

#include <boost/asio/error.hpp>

namespace filfil::net {
namespace {

std::string_view remedy_of(const error_code& error) {
    namespace code = asio::error;
    if (error == code::connection_refused) return "is the node running and listening there?";
    if (error == code::host_not_found || error == code::host_not_found_try_again || error == code::no_data)
        return "check the host's name, and that this machine can resolve names";
    if (error == code::timed_out || error == code::network_unreachable || error == code::host_unreachable)
        return "check the address, the network, and firewalls between here and there";
    if (error == code::connection_reset || error == code::eof || error == code::broken_pipe)
        return "it may have been restarted: try again, and see its log";
    if (error == code::no_descriptors) return "raise the limit of open files (ulimit -n)";
    return "";
}

/// Asio's own texts end with nothing that says where they come from; OpenSSL's are a list in brackets.
std::string reason_of(const error_code& error) {
    if (error == asio::error::eof) return "the connection was closed";
    std::string out = error.message();
    if (const std::size_t detail = out.find(" (");
        error.category() == asio::error::get_ssl_category() && detail != std::string::npos)
        out.resize(detail);
    return out;
}

}    // namespace

Error failure(std::string_view doing, const Url& url, const error_code& error) {
    return {ErrorCode::io, std::string(doing) + " " + text_of(url, true) + ": " + reason_of(error),
            std::string(remedy_of(error))};
}

Error timeout_failure(std::string_view what, const Url& url, Clock::Duration limit) {
    return {ErrorCode::io, std::string(what) + " " + text_of(url, true) + " within " + text_of_limit(limit),
            "check the address, the network, and whether the other side is overloaded"};
}

Error tls_failure(const Url& url, const error_code& error, const SSL* ssl) {
    const long verified = ssl != nullptr ? ::SSL_get_verify_result(ssl) : X509_V_OK;
    if (verified != X509_V_OK)
        return {ErrorCode::io,
                "the certificate of " + text_of(url, true) +
                    " is not trusted: " + ::X509_verify_cert_error_string(verified),
                verified == X509_V_ERR_HOSTNAME_MISMATCH || verified == X509_V_ERR_IP_ADDRESS_MISMATCH
                    ? "use a host name that the certificate is for"
                    : "let the system trust who signed it, or give its certificate as a trust file"};
    Error out = failure("no TLS connection to", url, error);
    out.remedy = "does it speak TLS (1.2 or later) there? without TLS the URL begins with http:// or ws://";
    return out;
}

std::string text_of_limit(Clock::Duration limit) {
    const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(limit).count();
    return milliseconds % 1000 == 0 ? std::to_string(milliseconds / 1000) + " s" : std::to_string(milliseconds) + " ms";
}

}    // namespace filfil::net
