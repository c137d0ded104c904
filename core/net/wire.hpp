// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/transport.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace filfil::net {

/// The head of a request, to its empty line. Fields of the request stand in for those of the options with their name.
/// @return Error::invalid_argument for a method, target or field that would not be read back as one
Result<std::string> request_head(const Url& url, const HttpRequest& request, const HttpFields& fields);

/// What follows the head of an answer, and when its connection ends.
struct BodyKind {
    std::optional<std::uint64_t> size{};    ///< Content-Length; nothing: chunks, or up to the connection's end
    bool chunked = false;
    bool none = false;    ///< an answer that has no body by its status: no Content-Length either
    bool keep_alive = true;
    bool http_1_0 = false;    ///< the client's version
};

/// The head of an answer, to its empty line.
/// @param wall for its Date
/// @return Error::invalid_argument for a status or field that would not be read back as one
Result<std::string> response_head(const HttpResponse& response, const BodyKind& body, Clock::Duration wall);

/// "Too Many Requests" for 429; "" for a status without a name.
std::string_view reason_of(int status) noexcept;

/// Whether an answer of this status has no body, whatever it says.
bool is_bodiless(int status) noexcept;

/// Whether the field can be sent: the name a token, the value without line ends.
bool is_valid_field(const std::string& name, const std::string& value) noexcept;

/// "Fri, 27 Nov 2026 00:32:42 GMT"
std::string date_text(Clock::Duration wall);

}    // namespace filfil::net
