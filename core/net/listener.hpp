// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/transport.hpp"
#include "net/context.hpp"

#include <memory>

namespace filfil::net {

/// As Transport::listen.
Result<std::unique_ptr<Transport::Listener>> start_listener(Context& context, const ListenOptions& options,
                                                            HttpServer& server);

}    // namespace filfil::net
