// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "base/error.hpp"

namespace filfil {

std::string_view name_of(ErrorCode code) noexcept {
    switch (code) {
        case ErrorCode::invalid_argument: return "invalid_argument";
        case ErrorCode::not_found: return "not_found";
        case ErrorCode::io: return "io";
        case ErrorCode::truncated: return "truncated";
        case ErrorCode::corrupt: return "corrupt";
        case ErrorCode::mismatch: return "mismatch";
        case ErrorCode::too_small: return "too_small";
        case ErrorCode::too_large: return "too_large";
        case ErrorCode::unsupported: return "unsupported";
        case ErrorCode::cancelled: return "cancelled";
        case ErrorCode::device: return "device";
        case ErrorCode::denied: return "denied";
        case ErrorCode::busy: return "busy";
        case ErrorCode::internal: return "internal";
    }
    return "internal";
}

Error Error::in(std::string_view prefix) && {
    message.insert(0, ": ").insert(0, prefix);
    return std::move(*this);
}

Error Error::in(std::string_view prefix) const& { return Error(*this).in(prefix); }

std::string Error::text() const { return remedy.empty() ? message : message + "; " + remedy; }

}    // namespace filfil
