// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "rpc/server.hpp"

#include <optional>
#include <string_view>

namespace filfil::rpc {

/// What the request's token allows; none where it has no right one. A WebSocket's may stand in its URL, since browsers
/// send no other fields.
Permission permission_of(const HttpRequest& request, const ServerOptions& options, bool socket);

/// The answer to a request that is not let in (401, then 403 for its Origin, then 404 for its path); nothing to go on.
std::optional<HttpResponse> refuse(const HttpRequest& request, const ServerOptions& options, bool socket);

/// An answer of HTTP that has one error of JSON-RPC, which belongs to no call.
HttpResponse refusal(int status, std::int64_t code, const Error& why);

}    // namespace filfil::rpc
