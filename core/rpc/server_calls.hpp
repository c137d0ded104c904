// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "rpc/server.hpp"

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace filfil::rpc {

constexpr std::int64_t parse_error_code = -32700;
constexpr std::int64_t invalid_request_code = -32600;
constexpr std::int64_t no_method_code = -32601;
constexpr std::int64_t invalid_params_code = -32602;
constexpr std::int64_t failed_code = -32000;
constexpr std::int64_t denied_code = -32001;

/// The "error" member: code, message, and all of the Error as data.
Json error_json(std::int64_t code, const Error& error);

/// One answer. @param ok whether `value` is a result, or an error
std::string answer_text(const Json& id, const Json& value, bool ok);

/// What calls are run with. Methods are set before the first of them.
struct CallTable {
    std::map<std::string, Method, std::less<>> methods{};
    std::size_t batch_limit = 0;
    Executor* loop = nullptr;
    std::atomic<bool> stopped = false;    ///< the server is gone: nothing more is run or answered
};

/// Gets the text that answers a message once all of its calls have been answered; nothing where none wants an answer.
using Sink = std::function<void(std::optional<std::string>)>;

/// Runs the calls of one message, on the loop. Answers are dropped once `table` is gone or stopped.
/// @param message what parse_json() made of it
void run_message(const std::shared_ptr<CallTable>& table, Result<Json> message, const std::shared_ptr<Session>& session,
                 Sink sink);

}    // namespace filfil::rpc
