// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "rpc/message.hpp"

#include "rpc/excerpt.hpp"

#include <charconv>
#include <utility>

namespace filfil::rpc {
namespace {

/// So much of a remote side's text stands in an error's message.
constexpr std::size_t shown_characters = 500;

Error wrong_shape(std::string_view what) { return {ErrorCode::corrupt, "no JSON-RPC message: " + std::string(what)}; }

/// Takes a member's value out of an object; null where it has none, which JSON-RPC does not tell from a null.
Json take(Json& object, std::string_view name) {
    for (auto& [key, value] : object.get_ref<Json::object_t&>())
        if (key == name) return std::move(value);
    return nullptr;
}

/// Numbers of calls come back as they were sent, or as their text.
std::optional<std::uint64_t> read_id(const Json& id) {
    if (id.is_number_unsigned()) return id.get<std::uint64_t>();
    if (!id.is_string()) return std::nullopt;
    const auto& text = id.get_ref<const std::string&>();
    std::uint64_t out = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), out);
    if (read.ec != std::errc() || read.ptr != text.data() + text.size()) return std::nullopt;
    return out;
}

Result<RemoteError> read_error(Json error) {
    if (!error.is_object()) return wrong_shape("its error is no object");
    RemoteError out;
    const Json code = take(error, "code");
    if (code.is_number_integer() && !(code.is_number_unsigned() && code.get<std::uint64_t>() > INT64_MAX))
        out.code = code.get<std::int64_t>();
    else
        return wrong_shape("its error has no code");
    Json message = take(error, "message");
    if (!message.is_string()) return wrong_shape("its error has no message");
    out.message = std::move(message.get_ref<std::string&>());
    if (Json data = take(error, "data"); !data.is_null()) out.data = std::move(data);
    return out;
}

Result<Message> read_notification(Json& value, Json method) {
    if (!method.is_string() || method.get_ref<const std::string&>().empty())
        return wrong_shape("its method is no text");
    Message out;
    out.method = std::move(method.get_ref<std::string&>());
    out.params = take(value, "params");
    return out;
}

Error in_message(Error error, std::string_view text) {
    error.message += " ('" + excerpt(text) + "')";
    return error;
}

}    // namespace

Result<Message> message_of(Json value) {
    if (!value.is_object()) return wrong_shape("it is no object");
    if (Json method = take(value, "method"); !method.is_null()) return read_notification(value, std::move(method));

    Message out;
    const Json id = take(value, "id");
    if (!id.is_null() && !id.is_number() && !id.is_string()) return wrong_shape("its id is no number and no text");
    out.id = read_id(id);
    Json result = take(value, "result");
    Json error = take(value, "error");
    if (!error.is_null()) {
        if (!result.is_null()) return wrong_shape("it has a result and an error");
        FILFIL_TRY(out.answer.error, read_error(std::move(error)));
        return out;
    }
    if (id.is_null()) {
        // Forest sends the last notification of a channel that was cancelled as the result of nothing.
        if (!result.is_object()) return wrong_shape("it has neither an id nor a method");
        Json method = take(result, "method");
        return read_notification(result, std::move(method));
    }
    out.answer.result = std::move(result);
    return out;
}

Result<Message> read_message(std::string_view text) {
    auto value = parse_json(text);
    if (!value.ok()) return in_message(std::move(value).error(), text);
    auto message = message_of(std::move(*value));
    if (!message.ok()) return in_message(std::move(message).error(), text);
    return message;
}

Result<std::vector<Message>> read_messages(std::string_view text, bool& array) {
    auto value = parse_json(text);
    if (!value.ok()) return in_message(std::move(value).error(), text);
    array = value->is_array();
    std::vector<Message> out;
    Json::array_t all;
    if (array)
        all = std::move(value->get_ref<Json::array_t&>());
    else
        all.push_back(std::move(*value));
    out.reserve(all.size());
    for (Json& one : all) {
        auto message = message_of(std::move(one));
        if (!message.ok()) return in_message(std::move(message).error(), text);
        out.push_back(std::move(*message));
    }
    return out;
}

std::string write_request(std::optional<std::uint64_t> id, std::string_view method, const Json& params) {
    std::string out = R"({"jsonrpc":"2.0",)";
    if (id) out += "\"id\":" + std::to_string(*id) + ",";
    out += "\"method\":" + write_json(method) + ",\"params\":" + write_json(params) + "}";
    return out;
}

Answer failed(Error why) {
    Answer out;
    out.failure = std::move(why);
    return out;
}

Result<Json> Answer::to_result(std::string_view method) && {
    if (failure) return *std::move(failure);
    if (error)
        return Error(error->code == -32601 ? ErrorCode::unsupported : ErrorCode::internal,
                     std::string(method) + ": " + excerpt(error->message, shown_characters) + " (code " +
                         std::to_string(error->code) + ")");
    if (result) return *std::move(result);
    return Error(ErrorCode::internal, std::string(method) + ": an answer with nothing in it");
}

}    // namespace filfil::rpc
