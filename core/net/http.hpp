// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/transport.hpp"

#include <boost/beast/http/fields.hpp>

namespace filfil::net {

/// The fields of a message that was read, in their order.
inline HttpFields fields_of(const boost::beast::http::fields& from) {
    HttpFields out;
    for (const auto& field : from) out.emplace_back(std::string(field.name_string()), std::string(field.value()));
    return out;
}

/// Lines of a head, together: more are refused (431 by a server).
inline constexpr std::uint32_t request_head_limit = 16 * 1024;
inline constexpr std::uint32_t response_head_limit = 64 * 1024;

/// Beast reads as much as a buffer has room for, and never makes more room by itself.
inline constexpr std::size_t body_read_size = 64UL * 1024;

}    // namespace filfil::net
