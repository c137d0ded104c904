// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/error.hpp"
#include "rpc/json.hpp"

#include <optional>

namespace filfil::service {

/// {"code", "message", "remedy"}
rpc::Json error_json(const Error& error);

/// The reading of such an object; a code that this program does not know is ErrorCode::internal. @return nothing for
/// what is none
std::optional<Error> parse_error(const rpc::Json& json);

}    // namespace filfil::service
