// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/api_params.hpp"

#include <algorithm>
#include <utility>

namespace filfil::service {
namespace {

using rpc::Json;

/// What stands there, for a message: never more than a line of it.
std::string shown(const Json& value) {
    if (value.is_object()) return "an object";
    if (value.is_array()) return "a list";
    if (value.is_string()) {
        const auto& text = value.get_ref<const std::string&>();
        if (text.size() > 60) return "a text of " + std::to_string(text.size()) + " bytes";
    }
    return value.dump();
}

Error wrong_type(std::string_view name, const std::string& wanted, const Json& value) {
    return wrong_parameter(name, "has to be " + wanted + ", and is " + shown(value));
}

Error missing(std::string_view name) { return wrong_parameter(name, "is missing"); }

}    // namespace

Error wrong_parameter(std::string_view name, const std::string& what) {
    return {ErrorCode::invalid_argument, "parameter '" + std::string(name) + "' " + what,
            "docs/api.md has an example of each call"};
}

Result<Params> Params::open(const Json& json, const std::vector<std::string>& known) {
    static const Json none = Json::object();
    if (json.is_array() && json.empty()) return Params(none);
    if (!json.is_object())
        return Error(ErrorCode::invalid_argument, "parameters are given by name, in an object",
                     "docs/api.md has an example of each call");
    for (const auto& [name, value] : json.items()) {
        if (std::ranges::find(known, name) != known.end()) continue;
        std::string names;
        for (const std::string& one : known) names += (names.empty() ? "" : ", ") + one;
        return Error(ErrorCode::invalid_argument,
                     "there is no parameter '" + (name.size() > 60 ? name.substr(0, 60) + "…" : name) + "'",
                     known.empty() ? "the method has none" : "the method has " + names);
    }
    return Params(json);
}

const Json* Params::find(std::string_view name) const {
    const auto found = m_json.find(name);
    return found == m_json.end() ? nullptr : &*found;
}

bool Params::has(std::string_view name) const { return find(name) != nullptr; }

Result<std::optional<std::int64_t>> Params::integer(std::string_view name, std::int64_t least,
                                                    std::int64_t most) const {
    const Json* value = find(name);
    if (value == nullptr) return std::optional<std::int64_t>();
    const std::string wanted = "a whole number from " + std::to_string(least) + " to " + std::to_string(most);
    if (!value->is_number_integer()) return wrong_type(name, wanted, *value);
    if (value->is_number_unsigned() &&
        value->get<std::uint64_t>() > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
        return wrong_type(name, wanted, *value);
    const auto number = value->get<std::int64_t>();
    if (number < least || number > most) return wrong_type(name, wanted, *value);
    return std::optional(number);
}

Result<std::optional<bool>> Params::flag(std::string_view name) const {
    const Json* value = find(name);
    if (value == nullptr) return std::optional<bool>();
    if (!value->is_boolean()) return wrong_type(name, "true or false", *value);
    return std::optional(value->get<bool>());
}

Result<std::optional<std::string>> Params::text(std::string_view name, std::size_t most_bytes) const {
    const Json* value = find(name);
    if (value == nullptr) return std::optional<std::string>();
    if (!value->is_string()) return wrong_type(name, "a text", *value);
    auto text = value->get<std::string>();
    if (text.size() > most_bytes) return wrong_type(name, "at most " + std::to_string(most_bytes) + " bytes", *value);
    if (text.find('\0') != std::string::npos) return wrong_parameter(name, "has a zero byte in it");
    return std::optional(std::move(text));
}

Result<std::optional<std::uint64_t>> Params::size(std::string_view name) const {
    const Json* value = find(name);
    if (value == nullptr) return std::optional<std::uint64_t>();
    if (value->is_number_integer()) {
        FILFIL_TRY(const auto number, integer(name));
        return std::optional(static_cast<std::uint64_t>(*number));
    }
    if (!value->is_string()) return wrong_type(name, "a number of bytes or a size like \"32GiB\"", *value);
    const auto size = parse_size(value->get<std::string>());
    if (!size.ok()) return wrong_type(name, "a number of bytes or a size like \"32GiB\"", *value);
    return std::optional(*size);
}

Result<std::optional<std::vector<std::string>>> Params::texts(std::string_view name, std::size_t most) const {
    const Json* value = find(name);
    if (value == nullptr) return std::optional<std::vector<std::string>>();
    if (!value->is_array()) return wrong_type(name, "a list of texts", *value);
    if (value->size() > most) return wrong_parameter(name, "has more than " + std::to_string(most) + " texts");
    std::vector<std::string> out;
    for (const Json& one : *value) {
        if (!one.is_string()) return wrong_type(name, "a list of texts", one);
        out.push_back(one.get<std::string>());
        if (out.back().size() > 4096) return wrong_parameter(name, "has a text of more than 4096 bytes");
    }
    return std::optional(std::move(out));
}

Result<std::optional<chain::TipsetKey>> Params::tipset(std::string_view name) const {
    FILFIL_TRY(const auto list, texts(name, 256));
    if (!list) return std::optional<chain::TipsetKey>();
    if (list->empty()) return wrong_parameter(name, "is an empty list: a tipset has at least one block");
    chain::TipsetKey out;
    for (const std::string& text : *list) {
        auto cid = ipld::Cid::parse(text);
        if (!cid.ok()) return wrong_parameter(name, "has no CID in it: " + cid.error().message);
        out.push_back(*std::move(cid));
    }
    return std::optional(std::move(out));
}

Result<std::int64_t> Params::need_integer(std::string_view name, std::int64_t least, std::int64_t most) const {
    FILFIL_TRY(const auto number, integer(name, least, most));
    if (!number) return missing(name);
    return *number;
}

Result<std::string> Params::need_text(std::string_view name, std::size_t most_bytes) const {
    FILFIL_TRY(auto out, text(name, most_bytes));
    if (!out) return missing(name);
    return *std::move(out);
}

void add_method(rpc::Server& server, std::string name, rpc::Permission permission, std::vector<std::string> known,
                ApiHandler handler) {
    server.add(std::move(name), {permission, [known = std::move(known), handler = std::move(handler)](
                                                 const Json& json, const std::shared_ptr<rpc::Session>& session,
                                                 const rpc::Reply& reply) {
                                     const auto params = Params::open(json, known);
                                     if (!params.ok()) return reply(params.error());
                                     if (auto done = handler(*params, session, reply); !done.ok())
                                         reply(std::move(done).error());
                                 }});
}

}    // namespace filfil::service
