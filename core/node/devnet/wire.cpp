// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "node/devnet/wire.hpp"

#include <cmath>

namespace filfil::node {
namespace {

using rpc::Json;

/// go-jsonrpc keeps numbers as float64, so an id beyond 2^53 comes back as another one. @return nothing for ids that it
/// takes for a fault
std::optional<Json> normal_id(const Json& id, Flavour flavour) {
    if (id.is_null() || id.is_string()) return id;
    if (!id.is_number()) return std::nullopt;
    if (flavour == Flavour::forest) return id.is_number_unsigned() ? std::optional<Json>(id) : std::nullopt;
    const auto number = id.get<double>();
    if (std::trunc(number) == number && std::abs(number) < 0x1p63) return Json(static_cast<std::int64_t>(number));
    return Json(number);
}

const Json* find(const Json& object, const char* name) {
    const auto found = object.find(name);
    return found == object.end() ? nullptr : &*found;
}

Json json_of(const WireError& error) {
    Json out = {{"code", error.code}, {"message", error.message}};
    if (error.data) out["data"] = *error.data;
    return out;
}

}    // namespace

std::string text_of(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

Json id_of(const Json& request, Flavour flavour) {
    if (!request.is_object()) return nullptr;
    const Json* id = find(request, "id");
    return id == nullptr ? Json(nullptr) : normal_id(*id, flavour).value_or(nullptr);
}

WireError refused(const Error& why, Flavour flavour) {
    return {flavour == Flavour::lotus ? lotus_application_error : internal_error, why.message};
}

std::variant<WireCall, WireError> read_call(const Json& request, Flavour flavour) {
    // jsonrpsee tells JSON that is no request from text that is no JSON; go-jsonrpc does not.
    const WireError no_request = flavour == Flavour::lotus ? WireError{parse_error, "Parse error"}
                                                           : WireError{invalid_request, "Invalid request"};
    if (!request.is_object()) return no_request;
    WireCall call;
    if (const Json* id = find(request, "id")) {
        const auto normal = normal_id(*id, flavour);
        if (!normal)
            return flavour == Flavour::lotus ? WireError{parse_error, "failed to parse ID: invalid id type"}
                                             : no_request;
        call.id = *normal;
        call.answered = flavour == Flavour::forest || !normal->is_null();
    } else {
        call.answered = false;
    }
    const Json* method = find(request, "method");
    if (method == nullptr ? flavour == Flavour::forest : !method->is_string()) return no_request;
    if (method != nullptr) call.method = method->get<std::string>();
    if (const Json* params = find(request, "params")) call.params = *params;
    return call;
}

std::string answer_text(const Json& id, const Outcome& outcome, Flavour flavour) {
    std::string content;
    if (const auto* error = std::get_if<WireError>(&outcome))
        content = R"("error":)" + text_of(json_of(*error));
    else
        content = R"("result":)" + text_of(std::get<Json>(outcome));
    if (flavour == Flavour::forest) return R"({"jsonrpc":"2.0","id":)" + text_of(id) + "," + content + "}";
    // Go writes the fields in the order of their names, and a line's end.
    if (std::holds_alternative<WireError>(outcome))
        return "{" + content + R"(,"id":)" + text_of(id) + R"(,"jsonrpc":"2.0"})" + "\n";
    return R"({"id":)" + text_of(id) + R"(,"jsonrpc":"2.0",)" + content + "}\n";
}

std::string channel_value_text(std::uint64_t channel, std::string_view value) {
    return R"({"jsonrpc":"2.0","method":"xrpc.ch.val","params":[)" + std::to_string(channel) + "," +
           std::string(value) + "]}";
}

std::string channel_close_text(std::uint64_t channel) {
    return R"({"jsonrpc":"2.0","method":"xrpc.ch.close","params":[)" + std::to_string(channel) + "]}";
}

int status_of(const Outcome& outcome, Flavour flavour) noexcept {
    const auto* error = std::get_if<WireError>(&outcome);
    if (error == nullptr || flavour == Flavour::forest) return 200;
    if (error->code == invalid_request) return 400;
    return error->code <= 0 ? 500 : 200;
}

}    // namespace filfil::node
