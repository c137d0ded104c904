// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "outside.hpp"
#include "require.hpp"
#include "rpc/server.hpp"

using namespace filfil;

namespace {

/// Whether it is an answer of JSON-RPC, or a list of some.
bool is_answer(const rpc::Json& value, bool in_list = false) {
    if (value.is_array()) {
        if (in_list || value.empty()) return false;
        for (const rpc::Json& one : value)
            if (!is_answer(one, true)) return false;
        return true;
    }
    if (!value.is_object() || value.size() != 3 || !value.contains("id") || value["jsonrpc"] != "2.0") return false;
    if (value.contains("result")) return true;
    return value.contains("error") && value["error"]["code"].is_number_integer() &&
           value["error"]["message"].is_string() && value["error"]["data"].is_object();
}

bool is_answer(const std::string& text) {
    const auto value = rpc::parse_json(text, {.depth = 100});
    return value.ok() && is_answer(*value);
}

void add_methods(rpc::Server& server, std::vector<rpc::Reply>& kept) {
    server.add("E", {rpc::Permission::read, [](const rpc::Json& params, const auto&, const rpc::Reply& reply) {
                         reply(params);
                         reply(params);
                     }});
    server.add("F", {rpc::Permission::read, [](const rpc::Json& params, const auto&, const rpc::Reply& reply) {
                         auto value = rpc::text_field(params, "a");
                         if (!value.ok()) return reply(std::move(value).error());
                         reply(rpc::Json(*value));
                     }});
    server.add("D", {rpc::Permission::read, [](const rpc::Json&, const auto&, const rpc::Reply&) {}});
    server.add("A", {rpc::Permission::admin, [](const rpc::Json&, const auto&, const rpc::Reply&) {
                         fuzz::require(false, "the read token runs no method of the admin");
                     }});
    server.add("L", {rpc::Permission::read, [&](const rpc::Json&, const auto& session, rpc::Reply reply) {
                         session->on_end([] {});
                         session->notify("n", rpc::Json::array());
                         kept.push_back(std::move(reply));
                     }});
}

}    // namespace

// Bytes as the body of a POST with the read token, then as a message over a WebSocket: all that comes back is an
// answer.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(data), size);
    Outside outside;
    std::vector<rpc::Reply> kept;
    rpc::Server server(outside.world, {.read_token = "r", .admin_token = "a"});
    add_methods(server, kept);
    const auto listener = std::move(*outside.transport.listen({.at = {"api", 80}}, server));

    int answers = 0;
    outside.transport.request(
        {.at = {"api", 80}, .target = "/rpc/v1"},
        {.method = "POST", .fields = {{"Authorization", "Bearer r"}}, .body = text}, {},
        [&](const Result<HttpResponse>& response) {
            ++answers;
            fuzz::require(response.ok(), "the request is answered");
            fuzz::require(response->status == 200 || response->status == 204, "the status is 200 or 204");
            fuzz::require(response->status == 204 ? response->body.empty() : is_answer(response->body),
                          "the body is an answer or empty");
        });
    outside.run_ready();
    kept.clear();
    outside.run_ready();
    fuzz::require(answers == 1, "the request is answered once");

    std::shared_ptr<WebSocket> socket;
    outside.transport.open_socket({Url::Scheme::ws, {"api", 80}, "/rpc/v1?token=r"}, {},
                                  {.on_message =
                                       [&](const std::string& message) {
                                           const bool note = message == R"({"jsonrpc":"2.0","method":"n","params":[]})";
                                           fuzz::require(note || is_answer(message),
                                                         "a message is an answer or the notification");
                                       },
                                   .on_closed = {}},
                                  [&](Result<std::shared_ptr<WebSocket>> opened) { socket = *opened; });
    outside.run_ready();
    socket->send(text);
    outside.run_ready();
    for (const rpc::Reply& reply : kept) reply(rpc::Json(1));
    outside.run_ready();
    socket.reset();
    outside.run_ready();
    return 0;
}
