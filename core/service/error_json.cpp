// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/error_json.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace filfil::service {
namespace {

constexpr std::array<ErrorCode, 14> codes = {ErrorCode::invalid_argument,
                                             ErrorCode::not_found,
                                             ErrorCode::io,
                                             ErrorCode::truncated,
                                             ErrorCode::corrupt,
                                             ErrorCode::mismatch,
                                             ErrorCode::too_small,
                                             ErrorCode::too_large,
                                             ErrorCode::unsupported,
                                             ErrorCode::cancelled,
                                             ErrorCode::device,
                                             ErrorCode::denied,
                                             ErrorCode::busy,
                                             ErrorCode::internal};

}    // namespace

rpc::Json error_json(const Error& error) {
    return {{"code", name_of(error.code)}, {"message", error.message}, {"remedy", error.remedy}};
}

std::optional<Error> parse_error(const rpc::Json& json) {
    const auto code = rpc::text_field(json, "code");
    auto message = rpc::text_field(json, "message");
    auto remedy = rpc::text_field(json, "remedy");
    if (!code.ok() || !message.ok() || !remedy.ok()) return std::nullopt;
    const auto* const known = std::ranges::find_if(codes, [&](ErrorCode one) { return name_of(one) == *code; });
    return Error(known == codes.end() ? ErrorCode::internal : *known, *std::move(message), *std::move(remedy));
}

}    // namespace filfil::service
