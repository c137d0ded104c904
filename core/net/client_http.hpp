// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/transport.hpp"
#include "net/context.hpp"

namespace filfil::net {

/// Sends one request and reads its answer. As Transport::request.
void start_request(Context& context, const Url& url, HttpRequest request, const ClientOptions& options,
                   Transport::ResponseHandler handler);

}    // namespace filfil::net
