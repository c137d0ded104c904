// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "json_rpc.hpp"

#include <gtest/gtest.h>

#include <future>

namespace filfil::e2e {

JsonRpc::JsonRpc(const std::string& url, std::string token) : m_token(std::move(token)) {
    auto parsed = parse_url(url);
    EXPECT_TRUE(parsed.ok()) << url;
    if (parsed.ok()) m_url = *std::move(parsed);
    m_url.scheme = Url::Scheme::http;
}

JsonRpc::Json JsonRpc::call(const std::string& method, const Json& params) {
    HttpRequest request;
    request.method = "POST";
    request.target = m_url.target;
    request.fields = {{"Content-Type", "application/json"}};
    if (!m_token.empty()) request.fields.emplace_back("Authorization", "Bearer " + m_token);
    request.body = Json{{"jsonrpc", "2.0"}, {"id", 1}, {"method", method}, {"params", params}}.dump();
    std::promise<Result<HttpResponse>> promise;
    auto answer = promise.get_future();
    m_transport.request(m_url, request, {}, [&](Result<HttpResponse> got) { promise.set_value(std::move(got)); });
    const Result<HttpResponse> got = answer.get();
    if (!got.ok()) {
        m_why = got.error().text();
        return nullptr;
    }
    const Json said = Json::parse(got->body, nullptr, false);
    const bool good = said.is_object() && said.contains("result");
    m_why = good ? "" : method + ": " + got->body;
    return good ? said["result"] : Json(nullptr);
}

}    // namespace filfil::e2e
