// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "rpc/client.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace filfil::rpc {

/// What a server sends: an answer (it has `id` or an error that belongs to no call) or a notification (it has
/// `method`).
struct Message {
    std::optional<std::uint64_t> id{};    ///< of an answer; nothing where it is none of a client's here
    Answer answer{};
    std::string method{};    ///< of a notification; "" for an answer
    Json params{};
};

/// Reads one object. @return Error::corrupt says what of its shape is wrong
Result<Message> message_of(Json value);

/// Reads the text of one message. The error begins with what came.
Result<Message> read_message(std::string_view text);

/// The same, for an array of messages as well. `array` tells which it was.
Result<std::vector<Message>> read_messages(std::string_view text, bool& array);

/// {"jsonrpc", "id", "method", "params"} in one line; without an id a notification.
std::string write_request(std::optional<std::uint64_t> id, std::string_view method, const Json& params);

/// An answer that is only a reason why there is none.
Answer failed(Error why);

}    // namespace filfil::rpc
