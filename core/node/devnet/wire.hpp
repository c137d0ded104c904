// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/error.hpp"
#include "rpc/json.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace filfil::node {

/// Whose JSON-RPC server is played. They differ in more than methods: Lotus has go-jsonrpc (handler.go, websocket.go,
/// server.go), Forest jsonrpsee with channels of its own (forest src/rpc/channel.rs).
enum class Flavour : std::uint8_t { lotus, forest };

// Codes of JSON-RPC 2.0, and go-jsonrpc's for whatever a method itself returns.
inline constexpr std::int64_t parse_error = -32700;
inline constexpr std::int64_t invalid_request = -32600;
inline constexpr std::int64_t method_not_found = -32601;
inline constexpr std::int64_t invalid_params = -32602;
inline constexpr std::int64_t internal_error = -32603;
inline constexpr std::int64_t lotus_application_error = 1;

/// The error of an answer.
struct WireError {
    std::int64_t code = 0;
    std::string message;
    std::optional<rpc::Json> data{};
};

/// What a method itself answers instead of a result.
WireError refused(const Error& why, Flavour flavour);

/// What a call comes to.
using Outcome = std::variant<rpc::Json, WireError>;

/// One call as it came.
struct WireCall {
    rpc::Json id;            ///< null where there is none
    bool answered = true;    ///< whether an answer is due
    std::string method;
    rpc::Json params;    ///< null where there are none
};

/// Reads one request. @return the call, or what its sender is told
std::variant<WireCall, WireError> read_call(const rpc::Json& request, Flavour flavour);

/// The id that an error belongs to, as far as there is one.
rpc::Json id_of(const rpc::Json& request, Flavour flavour);

/// The line of an answer.
std::string answer_text(const rpc::Json& id, const Outcome& outcome, Flavour flavour);

/// {"jsonrpc":"2.0","method":"xrpc.ch.val","params":[channel,value]}; `value` is JSON already.
std::string channel_value_text(std::uint64_t channel, std::string_view value);
std::string channel_close_text(std::uint64_t channel);

/// What HTTP status goes with an answer that is not part of an array: go-jsonrpc puts its own errors under 500 and 400,
/// and those of methods under 200; jsonrpsee has 200 for all.
int status_of(const Outcome& outcome, Flavour flavour) noexcept;

/// Text of JSON, whatever bytes its strings have.
std::string text_of(const rpc::Json& json);

}    // namespace filfil::node
