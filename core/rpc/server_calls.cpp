// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "rpc/server_calls.hpp"

#include "rpc/excerpt.hpp"

#include <utility>
#include <vector>

namespace filfil::rpc {
namespace {

std::int64_t code_of(const Error& error) noexcept {
    switch (error.code) {
        case ErrorCode::invalid_argument: return invalid_params_code;
        case ErrorCode::denied: return denied_code;
        default: return failed_code;
    }
}

/// The answers to one message while they come, in the order of its calls.
class Answers {
public:
    Answers(std::size_t calls, bool array, Sink sink)
        : m_texts(calls), m_missing(calls), m_array(array), m_sink(std::move(sink)) {}

    void set(std::size_t call, std::optional<std::string> text) {
        m_texts[call] = std::move(text);
        if (--m_missing > 0) return;
        std::string out;
        for (auto& one : m_texts)
            if (one) out += (out.empty() ? "" : ",") + *std::exchange(one, std::nullopt);
        const Sink sink = std::exchange(m_sink, nullptr);
        if (out.empty()) return sink(std::nullopt);
        sink(m_array ? "[" + out + "]" : std::move(out));
    }

private:
    std::vector<std::optional<std::string>> m_texts;
    std::size_t m_missing;
    bool m_array;
    Sink m_sink;
};

/// Where one call's answer goes.
struct Place {
    std::weak_ptr<CallTable> table;
    std::shared_ptr<Answers> answers;
    std::size_t call;
    std::optional<Json> id;    ///< nothing: it wants no answer

    void set(const Json& value, bool ok) const {
        if (const auto open = table.lock(); open != nullptr && !open->stopped)
            answers->set(call, id ? std::optional(answer_text(*id, value, ok)) : std::nullopt);
    }
    void fail(std::int64_t code, const Error& why) const { set(error_json(code, why), false); }
};

/// Takes the answer of a method; the first one counts.
class Answering {
public:
    explicit Answering(Place place) : m_place(std::move(place)) {}
    Answering(const Answering&) = delete;
    Answering& operator=(const Answering&) = delete;

    /// A method may drop it anywhere; also where the server is gone, and the loop with it.
    ~Answering() {
        if (!m_place) return;
        const auto open = m_place->table.lock();
        if (open == nullptr || open->stopped) return;
        open->loop->post([place = *std::move(m_place)] {
            place.fail(failed_code, Error(ErrorCode::internal, "the method gave no answer"));
        });
    }

    void give(const Result<Json>& result) {
        const auto place = std::exchange(m_place, std::nullopt);
        if (!place) return;
        if (result.ok())
            place->set(*result, true);
        else
            place->fail(code_of(result.error()), result.error());
    }

private:
    std::optional<Place> m_place;
};

const Json* member(const Json& object, std::string_view name) {
    const auto found = field(object, name);
    return found.ok() ? *found : nullptr;
}

/// What is wrong with a request's shape; "" for nothing.
std::string_view wrong_request(const Json& request) {
    if (!request.is_object()) return "a call is an object";
    const Json* const version = member(request, "jsonrpc");
    if (version == nullptr || *version != "2.0") return "\"jsonrpc\" has to be \"2.0\"";
    const Json* const method = member(request, "method");
    if (method == nullptr || !method->is_string()) return "\"method\" has to be a string";
    const Json* const id = member(request, "id");
    if (id != nullptr && !id->is_null() && !id->is_string() && !id->is_number())
        return "\"id\" has to be a string or a number";
    return {};
}

/// The id that the answer to a request with a wrong shape has.
Json shown_id(const Json& request) {
    const Json* const id = member(request, "id");
    return id != nullptr && (id->is_string() || id->is_number()) ? *id : Json(nullptr);
}

void run_call(const std::shared_ptr<CallTable>& table, const Json& request, const std::shared_ptr<Session>& session,
              const std::shared_ptr<Answers>& answers, std::size_t number) {
    if (const std::string_view wrong = wrong_request(request); !wrong.empty())
        return Place{table, answers, number, shown_id(request)}.fail(
            invalid_request_code, Error(ErrorCode::invalid_argument, "no request of JSON-RPC: " + std::string(wrong)));
    const Json* const id = member(request, "id");
    Place place{table, answers, number, id != nullptr ? std::optional(*id) : std::nullopt};
    const auto& name = member(request, "method")->get_ref<const std::string&>();
    const auto found = table->methods.find(name);
    if (found == table->methods.end())
        return place.fail(no_method_code, Error(ErrorCode::unsupported, "there is no method '" + excerpt(name) + "'"));
    const Method& method = found->second;
    if (method.permission > session->permission())
        return place.fail(denied_code, Error(ErrorCode::denied, name + ": the token does not allow this",
                                             "use the admin token (token.admin in the daemon's data folder)"));
    const Json* const params = member(request, "params");
    if (params != nullptr && !params->is_null() && !params->is_object() && !params->is_array())
        return place.fail(invalid_params_code,
                          Error(ErrorCode::invalid_argument, name + ": \"params\" has to be an object or a list"));
    const bool given = params != nullptr && !params->is_null();
    method.run(given ? *params : Json::object(), session,
               [answering = std::make_shared<Answering>(std::move(place))](const Result<Json>& result) {
                   answering->give(result);
               });
}

}    // namespace

Json error_json(std::int64_t code, const Error& error) {
    Json data = Json::object();
    data["code"] = name_of(error.code);
    data["message"] = error.message;
    data["remedy"] = error.remedy;
    Json out = Json::object();
    out["code"] = code;
    out["message"] = error.message;
    out["data"] = std::move(data);
    return out;
}

std::string answer_text(const Json& id, const Json& value, bool ok) {
    return R"({"jsonrpc":"2.0","id":)" + write_json(id) + (ok ? ",\"result\":" : ",\"error\":") + write_json(value) +
           "}";
}

void run_message(const std::shared_ptr<CallTable>& table, Result<Json> message, const std::shared_ptr<Session>& session,
                 Sink sink) {
    const auto refuse_all = [&](std::int64_t code, const Error& why) {
        sink(answer_text(nullptr, error_json(code, why), false));
    };
    if (!message.ok()) return refuse_all(parse_error_code, message.error());
    if (!message->is_array())
        return run_call(table, *message, session, std::make_shared<Answers>(1, false, std::move(sink)), 0);
    if (message->empty())
        return refuse_all(invalid_request_code, Error(ErrorCode::invalid_argument, "a list without calls"));
    if (message->size() > table->batch_limit)
        return refuse_all(
            invalid_request_code,
            Error(ErrorCode::too_large, "a list of more than " + std::to_string(table->batch_limit) + " calls",
                  "send several lists"));
    const auto answers = std::make_shared<Answers>(message->size(), true, std::move(sink));
    for (std::size_t i = 0; i < message->size() && !table->stopped; ++i)
        run_call(table, (*message)[i], session, answers, i);
}

}    // namespace filfil::rpc
