// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/transport.hpp"

#include <string>
#include <vector>

namespace filfil::net {

/// Writes a key and a certificate that it signs itself.
/// @param names whom it is for: "DNS:localhost", "IP:127.0.0.1"
bool write_self_signed(const TlsFiles& files, const std::vector<std::string>& names);

}    // namespace filfil::net
