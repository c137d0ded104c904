// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/units.hpp"
#include "rpc/json.hpp"

#include <optional>

namespace filfil::service {

/// What an answer says of something that may be missing.
template <class T>
rpc::Json or_null(const std::optional<T>& value) {
    return value ? rpc::Json(*value) : rpc::Json(nullptr);
}

inline rpc::Json epoch_or_null(const std::optional<Epoch>& epoch) {
    return epoch ? rpc::Json(epoch->value) : rpc::Json(nullptr);
}

}    // namespace filfil::service
